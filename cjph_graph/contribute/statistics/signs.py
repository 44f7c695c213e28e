"""Signs in tables of statistics, and what they usually mean; a mapping has the last word."""

import re

FIGURE = re.compile(r"[-−+]?[$]?[\d,. ]*\d[\d,. ]*%?")
MARKER = re.compile(r"[^\w\s]{1,3}|[A-Za-z]{1,2}|n/a|null|none", re.IGNORECASE)
FOOTNOTE = re.compile(r"(?<=[A-Za-z)])(/[a-z]+(?:,[a-z])*|\^|\*+|\[[a-z0-9]\])$")
FOOT_PATTERNS = {
    "/": "/[a-z]+(,[a-z])*$",
    "^": "\\^$",
    "*": "\\*+$",
    "[": "\\[[a-z0-9]\\]$",
}
NOTE = re.compile(r"(?:notes?|sources?|\*|[a-z]/|—|--|:)", re.IGNORECASE)
MEANINGS = {
    ":": "not-calculated",
    "/": "not-reported",
    "~": "not-applicable",
    "--": "not-applicable",
    "—": "not-applicable",
    "na": "not-applicable",
    "n/a": "not-applicable",
    "n": "not-available",
    "u": "not-available",
    "...": "not-reported",
    "*": "suppressed",
    "null": "not-available",
}
