"""Signs in tables of statistics, and what they usually mean; a mapping has the last word."""

import re

_FIGURE = re.compile(
    r"\(?[-−–+]?\s?[$€£]?[\d,.'’ \u00a0\u202f\u2009]*\d[\d,.'’ \u00a0\u202f\u2009]*%?\)?"
)
_MARKER = re.compile(
    r"[^\w\s]{1,5}|[<>≤≥]\s?\d+|[A-Za-z]{1,2}|\([A-Za-z*]{1,2}\)|n/a|n\.a\.|null|none|nan|no data"
    r"|missing|suppressed|unreliable|withheld|not (?:available|applicable|reported|calculated)",
    re.IGNORECASE,
)
# Marks of footnotes: what each looks like in a mapping, and where it is looked for.
_MARKS = (
    ("/[a-z]+(,[a-z])*$", re.compile(r"(?<=[A-Za-z)])/[a-z]+(?:,[a-z])*$")),
    ("\\^$", re.compile(r"(?<=\w)\^$")),
    ("\\*+$", re.compile(r"(?<=[\w)])\s?\*+$")),
    ("\\s*\\[[A-Za-z0-9]\\]$", re.compile(r"(?<=\w)\s*\[[A-Za-z0-9]\]$")),
    ("\\s*\\[[^\\]]*\\]$", re.compile(r"(?<=\d)\s*\[\s*[\d.][^\]]*\]$")),
    ("\\s*\\([A-Za-z]\\)$", re.compile(r"(?<=[\w.])\s*\([A-Za-z]\)$")),
    ("[¹²³⁴⁵⁶⁷⁸⁹⁰]+$", re.compile("(?<=[^¹²³⁴⁵⁶⁷⁸⁹⁰])[¹²³⁴⁵⁶⁷⁸⁹⁰]+$")),
    ("[†‡§]+$", re.compile(r"(?<=\w)[†‡§]+$")),
    ("(?<=[0-9:]) [a-z]{1,3}$", re.compile(r"(?<=[\d:])\s[a-z]{1,3}$")),
    ("^\\.+", re.compile(r"^\.+(?=[A-Za-z])")),
)
NOTE = re.compile(
    r"(?:notes?\b|sources?\b|footnotes?\b|abbreviations?\b|\*|[a-z]/|\([a-z]\)|—|--|:|¹|†)",
    re.IGNORECASE,
)
# Titles of columns that say why another column has no figure.
FLAGS = re.compile(
    r"(?:obs[ _])?(?:status|flags?|symbols?|markings?|footnotes?|suppressed|suppression)(?:[ _].*)?"
    r"|.* (?:status|flags?|symbols?|markings?|footnotes?)",
    re.IGNORECASE,
)
MEANINGS = {
    ":": "not-calculated",
    "/": "not-reported",
    "~": "not-applicable",
    "--": "not-applicable",
    "—": "not-applicable",
    "na": "not-applicable",
    "n/a": "not-applicable",
    "not applicable": "not-applicable",
    "n": "not-available",
    "u": "not-available",
    "..": "not-available",
    "no data": "not-available",
    "not available": "not-available",
    "...": "not-reported",
    "not reported": "not-reported",
    "not calculated": "not-calculated",
    "*": "suppressed",
    "x": "suppressed",
    "suppressed": "suppressed",
    "withheld": "suppressed",
    "null": "not-available",
}


def bare(text: str) -> str:
    """Return a text without what looks like the mark of a footnote."""
    for _, mark in _MARKS:
        text = mark.sub("", text)
    return text.strip()


def marks_in(text: str) -> list[str]:
    """Return the patterns of the marks that a text has."""
    return [pattern for pattern, mark in _MARKS if mark.search(text)]


def is_figure(text: str) -> bool:
    """Say whether a text looks like a number, with or without a mark."""
    return _FIGURE.fullmatch(text) is not None or _FIGURE.fullmatch(bare(text)) is not None


def is_marker(text: str) -> bool:
    """Say whether a text looks as if it stood in place of a number."""
    return text != "%" and not is_figure(text) and _MARKER.fullmatch(text) is not None
