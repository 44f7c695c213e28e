"""Dates as the graph has them, `2019`, `2019-06`, `2019-06-30`: on an axis, and in words."""

from calendar import isleap, monthrange
from datetime import date

from cjph_graph.publish.site import words


def begin(lexical: str) -> float:
    """Return when a year, month or day begins, in years: `2019-07` begins at 2019.496."""
    year, month, day = (*map(int, lexical.split("-")), 1, 1)[:3]
    return year + (date(year, month, day).timetuple().tm_yday - 1) / (366 if isleap(year) else 365)


def finish(lexical: str) -> float:
    """Return when a year, month or day is over, in years: `2019` is over at 2020."""
    parts = [*map(int, lexical.split("-"))]
    year = parts[0]
    if len(parts) == 1:
        return year + 1.0
    month = parts[1]
    day = parts[2] if len(parts) > 2 else monthrange(year, month)[1]
    return year + date(year, month, day).timetuple().tm_yday / (366 if isleap(year) else 365)


def period_in_words(start: str, end: str) -> str:
    """Return a period as people write it: `2019`, `2018 to 2020`."""
    return words.date(start) if start == end else f"{words.date(start)} to {words.date(end)}"


def at(start: str, end: str) -> str:
    """Return a period with its word: `in 2019`, `on 30 June 2019`, `from 2018 to 2020`."""
    if start != end:
        return f"from {period_in_words(start, end)}"
    return f"{'on' if start.count('-') == 2 else 'in'} {words.date(start)}"
