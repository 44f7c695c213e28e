"""There may be candidates too many, never too few: the report is pySHACL's own."""

import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from support.homes import shipped_part

from cjph_graph.errors import InputError, QueryError
from cjph_graph.home.location import Home, find_home, home_files
from cjph_graph.home.schema import read_shapes
from cjph_graph.rdf.loading import load
from cjph_graph.rdf.reading import read_bytes, turtle_files
from cjph_graph.shacl.data_graph import load_files
from cjph_graph.shacl.pyshacl_adapter import run_pyshacl
from cjph_graph.shacl.rdflib_terms import to_rdflib
from cjph_graph.shacl.results import Result
from cjph_graph.shacl.shapes import Shapes
from cjph_graph.shacl.validator import validate_graph
from cjph_graph.sparql import LocalEngine, Rows
from cjph_graph.validation import ValidationOptions, compiled, validate

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
ex:a a ex:C ; ex:p ex:b , 01 , "x" ; ex:q ex:a .
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


_PREFIXES = """\
@prefix ex: <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
"""
_BREAKING = "[ sh:select 'SELECT $this ?value { $this <http://e/p> ?value }' ]"
# Shapes that were, or could be, asked about the wrong things, with the results there are.
_CASES = {
    "a property shape with targets of its own, below another": (
        "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:property ex:P ."
        f"ex:P sh:path ex:p ; sh:targetNode ex:c ; sh:sparql {_BREAKING} .",
        4,
    ),
    "a property shape below two others": (
        "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:property ex:P ."
        "ex:T a sh:NodeShape ; sh:targetNode ex:a , ex:c ; sh:property ex:P ."
        f"ex:P sh:path ex:p ; sh:sparql {_BREAKING} .",
        7,
    ),
    "a property shape two levels down": (
        "ex:S a sh:NodeShape ; sh:targetNode ex:b ; sh:property [ sh:path ex:p ;"
        f" sh:property [ sh:path ex:p ; sh:sparql {_BREAKING} ] ] .",
        3,
    ),
    "a shape that is a class": (
        f"ex:C a sh:NodeShape , rdfs:Class ; sh:sparql {_BREAKING} .",
        6,
    ),
    "a shape that is a class and has targets of SHACL-AF": (
        f"ex:C a sh:NodeShape , rdfs:Class ; sh:target ex:T ; sh:sparql {_BREAKING} .",
        6,
    ),
    "classes that are no shapes, some without a name": (
        f"ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:sparql {_BREAKING} ."
        "ex:C a owl:Class ; rdfs:subClassOf [ a owl:Class ; owl:unionOf ( ex:A ex:B ) ] .",
        3,
    ),
    "a path of a property that is described with its shapes": (
        "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:property"
        f" [ sh:path [ sh:zeroOrOnePath ex:p ] ; sh:sparql {_BREAKING} ] ."
        "ex:p rdfs:domain ex:T . ex:T a sh:NodeShape ; sh:targetNode ex:b ; sh:class ex:A .",
        4,
    ),
    "a rule that says where it is from": (
        "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:sparql [ rdfs:isDefinedBy ex:T ;"
        " sh:select 'SELECT $this { $this <http://e/p> ?value }' ] ."
        "ex:T a sh:NodeShape ; sh:targetNode ex:b ; sh:class ex:A .",
        2,
    ),
    "a deactivated shape": (
        "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:deactivated true ;"
        f" sh:sparql {_BREAKING} ."
        "ex:T a sh:NodeShape ; sh:targetNode ex:b ; sh:class ex:A .",
        1,
    ),
    "a deactivated property shape and a deactivated rule": (
        f"ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:class ex:A ;"
        f" sh:property [ sh:path ex:p ; sh:deactivated true ; sh:sparql {_BREAKING} ] ;"
        " sh:sparql [ sh:deactivated true ; sh:select 'SELECT $this { $this ?p ?o }' ] .",
        1,
    ),
    "a prefix that nobody declares but pySHACL knows": (
        "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:sparql"
        " [ sh:select 'SELECT $this ?value { $this rdf:type ?value }' ] .",
        1,
    ),
    "a prefix that is imported": (
        "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:sparql [ sh:prefixes ex:one ;"
        " sh:select 'SELECT $this ?value { $this e:p ?value }' ] ."
        "ex:one owl:imports ex:two . ex:two owl:imports ex:one ;"
        " sh:declare [ sh:prefix 'e' ; sh:namespace 'http://e/' ] .",
        3,
    ),
    "a rule that does not answer with $this": (
        "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:sparql"
        " [ sh:select 'SELECT ?value { $this <http://e/p> ?value }' ] .",
        3,
    ),
    "targets that are literals": (
        "ex:S a sh:NodeShape ; sh:targetObjectsOf ex:p ; sh:sparql"
        " [ sh:select 'SELECT $this { FILTER(isLiteral($this)) }' ] .",
        4,
    ),
    "targets that are blank nodes, and none at all": (
        "ex:S a sh:NodeShape ; sh:targetNode [ ] ; sh:targetClass [ ] ;"
        " sh:class ex:A ; sh:sparql [ sh:select 'SELECT $this { $this ?p ?o }' ] .",
        1,
    ),
    "a rule in two shapes": (
        "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:sparql ex:rule ."
        "ex:T a sh:NodeShape ; sh:targetNode ex:a ; sh:node ex:U ."
        "ex:U sh:sparql ex:rule . ex:rule sh:select 'SELECT $this { $this ?p ?o }' .",
        2,
    ),
}


@pytest.mark.parametrize(
    ("target", "rule", "path"),
    [
        (target, rule, ("ex:p", "[ sh:inversePath ex:q ]")[(one + other) % 2])
        for one, target in enumerate(_TARGETS)
        for other, rule in enumerate(_RULES)
    ],
)
def test_the_report_is_that_of_pyshacl(target: str, rule: str, path: str) -> None:
    _compare((_SHAPES % (target, path, rule)).encode())


@pytest.mark.parametrize("name", _CASES)
def test_no_result_is_lost_or_told_twice(name: str) -> None:
    text, count = _CASES[name]
    assert len(_compare((_PREFIXES + text).encode())) == count


def test_what_is_no_shape_and_what_is_deactivated_is_not_counted() -> None:
    text = (
        "ex:S a sh:NodeShape ; sh:targetNode ex:a . ex:C a rdfs:Class . [ ] a owl:Class ."
        "ex:T a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:deactivated true ."
    )
    shapes = read_bytes((_PREFIXES + text).encode(), "shapes")
    graph = load_files([read_bytes(_DATA, "data")]).graph
    assert validate_graph(Shapes(shapes.triples), graph).focus_nodes == 1


@pytest.mark.parametrize(
    "select",
    [
        "SELECT $this { BIND (true AS $this) }",
        "SELECT $this { $this ex:p ?value }",
        "SELECT $this { VALUES ?any { true } }",
        "no query",
    ],
)
def test_a_rule_that_cannot_be_asked_is_refused_by_pyshacl(select: str) -> None:
    text = f"ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:sparql [ sh:select '{select}' ] ."
    with pytest.raises(InputError, match=r"^The shapes cannot be used: .*\.$"):
        _compare((_PREFIXES + text).encode(), whole=False)


def test_a_prefix_cannot_smuggle_in_a_service() -> None:
    namespace = "http://e/> SELECT $this { SERVICE <http://127.0.0.1/> { ?a ?b ?c } { # "
    text = (
        "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:sparql [ sh:prefixes ex: ;"
        " sh:select '{ } } }' ] ."
        f"ex: sh:declare [ sh:prefix 'e' ; sh:namespace '{namespace}' ] ."
    )
    with pytest.raises(InputError, match="sh:namespace"):
        _compare((_PREFIXES + text).encode(), whole=False)


def _compare(text: bytes, *, whole: bool = True) -> list[Result]:
    """Return the results that are left of screening, and pySHACL's own, of all things and named."""
    shapes = read_bytes(text, "shapes")
    data = read_bytes(_DATA, "data")
    assert shapes.problem is None
    assert data.problem is None
    graph = load_files([data]).graph
    expected = _told(run_pyshacl(to_rdflib(data.triples), shapes.triples)) if whole else []
    things = {term for t in data.triples for term in (t.subject, t.object)}
    for only in (None, things):
        found = validate_graph(Shapes(shapes.triples), graph, only)
        assert _told(found.results) == expected
    assert expected, "a comparison of nothing with nothing says nothing"
    return expected


def _told(results: Iterable[Result]) -> list[Result]:
    """Leave out the messages: which of a rule's and a shape's own is told is our choice."""
    return sorted((replace(result, messages=()) for result in results), key=repr)


def test_of_our_own_shapes_everything_can_be_told_in_sparql() -> None:
    written = compiled(find_home())
    assert written.endswith("# Shapes all of whose targets are given to pySHACL: none\n")
    assert written.count("SELECT") > 200


def test_what_cannot_be_told_is_named(tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.ttl"
    lookahead = "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:pattern '^(?!x)' ."
    shapes.write_text(_PREFIXES + lookahead, encoding="utf-8")
    assert compiled(None, [shapes]).endswith("given to pySHACL: ex:S\n")


@pytest.mark.parametrize("paths", [[], ["interventions/cahoots-eugene.ttl"]])
def test_data_that_conform_never_import_pyshacl(paths: list[str]) -> None:
    program = (
        "import sys; from pathlib import Path;"
        "from cjph_graph.validation import ValidationOptions, validate;"
        "from cjph_graph.home.location import find_home; home = find_home();"
        "files = [home.data / path for path in sys.argv[1:]];"
        "report = validate(ValidationOptions(files, home=home));"
        "print(report.conforms, report.checked > 0, {'rdflib', 'pyshacl'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", program, *paths]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "True True set()\n"


def test_hardly_anything_is_suspected_that_is_not_wrong() -> None:
    """Of what breaks one of our constraints and no rule in SPARQL, each is judged, and few more."""
    home = find_home()
    broken = turtle_files(Path(__file__).parent.parent / "examples")
    data = [path for path in home_files(home) if path != home.ontology]
    shapes = Shapes(read_shapes(home))
    found = validate_graph(shapes, load_files([*data, *broken]).graph)
    wrong = {r.focus for r in found.results if r.term("sourceConstraint") is None}
    assert len(wrong) > 200
    assert found.candidates <= 1.2 * len(wrong)


def _at_fault(shape: str, data: str) -> set[str | None]:
    """Return which things are at fault; no candidate is one for nothing."""
    rules = f"{_PREFIXES}ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property [ {shape} ] ."
    files = [read_bytes((_PREFIXES + text).encode(), "text") for text in (rules, data)]
    found = validate_graph(Shapes(files[0].triples), load_files(files[1:]).graph)
    at_fault = {result.focus for result in found.results}
    assert found.candidates == len(at_fault)
    return at_fault


@pytest.mark.parametrize("most", [0, 1, 2])
def test_values_are_counted_whether_or_not_a_thing_has_several(most: int) -> None:
    shape, one = f"sh:path ex:p ; sh:maxCount {most}", "ex:one a ex:C ; ex:p 1 . "
    assert _at_fault(shape, one) == ({"http://e/one"} if most == 0 else set())
    several = f"{one} ex:two a ex:C ; ex:p 1, 2 . ex:three a ex:C ; ex:p 1, 2, 3 ."
    names = ("one", "two", "three")[most:]
    assert _at_fault(shape, several) == {f"http://e/{name}" for name in names}


def test_a_path_of_several_steps_leads_somewhere_or_not() -> None:
    data = """
        ex:a a ex:C ; ex:p ex:b . ex:b ex:q ex:c . ex:c ex:r "end" .
        ex:d a ex:C ; ex:p ex:e, ex:c . ex:e ex:q ex:f .
        ex:g a ex:C .
        ex:h a ex:C ; ex:p ex:i, ex:b .
    """
    shape = "sh:path ( ex:p ex:q ex:r ) ; sh:minCount 1"
    assert _at_fault(shape, data) == {"http://e/d", "http://e/g"}


class _Picky(LocalEngine):
    """A server with no answer to queries in which a text stands."""

    def __init__(self, home: Home, refused: str) -> None:
        super().__init__(load(home_files(home)))
        self._refused = refused

    def scan(self, text: str) -> Rows:
        if self._refused in text:
            raise QueryError("The endpoint answered with the error 500.")
        return super().scan(text)


def test_a_server_that_does_not_say_what_the_targets_are_is_not_taken_to_have_none(
    tmp_path: Path,
) -> None:
    home = shipped_part(tmp_path)
    with pytest.raises(QueryError, match="error 500"):
        validate(ValidationOptions(home=home, endpoint=_Picky(home, "SELECT DISTINCT ?this")))
