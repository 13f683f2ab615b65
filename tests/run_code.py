"""Runs pieces of Python, as a person would paste them; tests/coding.py starts it and reads what it leaves."""

import json
import sys
import traceback
import warnings
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
import plotly.io
import pyarrow as pa


def run(source: str, file: Path) -> dict:
    """Run one piece, write its table as Arrow, return its traces."""
    names: dict = {}
    try:
        exec(compile(source, "<pasted>", "exec"), names)
    except Exception:
        return {"error": traceback.format_exc(limit=-3), "traces": []}
    table = names["table"]
    is_pandas = isinstance(table, pd.DataFrame)
    table = pa.Table.from_pandas(table, preserve_index=False) if is_pandas else table.to_arrow()
    with pa.OSFile(str(file), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    return {"error": "", "traces": traces(names["figure"]) if "figure" in names else []}


def traces(figure: go.Figure) -> list[dict]:
    """Return what each trace holds, as JSON can hold it."""
    figure.to_json()  # what a browser gets
    found = []
    for trace in figure.data:
        told = {"type": trace.type, "name": trace.name, "trend": "trendline" in str(trace.hovertemplate)}
        for part in ("x", "y", "z"):
            if part in trace and trace[part] is not None:
                told[part] = [plain(value) for value in trace[part]]
        if trace.type == "splom":
            told["dimensions"] = [[plain(value) for value in each["values"]] for each in trace.dimensions]
        found.append(told)
    return found


def plain(value: object) -> object:
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, int | float | str):
        return None if value != value else value
    return None if pd.isna(value) else str(value)


if __name__ == "__main__":
    # Trends through few points divide by zero in statsmodels, and say so.
    warnings.filterwarnings("ignore", category=RuntimeWarning, module="statsmodels")
    plotly.io.renderers.default = ""  # figure.show() would open a browser
    folder = Path(sys.argv[1])
    pieces = json.loads((folder / "sources.json").read_text())
    told = [run(source, folder / f"{place}.arrow") for place, source in enumerate(pieces)]
    (folder / "told.json").write_text(json.dumps(told))
