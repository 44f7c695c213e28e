"""Rules about files, which no shape can say: one thing, one file, the usual prefixes, no old terms.

The shapes of a home say which of these rules hold there, and in which words: a rule that they do
not name is not checked.
"""

import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import Literal, NamedNode, Store, Triple

from cjph_graph.home import NAMESPACE, Home
from cjph_graph.rdf import DCTERMS, OWL, SH, TRUE, TurtleFile, compact, last_part
from cjph_graph.shacl import DataGraph, Result, Shapes, StoredGraph, query_result
from cjph_graph.system import shown
from cjph_graph.validation.collect import Collected

if TYPE_CHECKING:
    from cjph_graph.rdf.positions import Position

_RULES = "https://w3id.org/cjph/shapes#"
ONE_FILE, OWN_FILE, USUAL_PREFIX, CURRENT_TERM = (
    _RULES + name for name in ("OneFile", "OwnFile", "UsualPrefix", "CurrentTerm")
)
DEPRECATED = NamedNode(OWL + "deprecated")
REPLACED = NamedNode(DCTERMS + "isReplacedBy")

# One message names so many other files.
_MOST_NAMED = 5

_Broken: TypeAlias = "tuple[str | None, str, str, Position | None]"


@dataclass(frozen=True)
class FileViolation:
    """A broken rule about files: its IRI, the thing it is about, what is right, and where.

    `severity` is an IRI of SHACL.
    """

    rule: str
    severity: str
    focus: str | None
    value: str
    file: str
    place: "Position | None"
    message: str

    @property
    def result(self) -> Result:
        """The same as a SHACL result; where no thing is at fault, the file is the focus node."""
        row = {
            "this": NamedNode(self.focus) if self.focus else Literal(self.file),
            "value": Literal(self.value),
        }
        severity = NamedNode(self.severity)
        return query_result(NamedNode(self.rule), Literal(self.message), severity, row)


def file_violations(collected: Collected) -> list[FileViolation]:
    """Return what is wrong with the checked files of a home, as files among its other files."""
    if collected.home is None:
        return []
    files = [file for file in collected.files if not file.problem]
    shapes = collected.shapes
    return [
        found
        for rule, broken in (
            (ONE_FILE, _in_two_files(files, collected.around)),
            (OWN_FILE, _in_another_file(files, collected.home, shapes)),
            (USUAL_PREFIX, _unusual_prefixes(files, collected.around)),
            (CURRENT_TERM, _old_terms(files, collected.terms, collected.graph)),
        )
        for found in _worded(NamedNode(rule), broken, shapes)
    ]


def _worded(rule: NamedNode, broken: Iterable[_Broken], shapes: Shapes) -> Iterator[FileViolation]:
    """Yield what breaks a rule in the words that the shapes have for it, if they have any."""
    messages, severities = shapes.objects(rule, "message"), shapes.objects(rule, "severity")
    severity = severities[0].value if severities else SH + "Violation"
    for focus, value, file, place in broken if messages else ():
        message = messages[0].value.replace("{?value}", value)
        yield FileViolation(rule.value, severity, focus, value, file, place, message)


def _in_two_files(files: Sequence[TurtleFile], around: Sequence[TurtleFile]) -> Iterator[_Broken]:
    describing: dict[NamedNode, list[str]] = {}
    for file in (*files, *around):
        for subject in file.subjects:
            describing.setdefault(subject, []).append(file.path)
    shared = {subject: paths for subject, paths in describing.items() if len(paths) > 1}
    for file in files if shared else ():
        for subject, place in _places(file, file.subjects & shared.keys()).items():
            yield subject.value, _listed(shared[subject], file.path), file.path, place


def _listed(paths: Iterable[str], but: str) -> str:
    """Return a few of many paths, in words."""
    # The first are enough: each of many files would else name all the others.
    few = [path for path in itertools.islice(paths, _MOST_NAMED + 2) if path != but]
    return ", ".join([*few[:_MOST_NAMED], *(["others"] if len(few) > _MOST_NAMED else [])])


def _in_another_file(files: Sequence[TurtleFile], home: Home, shapes: Shapes) -> Iterator[_Broken]:
    # As for a kind, by closed shapes; read_schema would read all their properties as well.
    namespaces = {
        namespace: last_part(namespace.rstrip("/#"))
        for shape in shapes.targeting()
        if shapes.is_true(shape, "closed")
        for namespace in shapes.texts(shape, NAMESPACE)
        if namespace
    }
    folder = shown(home.data)
    for file in files:
        below = file.path.removeprefix(f"{folder}/")
        if below == file.path:
            continue
        name = below.removesuffix(".ttl")
        wrong: dict[NamedNode, str] = {}
        for subject in file.subjects:
            thing = subject.value.partition("#")[0]
            if name == namespaces.get(thing[: thing.rfind("/") + 1]):
                continue
            for namespace, kind in namespaces.items():
                if thing.startswith(namespace):
                    slug = thing.removeprefix(namespace)
                    if name not in (kind, f"{kind}/{slug}"):
                        wrong[subject] = f"{folder}/{kind}/{slug}.ttl"
        for subject, place in _places(file, wrong).items():
            yield subject.value, wrong[subject], file.path, place


def _unusual_prefixes(
    files: Sequence[TurtleFile], around: Sequence[TurtleFile]
) -> Iterator[_Broken]:
    # If two are equally frequent, the one in the other files of the home wins.
    counts = Counter(
        (name, iri) for file in (*around, *files) for name, iri in file.prefixes.items() if name
    )
    usual: dict[str, str] = {}
    for (name, iri), _ in counts.most_common():
        usual.setdefault(name, iri)
    for file in files:
        for name, iri in file.prefixes.items():
            if name and iri != usual[name]:
                yield None, f"{name}: <{usual[name]}>", file.path, _declaration(file.data, name)


def _old_terms(
    files: Sequence[TurtleFile], terms: Iterable[Triple], graph: DataGraph
) -> Iterator[_Broken]:
    if not isinstance(graph, StoredGraph):  # files are always in a store
        return
    known = [*terms, *_deprecations(graph.store)]
    deprecated = (t.subject for t in known if t.predicate == DEPRECATED and t.object == TRUE)
    old = {t for t in deprecated if isinstance(t, NamedNode) and _is_used(t, graph.store)}
    if not old:
        return
    instead = newer_terms(known)
    from cjph_graph.rdf.positions import excerpt

    for file in files:
        found = excerpt(file, (), predicates=old, objects=old)
        used = {
            triple: term
            for triple in found.triples.values()
            for term in (triple.predicate, triple.object)
            if isinstance(term, NamedNode) and term in old and triple.subject not in old
        }
        where = found.locate(used, ()).statements
        for triple, term in used.items():
            newer = instead.get(term.value)
            written = (compact(newer, file.prefixes) or f"<{newer}>") if newer else "another term"
            for statement in where.get(triple, ()):
                place = statement.predicate if term == triple.predicate else statement.object
                subject = triple.subject.value if isinstance(triple.subject, NamedNode) else None
                yield subject, written, file.path, place


def newer_terms(terms: Iterable[Triple]) -> dict[str, str]:
    """Return what came in place of deprecated terms, by their IRIs."""
    return {
        triple.subject.value: triple.object.value
        for triple in terms
        if triple.predicate == REPLACED
        and isinstance(triple.subject, NamedNode)
        and isinstance(triple.object, NamedNode)
    }


def _deprecations(store: Store) -> Iterator[Triple]:
    """Yield the triples in which data deprecate terms or name their replacements."""
    for predicate in (DEPRECATED, REPLACED):
        yield from (quad.triple for quad in store.quads_for_pattern(None, predicate, None))


def _is_used(term: NamedNode, store: Store) -> bool:
    """Say whether data use a term, before all files are read for the places where they do."""
    patterns = ((None, term, None), (None, None, term))
    return any(next(store.quads_for_pattern(*each), None) for each in patterns)


def _places(
    file: TurtleFile, subjects: Collection[NamedNode]
) -> "dict[NamedNode, Position | None]":
    if not subjects:
        return {}
    from cjph_graph.rdf.positions import find_positions

    where = find_positions(file, (), subjects).subjects
    return {
        subject: next(iter(where.get(subject, ())), None) for subject in sorted(subjects, key=str)
    }


def _declaration(data: bytes, name: str) -> "Position | None":
    from cjph_graph.rdf.positions import places

    written = rb"(?i)@?\bprefix[ \t\r\n]+%b:" % re.escape(name.encode())
    found = [match.start() for match in re.finditer(written, data)]
    return places(data, found[-1:])[found[-1]] if found else None
