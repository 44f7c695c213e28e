"""Checking files: what is read, what is reported, and how a command ends."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pyoxigraph import Store

from cjph_graph.cli.main import cli
from cjph_graph.home.location import Home
from cjph_graph.system.files import shown
from cjph_graph.validation import ValidationOptions, validate

_SHAPES = """\
@prefix ex: <https://example.org/terms#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://example.org/shapes> sh:declare
  [ sh:prefix "ex" ; sh:namespace "https://example.org/terms#"^^xsd:anyURI ] .
ex:WaterShape a sh:NodeShape ; sh:targetClass ex:Water ; sh:property ex:kmShape ;
  sh:sparql ex:longer .
ex:kmShape sh:path ex:km ; sh:datatype xsd:decimal ; sh:message "Write km as 8.5."@en ;
  sh:severity sh:Warning .
ex:longer sh:message "{?value} is the same length."@en ;
  sh:prefixes <https://example.org/shapes> ;
  sh:select "SELECT $this ?value { $this ex:km ?km . ?value ex:km ?km FILTER(?value != $this) }" .
"""
_ONE_FILE = """\
<https://w3id.org/cjph/shapes#OneFile> sh:message "This is described in {?value} as well."@en .
"""
_PREFIXES = "@prefix ex: <https://example.org/terms#> .\n"
_NEW = _PREFIXES + "<https://example.org/waters/new> a ex:River ; ex:km 8.5 .\n"

Run = Callable[..., Result]


@pytest.fixture
def watched(home: Home) -> Home:
    home.shapes.write_text(_SHAPES, encoding="utf-8")
    return home


@pytest.fixture
def run(watched: Home) -> Run:
    def invoke(*arguments: object, stdin: str | bytes | None = None) -> Result:
        words = ["--home", str(watched.path), "validate", *map(str, arguments)]
        return CliRunner().invoke(cli, words, input=stdin)

    return invoke


def _write(folder: Path, text: str, name: str = "new.ttl") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_whole_home(watched: Home) -> None:
    report = validate(ValidationOptions(home=watched))
    # The river's length is a whole number, where the shape wants a decimal one.
    assert [(f.severity, f.focus, f.value) for f in report.findings] == [
        ("warning", "https://example.org/waters/otter", "32")
    ]
    assert (report.files, report.checked, report.conforms) == (2, 2, False)


def test_a_file_is_checked_with_the_home_and_only_it_is_reported(
    watched: Home, tmp_path: Path
) -> None:
    path = _write(tmp_path, _NEW)
    report = validate(ValidationOptions([path], home=watched))
    (finding,) = report.findings
    assert finding.file == str(path)
    assert finding.focus == "https://example.org/waters/new"
    assert finding.value == "https://example.org/waters/exe"
    assert finding.constraint == "https://example.org/terms#longer"
    assert finding.shape == "https://example.org/terms#WaterShape"
    assert finding.message == "Exeter  Canal (<https://example.org/waters/exe>) is the same length."
    assert (finding.severity, finding.line, finding.column) == ("error", 2, 1)
    assert (report.files, report.triples, report.checked) == (1, 2, 1)


def test_alone_leaves_the_home_out(watched: Home, tmp_path: Path) -> None:
    # The home says that a river is a water; without it nothing is checked.
    report = validate(ValidationOptions([_write(tmp_path, _NEW)], home=watched, alone=True))
    assert (report.conforms, report.checked) == (True, 0)


def test_the_report_of_the_w3c_has_rules_about_files(run: Run, watched: Home) -> None:
    watched.shapes.write_text(_SHAPES.replace("sh:Warning", "sh:Info") + _ONE_FILE, "utf-8")
    _write(watched.data, _PREFIXES + "<https://example.org/waters/exe> ex:km 8.5 .")
    done = run("--format", "turtle")
    assert done.exit_code == 1
    assert "sh:conforms false" in done.stdout
    assert 'sh:resultMessage "This is described in ' in done.stdout
    assert done.stdout == run("--format", "turtle").stdout


def test_other_shapes_and_other_data_need_no_home(tmp_path: Path) -> None:
    shapes = _write(tmp_path, _SHAPES.replace("ex:Water ;", "ex:River ;"), "shapes.ttl")
    data = _write(tmp_path, _NEW.replace("8.5", '"long"'))
    (finding,) = validate(ValidationOptions([data], shapes=[shapes], alone=True)).findings
    assert finding.constraint == "http://www.w3.org/ns/shacl#DatatypeConstraintComponent"
    assert finding.value == "long"


def test_a_file_of_the_home_is_not_read_twice(watched: Home) -> None:
    path = next(watched.data.rglob("*.ttl"))
    path.write_text(
        path.read_text(encoding="utf-8") + "<https://example.org/x> a ex:River ; ex:km [] .\n",
        encoding="utf-8",
    )
    report = validate(ValidationOptions([path], home=watched))
    assert len([f for f in report.findings if f.focus == "https://example.org/x"]) == 1


def test_what_is_not_turtle_is_a_finding_beside_the_others(run: Run, tmp_path: Path) -> None:
    _write(tmp_path, _PREFIXES + "ex:a ex:b\n  c .\n", "broken.ttl")
    _write(tmp_path, _NEW)
    result = run("--format", "json", tmp_path / "broken.ttl", tmp_path / "new.ttl")
    assert result.exit_code == 1
    findings = json.loads(result.stdout)["findings"]
    assert [Path(f["file"]).name for f in findings] == ["broken.ttl", "new.ttl"]
    assert (findings[0]["line"], findings[0]["column"]) == (3, 3)
    assert findings[0]["focus"] is None


def test_json_has_the_members_that_are_promised(run: Run, tmp_path: Path) -> None:
    document = json.loads(run("--format", "json", _write(tmp_path, _NEW)).stdout)
    assert list(document) == [
        *("conforms", "left_out", "files", "triples", "checked", "changes", "findings", "more")
    ]
    assert list(document["findings"][0]) == [
        *("id", "severity", "file", "line", "column", "focus", "path", "value"),
        *("constraint", "shape", "message", "hint", "details"),
        *("focus_label", "path_label", "value_label"),
    ]


def test_an_id_does_not_depend_on_where_the_statement_stands(watched: Home, tmp_path: Path) -> None:
    before = validate(ValidationOptions([_write(tmp_path, _NEW)], home=watched)).findings
    after = validate(
        ValidationOptions([_write(tmp_path, "# moved\n\n" + _NEW, "b.ttl")], home=watched)
    ).findings
    assert [f.id for f in before] == [f.id for f in after]


@pytest.mark.parametrize(
    ("fail_on", "code"), [("error", 0), ("warning", 1), ("info", 1), ("never", 0)]
)
def test_fail_on(run: Run, fail_on: str, code: int) -> None:
    result = run("--fail-on", fail_on)
    assert result.exit_code == code
    assert 'warning  River Otter: km "32"\n' in result.stdout
    assert "Write km as 8.5.\n" in result.stdout
    assert result.stdout.splitlines()[-1].endswith("2 things checked: 1 warning.")


def test_standard_input(run: Run) -> None:
    result = run("-", stdin=_NEW)
    assert result.exit_code == 1
    assert result.stdout.startswith("standard input\n")


def test_standard_input_stands_for_a_file(run: Run, watched: Home) -> None:
    path = watched.data / "waters" / "all.ttl"
    text = path.read_text(encoding="utf-8").replace("ex:km 32", "ex:km 8.5")
    said = json.loads(run("-", "--stdin-name", path, "--format", "json", stdin=text).stdout)
    assert [(finding["file"], finding["value_label"]) for finding in said["findings"]] == [
        (shown(path), "Exeter  Canal"),
        (shown(path), "River Otter"),
    ]
    watched.shapes.write_text(_SHAPES + _ONE_FILE, encoding="utf-8")
    said = run("-", stdin=text).stdout
    assert f"`cjph validate - --stdin-name {shown(path)}`." in said
    assert "--stdin-name" not in run("-", "--stdin-name", path, stdin=text).stdout
    done = run("--stdin-name", path)
    assert done.exit_code == 2
    assert "--stdin-name names what - reads" in done.stderr


def test_a_path_given_twice_or_inside_another_is_read_once(run: Run, watched: Home) -> None:
    inside = watched.data / "waters"
    paths = (watched.data, inside, inside / "all.ttl", inside / ".." / "waters" / "all.ttl")
    for given in (paths, paths[::-1]):
        document = json.loads(run("--format", "json", *given).stdout)
        assert (document["files"], len(document["findings"])) == (1, 1)


@pytest.mark.parametrize("words", [[], ["--alone"], ["--since", "main"]])
def test_a_folder_without_turtle(run: Run, tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "empty" / ".hidden").mkdir(parents=True)
    (tmp_path / "empty" / "notes.txt").write_text("ex:a ex:b ex:c .", encoding="utf-8")
    result = run(tmp_path / "empty", *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "There is no Turtle file in " in result.stderr


def test_a_broken_neighbour_is_not_ones_own(run: Run, watched: Home, tmp_path: Path) -> None:
    _write(watched.data, "ex:a ex:b\n", "neighbour.ttl")
    path = _write(tmp_path, _NEW.replace("8.5", "8.7"))
    result = run(path)
    assert result.exit_code == 0
    assert "/neighbour.ttl:1:1 is not Turtle, so part of" in " ".join(result.stdout.split())
    assert result.stdout.endswith("1 file, 2 triples, 1 thing checked: nothing to mend.\n")
    assert run().exit_code == 1  # where the whole home is asked about, it is


def test_an_ontology_that_is_not_turtle(run: Run, watched: Home, tmp_path: Path) -> None:
    watched.ontology.write_text("ex:a ex:b\n", encoding="utf-8")
    assert run().exit_code == 1
    result = run(_write(tmp_path, _NEW))
    assert "cjph.ttl:1:1 is not Turtle, so part of" in " ".join(result.stdout.split())


def test_no_words_of_shapes_reach_a_terminal_as_they_are(run: Run, watched: Home) -> None:
    watched.shapes.write_text(_SHAPES.replace("8.5", "\x1b]0;owned\x07 8.5"), encoding="utf-8")
    with watched.shapes.open("a", encoding="utf-8") as file:
        file.write("ex:kmShape sh:hasValue 'a\x1b[31mb\u202e' .\n")
    text = run("--queries").stdout
    assert "\\u001B[31m" in text
    assert all(char.isprintable() or char == "\n" for char in text)
    queries = [query for query in text.split("\n\n") if "SELECT" in query]
    assert [Store().query(query) for query in queries]


def test_nothing_checked_is_no_success(run: Run, tmp_path: Path) -> None:
    result = run(_write(tmp_path, _PREFIXES + "ex:a a ex:Rivver .\n"))
    assert result.exit_code == 2
    assert "Nothing was checked" in result.stderr


def test_a_missing_path(run: Run) -> None:
    result = run("no-such.ttl")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "cjph: no-such.ttl does not exist.\n"


@pytest.mark.parametrize(
    ("shapes", "said"),
    [
        ("ex:a ex:b", "shapes.ttl:"),
        (
            "ex:S a <http://www.w3.org/ns/shacl#NodeShape> ;"
            " <http://www.w3.org/ns/shacl#targetClass> ex:River ;"
            " <http://www.w3.org/ns/shacl#minCount> 1 .",
            "cannot be used",
        ),
    ],
)
def test_shapes_that_cannot_be_used(run: Run, tmp_path: Path, shapes: str, said: str) -> None:
    path = _write(tmp_path, _PREFIXES + shapes, "shapes.ttl")
    result = run("--shapes", path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_ill_typed_literals_are_told_once(run: Run, tmp_path: Path) -> None:
    text = _PREFIXES + (
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        '<https://example.org/waters/new> a ex:River ; ex:km "long"^^xsd:decimal .\n'
    )
    result = run(_write(tmp_path, text))
    assert "Write km as 8.5." in result.stdout
    assert result.stderr == ""


def test_pyshacl_alone_finds_the_same(run: Run, tmp_path: Path) -> None:
    path = _write(tmp_path, _NEW)
    screened = run(path, "--format", "json")
    assert run(path, "--format", "json", "--engine", "pyshacl").output == screened.output
    assert screened.exit_code == 1


def test_the_queries_are_printed_and_nothing_is_checked(run: Run, tmp_path: Path) -> None:
    output = tmp_path / "queries.rq"
    done = run("--queries", "--output", output)
    assert (done.exit_code, done.output) == (0, "")
    written = output.read_text(encoding="utf-8")
    assert "# What may break ex:kmShape, for ex:WaterShape\n" in written
    assert "# Shapes all of whose targets are given to pySHACL: ex:WaterShape\n" in written
    for query in written.split("\n\n"):
        if "SELECT" in query:
            Store().query(query)


@pytest.mark.parametrize("with_it", [["new.ttl"], ["--alone"], ["--since", "main"]])
def test_an_endpoint_goes_with_no_files(run: Run, with_it: list[str]) -> None:
    done = run("--endpoint", "http://127.0.0.1:9/sparql", *with_it)
    assert done.exit_code == 2
    assert "--endpoint checks what the store holds" in done.output
