"""Putting a graph into a triple store elsewhere, so that its readers see all of it or none.

It is sent in parts into a graph aside, counted there, and moved into its place in one step. What
a run that was killed has left aside, the next one removes.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Quad, Triple
from pyoxigraph import Store as LocalStore

from cjph_graph.errors import CjphError, EndpointError, InputError, UsageError
from cjph_graph.home.location import Home, home_files
from cjph_graph.rdf.reading import TurtleFile, read_turtle, turtle_files
from cjph_graph.remote.graph_store import Store
from cjph_graph.system.progress import tell

ASIDE = "-incoming"

# A request's size, in triples: Virtuoso takes no update whose translation has over 10,000 lines.
_IN_GRAPH = 10_000
_IN_UPDATE = 1_000


@dataclass(frozen=True)
class Pushed:
    """What was put into a store: the graph, how many triples were sent, how many it holds."""

    graph: str
    sent: int
    held: int


def gather(home: Home, paths: Sequence[Path] = ()) -> tuple[Triple, ...]:
    """Return what a home and some files say, each triple once, as they are written.

    Raises InputError at a file that is not Turtle, UsageError at a path that is not there.
    """
    own = home_files(home)
    files = [read_turtle(path) for path in own]
    known = {path.resolve() for path in own}
    for path in paths:
        files += [read_turtle(file) for file in turtle_files(path) if file.resolve() not in known]
    for file in files:
        _refuse_broken(file)
    return tuple(dict.fromkeys(triple for file in files for triple in file.triples))


def push(triples: Sequence[Triple], store: Store, graph: str) -> Pushed:
    """Put triples into a store as one graph, in the place of what the graph held.

    Raises UsageError when there are none, EndpointError when the store does not take them or has
    another number of them: then the graph is as it was.
    """
    try:
        aside = NamedNode(graph + ASIDE).value
    except ValueError as error:
        raise UsageError(f"The graph {graph!r} is no IRI: {error}.") from error
    if not triples:
        raise UsageError("There is nothing to push.")
    store.drop(aside)
    try:
        sent = 0
        for batch in batches(triples, lambda: _IN_GRAPH if store.takes_graphs else _IN_UPDATE):
            tell("Sending triples", sent, len(triples))
            store.add(aside, batch)
            sent += len(batch)
        tell("Sending triples", sent, len(triples))
        held = store.count(aside)
        # What a store takes for the same, such as 8 and 8.0, it holds once.
        fewest = _fewest(triples)
        if not fewest <= held <= len(triples):
            raise EndpointError(
                f"{len(triples):,} triples were sent, and the store holds {held:,} of them.",
                f"The graph {graph} is as it was. Is somebody else pushing to it?",
            )
        _move(store, aside, graph, held)
    except CjphError:
        with suppress(CjphError):
            store.drop(aside)
        raise
    return Pushed(graph, len(triples), held)


def batches(triples: Sequence[Triple], most: Callable[[], int]) -> Iterator[list[Triple]]:
    """Yield triples in lists of at most so many, those that share blank nodes in the same one.

    `most` is asked anew each time. Only what blank nodes hold together may be longer.
    """
    batch: list[Triple] = []
    for group in _groups(triples):
        if batch and len(batch) + len(group) > most():
            yield batch
            batch = []
        batch += group
    if batch:
        yield batch


def _groups(triples: Iterable[Triple]) -> Iterator[list[Triple]]:
    """Yield the triples without blank nodes one by one, then the others as they hang together."""
    leader: dict[BlankNode, BlankNode] = {}
    held: list[tuple[Triple, BlankNode]] = []

    def led(node: BlankNode) -> BlankNode:
        while leader[node] != node:
            leader[node] = node = leader[leader[node]]
        return node

    for triple in triples:
        nodes = [t for t in (triple.subject, triple.object) if isinstance(t, BlankNode)]
        for node in nodes:
            leader.setdefault(node, node)
        if len(nodes) == 2:
            leader[led(nodes[0])] = led(nodes[1])
        if nodes:
            held.append((triple, nodes[0]))
        else:
            yield [triple]
    together: dict[BlankNode, list[Triple]] = {}
    for triple, node in held:
        together.setdefault(led(node), []).append(triple)
    yield from together.values()


def _fewest(triples: Iterable[Triple]) -> int:
    store = LocalStore()
    store.bulk_extend(Quad(*triple) for triple in triples)
    return len(store)


def _move(store: Store, aside: str, graph: str, held: int) -> None:
    try:
        store.move(aside, graph)
    except EndpointError:
        # The connection may have broken when it was done.
        if store.count(graph) != held or store.count(aside):
            raise
    if store.count(graph) != held:
        raise EndpointError(
            f"The store holds {store.count(graph):,} triples in {graph}, where {held:,} belong.",
            "Push again.",
        )


def _refuse_broken(file: TurtleFile) -> None:
    if file.problem:
        raise InputError(
            f"{file.path}:{file.problem.line}:{file.problem.column}: {file.problem.message}.",
            "Run `cjph validate` to see every problem at once.",
        )
