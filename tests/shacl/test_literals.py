"""Literals of every datatype, in every form, against every component that looks at literals.

Each row says what the specification says: whether a text is how a value of its datatype is written,
and how the value stands to a bound. Both engines have to say the same. Where pySHACL by itself does
not, the row says for which components; docs/shacl.md has the reasons.
"""

import re
from typing import NamedTuple

import pytest
from pyoxigraph import Literal, NamedNode

from cjph_graph.rdf.reading import read_bytes
from cjph_graph.shacl import Shapes, load_files, validate_graph, validate_with_pyshacl

_XSD = "http://www.w3.org/2001/XMLSchema#"
_SH = "http://www.w3.org/ns/shacl#"
_PREFIXES = f"""\
@prefix ex: <http://e/> . @prefix sh: <{_SH}> . @prefix xsd: <{_XSD}> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
"""


class _Row(NamedTuple):
    """A literal, whether it is well-formed, a bound, and `<`, `=` or `>` as it stands to that.

    `?` is for what cannot be compared; `wrong` are the components in which pySHACL errs.
    """

    text: str
    datatype: str
    valid: bool
    bound: str
    order: str
    wrong: str = ""


_ROWS = [
    _Row("1", "integer", True, "1", "="),
    _Row("01", "integer", True, "1", "=", "In HasValue Length Pattern"),
    _Row("+1", "integer", True, "1.0", "=", "In HasValue Length Pattern"),
    _Row("-0", "integer", True, "0", "=", "In HasValue Length Pattern"),
    _Row("1.0", "integer", False, "1", "?", "LessThanOrEquals"),
    _Row(
        "1_0",
        "integer",
        False,
        "1",
        "?",
        "Datatype MinInclusive MinExclusive In HasValue Length Pattern",
    ),
    _Row(
        " 1",
        "integer",
        False,
        "1",
        "?",
        "Datatype MinInclusive MaxInclusive LessThanOrEquals In HasValue Length Pattern",
    ),
    _Row("", "integer", False, "1", "?", "LessThan LessThanOrEquals"),
    _Row("12345678901234567890", "integer", True, "12345678901234567889", ">"),
    _Row(
        "9" * 5000, "integer", True, "1", ">", "Datatype MinInclusive MinExclusive LessThanOrEquals"
    ),
    _Row("127", "byte", True, "127", "="),
    _Row("128", "byte", False, "127", "?", "MaxInclusive MaxExclusive LessThan LessThanOrEquals"),
    _Row("-1", "nonNegativeInteger", False, "0", "?", "MinInclusive MinExclusive"),
    _Row("0", "positiveInteger", False, "0", "?", "MinInclusive MinExclusive"),
    _Row("18446744073709551615", "unsignedLong", True, "1", ">"),
    _Row("1.50", "decimal", True, "1.5", "="),
    _Row(".5", "decimal", True, "0.5", "=", "In HasValue Length MinLength Pattern"),
    _Row(
        "1e0",
        "decimal",
        False,
        "1",
        "?",
        "Datatype MinInclusive MaxInclusive LessThanOrEquals In HasValue Length Pattern",
    ),
    _Row("0.1234567890123456789", "decimal", True, "0.1234567890123456788", ">"),
    _Row("1e0", "double", True, "1", "=", "In HasValue Pattern"),
    _Row(
        "NaN",
        "double",
        True,
        "1.0",
        "?",
        "MinInclusive MaxInclusive MinExclusive MaxExclusive LessThan LessThanOrEquals"
        " In HasValue Pattern",
    ),
    _Row(
        "nan",
        "double",
        False,
        "1",
        "?",
        "Datatype MaxInclusive MaxExclusive LessThan LessThanOrEquals",
    ),
    _Row("INF", "double", True, "1", ">", "In HasValue Pattern"),
    _Row("-INF", "float", True, "1.5", "<", "In HasValue Pattern"),
    _Row("inf", "float", False, "1", "?", "Datatype MinInclusive MinExclusive"),
    _Row(
        "Infinity",
        "float",
        False,
        "1",
        "?",
        "Datatype MinInclusive MinExclusive In HasValue Length Pattern",
    ),
    _Row("0.1", "float", True, '"0.1"^^xsd:float', "="),
    _Row("true", "boolean", True, '"1"^^xsd:boolean', "=", "MaxInclusive MinExclusive"),
    _Row("0", "boolean", True, "true", "<", "In HasValue Length MinLength Pattern"),
    _Row(
        "TRUE",
        "boolean",
        False,
        "true",
        "?",
        "MinInclusive MaxInclusive LessThanOrEquals In HasValue Pattern",
    ),
    _Row(
        "yes",
        "boolean",
        False,
        "true",
        "?",
        "MaxInclusive MaxExclusive LessThan LessThanOrEquals In HasValue Length MinLength Pattern",
    ),
    _Row("2020-01-02", "date", True, '"2020-01-01"^^xsd:date', ">"),
    _Row(
        "2020-01-02",
        "date",
        True,
        '"2020-01-01T00:00:00"^^xsd:dateTime',
        "?",
        "MaxInclusive MaxExclusive LessThan LessThanOrEquals",
    ),
    _Row("2020-02-30", "date", False, '"2020-01-01"^^xsd:date', "?", "LessThanOrEquals"),
    _Row(
        "2020-W01-1",
        "date",
        False,
        '"2020-01-01"^^xsd:date',
        "?",
        "Datatype MaxInclusive MaxExclusive LessThan LessThanOrEquals In HasValue Pattern",
    ),
    _Row("20200101", "date", False, '"2020-01-01"^^xsd:date', "?", "LessThanOrEquals"),
    _Row(
        "0000-01-01",
        "date",
        True,
        '"2020-01-01"^^xsd:date',
        "<",
        "Datatype MaxInclusive MaxExclusive",
    ),
    _Row(
        "12020-01-01",
        "date",
        True,
        '"2020-01-01"^^xsd:date',
        ">",
        "Datatype MinInclusive MinExclusive LessThan LessThanOrEquals",
    ),
    _Row(
        "2020-01-01T24:00:00",
        "dateTime",
        True,
        '"2020-01-02T00:00:00"^^xsd:dateTime',
        "=",
        "Datatype MinInclusive MaxInclusive LessThan",
    ),
    _Row(
        "2020-01-02T12:00:00",
        "dateTime",
        True,
        '"2020-01-01T00:00:00Z"^^xsd:dateTime',
        ">",
        "MinInclusive MinExclusive LessThan LessThanOrEquals",
    ),
    _Row(
        "2020-01-01T12:00:00",
        "dateTime",
        True,
        '"2020-01-01T00:00:00Z"^^xsd:dateTime',
        "?",
        "LessThan LessThanOrEquals",
    ),
    _Row(
        "2020-01-01 12:00:00",
        "dateTime",
        False,
        '"2020-01-01T00:00:00"^^xsd:dateTime',
        "?",
        "Datatype MinInclusive MinExclusive In HasValue Pattern",
    ),
    _Row(
        "2020-01-01T00:00:00Z",
        "dateTimeStamp",
        True,
        '"2020-01-02T00:00:00Z"^^xsd:dateTime',
        "<",
        "MinInclusive MaxInclusive MinExclusive MaxExclusive LessThan LessThanOrEquals",
    ),
    _Row(
        "2020-01-01T00:00:00",
        "dateTimeStamp",
        False,
        '"2020-01-02T00:00:00Z"^^xsd:dateTime',
        "?",
        "Datatype MinInclusive MinExclusive",
    ),
    _Row("12:00:00", "time", True, '"11:00:00"^^xsd:time', ">"),
    _Row(
        "12:00",
        "time",
        False,
        '"11:00:00"^^xsd:time',
        "?",
        "Datatype MinInclusive MinExclusive In HasValue Length MinLength Pattern",
    ),
    _Row("2020", "gYear", True, '"2021"^^xsd:gYear', "<", "MaxInclusive MaxExclusive"),
    _Row("-0100", "gYear", True, '"0100"^^xsd:gYear', "<", "MaxInclusive MaxExclusive"),
    _Row("2020", "gYear", True, '"2020-01-01"^^xsd:date', "?", "MinInclusive MinExclusive"),
    _Row("20", "gYear", False, '"2021"^^xsd:gYear', "?", "Datatype LessThan LessThanOrEquals"),
    _Row(
        "2020-02",
        "gYearMonth",
        True,
        '"2020-01"^^xsd:gYearMonth',
        ">",
        "MinInclusive MinExclusive LessThanOrEquals",
    ),
    _Row(
        "2020-13",
        "gYearMonth",
        False,
        '"2020-01"^^xsd:gYearMonth',
        "?",
        "Datatype LessThanOrEquals",
    ),
    _Row(
        "PT36H",
        "dayTimeDuration",
        True,
        '"P1D"^^xsd:dayTimeDuration',
        ">",
        "In HasValue Length MinLength Pattern",
    ),
    _Row("P1Y", "yearMonthDuration", True, '"P12M"^^xsd:yearMonthDuration', "="),
    _Row(
        "P1M",
        "duration",
        True,
        '"P30D"^^xsd:duration',
        "?",
        "MaxInclusive MaxExclusive LessThan LessThanOrEquals",
    ),
    _Row("1 day", "duration", False, '"P1D"^^xsd:duration', "?", "LessThan LessThanOrEquals"),
    _Row("abd", "string", True, '"abc"', ">"),
    _Row("2", "string", True, "1", "?"),
    _Row("a  b", "token", False, '"a"', "?", "Datatype MinInclusive MinExclusive Length Pattern"),
    _Row("a b", "token", True, '"a"', ">"),
    _Row("0fb8", "hexBinary", True, '"0fb7"^^xsd:hexBinary', "?", "MinInclusive MinExclusive"),
    _Row("0fb", "hexBinary", False, '"0fb7"^^xsd:hexBinary', "?", "LessThan LessThanOrEquals"),
    _Row("en--US", "language", False, '"de"', "?", "Datatype MaxInclusive MaxExclusive"),
    _Row("1", "made-up", True, "0", "?", "MinInclusive MinExclusive"),
]
_IDS = [f"{row.text[:20]}^^{row.datatype}" for row in _ROWS]


def _literal(row: _Row) -> Literal:
    return Literal(row.text, datatype=NamedNode(_XSD + row.datatype))


def _expected(row: _Row) -> set[str]:
    """Return the components that the specification says are broken."""
    broken = {"In-not", "MinLength", "LanguageIn", "NodeKind"}
    if not row.valid:
        broken.add("Datatype")
    if row.order not in ">=":
        broken.add("MinInclusive")
    if row.order not in "<=":
        broken.add("MaxInclusive")
    if row.order != ">":
        broken.add("MinExclusive")
    if row.order != "<":
        broken |= {"MaxExclusive", "LessThan"}
    if row.order not in "<=":
        broken.add("LessThanOrEquals")
    return broken


def _turtle(row: _Row) -> tuple[str, str]:
    """Return data with the literal, and shapes for each component: which break is in their name."""
    literal, length = _literal(row), len(row.text)
    pattern = Literal(f"^{re.escape(row.text)}$" if length < 100 else "^9+$")
    said = {
        "Datatype": f"sh:datatype {NamedNode(_XSD + row.datatype)}",
        "MinInclusive": f"sh:minInclusive {row.bound}",
        "MaxInclusive": f"sh:maxInclusive {row.bound}",
        "MinExclusive": f"sh:minExclusive {row.bound}",
        "MaxExclusive": f"sh:maxExclusive {row.bound}",
        "LessThan": "sh:lessThan ex:q",
        "LessThanOrEquals": "sh:lessThanOrEquals ex:q",
        "In": f"sh:in ( {literal} )",
        "In-not": f'sh:in ( "other" {Literal(row.text + "0", datatype=literal.datatype)} )',
        "HasValue": f"sh:hasValue {literal}",
        "Length": f"sh:minLength {length} ; sh:maxLength {length}",
        "MinLength": f"sh:minLength {length + 1}",
        "Pattern": f"sh:pattern {pattern}",
        "LanguageIn": 'sh:languageIn ( "en" "de" )',
        "NodeKind": "sh:nodeKind sh:BlankNodeOrIRI",
    }
    shapes = "\n".join(
        f"<http://s/{name}> sh:targetNode ex:a ; sh:path ex:p ; {text} ."
        for name, text in said.items()
    )
    return f"{_PREFIXES}ex:a ex:p {literal} ; ex:q {row.bound} .", _PREFIXES + shapes


@pytest.mark.parametrize("row", _ROWS, ids=_IDS)
def test_both_engines_say_what_the_specification_says(row: _Row) -> None:
    data, shapes = _turtle(row)
    rules = Shapes(read_bytes(shapes.encode(), "shapes").triples)
    for validate in (validate_graph, validate_with_pyshacl):
        graph = load_files([read_bytes(data.encode(), "data")]).graph
        found = {
            result.shape.removeprefix("http://s/") for result in validate(rules, graph).results
        }
        assert found == _expected(row), validate.__name__


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("row", _ROWS, ids=_IDS)
def test_where_pyshacl_errs_by_itself(row: _Row) -> None:
    import pyshacl
    import rdflib

    data, shapes = _turtle(row)
    wrong = set()
    for line in shapes.removeprefix(_PREFIXES).splitlines():
        name = line.partition(">")[0].removeprefix("<http://s/")
        graph = rdflib.Graph().parse(data=data, format="turtle")
        try:
            conforms = pyshacl.validate(graph, shacl_graph=_PREFIXES + line, inplace=True)[0]
        except Exception:
            wrong.add(name)
        else:
            if conforms == (name in _expected(row)):
                wrong.add(name)
    assert wrong == set(row.wrong.split())


@pytest.mark.parametrize(
    ("value", "datatype", "valid"),
    [
        ('"<b>"^^rdf:HTML', "HTML", True),
        ('"[1, 2]"^^rdf:JSON', "JSON", True),
        ('"[1,"^^rdf:JSON', "JSON", False),
        ('"NaN"^^rdf:JSON', "JSON", False),
        ('"<b/>"^^rdf:XMLLiteral', "XMLLiteral", True),
        ('"a"@ar--rtl', "langString", True),
    ],
)
def test_the_datatypes_of_rdf_itself(value: str, datatype: str, valid: bool) -> None:
    data = f"{_PREFIXES}ex:a a ex:C ; ex:p {value} ."
    rules = f"{_PREFIXES}ex:S a sh:NodeShape ; sh:targetClass ex:C ;"
    rules += f" sh:property [ sh:path ex:p ; sh:datatype rdf:{datatype} ] ."
    shapes = Shapes(read_bytes(rules.encode(), "shapes").triples)
    for validate in (validate_graph, validate_with_pyshacl):
        graph = load_files([read_bytes(data.encode(), "data")]).graph
        assert len(list(validate(shapes, graph).results)) == (0 if valid else 1)
