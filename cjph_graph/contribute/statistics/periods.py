"""Times as tables of statistics give them: years, months, quarters, and from one to another.

    2019        2019 to 2019           2019Q1, Q1 2019          2019-01 to 2019-03
    2019-20     2019 to 2020           2019M07, Jul 2019        2019-07 to 2019-07
    2015-2019   2015 to 2019           Apr 2019 to Mar 2020     2019-04 to 2020-03
    2019-W05    2019-01-28 to -02-03   Year ending Mar 2020     2019-04 to 2020-03

`2009-10` is October 2009 in a column of months and 2009 to 2010 in one of such years: what else
stands in the table says which.
"""

import datetime
import re
from collections.abc import Iterable

from cjph_graph.rdf.dates import dates

MONTHS, YEARS = "months", "years"
_YEAR = r"(?P<y>1[5-9]\d\d|2[01]\d\d)"
_DASH = r"\s*[-/:_\u2010-\u2015]?\s*"
_TO = r"\s*(?:[-/\u2010-\u2015]|\bto\b|\buntil\b|\bthrough\b)\s*"
_PART = r"(?P<unit>[QTHSMW])" + _DASH + r"(?P<n>\d{1,2})"
_COUNTED = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_YEAR}{_DASH}{_PART}",
        rf"{_PART}{_DASH}{_YEAR}",
        rf"(?P<n>\d)(?:st|nd|rd|th)?\s+(?P<unit>q|h)(?:uarter|alf)\s+(?:of\s+)?{_YEAR}",
    )
)
_USUAL = re.compile(r"[12]\d{3}(?:-[01]\d-[0-3]\d)?", re.ASCII)
_FISCAL = r"(?:FY|fiscal year|financial year)?\s*"
_TWO_DIGITS = re.compile(rf"{_FISCAL}{_YEAR}{_DASH}(?P<n>\d\d)", re.IGNORECASE)
_YEARS = re.compile(rf"{_FISCAL}{_YEAR}{_TO}(?P<last>\d{{4}}|\d\d)", re.IGNORECASE)
_ENDING = re.compile(
    r"(?:year|12 months|ye)\s+(?:ending|ended|to|end)?\s*(?P<end>.+)", re.IGNORECASE
)
_DAY = re.compile(rf"{_YEAR}(?P<m>\d\d)(?P<d>\d\d)")
_NAMED = re.compile(
    rf"(?P<from>[a-z]{{3,9}})\.?{_TO}(?P<to>[a-z]{{3,9}})\.?\s+{_YEAR}", re.IGNORECASE
)
_LONGEST = 30
# How many months each has.
_LENGTHS = {"Q": 3, "T": 3, "H": 6, "S": 6, "M": 1}


def read_period(text: str, two_digits: str = "") -> tuple[str, str] | None:
    """Return the first and the last time of a period, each as a date is written, or None.

    `two_digits` says what `2009-10` is, MONTHS or YEARS; without it that is left open.
    """
    if _USUAL.fullmatch(text):
        return text, text
    for form in _COUNTED:
        if match := form.fullmatch(text):
            return _counted(int(match["y"]), match["unit"].upper(), int(match["n"]))
    if match := _TWO_DIGITS.fullmatch(text):
        return _two_digits(int(match["y"]), int(match["n"]), two_digits)
    if (match := _YEARS.fullmatch(text)) and len(match["last"]) == 4:
        return _ordered(match["y"], match["last"])
    if match := _DAY.fullmatch(text):
        day = "-".join(match.groups())
        return (day, day) if dates(day) == (day,) else None
    if match := _ENDING.fullmatch(text):
        return _year_before(_single(match["end"]))
    if match := _NAMED.fullmatch(text):
        first, last = (_single(f"{match[name]} {match['y']}") for name in ("from", "to"))
        return _ordered(first, last)
    return _from_to(text)


def two_digits_are(texts: Iterable[str]) -> str:
    """Return MONTHS or YEARS where other texts show what the two digits of `2009-10` are."""
    found, either = set(), set()
    for text in texts:
        if len(text) < _LONGEST and (match := _TWO_DIGITS.fullmatch(text)):
            year, number = int(match["y"]), int(match["n"])
            is_next, is_month = number == (year + 1) % 100, 1 <= number <= 12
            if is_next != is_month:
                found.add(YEARS if is_next else MONTHS)
            elif is_next:
                either.add(year)
    if not found and len(either) > 1:  # 2009-10 and 2010-11 alone are no two months
        return YEARS
    return found.pop() if len(found) == 1 else ""


def is_open(text: str) -> bool:
    """Say whether a text is a month or two years, and nothing in it says which."""
    match = _TWO_DIGITS.fullmatch(text)
    return bool(match) and read_period(text) is None and 1 <= int(match["n"]) <= 12  # type: ignore[index]


def _two_digits(year: int, number: int, wanted: str) -> tuple[str, str] | None:
    is_next, is_month = number == (year + 1) % 100, 1 <= number <= 12
    if is_next and (wanted == YEARS or not is_month):
        return str(year), str(year + 1)
    if is_month and (wanted == MONTHS or not is_next):
        return (f"{year}-{number:02}",) * 2
    return None


def _counted(year: int, unit: str, number: int) -> tuple[str, str] | None:
    if unit == "W":
        try:
            monday = datetime.date.fromisocalendar(year, number, 1)
        except ValueError:
            return None
        return monday.isoformat(), (monday + datetime.timedelta(6)).isoformat()
    length = _LENGTHS[unit]
    if not 1 <= number <= 12 // length:
        return None
    last = number * length
    return f"{year}-{last - length + 1:02}", f"{year}-{last:02}"


def _from_to(text: str) -> tuple[str, str] | None:
    """Return the two times of `1 Apr 2019 to 31 Mar 2020` or `2019-04/2020-03`."""
    for dash in re.finditer(
        r"\s+[-\u2010-\u2015]\s+|\s+(?:to|until|through)\s+|/|[\u2012-\u2015]", text
    ):
        first, last = _single(text[: dash.start()]), _single(text[dash.end() :])
        if first and last:
            return _ordered(first, last)
    return None


def _single(text: str) -> str:
    """Return the only date that a text may mean, at least as exact as a month; else nothing."""
    found = dates(text)
    return found[0] if len(found) == 1 and len(found[0]) > 4 else ""


def _ordered(first: str, last: str) -> tuple[str, str] | None:
    return (first, last) if first and last and len(first) == len(last) and first <= last else None


def _year_before(end: str) -> tuple[str, str] | None:
    if len(end) != 7:
        return None
    year, month = int(end[:4]), int(end[5:])
    return (f"{year}-01", end) if month == 12 else (f"{year - 1}-{month + 1:02}", end)
