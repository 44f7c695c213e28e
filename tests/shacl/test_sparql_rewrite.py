"""Rules in SPARQL joined to their targets: put otherwise, and still the same answers."""

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store, parse

from cjph_graph.shacl.shapes import Shapes
from cjph_graph.shacl.sparql_rewrite import joined, predicates_left
from cjph_graph.shacl.targets import Targets
from cjph_graph.sparql.patterns import UnclearError, patterns
from cjph_graph.sparql.tokens import tokenize

_PREFIXES = {"ex": "http://e/"}
_SHAPES = b"""
@prefix ex: <http://e/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
ex:Class a sh:NodeShape ; sh:targetClass ex:C .
ex:One a sh:NodeShape ; sh:targetNode ex:a .
ex:Subjects a sh:NodeShape ; sh:targetSubjectsOf ex:p .
"""
_DATA = b"""
@prefix ex: <http://e/> .
ex:a a ex:C ; ex:p 1, "b"@en ; ex:q ex:b .
ex:b a ex:C, ex:D ; ex:p ex:a ; ex:r "x" .
ex:c ex:p "b" ; ex:q 1 .
ex:d a ex:C ; ex:r 1 .
"""
_BODIES = {
    "plain": "$this ex:p ?value . ?value ex:p ?other",
    "one statement": "$this ?path ?value FILTER (isLiteral(?value))",
    "one statement, no filter": "$this ex:p ?value .",
    "two filters": "$this ?path ?value FILTER (isLiteral(?value)) FILTER (LANG(?value) = 'en')",
    "no brackets": "$this ?path ?value FILTER isLiteral(?value)",
    "an error": "$this ?path ?value FILTER (?value + 1 = 2)",
    "a comment": "$this ?path ?value FILTER (isLiteral(?value) # ) {\n)",
    "predicates": "$this ?path ?value FILTER (?path IN (ex:p, <http://e/r>))",
    "predicates and more": "$this ?path ?value . ?value a ?k FILTER (?path IN (ex:p, ex:q))",
    "predicates of another": "?value ?path $this FILTER (?path IN (ex:p, ex:q))",
    "predicates, reached": "$this ex:q ?x . ?x ?path ?value FILTER (?path IN (ex:p))",
    "one predicate not": "$this ?path ?value FILTER (?path NOT IN (ex:p, ex:q))",
    "predicates or": "$this ?path ?value FILTER (?path IN (ex:p) || ?value = 1)",
    "predicates inside": "$this ex:p ?value FILTER EXISTS { ?s ?path ?o FILTER (?path IN (ex:q)) }",
    "unbound": "$this ex:p ?value FILTER (?path IN (ex:p))",
    "all": "?value ?p ?o FILTER NOT EXISTS { ?value a ?k }",
    "all, with a use": "?value ?p ?o . ?value ex:p ?k FILTER NOT EXISTS { ?value a ?k }",
    "all, the other way": "?value ?p ?o FILTER NOT EXISTS { ?k ex:q ?value }",
    "all, before": "FILTER NOT EXISTS { ?value a ?k } ?value ?p ?o",
    "all, and this": "?value ?p $this FILTER NOT EXISTS { ?value a ?k }",
    "all, twice": "?value ?p ?o FILTER NOT EXISTS { ?value a ?k } FILTER NOT EXISTS"
    " { ?value ex:r ?l } ?value ex:q ?end",
}


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    return Shapes(quad.triple for quad in parse(_SHAPES, format=RdfFormat.TURTLE))


@pytest.mark.parametrize("only", ["", "VALUES ?this { ex:a ex:c } "])
@pytest.mark.parametrize("root", ["Class", "One", "Subjects"])
@pytest.mark.parametrize("body", _BODIES.values(), ids=_BODIES)
def test_answers_stay_what_they_are(shapes: Shapes, body: str, root: str, only: str) -> None:
    text = f"SELECT $this ?path ?value WHERE {{ {body} }}"
    roots = (NamedNode(f"http://e/{root}"),)
    targets = Targets(shapes, {})
    tokens = tokenize(text)
    found = patterns(tokens, _PREFIXES)
    left = predicates_left(tokens, _PREFIXES)
    before, after = joined(text, found, left, targets, roots)
    plain = f"SELECT $this ?path ?value WHERE {{ {only} {{ {targets.found(roots)} }} {body} }}"
    assert _answers(f"{before} {only} {after}") == _answers(plain)


def _answers(text: str) -> set[tuple[str, ...]]:
    store = Store()
    store.load(_DATA, format=RdfFormat.TURTLE)
    return {tuple(map(str, row)) for row in store.query(f"PREFIX ex: <http://e/> {text}")}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("body", "part"),
    [
        (_BODIES["one statement"], "FILTER (IF(isLiteral(?value), "),
        (_BODIES["predicates"], " VALUES ?path { <http://e/p> <http://e/r> }"),
        (_BODIES["all"], "MINUS { ?value a ?k } { VALUES"),
        (_BODIES["plain"], "{ VALUES ?_class"),
    ],
)
def test_how_a_rule_is_put(shapes: Shapes, body: str, part: str) -> None:
    text = f"SELECT $this WHERE {{ {body} }}"
    tokens = tokenize(text)
    found = patterns(tokens, _PREFIXES)
    left = predicates_left(tokens, _PREFIXES)
    roots = (NamedNode("http://e/Class"),)
    assert part in joined(text, found, left, Targets(shapes, {}), roots)[1].replace("  ", " ")


@pytest.mark.parametrize(
    "text",
    [
        "SELECT $this { $this ?path ?value FILTER ( }",
        "SELECT $this { $this ?path ?value FILTER (?path }",
        "SELECT $this { $this ?path ?value FILTER (?path IN }",
        "SELECT $this { $this ?path ?value FILTER (?path IN ( }",
        "SELECT $this { $this ?path ?value FILTER (?path IN (ex:p) }",
        "SELECT $this { $this ?path ?value FILTER (?path IN (unknown:p)) }",
        "SELECT $this { ?value ?p ?o FILTER NOT EXISTS }",
        "SELECT $this { ?value ?p ?o FILTER NOT EXISTS { ?value }",
        "SELECT $this { FILTER }",
    ],
)
def test_what_is_no_query_is_joined_to_one_that_is_none(shapes: Shapes, text: str) -> None:
    tokens = tokenize(text)
    try:
        found = patterns(tokens, _PREFIXES)
    except UnclearError:
        found = []
    assert predicates_left(tokens, _PREFIXES) == ()
    joined(text, found, (), Targets(shapes, {}), (NamedNode("http://e/One"),))
