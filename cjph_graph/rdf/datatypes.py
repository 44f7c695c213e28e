"""How the values of the XML Schema datatypes are written, strictly by the standard.

RDF libraries take more than the standard allows: `4_0` for a number, `2020-W01-1` for a date.

The forms are the lexical mappings of XML Schema 1.1 Part 2 (sections 3.3 and 3.4), for the
datatypes that RDF 1.1 Concepts (section 5.1) lets RDF use. Two of these take any text, xsd:string
and xsd:anyURI. No form has white space around it: a literal is not normalised first.
"""

import re
from functools import cache

from cjph_graph.rdf.terms import RDF, XSD

_DECIMAL = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_DOUBLE = rf"{_DECIMAL}(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN"
_YEAR = r"-?(?:[1-9][0-9]{3,}|0[0-9]{3})"
_MONTH = r"(?:0[1-9]|1[0-2])"
_DAY = r"(?:0[1-9]|[12][0-9]|3[01])"
_TIME = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
_ZONE = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
_YEARS = r"(?:[0-9]+Y)?(?:[0-9]+M)?"
_DAYS = r"(?:[0-9]+D)?(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?"
_SIGN = "[A-Za-z0-9+/] ?"
_BASE64 = (
    rf"(?:(?:{_SIGN}){{4}})*"
    rf"(?:(?:{_SIGN}){{3}}[A-Za-z0-9+/]|(?:{_SIGN}){{2}}[AEIMQUYcgkosw048] ?="
    rf"|{_SIGN}[AQgw] ?= ?=)?"
)
# The characters that names of XML begin with, and those that may follow.
_STARTS = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_GOES_ON = rf"{_STARTS}0-9.\-\u00b7\u0300-\u036f\u203f-\u2040"
_BY_NAME = {
    "decimal": _DECIMAL,
    "integer": r"[+-]?[0-9]+",
    "double": _DOUBLE,
    "float": _DOUBLE,
    "boolean": "true|false|1|0",
    "date": f"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}?",
    "time": f"{_TIME}{_ZONE}?",
    "dateTime": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}?",
    "dateTimeStamp": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}",
    "gYear": f"{_YEAR}{_ZONE}?",
    "gYearMonth": f"{_YEAR}-{_MONTH}{_ZONE}?",
    "gMonth": f"--{_MONTH}{_ZONE}?",
    "gMonthDay": f"--{_MONTH}-{_DAY}{_ZONE}?",
    "gDay": f"---{_DAY}{_ZONE}?",
    "duration": rf"-?P(?=[0-9T]){_YEARS}{_DAYS}",
    "yearMonthDuration": rf"-?P(?=[0-9]){_YEARS}",
    "dayTimeDuration": rf"-?P(?=[0-9T]){_DAYS}",
    "hexBinary": "(?:[0-9A-Fa-f]{2})*",
    "base64Binary": _BASE64,
    "language": "[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*",
    "normalizedString": r"[^\t\n\r]*",
    "Name": f"[:{_STARTS}][:{_GOES_ON}]*",
    "NCName": f"[{_STARTS}][{_GOES_ON}]*",
    "NMTOKEN": f"[:{_GOES_ON}]+",
    "token": r"(?:[^\t\n\r ]+(?: [^\t\n\r ]+)*)?",
}
_FORMS = {XSD + name: form for name, form in _BY_NAME.items()}
# The bounds of whole numbers; None where there is none.
_BOUNDS = {
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-(2**7), 2**7 - 1),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 2**8 - 1),
}
_RANGES = {XSD + name: bounds for name, bounds in _BOUNDS.items()}
# The datatypes of whole numbers, and of all numbers.
INTEGERS = frozenset({XSD + "integer", *_RANGES})
NUMBERS = INTEGERS | {XSD + name for name in ("decimal", "double", "float")}
# The datatypes of dates, times and durations.
TIMES = frozenset(
    XSD + name for name in _BY_NAME if name.startswith(("date", "time", "g")) or "uration" in name
)
_IN_FIGURES = re.compile(rf"{_DECIMAL}(?:[eE][+-]?[0-9]+)?")
_WITH_DAY = {XSD + name for name in ("date", "dateTime", "dateTimeStamp", "gMonthDay")}
_DATE = f"(?:({_YEAR})|-)-({_MONTH})-({_DAY})"
_CLOCK = r"(?!24)[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{0,5}[1-9])?Z?"
# How a store writes the datatypes whose values it keeps; the others it keeps as texts.
_KEPT = {
    XSD + "integer": "0|-?[1-9][0-9]{0,17}",
    XSD + "decimal": r"0|-?(?:[1-9][0-9]{0,12}(?:\.[0-9]{0,3}[1-9])?|0\.[0-9]{0,3}[1-9])",
    XSD + "boolean": "true|false",
    XSD + "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}Z?",
    XSD + "dateTime": rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T{_CLOCK}",
    XSD + "time": _CLOCK,
    XSD + "gYear": "[0-9]{4}Z?",
    XSD + "gYearMonth": "[0-9]{4}-[0-9]{2}Z?",
}
_REWRITTEN = {
    *(XSD + name for name in (*_BOUNDS, "double", "float", "gMonthDay", "gDay", "gMonth")),
    *(XSD + name for name in ("duration", "yearMonthDuration", "dayTimeDuration")),
    XSD + "dateTimeStamp",
}
_NUMBERS = {XSD + name for name in ("integer", "decimal", "double", "float", "boolean")}
_BARE = {
    XSD + "integer": r"[+-]?[0-9]+",
    XSD + "decimal": r"[+-]?[0-9]*\.[0-9]+",
    XSD + "double": r"[+-]?(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+",
    XSD + "boolean": "true|false",
}
_LEAP_YEAR = 2000
_DIGITS = 1_000


def is_well_formed(text: str, datatype: str) -> bool:
    """Say whether a text is how a value of a datatype is written.

    `datatype` is an IRI. With a datatype that is not known here, any text will do.
    """
    if bounds := _RANGES.get(datatype):
        return _form(XSD + "integer").fullmatch(text) is not None and _is_within(text, *bounds)
    if datatype == RDF + "JSON":
        return _is_json(text)
    if datatype not in _FORMS:
        return True
    matched = _form(datatype).fullmatch(text) is not None
    return matched and (datatype not in _WITH_DAY or _is_in_calendar(text))


def _is_json(text: str) -> bool:
    import json

    def refuse(constant: str) -> None:
        raise ValueError(constant)  # `NaN` and `Infinity` are JavaScript's

    try:
        json.loads(text, parse_constant=refuse, parse_int=str)
    except (ValueError, RecursionError):
        return False
    return True


def has_form(datatype: str) -> bool:
    """Say whether the written form of a datatype is known here."""
    return datatype in _RANGES or datatype in _FORMS


def is_kept(text: str, datatype: str) -> bool:
    """Say whether a store returns a literal as it is written; False where that is unsure.

    An Oxigraph store keeps values: of `01` and `1.50` it makes `1` and `1.5`, and of whole numbers
    of any kind xsd:integer.
    """
    if datatype in _KEPT:
        return _kept_form(datatype).fullmatch(text) is not None
    return datatype not in _REWRITTEN


def form_pattern(datatype: str) -> str:
    """Return the regular expression for how values of a datatype are written, for XPath too.

    Bounds are not part of it. Raises KeyError for a datatype that is not known here.
    """
    return _FORMS[datatype].replace("(?:", "(")


def short_datatype(iri: str) -> str:
    """Return a datatype of XML Schema with the prefix `xsd`, any other as it is."""
    return f"xsd:{iri.removeprefix(XSD)}" if iri.startswith(XSD) else iri


def is_bare(text: str, datatype: str) -> bool:
    """Say whether Turtle and SPARQL write a literal without quotation marks and datatype."""
    form = _BARE.get(datatype)
    return form is not None and re.fullmatch(form, text) is not None


def is_in_figures(text: str) -> bool:
    """Say whether a text is a number as people, spreadsheets and Turtle write it."""
    return _IN_FIGURES.fullmatch(text) is not None


def is_plain_number(datatype: str) -> bool:
    """Say whether a store that writes a value in another way keeps its datatype and number."""
    return datatype in _NUMBERS


@cache
def _form(datatype: str) -> re.Pattern[str]:
    return re.compile(_FORMS[datatype])


@cache
def _kept_form(datatype: str) -> re.Pattern[str]:
    return re.compile(_KEPT[datatype])


def _is_within(text: str, lowest: int | None, highest: int | None) -> bool:
    digits = text.lstrip("+-0")
    if len(digits) > _DIGITS:
        # Python is slow with long numbers; of these the sign is enough.
        return highest is None if not text.startswith("-") else lowest is None
    value = -int(digits or "0") if text.startswith("-") else int(digits or "0")
    return (lowest is None or lowest <= value) and (highest is None or value <= highest)


def _is_in_calendar(text: str) -> bool:
    """Say whether the month has the day."""
    match = re.match(_DATE, text)
    if match is None:
        return False
    year, month, day = match.groups()
    # Leap years repeat after 400 years, before year 0 as well, which Python's calendar lacks.
    from calendar import monthrange

    like = _LEAP_YEAR + int(year[-4:]) % 400 if year else _LEAP_YEAR
    return int(day) <= monthrange(like, int(month))[1]
