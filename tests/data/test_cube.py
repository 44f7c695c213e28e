"""The observations as a W3C Data Cube: the 21 integrity constraints hold on the stored graph.

Each `cube/ic-*.rq` asks whether its constraint is broken, after `closure.ru` has added what the
vocabulary lets a writer leave out. For each there is the least that breaks it.
"""

from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Quad, QueryBoolean, RdfFormat, Store

from cjph_graph.home.location import find_home, home_files
from cjph_graph.rdf.reading import read_turtle

FOLDER = Path(__file__).parent / "cube"
CONSTRAINTS = sorted(FOLDER.glob("ic-*.rq"))

_PREFIXES = """
@prefix : <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix qb: <http://purl.org/linked-data/cube#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
# A cube of two years that keeps every constraint.
_RIGHT = """
:cube qb:structure :structure .
:structure a qb:DataStructureDefinition ;
    qb:component [ qb:dimension :year ] , [ qb:measure :people ] .
:year rdfs:range rdfs:Literal .
:a qb:dataSet :cube ; :year 1 ; :people 10 .
:b qb:dataSet :cube ; :year 2 ; :people 20 .
"""
_TYPED = """
:typed qb:structure :types .
:types a qb:DataStructureDefinition ;
    qb:component [ qb:dimension :year ] , [ qb:dimension qb:measureType ] ,
        [ qb:measure :people ] , [ qb:measure :calls ] .
qb:measureType rdfs:range qb:MeasureProperty .
"""
_COLOURED = """
:structure qb:component [ qb:dimension :colour ] .
:colour rdfs:range skos:Concept ; qb:codeList :colours .
:a :colour :red . :b :colour :red .
"""
_WRONG = {
    "ic-01": (":c a qb:Observation .", ":a qb:dataSet :other . :other qb:structure :structure ."),
    "ic-02": (":empty a qb:DataSet .", ":cube qb:structure :other ."),
    "ic-03": (":other a qb:DataStructureDefinition .",),
    "ic-04": (":place a qb:DimensionProperty .",),
    "ic-05": (":place a qb:DimensionProperty ; rdfs:range skos:Concept .",),
    "ic-06": (":structure qb:component [ qb:dimension :year ; qb:componentRequired false ] .",),
    "ic-07": (":key a qb:SliceKey .",),
    "ic-08": (":structure qb:sliceKey :key . :key a qb:SliceKey ; qb:componentProperty :place .",),
    "ic-09": (":slice a qb:Slice .", ":slice a qb:Slice ; qb:sliceStructure :one , :two ."),
    "ic-10": (":slice qb:sliceStructure :key . :key qb:componentProperty :year .",),
    "ic-11": (":c qb:dataSet :cube ; :people 30 .",),
    "ic-12": (":c qb:dataSet :cube ; :year 1 ; :people 30 .",),
    "ic-13": (":structure qb:component [ qb:attribute :unit ; qb:componentRequired true ] .",),
    "ic-14": (":c qb:dataSet :cube ; :year 3 .",),
    "ic-15": (_TYPED + ":c qb:dataSet :typed ; :year 1 ; qb:measureType :people .",),
    "ic-16": (
        _TYPED + ":c qb:dataSet :typed ; :year 1 ; qb:measureType :people ; :people 1 ; :calls 2 .",
    ),
    "ic-17": (_TYPED + ":c qb:dataSet :typed ; :year 1 ; qb:measureType :people ; :people 1 .",),
    "ic-18": (":other qb:slice :slice . :slice qb:observation :a .",),
    "ic-19": (
        _COLOURED + ":colours a skos:ConceptScheme .",
        _COLOURED + ":colours a skos:Collection .",
    ),
    "ic-20": (
        _COLOURED
        + ":colours a qb:HierarchicalCodeList ; qb:parentChildProperty skos:narrower ;"
        + " qb:hierarchyRoot :warm .",
    ),
    "ic-21": (
        _COLOURED
        + ":colours a qb:HierarchicalCodeList ; qb:hierarchyRoot :warm ;"
        + " qb:parentChildProperty [ owl:inverseOf skos:broader ] .",
    ),
}


def _closed(store: Store) -> Store:
    store.update((FOLDER / "closure.ru").read_text(encoding="utf-8"))
    return store


@cache
def _graph() -> Store:
    store = Store()
    for path in home_files(find_home()):
        store.extend(Quad(*triple) for triple in read_turtle(path).triples)
    return _closed(store)


def _is_broken(store: Store, constraint: Path) -> bool:
    answer = store.query(constraint.read_text(encoding="utf-8"))
    assert isinstance(answer, QueryBoolean)
    return bool(answer)


def _made(text: str) -> Store:
    store = Store()
    store.load((_PREFIXES + _RIGHT + text).encode(), RdfFormat.TURTLE)
    return _closed(store)


@pytest.mark.parametrize("constraint", CONSTRAINTS, ids=lambda path: path.stem)
def test_the_graph_keeps_the_constraint(constraint: Path) -> None:
    assert not _is_broken(_graph(), constraint)


@pytest.mark.parametrize("constraint", CONSTRAINTS, ids=lambda path: path.stem)
def test_the_constraint_finds_what_breaks_it(constraint: Path) -> None:
    assert not _is_broken(_made(""), constraint)
    for wrong in _WRONG[constraint.stem]:
        assert _is_broken(_made(wrong), constraint), wrong


def test_there_are_21_constraints_and_observations_they_look_at() -> None:
    assert [path.stem for path in CONSTRAINTS] == sorted(_WRONG)
    assert len(CONSTRAINTS) == 21
    looked_at = "SELECT ?o { ?o <http://purl.org/linked-data/cube#dataSet> ?d }"
    observations = "SELECT ?o { ?o a <https://w3id.org/cjph/ontology#Observation> }"
    store = _graph()
    assert len(list(store.query(looked_at))) == len(list(store.query(observations))) > 0
