"""The data graph of SHACL: looked up as the files have it, queried as a store has it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol, cast

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from cjph_graph.rdf import RDF, Term, TurtleFile, scan_turtle
from cjph_graph.shacl.lexical_forms import LexicalForms
from cjph_graph.shacl.loading import Loader
from cjph_graph.system import tell


class DataGraph(Protocol):
    """A graph that can be asked in SPARQL, and looked up in as it was written."""

    lexical_forms: LexicalForms
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
        """Yield the triples about some nodes, with `inverse` those to them, as written."""

    def everything(self) -> Iterator[Triple]:
        """Yield every triple as it was written."""

    def triple_term(self) -> Triple | None:
        """Return a statement about a statement (RDF 1.2), if there is one."""

    def at_hand(self, predicates: Collection[NamedNode]) -> "DataGraph":
        """Return a graph with at least the statements of some predicates, as a store joins them."""


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
    ) -> None:
        self.store = store
        self.besides: Collection[NamedNode] = ()
        self.lexical_forms = lexical_forms or LexicalForms()
        self._files = files
        self._beside = besides

    def ask(self, text: str) -> list[tuple[Term | None, ...]]:
        """Return the rows of a SELECT that was compiled here, in any order."""
        return self.columns(text)[1]

    def columns(self, text: str) -> tuple[list[str], list[tuple[Term | None, ...]]]:
        """Return the names of the columns of a SELECT and its rows, in any order.

        Raises ValueError for a function that the store lacks.
        """
        try:
            solutions = cast("QuerySolutions", self.store.query(text))
            names = [variable.value for variable in solutions.variables]
            return names, [cast("tuple[Term | None, ...]", tuple(row)) for row in solutions]
        except RuntimeError as error:
            if "custom function" in str(error):
                raise ValueError(str(error)) from error
            raise

    def statements(
        self, nodes: Iterable[Term], predicate: NamedNode | None, *, inverse: bool = False
    ) -> Iterator[Triple]:
        """Yield the triples about some nodes, with `inverse` those to them, as written."""
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

    def triple_term(self) -> Triple | None:
        """Return a statement about a statement (RDF 1.2), if there is one."""
        # Without `<<` in a text, annotations may still have made some, by one property.
        anywhere = any(b"<<" in file.data for file in self._files)
        only = "" if anywhere else f"VALUES ?p {{ <{RDF}reifies> }} "
        text = f"SELECT ?s ?p ?o {{ {only}?s ?p ?o FILTER(isTRIPLE(?o)) }} LIMIT 1"
        found = [Triple(*row) for row in self.ask(text)]  # type: ignore[arg-type]
        return found[0] if found else None

    def at_hand(self, predicates: Collection[NamedNode]) -> DataGraph:
        """Return this graph: its store is in memory."""
        return self


class Loaded(NamedTuple):
    """Files as they were read, also those with problems, and a store with the others."""

    files: tuple[TurtleFile, ...]
    graph: StoredGraph


def load_files(given: Iterable[Path | TurtleFile], besides: Sequence[Triple] = ()) -> Loaded:
    """Read files into a new store; those that are not Turtle are left out of it.

    Raises LimitError at a file with more than is allowed.
    """
    sources = list(given)
    store, lexical_forms = Store(), LexicalForms()
    files: list[TurtleFile] = []
    with Loader(store) as loader:
        for number, source in enumerate(sources):
            tell("Reading files", number, len(sources))
            file = _scan(source, lexical_forms, loader.begin)
            files.append(file)
            if file.problem:
                loader.give_up()
            elif file.blank_nodes:
                loader.run(file.load_into)
            else:
                loader.take(file.text)
    store.bulk_extend(Quad(*triple) for triple in besides)
    sound = [file for file in files if not file.problem]
    if lexical_forms and len(store) < sum(file.count for file in sound) + len(besides):
        lexical_forms.look_for_stored_forms(t for file in sound for t in file.stream())
    return Loaded(tuple(files), StoredGraph(store, sound, besides, lexical_forms))


def _scan(
    source: Path | TurtleFile, lexical_forms: LexicalForms, begin: Callable[[bytes], object]
) -> TurtleFile:
    # What a file says before a syntax error counts for nothing, so that it is known only at the end
    # whether its statements are to be remembered.
    literals: list[Quad | Triple] = []
    if isinstance(source, Path):
        file = scan_turtle(source, literals.append, begin)
    else:
        file = source
        literals += (triple for triple in file.stream() if isinstance(triple.object, Literal))
    for statement in literals if not file.problem else ():
        subject, predicate, value = statement.subject, statement.predicate, statement.object
        lexical_forms.remember(subject, predicate, cast("Literal", value))
    return file
