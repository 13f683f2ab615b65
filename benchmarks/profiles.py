"""Measure the column summaries beside pandas' describe: `python -m benchmarks.profiles`.

Both run in this process on the same rows, each dataset's describe right before or after its summaries, so that what
else the machine does hits both. Of `ROUNDS` times the least counts: it is the one that was disturbed least. Opening a
dataset and making a DataFrame of it are not part of the time. Prints one row of Markdown.
"""

import argparse
import gc
import time
import warnings
from collections.abc import Callable
from functools import partial

import pandas as pd

from benchmarks import report
from dataviewer import Catalog, profiles

ROUNDS = 3


def measure(catalog: Catalog, limit: int | None = None) -> dict[str, tuple[float, float]]:
    """Return the seconds of the summaries and of pandas' describe by dataset."""
    measured = {}
    for id in list(catalog)[:limit]:
        dataset = catalog[id]
        table = catalog.table(dataset)
        frame = table.to_pandas()
        measured[id] = _least(partial(profiles.profile_columns, dataset, table, None), partial(_describe, frame))
    return measured


def _least(*runs: Callable[[], object]) -> tuple[float, ...]:
    """Return the least seconds that each of the functions takes, called in turns."""
    rounds = [[_seconds(run) for run in runs] for _ in range(ROUNDS)]
    return tuple(map(min, zip(*rounds)))


def _seconds(run: Callable[[], object]) -> float:
    gc.disable()
    try:
        start = time.perf_counter()
        run()
        return time.perf_counter() - start
    finally:
        gc.enable()


def _describe(frame: pd.DataFrame) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of infinite values pandas says that they cannot be subtracted
        return frame.describe(include="all")


def main() -> None:
    parser = argparse.ArgumentParser("python -m benchmarks.profiles", description=__doc__.splitlines()[0])
    parser.add_argument("--limit", type=int, help="measure only so many datasets, to try the benchmark itself")
    print(report.profile_row(measure(Catalog(), parser.parse_args().limit)).markdown())


if __name__ == "__main__":
    main()
