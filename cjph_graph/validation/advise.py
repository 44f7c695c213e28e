"""Step 4: make findings of what was located: the message, and a hint on what to write instead."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from cjph_graph.rdf.reading import TurtleFile
from cjph_graph.shacl import SH
from cjph_graph.validation.check import Checked
from cjph_graph.validation.collect import Collected
from cjph_graph.validation.file_rules import Misfiling
from cjph_graph.validation.findings import Finding

if TYPE_CHECKING:
    from cjph_graph.rdf.positions import Place
    from cjph_graph.rdf.syntax_errors import Slip
    from cjph_graph.validation.hints import Hints
    from cjph_graph.validation.locate import Trace

_SEVERITY = {SH + "Violation": "error", SH + "Warning": "warning", SH + "Info": "info"}


def advise(collected: Collected, checked: Checked, traces: "Iterable[Trace]") -> list[Finding]:
    """Return the findings of a check, in no order."""
    found = [_misfiled(misfiling) for misfiling in checked.misfilings]
    if checked.results:
        from cjph_graph.home.labels import Names
        from cjph_graph.validation.hints import Hints

        names = Names(collected.graph, collected.terms)
        hints = Hints(collected.graph, collected.shapes, names, collected.prefixes)
        found += (_traced(trace, hints) for trace in traces)
    return found


def syntax_findings(
    files: Iterable[TurtleFile], prefixes: Mapping[str, str]
) -> list[tuple[Finding, str | None]]:
    """Return a finding for each file that is not Turtle, with the line at fault."""
    broken = [(file, file.problem) for file in files if file.problem]
    if not broken:
        return []
    from cjph_graph.rdf.syntax_errors import explain

    slips = [(file, explain(file.data, problem, known=prefixes)) for file, problem in broken]
    return [(_slipped(file, slip), slip.excerpt) for file, slip in slips]


def _traced(found: "Trace", hints: "Hints") -> Finding:
    result = found.result
    line, column = _numbers(found.place)
    return Finding(
        id=_identity(found.focus, result.path, found.value, result.constraint, result.shape),
        severity=_SEVERITY.get(result.severity, "error"),
        file=found.file,
        line=line,
        column=column,
        focus=found.focus,
        path=result.path,
        value=found.value,
        constraint=result.constraint,
        shape=result.shape,
        message=hints.named(result.messages[0]) if result.messages else "This breaks a rule.",
        hint=hints.hint(result),
    )


def _misfiled(found: Misfiling) -> Finding:
    line, column = _numbers(found.place)
    return Finding(
        id=_identity(found.file, found.focus, found.value, found.rule),
        severity=_SEVERITY.get(found.severity, "error"),
        file=found.file,
        line=line,
        column=column,
        focus=found.focus,
        path=None,
        value=None,
        constraint=found.rule,
        shape=None,
        message=found.message,
        hint=None,
    )


def _slipped(file: TurtleFile, slip: "Slip") -> Finding:
    return Finding(
        id=_identity(file.path, slip.message),
        severity="error",
        file=file.path,
        line=slip.line or None,
        column=slip.column or None,
        focus=None,
        path=None,
        value=None,
        constraint=None,
        shape=None,
        message=slip.message,
        hint=slip.hint,
    )


def _numbers(place: "Place | None") -> tuple[int | None, int | None]:
    return (place.line, place.column) if place else (None, None)


def _identity(*parts: str | None) -> str:
    # Blank nodes have another name each time a file is read.
    text = "\x1f".join("_:" if part and part.startswith("_:") else part or "" for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
