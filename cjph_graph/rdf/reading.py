"""Turtle files into triples and into a store, safely.

The parser keeps literals as they are written, where a store rewrites numbers: whoever needs the
exact text reads triples, whoever asks questions loads a store.
"""

import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, TypeVar
from zlib import crc32

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from cjph_graph.errors import InputError, UsageError
from cjph_graph.rdf.blank_nodes import blank_nodes_in, renamed
from cjph_graph.rdf.formats import other_format
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
from cjph_graph.system import ahead, files_below, read, shown, tell

T = TypeVar("T")

_LONGEST = 300
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class SyntaxProblem(NamedTuple):
    """Why a file is not Turtle, and where: line and column count from 1, 0 is the whole file."""

    message: str
    line: int
    column: int


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


def not_turtle(name: str, problem: SyntaxProblem) -> InputError:
    """Return the error that says where a file is not Turtle, or why it cannot be read."""
    place = f":{problem.line}:{problem.column}" if problem.line else ""
    return InputError(
        f"{name}{place}: {problem.message}.", "Run `cjph validate` to see every problem at once."
    )


def _unreadable(error: OSError) -> SyntaxProblem:
    return SyntaxProblem(f"The file cannot be read: {error.strerror or error}", 0, 0)


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
        return _problem(error, data)
    except MemoryError as error:
        raise too_long(name) from error


def _opened(path: Path, parse_it: Callable[[bytes], TurtleFile]) -> TurtleFile:
    try:
        data = read(path)
    except OSError as error:
        return TurtleFile(shown(path), _unreadable(error))
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
        problem = _problem(error, data)
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


def load(files: Iterable[Path]) -> Store:
    """Load files into a new store in memory.

    Raises InputError at the first file that is unreadable or not Turtle, LimitError at one that
    is too large.
    """
    store = Store()
    paths = tuple(files)
    for number, (path, data) in enumerate(ahead(_texts(paths))):
        tell("Reading files", number, len(paths))
        _load_into(store, path, data)
    tell("Reading files", len(paths), len(paths))
    return store


def _texts(paths: Iterable[Path]) -> Iterator[tuple[Path, bytes]]:
    for path in paths:
        try:
            data = read(path)
        except OSError as error:
            raise not_turtle(shown(path), _unreadable(error)) from error
        refuse_nesting(data, path)
        yield path, data


def _load_into(store: Store, path: Path, data: bytes) -> None:
    text = data.removeprefix(BOM)
    try:
        if may_have_too_many(data):
            quads = parse(text, format=RdfFormat.TURTLE, rename_blank_nodes=True)
            store.bulk_extend(bounded(quads, path))
        else:
            store.load(text, format=RdfFormat.TURTLE)
    except SyntaxError as error:
        raise not_turtle(shown(path), _problem(error, data)) from error
    except MemoryError as error:
        raise too_long(shown(path)) from error


def _problem(error: SyntaxError, data: bytes) -> SyntaxProblem:
    if data.startswith(_UTF_16):
        return SyntaxProblem("This is UTF-16 text; save the file as UTF-8", 1, 1)
    if other := other_format(data):
        return SyntaxProblem(f"This is {other}; what is read here is Turtle", 1, 1)
    # The parser gives the position twice, once inside the text: a finding shows it once.
    message = str(error.msg).partition(": ")[2] or str(error.msg)
    if message.startswith("Invalid UTF-8"):
        message = "These bytes are not UTF-8 text; save the file as UTF-8"
    # Pages of what the parser could not read would help nobody.
    message = " ".join(message.split())
    message = message if len(message) <= _LONGEST else f"{message[:_LONGEST]}…"
    return SyntaxProblem(message.rstrip("."), error.lineno or 0, error.offset or 0)
