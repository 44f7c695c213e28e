"""From a SHACL result to where it stands: which file, which line, which column.

A wrong value is found at its object, a missing property at its subject, a doubled one at each
place, an unknown property at the property itself, and what is wrong with a thing as a whole where
the thing is described, in each file that does. Files are walked again only when something in
them is wrong.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cjph_graph.graph import TurtleFile, last_part
from cjph_graph.positions import Located, Place, Statement, locate
from cjph_graph.shacl import Result

Term: TypeAlias = NamedNode | BlankNode | Literal
Subject: TypeAlias = NamedNode | BlankNode


@dataclass(frozen=True)
class Trace:
    """One place of a result.

    `focus` is the thing at fault and `value` the value that stands at this place, which a result
    about several values leaves open. `file` is None where nothing that was checked says it.
    """

    result: Result
    focus: str
    value: str | None
    file: str | None
    place: Place | None


@dataclass(frozen=True)
class _Mark:
    """What to look for in a file: a statement and one of its parts, or a subject."""

    file: int
    sought: Triple | Subject
    part: str


def trace(results: Iterable[Result], files: Sequence[TurtleFile]) -> list[Trace]:
    """Return for each result the places in `files` where it stands; one without any if it does not.

    Nothing is read when there are no results.
    """
    found = list(results)
    if not found:
        return []
    index = _Index(found, files)
    marks = [(result, index.focus(result), index.marks(result)) for result in found]
    located = _locate(files, {mark for _, _, some in marks for mark in some})
    traces: list[Trace] = []
    for result, focus, some in marks:
        spelt = _text(focus) if focus is not None else result.focus
        value = result.value if spelt == result.focus else None
        places = [
            Trace(result, spelt, _value(mark, value), files[mark.file].path, place)
            for mark in some
            for place in _places(mark, located[mark.file])
        ]
        traces += places or [Trace(result, spelt, value, None, None)]
    return traces


class _Index:
    """The statements that results may be about, by subject and by object, with their files."""

    def __init__(self, results: Sequence[Result], files: Sequence[TurtleFile]) -> None:
        wanted = {term for r in results for term in (r.term("focusNode"), r.term("value"))}
        self._about: dict[Term, list[tuple[int, Triple]]] = {}
        self._to: dict[Term, list[tuple[int, Triple]]] = {}
        for number, file in enumerate(files):
            for triple in file.triples:
                subject, value = triple.subject, triple.object
                if subject in wanted and not isinstance(subject, Triple):
                    self._about.setdefault(subject, []).append((number, triple))
                if value in wanted and not isinstance(value, Triple):
                    self._to.setdefault(value, []).append((number, triple))

    def focus(self, result: Result) -> Term | None:
        """Return the thing at fault: a rule about the graph as a whole names it as the value."""
        focus, value = result.term("focusNode"), result.term("value")
        if focus not in self._about and focus not in self._to and value in self._about:
            return value
        return focus

    def marks(self, result: Result) -> list[_Mark]:
        """Return where a result stands, in the order of the files."""
        focus, value = self.focus(result), result.term("value")
        whole = self._described(focus)
        path = result.path
        if path is None or focus is None:
            return whole
        if path.startswith("^"):
            statements = [s for s in self._to.get(focus, []) if s[1].predicate.value == path[1:]]
            same = [s for s in statements if s[1].subject == value]
        else:
            statements = [s for s in self._about.get(focus, []) if s[1].predicate.value == path]
            same = [s for s in statements if s[1].object == value]
        component = last_part(result.constraint)
        if value is None and component == "UniqueLangConstraintComponent":
            same = _doubled(statements)
        elif value is None and component != "MinCountConstraintComponent":
            same = statements
        part = "predicate" if component == "ClosedConstraintComponent" else "object"
        return [_Mark(number, triple, part) for number, triple in same] or whole

    def _described(self, focus: Term | None) -> list[_Mark]:
        """Return the subject in each file that describes it, else where it is linked from."""
        if focus is None:
            return []
        if not isinstance(focus, Literal) and (about := self._about.get(focus)):
            return [_Mark(number, focus, "subject") for number in sorted({n for n, _ in about})]
        return [_Mark(number, triple, "object") for number, triple in self._to.get(focus, [])]


def _doubled(statements: Sequence[tuple[int, Triple]]) -> list[tuple[int, Triple]]:
    def language(triple: Triple) -> str:
        return triple.object.language or "" if isinstance(triple.object, Literal) else ""

    tags = [language(triple) for _, triple in statements]
    return [s for s, tag in zip(statements, tags, strict=True) if tag and tags.count(tag) > 1]


def _locate(files: Sequence[TurtleFile], marks: set[_Mark]) -> dict[int, Located]:
    located: dict[int, Located] = {}
    for number in {mark.file for mark in marks}:
        sought = {mark.sought for mark in marks if mark.file == number}
        file = files[number]
        located[number] = locate(
            file.data,
            file.triples,
            {some for some in sought if isinstance(some, Triple)},
            {some for some in sought if not isinstance(some, Triple)},
        )
    return located


def _places(mark: _Mark, located: Located) -> list[Place | None]:
    if not isinstance(mark.sought, Triple):
        return [next(iter(located.subjects.get(mark.sought, ())), None)]
    statements: Sequence[Statement] = located.statements.get(mark.sought, ())
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
