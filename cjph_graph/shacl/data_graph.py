"""The data graph of SHACL: what is checked, as files say it, and asked as a store has it."""

import itertools
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple, Protocol, cast

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store, Triple

from cjph_graph.rdf.reading import TurtleFile, open_turtle
from cjph_graph.shacl.lexical_forms import LexicalForms
from cjph_graph.shacl.shapes import Term
from cjph_graph.system.progress import tell

# How many triples are sorted into a store at a time: more needs more memory for no less time.
_BATCH = 250_000
# How many bytes of text a store reads at a time, if files are small.
_TOGETHER = 50_000


class DataGraph(Protocol):
    """A graph that can be asked in SPARQL, and looked up in as it was written."""

    lexical_forms: LexicalForms
    has_blank_nodes: bool
    # How many queries are asked at a time.
    at_once: int
    # Things that are there and are no data.
    besides: Collection[NamedNode]

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

    # Queries run in native code, which lets others run.
    at_once = 2

    def __init__(
        self,
        store: Store,
        files: Sequence[TurtleFile],
        besides: Sequence[Triple] = (),
        lexical_forms: LexicalForms | None = None,
        *,
        has_blank_nodes: bool = False,
    ) -> None:
        self.store = store
        self.besides: Collection[NamedNode] = ()
        self.lexical_forms = lexical_forms or LexicalForms()
        self.has_blank_nodes = has_blank_nodes or any(file.blank_nodes for file in files)
        self._files = files
        self._beside = besides

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
                yield from self.lexical_forms.as_written(quad.triple)

    def everything(self) -> Iterator[Triple]:
        """Yield every triple as it was written."""
        for file in self._files:
            yield from file.stream()
        yield from self._beside

    def at_hand(self, predicates: Collection[NamedNode]) -> DataGraph:
        """Return this graph: its store is in memory."""
        return self


class Loaded(NamedTuple):
    """Files as they were read, those with problems too, and a store of what the others say."""

    files: tuple[TurtleFile, ...]
    graph: StoredGraph


def load_files(given: Iterable[Path | TurtleFile], besides: Sequence[Triple] = ()) -> Loaded:
    """Read files into a new store; those that are not Turtle are left out of it.

    Raises LimitError at a file with more than is allowed.
    """
    sources = list(given)
    loading = _Loading(sources, besides, swift=True)
    if loading.is_odd:
        loading = _Loading(sources, besides)
    files, graph = tuple(loading.files), loading.graph
    if any(file.problem for file in files):
        # What a broken file said before its problem counts for nothing.
        graph = _Loading([file for file in files if not file.problem], besides).graph
    return Loaded(files, graph)


class _Loading:
    """Files read into a store, and what there is to know of each.

    If it is `swift`, the store reads files by itself, and they are gone through here at the same
    time. It would give blank nodes other names, and begin with what is not Turtle: at the first
    file that has such it ends, and is odd.
    """

    def __init__(
        self,
        sources: Sequence[Path | TurtleFile],
        besides: Sequence[Triple],
        *,
        swift: bool = False,
    ) -> None:
        self.files: list[TurtleFile] = []
        self.is_odd = False
        self._store = Store()
        self._lexical_forms = LexicalForms()
        self._loader = _Loader(self._store) if swift else None
        quads = itertools.chain(self._walk(sources), (Quad(*triple) for triple in besides))
        try:
            while batch := list(itertools.islice(quads, _BATCH)):
                self._store.bulk_extend(batch)
        finally:
            if self._loader:
                self._loader.end()
        self.is_odd = self.is_odd or bool(self._loader and not self._loader.read_all)
        count = sum(file.count for file in self.files) + len(besides)
        if self._lexical_forms and len(self._store) < count and not self.is_odd:
            self._lexical_forms.look_for_stored_forms(
                t for file in self.files for t in file.stream()
            )
        self.graph = StoredGraph(self._store, self.files, besides, self._lexical_forms)

    def _walk(self, sources: Sequence[Path | TurtleFile]) -> Iterator[Quad]:
        """Go through files; yield the triples of those that the store does not read by itself."""
        note = self._lexical_forms.remember
        for number, source in enumerate(sources):
            tell("Reading files", number, len(sources))
            walk = open_turtle(source) if isinstance(source, Path) else source
            if isinstance(walk, TurtleFile):
                self.files.append(walk)
                for triple in walk.stream() if not walk.problem else ():
                    if isinstance(triple.object, Literal):
                        note(triple.subject, triple.predicate, triple.object)
                    yield Quad(*triple)
                continue
            if self._loader:
                self._loader.load(walk.text)
                for _ in walk.quads(note):
                    pass
            else:
                yield from walk.quads(note)
            file = walk.file()
            self.files.append(file)
            if self._loader and (file.blank_nodes or file.problem):
                self.is_odd = True
                return


class _Loader:
    """Lets a store read texts one after the other, beside whoever hands them over and reads them.

    Native code does the work, and lets other threads run. Small texts are joined, so that it need
    not wait for its turn in Python after each. One that could only be read behind another, by its
    prefixes, is no Turtle by itself: whoever reads it finds that out.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[bytes] = []
        self._size = 0
        self._texts: SimpleQueue[bytes | None] = SimpleQueue()
        self.read_all = True
        self._errors: list[BaseException] = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def load(self, text: bytes) -> None:
        """Have a text read some time."""
        self._waiting.append(text)
        self._size += len(text)
        if self._size >= _TOGETHER:
            self._hand_over()

    def end(self) -> None:
        """Wait until all is read, but for what is no Turtle: then `read_all` is false."""
        self._hand_over()
        self._texts.put(None)
        self._thread.join()
        if self._errors:
            raise self._errors[0]

    def _hand_over(self) -> None:
        joined = self._waiting[0] if len(self._waiting) == 1 else b"\n".join(self._waiting)
        self._texts.put(joined)
        self._waiting, self._size = [], 0

    def _run(self) -> None:
        while (text := self._texts.get()) is not None:
            try:
                self._store.load(text, format=RdfFormat.TURTLE)
            except SyntaxError:
                self.read_all = False  # whoever reads it knows more
            except BaseException as error:
                self._errors.append(error.with_traceback(None))
