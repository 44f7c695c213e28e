"""Names for blank nodes: the same for the same graph, however it comes."""

import itertools
import random
from collections.abc import Callable

import pytest
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    Triple,
)

from cjph_graph.rdf.blank_nodes import blank_nodes_in, lastingly_named
from cjph_graph.rdf.reading import read_bytes

_P, _Q = NamedNode("http://e/p"), NamedNode("http://e/q")


def _nodes(count: int) -> list[BlankNode]:
    return [BlankNode() for _ in range(count)]


def _clique(count: int) -> list[Triple]:
    nodes = _nodes(count)
    return [Triple(one, _P, other) for one in nodes for other in nodes if one != other]


def _row(count: int) -> list[Triple]:
    nodes = _nodes(count)
    return [Triple(one, _P, other) for one, other in itertools.pairwise(nodes)]


def _ring(count: int) -> list[Triple]:
    nodes = _nodes(count)
    return [Triple(one, _P, other) for one, other in zip(nodes, nodes[1:] + nodes[:1], strict=True)]


def _two_by_two(count: int) -> list[Triple]:
    return [triple for _ in range(count) for triple in _row(2)]


def _alike(count: int) -> list[Triple]:
    return [Triple(node, _P, Literal("a")) for node in _nodes(count)]


def _tree(depth: int) -> list[Triple]:
    def below(node: BlankNode, depth: int) -> list[Triple]:
        children = _nodes(2) if depth else []
        return [
            triple
            for child in children
            for triple in (Triple(node, _Q, child), *below(child, depth - 1))
        ]

    return below(BlankNode(), depth)


def _about_statements(count: int) -> list[Triple]:
    return [
        Triple(one, _P, Triple(other, _Q, Literal("1")))
        for one, other in zip(_nodes(count), _nodes(count), strict=True)
    ]


@pytest.mark.parametrize(
    ("make", "size"),
    [
        (_clique, 30),
        (_row, 7),
        (_row, 200),
        (_ring, 50),
        (_two_by_two, 20),
        (_alike, 100),
        (_tree, 5),
        (_about_statements, 4),
    ],
)
def test_the_order_of_triples_and_the_names_they_had_do_not_matter(
    make: Callable[[int], list[Triple]], size: int
) -> None:
    chance = random.Random(1)
    results = set()
    for _ in range(10):
        triples = make(size)
        chance.shuffle(triples)
        results.add(frozenset(lastingly_named(triples)))
    assert len(results) == 1


def _canonical(triples: list[Triple]) -> set[str]:
    dataset = Dataset(Quad(*triple) for triple in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


@pytest.mark.parametrize("seed", range(200))
def test_the_graph_stays_the_same(seed: int) -> None:
    chance = random.Random(seed)
    terms = [*_nodes(5), NamedNode("http://e/a"), Literal("1")]
    triples = [
        Triple(chance.choice(terms[:-1]), chance.choice((_P, _Q)), chance.choice(terms))
        for _ in range(chance.randint(1, 9))
    ]
    named = lastingly_named(triples)
    assert _canonical(named) == _canonical(triples)
    shuffled = chance.sample(triples, len(triples))
    assert set(lastingly_named(shuffled)) == set(named)


def test_names_are_b0_b1_and_so_on() -> None:
    data = b'@prefix : <http://e/> . :s :p [ :q "b" ], [ :q "a" ; :p [] ], 1 .'
    named = lastingly_named(read_bytes(data, "text").triples)
    assert {node.value for triple in named for node in blank_nodes_in(triple)} == {"b0", "b1", "b2"}


def test_what_has_no_blank_nodes_is_left_as_it_is() -> None:
    triples = read_bytes(b"<x:a> <x:b> <x:c>, 01 .", "text").triples
    assert lastingly_named(triples) == list(triples)


def test_many_nodes_take_little_time() -> None:
    assert len(lastingly_named(_row(5_000) + _alike(5_000) + _clique(60))) == 13_539
