"""Figures as tables of statistics print them, into plain numbers; an ambiguous one is none.

1,234    1 234    1'234                   whole numbers in groups
1.234,5                                   where the comma is the decimal mark
$1,234.50    12.3 %    −4    +0.5    .5   signs before and behind
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_MINUS = re.compile(r"^(?:[\u2212\u2012\u2013\uff0d])\s*(?=[\d.,$€£])")
_SIGNS = re.compile(r"^([+-]?)\s*[$€£¥]?\s*([+-]?)(.*?)\s*%?$", re.DOTALL)
_SPACES = " \u00a0\u202f\u2009\u2007'\u2019"
_SCIENTIFIC = re.compile(r"\d+(?:\.\d+)?[eE][+-]?\d{1,3}", re.ASCII)
_BRACKETS = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True)
class NumberFormat:
    """How figures are printed.

    `decimal` is the decimal mark, empty where it is not known; `group` is what divides thousands,
    empty for whatever is usual. With `negative_in_brackets` (1.2) is -1.2. `times` is what figures
    count, such as `1000`.
    """

    decimal: str = "."
    group: str = ""
    negative_in_brackets: bool = False
    times: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether a number that is written as in a program can be taken as it is."""
        return self.decimal != "," and not self.times and self.group != "."


def read_figure(text: str, form: NumberFormat) -> Sequence[str]:
    """Return the plain numbers that a figure may be: several for an ambiguous one, or none."""
    if match := _BRACKETS.fullmatch(text):
        inside = read_figure(match[1], form)
        if len(inside) != 1 or inside[0].startswith("-"):
            return ()
        return (f"-{inside[0]}",) if form.negative_in_brackets else (f"-{inside[0]}", inside[0])
    before, again, digits = _SIGNS.fullmatch(_MINUS.sub("-", text)).groups()  # type: ignore[union-attr]
    if before and again:
        return ()
    found = [
        plain for mark in (form.decimal or ".,") if (plain := _plain(digits, mark, form.group))
    ]
    if len(set(found)) != 1:
        return found
    number = _times(found[0], form.times)
    return (f"-{number}" if "-" in (before, again) else number,)


def _plain(digits: str, mark: str, group: str) -> str:
    """Return an unsigned number with a point as its mark; empty where that gives no number."""
    groups = group or (f".{_SPACES}" if mark == "," else f",{_SPACES}")
    pattern = (
        rf"(?P<whole>\d{{1,3}}(?:(?P<g>[{re.escape(groups)}])\d{{3}}(?:(?P=g)\d{{3}})*)?|\d+)"
        rf"(?:{re.escape(mark)}(?P<rest>\d*))?|{re.escape(mark)}(?P<only>\d+)"
    )
    if match := re.fullmatch(pattern, digits, re.ASCII):
        if match["only"]:
            return f"0.{match['only']}"
        whole = re.sub(r"\D", "", match["whole"]).lstrip("0") or "0"
        return f"{whole}.{match['rest']}" if match["rest"] else whole
    if mark == "." and _SCIENTIFIC.fullmatch(digits):
        return _exact(digits)
    return ""


def _times(number: str, times: str) -> str:
    if not times:
        return number
    from decimal import Decimal

    product = format(Decimal(number) * Decimal(times), "f")
    return product.rstrip("0").rstrip(".") if "." in product else product


def _exact(digits: str) -> str:
    from decimal import Decimal

    return format(Decimal(digits), "f")
