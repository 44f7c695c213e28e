"""What a file of any size says of some things, and where, without reading all of it.

Only the passages that may say it are parsed. What cannot be relied on is read the long way: the
whole file.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from cjph_graph.rdf.passages import Passage, Sought, passages
from cjph_graph.rdf.positions import Located, Subject, locate, place
from cjph_graph.rdf.reading import TurtleFile
from cjph_graph.rdf.statements import Offsets, walk

Term: TypeAlias = NamedNode | BlankNode | Literal


@dataclass(frozen=True)
class _Part:
    """A passage, how many triples it has and, by their numbers, those that are sought."""

    passage: Passage
    count: int
    triples: dict[int, Triple]


@dataclass(frozen=True)
class Excerpt:
    """The triples of a file that were sought, in the order in which the parser gives them."""

    file: TurtleFile
    triples: tuple[Triple, ...]
    _parts: tuple[_Part, ...] | None = field(default=None, repr=False)

    def locate(self, statements: Collection[Triple], subjects: Collection[Subject]) -> Located:
        """Find statements, and where something is said of things, among what was sought."""
        statements, subjects = set(statements), set(subjects)
        if self._parts is None:
            return locate(self.file.data, self.file.triples, statements, subjects)
        found: list[tuple[Triple, int, Offsets]] = []
        for part in self._parts:
            wanted = [
                number
                for number, triple in part.triples.items()
                if triple in statements or triple.subject in subjects
            ]
            if wanted:
                start = part.passage.start
                count, offsets = walk(self.file.data[start : part.passage.end], wanted)
                if count != part.count:
                    return locate(self.file.data, self.file.triples, statements, subjects)
                found += ((part.triples[number], start, at) for number, at in offsets.items())
        return place(self.file.data, found, statements, subjects)


def excerpt(
    file: TurtleFile,
    subjects: Iterable[Subject],
    *,
    predicates: Iterable[NamedNode] = (),
    objects: Iterable[Term] = (),
) -> Excerpt:
    """Return the triples of a file that have one of some subjects, predicates or objects."""
    wanted = _Wanted(frozenset(subjects), frozenset(predicates), frozenset(objects))
    parts = None if file.problem else _read(file, wanted)
    if parts is None:
        return Excerpt(file, tuple(filter(wanted.has, file.triples)))
    return Excerpt(file, tuple(t for part in parts for t in part.triples.values()), parts)


@dataclass(frozen=True)
class _Wanted:
    subjects: frozenset[Subject]
    predicates: frozenset[NamedNode]
    objects: frozenset[Term]

    def has(self, triple: Triple) -> bool:
        return (
            triple.subject in self.subjects
            or triple.object in self.objects
            or triple.predicate in self.predicates
        )


def _read(file: TurtleFile, wanted: _Wanted) -> tuple[_Part, ...] | None:
    """Read what is wanted; None where that needs the whole file."""
    subjects = file.subjects & wanted.subjects
    others = {term for term in wanted.objects if not isinstance(term, BlankNode)}
    others |= wanted.predicates
    blank_nodes = any(
        node in wanted.subjects or node in wanted.objects for node in file.blank_nodes
    )
    if not (subjects or others or blank_nodes):
        return ()
    while True:
        names = _Names(file.blank_nodes) if blank_nodes else None
        try:
            found = passages(file.data, Sought(subjects, frozenset(others), blank_nodes))
            if found is None:
                return None
            parts = tuple(_parse(file.data, passage, wanted, names) for passage in found)
        except (SyntaxError, LookupError):
            return None
        triples = [triple for part in parts for triple in part.triples.values()]
        if file.blank_nodes and not blank_nodes and any(map(_has_blank_node, triples)):
            blank_nodes = True  # To give them their names takes to read all that there are.
            continue
        # Of these it is known that the file has them.
        if subjects <= {triple.subject for triple in triples} and (not names or names.all_given()):
            return parts
        return None


def _parse(data: bytes, passage: Passage, wanted: _Wanted, names: "_Names | None") -> _Part:
    # At the end of a text the parser takes some escapes in names for another thing than elsewhere.
    end = b"\n" if passage.end < len(data) else b""
    text = b"".join((passage.prologue, data[passage.start : passage.end], end))
    triples: dict[int, Triple] = {}
    number = -1
    for number, quad in enumerate(parse(text, format=RdfFormat.TURTLE)):
        triple = names.named(quad.triple) if names else quad.triple
        if wanted.has(triple):
            triples[number] = triple
    return _Part(passage, number + 1, triples)


def _has_blank_node(term: object) -> bool:
    if isinstance(term, Triple):
        return _has_blank_node(term.subject) or _has_blank_node(term.object)
    return isinstance(term, BlankNode)


class _Names:
    """Gives blank nodes the names that they were given when the file was read first."""

    def __init__(self, names: Iterable[BlankNode]) -> None:
        self._left = iter(names)
        self._given: dict[BlankNode, BlankNode] = {}

    def named(self, term: Any) -> Any:
        """Return a term or triple with those names; raises LookupError when there are too few."""
        if isinstance(term, Triple):
            if not _has_blank_node(term):
                return term
            return Triple(self.named(term.subject), term.predicate, self.named(term.object))
        if isinstance(term, BlankNode):
            if term not in self._given:
                if (name := next(self._left, None)) is None:
                    raise LookupError(term)
                self._given[term] = name
            return self._given[term]
        return term

    def all_given(self) -> bool:
        """Whether no name is left."""
        return next(self._left, None) is None
