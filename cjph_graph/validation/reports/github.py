"""Findings as annotations, which GitHub shows at the lines of a change.

What stands in a literal cannot become a workflow command.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cjph_graph.system.tables import clean, counted
from cjph_graph.validation.findings import Finding, Report
from cjph_graph.validation.reports.changed_things import sentences
from cjph_graph.validation.reports.notes import Notes
from cjph_graph.validation.reports.phrases import left_out, summary, topic

# GitHub shows no more of a kind for a step; one notice is kept to count the rest.
_SHOWN = {"error": 10, "warning": 10, "info": 9}
_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


@dataclass(frozen=True)
class Annotations:
    """Workflow commands, a line each, and the findings that GitHub would not show."""

    lines: tuple[str, ...]
    overflow: tuple[Finding, ...]


def write(report: Report, notes: Notes, *, summarised: bool = False) -> str:
    """Return the annotations and a summary; count the rest unless it is `summarised`."""
    found = annotations(report, notes)
    left = found.overflow and not summarised
    rest = [overflow_notice(found.overflow, notes)] if left else []
    rest += [f"::warning title=cjph validate::{_data(word)}" for word in left_out(report, notes)]
    words = (*sentences(notes.changes, notes.since), summary(report, notes))
    return "".join(f"{line}\n" for line in (*found.lines, *rest, *words))


def annotations(report: Report, notes: Notes) -> Annotations:
    """Return the findings as annotations, as many of each severity as GitHub shows for a step."""
    room = dict(_SHOWN)
    lines: list[str] = []
    overflow: list[Finding] = []
    for finding in report.findings:
        severity = finding.severity if finding.severity in room else "error"
        if room[severity]:
            room[severity] -= 1
            lines.append(_annotation(_COMMANDS[severity], finding, notes))
        else:
            overflow.append(finding)
    return Annotations(tuple(lines), tuple(overflow))


def overflow_notice(overflow: Sequence[Finding], notes: Notes) -> str:
    """Return a workflow command that says how many findings are not shown."""
    count = counted(len(overflow), "more finding")
    return f"::notice title=cjph validate::{count}: run `{_data(clean(notes.command))}` to see all."


def _annotation(command: str, finding: Finding, notes: Notes) -> str:
    numbers = {"line": finding.line, "col": finding.column if finding.line else None}
    properties = {
        "file": finding.file and clean(finding.file),
        **{name: str(number) for name, number in numbers.items() if number},
        "title": topic(finding, notes.names) or "cjph validate",
    }
    given = ",".join(f"{key}={_property(value)}" for key, value in properties.items() if value)
    lines = [clean(finding.message), *([clean(finding.hint)] if finding.hint else [])]
    return f"::{command} {given}::{_data(chr(10).join(lines))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
