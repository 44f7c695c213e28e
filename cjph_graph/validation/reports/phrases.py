"""What findings are called: things, properties and values by the names that people know.

All text that leaves here is one line and safe for a terminal.
"""

import re
from collections.abc import Iterable, Mapping

from cjph_graph.rdf import last_part
from cjph_graph.system.tables import clean, counted, shorten
from cjph_graph.validation.findings import SEVERITIES, Finding, Report
from cjph_graph.validation.reports.notes import Notes

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
# A property in a path, up to what goes on with another one.
_STEP = r"[a-z][a-z0-9+.-]*:(?:(?!/[\^(]*[a-z][a-z0-9+.-]*:)[^\s()|*+?^])+"
_JOINS = {"^": "inverse of ", "|": " or ", "/": " then ", "(": "", ")": ""}
_LONGEST_NAME = 60
_LONGEST_VALUE = 60
_LONGEST_IRI = 120


def topic(finding: Finding, names: Mapping[str, str]) -> str:
    """Return what a finding is about: the thing, the property, and the value if nothing says it."""
    thing = _named(finding.focus, names)
    parts = [_property(finding.path, names)]
    value = finding.value or ""
    if value and value == finding.focus:
        if _IRI.fullmatch(value):
            parts.append(shorten(f"<{clean(value)}>", _LONGEST_IRI))  # its IRI is what is wrong
    elif not value.startswith("_:") and value not in finding.message:
        plain = _named(value, names) if _IRI.fullmatch(value) else clean(value)
        parts.append(shorten(f'"{plain}"', _LONGEST_VALUE))
    return ": ".join(part for part in (thing, " ".join(filter(None, parts))) if part)


def place(finding: Finding) -> str:
    """Return line and column as `14:3`, the line alone, or nothing."""
    return ":".join(str(number) for number in (finding.line, finding.column) if number)


def by_file(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Return findings by the name of their file, in order."""
    grouped: dict[str, list[Finding]] = {}
    for finding in findings:
        grouped.setdefault(clean(finding.file or "the graph"), []).append(finding)
    return grouped


def counts(report: Report) -> str:
    """Return how many findings there are of each severity, such as `2 errors, 1 warning`."""
    found = [(report.count(name), name) for name in SEVERITIES]
    return ", ".join(
        f"{count:,} {name}{'s' * (count != 1 and name != 'info')}" for count, name in found if count
    )


def summary(report: Report, notes: Notes) -> str:
    """Return what was checked and what was found, in a line."""
    found = counts(report)
    if notes.since is not None:
        found = f"{found or 'no'} new{' findings' * (not found)} since {clean(notes.since)}"
        if notes.older:
            found += f", {notes.older:,} older left out"
    found = found or ("nothing to mend" if report.checked else "no shape is about them")
    return (
        f"{counted(report.files, 'file')}, {counted(report.triples, 'triple')},"
        f" {counted(report.checked, 'thing')} checked: {found}."
    )


def left_out(report: Report, notes: Notes) -> list[str]:
    """Return a sentence for each rule with more findings, and for each file that was not seen."""
    return [
        *(
            f"{each.count:,} more like this are not listed: {clean(each.like.message)}"
            if each.certain
            else f"Up to {each.count:,} more may be like this: {clean(each.like.message)}"
            for each in report.more
        ),
        *(
            f"{clean(f.file or '')}{':' * bool(place(f))}{place(f)} is not Turtle, so part of"
            f" what it says was left out: {clean(f.message)}"
            for f in report.left_out
        ),
        *(
            f"{clean(path)} was a link at {clean(notes.since or '')}: what it led to was left out."
            for path in notes.passed_over
        ),
    ]


def fenced(example: str) -> str:
    """Return Turtle as a block of Markdown, whatever stands in it."""
    fence = "```"
    while fence in example:
        fence += "`"
    return f"{fence}turtle\n{example}\n{fence}"


def _named(iri: str | None, names: Mapping[str, str]) -> str:
    if not iri:
        return ""
    if iri.startswith("_:"):
        return "a thing without an IRI"
    if not _IRI.fullmatch(iri):
        return shorten(f'"{clean(iri)}"', _LONGEST_NAME)  # a text or a number
    return shorten(clean(names.get(iri) or last_part(iri)), _LONGEST_NAME)


def _property(path: str | None, names: Mapping[str, str]) -> str:
    if not path or path.startswith(("(", "_:", "?")):
        return ""  # the message has to say which of several steps
    if path.startswith("^("):
        return f"inverse of {_steps(path, names)}"
    iri = path.rstrip("*+?")
    return f"inverse of {_named(iri[1:], names)}" if iri.startswith("^") else _named(iri, names)


def _steps(path: str, names: Mapping[str, str]) -> str:
    """Return what the properties in brackets are called, and how they are joined."""

    def named(match: re.Match[str]) -> str:
        return _JOINS[match[0]] if match[0] in _JOINS else _named(match[0], names)

    return re.sub(rf"{_STEP}|[\^()|/]", named, path.removeprefix("^"))
