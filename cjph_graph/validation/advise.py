"""Step 4: make findings of what was located: the message, and a hint on what to write instead."""

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from cjph_graph.rdf import SH, last_part
from cjph_graph.shacl import Shapes
from cjph_graph.validation.check import Checked
from cjph_graph.validation.collect import Collected
from cjph_graph.validation.file_rules import ONE_FILE, FileViolation
from cjph_graph.validation.findings import SEVERITY_IRIS, Finding
from cjph_graph.validation.options import STANDARD_INPUT

if TYPE_CHECKING:
    from cjph_graph.rdf.positions import Position
    from cjph_graph.rdf.syntax_errors import Mending, SyntaxMistake
    from cjph_graph.shacl import Result
    from cjph_graph.validation.hints import Hints
    from cjph_graph.validation.locate import Trace

_MESSAGE = NamedNode(SH + "message")
_SEVERITY = {iri: name for name, iri in SEVERITY_IRIS.items()}


# What joins several rules about a thing.
_JOINING = {f"{name}ConstraintComponent" for name in ("And", "Node", "Not", "Or", "SPARQL", "Xone")}


def advise(collected: Collected, checked: Checked, traces: "Iterable[Trace]") -> list[Finding]:
    """Return the findings of a check, in no order."""
    found = [_of_file(violation) for violation in _in_place(collected, checked.violations)]
    if checked.results:
        from cjph_graph.home import Labels
        from cjph_graph.validation.hints import Hints

        names = Labels(collected.graph, collected.terms)
        hints = Hints(collected, names)
        found += (
            _traced(trace, hints, collected.shapes)
            for trace in _without_consequences(traces, hints, collected.shapes)
        )
    return found


def _without_consequences(
    traces: "Iterable[Trace]", hints: "Hints", shapes: Shapes
) -> "list[Trace]":
    """Leave out what only follows: a misspelt property is one mistake, however many values it has.

    The property that was meant is not missing then, and neither is a link by it; nor can anybody
    say that the thing breaks a rule that asks for it among others.
    """
    kept = [*traces]
    meant = {(t, iri) for t in kept if (iri := hints.meant_property(t.result))}
    missing = {(t.focus, iri) for t, iri in meant} | {(t.value, f"^{iri}") for t, iri in meant}
    misspelt: dict[str | None, set[str]] = {}
    for focus, iri in missing:
        misspelt.setdefault(focus, set()).add(iri)
    once: set[object] = set()
    found = []
    for trace in kept:
        result = trace.result
        component = last_part(result.constraint)
        if component == "MinCountConstraintComponent" and (trace.focus, result.path) in missing:
            continue
        asked = misspelt.get(trace.focus)
        if asked and component in _JOINING and _asks_for(asked, result, shapes):
            continue
        key = (trace.file, trace.place, trace.focus, result.path, result.shape)
        if component == "ClosedConstraintComponent" and trace.place:
            if key in once:
                continue
            once.add(key)
        found.append(trace)
    return found


def _asks_for(properties: set[str], result: "Result", shapes: Shapes) -> bool:
    """Whether a rule about a thing as a whole asks for one of some properties."""
    shape = result.term("sourceShape")
    if shape is None or isinstance(shape, Literal):
        return False
    paths = {t.object.value for t in shapes.reached([shape]) if isinstance(t.object, NamedNode)}
    return not properties.isdisjoint(paths)


def _in_place(collected: Collected, violations: Iterable[FileViolation]) -> Iterable[FileViolation]:
    if not collected.mendings:
        return violations
    from cjph_graph.validation.mended import original_place

    return [
        replace(each, place=original_place(each.place, each.file, collected.mendings))
        for each in violations
    ]


def syntax_findings(mendings: "Mapping[str, Mending]") -> list[tuple[Finding, str | None]]:
    """Return a finding for each mistake in files that are not Turtle, with the line at fault."""
    found: list[tuple[Finding, str | None]] = []
    for path, mending in mendings.items():
        same: Counter[str] = Counter()
        for mistake in mending.mistakes:
            number = same[mistake.message]
            same[mistake.message] += 1
            found.append((_mistaken(path, mistake, number), mistake.excerpt))
    return found


def _traced(found: "Trace", hints: "Hints", shapes: Shapes) -> Finding:
    result = found.result
    line, column = _numbers(found.place)
    # Where a shape has a message, that is what its author wants people to read.
    spoken = shapes.values(result.term("sourceShape"), _MESSAGE)
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
        shape=result.shape or None,
        message=hints.named(result.messages[0]) if result.messages else "This breaks a rule.",
        hint=hints.hint(result),
        details=() if spoken else tuple(_details(result, hints)),
    )


def _details(result: "Result", hints: "Hints", depth: int = 0) -> Iterator[str]:
    """Yield what led to a result, each message once."""
    lines: dict[str, None] = {}
    for detail in result.details:
        message = detail.messages[0] if detail.messages else "This breaks a rule."
        if detail.path and detail.path != result.path:
            message = f"{last_part(detail.path)}: {message}"
        inner = _details(detail, hints, depth + 1)
        lines |= dict.fromkeys(("  " * depth + hints.named(message), *inner))
    yield from lines


def _of_file(found: FileViolation) -> Finding:
    line, column = _numbers(found.place)
    return Finding(
        id=_identity(found.file, found.focus, found.value, found.rule),
        severity=_SEVERITY.get(found.severity, "error"),
        file=found.file,
        line=line,
        column=column,
        focus=found.focus,
        constraint=found.rule,
        message=found.message,
        hint=_stdin_hint(found),
    )


def _stdin_hint(found: FileViolation) -> str | None:
    """Say how to check a file from standard input that is there already."""
    if found.rule != ONE_FILE or found.file != STANDARD_INPUT or ", " in found.value:
        return None
    command = f"cjph validate - --stdin-name {shlex.quote(found.value)}"
    return f"To check it in place of that file: `{command}`."


def _mistaken(path: str, mistake: "SyntaxMistake", number: int) -> Finding:
    """Return a finding for a mistake; `number` is how many before it say the same."""
    return Finding(
        id=_identity(path, mistake.message, *([str(number)] if number else [])),
        severity="error",
        file=path,
        line=mistake.line or None,
        column=mistake.column or None,
        message=mistake.message,
        hint=mistake.hint,
    )


def _numbers(place: "Position | None") -> tuple[int | None, int | None]:
    return (place.line, place.column) if place else (None, None)


def _identity(*parts: str | None) -> str:
    import hashlib

    # Blank nodes have another name each time a file is read.
    text = "\x1f".join("_:" if part and part.startswith("_:") else part or "" for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
