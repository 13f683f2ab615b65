"""Many points -> few that keep the look of the line."""

from collections.abc import Callable

import numpy as np


def keep_extremes(values: np.ndarray, buckets: int) -> np.ndarray:
    """Return increasing positions of at most 3 x `buckets` + 5 values that draw like all of them.

    `values` is 1-d; NaN is a gap. Of each of `buckets` equal runs, and of what remains, the least and the greatest
    value stay, and a gap where there is one, so that no missing value is bridged; first and last always stay. O(n).

    >>> keep_extremes(np.array([0.0, 1, 9, 2, 1, 0, -7, 1, 5, 6]), 3).tolist()
    [0, 2, 3, 5, 6, 8, 9]
    """
    if len(values) <= 3 * buckets:
        return np.arange(len(values))
    kept = [np.array([0, len(values) - 1])]
    gaps = np.isnan(values)
    if gaps.any():
        missing = _in_each_run(gaps, buckets, np.argmax)
        kept.append(missing[gaps[missing]])
    kept.append(_in_each_run(np.where(gaps, np.inf, values), buckets, np.argmin))
    kept.append(_in_each_run(np.where(gaps, -np.inf, values), buckets, np.argmax))
    return np.unique(np.concatenate(kept))


def _in_each_run(values: np.ndarray, runs: int, find: Callable) -> np.ndarray:
    length = len(values) // runs
    whole = runs * length
    found = find(values[:whole].reshape(runs, length), axis=1) + np.arange(runs) * length
    return found if whole == len(values) else np.append(found, whole + find(values[whole:]))
