"""The steward's page: what came in, what is found, what wants a look."""

import re
from pathlib import Path
from shutil import which

import pytest
from click.testing import CliRunner
from pyoxigraph import Quad, Store
from support.canals import EXE, committed, write
from support.repositories import committed_all

from cjph_graph.cli.main import cli
from cjph_graph.home.checks import list_checks
from cjph_graph.home.location import Home, find_home
from cjph_graph.rdf import read_bytes
from cjph_graph.shacl import StoredGraph
from cjph_graph.validation.checks import run_checks
from cjph_graph.validation.reports import review as pages
from cjph_graph.validation.review import review_since

_QUERY = """\
#+ title: canals without a lock
#+ message: Say how {?this} overcomes the height.
#+ severity: info
#+ why: Water does not run uphill.
PREFIX ex: <https://example.org/terms#>
SELECT ?this WHERE { ?this a ex:Canal . FILTER NOT EXISTS { ?this ex:lock ?lock } }
"""
_GRAND = (
    'w:grand a ex:Canal ; rdfs:label "Exeter Canal <script>alert(1)</script> [x](y)"@en ;'
    " ex:joins w:exe .\n"
    'w:exter a ex:Canal ; rdfs:label "Exter Canal"@en .\n'
)


@pytest.fixture
def reviewed(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    if which("git") is None:
        pytest.skip("git is not installed")
    canals = committed(home, monkeypatch)
    canals.review.mkdir()
    (canals.review / "no-lock.rq").write_text(_QUERY, encoding="utf-8")
    write(canals, exe=EXE.replace("2021", "2022"), grand=_GRAND)
    return canals


def test_the_page_shows_what_came_in_and_what_wants_a_look(reviewed: Home) -> None:
    text = pages.as_text(review_since(reviewed, "HEAD"), width=300)
    assert "Since HEAD: 1 thing was changed, 2 things came in;" in text
    assert "New: canal (2)" in text
    assert "joins: Exeter Canal <https://example.org/waters/exe>" in text
    assert "Exeter Canal (canal): start 2021 → 2022" in text
    assert (
        "Exter Canal <https://example.org/waters/exter> has nearly the name of Exeter Canal" in text
    )
    assert "Canals without a lock (3)" in text  # the third is as it was, and is not looked at
    assert "Otter Cut" not in text.partition("Canals without a lock")[2]


def test_what_came_in_shows_its_parts_with_all_that_they_say(reviewed: Home) -> None:
    lock = "<https://example.org/waters/grand#lock-1>"
    write(reviewed, grand=f"{_GRAND} w:grand ex:lock {lock} . {lock} a ex:Lock ; ex:rise 2.5 .")
    lines = pages.as_text(review_since(reviewed, "HEAD"), width=300).splitlines()
    at = lines.index("      lock lock-1")
    assert lines[at + 1] == "          rise in metres: 2.5"
    assert "no source" not in lines  # these have no property for one


def test_a_thing_that_names_no_source_and_could_is_said_to(reviewed: Home) -> None:
    shapes = reviewed.shapes.read_text(encoding="utf-8").replace("ex:p4 .", "ex:p4 , ex:p6 .", 1)
    shapes += "ex:p6 sh:path <http://purl.org/dc/terms/source> .\n"
    reviewed.shapes.write_text(shapes, encoding="utf-8")
    assert "      no source\n" in pages.as_text(review_since(reviewed, "HEAD"))


def test_a_value_of_a_vocabulary_leads_nowhere(tmp_path: Path) -> None:
    if which("git") is None:
        pytest.skip("git is not installed")
    home = tmp_path / "own"
    given = ["init", str(home), "--namespace", "https://w3id.org/own/"]
    assert CliRunner().invoke(cli, given).exit_code == 0
    committed_all(home)
    example = home / "data" / "examples" / "first-example.ttl"
    text = example.read_text(encoding="utf-8").replace("first-example", "second")
    (home / "data" / "examples" / "second.ttl").write_text(text, encoding="utf-8")
    page = pages.as_text(review_since(Home(home), "HEAD"), width=300)
    assert "New: example (1)" in page
    assert "stage: Planned\n" in page


def test_no_text_becomes_markup(reviewed: Home) -> None:
    page = review_since(reviewed, "HEAD")
    html, markdown = pages.as_html(page), pages.as_markdown(page)
    assert "<script" not in html + markdown
    assert "&lt;script&gt;" in html
    assert "[x](y)" not in markdown
    assert not re.search(r"\s(style|on\w+)=", html)


def test_nothing_new_is_an_empty_page(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    if which("git") is None:
        pytest.skip("git is not installed")
    canals = committed(home, monkeypatch)
    said = pages.as_text(review_since(canals, "HEAD"))
    assert said == "Review of what came in since HEAD\n\nNothing changed since HEAD.\n"


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_every_format_by_the_command(reviewed: Home, tmp_path: Path, form: str) -> None:
    output = tmp_path / "page"
    given = ["--home", str(reviewed.path), "review", "--format", form, "--output", str(output)]
    done = CliRunner().invoke(cli, given)
    assert done.exit_code == 0, done.output
    assert "Exter Canal" in output.read_text(encoding="utf-8")


_PREFIXES = """\
@prefix c: <https://w3id.org/cjph/ontology#> .
@prefix d: <http://purl.org/dc/terms/> .
@prefix e: <https://w3id.org/cjph/vocabulary/evidence-kind/> .
@prefix k: <https://w3id.org/cjph/vocabulary/finding-kind/> .
@prefix x: <http://x/> .
"""


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("sources-not-read", "x:it a c:Source .",
         'x:it a c:Source ; c:readOn "2026-11-20"^^<http://www.w3.org/2001/XMLSchema#date> .'),
        ("results-without-a-design", "x:it a c:Finding ; c:evidenceKind e:none .",
         "x:it a c:Finding ; c:findingKind k:output . x:b a c:Finding ; c:evidenceKind e:rct ."),
        ("results-without-a-comparison", "x:it a c:Finding ; c:changeDirection x:down .",
         'x:it a c:Finding ; c:changeDirection x:down ; c:comparator "before" .'),
        ("own-figures-without-a-caveat",
         "x:i c:finding x:it ; c:lead x:o . x:it c:value 3 ; d:source x:s . x:s d:publisher x:o .",
         "x:i c:finding x:it ; c:lead x:o . x:it c:value 3 ; d:source x:s , x:t ."
         " x:s d:publisher x:o . x:t d:publisher x:other ."),
    ],
)  # fmt: skip
def test_what_the_queries_of_our_home_select(name: str, wrong: str, right: str) -> None:
    home = find_home()
    (query,) = (q for q in list_checks(home, home.review) if q.name == name)

    def selected(text: str) -> list[str]:
        store = Store()
        triples = read_bytes((_PREFIXES + text).encode(), "data").sound().triples
        store.bulk_extend(Quad(*triple) for triple in triples)
        return [result.focus for result in run_checks(StoredGraph(store, ()), [query])[0]]

    assert (selected(wrong), selected(right)) == (["http://x/it"], [])


def test_every_query_of_our_home_is_tried_above() -> None:
    home = find_home()
    mark = test_what_the_queries_of_our_home_select.pytestmark[0]  # type: ignore[attr-defined]
    assert {q.name for q in list_checks(home, home.review)} == {row[0] for row in mark.args[1]}
