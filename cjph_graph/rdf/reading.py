"""Turtle files into triples, safely.

The parser keeps literals as they are written, where a store rewrites numbers: whoever needs the
exact text reads triples, whoever asks questions loads a store (`loading`).
"""

import itertools
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeVar
from zlib import crc32

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from cjph_graph.errors import UsageError
from cjph_graph.rdf.blank_nodes import blank_nodes_in, renamed
from cjph_graph.rdf.lexer import BOM
from cjph_graph.rdf.nesting import (
    bounded,
    is_plain,
    may_have_too_many,
    most_triples,
    refuse_nesting,
    too_long,
    too_many_triples,
)
from cjph_graph.rdf.problems import SyntaxProblem, not_turtle, problem_of, unreadable
from cjph_graph.system import files_below, read, shown

T = TypeVar("T")


@dataclass(frozen=True)
class TurtleFile:
    """What one file says, up to the problem when there is one.

    `data` is the file as it was read and `count` how many triples it has; `subjects` are the IRIs
    that it says something about, and `blank_nodes` the names that its blank nodes were given, in
    the order in which they first stand there.
    """

    path: str
    problem: SyntaxProblem | None = None
    prefixes: dict[str, str] = field(default_factory=dict)
    data: bytes = field(default=b"", repr=False)
    count: int = 0
    subjects: frozenset[NamedNode] = field(default=frozenset(), repr=False)
    blank_nodes: tuple[BlankNode, ...] = field(default=(), repr=False)

    @cached_property
    def triples(self) -> tuple[Triple, ...]:
        """The triples in order, parsed when they are first asked for and then kept."""
        return tuple(self.stream())

    def stream(self) -> Iterator[Triple]:
        """Yield the triples in order, parsing anew; blank nodes have the names they were given."""
        found = (quad.triple for quad in self.quads())
        if not self.blank_nodes:
            yield from found
            return
        left = iter(self.blank_nodes)
        names: dict[BlankNode, BlankNode] = {}
        for triple in found:
            for node in blank_nodes_in(triple):
                if node not in names:
                    names[node] = next(left)
            yield renamed(triple, names)

    def quads(self) -> Iterator[Quad]:
        """Yield the statements in order, parsing anew; blank nodes have any names."""
        return itertools.islice(parse(self.text, format=RdfFormat.TURTLE), self.count)

    @property
    def text(self) -> bytes:
        """The file as parsers take it, without a byte order mark."""
        return self.data.removeprefix(BOM)

    def sound(self) -> "TurtleFile":
        """Return the file itself; raise InputError, with the place, when it has a problem."""
        if self.problem:
            raise not_turtle(self.path, self.problem)
        return self

    def load_into(self, store: Store) -> None:
        """Put the triples of a file without a problem into a store."""
        if self.blank_nodes:
            store.bulk_extend(Quad(*triple) for triple in self.stream())
        else:
            store.load(self.text, format=RdfFormat.TURTLE)


def read_turtle(path: Path) -> TurtleFile:
    """Read one Turtle file; a file that cannot be read or parsed is a result with a problem."""
    return _opened(path, lambda data: read_bytes(data, shown(path)))


def read_bytes(data: bytes, name: str) -> TurtleFile:
    """Read Turtle from memory; `name` is what messages call it.

    Blank nodes get names by file and order, so that those of two files never meet. Raises
    LimitError when there are more triples than are allowed, or brackets inside brackets.
    """
    triples: list[Triple] = []
    file = _scan(data, name, keep=lambda quad: triples.append(quad.triple))
    vars(file)["triples"] = tuple(triples)  # as if they had been asked for
    return file


def scan_turtle(
    path: Path, note: Callable[[Quad], object], begin: Callable[[bytes], object]
) -> TurtleFile:
    """Read one Turtle file without keeping its triples.

    Each statement about a literal without a language is handed to `note`. A text that has no blank
    nodes, if it is Turtle, is handed to `begin` beforehand. A file that cannot be read or parsed is
    a result with a problem. Raises LimitError.
    """
    return _opened(path, lambda data: _scan(data, shown(path), note, begin=begin))


def feed_turtle(path: Path, keep: Callable[[Quad], object]) -> TurtleFile:
    """Read one Turtle file and hand each statement to `keep`, in order; nothing else keeps them.

    A file that cannot be read or parsed is a result with a problem. Raises LimitError.
    """
    return _opened(path, lambda data: _scan(data, shown(path), keep=keep))


def parsed(data: bytes, name: str, work: Callable[[bytes], T]) -> T | SyntaxProblem:
    """Return what `work` makes of a text that it parses, or why that is not Turtle.

    Raises LimitError when there are more triples than are allowed, or brackets inside brackets.
    """
    refuse_nesting(data, name)
    try:
        if may_have_too_many(data):
            quads = parse(
                data.removeprefix(BOM), format=RdfFormat.TURTLE, base_iri="http://a.invalid/"
            )
            deque(bounded(quads, name), maxlen=0)
        return work(data)
    except SyntaxError as error:
        return problem_of(error, data)
    except MemoryError as error:
        raise too_long(name) from error


def _opened(path: Path, parse_it: Callable[[bytes], TurtleFile]) -> TurtleFile:
    try:
        data = read(path)
    except OSError as error:
        return TurtleFile(shown(path), unreadable(error))
    return parse_it(data)


def _scan(
    data: bytes,
    name: str,
    note: Callable[[Quad], object] | None = None,
    keep: Callable[[Quad], object] | None = None,
    begin: Callable[[bytes], object] | None = None,
) -> TurtleFile:
    refuse_nesting(data, name)
    text = data.removeprefix(BOM)
    if begin and is_plain(data):
        begin(text)
    parser = parse(text, format=RdfFormat.TURTLE, rename_blank_nodes=True)
    count, most = 0, most_triples()
    subjects: set[NamedNode] = set()
    # The parser's names are others each time; these stay the same while the file does.
    prefix = f"f{crc32(data, crc32(name.encode())):08x}n"
    names: dict[BlankNode, BlankNode] = {}
    problem = last = None
    try:
        for quad in parser:
            if count == most:
                raise too_many_triples(most, name)
            count += 1
            subject, value = quad.subject, quad.object
            if subject != last:
                last = subject
                if type(subject) is NamedNode:
                    subjects.add(subject)
            # By `type`, the quickest: this is asked of every triple, and there are no subclasses.
            is_literal = type(value) is Literal
            if type(subject) is not NamedNode or not (is_literal or type(value) is NamedNode):
                for node in blank_nodes_in(quad.triple):
                    if node not in names:
                        names[node] = BlankNode(f"{prefix}{len(names) + 1}")
                quad = Quad(*renamed(quad.triple, names))
            if note and is_literal and value.language is None:
                note(quad)
            if keep:
                keep(quad)
    except SyntaxError as error:
        problem = problem_of(error, data)
    except MemoryError as error:
        raise too_long(name) from error
    return TurtleFile(
        name, problem, parser.prefixes, data, count, frozenset(subjects), tuple(names.values())
    )


def turtle_files(path: Path) -> list[Path]:
    """Return the Turtle files below a folder, sorted, hidden ones left out; or the file itself.

    Raises UsageError when there is nothing at `path`, or no Turtle file in the folder, and
    RefusedError when a link leads out of it.
    """
    if path.is_dir():
        if not (found := files_below(path, ".ttl")):
            raise UsageError(
                f"There is no Turtle file in {shown(path)}.", "Their names end in .ttl."
            )
        return found
    if not path.exists():
        raise UsageError(f"{shown(path)} does not exist.")
    return [path]
