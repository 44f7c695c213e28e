"""Short names, near names, and triples looked up by what they are about."""

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

from cjph_graph.rdf import (
    RDFS,
    Graph,
    Node,
    compact,
    last_part,
    nearest,
    parse_iri,
    read_bytes,
)

_PREFIXES = {"ex": "http://e/", "long": "http://e/long/", "": "http://none/"}
_LABEL = NamedNode(RDFS + "label")


@pytest.mark.parametrize(
    ("iri", "part"),
    [
        ("http://e/a/b", "b"),
        ("http://e/a#b", "b"),
        ("http://e/a/", "http://e/a/"),
        ("urn:x", "urn:x"),
        ("", ""),
    ],
)
def test_the_last_part_is_never_empty_where_the_iri_is_not(iri: str, part: str) -> None:
    assert last_part(iri) == part


@pytest.mark.parametrize(
    ("iri", "short"),
    [
        ("http://e/a-1", "ex:a-1"),
        ("http://e/long/a", "long:a"),
        ("http://none/a", ":a"),
        ("http://e/", None),
        ("http://e/a/b", None),
        ("http://e/-a", None),
        ("http://e/é", None),
        ("http://other/a", None),
    ],
)
def test_an_iri_is_shortened_where_that_is_sure_to_be_read_back(
    iri: str, short: str | None
) -> None:
    assert compact(iri, _PREFIXES) == short
    if short:
        prefixes = "".join(f"@prefix {name}: <{ns}> .\n" for name, ns in _PREFIXES.items())
        (triple,) = read_bytes(f"{prefixes}{short} a {short} .".encode(), "text").triples
        assert triple.subject == NamedNode(iri)


@pytest.mark.parametrize("text", ["http://e/a", "<http://e/a>", " <http://e/a> "])
def test_an_iri_may_be_in_angle_brackets(text: str) -> None:
    assert parse_iri(text) == NamedNode("http://e/a")


@pytest.mark.parametrize("text", ["", "a", "a b", "http://e/ a", "http://e/>"])
def test_what_is_not_an_iri(text: str) -> None:
    assert parse_iri(text) is None


def test_the_nearest_names_come_first() -> None:
    names = ["violet ones", "violence", "valance", "housing"]
    assert nearest("violance", names, most=3) == ["violence", "valance"]
    assert nearest("violance", names) == ["violence"]
    assert nearest("Violence", ["violence"], least=90) == []
    assert nearest("x", names) == nearest("", names) == nearest("violence" * 100, names) == []


def _graph(text: str) -> Graph:
    return Graph(read_bytes(f"@prefix : <http://e/> . {text}".encode(), "text").triples)


def _head(graph: Graph) -> Node:
    (head,) = graph.values(NamedNode("http://e/a"), NamedNode("http://e/list"))
    assert isinstance(head, NamedNode | BlankNode)
    return head


_RDF = "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . "


def test_a_list_has_members() -> None:
    graph = _graph(":a :list ( 1 :b [] ) .")
    members = graph.members(_head(graph))
    assert members is not None
    assert [type(member) for member in members] == [Literal, NamedNode, BlankNode]
    assert graph.listed(_head(graph)) == members
    empty = _graph(":a :list () .")
    assert empty.members(_head(empty)) == empty.listed(_head(empty)) == []


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("_:x rdf:first 1 ; rdf:rest _:x .", 1),
        ("_:x rdf:first 1, 2 ; rdf:rest () .", 1),
        ("_:x rdf:first 1 .", 1),
        ("_:x rdf:first 1 ; rdf:rest ( 2 ), ( 3 ) .", 2),
        ("_:x rdf:first 1 ; rdf:rest 7 .", 1),
        ("_:x rdf:rest () .", 0),
    ],
)
def test_a_list_that_is_not_well_formed_has_no_members(text: str, listed: int) -> None:
    graph = _graph(f"{_RDF}:a :list _:x . {text}")
    assert graph.members(_head(graph)) is None
    assert len(graph.listed(_head(graph))) == listed


def test_triples_are_found_by_subject_and_property_in_their_order() -> None:
    graph = _graph(":a :b 2, 1 ; :c 3 . :d :b :a .")
    a, b = NamedNode("http://e/a"), NamedNode("http://e/b")
    assert [literal.value for literal in graph.values(a, b)] == ["2", "1"]
    assert [triple.object.value for triple in graph.about(a)] == ["2", "1", "3"]  # type: ignore[union-attr]
    assert graph.about(b) == graph.values(b, a) == []


def test_a_text_in_english_goes_first() -> None:
    for labels, text in (
        ('"Fluss"@de, "River"@en-GB', "River"),
        ('"Fluss"@de, "Otter"', "Otter"),
        ('"Fluss"@de', "Fluss"),
        ("<x:river>", ""),
    ):
        graph = _graph(f":a <{_LABEL.value}> {labels} .")
        assert graph.text(NamedNode("http://e/a"), _LABEL) == text
