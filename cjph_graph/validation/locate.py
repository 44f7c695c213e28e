"""Step 3: from a SHACL result to where it stands: which file, which line, which column.

A wrong value is found at its object, a missing property at its subject, surplus values at the first
of them, an unknown property at the property itself, and what is wrong with a thing as a whole where
the thing is described. One result has one place, however many statements led to it. Files are
read once more for it, one at a time, and only those that describe a thing at fault.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cjph_graph.rdf import Node, Term, TurtleFile, last_part
from cjph_graph.shacl import Result
from cjph_graph.system import tell
from cjph_graph.validation.check import Checked
from cjph_graph.validation.collect import Collected

if TYPE_CHECKING:
    from cjph_graph.rdf.positions import Excerpt, Located, Position, StatementPlaces

# Constraints on the values as a whole: no single value is to blame.
_OF_THE_THING = {
    f"{name}ConstraintComponent"
    for name in ("MinCount", "QualifiedMinCount", "QualifiedMaxCount", "HasValue")
}
# The number of a file, and a statement in it.
_Found: TypeAlias = tuple[int, Triple]


@dataclass(frozen=True, slots=True)
class Trace:
    """One place of a result.

    `focus` is the thing at fault and `value` the value that stands at this place, which a result
    about several values leaves open. `file` is None where nothing that was checked says it.
    """

    result: Result
    focus: str
    value: str | None
    file: str | None
    place: "Position | None"


@dataclass(frozen=True, slots=True)
class _Mark:
    """What to look for in a file: a statement and one of its parts, or a subject."""

    file: int
    sought: Triple | Node
    part: str


def locate(collected: Collected, checked: Checked) -> list[Trace]:
    """Return for each result its place in the files that are checked.

    What stands in none of them concerns the files around, or a class of the ontology, and is left
    out; what an endpoint holds stands in no file at all.
    """
    if not checked.results:
        return []
    tell("Finding the lines", 0, 0)
    files = [file for file in collected.files if not file.problem]
    classes = {str(triple.subject) for triple in collected.hierarchy}
    traces = [
        found
        for found in trace(checked.results, files)
        if found.file or not (collected.around or f"<{found.focus}>" in classes)
    ]
    if collected.mendings:
        from cjph_graph.validation.mended import certain

        return certain(traces, collected.mendings)
    return traces


def trace(results: Iterable[Result], files: Sequence[TurtleFile]) -> list[Trace]:
    """Return for each result the place in `files` where it stands, if it does.

    Nothing is read when there are no results.
    """
    found = list(results)
    if not found:
        return []
    index = _Index(found, files)
    alike: Counter[object] = Counter()
    marks = []
    for result in found:
        marks.append((result, index.focus(result), index.marks(result, alike[_alike(result)])))
        alike[_alike(result)] += 1
    located = _locate(index.excerpts, {mark for _, _, some in marks for mark in some})
    traces: list[Trace] = []
    for result, focus, some in marks:
        thing = _text(focus) if focus is not None else result.focus
        value = result.value if thing == result.focus else None
        places = [
            Trace(result, thing, _value(mark, value), files[mark.file].path, place)
            for mark in some
            for place in _places(mark, located[mark.file])
        ][:1]
        traces += places or [Trace(result, thing, value, None, None)]
    return traces


class _Index:
    """The statements that results may be about, by subject and by object, with their files."""

    def __init__(self, results: Sequence[Result], files: Sequence[TurtleFile]) -> None:
        subjects, objects = _sought(results, files)
        self.excerpts = [_excerpt(file, subjects, objects) for file in files]
        # The files that describe a thing; statements by themselves, from a thing, and to a term.
        self._about: dict[object, dict[int, None]] = {}
        self._exactly: dict[Triple | None, list[_Found]] = {}
        self._from: dict[tuple[object, str], list[_Found]] = {}
        self._to: dict[object, list[_Found]] = {}
        self._to_by: dict[tuple[object, str], list[_Found]] = {}
        for number, excerpt_ in enumerate(self.excerpts):
            for triple in excerpt_.triples.values():
                self._add((number, triple), subjects, objects)

    def _add(self, found: _Found, subjects: set[Node], objects: set[Term]) -> None:
        number, triple = found
        self._exactly.setdefault(triple, []).append(found)
        if triple.subject in subjects:
            self._about.setdefault(triple.subject, {})[number] = None
            self._from.setdefault((triple.subject, triple.predicate.value), []).append(found)
        if triple.object in objects:
            self._to.setdefault(triple.object, []).append(found)
            self._to_by.setdefault((triple.object, triple.predicate.value), []).append(found)

    def focus(self, result: Result) -> Term | None:
        """Return the thing at fault: a rule about the graph as a whole names it as the value."""
        focus, value = result.term("focusNode"), result.term("value")
        if focus not in self._about and focus not in self._to and value in self._about:
            return value
        return focus

    def marks(self, result: Result, before: int = 0) -> list[_Mark]:
        """Return where a result stands, in the order of the files.

        `before` is how many results say the same: of texts in one language, one for each language.
        """
        focus, value = self.focus(result), result.term("value")
        whole = self._described(focus)
        path = result.path
        if path is None or focus is None:
            return whole
        inverse = path.startswith("^")
        component = last_part(result.constraint)
        if value is not None:
            ends = (value, focus) if inverse else (focus, value)
            same = self._exactly.get(_triple(ends[0], path.removeprefix("^"), ends[1]), [])
        elif component in _OF_THE_THING:
            same = []
        else:
            by = self._to_by if inverse else self._from
            same = by.get((focus, path.removeprefix("^")), [])
            if component == "UniqueLangConstraintComponent":
                same = _doubled(same)[before : before + 1]
            elif component == "MaxCountConstraintComponent":
                same = same[1:2] or same  # where the first that is too many may be
            elif len(same) > 1:
                same = []  # nobody knows which of them is to blame
        part = "predicate" if component == "ClosedConstraintComponent" else "object"
        return [_Mark(number, triple, part) for number, triple in same] or whole

    def _described(self, focus: Term | None) -> list[_Mark]:
        """Return the subject in each file that describes it, else where it is linked from."""
        if focus is None:
            return []
        if not isinstance(focus, Literal) and (about := self._about.get(focus)):
            return [_Mark(number, focus, "subject") for number in about]
        return [_Mark(number, triple, "object") for number, triple in self._to.get(focus, [])]


def _triple(subject: Term, predicate: str, value: Term) -> Triple | None:
    """Return a statement; None where the path is not one property, or a literal stands first."""
    try:
        return Triple(subject, NamedNode(predicate), value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None


def _excerpt(file: TurtleFile, subjects: set[Node], objects: set[Term]) -> "Excerpt":
    from cjph_graph.rdf.positions import Excerpt, excerpt

    # Nodes are known of each file; what stands there as a value is not.
    here = (subjects & file.subjects) | subjects.intersection(file.blank_nodes)
    if not (objects or here):
        return Excerpt(file, {})
    return excerpt(file, here, objects=objects)


def _sought(results: Sequence[Result], files: Sequence[TurtleFile]) -> tuple[set[Node], set[Term]]:
    """Return the things to find where they are described, and the terms to find as values.

    As a value, a thing is needed only when it is not described, or when the path leads to it. Blank
    nodes count as not described.
    """
    subjects: set[Node] = set()
    objects: set[Term] = set()
    terms = [(result, result.term("focusNode"), result.term("value")) for result in results]
    for _, *pair in terms:
        subjects.update(term for term in pair if isinstance(term, NamedNode | BlankNode))
    described = {subject for file in files for subject in file.subjects & subjects}
    for result, focus, value in terms:
        linked = result.path is not None and result.path.startswith("^")
        undescribed = focus not in described
        if focus is not None and (linked or undescribed):
            objects.add(focus)
        if value is not None and linked and undescribed:
            objects.add(value)  # which may stand for the focus
    return subjects, objects


def _doubled(statements: Sequence[_Found]) -> list[_Found]:
    """Return the second text of each language that has several."""
    by_language: dict[str, list[_Found]] = {}
    for found in statements:
        if isinstance(text := found[1].object, Literal) and text.language:
            by_language.setdefault(text.language, []).append(found)
    return [texts[1] for texts in by_language.values() if len(texts) > 1]


def _alike(result: Result) -> object:
    return result.term("focusNode"), result.path, result.value, result.shape, result.constraint


def _locate(excerpts: Sequence["Excerpt"], marks: set[_Mark]) -> dict[int, "Located"]:
    sought: dict[int, set[Triple | Node]] = {}
    for mark in marks:
        sought.setdefault(mark.file, set()).add(mark.sought)
    return {
        number: excerpts[number].locate(
            {some for some in here if isinstance(some, Triple)},
            {some for some in here if not isinstance(some, Triple)},
        )
        for number, here in sought.items()
    }


def _places(mark: _Mark, located: "Located") -> "list[Position | None]":
    if not isinstance(mark.sought, Triple):
        return [next(iter(located.subjects.get(mark.sought, ())), None)]
    statements: Sequence[StatementPlaces] = located.statements.get(mark.sought, ())
    return [getattr(statement, mark.part) for statement in statements] or [None]


def _value(mark: _Mark, value: str | None) -> str | None:
    if value is None and isinstance(mark.sought, Triple) and mark.part == "object":
        return _text(mark.sought.object)
    return value


def _text(term: object) -> str:
    match term:
        case NamedNode() | Literal():
            return term.value
        case _:
            return str(term)
