"""Putting a graph into a triple store elsewhere, so that its readers see all of it or none.

It is sent in parts into a graph aside, which belongs to this run alone, counted there, and moved
into its place in one step. When several run at once, each puts its own graph there, whole. When
the store does not say whether it moved the graph, it is asked what it holds; only when that leaves
it open too is the graph aside kept, since the store may be about to move it.

What a run that was killed has left aside, a run on another day removes.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import NoReturn

from pyoxigraph import BlankNode, NamedNode, Quad, Store, Triple

from cjph_graph.errors import CjphError, EndpointError, LimitError, UsageError
from cjph_graph.home import Home, home_files
from cjph_graph.rdf import read_turtle, turtle_files
from cjph_graph.remote import GraphStore, UncertainError
from cjph_graph.system import tell
from cjph_graph.system.limits import limits

ASIDE = "-incoming"

_STAMP = "%Y%m%dT%H%M%SZ"
_LEFT_AFTER = timedelta(days=1)
# Seconds to find out what a store holds and to remove the graph aside, when the time for all else
# may be over, and before each look.
_FIND_OUT, _REMOVE = 25, 10
_LOOKS = (0.0, 1.0, 2.0, 4.0)
# A request's size, in triples: Virtuoso takes no update whose translation has over 10,000 lines.
_IN_GRAPH = 10_000
_IN_UPDATE = 1_000


@dataclass(frozen=True)
class Pushed:
    """The outcome of a push: the graph, how many triples were sent, how many it holds."""

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
        file.sound()
    return tuple(dict.fromkeys(triple for file in files for triple in file.triples))


def push_graph(
    triples: Sequence[Triple],
    store: GraphStore,
    graph: str,
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> Pushed:
    """Put triples into a store as one graph, in the place of what the graph held.

    Raises UsageError when there are none; EndpointError or LimitError when the store does not take
    them, has another number of them, or does not say whether it has. What became of the graph is
    in the hint.
    """
    try:
        own = f"{graph}{ASIDE}-{datetime.now(UTC).strftime(_STAMP)}-{token_hex(4)}"
        aside = NamedNode(own).value
    except ValueError as error:
        raise UsageError(f"The graph {graph!r} is not an IRI: {error}.") from error
    if not triples:
        raise UsageError("There is nothing to push.")
    _remove_left(store, graph)
    try:
        held = _send(triples, store, aside)
    except CjphError as error:
        _give_up(store, aside, graph, error)
    _move(store, aside, graph, held, sleep)
    return Pushed(graph, len(triples), held)


def _remove_left(store: GraphStore, graph: str) -> None:
    """Remove graphs that earlier runs left aside: older than a day, or without a date."""
    with suppress(CjphError):  # nothing depends on it
        for left in store.graphs_beginning(graph + ASIDE):
            if _is_over(left.removeprefix(graph + ASIDE)):
                store.drop(left)


def _is_over(name: str) -> bool:
    if not name:
        return True
    try:
        begun = datetime.strptime(name.split("-")[1], _STAMP).replace(tzinfo=UTC)
    except (ValueError, IndexError):
        return False  # a graph of somebody else
    return datetime.now(UTC) - begun > _LEFT_AFTER


def _send(triples: Sequence[Triple], store: GraphStore, aside: str) -> int:
    """Send triples into the graph aside; return how many it holds then."""
    sent = 0
    for batch in batches(triples, lambda: _IN_GRAPH if store.takes_graphs else _IN_UPDATE):
        tell("Sending triples", sent, len(triples))
        store.add(aside, batch)
        sent += len(batch)
    tell("Sending triples", sent, len(triples))
    held = store.count(aside)
    # A store holds equal terms once, such as 8 and 8.0.
    if not _fewest(triples) <= held <= len(triples):
        raise EndpointError(
            f"{len(triples):,} triples were sent, and the store holds {held:,} of them."
        )
    return held


def _give_up(store: GraphStore, aside: str, graph: str, error: CjphError) -> NoReturn:
    """Remove the graph aside and raise the error, with what became of the graph in its hint."""
    became = f"The graph {graph} is as it was."
    try:
        with limits(timeout=_REMOVE):
            store.drop(aside)
    except CjphError:
        if _may_hold(store, aside):
            became += f" What was sent is left in {aside}."
    raise type(error)(error.message, f"{error.hint} {became}" if error.hint else became) from error


def _may_hold(store: GraphStore, graph: str) -> bool:
    """Say whether a graph holds anything, also where the store does not answer."""
    try:
        with limits(timeout=_REMOVE):
            return store.count(graph) > 0
    except CjphError:
        return True


def _move(
    store: GraphStore, aside: str, graph: str, held: int, sleep: Callable[[float], None]
) -> None:
    """Put the graph aside in its place, and make sure that it is there."""
    failure: CjphError | None = None
    try:
        store.move(aside, graph)
    except (EndpointError, LimitError) as error:
        failure = error
    unclear = isinstance(failure, UncertainError | LimitError)
    there: int | None = None
    with limits(timeout=_FIND_OUT):
        for wait in _LOOKS if unclear else _LOOKS[:1]:
            sleep(wait)
            try:
                found, left = store.count(graph), store.count(aside)
            except CjphError as error:
                failure = failure or error
                continue
            if not left:
                there = found
                break
            if not unclear:
                unmoved = EndpointError("The store says that it moved the graph and did not.")
                _give_up(store, aside, graph, failure or unmoved)
    if there is None:
        _tell_unclear(failure, aside, graph)
    if there != held:
        raise EndpointError(
            f"The graph was moved, and {graph} holds {there:,} triples now, where {held:,} were"
            " moved.",
            "Somebody else may have pushed to it: look what it holds, and push again.",
        )


def _tell_unclear(failure: CjphError | None, aside: str, graph: str) -> NoReturn:
    failure = failure or EndpointError("The store does not move the graph.")
    raise type(failure)(
        failure.message,
        f"It is not known whether {graph} is the old graph or the new one, whole: the store may"
        f" still be moving it from {aside}. Look again later, and push again if it is the old one.",
    ) from failure


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
    store = Store()
    store.bulk_extend(Quad(*triple) for triple in triples)
    return len(store)
