"""Which of two literals is less, by SPARQL's operators on the values of XML Schema.

Numbers, strings and booleans are compared here. Dates, times and durations are left to Oxigraph:
there a time with a time zone and one without may be too close to tell which comes first.
"""

import re
import struct
from decimal import Decimal
from typing import cast

from pyoxigraph import Literal

from cjph_graph.rdf import INTEGERS, XSD, is_well_formed
from cjph_graph.shacl.patterns import truth_of

_STRINGS = (
    *("string", "normalizedString", "token", "language", "Name", "NCName", "NMTOKEN"),
    *("ID", "IDREF", "ENTITY"),
)
# Datatypes whose values are ordered among themselves, by the datatype that they belong to.
_ORDERED = {
    **dict.fromkeys((iri.removeprefix(XSD) for iri in INTEGERS), "decimal"),
    **dict.fromkeys(_STRINGS, "string"),
    **{name: name for name in ("decimal", "float", "double", "boolean", "dateTime", "date")},
    **{name: name for name in ("time", "gYear", "gYearMonth", "gMonth", "gMonthDay", "gDay")},
    "dateTimeStamp": "dateTime",
    **dict.fromkeys(("duration", "dayTimeDuration", "yearMonthDuration"), "duration"),
}
_ZONE = re.compile(r"(Z|[+-][0-9]{2}:[0-9]{2})\Z")
_NUMERIC = ("decimal", "float", "double")


def compare(left: Literal, right: Literal) -> int | None:
    """Return -1, 0 or 1 as one value is less than, equal to or greater than another.

    None if they cannot be compared: not numbers both, or not of one kind; not written as their
    datatype asks; not a number; or times of which no one can say which comes first.
    """
    kinds = _kind(left), _kind(right)
    if None in kinds:
        return None
    if all(kind in _NUMERIC for kind in kinds):
        return _compare_numbers(left, right, kinds)
    if kinds[0] != kinds[1]:
        return None
    if kinds[0] == "string":
        return (left.value > right.value) - (left.value < right.value)
    if kinds[0] == "boolean":
        one, two = (literal.value in ("true", "1") for literal in (left, right))
        return one - two
    if kinds[0] not in ("dateTime", "duration"):
        left, right = _in_one_zone(left, right)
    return _compare_times(left, right)


def _in_one_zone(left: Literal, right: Literal) -> tuple[Literal, Literal]:
    """Return two dates without their time zones if one of them has none.

    SPARQL itself compares no dates, and XPath takes a time zone that is missing to be the usual.
    """
    texts = [_ZONE.sub("", literal.value) for literal in (left, right)]
    if (texts[0] == left.value) == (texts[1] == right.value):
        return left, right
    one, two = (Literal(t, datatype=n.datatype) for t, n in zip(texts, (left, right), strict=True))
    return one, two


def _kind(literal: Literal) -> str | None:
    iri = literal.datatype.value
    if not iri.startswith(XSD) or not is_well_formed(literal.value, iri):
        return None
    return _ORDERED.get(iri.removeprefix(XSD))


def _compare_numbers(left: Literal, right: Literal, kinds: tuple[str | None, ...]) -> int | None:
    values: list[Decimal] | list[float]
    if "double" in kinds:
        values = [float(literal.value) for literal in (left, right)]
    elif "float" in kinds:
        values = [_single(literal.value) for literal in (left, right)]
    else:
        values = [Decimal(literal.value) for literal in (left, right)]
    one, two = values
    if one != one or two != two:
        return None
    return (one > two) - (one < two)


def _single(text: str) -> float:
    """Return a number as exact as an xsd:float is."""
    value = float(text)
    try:
        return cast("float", struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def _compare_times(left: Literal, right: Literal) -> int | None:
    answers = [truth_of(f"{left} {sign} {right}") for sign in "<=>"]
    return answers.index(True) - 1 if any(answers) else None
