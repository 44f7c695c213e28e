"""What is written of a large graph is written piece by piece: memory does not grow with it."""

from collections.abc import Callable, Iterable, Iterator

import pytest
from pyoxigraph import Literal, NamedNode, Triple
from support.work import peak

from cjph_graph.home import Home, read_schema, read_shapes
from cjph_graph.publish import Documents, Index
from cjph_graph.publish.jsonld import framing, trees, writing
from cjph_graph.rdf import DCTERMS, SKOS, TYPE

_CJPH = "https://w3id.org/cjph/"
_TEXT = "What it does, for whom, and where it began. " * 20


def _name(iri: str, name: str) -> Triple:
    return Triple(NamedNode(iri), NamedNode(SKOS + "prefLabel"), Literal(name, language="en"))


def _interventions(many: int) -> Iterator[Triple]:
    """Yield so many interventions, all in one place."""
    place = NamedNode(f"{_CJPH}places/here")
    yield Triple(place, TYPE, NamedNode(f"{_CJPH}ontology#Place"))
    yield _name(place.value, "Here")
    for number in range(many):
        thing = NamedNode(f"{_CJPH}interventions/n{number}")
        yield Triple(thing, TYPE, NamedNode(f"{_CJPH}ontology#Intervention"))
        yield _name(thing.value, f"Number {number}")
        yield Triple(
            thing, NamedNode(DCTERMS + "description"), Literal(f"{number} {_TEXT}", language="en")
        )
        yield Triple(thing, NamedNode(f"{_CJPH}ontology#place"), place)


def _documents(shipped: Home, many: int) -> Documents:
    return Documents(shipped, Index(_interventions(many), read_schema(read_shapes(shipped))))


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(lambda d: d.lines(d.frame("intervention")), id="lines of one frame"),
        pytest.param(lambda d: d.framed(d.frame("intervention")), id="a frame"),
        pytest.param(lambda d: d.framed(d.frame("all"), plain=True), id="all, without a context"),
        pytest.param(lambda d: d.whole(), id="whole"),
        pytest.param(lambda d: d.expanded(), id="expanded"),
    ],
)
def test_twice_as_many_things_take_hardly_more_memory(
    shipped: Home, monkeypatch: pytest.MonkeyPatch, write: Callable[[Documents], Iterable[bytes]]
) -> None:
    for module, name in (
        (framing, "_MOST_SHARED"),
        (trees, "_MOST_SEEN"),
        (writing, "_MOST_KEPT"),
    ):
        monkeypatch.setattr(module, name, 50)  # what is kept up to a bound does not count

    def measured(many: int) -> tuple[int, int]:
        documents = _documents(shipped, many)
        write(documents)
        return peak(lambda: write(documents))

    few, small = measured(400)
    more, large = measured(1200)
    assert large > 2 * small
    assert more - few < (large - small) / 3


def test_a_thing_with_much_in_it_is_written_piece_by_piece(shipped: Home) -> None:
    documents = _documents(shipped, 2_000)
    (here,) = documents.index.of_class(f"{_CJPH}ontology#Place")
    frame = documents.frame("place")
    for pieces in (
        documents.lines(frame),
        documents.framed(frame, [here]),
        documents.framed(frame, [here], plain=True),
        documents.array([here]),
    ):
        sizes = [len(piece) for piece in pieces]
        assert sum(sizes) > 150_000
        assert max(sizes) < 80_000
