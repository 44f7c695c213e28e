"""The data graph of SHACL: what is checked, as files say it, and asked as a store has it."""

import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from cjph_graph.graph import TurtleFile, Walk, open_turtle
from cjph_graph.progress import tell
from cjph_graph.shapes import Term
from cjph_graph.spelling import Spellings

# How many triples are sorted into a store at a time: more needs more memory for no less time.
_BATCH = 250_000


class DataGraph(Protocol):
    """A graph that can be asked in SPARQL, and looked up in as it was written."""

    spellings: Spellings
    has_blank_nodes: bool

    def ask(self, text: str) -> list[tuple[Term | None, ...]]:
        """Return the rows of a SELECT that was compiled here, in any order."""

    def columns(self, text: str) -> tuple[list[str], list[tuple[Term | None, ...]]]:
        """Return the names of the columns of a SELECT and its rows, in any order."""

    def statements(
        self, nodes: Iterable[Term], predicate: NamedNode | None, *, inverse: bool = False
    ) -> Iterator[Triple]:
        """Yield what is said of some nodes, with `inverse` what links to them, as written."""

    def everything(self) -> Iterator[Triple]:
        """Yield every triple as it was written."""

    def at_hand(self, predicates: Collection[NamedNode]) -> "DataGraph":
        """Return a graph that joins by values, with at least the statements of some predicates."""


class StoredGraph:
    """Files in a store in memory, with some triples beside them."""

    def __init__(
        self,
        store: Store,
        files: Sequence[TurtleFile],
        besides: Sequence[Triple] = (),
        spellings: Spellings | None = None,
        *,
        has_blank_nodes: bool = False,
    ) -> None:
        self.store = store
        self.spellings = spellings or Spellings()
        self.has_blank_nodes = has_blank_nodes or any(file.blank_nodes for file in files)
        self._files = files
        self._besides = besides

    def ask(self, text: str) -> list[tuple[Term | None, ...]]:
        """Return the rows of a SELECT that was compiled here, in any order."""
        return self.columns(text)[1]

    def columns(self, text: str) -> tuple[list[str], list[tuple[Term | None, ...]]]:
        """Return the names of the columns of a SELECT and its rows, in any order."""
        solutions = cast("QuerySolutions", self.store.query(text))
        names = [variable.value for variable in solutions.variables]
        return names, [cast("tuple[Term | None, ...]", tuple(row)) for row in solutions]

    def statements(
        self, nodes: Iterable[Term], predicate: NamedNode | None, *, inverse: bool = False
    ) -> Iterator[Triple]:
        """Yield what is said of some nodes, with `inverse` what links to them, as written."""
        for node in nodes:
            if inverse:
                quads = self.store.quads_for_pattern(None, predicate, node)
            elif isinstance(node, Literal):
                continue
            else:
                quads = self.store.quads_for_pattern(node, predicate, None)
            # To the end at once: a query that is left open belongs to its thread.
            for quad in [*quads]:
                yield from self.spellings.written(quad.triple)

    def everything(self) -> Iterator[Triple]:
        """Yield every triple as it was written."""
        for file in self._files:
            yield from file.stream()
        yield from self._besides

    def at_hand(self, predicates: Collection[NamedNode]) -> DataGraph:
        """Return this graph: its store is in memory."""
        return self


@dataclass(frozen=True)
class Loaded:
    """Files as they were read, those with problems too, and a store of what the others say."""

    files: tuple[TurtleFile, ...]
    graph: StoredGraph


def load_files(given: Iterable[Path | TurtleFile], besides: Sequence[Triple] = ()) -> Loaded:
    """Read files into a new store; those that are not Turtle are left out of it.

    Raises LimitError at a file with more than is allowed.
    """
    spellings = Spellings()
    walks = _Walks(list(given), spellings)
    store = Store()
    quads = itertools.chain(walks, (Quad(*triple) for triple in besides))
    while batch := list(itertools.islice(quads, _BATCH)):
        store.bulk_extend(batch)
    if walks.broken:
        # What a broken file said before its problem counts for nothing: it is read as if empty.
        whole = load_files([file for file in walks.files if not file.problem], besides)
        return Loaded(tuple(walks.files), whole.graph)
    if spellings and len(store) < sum(file.count for file in walks.files) + len(besides):
        spellings.look_for_others(triple for file in walks.files for triple in file.stream())
    return Loaded(tuple(walks.files), StoredGraph(store, walks.files, besides, spellings))


class _Walks:
    """The triples of some files, one after another; `files` are those that were gone through."""

    def __init__(self, sources: Sequence[Path | TurtleFile], spellings: Spellings) -> None:
        self.files: list[TurtleFile] = []
        self._sources = sources
        self._note = spellings.note

    @property
    def broken(self) -> bool:
        return any(file.problem for file in self.files)

    def __iter__(self) -> Iterator[Quad]:
        total = len(self._sources)
        for number, source in enumerate(self._sources):
            tell("Reading files", number, total)
            walk = open_turtle(source) if isinstance(source, Path) else source
            if isinstance(walk, Walk):
                yield from walk.quads(self._note)
                self.files.append(walk.file())
            else:
                self.files.append(walk)
                for triple in walk.stream() if not walk.problem else ():
                    if isinstance(triple.object, Literal):
                        self._note(triple.subject, triple.predicate, triple.object)
                    yield Quad(*triple)
