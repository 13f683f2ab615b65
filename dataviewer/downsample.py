"""Many points -> few that keep the look of the line."""

from collections.abc import Callable

import numpy as np


def keep_extremes(values: np.ndarray, buckets: int, along: np.ndarray | None = None) -> np.ndarray:
    """Return increasing positions of at most 4 x `buckets` + 4 values that draw like all of them.

    `values` is 1-d; NaN is a gap. Of each of at most `buckets` equal runs (the last may be shorter) the least and the
    greatest value stay, and between two values that stay a gap where there is one, so that no missing value is
    bridged; first and last always stay. Without gaps half as many, or all of up to 3 x `buckets`. O(n).

    `along` says where each value lies, rising and without NaN: runs are then equally long along it. Without it each
    holds equally many values.

    >>> keep_extremes(np.array([0.0, 1, 9, 2, 1, 0, -7, 1, 5, 6]), 3).tolist()
    [0, 2, 4, 6, 8, 9]
    """
    if len(values) <= 3 * buckets:
        return np.arange(len(values))
    gaps = np.isnan(values)
    least, greatest = (np.where(gaps, end, values) if gaps.any() else values for end in (np.inf, -np.inf))
    ends = np.array([0, len(values) - 1])
    starts = None if along is None else _starts(along, buckets)
    found = [_in_each_run(each, buckets, starts, find) for each, find in ((least, np.argmin), (greatest, np.argmax))]
    kept = np.unique(np.concatenate([ends, *found]))
    missing = np.flatnonzero(gaps)
    following = np.searchsorted(missing, kept)
    return np.unique(np.concatenate([kept, missing[following[following < len(missing)]]]))


def _starts(along: np.ndarray, runs: int) -> np.ndarray:
    """Return where runs of equal length along the axis begin; empty ones do not."""
    # Halved, since the length of the whole could overflow.
    edges = np.linspace(along[0] / 2, along[-1] / 2, runs + 1)[1:-1] * 2
    return np.unique(np.concatenate([[0], np.searchsorted(along, edges)]))


def _in_each_run(values: np.ndarray, runs: int, starts: np.ndarray | None, find: Callable) -> np.ndarray:
    if starts is not None:
        parts = zip(starts.tolist(), [*starts[1:].tolist(), len(values)])
        return np.array([start + find(values[start:end]) for start, end in parts if start < end], int)
    length = -(-len(values) // runs)  # rounded up: what remains is then shorter than a run
    whole = len(values) // length * length
    found = find(values[:whole].reshape(-1, length), axis=1) + np.arange(0, whole, length)
    return found if whole == len(values) else np.append(found, whole + find(values[whole:]))
