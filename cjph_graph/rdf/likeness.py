"""Blank nodes that look alike: how many there may be for them to be given lasting names."""

from collections.abc import Iterable

from pyoxigraph import BlankNode, Triple

from cjph_graph.errors import LimitError

MAX_ALIKE = 1_000
MAX_ALIKE_IN_A_ROW = 100
MAX_ALIKE_TOGETHER = 6


def refuse_alike(triples: Iterable[Triple]) -> None:
    """Refuse a graph whose blank nodes would take forever to be given lasting names.

    They are named by what is said of them. Where that is the same for several, RDFC-1.0 tries
    them in every order, and it cannot be interrupted. Raises LimitError.
    """
    said: dict[BlankNode, list[tuple[bool, str, str]]] = {}
    links: list[tuple[BlankNode, str, BlankNode]] = []
    for triple in triples:
        subject, object_ = triple.subject, triple.object
        if isinstance(subject, BlankNode):
            other = "" if isinstance(object_, BlankNode) else str(object_)
            said.setdefault(subject, []).append((True, triple.predicate.value, other))
        if isinstance(object_, BlankNode):
            other = "" if isinstance(subject, BlankNode) else str(subject)
            said.setdefault(object_, []).append((False, triple.predicate.value, other))
            if isinstance(subject, BlankNode) and subject != object_:
                links.append((subject, triple.predicate.value, object_))
    if len(said) <= MAX_ALIKE_TOGETHER:
        return
    groups: dict[tuple[tuple[bool, str, str], ...], list[BlankNode]] = {}
    for node, about in said.items():
        groups.setdefault(tuple(sorted(about)), []).append(node)
    alike = {node for group in groups.values() if len(group) > 1 for node in group}
    together, in_a_row = _clusters(alike, links)
    if len(alike) > MAX_ALIKE or together > MAX_ALIKE_TOGETHER or in_a_row > MAX_ALIKE_IN_A_ROW:
        raise LimitError(
            f"{len(alike)} blank nodes cannot be told apart by what is said of them, so they cannot"
            " be given names that last.",
            "Give them IRIs, or say something of each that holds for no other.",
        )


def _clusters(
    alike: set[BlankNode], links: Iterable[tuple[BlankNode, str, BlankNode]]
) -> tuple[int, int]:
    """Return how many nodes that are alike are linked together, at most.

    The first number is for those that branch, the second for those in a row, such as a list.
    """
    leader = {node: node for node in alike}

    def led(node: BlankNode) -> BlankNode:
        while leader[node] != node:
            leader[node] = node = leader[leader[node]]
        return node

    ends: dict[tuple[BlankNode, bool, str], set[BlankNode]] = {}
    for subject, predicate, object_ in links:
        if subject in alike and object_ in alike:
            leader[led(subject)] = led(object_)
            ends.setdefault((subject, True, predicate), set()).add(object_)
            ends.setdefault((object_, False, predicate), set()).add(subject)
    branching = {led(node) for (node, _, _), others in ends.items() if len(others) > 1}
    sizes: dict[BlankNode, int] = {}
    for node in alike:
        sizes[led(node)] = sizes.get(led(node), 0) + 1
    return (
        max((size for node, size in sizes.items() if node in branching), default=0),
        max((size for node, size in sizes.items() if node not in branching), default=0),
    )
