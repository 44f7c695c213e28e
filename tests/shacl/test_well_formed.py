"""Ill-formed shapes are refused by name and place, whether or not the data have a target."""

from pathlib import Path

import pytest

from cjph_graph.errors import InputError
from cjph_graph.rdf.reading import read_bytes, read_turtle
from cjph_graph.shacl import Shapes, load_files, validate_graph, validate_with_pyshacl
from cjph_graph.shacl.well_formed import refuse_ill_formed

_PREFIXES = """\
@prefix ex: <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
"""
_ILL_FORMED = {
    "sh:property [ sh:path ex:p , ex:q ]": "sh:path has 2 values where one is allowed",
    "sh:property [ sh:path 'p' ]": 'sh:path has "p", which is not a path',
    "sh:property [ sh:path ( ex:p [ ] ) ]": "sh:path is not a path",
    "sh:property 'p'": 'sh:property has "p", which is not a shape',
    "sh:datatype xsd:date , xsd:gYear": "sh:datatype has 2 values",
    "sh:datatype 'date'": "which is not an IRI",
    "sh:nodeKind sh:Iri": "which is not a kind of node",
    "sh:minCount 1": "sh:minCount needs a sh:path beside it",
    "sh:uniqueLang true": "sh:uniqueLang needs a sh:path beside it",
    "sh:lessThan ex:q": "sh:lessThan needs a sh:path beside it",
    "sh:property [ sh:path ex:p ; sh:minCount 'one' ]": "which is not a whole number of 0 or more",
    "sh:property [ sh:path ex:p ; sh:maxCount -1 ]": "which is not a whole number of 0 or more",
    "sh:maxLength 2.5": "which is not a whole number of 0 or more",
    "sh:closed 'yes'": "where true or false is allowed",
    "sh:closed true ; sh:ignoredProperties rdf:type": "which is not a list of properties",
    "sh:in ex:a": "which is not a list",
    "sh:languageIn 'en'": "which is not a list of languages",
    "sh:or ex:a": "which is not a list of shapes",
    "sh:or ( )": "has a list of 0 where at least 1 must be",
    "sh:not 'x'": "which is not a shape",
    "sh:minInclusive ex:x": "which is not a literal",
    "sh:pattern '('": "is not a regular expression",
    "sh:pattern ex:p": "which is not a literal",
    "sh:sparql [ ]": "a query has no sh:select",
    "sh:sparql [ sh:select 'SELECT $this { $this e:p ?x }' ]": "the query uses e: and no",
    "sh:sparql [ sh:select 'SELECT $this { $this ?p ?o' ]": "the query is not SPARQL",
    "sh:sparql [ sh:select 'ASK { $this ?p ?o }' ]": "is not a SELECT",
    "sh:sparql [ sh:select 'SELECT $this { $this ?p ?o MINUS { $this ?p 1 } }' ]": "has MINUS",
}


@pytest.mark.parametrize("shape", _ILL_FORMED)
def test_an_ill_formed_shape_is_refused_by_name_and_line(shape: str, tmp_path: Path) -> None:
    path = tmp_path / "shapes.ttl"
    target = "sh:targetClass ex:Absent"
    path.write_text(f"{_PREFIXES}ex:S a sh:NodeShape ; {target} ;\n  {shape} .", encoding="utf-8")
    file = read_turtle(path)
    graph = load_files([read_bytes(b"<http://e/a> <http://e/p> 1 .", "data")]).graph
    for validate in (validate_graph, validate_with_pyshacl):
        with pytest.raises(InputError) as raised:
            validate(Shapes(file.triples, [file]), graph)
        message = raised.value.message
        assert message.startswith("The shapes cannot be used: ")
        assert _ILL_FORMED[shape] in message
        assert "<http://e/S>" in message
        assert f"{path}:4:" in message or f"{path}:5:" in message


def test_what_else_is_wrong_comes_after() -> None:
    text = " ".join(f"ex:S{n} sh:path ex:p ; sh:minCount {n - 7} ." for n in range(7))
    with pytest.raises(InputError) as raised:
        refuse_ill_formed(Shapes(read_bytes((_PREFIXES + text).encode(), "shapes").triples))
    assert raised.value.hint is not None
    assert raised.value.hint.startswith('Also: sh:minCount has "-6"')
    assert raised.value.hint.endswith("and 2 more.")


@pytest.mark.parametrize(
    "shape",
    [
        "sh:in ( )",
        "sh:closed '1'^^xsd:boolean",
        "sh:deactivated true ; sh:datatype 'date'",
        "sh:minInclusive 1 , 2 ; sh:pattern 'a' , 'b' ; sh:flags 'q'",
        "sh:pattern '\\\\p{Lu}'",
        "sh:property [ sh:path [ sh:alternativePath ( ex:p [ sh:zeroOrMorePath ex:q ] ) ] ]",
        "sh:sparql [ sh:deactivated true ; sh:select 'nothing' ]",
        "sh:sparql [ sh:select 'SELECT $this { $this ?p ?o FILTER(ex:f(?o)) }' ; sh:prefixes ex: ]",
        "sh:sparql [ sh:select 'SELECT $this { $this skos:note ?o }' ]",
        "sh:node ex:Elsewhere",
    ],
)
def test_what_is_unusual_is_not_refused(shape: str) -> None:
    declared = 'ex: sh:declare [ sh:prefix "ex" ; sh:namespace "http://e/"^^xsd:anyURI ] .'
    text = f"{_PREFIXES}ex:S sh:targetNode ex:a ; {shape} . {declared}"
    refuse_ill_formed(Shapes(read_bytes(text.encode(), "shapes").triples))
