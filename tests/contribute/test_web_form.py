"""The form of a web page: what it asks for, that it is good HTML, and the file it ends in."""

import re
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest
from support.commands import cjph
from support.readers import NODE_MODULES, program

from cjph_graph.contribute import HomeContents, form_page
from cjph_graph.errors import UsageError
from cjph_graph.home.location import Home
from cjph_graph.rdf import read_bytes
from cjph_graph.validation import ValidationOptions, validate

_FORGE = "https://github.com/example/graph"


def test_each_property_has_its_place(contents: HomeContents) -> None:
    page = form_page(contents, "intervention", forge=_FORGE)
    asked = re.findall(r'data-path="([^"]+)"', page)
    assert asked[:3] == ["skos:prefLabel", "skos:altLabel", "dcterms:description"]
    assert {"cjph:measure", "cjph:unit", "cjph:lead"} <= set(asked)
    assert f'action="{_FORGE}/new/main/data/interventions"' in page
    assert '<select id="evidence_kind"' in page
    assert page.count('type="checkbox"') >= 16
    assert '<option value="place:oregon">Oregon</option>' in page
    assert len(re.findall(r'\sid="([^"]+)"', page)) == len(set(re.findall(r'\sid="([^"]+)"', page)))


def test_without_a_script_the_form_sends_a_blank_text(contents: HomeContents) -> None:
    page = form_page(contents, "policy", forge=_FORGE)
    assert "policy:its-name\n    a cjph:Policy ;" in page
    assert "<button>Begin a new file with it</button>" in page
    assert "<button>Begin" not in form_page(contents, "policy")


def test_a_class_that_only_the_shapes_know_has_a_form(grown: Home) -> None:
    page = form_page(HomeContents(grown), "campaign")
    assert 'data-kind="cjph:Campaign"' in page
    with pytest.raises(UsageError, match="stands in the file"):
        form_page(HomeContents(grown), "finding")


@pytest.mark.slow
@pytest.mark.readers
@pytest.mark.parametrize("kind", ["intervention", "source", "place"])
def test_the_page_is_good_html(contents: HomeContents, kind: str, tmp_path: Path) -> None:
    (tmp_path / "form.html").write_text(form_page(contents, kind, forge=_FORGE), encoding="utf-8")
    jar = NODE_MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
    done = subprocess.run(
        [program("java"), "-jar", str(jar), "--errors-only", str(tmp_path / "form.html")],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
@pytest.mark.readers
def test_what_is_filled_in_becomes_a_valid_file(shipped: Home, tmp_path: Path) -> None:
    sync_api = pytest.importorskip("playwright.sync_api")
    path = tmp_path / "form.html"
    done = cjph(shipped, "new", "intervention", "--html", "--forge", _FORGE, "--output", str(path))
    assert done.returncode == 0
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program("chromium"))
        page = browser.new_page()
        page.goto(path.as_uri())
        assert "description is needed." in page.inner_text("[data-problems]")
        page.fill("#name", 'The “Street” Team \\ "A"')
        page.fill("#description", "Outreach workers step in.")
        for label in ("Community violence", "Community", "Case management and wraparound"):
            page.get_by_label(label, exact=True).check()
        page.get_by_label("No direct replacement").check()
        page.fill("#place", "place:oakland")
        page.fill("#start_date", "2021-03")
        page.fill("#source", "source:what-is-cahoots")
        page.get_by_role("button", name="One more source", exact=True).click()
        page.locator('[data-path="dcterms:source"] input').last.fill("source:us-pl-116-172")
        page.select_option("#evidence_kind", "evidence-kind:descriptive")
        page.fill("#homepage", "no address")
        assert "homepage: “no address” is not written" in page.inner_text("[data-problems]")
        page.fill("#homepage", "https://example.org/")
        page.get_by_text("finding", exact=True).first.click()
        page.fill("#finding_description", "More came.")
        page.fill("#finding_measure", "people")
        page.select_option("#finding_finding_kind", "finding-kind:output")
        page.select_option("#finding_evidence_kind", "evidence-kind:descriptive")
        page.fill("#finding_source", "source:what-is-cahoots")
        assert page.inner_text("[data-problems]") == ""
        text = page.input_value("textarea[name=value]")
        page.route("https://github.com/**", lambda route: route.fulfill(body="there"))
        page.click("text=Begin a new file with it")
        page.wait_for_url("https://github.com/**")
        sent = parse_qs(urlparse(page.url).query)
        browser.close()
    assert sent["value"] == [text.replace("\n", "\r\n")]
    assert sent["filename"] == ["the-street-team-a.ttl"]
    file = read_bytes(text.encode(), "data/interventions/the-street-team-a.ttl").sound()
    report = validate(ValidationOptions([file], shipped))
    assert [f.message for f in report.findings if f.severity == "error"] == []
    assert ":finding-1" in text
    assert "source:us-pl-116-172 , " in text or ", source:us-pl-116-172" in text
