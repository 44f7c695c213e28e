"""Checking Turtle files against shapes: what is wrong, where, and what to do about it.

The rules are SHACL. Files that are not Turtle are findings beside those of the others.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Literal, Quad, Store, Triple

from cjph_graph.errors import InputError
from cjph_graph.files import shown
from cjph_graph.filing import Misfiling, misfiled
from cjph_graph.graph import TurtleFile, home_files, read_turtle, turtle_files
from cjph_graph.hints import Hints
from cjph_graph.home import Home
from cjph_graph.schema import read_schema
from cjph_graph.screening import SH, SUBCLASS, Shapes, Term, make_plan
from cjph_graph.shacl import Result, check, to_rdflib
from cjph_graph.slips import Slip, explain
from cjph_graph.things import Things
from cjph_graph.tracing import Trace, trace
from cjph_graph.w3c import report_turtle

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

    `conforms` is true when there are no findings. `excerpts` are lines of files that are not
    Turtle, by the id of their finding; `results` is what SHACL said, and `known` what it was
    said of, for the W3C's report.
    """

    files: int
    triples: int
    checked: int
    findings: tuple[Finding, ...]
    excerpts: Mapping[str, str] = field(default_factory=dict)
    results: tuple[Result, ...] = field(default=(), repr=False)
    known: Sequence[Triple] = field(default=(), repr=False)

    @property
    def conforms(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def as_w3c(self, prefixes: Mapping[str, str] | None = None) -> bytes:
        """Return what SHACL said as the W3C's validation report, in Turtle."""
        return report_turtle(self.results, self.known, prefixes)

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

    files = [file for file in checked if not file.problem]
    triples = [t for f in (*files, *around) if not f.problem for t in f.triples]
    hierarchy = _hierarchy(home, rules) if home is not None else []
    store = Store()
    store.bulk_extend(Quad(*triple) for triple in (*triples, *hierarchy))
    plan = make_plan(rules, store, _standing_in(files) if around else None)
    data = to_rdflib((*triples, *hierarchy))
    results = [result for graph in plan.shapes for result in check(data, graph)]
    classes = {str(triple.subject) for triple in hierarchy}
    traces = [
        found
        for found in trace(results, files)
        if found.file or not (around or f"<{found.focus}>" in classes)
    ]
    prefixes = {n: i for f in (*around, *checked) for n, i in f.prefixes.items() if n}
    hints = Hints(Things(triples), rules, prefixes) if traces else None
    misfilings: list[Misfiling] = []
    if home is not None:
        kinds = read_schema(rules.triples)
        misfilings = misfiled(files, around, home=home, kinds=kinds, shapes=rules)
    slips = [
        (file, explain(file.data, file.problem, known=prefixes))
        for file in (*checked, *around)
        if file.problem
    ]
    unreadable = [(_unreadable(file, slip), slip.excerpt) for file, slip in slips]
    findings = _distinct(
        *(finding for finding, _ in unreadable),
        *(_traced(found, hints) for found in traces if hints),
        *map(_misfiled, misfilings),
    )
    return Report(
        len(checked),
        sum(len(file.triples) for file in checked),
        plan.targets,
        tuple(sorted(findings, key=_order)),
        {finding.id: excerpt for finding, excerpt in unreadable if excerpt},
        tuple(dict.fromkeys(found.result for found in traces)),
        (*triples, *rules.triples),
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


def _standing_in(files: Sequence[TurtleFile]) -> set[Term]:
    """Return what shapes can be about in files: subjects, and values that are literals."""
    triples = [triple for file in files for triple in file.triples]
    found: set[Term] = {t.object for t in triples if isinstance(t.object, Literal)}
    found.update(t.subject for t in triples if not isinstance(t.subject, Triple))
    return found


def _hierarchy(home: Home, rules: Shapes) -> list[Triple]:
    """Return which classes are below those of the shapes: a rule for a class holds for them."""
    below = [t for t in read_turtle(home.ontology).triples if t.predicate == SUBCLASS]
    naming = (SH + "targetClass", SH + "class")
    classes: set[object] = {t.object for t in rules.triples if t.predicate.value in naming}
    classes.update(rules.targeting())  # a shape can be a class itself
    found: list[Triple] = []
    while more := [t for t in below if t.object in classes and t not in found]:
        found += more
        classes |= {t.subject for t in more}
    return found


def _traced(found: Trace, hints: Hints) -> Finding:
    result = found.result
    return Finding(
        id=_identity(found.focus, result.path, found.value, result.constraint, result.shape),
        severity=_SEVERITY.get(result.severity, "error"),
        file=found.file,
        line=found.place.line if found.place else None,
        column=found.place.column if found.place else None,
        focus=found.focus,
        path=result.path,
        value=found.value,
        constraint=result.constraint,
        shape=result.shape,
        message=hints.named(result.messages[0]) if result.messages else "This breaks a rule.",
        hint=hints.hint(result),
    )


def _misfiled(found: Misfiling) -> Finding:
    return Finding(
        id=_identity(found.file, found.focus, found.value, found.rule),
        severity=_SEVERITY.get(found.severity, "error"),
        file=found.file,
        line=found.place.line if found.place else None,
        column=found.place.column if found.place else None,
        focus=found.focus,
        path=None,
        value=None,
        constraint=found.rule,
        shape=None,
        message=found.message,
        hint=None,
    )


def _unreadable(file: TurtleFile, slip: Slip) -> Finding:
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


def _identity(*parts: str | None) -> str:
    # Blank nodes have another name each time a file is read.
    text = "\x1f".join("_:" if part and part.startswith("_:") else part or "" for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _distinct(*findings: Finding) -> Iterable[Finding]:
    """Leave out what says the same again: two rules of a shape can find one mistake."""
    return {
        (f.file, f.line, f.column, f.focus, f.path, f.value, f.shape, f.message): f
        for f in findings
    }.values()


def _order(finding: Finding) -> tuple[object, ...]:
    f = finding
    texts = (part or "" for part in (f.focus, f.path, f.shape, f.constraint, f.value, f.message))
    return f.file or "", f.line or 0, f.column or 0, *texts
