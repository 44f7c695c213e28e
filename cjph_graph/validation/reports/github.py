"""Findings for those who review a change on GitHub: annotations, and Markdown for a comment.

What stands in a literal can become neither a workflow command nor a link, a mention or a picture.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cjph_graph.system.tables import clean
from cjph_graph.validation.explanations import Explanation
from cjph_graph.validation.phrases import Notes, about, by_file, counts, fenced, place, summary
from cjph_graph.validation.validation import Finding, Report

# GitHub shows no more of a kind for a step; one notice is kept for what is left over.
_SHOWN = {"error": 10, "warning": 10, "info": 9}
_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}
# A comment may have 65,536 characters.
_LONGEST = 60_000
_HEADER = "| line | severity | what | message | hint |\n| --- | --- | --- | --- | --- |\n"


@dataclass(frozen=True)
class Annotations:
    """Workflow commands, a line each, and the findings that GitHub would not show."""

    lines: tuple[str, ...]
    overflow: tuple[Finding, ...]


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


def overflow_notice(overflow: Sequence[Finding]) -> str:
    """Return a workflow command that says how many findings are not shown."""
    count = f"{len(overflow):,} more finding{'s' * (len(overflow) != 1)}"
    return f"::notice title=cjph validate::{count}: run `cjph validate` to see all."


def markdown(report: Report, notes: Notes) -> str:
    """Return a comment for a pull request: counts, a table for each file, the rules explained.

    It has 60,000 characters at most, and says how many findings there was no room for.
    """
    title = counts(report) or ("nothing new" if notes.since is not None else "nothing to mend")
    head = f"## cjph validate: {title}\n\n{escape(summary(report, notes))}\n"
    text = head + "".join(_tables(report.findings, notes, _LONGEST - len(head)))
    return text + "".join(_explained(notes.explanations, _LONGEST - len(text)))


def overflow_markdown(overflow: Sequence[Finding], notes: Notes) -> str:
    """Return tables of the findings that were not shown, for the summary of a job."""
    head = f"## cjph validate: {len(overflow):,} more\n"
    return head + "".join(_tables(overflow, notes, _LONGEST - len(head)))


def escape(text: str) -> str:
    """Return text as Markdown that shows just this text, in a cell of a table too."""
    text = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = re.sub(r"[\\|`*_\[\]~$!]", r"\\\g<0>", text)
    # GitHub makes links of mentions, numbers and addresses after all else is done.
    return re.sub(r"@|#|www(?=\.)|:(?=//)", r"\g<0><!-- -->", text)


def _annotation(command: str, finding: Finding, notes: Notes) -> str:
    numbers = {"line": finding.line, "col": finding.column if finding.line else None}
    properties = {
        "file": finding.file and clean(finding.file),
        **{name: str(number) for name, number in numbers.items() if number},
        "title": about(finding, notes.names) or "cjph validate",
    }
    given = ",".join(f"{key}={_property(value)}" for key, value in properties.items() if value)
    told = [clean(finding.message), *([clean(finding.hint)] if finding.hint else [])]
    return f"::{command} {given}::{_data(chr(10).join(told))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _tables(findings: Iterable[Finding], notes: Notes, room: int) -> Iterator[str]:
    grouped = by_file(findings)
    left = sum(map(len, grouped.values()))
    room -= len(_left_over(left))
    for file, found in grouped.items():
        head = f"\n### {escape(file)}\n\n{_HEADER}"
        for finding in found:
            row = head + _row(finding, notes)
            if len(row) > room:
                yield _left_over(left)
                return
            yield row
            room -= len(row)
            left -= 1
            head = ""


def _left_over(count: int) -> str:
    return f"\n… and {count:,} more.\n"


def _row(finding: Finding, notes: Notes) -> str:
    cells = (
        place(finding),
        finding.severity,
        about(finding, notes.names),
        finding.message,
        finding.hint or "",
    )
    return f"| {' | '.join(map(escape, cells))} |\n"


def _explained(explanations: Iterable[Explanation] | None, room: int) -> Iterator[str]:
    if explanations is None:
        return
    told = [_explanation(each) for each in explanations]
    head = "\n## The rules\n" if told else "\nThere is nothing to explain.\n"
    room -= len(head) + len(_left_over(len(told)))
    if room >= 0:
        yield head
    for number, text in enumerate(told):
        room -= len(text)
        if room < 0:
            yield _left_over(len(told) - number)
            return
        yield text


def _explanation(each: Explanation) -> str:
    parts = [f"### {escape(each.rule)}", escape(each.what), escape(each.why)]
    for word, example in (("Wrong:", each.wrong), ("Right:", each.right)):
        if example:
            parts += [word, fenced(example)]
    return "".join(f"\n{part}\n" for part in parts if part)
