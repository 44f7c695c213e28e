"""Running checks: rows are findings, at their line, about the files given, on any engine."""

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import cast

import pytest
import rdflib
from click.testing import CliRunner, Result
from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Store

from cjph_graph.cli.main import cli
from cjph_graph.errors import InputError, QueryError
from cjph_graph.home.checks import CHECKS, list_checks, parse_check
from cjph_graph.home.location import Home, find_home, home_files
from cjph_graph.rdf.loading import load
from cjph_graph.shacl import StoredGraph
from cjph_graph.sparql.engine import LocalEngine, Rows
from cjph_graph.validation import ValidationOptions, check, checks, validate

_CHECK = """\
#+ title: lengths given twice
#+ message: {?other} is as long: {?value}. Measure one of them anew.
#+ severity: warning
#+ why: No two waters are of the same length.
PREFIX ex: <https://example.org/terms#>
SELECT ?this (ex:km AS ?path) ?value ?other {
  ?this ex:km ?value . ?other ex:km ?value . FILTER(?this != ?other)
}
"""
_PREFIXES = "@prefix ex: <https://example.org/terms#> .\n"
_NEW = _PREFIXES + "<https://example.org/waters/new> a ex:River ;\n  ex:km 8.50 .\n"
_WATERS = "https://example.org/waters/"
_SHAPES = """\
@prefix ex: <https://example.org/terms#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
ex:WaterShape a sh:NodeShape ; sh:targetClass ex:Water .
"""

Run = Callable[..., Result]


@pytest.fixture
def checked(home: Home) -> Home:
    home.shapes.write_text(_SHAPES, encoding="utf-8")
    home.checks.mkdir()
    (home.checks / "same-length.rq").write_text(_CHECK, encoding="utf-8")
    return home


@pytest.fixture
def new(tmp_path: Path) -> Path:
    path = tmp_path / "new.ttl"
    path.write_text(_NEW, encoding="utf-8")
    return path


@pytest.fixture
def run(checked: Home) -> Run:
    def invoke(*arguments: object) -> Result:
        words = ["--home", str(checked.path), "validate", *map(str, arguments)]
        return CliRunner().invoke(cli, words)

    return invoke


def test_a_row_is_a_finding_at_its_line_in_the_file_given(checked: Home, new: Path) -> None:
    assert validate(ValidationOptions(home=checked)).conforms
    (finding,) = validate(ValidationOptions([new], home=checked)).findings
    assert (finding.line, finding.column, finding.severity) == (3, 9, "warning")
    assert finding.file is not None
    assert finding.file.endswith("new.ttl")
    assert (finding.focus, finding.value) == (f"{_WATERS}new", "8.50")
    assert (finding.constraint, finding.shape) == (f"{CHECKS}same-length", None)
    # Things are told by name, and a value as it is written in the file.
    assert finding.message == (
        "Exeter  Canal (<https://example.org/waters/exe>) is as long: 8.50."
        " Measure one of them anew."
    )


def test_an_id_stays_when_the_statement_moves(checked: Home, new: Path) -> None:
    (before,) = validate(ValidationOptions([new], home=checked)).findings
    new.write_text(_NEW.replace("\n  ex:km", "\n\n\n  ex:km"), encoding="utf-8")
    (after,) = validate(ValidationOptions([new], home=checked)).findings
    assert before.line != after.line
    assert before.id == after.id


def test_the_whole_home_has_all_rows(checked: Home) -> None:
    (checked.data / "waters" / "new.ttl").write_text(_NEW, encoding="utf-8")
    found = validate(ValidationOptions(home=checked)).findings
    assert [finding.focus for finding in found] == [f"{_WATERS}exe", f"{_WATERS}new"]
    there = validate(
        ValidationOptions(home=checked, endpoint=LocalEngine(load(home_files(checked))))
    )
    assert [finding.focus for finding in there.findings] == [f"{_WATERS}exe", f"{_WATERS}new"]


class _Narrow(LocalEngine):
    """A store that cannot answer the check."""

    def scan(self, text: str) -> Rows:
        if text == _CHECK:
            raise QueryError("There is an error in the server's compiler.")
        return super().scan(text)


def test_what_a_store_cannot_answer_is_asked_here(checked: Home) -> None:
    (checked.data / "waters" / "new.ttl").write_text(_NEW, encoding="utf-8")
    there = validate(ValidationOptions(home=checked, endpoint=_Narrow(load(home_files(checked)))))
    assert [finding.focus for finding in there.findings] == [f"{_WATERS}exe", f"{_WATERS}new"]


def test_other_shapes_come_without_the_checks_of_the_home(
    checked: Home, new: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.ttl"
    other.write_text(_SHAPES, encoding="utf-8")
    assert validate(ValidationOptions([new], home=checked, shapes=[other])).conforms
    assert validate(ValidationOptions([new], home=checked, alone=True)).conforms


@pytest.mark.parametrize(
    ("old", "replaced", "said"),
    [
        ("SELECT ?this", "SELECT ?those", "does not select ?this"),
        ("ex:km ?value . ?other", "ex:km ?value ?other", "is not valid SPARQL"),
    ],
)
def test_a_check_that_cannot_run_is_named(
    checked: Home, old: str, replaced: str, said: str
) -> None:
    (checked.checks / "same-length.rq").write_text(_CHECK.replace(old, replaced), encoding="utf-8")
    with pytest.raises(InputError, match="The check same-length") as raised:
        validate(ValidationOptions(home=checked))
    assert said in raised.value.message


def test_every_report_has_what_a_check_finds(checked: Home, run: Run, new: Path) -> None:
    examples = checked.path / "tests/examples/checks/same-length"
    examples.mkdir(parents=True)
    for name, length in (("wrong", 8.5), ("right", 9)):
        text = f"{_PREFIXES}\nex:a a ex:River ;\n  ex:km {length} .\n"
        (examples / f"{name}.ttl").write_text(text, encoding="utf-8")
    explained = run("--explain", new).stdout
    assert "checks/same-length\n  what:  lengths given twice: … is as long: …." in explained
    assert "why:   No two waters are of the same length." in explained
    assert "ex:km 8.5" in explained
    assert "ex:km 9" in explained
    (rule,) = json.loads(run("--format", "sarif", new).stdout)["runs"][0]["tool"]["driver"]["rules"]
    assert rule["id"] == "checks/same-length"
    assert rule["fullDescription"]["text"] == "No two waters are of the same length."
    turtle = run("--format", "turtle", new).stdout
    assert f"sh:sourceConstraint <{CHECKS}same-length>" in turtle
    assert "sh:resultPath <https://example.org/terms#km>" in turtle


def test_queries_prints_checks_as_they_stand(run: Run) -> None:
    assert f"# The check same-length\n{_CHECK}" in run("--queries").stdout


EXAMPLES = Path(__file__).parent.parent / "examples" / "checks"
SHIPPED = list_checks(find_home())


def _oxigraph(data: bytes, text: str) -> Iterator[str]:
    store = Store()
    store.load(data, format=RdfFormat.TURTLE)
    solutions = cast("QuerySolutions", store.query(text))
    return (solution["this"].value for solution in solutions)


def _rdflib(data: bytes, text: str) -> Iterator[str]:
    graph = rdflib.Graph().parse(data=data, format="turtle")
    return (str(row.this) for row in graph.query(text))  # type: ignore[union-attr]


@pytest.mark.parametrize("ask", [_oxigraph, _rdflib], ids=["oxigraph", "rdflib"])
@pytest.mark.parametrize("check", SHIPPED, ids=[check.name for check in SHIPPED])
def test_a_shipped_check_runs_as_it_stands(
    check: object, ask: Callable[[bytes, str], Iterator[str]]
) -> None:
    name, text = check.name, check.text  # type: ignore[attr-defined]
    # Reading all vocabularies takes long, and few checks look into them.
    around = find_home().vocabularies.read_bytes() if "skos:inScheme" in text else b""
    for path in sorted((EXAMPLES / name).glob("*.ttl")):
        found = {*ask(around + b"\n" + path.read_bytes(), text)}
        assert bool(found) is (path.stem != "right"), path.name


def test_every_label_of_a_person_is_found() -> None:
    text = (find_home().checks / "person-first.rq").read_text(encoding="utf-8")
    words = re.findall(r'^ {4}\("([^"]+)" ', text, re.MULTILINE)
    assert len(words) > 20
    store = Store()
    for number, word in enumerate(words):
        note = f"<urn:{number}> <http://purl.org/dc/terms/description> {Literal(f'An {word}.')} ."
        store.load(note.encode(), format=RdfFormat.TURTLE)
    found = {(row["this"].value, row["word"].value) for row in store.query(text)}  # type: ignore[union-attr, index]
    assert {(f"urn:{number}", word) for number, word in enumerate(words)} <= found


@pytest.mark.parametrize("size", [1, 2, 3, 12, 50])
def test_every_link_of_a_circle_is_told_and_no_link_to_or_from_it(size: int) -> None:
    text = (find_home().checks / "circles.rq").read_text(encoding="utf-8")
    links = [(f"p{n}", f"p{(n + 1) % size}") for n in range(size)]
    around = [("town", "p0"), ("p0", "country"), ("country", "world"), ("a", "b"), ("b", "c")]
    data = "".join(f"x:{low} cjph:within x:{high} .\n" for low, high in (*links, *around))
    store = Store()
    prefixes = "@prefix cjph: <https://w3id.org/cjph/ontology#> . @prefix x: <http://x/> .\n"
    store.load((prefixes + data).encode(), format=RdfFormat.TURTLE)
    rows = cast("QuerySolutions", store.query(text))
    found = [(row["this"].value[9:], row["value"].value[9:]) for row in rows]
    assert sorted(found) == sorted(links)


def test_the_store_answers_checks_while_shapes_are_compiled(
    checked: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiling, asked = Event(), Event()
    run, judge = check.run_checks, check.validate_graph

    def waiting(*given: object) -> object:
        assert compiling.wait(10)
        asked.set()
        return run(*given)  # type: ignore[arg-type]

    def judging(*given: object) -> object:
        compiling.set()
        assert asked.wait(10)
        return judge(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(check, "run_checks", waiting)
    monkeypatch.setattr(check, "validate_graph", judging)
    validate(ValidationOptions(home=checked))


def test_a_server_is_asked_one_thing_at_a_time(
    checked: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    run, judge = check.run_checks, check.validate_graph

    def slowly(*given: object) -> object:
        time.sleep(0.1)
        done.append("checks")
        return run(*given)  # type: ignore[arg-type]

    def judging(*given: object) -> object:
        done.append("shapes")
        return judge(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(StoredGraph, "at_once", 1)
    monkeypatch.setattr(check, "run_checks", slowly)
    monkeypatch.setattr(check, "validate_graph", judging)
    validate(ValidationOptions(home=checked))
    assert done == ["checks", "shapes"]


_EVERYTHING = """\
#+ title: everything
#+ message: This is there.
#+ severity: info
#+ why: To count.
SELECT ?this { ?this <urn:p> ?value }
"""


def test_of_very_many_rows_the_first_become_results(
    checked: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []
    make = checks._result

    def noting(*given: object) -> object:
        made.append(given)
        return make(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(checks, "_result", noting)
    found = parse_check(_EVERYTHING, "everything")
    store = Store()
    store.load("".join(f"<urn:{n:02}> <urn:p> 1 .\n" for n in range(50)), format=RdfFormat.TURTLE)
    only = {NamedNode(f"urn:{n:02}") for n in range(10, 40)}
    results, further = checks.run_checks(StoredGraph(store, ()), [found], only, 4)
    assert [result.focus for result in results] == [f"urn:{n}" for n in range(10, 14)]
    assert (len(made), further) == (4, {found.iri: 26})
