"""Many points -> few that keep the look of the line."""

from collections.abc import Callable

import numpy as np


def keep_extremes(values: np.ndarray, buckets: int) -> np.ndarray:
    """Return increasing positions of at most 4 x `buckets` + 4 values that draw like all of them.

    `values` is 1-d; NaN is a gap. Of each of at most `buckets` equal runs (the last may be shorter) the least and the
    greatest value stay, and between two values that stay a gap where there is one, so that no missing value is
    bridged; first and last always stay. Without gaps half as many, or all of up to 3 x `buckets`. O(n).

    >>> keep_extremes(np.array([0.0, 1, 9, 2, 1, 0, -7, 1, 5, 6]), 3).tolist()
    [0, 2, 4, 6, 8, 9]
    """
    if len(values) <= 3 * buckets:
        return np.arange(len(values))
    gaps = np.isnan(values)
    least, greatest = (np.where(gaps, end, values) if gaps.any() else values for end in (np.inf, -np.inf))
    ends = np.array([0, len(values) - 1])
    kept = np.unique(
        np.concatenate([ends, _in_each_run(least, buckets, np.argmin), _in_each_run(greatest, buckets, np.argmax)])
    )
    missing = np.flatnonzero(gaps)
    following = np.searchsorted(missing, kept)
    return np.unique(np.concatenate([kept, missing[following[following < len(missing)]]]))


def _in_each_run(values: np.ndarray, runs: int, find: Callable) -> np.ndarray:
    length = -(-len(values) // runs)  # rounded up: what remains is then shorter than a run
    whole = len(values) // length * length
    found = find(values[:whole].reshape(-1, length), axis=1) + np.arange(0, whole, length)
    return found if whole == len(values) else np.append(found, whole + find(values[whole:]))
