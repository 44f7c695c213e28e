"""The index of a graph: what it finds, and that its cost does not grow with the graph."""

import subprocess
import sys
from itertools import islice
from pathlib import Path
from time import perf_counter

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

import cjph_graph
from cjph_graph.errors import UsageError
from cjph_graph.home import Home
from cjph_graph.home.schema import Kind
from cjph_graph.publish import Index, read_index
from cjph_graph.rdf import read_bytes

_BASE = "https://w3id.org/cjph"
_TURTLE = b"""\
@prefix e: <http://e/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
e:a a e:T ; skos:prefLabel "uno"@es , "one"@en ; e:p e:b , e:b , "01"^^e:t , [ e:q 2 ] .
e:a e:p e:b . <http://e/a#x> e:of e:a ; a e:T . <http://e/gone#x> e:of e:a .
e:b skos:altLabel "bee"@en ; e:p e:a . e:c e:says <<( e:b e:p e:a )>> .
e:d <http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies> <<( e:b e:p e:a )>> .
"""


def _e(name: str) -> NamedNode:
    return NamedNode(f"http://e/{name}")


@pytest.fixture(scope="module")
def small() -> Index:
    return Index(read_bytes(_TURTLE, "small").triples)


@pytest.fixture(scope="module")
def shipped() -> Index:
    return read_index(cjph_graph.open_home())


def test_each_statement_is_kept_once_and_as_it_was_written(small: Index) -> None:
    values = small.values(_e("a"), _e("p"))
    assert values[:2] == [_e("b"), Literal("01", datatype=_e("t"))]
    assert [type(value) for value in values[2:]] == [BlankNode]
    assert len(list(small.triples())) == len(set(small.triples())) == 14


def test_what_links_to_a_thing(small: Index) -> None:
    assert list(small.links_to(_e("b"))) == [(_e("p"), _e("a"))]
    assert list(small.links_to(_e("a"))) == [
        (_e("of"), _e("a#x")),
        (_e("of"), _e("gone#x")),
        (_e("p"), _e("b")),
    ]
    assert list(small.links_to(_e("T"))) == []
    assert list(small.of_class("http://e/T")) == [_e("a"), _e("a#x")]


def test_parts_belong_to_what_is_there(small: Index) -> None:
    assert (small.parts(_e("a")), small.owner(_e("a#x"))) == ([_e("a#x")], _e("a"))
    assert small.owner(_e("gone#x")) is None
    assert small.owner(_e("a")) is None


def test_labels_are_in_the_default_language(small: Index) -> None:
    assert (small.name(_e("a")), small.label(_e("a"))) == ("one", "one")
    assert (small.name(_e("b")), small.label(_e("b"))) == (None, "b")


def test_a_thing_is_gathered_with_all_that_belongs_to_it(small: Index) -> None:
    found = small.gather([_e("b")])
    assert set(found) >= {_e("a"), _e("b"), _e("d")}
    assert _e("c") not in found
    assert set(found) < set(small)


def test_blank_nodes_have_lasting_names() -> None:
    # The parser names them anew each time.
    written = {
        str(Index(read_bytes(_TURTLE, "small").triples).values(_e("a"), _e("p"))[2])
        for _ in range(3)
    }
    assert written == {"_:b0"}


@pytest.mark.parametrize(
    ("iri", "path"),
    [
        (f"{_BASE}/interventions/cahoots-eugene", "interventions/cahoots-eugene"),
        (f"{_BASE}/interventions/cahoots-eugene#finding-1", "interventions/cahoots-eugene"),
        (f"{_BASE}/vocabulary/unit/percent", "vocabulary/unit/percent"),
        (f"{_BASE}/ontology#Finding", "ontology"),
        (f"{_BASE}/interventions/../../etc/passwd", None),
        (f"{_BASE}/interventions/.hidden", None),
        (f"{_BASE}/interventions/a%2Fb", None),
        (f"{_BASE}/interventions/", None),
        (f"{_BASE}//etc", None),
        ("https://example.org/interventions/x", None),
        ("https://w3id.org/other", None),
    ],
)
def test_paths(shipped: Index, iri: str, path: str | None) -> None:
    assert shipped.path(NamedNode(iri)) == path


@pytest.mark.parametrize(
    ("namespaces", "iri", "path"),
    [
        (["https://a.org/x/waters/"], "https://a.org/x/waters/exe", "waters/exe"),
        (["https://a.org/x/waters/"], "https://a.org/x/other", "other"),
        (["https://a.org/x/waters#"], "https://a.org/x/waters#exe", "waters"),
        (["https://a.org/p/", "https://b.org/q/"], "https://b.org/q/z", "q/z"),
        (["https://a.org/p/", "https://b.org/q/"], "https://b.org/other", None),
        (["https://a.org/pools/a/", "https://a.org/ponds/b/"], "https://a.org/po", "po"),
    ],
)
def test_paths_of_another_home(namespaces: list[str], iri: str, path: str | None) -> None:
    kinds = [Kind(f"https://a.org/{n}", n, n, ()) for n in namespaces]
    assert Index((), kinds).path(NamedNode(iri)) == path


def test_every_thing_of_the_shipped_home_has_a_path_of_its_own(shipped: Index) -> None:
    things = [thing for thing in shipped if shipped.owner(thing) is None]
    paths = {shipped.path(thing) for thing in things}
    assert None not in paths
    assert len(paths) == len(things)


@pytest.mark.parametrize(
    ("name", "said"),
    [("nowhere", "nothing called"), ("http://e/zz", "says nothing"), ("://", "not an IRI")],
)
def test_what_is_not_there_is_not_found(small: Index, name: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        small.find(name)


def _made(folder: Path, triples: int) -> Home:
    generator = Path(__file__).parents[2] / "benchmarks" / "generate.py"
    command = [sys.executable, str(generator), str(folder), "--triples", str(triples)]
    subprocess.run(command, check=True)
    return Home(folder / "home")


def _cost(index: Index) -> float:
    """Return the microseconds that a thing takes, the least of some rounds."""
    things = [thing for thing in index if index.owner(thing) is None][::7][:300]
    return min(_seconds(index, things) for _ in range(5)) / len(things) * 1e6


def _seconds(index: Index, things: list[object]) -> float:
    start = perf_counter()
    for thing in things:
        index.gather([thing])  # type: ignore[list-item]
        list(islice(index.links_to(thing), 20))  # type: ignore[arg-type]
    return perf_counter() - start


@pytest.mark.slow
@pytest.mark.checkout
def test_the_cost_per_thing_does_not_grow_with_the_graph(tmp_path: Path) -> None:
    small, large = (_cost(read_index(_made(tmp_path / str(n), n))) for n in (10_000, 200_000))
    assert large < 5 * small
