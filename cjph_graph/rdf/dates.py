"""Dates in the forms in which people write them."""

import datetime
import re
from collections.abc import Callable, Iterator

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR = r"(?P<y>1[5-9]\d\d|2[01]\d\d)"
_SHORT_YEAR = r"(?P<y>1[5-9]\d\d|2[01]\d\d|\d\d)"
_MONTH = r"(?P<name>(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*+)\.?"
_DAY = r"(?P<d>\d\d?)(?:st|nd|rd|th)?"
_DASH = r"\s*[-/.,_\u2010-\u2015\s]\s*"
_ABOUT = (
    r"(?:(?:c|ca|circa|about|around|approx(?:imately)?|since|from|in|by|early|mid|late|spring"
    r"|summer|autumn|fall|winter|q[1-4]|fy|the year)[\s.~-]*)*~?'?"
)
_TIME = r"(?:[T\s]\s*\d\d?:\d\d.*)?"
# How a date is written, and which of year, month and day it gives. `a` and `b` are numbers of which
# one is the month and the other the day.
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_YEAR}{_DASH}(?P<m>\d\d?){_DASH}(?P<d>\d\d?){_TIME}",
        rf"(?P<a>\d\d?){_DASH}(?P<b>\d\d?){_DASH}{_SHORT_YEAR}{_TIME}",
        rf"{_YEAR}{_DASH}(?P<m>\d\d?)",
        rf"(?P<m>\d\d?)\s*[-/.]\s*{_YEAR}",
        rf"{_DAY}(?:\s+of)?(?:{_DASH})?{_MONTH}(?:{_DASH})?{_YEAR}",
        rf"{_MONTH}(?:{_DASH})?{_DAY}(?:{_DASH})+{_YEAR}",
        rf"{_ABOUT}{_MONTH}(?:\s+of|{_DASH})*{_YEAR}",
        rf"{_YEAR}(?:{_DASH})?{_MONTH}(?:(?:{_DASH})?{_DAY})?",
        rf"{_YEAR}{_DASH}q[1-4]",
        rf"{_MONTH}\s*[-'’]\s*{_SHORT_YEAR}",
        rf"{_ABOUT}{_YEAR}(?:['’]?s)?",
        r"'(?P<y>\d\d)",
        rf"{_YEAR}\s*(?:[-/\u2010-\u2015]|to|until)\s*(?P<last>\d{{4}}|\d\d|present|now|today)",
    )
)
_LONGEST = 60


def dates(text: str, *, last: bool = False) -> tuple[str, ...]:
    """Return the dates that a text may mean, the likelier first; none when it is not a date.

    Each is written as `2021`, `2021-03` or `2021-03-01`. `last` takes the last
    year of a span.
    """
    text = text.strip()
    if len(text) > _LONGEST:
        return ()
    for form in _FORMS:
        if match := form.fullmatch(text):
            return tuple(dict.fromkeys(_written(match.groupdict(), last=last)))
    return ()


def datatype(date: str) -> str:
    """Return the name in XML Schema of a date's datatype."""
    return {4: "gYear", 7: "gYearMonth"}.get(len(date), "date")


def _written(parts: dict[str, str | None], *, last: bool) -> Iterator[str]:
    get: Callable[[str], int] = lambda name: int(parts.get(name) or 0)  # noqa: E731
    year = get("y") + (0 if get("y") > 99 else 2000 if get("y") < 70 else 1900)
    if last and (parts.get("last") or "").isdigit():
        year = get("last") if get("last") > 99 else year // 100 * 100 + get("last")
    if name := parts.get("name"):
        orders = [(_MONTHS.index(name[:3].lower()) + 1, get("d"))]
    elif parts.get("a"):
        orders = [(get("a"), get("b")), (get("b"), get("a"))]
    else:
        orders = [(get("m"), get("d"))]
    for month, day in orders:
        try:
            datetime.date(year, month or 1, day or 1)
        except ValueError:
            continue
        yield "-".join([str(year), *(f"{part:02}" for part in (month, day) if part)])
