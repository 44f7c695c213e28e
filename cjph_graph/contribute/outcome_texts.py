"""What came of a spreadsheet, in words: findings by cell, changes, and what was written."""

from collections import Counter
from collections.abc import Iterator, Sequence

from cjph_graph.contribute.draft_files import ValueChange
from cjph_graph.contribute.drafts import CellFinding
from cjph_graph.contribute.importing import Outcome
from cjph_graph.system import shown
from cjph_graph.system.tables import clean, counted, shorten, wrap

_INDENT = " " * 6
_LONGEST, _MOST_ALIKE = 60, 5


def report_findings(outcome: Outcome, width: int) -> str:
    """Return findings as text, those of a sheet together, each with its cell."""
    several = len({f.place.sheet.path for f in outcome.findings}) > 1 or len(outcome.sheets) > 1
    return list_findings(outcome.findings, width, sheets=several)


def list_findings(findings: Sequence[CellFinding], width: int, *, sheets: bool = False) -> str:
    """Return findings as text below the name of their file and, with `sheets`, of their sheet."""
    lines: list[str] = []
    sheet = None
    alike: dict[object, int] = Counter(map(_alike, findings))
    shown_once: set[object] = set()
    for finding in findings:
        if (key := _alike(finding)) in shown_once:
            continue
        if finding.place.sheet is not sheet:
            sheet = finding.place.sheet
            name = shown(sheet.path)
            lines.append(f"{name}, sheet {sheet.name}" if sheets else name)
        lines += _finding(finding, width)
        if alike[key] > _MOST_ALIKE:
            shown_once.add(key)
            lines.append(f"{_INDENT}{counted(alike[key] - 1, 'more row')} like this.")
    return "".join(f"{line}\n" for line in lines)


def _alike(finding: CellFinding) -> object:
    """Return what findings have in common that come from one mistake in a whole column."""
    place = finding.place
    said = (finding.label, finding.message, finding.suggestion, finding.advice)
    return place.sheet, place.column, finding.severity, said


def _finding(finding: CellFinding, width: int) -> Iterator[str]:
    value = _value(finding)
    said = f" “{shorten(clean(value), _LONGEST)}”" if value else ""
    yield f"  {finding.place.cell}  {finding.severity}  {clean(finding.label)}{said}"
    room = max(20, width - len(_INDENT))
    yield from (_INDENT + line for line in wrap(clean(finding.message), room))
    if finding.suggestion:
        yield from (_INDENT + line for line in wrap(f"Write: {clean(finding.suggestion)}", room))
    yield from (_INDENT + line for line in wrap(clean(finding.advice), room) if line)


def _value(finding: CellFinding) -> str:
    row = finding.place.sheet.row(finding.place.row)
    return row[finding.place.column] if row else ""


def report_changes(changes: Sequence[ValueChange]) -> str:
    """Return what things had and what they get, a line each."""
    return "".join(
        f"{clean(c.name)}: {clean(c.field.label)}: {clean(c.old)} → {clean(c.new)}\n"
        for c in changes
    )


def report_written(outcome: Outcome) -> str:
    """Return which files were written, a line each."""
    return "".join(f"{shown(path)}\n" for path in outcome.files)


def summary(outcome: Outcome, *, written: bool) -> str:
    """Return one sentence on what came of a spreadsheet."""
    rows = counted(outcome.rows, "row")
    found = counted(outcome.errors, "error")
    warnings = sum(f.severity == "warning" for f in outcome.findings)
    totals = f"{rows}, {found}, {counted(warnings, 'warning')}"
    if not written:
        return f"{totals}: nothing was written."
    new, changed = len(outcome.new), len({change.iri for change in outcome.changes})
    left = f"; {counted(outcome.left_out, 'row')} left out" if outcome.left_out else ""
    if not outcome.files:
        return f"{totals}: nothing to change{left}."
    files = counted(len(outcome.files), "file")
    return f"{totals}: {new} new, {changed} changed, {files} written{left}."
