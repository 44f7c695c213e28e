"""Tests in SPARQL for the literal form of values: what SHACL and Python make of it.

A test is text that is true in SPARQL for every value that breaks the rule. Where Python and
SPARQL read a text differently it may be true for others too, never false for one that breaks it.
"""

import re

from pyoxigraph import Literal

from cjph_graph.rdf import LANG_STRING, RDF, RDFS, XSD, form_pattern
from cjph_graph.shacl.patterns import known_flags, without_space

STRING = XSD + "string"
_LITERAL = RDFS + "Literal"
# Datatypes whose literal forms libraries read in different ways; there is no test for these.
_UNEVEN = {
    *(XSD + name for name in ("normalizedString", "token", "language", "hexBinary")),
    *(XSD + name for name in ("base64Binary", "duration", "dayTimeDuration")),
    *(XSD + name for name in ("yearMonthDuration", "gMonth", "gDay", "gMonthDay")),
    *(XSD + name for name in ("dateTimeStamp", "QName", "NOTATION", "Name", "NCName")),
    *(XSD + name for name in ("NMTOKEN", "NMTOKENS", "ENTITY", "ENTITIES", "ID", "IDREF")),
    *(RDF + name for name in ("XMLLiteral", "HTML", "JSON", "dirLangString")),
    RDFS + "Datatype",
}
# Python has no year before 1 or after 9999 and no hour 24.
_YEAR = "([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_LEAP = "([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)"
_DAY = (
    f"({_YEAR}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    f"|02-(0[1-9]|1[0-9]|2[0-8]))|{_LEAP}-02-29)"
)
_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?"
# All libraries read these by the standard. For the others, here is the part that all accept: the
# calendar and the numbers of Python have bounds of their own.
_AS_STANDARD = ("integer", "decimal", "double", "float", "boolean", "gYear", "gYearMonth")
_FORMS = {
    XSD + name: f"^({text})$"
    for name, text in {
        **{name: form_pattern(XSD + name) for name in _AS_STANDARD},
        "nonNegativeInteger": "([+]?[0-9]+|-0+)",
        "positiveInteger": "[+]?0*[1-9][0-9]*",
        "nonPositiveInteger": "(-[0-9]+|[+]?0+)",
        "negativeInteger": "-0*[1-9][0-9]*",
        "long": "[+-]?[0-9]{1,18}",
        "int": "[+-]?[0-9]{1,9}",
        "short": "[+-]?[0-9]{1,4}",
        "byte": "[+-]?[0-9]{1,2}",
        "unsignedLong": "[+]?[0-9]{1,18}",
        "unsignedInt": "[+]?[0-9]{1,9}",
        "unsignedShort": "[+]?[0-9]{1,4}",
        "unsignedByte": "[+]?[0-9]{1,2}",
        "date": f"{_DAY}Z?",
        "dateTime": f"{_DAY}T{_CLOCK}Z?",
        "time": f"{_CLOCK}Z?",
    }.items()
}
# Python reads no whole number of more digits than some 4,300.
_MOST_DIGITS = 4000
_WITH_DIGITS = {iri for iri in _FORMS if "nteger" in iri}
_NOT_ASCII = Literal(r"[^\x00-\x7f]")
_EXACT = (XSD + "integer", XSD + "decimal")

# Regular expressions that mean the same to Python, to XPath and to what databases use: letters,
# sets without sets inside, groups, choices, counts, and what begins and ends a text.
_SAFE_PATTERN = re.compile(
    r"""(?:
        [^\\\[\]{}()|?*+.^$\x00-\x1f] | \\[.\-\\\[\]{}()|?*+^$/] | \\[dsS] | [.^$|]
        | \((?!\?) | \)
        | \[ \^? (?: [^\\\[\]^&~|\-\x00-\x1f] (?: - [^\\\[\]^&~|\-\x00-\x1f] )?
                  | \\[.\-\\\[\]^/ds] )+ -? \]
        | (?<=[^|(^]) (?: [*+?] | \{[0-9]{1,3}(?:,[0-9]{0,3})?\} ) (?![*+?{])
    )*""",
    re.VERBOSE,
)  # fmt: skip


def not_of_datatype(value: str, datatype: str) -> str | None:
    """Return a test for values that are not of a datatype; None if SPARQL cannot tell."""
    if datatype == _LITERAL:
        return f"!isLiteral({value})"
    if datatype == LANG_STRING:
        return f'(!isLiteral({value}) || LANG({value}) = "")'
    if datatype in _UNEVEN:
        return None
    tests = [f"!isLiteral({value})", f"DATATYPE({value}) != <{datatype}>"]
    if datatype == STRING:
        tests.insert(1, f'LANG({value}) != ""')  # not every store tells the two apart
    if text := _FORMS.get(datatype):
        tests.append(f"!REGEX(STR({value}), {Literal(text)})")
    elif datatype.startswith(XSD) and datatype not in (STRING, XSD + "anyURI"):
        return None
    if datatype in _WITH_DIGITS:
        tests.append(f"STRLEN(STR({value})) > {_MOST_DIGITS}")
    return f"({' || '.join(tests)})"


def not_matching(value: str, pattern: str, flags: str) -> str | None:
    """Return a test for values that a regular expression does not match; None if unsure."""
    names = known_flags(flags)
    if "m" in names:
        return None
    if "q" in names:
        found = f"CONTAINS(STR({value}), {Literal(pattern)})"
        return None if "i" in names else f"(isBlank({value}) || !{found})"
    if "x" in names:
        pattern = without_space(pattern)
    if not _SAFE_PATTERN.fullmatch(pattern) or re.search(r"\[[^\]]*\\s", pattern):
        return None
    if "i" in names and not pattern.isascii():
        return None
    try:
        re.compile(pattern)
    except re.error:
        return None
    # Python counts four control characters more as white space.
    same = re.sub(
        r"\\\\|\\s|\\S|\[[^\]]*\]",
        lambda match: {r"\s": r"[\s\x1c-\x1f]", r"\S": r"[^\s\x1c-\x1f]"}.get(match[0], match[0]),
        pattern,
    )
    options = "".join(name for name in names if name in "si")
    tests = [f"isBlank({value})", f"!REGEX(STR({value}), {Literal(same)}, {Literal(options)})"]
    if "i" in names:
        # Libraries do not agree on which letters are small and capital forms of each other.
        tests.append(f"REGEX(STR({value}), {_NOT_ASCII})")
    return f"({' || '.join(tests)})"


def not_as_long(value: str, least: int | None, most: int | None) -> str:
    """Return a test for values whose text is shorter or longer than allowed."""
    tests = [f"isBlank({value})"]
    if least is not None:
        tests.append(f"STRLEN(STR({value})) < {least}")
    if most is not None:
        tests.append(f"STRLEN(STR({value})) > {most}")
    return f"({' || '.join(tests)})"


def not_within(value: str, operator: str, bound: Literal) -> str | None:
    """Return a test for values that do not compare with a bound as they must.

    Only whole and decimal numbers, and days without a time zone, are compared; any other value is
    taken to be out of bounds. None if the bound is of another datatype.
    """
    datatype = bound.datatype.value
    if datatype in _EXACT and re.fullmatch(r"[+-]?[0-9]{1,12}(\.[0-9]{1,5})?", bound.value):
        like = f"DATATYPE({value}) IN ({', '.join(f'<{iri}>' for iri in _EXACT)})"
    elif datatype == XSD + "date" and re.fullmatch(_DAY, bound.value):
        like = f"DATATYPE({value}) = <{datatype}> && REGEX(STR({value}), {Literal(f'^{_DAY}$')})"
    else:
        return None
    return f"!COALESCE(isLiteral({value}) && {like} && {value} {operator} {bound}, false)"


def not_in_languages(value: str, ranges: list[str]) -> str:
    """Return a test for values that are not in one of some languages."""
    tests = [f"LANGMATCHES(LANG({value}), {Literal(tag)})" for tag in ranges if tag]
    if not tests:
        return f"BOUND({value})"
    return f"(!isLiteral({value}) || !({' || '.join(tests)}))"
