"""Checking Turtle files against shapes: what is wrong, where, and what to do about it.

The rules are SHACL. Files that are not Turtle are findings beside those of the others.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, Triple

from cjph_graph.errors import InputError
from cjph_graph.home.location import Home, home_files, shape_files
from cjph_graph.rdf.blank_nodes import blank_nodes
from cjph_graph.rdf.reading import TurtleFile, read_turtle, turtle_files
from cjph_graph.shacl import (
    SH,
    SUBCLASS,
    DataGraph,
    Result,
    Shapes,
    StoredGraph,
    Term,
    load_files,
    validate_graph,
    validate_with_pyshacl,
)
from cjph_graph.system.files import shown
from cjph_graph.system.progress import tell
from cjph_graph.validation.file_rules import DEPRECATED, REPLACED, Misfiling, misfiled

if TYPE_CHECKING:
    from cjph_graph.rdf.syntax_errors import Slip
    from cjph_graph.sparql.engine import Engine as AnyEngine
    from cjph_graph.validation.hints import Hints
    from cjph_graph.validation.locate import Trace

_SEVERITY = {SH + "Violation": "error", SH + "Warning": "warning", SH + "Info": "info"}


class Engine(StrEnum):
    """Who looks at the data: SPARQL, and pySHACL at what is suspected; or pySHACL alone."""

    SCREENED = "screened"
    PYSHACL = "pyshacl"


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

    `conforms` is true when there are no findings. `names` are what the things and properties that
    findings are about are called, by IRI. `excerpts` are lines of files that are not Turtle, by the
    id of their finding; `results` is what SHACL said, and `blank_nodes` are those of what it was
    said of, for the W3C's report.
    """

    files: int
    triples: int
    checked: int
    findings: tuple[Finding, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    excerpts: Mapping[str, str] = field(default_factory=dict)
    results: tuple[Result, ...] = field(default=(), repr=False)
    blank_nodes: Sequence[BlankNode] = field(default=(), repr=False)

    @property
    def conforms(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def as_w3c(self, prefixes: Mapping[str, str] | None = None) -> bytes:
        """Return what SHACL said as the W3C's validation report, in Turtle."""
        from cjph_graph.shacl import report_turtle

        return report_turtle(self.results, self.blank_nodes, prefixes)

    def count(self, severity: str) -> int:
        """Return how many findings have a severity: `error`, `warning` or `info`."""
        return sum(finding.severity == severity for finding in self.findings)


def validate(
    paths: Sequence[Path | TurtleFile] = (),
    *,
    home: Home | None = None,
    shapes: Sequence[Path] = (),
    alone: bool = False,
    engine: Engine = Engine.SCREENED,
) -> Report:
    """Check files, and what stands in them together with a home's graph.

    Without `paths` the whole home is checked; folders stand for the Turtle files in them. With
    `alone` the home's graph is left out; `shapes` stand in for the home's own. Without a home,
    `paths` and `shapes` are needed. `engine` is who looks at the data first. Raises UsageError when
    a path does not exist, InputError when the shapes cannot be used.
    """
    given = [source for path in paths for source in _sources(path)]
    around: list[Path] = []
    if home is not None and not (alone and paths):
        own = {source.path if isinstance(source, TurtleFile) else shown(source) for source in given}
        around = [path for path in home_files(home) if path != home.ontology]
        if own:
            around = [path for path in around if shown(path) not in own]
    checking, beside = (given, around) if paths else (around, [])
    if not shapes and home is not None:
        shapes = [home.shapes]
    rules = Shapes(triple for path in shapes for triple in _shapes_of(path))

    terms = read_turtle(home.ontology).triples if home is not None else ()
    hierarchy = _hierarchy(terms, rules)
    loaded = load_files([*checking, *beside], hierarchy)
    checked, others = loaded.files[: len(checking)], loaded.files[len(checking) :]
    files = [file for file in checked if not file.problem]
    only = _standing_in(files, rules, loaded.graph) if beside else None
    if engine is Engine.PYSHACL:
        judged = validate_with_pyshacl(rules, loaded.graph, only)
    else:
        judged = validate_graph(rules, loaded.graph, only)
    classes = {str(triple.subject) for triple in hierarchy}
    prefixes = {n: i for f in (*others, *checked) for n, i in f.prefixes.items() if n}
    traces: list[Trace] = []
    if judged.results:
        from cjph_graph.home.labels import Names
        from cjph_graph.validation.hints import Hints
        from cjph_graph.validation.locate import trace

        tell("Finding the lines", 0, 0)
        traces = [
            found
            for found in trace(judged.results, files)
            if found.file or not (beside or f"<{found.focus}>" in classes)
        ]
        hints = Hints(loaded.graph, rules, Names(loaded.graph, terms), prefixes)
    misfilings: list[Misfiling] = []
    if home is not None:
        known = (*terms, *_replacements(loaded.graph))
        misfilings = misfiled(files, others, home=home, shapes=rules, terms=known)
    unreadable = _unreadable((*checked, *others), prefixes)
    findings = _listed(
        *(finding for finding, _ in unreadable),
        *(_traced(found, hints) for found in traces),
        *map(_misfiled, misfilings),
    )
    return Report(
        len(checked),
        sum(file.count for file in checked),
        judged.focus_nodes,
        findings,
        _called(findings, loaded.graph, terms),
        {finding.id: excerpt for finding, excerpt in unreadable if excerpt},
        tuple({id(found.result): found.result for found in traces}.values()),
        _blank_nodes(loaded.files, rules) if judged.results else (),
    )


def validate_endpoint(
    asked: "AnyEngine",
    *,
    home: Home,
    shapes: Sequence[Path] = (),
    engine: Engine = Engine.SCREENED,
) -> Report:
    """Check what a triple store holds against a home's shapes, or against `shapes`.

    What it holds of the home's ontology is no data, and is passed over. Findings have no place.
    Raises EndpointError when the store fails, InputError when the shapes cannot be used.
    """
    from cjph_graph.home.labels import Names
    from cjph_graph.shacl import remote_graph
    from cjph_graph.validation.hints import Hints
    from cjph_graph.validation.locate import trace

    rules = Shapes(triple for path in shapes or [home.shapes] for triple in _shapes_of(path))
    ontology = read_turtle(home.ontology)
    graph, size = remote_graph(asked, ontology.subjects)
    check = validate_with_pyshacl if engine is Engine.PYSHACL else validate_graph
    judged = check(rules, graph)
    findings: tuple[Finding, ...] = ()
    if judged.results:
        prefixes = {n: i for n, i in _prefixes(home).items() if n}
        hints = Hints(graph, rules, Names(graph, ontology.triples), prefixes)
        findings = _listed(*(_traced(found, hints) for found in trace(judged.results, ())))
    return Report(
        0,
        size,
        judged.focus_nodes,
        findings,
        _called(findings, graph, ontology.triples),
        results=judged.results,
        blank_nodes=_blank_nodes((), rules),
    )


def _blank_nodes(files: Iterable[TurtleFile], rules: Shapes) -> tuple[BlankNode, ...]:
    inside = (node for file in files for node in file.blank_nodes)
    return (*inside, *(node for triple in rules.triples for node in blank_nodes(triple)))


def compiled(home: Home | None, shapes: Sequence[Path] = ()) -> str:
    """Return the SPARQL that a home's shapes, or others, are compiled to.

    It knows the classes below others that the home's ontology has, not those that data may add.
    """
    from cjph_graph.shacl import compiled_queries

    paths = [*shapes] or ([home.shapes] if home else [])
    rules = Shapes(triple for path in paths for triple in _shapes_of(path))
    terms = read_turtle(home.ontology).triples if home else ()
    files = [read_turtle(file) for path in paths for file in turtle_files(path)]
    prefixes = {name: iri for file in files for name, iri in file.prefixes.items() if name}
    graph = load_files((), _hierarchy(terms, rules)).graph
    return compiled_queries(rules, graph, prefixes)


def _prefixes(home: Home) -> dict[str, str]:
    files = [path for path in (home.ontology, home.vocabularies) if path.is_file()]
    files += shape_files(home)
    return {n: i for path in files for n, i in read_turtle(path).prefixes.items()}


def _sources(path: Path | TurtleFile) -> Sequence[Path | TurtleFile]:
    return [path] if isinstance(path, TurtleFile) else turtle_files(path)


def _shapes_of(path: Path) -> Iterable[Triple]:
    for file in map(read_turtle, turtle_files(path)):
        if file.problem:
            raise InputError(
                f"The shapes in {file.path}:{file.problem.line}:{file.problem.column} are not"
                f" Turtle: {file.problem.message}."
            )
        yield from file.triples


def _replacements(graph: StoredGraph) -> Iterator[Triple]:
    """Yield what the graph itself says of its deprecated terms."""
    for predicate in (DEPRECATED, REPLACED):
        yield from (quad.triple for quad in graph.store.quads_for_pattern(None, predicate, None))


def _standing_in(files: Sequence[TurtleFile], rules: Shapes, graph: StoredGraph) -> set[Term]:
    """Return what shapes can be about in files: subjects, and values where these are literals."""
    found: set[Term] = set()
    for file in files:
        found |= {*file.subjects, *file.blank_nodes}
    if any(rules.objects(root, "targetObjectsOf") for root in rules.targeting()):
        values = (triple.object for file in files for triple in file.stream())
        found.update(
            kept
            for value in values
            if isinstance(value, Literal)
            for kept in (value, graph.lexical_forms.as_stored(value))
        )
    return found


def _hierarchy(terms: Iterable[Triple], rules: Shapes) -> list[Triple]:
    """Return which classes are below those of the shapes: a rule for a class holds for them."""
    below = [triple for triple in terms if triple.predicate == SUBCLASS]
    classes: set[object] = {*rules.classes()}
    found: list[Triple] = []
    while more := [t for t in below if t.object in classes and t not in found]:
        found += more
        classes |= {t.subject for t in more}
    return found


def _traced(found: "Trace", hints: "Hints") -> Finding:
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


def _unreadable(
    files: Iterable[TurtleFile], prefixes: Mapping[str, str]
) -> list[tuple[Finding, str | None]]:
    """Return a finding for each file that is not Turtle, with the line of it that shows why."""
    broken = [(file, file.problem) for file in files if file.problem]
    if not broken:
        return []
    from cjph_graph.rdf.syntax_errors import explain

    slips = [(file, explain(file.data, problem, known=prefixes)) for file, problem in broken]
    return [(_slipped(file, slip), slip.excerpt) for file, slip in slips]


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


def _identity(*parts: str | None) -> str:
    import hashlib

    # Blank nodes have another name each time a file is read.
    text = "\x1f".join("_:" if part and part.startswith("_:") else part or "" for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _listed(*findings: Finding) -> tuple[Finding, ...]:
    """Put findings in order, without those that say the same again, of another rule of a shape."""
    distinct = {
        (f.file, f.line, f.column, f.focus, f.path, f.value, f.shape, f.message): f
        for f in findings
    }
    return tuple(sorted(distinct.values(), key=_order))


def _called(
    findings: Iterable[Finding], graph: DataGraph, terms: Iterable[Triple]
) -> dict[str, str]:
    """Return the names of what findings are about."""
    about = ((f.focus, (f.path or "").strip("^*+?"), f.value) for f in findings)
    iris = {iri for some in about for iri in some if iri}
    if not iris:
        return {}
    from cjph_graph.home.labels import Names

    names = Names(graph, terms)
    return {iri: name for iri in sorted(iris) if (name := names.of(iri))}


def _order(finding: Finding) -> tuple[object, ...]:
    f = finding
    texts = (part or "" for part in (f.focus, f.path, f.shape, f.constraint, f.value, f.message))
    return f.file or "", f.line or 0, f.column or 0, *texts
