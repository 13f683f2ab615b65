"""The files of the page."""

from plotly.offline import get_plotlyjs_version

from dataviewer.assets import PLOTLY, plotly_script
from tests.charting import TRACES


def test_plotly_is_as_old_as_the_package_that_writes_the_figures():
    version = get_plotlyjs_version()
    assert f"plotly-cartesian-{version}.min.js" == PLOTLY
    assert f"plotly.js (cartesian - minified) v{version}\n" in plotly_script()[:100]


def test_plotly_has_the_traces_of_our_charts_and_none_that_needs_webgl():
    assert {"bar", "box", "heatmap", "scatter", "violin"} <= TRACES
    assert not any(name.endswith("gl") for name in TRACES)  # these need unsafe-eval, which our policy forbids


def test_plotly_can_stand_in_a_page_as_it_is():
    assert "</script" not in plotly_script().lower()
