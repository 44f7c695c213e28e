"""What pySHACL judges where very many things have the same mistake: the first, and no rule less."""

from collections import Counter

import pytest
from pyoxigraph import NamedNode, Triple
from support.comparison import read
from support.generators import make_case

from cjph_graph.errors import CjphError
from cjph_graph.rdf import read_bytes
from cjph_graph.shacl import Result, Shapes, ValidationResults, load_files, validate_graph
from cjph_graph.shacl import pyshacl_adapter as adapter

_PREFIXES = "@prefix ex: <https://e.example/> . @prefix sh: <http://www.w3.org/ns/shacl#> .\n"
_SHAPES = """
ex:S sh:targetClass ex:River ; sh:property ex:Name , ex:Km .
ex:Name sh:path ex:name ; sh:minCount 1 .
ex:Km sh:path ex:km ; sh:maxInclusive 9 ; sh:severity sh:Warning .
"""


def _check(shapes: str, data: str, most: int | None) -> ValidationResults:
    rules = Shapes(read_bytes((_PREFIXES + shapes).encode(), "shapes").triples)
    graph = load_files([read_bytes((_PREFIXES + data).encode(), "data")]).graph
    return validate_graph(rules, graph, most=most)


def _shape(result: Result) -> str:
    return result.shape.rpartition("/")[2]


def _rivers(number: int) -> str:
    return "".join(f"ex:r{n} a ex:River .\n" for n in range(number))


def test_no_more_are_judged_than_are_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []
    check = adapter.run_pyshacl

    def counting(data: object, shapes: list[Triple]) -> list[Result]:
        given.append(sum(t.predicate.value.endswith("targetNode") for t in shapes))
        return check(data, shapes)  # type: ignore[arg-type]

    monkeypatch.setattr(adapter, "run_pyshacl", counting)
    found = _check(_SHAPES, _rivers(60), most=5)
    assert [result.focus for result in found.results] == [
        f"https://e.example/r{n}" for n in range(5)
    ]
    assert given == [5]
    assert found.further == {(NamedNode("https://e.example/Name"), True): 55}


def test_what_is_rare_is_found_behind_what_is_frequent() -> None:
    data = f"{_rivers(60)} ex:r57 ex:name 'R' ; ex:km 12 . ex:r58 ex:km 7 ."
    found = _check(_SHAPES, data, most=5)
    assert Counter(map(_shape, found.results)) == {"Name": 5, "Km": 1}
    assert found.further == {(NamedNode("https://e.example/Name"), True): 54}


def test_what_turns_out_to_conform_is_neither_listed_nor_counted() -> None:
    # To the store "(?i)b" is a pattern that it may read in another way: all are candidates.
    shapes = 'ex:S sh:targetClass ex:River ; sh:pattern "(?i)r5[0-9]$" .'
    found = _check(shapes, _rivers(60), most=20)
    whole = _check(shapes, _rivers(60), most=None)
    assert len(whole.results) == 50
    listed, further = len(found.results), sum(found.further.values())
    assert (listed, listed + further <= whole.candidates) == (20, True)
    assert _check(shapes, _rivers(60) + "ex:r1 ex:x 1 .", most=50).results == whole.results


def test_values_of_one_thing_are_counted_too() -> None:
    data = f"ex:r a ex:River ; ex:name 'R' ; ex:km {', '.join(map(str, range(100, 130)))} ."
    found = _check(_SHAPES, data, most=4)
    assert len(found.results) == 4
    assert found.further == {(NamedNode("https://e.example/Km"), True): 26}


def test_properties_of_values_may_have_another_severity() -> None:
    shapes = """
    ex:S sh:targetClass ex:River ; sh:property ex:Into .
    ex:Into sh:path ex:into ; sh:severity sh:Info ; sh:nodeKind sh:Literal ; sh:property ex:Name .
    ex:Name sh:path ex:name ; sh:minCount 1 .
    """
    data = _rivers(20) + "".join(
        f"ex:r{n} ex:into ex:sea{n} . ex:sea{n} ex:name 'S' ." for n in range(19)
    )
    found = _check(shapes, f"{data} ex:r19 ex:into ex:sea .", most=3)
    assert Counter(map(_shape, found.results)) == {"Into": 3, "Name": 1}


@pytest.mark.parametrize("most", [1, 2])
def test_every_shape_that_is_broken_is_listed(most: int) -> None:
    """Over random shapes and data; what is called certain is."""
    told = certain = 0
    for seed in range(60):
        data, written = make_case(seed).turtle()
        shapes, graph = Shapes(read(written, "s").triples), load_files([read(data, "d")]).graph
        try:
            whole = validate_graph(shapes, graph)
        except CjphError:
            continue
        few = validate_graph(shapes, graph, most=most)
        all_of, some = (Counter(r.term("sourceShape") for r in f.results) for f in (whole, few))
        assert some == {shape: min(count, most) for shape, count in all_of.items()}, seed
        for (shape, sure), count in few.further.items():
            assert shape in all_of, seed
            assert not sure or some[shape] + count <= all_of[shape], seed
            told, certain = told + count, certain + count * sure
    assert certain > told / 2 > 20
