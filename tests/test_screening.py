"""Screening may suspect too much, never too little: its report is pySHACL's own."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from pyoxigraph import Quad, Store

from cjph_graph.graph import read_bytes
from cjph_graph.screening import Shapes, make_plan
from cjph_graph.shacl import Result, check, to_rdflib

_SHAPES = """\
@prefix ex: <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<http://e/> sh:declare [ sh:prefix "ex" ; sh:namespace "http://e/"^^xsd:anyURI ] .
ex:S a sh:NodeShape ; %s ; sh:property ex:P ; sh:sparql ex:rule ; sh:message "shape" .
ex:P sh:path %s ; sh:sparql ex:pathRule ; sh:maxCount 2 .
ex:rule sh:prefixes <http://e/> ; sh:select \"\"\"%s\"\"\" .
ex:pathRule sh:message "{?value}" ;
  sh:select "SELECT $this ?value { $this $PATH ?value FILTER(isLiteral(?value)) }" .
"""
_DATA = b"""\
@prefix ex: <http://e/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:Sub rdfs:subClassOf ex:C .
ex:a a ex:C ; ex:p ex:b , 1 , "x" ; ex:q ex:a .
ex:b a ex:Sub ; ex:p ex:a , 2 ; ex:q ex:c .
ex:c ex:p ex:c ; ex:q 3 .
[] a ex:C ; ex:p 5 ; ex:q ex:b .
"""
_TARGETS = (
    "sh:targetClass ex:C",
    "sh:targetNode ex:a , ex:nowhere",
    "sh:targetSubjectsOf ex:q",
    "sh:targetObjectsOf ex:q",
    "sh:targetNode ex:a ; sh:targetClass ex:Sub",
)
_RULES = (
    "SELECT $this { $this ex:q ?x . FILTER NOT EXISTS { ?x ex:p $this } }",
    "SELECT $this ?value { ?value ex:q $this }",
    "SELECT $this ?value { { $this ex:p ?value } UNION { ?value ex:p $this FILTER(isIRI($this)) }}",
    "SELECT $this ?value { $this ex:p ?value OPTIONAL { ?value ex:q ?y } FILTER(BOUND(?y)) }",
    "SELECT $this (COUNT(?v) AS ?value) { $this ex:p ?v } GROUP BY $this HAVING (COUNT(?v) > 1)",
    "SELECT DISTINCT $this ?value { $this ex:p|ex:q ?value . BIND (STR($this) AS ?s)"
    " FILTER(isIRI(?value) && ?s < STR(?value)) }",
)


@pytest.mark.parametrize("rule", _RULES)
@pytest.mark.parametrize("target", _TARGETS)
@pytest.mark.parametrize("path", ["ex:p", "[ sh:inversePath ex:q ]"])
def test_the_report_is_that_of_pyshacl(target: str, path: str, rule: str) -> None:
    shapes = read_bytes((_SHAPES % (target, path, rule)).encode(), "shapes")
    data = read_bytes(_DATA, "data")
    assert shapes.problem is None
    assert data.problem is None
    store = Store()
    store.extend(Quad(*triple) for triple in data.triples)
    graph = to_rdflib(data.triples)
    whole = _told(check(graph, shapes.triples))
    plan = make_plan(Shapes(shapes.triples), store)
    assert _told(result for part in plan.shapes for result in check(graph, part)) == whole
    assert whole, "a comparison of nothing with nothing says nothing"


def _told(results: Iterable[Result]) -> list[Result]:
    """Leave out the messages: which of a rule's and a shape's own is told is our choice."""
    return sorted((replace(result, messages=()) for result in results), key=repr)
