"""The pages on which the graph is asked, in a real browser: what a person does there."""

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
from support.readers import NODE_MODULES
from support.served import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.slow, pytest.mark.readers]

_QUESTION = """PREFIX cjph: <https://w3id.org/cjph/ontology#>
SELECT ?x (COUNT(?y) AS ?many) WHERE {
  ?y a ?x .
} GROUP BY ?x ORDER BY DESC(?many) LIMIT 3"""


@pytest.fixture
def page(chromium: "Browser", server: Server) -> "Iterator[Page]":
    """Yield a browser on the server; afterwards nothing may have gone wrong in it."""
    base = str(server.client.base_url)
    context = chromium.new_context(base_url=base, permissions=["clipboard-read", "clipboard-write"])
    faults: list[str] = []
    found = context.new_page()
    found.on("pageerror", lambda error: faults.append(str(error)))
    found.on(
        "request", lambda asked: faults.append(asked.url) if not asked.url.startswith(base) else 0
    )
    yield found
    context.close()
    assert faults == []


def test_a_question_of_ones_own(page: "Page") -> None:
    page.goto("sparql")
    editor = page.get_by_label("SPARQL")
    assert "PREFIX cjph: <https://w3id.org/cjph/ontology#>" in editor.input_value()
    editor.fill(_QUESTION)
    page.get_by_role("button", name="Ask").click()
    assert page.locator("[data-count]").inner_text() == "3 rows"
    assert page.locator("tbody tr").count() == 3
    assert editor.input_value() == _QUESTION
    links = page.locator("tbody td:first-child a")
    assert links.count()
    assert "http" not in links.first.inner_text()
    editor.fill("ASK {}")
    editor.press("Control+Enter")
    page.locator("[data-count]", has_text="Yes.").wait_for(timeout=5000)


def test_an_answer_is_downloaded_and_its_address_shared(
    page: "Page", chromium: "Browser", server: Server
) -> None:
    page.goto("sparql")
    page.get_by_label("SPARQL").fill(_QUESTION)
    page.get_by_role("button", name="Ask").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV").click()
    rows = list(csv.DictReader(io.StringIO(waiting.value.path().read_text())))
    assert [*rows[0]] == ["x", "many"]
    page.get_by_role("button", name="Copy the link").click()
    page.get_by_role("button", name="Copied").wait_for(timeout=3000)
    address = page.evaluate("navigator.clipboard.readText()")
    other = chromium.new_page()
    other.goto(address)
    shown = other.locator("tbody td:last-child").all_inner_texts()
    other.close()
    assert [int(text.replace(",", "")) for text in shown] == [int(row["many"]) for row in rows]
    given = server.client.get(address, params={"query": _QUESTION, "format": "json"}).json()
    assert [each["many"]["value"] for each in given["results"]["bindings"]] == [
        row["many"] for row in rows
    ]


def test_an_error_is_shown_where_it_is(page: "Page") -> None:
    wrong = "SELECT * WHERE {\n  ?s ?p ; ?o\n}"
    page.goto("sparql")
    page.get_by_label("SPARQL").fill(wrong)
    page.get_by_role("button", name="Ask").click()
    alert = page.get_by_role("alert")
    assert "Line 2, column 11" in alert.inner_text()
    assert "?s ?p ; ?o" in alert.locator("pre").inner_text()
    editor = page.get_by_label("SPARQL")
    assert editor.input_value() == wrong
    assert editor.evaluate("e => document.activeElement === e") is True
    assert editor.evaluate("e => e.selectionStart") == wrong.index(";") + 2
    editor.fill("SELECT * { ?x cjph:issue ?y }")
    page.get_by_role("button", name="Ask").click()
    said = page.get_by_role("alert").inner_text()
    assert "Begin with PREFIX cjph: <https://w3id.org/cjph/ontology#>" in said


def test_a_saved_question_with_a_parameter(page: "Page") -> None:
    page.goto("sparql")
    page.get_by_role("link", name="Which interventions replace a law-enforcement response?").click()
    field = page.get_by_label("Response")
    assert page.locator(f"datalist#{field.get_attribute('list')} option").count() > 3
    field.fill("juvenile-court")
    page.get_by_role("button", name="Ask").click()
    rows = page.locator("tbody tr").count()
    assert rows > 3
    assert "response=juvenile-court" in page.url
    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV").click()
    assert len(list(csv.DictReader(io.StringIO(waiting.value.path().read_text())))) == rows
    page.get_by_label("Response").fill("no such court")
    page.get_by_role("button", name="Ask").click()
    assert "is not a value of response" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Response").input_value() == "no such court"


def test_several_values_stay_several(page: "Page") -> None:
    page.goto("queries/interventions-by-issue?issue=violence&issue=homelessness")
    rows = page.locator("[data-count]").inner_text()
    fields = page.locator("input[name=issue]")
    assert [fields.nth(i).input_value() for i in range(2)] == ["violence", "homelessness"]
    page.get_by_role("button", name="Ask").click()
    assert page.locator("[data-count]").inner_text() == rows


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize(
    "path", ["sparql", "sparql?query=SELECT*{?s+?p+;?o}", "sparql?query=SELECT*{?s+?p+?o}LIMIT+20"]
)
def test_the_pages_fit_and_anyone_can_use_them(page: "Page", path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # The page's policy runs no script of ours in it; this is how Playwright hands one in.
    axe = (NODE_MODULES / "axe-core" / "axe.min.js").read_text("utf-8")
    page.evaluate(axe)
    found = page.evaluate("axe.run()")["violations"]
    assert not found, json.dumps([(each["id"], each["nodes"][0]["html"]) for each in found])
