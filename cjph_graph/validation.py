"""Checking Turtle files against shapes: what is wrong, where, and what to do about it.

The rules are SHACL. Files that are not Turtle are findings beside those of the others.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import BlankNode, Quad, Store, Triple

from cjph_graph.errors import InputError
from cjph_graph.files import shown
from cjph_graph.graph import SyntaxProblem, TurtleFile, home_files, read_turtle, turtle_files
from cjph_graph.home import Home
from cjph_graph.screening import SH, SUBCLASS, Shapes, Term, make_plan
from cjph_graph.shacl import Result, check, to_rdflib

_SEVERITY = {SH + "Violation": "error", SH + "Warning": "warning", SH + "Info": "info"}


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong. What is unknown is None; `line` and `column` count from 1.

    `id` stays the same when the statement moves. `focus` is the IRI of the thing, `path` the
    property, `constraint` and `shape` the rule, each an IRI; `value` is the value at fault.
    """

    id: str
    severity: str
    file: str | None
    line: int | None
    column: int | None
    focus: str | None
    path: str | None
    value: str | None
    constraint: str | None
    shape: str | None
    message: str
    hint: str | None


@dataclass(frozen=True)
class Report:
    """What a check found: how many files and triples were read, how many things were checked.

    `conforms` is true when there are no findings.
    """

    files: int
    triples: int
    checked: int
    findings: tuple[Finding, ...]

    @property
    def conforms(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def count(self, severity: str) -> int:
        """Return how many findings have a severity: `error`, `warning` or `info`."""
        return sum(finding.severity == severity for finding in self.findings)


def validate(
    paths: Sequence[Path | TurtleFile] = (),
    *,
    home: Home | None = None,
    shapes: Sequence[Path] = (),
    alone: bool = False,
) -> Report:
    """Check files, and what stands in them together with a home's graph.

    Without `paths` the whole home is checked; folders stand for the Turtle files in them. With
    `alone` the home's graph is left out; `shapes` stand in for the home's own. Without a home,
    `paths` and `shapes` are needed. Raises UsageError when a path does not exist, InputError when
    the shapes cannot be used.
    """
    given = [file for path in paths for file in _read(path)]
    around: list[TurtleFile] = []
    if home is not None and not (alone and paths):
        own = {file.path for file in given}
        skipped = {home.ontology}
        around = [
            read_turtle(path)
            for path in home_files(home)
            if path not in skipped and shown(path) not in own
        ]
    checked, around = (given, around) if paths else (around, [])
    if not shapes and home is not None:
        shapes = [home.shapes]
    rules = Shapes(triple for path in shapes for triple in _shapes_of(path))

    usable = [file for file in (*checked, *around) if not file.problem]
    triples = [triple for file in usable for triple in file.triples]
    if home is not None:
        triples += _hierarchy(home)
    store = Store()
    store.bulk_extend(Quad(*triple) for triple in triples)
    standing = _standing(file for file in checked if not file.problem)
    plan = make_plan(rules, store, set(standing) if around else None)
    data = to_rdflib(triples)
    files = {_name(term): file for term, file in standing.items()}
    found = (_finding(result, files) for graph in plan.shapes for result in check(data, graph))
    findings = [
        *(_unreadable(file, file.problem) for file in (*checked, *around) if file.problem),
        *_order(_distinct(finding for finding in found if finding.file or not around)),
    ]
    return Report(
        len(checked), sum(len(file.triples) for file in checked), plan.targets, tuple(findings)
    )


def _read(path: Path | TurtleFile) -> list[TurtleFile]:
    if isinstance(path, TurtleFile):
        return [path]
    return [read_turtle(file) for file in turtle_files(path)]


def _shapes_of(path: Path) -> Iterable[Triple]:
    for file in _read(path):
        if file.problem:
            raise InputError(
                f"The shapes in {file.path}:{file.problem.line}:{file.problem.column} are not"
                f" Turtle: {file.problem.message}."
            )
        yield from file.triples


def _hierarchy(home: Home) -> list[Triple]:
    """Return which class is below which: a rule about a class holds for those below it."""
    return [t for t in read_turtle(home.ontology).triples if t.predicate == SUBCLASS]


def _standing(files: Iterable[TurtleFile]) -> dict[Term, str]:
    """Return for each thing the first file that says something about it."""
    standing: dict[Term, str] = {}
    for file in files:
        for triple in file.triples:
            if not isinstance(triple.subject, Triple):
                standing.setdefault(triple.subject, file.path)
    return standing


def _name(term: Term) -> str:
    return str(term) if isinstance(term, BlankNode) else term.value


def _finding(result: Result, standing: Mapping[str, str]) -> Finding:
    focus, value = result.focus, result.value
    if focus not in standing and value is not None and value in standing:
        # A rule about the graph as a whole names the thing at fault as the value.
        focus, value = value, None
    return Finding(
        id=_identity(focus, result.path, value, result.constraint, result.shape),
        severity=_SEVERITY.get(result.severity, "error"),
        file=standing.get(focus),
        line=None,
        column=None,
        focus=focus,
        path=result.path,
        value=value,
        constraint=result.constraint,
        shape=result.shape,
        message=result.messages[0] if result.messages else "This breaks a rule.",
        hint=None,
    )


def _unreadable(file: TurtleFile, problem: SyntaxProblem) -> Finding:
    return Finding(
        id=_identity(file.path, problem.message),
        severity="error",
        file=file.path,
        line=problem.line or None,
        column=problem.column or None,
        focus=None,
        path=None,
        value=None,
        constraint=None,
        shape=None,
        message=f"{problem.message}.",
        hint=None,
    )


def _identity(*parts: str | None) -> str:
    # Blank nodes have another name each time a file is read.
    text = "\x1f".join("_:" if part and part.startswith("_:") else part or "" for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _distinct(findings: Iterable[Finding]) -> Iterable[Finding]:
    """Leave out what says the same again: two rules of a shape can find one mistake."""
    return {(f.focus, f.path, f.value, f.shape, f.message): f for f in findings}.values()


def _order(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(
        findings,
        key=lambda f: tuple(
            part or "" for part in (f.file, f.focus, f.path, f.shape, f.constraint, f.value, f.id)
        ),
    )
