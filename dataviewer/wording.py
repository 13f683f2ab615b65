"""How numbers stand in sentences."""


def count(number: int, singular: str, plural: str = "") -> str:
    """Return a number of things, in groups of three digits; `plural` where it is not `singular` and an s.

    >>> count(1, "row"), count(1200, "row"), count(0, "row is left out", "rows are left out")
    ('1 row', '1,200 rows', '0 rows are left out')
    """
    return f"{number:,} {singular if number == 1 else plural or f'{singular}s'}"
