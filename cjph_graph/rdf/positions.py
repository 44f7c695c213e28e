"""Where statements stand in a Turtle file that the parser has accepted: line and column."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from pyoxigraph import BlankNode, NamedNode, Triple

from cjph_graph.rdf.lexer import BOM
from cjph_graph.rdf.reading import TurtleFile
from cjph_graph.rdf.statements import Offsets, walk

Subject: TypeAlias = NamedNode | BlankNode


@dataclass(frozen=True, order=True)
class Place:
    """A line, and a column in characters; both count from 1."""

    line: int
    column: int


@dataclass(frozen=True)
class Statement:
    """Where the three parts of a statement stand.

    `[ … ]` and `( … )` stand at their opening bracket. In `( … )`, an element stands for its place
    in the list and for `rdf:first`; the element or bracket after it for `rdf:rest`.
    """

    subject: Place
    predicate: Place
    object: Place


@dataclass(frozen=True)
class Located:
    """Where the statements and things asked for stand, each place in the order of the text.

    What is not in the file is not here, nor what only RDF 1.2 has: a statement about a statement.
    """

    statements: dict[Triple, tuple[Statement, ...]] = field(default_factory=dict)
    subjects: dict[Subject, tuple[Place, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Excerpt:
    """Some triples of a file, by their number: they are counted from 0 in the parser's order."""

    file: TurtleFile
    triples: Mapping[int, Triple]

    def locate(self, statements: Collection[Triple], subjects: Collection[Subject]) -> Located:
        """Find statements, and where something is said of things, among these triples.

        A subject stands once for each time it is opened: `;` and `,` say more of it without
        opening it again.
        """
        statements, subjects = set(statements), set(subjects)
        wanted = [
            number
            for number, triple in self.triples.items()
            if triple in statements or triple.subject in subjects
        ]
        if not wanted:
            return Located()
        data = self.file.data
        start = len(BOM) if data.startswith(BOM) else 0
        count, found = walk(data[start:], wanted)
        if count != self.file.count:
            return Located()  # No place is better than a wrong one.
        parts = [(self.triples[number], start, offsets) for number, offsets in found.items()]
        return _place(data, parts, statements, subjects)


def excerpt(
    file: TurtleFile,
    subjects: Collection[object],
    *,
    predicates: Collection[object] = (),
    objects: Collection[object] = (),
) -> Excerpt:
    """Return the triples of a file that have one of some subjects, predicates or objects."""
    numbered = enumerate(file.stream())
    if not (predicates or objects):
        return Excerpt(file, {number: t for number, t in numbered if t.subject in subjects})
    return Excerpt(
        file,
        {
            number: t
            for number, t in numbered
            if t.subject in subjects or t.predicate in predicates or t.object in objects
        },
    )


def locate(
    file: TurtleFile, statements: Collection[Triple], subjects: Collection[Subject]
) -> Located:
    """Find statements, and where something is said of things, in a file."""
    statements, subjects = set(statements), set(subjects)
    sought = {*subjects, *(triple.subject for triple in statements)}
    return excerpt(file, sought).locate(statements, subjects)


def _place(
    data: bytes,
    found: Iterable[tuple[Triple, int, Offsets]],
    statements: Collection[Triple],
    subjects: Collection[Subject],
) -> Located:
    """Turn offsets into lines and columns, by statement and by subject."""
    where: dict[Triple, list[Offsets]] = {}
    opened: dict[Subject, set[int]] = {}
    for triple, start, (subject, predicate, value) in found:
        if triple in statements:
            at = (start + subject, start + predicate, start + value)
            where.setdefault(triple, []).append(at)
        if triple.subject in subjects:
            opened.setdefault(triple.subject, set()).add(start + subject)  # type: ignore[arg-type]
    offsets = {offset for all_at in where.values() for at in all_at for offset in at}
    at_offset = places(data, offsets.union(*opened.values()))
    return Located(
        {
            triple: tuple(
                Statement(at_offset[subject], at_offset[predicate], at_offset[value])
                for subject, predicate, value in sorted(all_at, key=lambda at: at[2])
            )
            for triple, all_at in where.items()
        },
        {
            subject: tuple(at_offset[offset] for offset in sorted(offsets))
            for subject, offsets in opened.items()
        },
    )


def places(data: bytes, offsets: Iterable[int]) -> dict[int, Place]:
    """Return the line and column of each offset. CRLF, LF and CR end a line."""
    found = {}
    line, column, last = 1, 1, len(BOM) if data.startswith(BOM) else 0
    for offset in sorted(offsets):
        ends = data.count(b"\n", last, offset)
        if returns := data.count(b"\r", last, offset):
            ends += returns - data.count(b"\r\n", last, offset)
        if ends:
            start = data.rfind(b"\n", last, offset) + 1 or last
            last = data.rfind(b"\r", start, offset) + 1 or start
            line, column = line + ends, 1
        column += len(data[last:offset].decode(errors="replace"))
        found[offset] = Place(line, column)
        last = offset
    return found
