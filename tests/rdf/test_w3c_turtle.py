"""The W3C's own test suite for Turtle, laid out, where it is at hand.

It is not part of this repository: `../shared/rdf-tests` or $CJPH_W3C_RDF_TESTS, a checkout of it.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    Quad,
    RdfFormat,
    parse,
)

from cjph_graph.rdf import Graph
from cjph_graph.rdf.format import format_turtle

_BESIDE = Path(__file__).parents[3] / "shared" / "rdf-tests"
_SUITE = Path(os.environ.get("CJPH_W3C_RDF_TESTS", _BESIDE)) / "rdf"
_MANIFESTS = ("rdf11/rdf-turtle", "rdf12/rdf-turtle/syntax", "rdf12/rdf-turtle/eval")
_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def _cases() -> Iterator[tuple[str, bool, Path]]:
    """Yield the name of each case, whether it is Turtle, and its file."""
    for folder in _MANIFESTS:
        base = f"http://suite.invalid/{folder}/"
        data = (_SUITE / folder / "manifest.ttl").read_bytes()
        quads = parse(data, format=RdfFormat.TURTLE, base_iri=base)
        graph = Graph(quad.triple for quad in quads)
        for triple in graph.triples:
            if triple.predicate == NamedNode(_MF + "action"):
                (kind,) = graph.values(triple.subject, _TYPE)
                file = _SUITE / folder / str(triple.object.value).removeprefix(base)
                if file.suffix == ".ttl":
                    yield f"{folder}/{file.stem}", "Negative" not in str(kind), file


def _parameters() -> list[object]:
    if not _SUITE.is_dir():
        skip = pytest.mark.skip(reason=f"the W3C RDF test suite is not at {_SUITE.parent}")
        return [pytest.param(True, Path(), id="suite", marks=skip)]
    return [pytest.param(is_turtle, file, id=name) for name, is_turtle, file in _cases()]


def _said(data: bytes) -> set[Quad]:
    dataset = Dataset(parse(data, format=RdfFormat.TURTLE, base_iri="http://suite.invalid/"))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {*dataset}


@pytest.mark.parametrize(("is_turtle", "file"), _parameters())
def test_it_says_the_same_and_twice_changes_nothing(is_turtle: bool, file: Path) -> None:
    data = file.read_bytes()
    if not is_turtle:
        with pytest.raises(SyntaxError):
            format_turtle(data)
        return
    laid = format_turtle(data)
    assert _said(laid) == _said(data)
    assert format_turtle(laid) == laid
