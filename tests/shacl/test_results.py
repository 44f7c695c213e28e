"""What a result says: messages, details inside it, and the same bytes on every run."""

import subprocess
import sys
from pathlib import Path

import pytest

from cjph_graph.rdf.reading import read_bytes, read_turtle
from cjph_graph.shacl import (
    Result,
    Shapes,
    load_files,
    report_turtle,
    validate_graph,
    validate_with_pyshacl,
)

_PREFIXES = """\
@prefix ex: <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def _results(shapes: str, data: str) -> tuple[Result, ...]:
    """Return the results, which have to be the same with pySHACL alone."""
    rules = Shapes(read_bytes(f"{_PREFIXES}{shapes}".encode(), "shapes").triples)
    found = [
        validate(rules, load_files([read_bytes(f"{_PREFIXES}{data}".encode(), "data")]).graph)
        for validate in (validate_graph, validate_with_pyshacl)
    ]
    assert found[0].results == found[1].results
    return found[0].results


@pytest.mark.parametrize(
    ("constraint", "message"),
    [
        ("sh:minCount 3", "There must be at least 3 values."),
        ("sh:maxCount 1", "There may be at most 1 value."),
        ("sh:datatype xsd:date", "The value must be of datatype xsd:date, and written as it asks."),
        ("sh:class ex:C", "The value must be an instance of http://e/C."),
        ("sh:nodeKind sh:IRI", "The value must be an IRI."),
        ("sh:minInclusive 7", "The value must be at least 7."),
        ("sh:minLength 4", "The value must have at least 4 characters."),
        ("sh:pattern '^x' ; sh:flags 'i'", 'The value must match the pattern ^x (flags "i").'),
        ("sh:languageIn ( 'en' 'de-AT' )", 'The language must be one of "en", "de-AT".'),
        ("sh:equals ex:q", "There must be the same values as those of http://e/q."),
        ("sh:lessThan ex:q", "The value must be less than every value of http://e/q."),
        (
            "sh:or ( [ sh:datatype xsd:date ] [ sh:hasValue 7 ] )",
            "At least one of these must be true of the value: it is of datatype xsd:date;"
            " it is the value 7.",
        ),
        ("sh:maxCount 0", "There may be no values."),
        ("sh:not [ sh:nodeKind sh:Literal ]", "The value may not be one that is a literal."),
        ("sh:node ex:Other", "The value must conform to http://e/Other."),
        ("sh:hasValue 7", "There must be the value 7."),
        ("sh:in ( 7 'z'@en '1'^^xsd:byte )", 'must be one of 7, "z"@en, "1"^^xsd:byte.'),
        (
            "sh:qualifiedValueShape ex:Other ; sh:qualifiedMinCount 1",
            "At least 1 value must conform to http://e/Other.",
        ),
    ],
)
def test_a_core_component_has_a_message_of_its_own(constraint: str, message: str) -> None:
    shapes = f"ex:S sh:targetNode ex:a ; sh:path ex:p ; {constraint} . ex:Other sh:hasValue 9 ."
    found = _results(shapes, "ex:a ex:p 1 , 'b' ; ex:q 'q' .")
    assert message in {*found[0].messages} or any(message in text for text in found[0].messages)


@pytest.mark.parametrize(
    ("constraint", "message"),
    [
        (
            "sh:node [ sh:property [ sh:path ex:q ; sh:minCount 2 ] ]",
            "The value must be one that has at least 2 values of http://e/q.",
        ),
        (
            "sh:node [ sh:property [ sh:path ex:q ; sh:maxCount 0 ; sh:minCount 1 ;"
            " sh:class ex:C ; sh:nodeKind sh:BlankNodeOrIRI ] ]",
            "The value must be one that has at least 1 value of http://e/q, and has no values of"
            " http://e/q, and has only values of http://e/q of which each is an instance of"
            " http://e/C and is a blank node or an IRI.",
        ),
        (
            "sh:not [ sh:or ( [ sh:class ex:C ] [ sh:nodeKind sh:Literal ] ) ]",
            "The value may not be one that either is an instance of http://e/C or is a literal.",
        ),
        (
            "sh:not [ sh:not [ sh:minInclusive 2 ; sh:pattern 'a' ; sh:flags 'i' ] ]",
            "The value may not be one that is not one that is at least 2 and matches the pattern"
            " a (flags i).",
        ),
        (
            "sh:xone ( [ sh:in ( 1 2 ) ] [ sh:languageIn ( 'en' ) ] ex:Other )",
            "Exactly one of these must be true of the value: it is one of 1, 2; it is in one of"
            ' the languages "en"; it conforms to http://e/Other.',
        ),
        (
            "sh:and ( [ sh:maxLength 0 ] [ sh:xone ( [ sh:datatype xsd:date ] ex:Other ) ] )",
            "All of these must be true of the value: it has at most 0 characters; it is just"
            " one of these: one that is of datatype xsd:date or one that conforms to"
            " http://e/Other.",
        ),
        (
            "sh:qualifiedValueShape [ sh:class ex:C ] ; sh:qualifiedMinCount 2",
            "At least 2 values must be such that each is an instance of http://e/C.",
        ),
        (
            "sh:qualifiedValueShape [ sh:property [ sh:path [ sh:inversePath ex:p ] ;"
            " sh:hasValue ex:a ] ] ; sh:qualifiedMaxCount 0",
            "No value may be one that has the value http://e/a of ^http://e/p.",
        ),
        (
            "sh:node [ sh:closed true ; sh:property [ sh:path ex:q ] ; sh:disjoint ex:r ]",
            "The value must be one that is not a value of http://e/r, and has no properties but"
            " http://e/q, and has any values of http://e/q.",
        ),
        (
            "sh:node [ sh:property [ sh:path ex:q ; sh:uniqueLang true ; sh:lessThan ex:r ;"
            " sh:qualifiedValueShape ex:Other ; sh:qualifiedMinCount 1 ] ]",
            "The value must be one that has at least 1 value of http://e/q such that each conforms"
            " to http://e/Other, and has only one text of http://e/q in each language, and has"
            " only values of http://e/q of which each is less than every value of http://e/r.",
        ),
        (
            "sh:node [ sh:sparql [ sh:select 'SELECT $this { $this ?p ?o }' ] ]",
            "The value must be one that keeps a rule of its own.",
        ),
    ],
)
def test_a_shape_without_a_name_is_put_into_words(constraint: str, message: str) -> None:
    shapes = f"ex:S sh:targetNode ex:a ; sh:path ex:p ; {constraint} . ex:Other sh:hasValue 9 ."
    data = "ex:a ex:p ex:b , 'b' . ex:b ex:q ex:a , 3 ; a ex:C ."
    said = {message for result in _results(shapes, data) for message in result.messages}
    assert message in said


def test_a_shape_of_any_depth_and_length_has_a_short_message() -> None:
    deep = "sh:nodeKind sh:IRI"
    for _ in range(12):
        deep = f"sh:not [ {deep} ; sh:class {', '.join(f'ex:Class{n}' for n in range(20))} ]"
    (found,) = _results(f"ex:S sh:targetNode ex:a ; sh:not [ {deep} ] .", "ex:a ex:p 1 .")
    assert len(found.messages[0]) < 500


def test_the_message_of_a_validator_names_its_own_focus_node() -> None:
    shapes = """
        ex:Most a sh:ConstraintComponent ; sh:parameter [ sh:path ex:most ] ;
          sh:validator [ a sh:SPARQLAskValidator ; sh:message "{$value} of {$this}: too much"@en ;
            sh:ask "ASK { FILTER($value <= $most) }" ] .
        ex:S sh:targetNode ex:a , ex:b ; sh:property [ sh:path ex:p ; ex:most 9 ] ."""
    found = _results(shapes, "ex:a ex:p 10 . ex:b ex:p 20 .")
    assert [result.messages for result in found] == [
        ("10 of http://e/a: too much",),
        ("20 of http://e/b: too much",),
    ]


def test_a_message_keeps_its_language_when_it_is_filled_in() -> None:
    shapes = """
        ex:S sh:targetNode ex:a ; sh:sparql [
            sh:message "Zu viel: {?value}"@de , "Too much: {?value}"@en ;
            sh:select "SELECT $this ?value { $this <http://e/p> ?value }" ] ."""
    (found,) = _results(shapes, "ex:a ex:p 30 .")
    assert found.messages == ("Too much: 30", "Zu viel: 30")
    report = report_turtle([found], ())
    assert b'"Too much: 30"@en' in report
    assert b'"Zu viel: 30"@de' in report


def test_details_stand_in_the_report_below_what_they_led_to() -> None:
    shapes = """
        ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:node ex:Inner ] .
        ex:Inner sh:property [ sh:path ex:q ; sh:minCount 1 ; sh:message "no q" ] ."""
    (found,) = _results(shapes, "ex:a ex:p ex:b . ex:b ex:r 1 .")
    assert [detail.messages for detail in found.details] == [("no q",)]
    report = report_turtle([found], ())
    assert report.count(b"sh:result ") == 1
    assert b"sh:detail _:result1detail1" in report
    assert b'sh:resultMessage "no q"' in report


_TWICE = """\
import sys
from pathlib import Path
from cjph_graph.rdf.reading import read_turtle
from cjph_graph.shacl import Shapes, load_files, report_turtle, validate_graph
shapes = read_turtle(Path(sys.argv[1]))
loaded = load_files([Path(sys.argv[2])])
found = validate_graph(Shapes(shapes.triples), loaded.graph).results
for each in found:
    print(each, each.details)
nodes = (*loaded.files[0].blank_nodes, *shapes.blank_nodes)
print(report_turtle(found, nodes).decode())
"""


def test_every_run_says_the_same_in_the_same_order(tmp_path: Path) -> None:
    shapes, data = tmp_path / "shapes.ttl", tmp_path / "data.ttl"
    shapes.write_text(
        f"""{_PREFIXES}
        ex:S sh:targetSubjectsOf ex:p ; sh:property
          [ sh:path ex:p ; sh:in ( 1 21 5.0 1e0 true ex:x ) ; sh:node [ sh:nodeKind sh:IRI ] ] ,
          [ sh:path ex:q ; sh:equals ex:r , ex:s , ex:t ; sh:hasValue ex:u , ex:v ] ."""
    )
    data.write_text(f"{_PREFIXES} [ ex:p 2 , 3 ; ex:q [ ] , [ ex:r 4 ] ] . ex:a ex:p [ ] .")
    texts = set()
    for seed in "123":
        command = [sys.executable, "-c", _TWICE, str(shapes), str(data)]
        environment = {"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)}
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        texts.add(done.stdout)
    assert len(texts) == 1
    assert "sh:detail" in texts.pop()


def test_blank_nodes_keep_their_names_while_a_file_stays_the_same(tmp_path: Path) -> None:
    one, two = tmp_path / "one.ttl", tmp_path / "two.ttl"
    for path in (one, two):
        path.write_text(f"{_PREFIXES} [ ex:p _:x ] ex:q [ ] .")
    nodes = read_turtle(one).blank_nodes
    assert len(nodes) == 3
    assert read_turtle(one).blank_nodes == nodes
    assert not {*nodes} & {*read_turtle(two).blank_nodes}
    two.write_text(f"{_PREFIXES} [ ex:p _:x ] ex:q [ ] . ")
    assert [*read_turtle(one).triples] == [*read_turtle(one).stream()]
