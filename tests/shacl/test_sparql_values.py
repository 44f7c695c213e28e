"""What a constraint in SPARQL says of values that a store keeps otherwise than they are written."""

from collections.abc import Callable

import pytest

from cjph_graph.rdf.reading import read_bytes
from cjph_graph.shacl import (
    Shapes,
    ValidationResults,
    load_files,
    validate_graph,
    validate_with_pyshacl,
)

_PREFIXES = """\
@prefix ex: <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:here sh:declare [ sh:prefix "ex" ; sh:namespace "http://e/"^^xsd:anyURI ] ,
  [ sh:prefix "xsd" ; sh:namespace "http://www.w3.org/2001/XMLSchema#"^^xsd:anyURI ] .
"""
_SHAPE = """\
ex:s{number} sh:targetClass ex:C ; sh:sparql [ sh:prefixes ex:here ; sh:message "no" ;
  sh:select "{head} WHERE {{ $this ex:v ?v . {rule} }}" ] .
"""
_HEADS = (
    "SELECT $this",
    "SELECT $this ?v",
    "SELECT DISTINCT $this",
    "SELECT $this (?v AS ?value)",
    "SELECT $this (STR(?v) AS ?text)",
)
_LONG = "1.1234567890123456789"
# What is asked of values, and which of them it finds.
_ASKED = {
    "FILTER(DATATYPE(?v) = xsd:integer)": ("1", "01", "12345678901234567890"),
    "FILTER(DATATYPE(?v) != xsd:byte)": (
        *("1", "01", "1.50", _LONG, "12345678901234567890", '"1"^^xsd:long'),
        *('"2020-01-01T00:00:00Z"^^xsd:dateTimeStamp', '"1E0"^^xsd:double', '"a"'),
    ),
    "FILTER(DATATYPE(?v) IN (xsd:long, xsd:dateTimeStamp))": (
        '"1"^^xsd:long',
        '"2020-01-01T00:00:00Z"^^xsd:dateTimeStamp',
    ),
    "BIND(DATATYPE(?v) AS ?kind) FILTER(?kind = xsd:byte)": ('"1"^^xsd:byte',),
    "FILTER(STRENDS(STR(DATATYPE(?v)), 'byte'))": ('"1"^^xsd:byte',),
    "FILTER(isNumeric(?v))": (
        *("1", "01", "1.50", _LONG, "12345678901234567890", '"1"^^xsd:long', '"1"^^xsd:byte'),
        '"1E0"^^xsd:double',
    ),
    "FILTER(!isNumeric(?v))": ('"2020-01-01T00:00:00Z"^^xsd:dateTimeStamp', '"a"'),
    "FILTER(isNumeric(?v) && ?v > 1.1)": ("1.50", _LONG, "12345678901234567890"),
    "FILTER(isNumeric(?v) && ?v > 1.1234567890123456788)": (
        *("1.50", _LONG, "12345678901234567890"),
    ),
    "FILTER(?v IN ('1'^^xsd:byte))": ('"1"^^xsd:byte',),
    "$this ex:v '1'^^xsd:long": ('"1"^^xsd:long',),
    "FILTER(STR(1.50) = '1.50' && sameTerm(?v, 1.50))": ("1.50",),
    "FILTER(isNumeric(?v) && ?v + 0 > 9000000000000000000)": ("12345678901234567890",),
    "FILTER(STR(?v) = '01')": ("01",),
    "FILTER(STRLEN(STR(?v)) = 4)": ("1.50",),
    "FILTER(REGEX(STR(?v), '0$'))": ("1.50", "12345678901234567890", '"1E0"^^xsd:double'),
    "FILTER(sameTerm(?v, 1))": ("1",),
    "FILTER(isNumeric(?v) && CEIL(?v) = 2)": ("1.50", _LONG),
}
_VALUES = _ASKED["FILTER(DATATYPE(?v) != xsd:byte)"] + ('"1"^^xsd:byte',)


def _found(rules: list[str], turn: int, values: tuple[str, ...]) -> dict[str, set[str]]:
    """Return the values whose things break each rule; each turn gives a rule another head.

    Each rule is tried by itself, as a thing that one rule brings to pySHACL is judged by all. In
    the first turn pySHACL alone has to find the same: it takes ten times as long.
    """
    shapes = [
        _SHAPE.format(number=at, head=_HEADS[(at + turn) % len(_HEADS)], rule=rule)
        for at, rule in enumerate(rules)
    ]
    data = "".join(f"ex:n{at} a ex:C ; ex:v {value} .\n" for at, value in enumerate(values))
    graph = load_files([read_bytes((_PREFIXES + data).encode(), "data")]).graph

    def broken(text: str, validate: Callable[..., ValidationResults]) -> set[tuple[str, str]]:
        made = Shapes(read_bytes((_PREFIXES + text).encode(), "shapes").triples)
        return {
            (
                rules[int(result.shape.removeprefix("http://e/s"))],
                values[int(result.focus.removeprefix("http://e/n"))],
            )
            for result in validate(made, graph).results
        }

    found = set[tuple[str, str]]().union(*(broken(shape, validate_graph) for shape in shapes))
    assert turn or broken("".join(shapes), validate_with_pyshacl) == found
    return {rule: {value for broke, value in found if broke == rule} for rule in rules}


@pytest.mark.parametrize("turn", range(len(_HEADS)))
def test_a_value_is_what_it_is_written_as(turn: int) -> None:
    assert _found([*_ASKED], turn, _VALUES) == {rule: {*some} for rule, some in _ASKED.items()}


# Conditions with a function that nobody knows, and whether they hold of a thing.
_UNKNOWN = {
    "FILTER(ex:f(?v))": False,
    "FILTER(!ex:f(?v))": False,
    "FILTER(ex:f(?v) || true)": True,
    "FILTER(ex:f(?v, 2, 'x') > 1)": False,
    "FILTER(COALESCE(ex:f(?v), true))": True,
    "BIND(ex:f(?v) AS ?y)": True,
    "BIND(ex:f(?v) AS ?y) FILTER(BOUND(?y))": False,
    "FILTER NOT EXISTS { $this ex:v ?z FILTER(ex:f(?z)) }": True,
    "OPTIONAL { $this ex:v ?z FILTER(ex:f(?z)) } FILTER(!BOUND(?z))": True,
    "FILTER(?v IN (ex:f(1), 1))": True,
}


@pytest.mark.parametrize("turn", range(len(_HEADS)))
def test_a_function_that_nobody_knows_is_an_error_in_its_expression(turn: int) -> None:
    found = _found([*_UNKNOWN], turn, ("1",))
    assert {rule: bool(values) for rule, values in found.items()} == _UNKNOWN


_ENDING = [
    "FILTER(YEAR(?v) > 3000)",
    "FILTER(HOURS(?v) > 24)",
    "FILTER(?v + 1 = 5000)",
    "FILTER(?v * 2 = 5000)",
    "FILTER(CEIL(?v) = 5000)",
    "FILTER(ROUND(?v) = 5000)",
    "FILTER(FLOOR(?v) = 5000)",
    "FILTER(?v / 0 = 5000)",
    "FILTER(STRDT('1', DATATYPE(?v)) = 5000)",
    "FILTER(isNumeric(?v) && ?v = 5000.5)",
]


def test_no_value_ends_the_check_of_all_others() -> None:
    odd = (
        *('"NaN"^^xsd:double', '"nan"^^xsd:float', '"x"^^xsd:integer', '"-INF"^^xsd:double'),
        *('"2020-01-01T24:00:00"^^xsd:dateTime', '"0000-01-01"^^xsd:date', '"2020"^^xsd:gYear'),
        *('"P1D"^^xsd:duration', '""@en', "ex:i", '"1"^^xsd:made-up', _LONG),
    )
    assert _found(_ENDING, 0, odd) == {rule: set() for rule in _ENDING}
