"""Property paths: read from shapes, written as SPARQL."""

import pytest
from pyoxigraph import NamedNode

from cjph_graph.rdf import SH, read_bytes
from cjph_graph.shacl import Shapes
from cjph_graph.shacl.expressions import NotInSparqlError
from cjph_graph.shacl.paths import Path, read_path

_PREFIXES = f"@prefix sh: <{SH}> . @prefix : <x:> . "


def _read(text: str) -> Path:
    shapes = Shapes(read_bytes(f"{_PREFIXES}:s sh:path {text} .".encode(), "text").triples)
    (node,) = shapes.objects(NamedNode("x:s"), "path")
    return read_path(shapes, node)


@pytest.mark.parametrize(
    ("text", "sparql", "may_be_empty"),
    [
        (":a", "<x:a>", False),
        ("[ sh:inversePath :a ]", "^(<x:a>)", False),
        ("( :a :b )", "(<x:a>/<x:b>)", False),
        ("[ sh:alternativePath ( :a :b ) ]", "(<x:a>|<x:b>)", False),
        ("[ sh:zeroOrMorePath :a ]", "(<x:a>)*", True),
        ("[ sh:oneOrMorePath :a ]", "(<x:a>)+", False),
        ("[ sh:zeroOrOnePath :a ]", "(<x:a>)?", True),
        ("[ sh:oneOrMorePath [ sh:zeroOrOnePath :a ] ]", "((<x:a>)?)+", True),
        ("( :a [ sh:zeroOrMorePath :b ] )", "(<x:a>/(<x:b>)*)", False),
        ("( [ sh:zeroOrOnePath :a ] [ sh:zeroOrMorePath :b ] )", "((<x:a>)?/(<x:b>)*)", True),
        ("[ sh:alternativePath ( :a [ sh:zeroOrOnePath :b ] ) ]", "(<x:a>|(<x:b>)?)", True),
        ("[ sh:inversePath [ sh:inversePath :a ] ]", "^(^(<x:a>))", False),
    ],
)
def test_a_path_as_sparql_writes_it(text: str, sparql: str, may_be_empty: bool) -> None:
    path = _read(text)
    assert str(path) == sparql
    assert path.may_be_empty() == may_be_empty
    assert {node.value for node in path.predicates()} <= {"x:a", "x:b"}


@pytest.mark.parametrize(
    "text",
    [
        "'a'",
        "[]",
        "( :a )",
        "[ sh:inversePath :a, :b ]",
        "[ sh:inversePath :a ; sh:zeroOrMorePath :b ]",
        "[ sh:inversePath :a ; :b :c ]",
        "[ sh:alternativePath :a ]",
        "[ sh:alternativePath ( :a ) ]",
        "( :a 'b' )",
        "[ sh:inversePath " * 10 + ":a" + " ]" * 10,
    ],
)
def test_what_is_not_a_path(text: str) -> None:
    with pytest.raises(NotInSparqlError):
        _read(text)
