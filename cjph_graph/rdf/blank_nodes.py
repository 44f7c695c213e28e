"""Blank nodes: which ones a term has, and names for them that are the same on every run.

A parser and a store give a blank node another name each time, in any order. Two graphs that say
the same should be written as the same bytes, so names have to follow from the triples:

    _:x ex:name "Exe" .   _:y ex:name "Otter" ; ex:joins _:x .

Each node begins with the same rank. In every round its new rank follows from the triples it stands
in, with the ranks of the other nodes there: after one round _:x and _:y differ by their names, and
after the next so would two nodes that join them. When a round tells no more nodes apart, the rest
look the same from everywhere, as the corners of a square do. Then names are given by walking: from
a node whose rank is rarest to its neighbours, in order of predicates and ranks, and so on. Among
equals the walk takes the first, and whichever that is, the same text comes out.

RDFC-1.0, the standard, tries such equals in every order to be sure of it even where two nodes have
the same rank and yet are no mirror images. Eight nodes that are all linked to each other take it 2
seconds, ten take minutes, and it can't be interrupted. Here time grows with the number of triples,
and in those rare graphs the names may depend on the order of the triples.
"""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from pyoxigraph import BlankNode, Triple

# What is further away than this is reached by walking.
_ROUNDS = 8
_ANY = BlankNode("any")

# A triple that a blank node stands in: which of its blank nodes it is, the triple's text without
# names for them, and all its blank nodes.
_Link: TypeAlias = tuple[int, str, tuple[BlankNode, ...]]


def blank_nodes_in(term: object) -> Iterator[BlankNode]:
    """Yield the blank nodes of a term or triple, also those inside statements about statements."""
    if isinstance(term, BlankNode):
        yield term
    elif isinstance(term, Triple):
        yield from blank_nodes_in(term.subject)
        yield from blank_nodes_in(term.object)


def renamed(term: Any, names: Mapping[BlankNode, BlankNode]) -> Any:
    """Return a term or triple with other names for all its blank nodes."""
    if isinstance(term, Triple):
        return Triple(renamed(term.subject, names), term.predicate, renamed(term.object, names))
    return names[term] if isinstance(term, BlankNode) else term


def lastingly_named(triples: Iterable[Triple]) -> list[Triple]:
    """Return triples with blank nodes named b0, b1, … by the triples that they stand in."""
    given = list(triples)
    links: dict[BlankNode, list[_Link]] = {}
    for triple in given:
        nodes = tuple(blank_nodes_in(triple))
        if nodes:
            text = str(renamed(triple, dict.fromkeys(nodes, _ANY)))
            for number, node in enumerate(nodes):
                links.setdefault(node, []).append((number, text, nodes))
    if not links:
        return given
    names = {node: BlankNode(f"b{n}") for n, node in enumerate(_walk(links, _ranks(links)))}
    return [renamed(triple, names) for triple in given]


def _ranks(links: Mapping[BlankNode, list[_Link]]) -> dict[BlankNode, int]:
    """Return a number for each node, the same for those that no round has told apart."""
    ranks = dict.fromkeys(links, 0)
    distinct = 1
    for _ in range(_ROUNDS):
        keys = {node: (ranks[node], _sorted(links[node], ranks)) for node in links}
        order = {key: rank for rank, key in enumerate(sorted(set(keys.values())))}
        ranks = {node: order[key] for node, key in keys.items()}
        if len(order) in (distinct, len(links)):
            break
        distinct = len(order)
    return ranks


def _sorted(
    links: Iterable[_Link], ranks: Mapping[BlankNode, int]
) -> tuple[tuple[int, str, tuple[int, ...]], ...]:
    return tuple(sorted((at, text, tuple(ranks[n] for n in nodes)) for at, text, nodes in links))


def _walk(
    links: Mapping[BlankNode, list[_Link]], ranks: Mapping[BlankNode, int]
) -> Iterator[BlankNode]:
    """Yield every node once: one with the rarest rank, then its neighbours, and so on."""
    frequency = Counter(ranks.values())
    seen: set[BlankNode] = set()
    for start in sorted(links, key=lambda node: (frequency[ranks[node]], ranks[node])):
        waiting = deque([start])
        while waiting:
            node = waiting.popleft()
            if node in seen:
                continue
            seen.add(node)
            yield node
            near = sorted(links[node], key=lambda li: (li[0], li[1], [ranks[n] for n in li[2]]))
            waiting.extend(other for _, _, nodes in near for other in nodes if other not in seen)
