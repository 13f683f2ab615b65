"""Where the files of the page lie, and which of them is Plotly."""

from pathlib import Path

# In the wheel the assets lie inside the package, in the repository beside it.
FOLDER = next(
    folder for folder in (Path(__file__).parent / "assets", Path(__file__).parent.parent / "assets") if folder.is_dir()
)
# The traces that our charts are made of, in a third of the bytes of the whole plotly.js.
PLOTLY = "plotly-cartesian-4.1.1.min.js"


def plotly_script() -> str:
    """Return plotly.js, to stand in a page that needs nothing else."""
    return (FOLDER / PLOTLY).read_text(encoding="utf-8")
