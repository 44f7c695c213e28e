"""Each kind of page in a real browser: narrow, in the dark, on paper, without scripts, by axe."""

import pytest
from support.readers import NODE_MODULES

pytestmark = [pytest.mark.slow, pytest.mark.readers]

KIND, THING = "interventions/index.html", "interventions/cahoots-eugene.html"
INDICATOR, PLACE = "indicators/imprisonment-rate.html", "places/california.html"
QUERY, VOCABULARY = "queries/findings.html", "vocabulary/issue.html"
EVERY = ["index.html", "search.html", KIND, THING, INDICATOR, PLACE, QUERY, VOCABULARY]
EVERY += ["policies/index.html", "ontology/index.html", "observations/index.html", "404.html"]
EVERY += ["data/index.html", "quality.html", "cite.html", "ontology/Intervention.html"]
EVERY += ["policies/oregon-measure-110.html", "sources/bjs-jail-inmates-2019.html", "changes.html"]
EVERY += ["vocabulary/issue/violence.html", "vocabulary/index.html", "queries/index.html"]
EVERY += ["organisations/white-bird-clinic.html", "findings/index.html", "contribute.html"]
EVERY += ["contribute/index.html", "contribute/intervention.html"]


@pytest.mark.parametrize("path", EVERY)
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_nothing_is_wider_than_the_window(visit, path, width):
    visit.page.set_viewport_size({"width": width, "height": 640})
    page = visit.open(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", EVERY)
def test_text_of_pictures_neither_overlaps_nor_is_cut(visit, path):
    for width in (1280, 375):
        visit.page.set_viewport_size({"width": width, "height": 900})
        page = visit.open(path)
        assert page.evaluate(OVERLAPS) == []


OVERLAPS = """() => [...document.querySelectorAll("svg.drawing")]
  .filter((svg) => svg.getBoundingClientRect().width > 0)
  .flatMap((svg) => {
    const frame = svg.getBoundingClientRect();
    const rows = [...svg.querySelectorAll("text")].flatMap((text) => {
      const spans = [...text.querySelectorAll("tspan")];
      return (spans.length ? spans : [text]).map((e) => [e.textContent, e.getBoundingClientRect()]);
    });
    const bad = rows.filter(([, b]) => b.left < frame.left - 2 || b.right > frame.right + 2)
      .map(([words]) => `outside: ${words}`);
    rows.forEach(([words, a], i) => rows.slice(i + 1).forEach(([other, b]) => {
      if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
          Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > a.height * 0.3) {
        bad.push(`${words} on ${other}`);
      }
    }));
    return bad;
  })"""


def test_on_paper_there_is_the_text_and_no_navigation(visit):
    page = visit.open(THING)
    page.emulate_media(media="print")
    assert not page.locator(".site-head nav").is_visible()
    assert not page.locator("[data-copy]").first.is_visible()
    assert page.locator("#cite-text").is_visible()
    assert page.pdf().startswith(b"%PDF")
    page = visit.open(INDICATOR)
    page.emulate_media(media="print")
    assert page.locator("svg.drawing").first.is_visible()


def test_on_paper_addresses_are_written_out(visit):
    page = visit.open(THING)
    page.emulate_media(media="print")
    link = page.locator(".sources a[href^=http]").first
    written = link.evaluate("e => getComputedStyle(e, '::after').content")
    assert link.get_attribute("href") in written


@pytest.fixture
def without_scripts(chromium, site):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    yield lambda path: page.goto(f"{site.as_uri()}/{path}") and page
    context.close()


def test_everything_reads_without_scripts(without_scripts):
    page = without_scripts(KIND)
    rows = page.locator("tbody tr")
    assert page.locator("[data-count]").inner_text() == f"{rows.count()} interventions"
    assert rows.last.is_visible()
    assert not page.locator("[data-facets]").is_visible()
    page = without_scripts(THING)
    assert not page.locator("[data-copy]").first.is_visible()
    assert page.locator("#cite-text").is_visible()
    assert "JavaScript" in without_scripts("search.html").locator("main").inner_text()
    page = without_scripts(INDICATOR)
    assert page.locator("svg.drawing").first.is_visible()
    assert page.locator("table.values tbody tr").last.is_visible()
    page = without_scripts(QUERY)
    assert page.locator("tbody tr").last.is_visible()
    page.locator("#sparql summary").click()
    assert "SELECT" in page.locator("#sparql code").first.inner_text()


AXE = NODE_MODULES / "axe-core" / "axe.min.js"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", EVERY)
def test_axe_finds_nothing_serious(chromium, site, path, scheme):
    context = chromium.new_context(color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{site.as_uri()}/{path}")
    page.evaluate("document.querySelectorAll('tbody tr:nth-child(n+40)').forEach(r => r.remove())")
    page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run().then(r => r.violations)")
    context.close()
    serious = [
        (each["id"], node["target"], node["failureSummary"])
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"][:3]
    ]
    assert serious == []
