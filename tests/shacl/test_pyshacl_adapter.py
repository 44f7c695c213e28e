"""The edge to rdflib and pySHACL: what pySHACL gets wrong by itself is right here."""

import os
import subprocess
import sys

import pytest
import rdflib
from pyoxigraph import Triple

from cjph_graph.errors import InputError, LimitError, RefusedError
from cjph_graph.rdf.blank_nodes import blank_nodes_in
from cjph_graph.rdf.reading import read_bytes
from cjph_graph.shacl.pyshacl_adapter import run_pyshacl
from cjph_graph.shacl.rdflib_terms import to_rdflib
from cjph_graph.shacl.report import report_triples, report_turtle
from cjph_graph.shacl.results import Result

_PREFIXES = """\
@prefix ex: <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
"""


def _triples(text: str) -> tuple[Triple, ...]:
    file = read_bytes((_PREFIXES + text).encode(), "text")
    assert file.problem is None, file.problem
    return file.triples


def _check(data: str, shapes: str) -> list[Result]:
    return run_pyshacl(to_rdflib(_triples(data)), _triples(shapes))


@pytest.mark.parametrize(
    "wrap", ["sh:datatype {}", "sh:or ( [ sh:datatype {} ] [ sh:class ex:C ] )"]
)
@pytest.mark.parametrize(
    ("literal", "results"),
    [
        ('"40"^^xsd:integer', 0),
        ('"4_0"^^xsd:integer', 1),
        ('"0040"^^xsd:integer', 0),
        ('"1e5"^^xsd:decimal', 1),
        ('"abc"^^xsd:gYear', 1),
        ('"2020"^^xsd:gYear', 0),
        ('"2020-W01-1"^^xsd:date', 1),
        ('"2020-01-01Z"^^xsd:date', 0),
        ('"none"^^xsd:boolean', 1),
        ('"a  b"^^xsd:token', 1),
        ('"a"^^xsd:string', 0),
        ('"anything"^^ex:size', 0),
    ],
)
def test_an_ill_typed_literal_has_not_its_datatype(
    literal: str, results: int, wrap: str, capfd: pytest.CaptureFixture[str]
) -> None:
    datatype = literal.partition("^^")[2]
    rule = wrap.format(datatype)
    found = _check(
        f"ex:a ex:p {literal} .",
        f"ex:S a sh:PropertyShape ; sh:targetNode ex:a ; sh:path ex:p ; {rule} .",
    )
    assert len(found) == results
    written = literal.split('"')[1]
    assert all(result.value == written for result in found)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("rule", ["minInclusive", "maxInclusive", "minExclusive", "maxExclusive"])
@pytest.mark.parametrize(
    "literal", ['"4_0"^^xsd:integer', '"c"^^xsd:decimal', '"99"^^ex:size', '"2020"^^xsd:gYear']
)
def test_what_has_no_value_is_within_no_bounds(literal: str, rule: str) -> None:
    shape = f"ex:S a sh:PropertyShape ; sh:targetNode ex:a ; sh:path ex:p ; sh:{rule} 10 ."
    assert len(_check(f"ex:a ex:p {literal} .", shape)) == 1


def test_literals_stay_as_they_are_written() -> None:
    triples = _triples('ex:a ex:p 1.50 , "01"^^xsd:integer , "yes"^^xsd:boolean , "a"@en , "b" .')
    graph = to_rdflib(triples)
    assert {str(term) for term in graph.objects()} == {"1.50", "01", "yes", "a", "b"}
    assert rdflib.Literal("b") in set(graph.objects()), "as a query in rdflib would say it"


def test_a_setting_of_rdflib_stays_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    _check("ex:a ex:p 1 .", "ex:S a sh:NodeShape ; sh:targetNode ex:a .")
    assert rdflib.NORMALIZE_LITERALS is False


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("[ sh:inversePath ( ex:p ex:q ) ]", "^(http://e/p/http://e/q)"),
        ("[ sh:inversePath [ sh:oneOrMorePath ( ex:p ex:q ) ] ]", "^(http://e/p/http://e/q)+"),
        (
            "[ sh:inversePath [ sh:alternativePath ( ( ex:p ex:q ) ex:r ) ] ]",
            "^((http://e/p/http://e/q)|http://e/r)",
        ),
        (
            "[ sh:inversePath ( [ sh:inversePath [ sh:inversePath ex:p ] ] ex:q ) ]",
            "^(^^http://e/p/http://e/q)",
        ),
    ],
)
def test_the_inverse_of_a_sequence_is_walked_backwards(path: str, text: str) -> None:
    (found,) = _check(
        "ex:c ex:p ex:b . ex:b ex:q ex:a .",
        f"ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:property"
        f" [ sh:path {path} ; sh:maxCount 0 ] .",
    )
    assert found.path == text
    said = [t for t in report_triples([found], ()) if t.predicate.value.endswith("inversePath")]
    assert len(said) == text.count("^"), "the report has the path as it was written"


@pytest.mark.parametrize("value", ["C:\\Users", "\\1"])
def test_a_backslash_in_a_value_is_no_regular_expression(value: str) -> None:
    written = value.replace("\\", "\\\\")
    (found,) = _check(
        f"ex:a ex:p '{written}' .",
        "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:sparql [ sh:message"
        " '{?value} of {$this} {?x}'@en ;"
        " sh:select 'SELECT $this ?value { $this <http://e/p> ?value }' ] .",
    )
    assert found.messages == (f"{value} of http://e/a {{?x}}",)


@pytest.mark.parametrize(
    ("rule", "on"),
    [
        ("sh:property [ sh:path ex:p ; sh:uniqueLang {} ]", 1),
        ("sh:closed {}", 2),
        ("sh:class ex:C ; sh:deactivated {}", 0),
    ],
)
def test_only_true_switches_on(rule: str, on: int) -> None:
    data, shape = "ex:a ex:p 'x'@en , 'y'@en .", "ex:S a sh:NodeShape ; sh:targetNode ex:a ; "
    assert len(_check(data, f"{shape}{rule.format('true')} .")) == on
    off = len(_check(data, f"{shape}{rule.format('false')} ."))
    assert off != on
    assert len(_check(data, shape + rule.format('"1"^^xsd:boolean') + " .")) == off


def test_details_are_with_the_result_they_led_to() -> None:
    (found,) = _check(
        "ex:a ex:p ex:b .",
        "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:node [ sh:class ex:C ] .",
    )
    assert found.constraint.endswith("NodeConstraintComponent")
    (detail,) = found.details
    assert detail.constraint.endswith("ClassConstraintComponent")


def test_a_blank_node_can_be_the_target() -> None:
    data = _triples("[] ex:p 1 .")
    shapes = _triples("ex:S a sh:NodeShape ; sh:property [ sh:path ex:p ; sh:maxCount 0 ] .")
    target = _triples("ex:S sh:targetNode ex:a .")[0]
    node = data[0].subject
    (found,) = run_pyshacl(
        to_rdflib(data), [*shapes, Triple(target.subject, target.predicate, node)]
    )
    assert found.focus == str(node)
    assert found.term("focusNode") == node


@pytest.mark.parametrize(
    ("shapes", "error", "message"),
    [
        ("sh:sparql [ sh:select 'SELECT $this { SERVICE ex:s { } }' ]", RefusedError, "SERVICE"),
        ("sh:sparql [ sh:select 'SELECT $this FROM <file:/x> { }' ]", RefusedError, "FROM"),
        (f"sh:sparql [ sh:select 'SELECT $this {'{' * 200}' ]", LimitError, "nested"),
        ("sh:sparql [ sh:select 'SELECT $this { GRAPH $shapesGraph { } }' ]", InputError, "Graph"),
        ("sh:sparql [ sh:select 'nothing' ]", InputError, "cannot be used"),
        ("sh:sparql [ ]", InputError, "sh:select"),
        ("sh:property [ sh:path ex:p ; sh:pattern '(' ]", InputError, "not a regular expression"),
        ("sh:property [ sh:path 'p' ]", InputError, "cannot be used"),
        ("sh:property ex:P . ex:P sh:path _:b . _:b sh:inversePath _:c ."
         "_:c sh:zeroOrMorePath _:c",
         InputError, "nested more than 10 deep"),
        ("sh:datatype xsd:integer , xsd:string", InputError, "at most one sh:datatype"),
        ("sh:or ()", InputError, "list"),
        ("sh:entailment <http://www.w3.org/ns/entailment/RDFS>", InputError, "entailment"),
    ],
)  # fmt: skip
def test_shapes_that_cannot_be_used_are_one_sentence(
    shapes: str, error: type[Exception], message: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(error, match=message) as raised:
        _check("ex:a ex:p 'x' .", f"ex:S a sh:NodeShape ; sh:targetNode ex:a ; {shapes} .")
    assert "\n" not in raised.value.message  # type: ignore[attr-defined]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "statement", ["ex:a ex:p <<( ex:b ex:q 1 )>> .", "<< ex:b ex:q 1 >> ex:p 2 ."]
)
def test_a_statement_about_a_statement_is_named(statement: str) -> None:
    with pytest.raises(InputError, match=r"RDF 1\.2.*<http://e/b> <http://e/q>"):
        to_rdflib(_triples(statement))


_DATA = """\
ex:a ex:p [ ex:q 1 ] , [ ex:q 02 ] , [ ex:q 'c' ] , "a  b"^^xsd:token ; ex:q 1.50 .
"""
_SHAPES = """\
ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:targetObjectsOf ex:p ; sh:property ex:P ,
  [ sh:path ( ex:p [ sh:inversePath ex:p ] ) ; sh:maxCount 0 ; sh:severity sh:Warning ] ,
  [ sh:path ex:q ; sh:equals ex:r , ex:s , ex:t ; sh:hasValue ex:r , ex:s , ex:t ] .
ex:P sh:path ex:q ; sh:maxCount 0 ; sh:nodeKind sh:IRI ; sh:message "Not here."@en .
ex:T a sh:NodeShape ; sh:targetSubjectsOf ex:q ; sh:nodeKind sh:IRI .
"""
_REPORTING = """\
import sys
from cjph_graph.rdf.blank_nodes import blank_nodes_in
from cjph_graph.rdf.reading import read_bytes
from cjph_graph.shacl.pyshacl_adapter import run_pyshacl
from cjph_graph.shacl.rdflib_terms import to_rdflib
from cjph_graph.shacl.report import report_turtle
facts, rules = (read_bytes(text.encode(), "text").triples for text in sys.argv[1:])
results = run_pyshacl(to_rdflib(facts), rules)
known = [node for triple in (*facts, *rules) for node in blank_nodes_in(triple)]
sys.stdout.buffer.write(report_turtle(results, known, {"ex": "http://e/"}))
"""


def _report(data: str, shapes: str) -> bytes:
    facts, rules = _triples(data), _triples(shapes)
    results = run_pyshacl(to_rdflib(facts), rules)
    return report_turtle(
        results, [n for t in (*facts, *rules) for n in blank_nodes_in(t)], {"ex": "http://e/"}
    )


def test_the_report_is_the_same_on_every_run() -> None:
    first = _report(_DATA, _SHAPES)
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", _REPORTING, _PREFIXES + _DATA, _PREFIXES + _SHAPES],
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
        )
        assert done.stdout == first
    text = first.decode()
    assert "_:report a sh:ValidationReport ;\n\tsh:conforms false ;" in text
    assert "sh:value 1.50 ;" in text
    kind = rdflib.SH.ValidationResult
    results = list(rdflib.Graph().parse(first, format="turtle").subjects(rdflib.RDF.type, kind))
    assert len(results) == len(set(results)) == text.count("sh:resultSeverity") > 8


def test_a_report_without_results_conforms() -> None:
    report = _report("ex:b ex:p 1 .", "ex:S a sh:NodeShape ; sh:targetNode ex:a .")
    assert b"sh:conforms true" in report
    assert b"sh:result " not in report
