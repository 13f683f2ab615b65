"""What the lines of the report are made of: a measurement beside its target, and numbers as they are shown."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

MILLISECONDS = 1000


@dataclass(frozen=True)
class Row:
    """A line of the table; `value` and `target` are in the same unit, the target is met below or at it."""

    what: str
    shown: str
    beside: str
    value: float
    target: float
    target_shown: str

    def markdown(self) -> str:
        met = "yes" if self.value <= self.target else "**no**"
        return f"| {self.what} | {self.shown} | {self.beside} | {self.target_shown} | {met} |"


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest of the values that at least `share` of them do not exceed.

    >>> percentile([4, 1, 3, 2], 0.5), percentile([4, 1, 3, 2], 0.95)
    (2, 4)
    """
    ordered = sorted(values)
    return ordered[max(-int(-share * len(ordered) // 1), 1) - 1]


def spread(seconds: Sequence[float]) -> str:
    median = ms(statistics.median(seconds))
    return f"median {median}, {ms(min(seconds))} to {ms(max(seconds))}" if len(seconds) > 1 else median


def ms(seconds: float) -> str:
    milliseconds = seconds * MILLISECONDS
    return f"{milliseconds:.1f} ms" if milliseconds < 20 else f"{milliseconds:,.0f} ms"


def ratio(ours: float, theirs: float) -> str:
    return f"1/{theirs / ours:.1f}"
