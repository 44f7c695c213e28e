"""One result is one finding, at the thing or value at fault, whatever kind of node that is."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cjph_graph.cli.main import cli

_PREFIXES = """\
@prefix ex: <https://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
"""


def _checked(folder: Path, shapes: str, data: str, *options: str) -> Result:
    for name, text in (("shapes", shapes), ("data", data)):
        (folder / f"{name}.ttl").write_text(_PREFIXES + text, encoding="utf-8")
    files = ["--shapes", str(folder / "shapes.ttl"), str(folder / "data.ttl")]
    return CliRunner().invoke(cli, ["validate", "--alone", *options, *files])


def _findings(folder: Path, shapes: str, data: str) -> list[dict[str, Any]]:
    """Return the findings, which the W3C's report has as many results for."""
    report = _checked(folder, shapes, data, "--format", "turtle").stdout
    found: list[dict[str, Any]] = json.loads(
        _checked(folder, shapes, data, "--format", "json").stdout
    )["findings"]
    assert report.count("sh:focusNode") == len(found)
    return found


@pytest.mark.parametrize(
    ("constraint", "data", "places"),
    [
        # What is missing or counted is about the thing, not about any of its values.
        ("sh:qualifiedValueShape [ sh:class ex:Key ] ; sh:qualifiedMinCount 1", "1 , 2 , 3", [4]),
        ("sh:qualifiedValueShape [ sh:class ex:Key ] ; sh:qualifiedMinCount 1", "[ ] , [ ]", [4]),
        ("sh:qualifiedValueShape [ sh:minInclusive 1 ] ; sh:qualifiedMaxCount 1", "1 , 2", [4]),
        ("sh:hasValue 9", "1 , 2 , 3", [4]),
        ("sh:minCount 4", "1 , 2 , 3", [4]),
        ("sh:sparql [ sh:select 'SELECT $this { $this ?p 3 }' ]", "1 , 2 , 3", [4]),
        # A surplus value is reported once, at the second.
        ("sh:maxCount 1", "1 , 2 , 3", [18]),
        ("sh:maxCount 1", "ex:b , ex:c", [21]),
        ("sh:maxCount 1 ; sh:uniqueLang true", '"a"@en , "b"@en , "c"@en', [23, 23]),
        # A wrong value is reported at itself.
        ("sh:maxInclusive 1", "1 , 2 , 3", [18, 22]),
        ("sh:in ( 1 3 )", "1 , 2 , 3", [18]),
        ("sh:nodeKind sh:IRI", "[ ] , ex:b", [14]),
        ("sh:sparql [ sh:select 'SELECT $this ?value { $this $PATH ?value }' ]", "1 , 2", [14, 18]),
    ],
)
def test_one_result_is_one_finding(
    constraint: str, data: str, places: list[int], tmp_path: Path
) -> None:
    shapes = f"ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; {constraint} ] ."
    found = _findings(tmp_path, shapes, f"# what is here\n   ex:a ex:p {data} .")
    assert [finding["column"] for finding in found] == places
    assert {finding["line"] for finding in found} == {3}


def test_a_thing_in_two_files_or_a_statement_told_twice_is_one_finding(tmp_path: Path) -> None:
    shapes = "ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:nodeKind sh:IRI ] ."
    found = _findings(tmp_path, shapes, "ex:a ex:p 1 .\nex:a ex:p 1 .")
    assert [finding["line"] for finding in found] == [2]


@pytest.mark.parametrize(
    ("node", "shown"),
    [
        ('"plain text"', 'error  "plain text"'),
        ("42", 'error  "42"'),
        ('"tagged"@en', 'error  "tagged"'),
        ("ex:thing", "error  thing: <https://example.org/thing>"),
    ],
)
def test_a_focus_node_is_shown_as_what_it_is(node: str, shown: str, tmp_path: Path) -> None:
    shapes = f"ex:S sh:targetNode {node} ; sh:class ex:Key ."
    done = _checked(tmp_path, shapes, "ex:a ex:p 1 .")
    assert shown in done.stdout
    assert "_:" not in done.stdout


def test_nodes_without_a_name_are_called_so(tmp_path: Path) -> None:
    shapes = "ex:S sh:targetSubjectsOf ex:p ; sh:nodeKind sh:IRI ."
    said = [_checked(tmp_path, shapes, "[ ex:p 1 ] ex:q [ ex:p 2 ] .").stdout for _ in range(2)]
    assert said[0] == said[1]
    assert said[0].count("a thing without an IRI") == 2
    assert "_:" not in said[0]


@pytest.mark.parametrize(
    "data",
    [
        "ex:a ex:p <<( ex:b ex:q 1 )>> .",
        "<< ex:b ex:q 1 >> ex:p 2 .",
        "ex:a ex:p 1 {| ex:sure 0.9 |} .",
        "ex:a ex:p 1 ~ ex:r .",
        "ex:a ex:p 1 ~ ex:r {| ex:sure 0.9 |} .",
        "ex:a ex:p ( 1 [ ex:q <<( ex:b ex:q <<( ex:c ex:d ex:e )>> )>> ] ) .",
        "ex:a ex:p 1 . _:r ex:about <<( ex:a ex:p 1 )>> .",
    ],
)
@pytest.mark.parametrize("engine", ["screened", "pyshacl"])
def test_statements_about_statements_are_refused(data: str, engine: str, tmp_path: Path) -> None:
    shapes = "ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:minCount 1 ] ."
    done = _checked(tmp_path, shapes, data, "--engine", engine)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "Statements about statements (RDF 1.2) cannot be checked" in done.stderr


def test_statements_about_statements_in_shapes_are_refused(tmp_path: Path) -> None:
    shapes = "ex:S sh:targetNode ex:a ; sh:nodeKind sh:IRI {| ex:since 2020 |} ."
    done = _checked(tmp_path, shapes, "ex:a ex:p 1 .")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "Statements about statements" in done.stderr


@pytest.mark.parametrize(
    "shapes",
    [
        "",
        "<https://www.w3.org/ns/shacl#S> <https://www.w3.org/ns/shacl#targetClass> ex:C .",
        "ex:S a sh:NodeShape ; sh:targetClass ex:Absent ; sh:nodeKind sh:IRI .",
        "ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:absent ; sh:nodeKind sh:IRI .",
        "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:deactivated true ; sh:in ( ex:z ) .",
        "ex:S a sh:NodeShape ; sh:nodeKind sh:IRI .",
        "ex:S a sh:NodeShape ; sh:target [ a sh:SPARQLTarget ; sh:select 'SELECT ?this {}' ] .",
    ],
)
def test_that_nothing_was_checked_is_said_and_nothing_else(shapes: str, tmp_path: Path) -> None:
    done = _checked(tmp_path, shapes, "ex:a a ex:C .")
    assert done.exit_code == 2
    assert "nothing to mend" not in done.stdout
    assert "0 things checked: no shape is about them." in done.stdout
    assert "Nothing was checked: no shape has a target in these files." in done.stderr


@pytest.mark.parametrize(
    ("values", "columns"),
    [
        ('"abcd"@ar--rtl , "efgh"@ar , "abcd"@ar--ltr', [11, 28, 40]),
        ('"abcd"@ar , "abcd"@ar--rtl', [11, 23]),
        ("'''abcd'''@he--rtl", [11]),
        ('"a"@ar--rtl , "abcde"@AR--rtl', [25]),
    ],
)
def test_texts_that_differ_in_direction_are_told_each_at_its_place(
    values: str, columns: list[int], tmp_path: Path
) -> None:
    shapes = "ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:maxLength 3 ] ."
    found = _findings(tmp_path, shapes, f"ex:a ex:p {values} .")
    assert [finding["column"] for finding in found] == columns


def test_a_hint_names_nothing_that_is_there_and_is_not_meant(tmp_path: Path) -> None:
    """A thing that others link to is no web address of theirs, nor is there nothing at it."""
    shapes = "ex:S sh:targetObjectsOf ex:uses ; sh:class ex:Kind ; sh:node [ sh:class ex:Kind ] ."
    data = "ex:one a ex:Role . ex:two a ex:Kind ; ex:uses ex:one , ex:two ."
    found = json.loads(_checked(tmp_path, shapes, data, "--format", "json").stdout)["findings"]
    kind = "ex:one is of another kind (Role). What belongs here: Kind."
    assert [finding["hint"] for finding in found] == [kind, None]
