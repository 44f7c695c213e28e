"""Hostile texts on pages stay texts: as HTML, and in a browser with all scripts at work."""

import json

import pytest
from support.homes import write_data
from support.pages import read_page

from cjph_graph.home import Home
from cjph_graph.publish.publication import Publication
from cjph_graph.publish.site import Site

HOSTILE = (
    "</script><script>alert(1)</script>",
    "]]>",
    "{{7*7}}",
    "{% raw %}",
    "<img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    '" onmouseover="alert(1)',
    "&lt;b&gt;",
    "\u202etxt.exe\u202c",
    "\u2028",
    "=1+1",
)


def test_a_hostile_text_stays_text(small: Home) -> None:
    for number, text in enumerate(HOSTILE):
        written = json.dumps(text, ensure_ascii=False).replace("\u2028", "\\u2028")
        write_data(
            small,
            f"organisations/o{number}.ttl",
            f"""
<https://w3id.org/cjph/organisations/o{number}> a cjph:Organisation ; skos:prefLabel {written}@en ;
    dcterms:description {written}@en ; skos:note {written}@en ; cjph:caveat {written}@en ;
    cjph:place <https://w3id.org/cjph/places/oregon> .
""",
        )
    site = Site(Publication(small))
    own = [f"organisations/o{number}.html" for number in range(len(HOSTILE))]
    shown = [*zip(own, HOSTILE, strict=True)]
    for path in ("organisations/index.html", "places/oregon.html"):
        shown += [(path, text) for text in HOSTILE]
    for path, text in shown:
        page = read_page(site.render(path) or b"")
        assert text in page.text, path
        assert page.handlers == page.styles == []
        assert {sort for sort, _ in page.scripts} <= {"application/ld+json"}
        assert all(file.startswith("../") for file in page.files)
        schemes = {link.href.partition(":")[0] for link in page.links if ":" in link.href}
        assert schemes <= {"http", "https"}
    for script in ("assets/data/organisations.js", "assets/search/organisations.js"):
        content = (site.render(script) or b"").decode()
        assert "<" not in content
        assert "\u2028" not in content


def test_a_link_leads_nowhere_but_to_the_web(small: Home) -> None:
    barred = ("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://x.org/")
    for number, address in enumerate((*barred, "https://example.org/")):
        write_data(
            small,
            f"organisations/o{number}.ttl",
            f"""@prefix foaf: <http://xmlns.com/foaf/0.1/> .
<https://w3id.org/cjph/organisations/o{number}> a cjph:Organisation ; skos:prefLabel "O"@en ;
    foaf:homepage <{address}> .
""",
        )
    site = Site(Publication(small))
    pages = [read_page(site.render(f"organisations/o{number}.html") or b"") for number in range(5)]
    links = [[link.href for link in page.links] for page in pages]
    for address, hrefs in zip(barred, links[:-1], strict=True):
        assert [href for href in hrefs if href.startswith(address[:4])] == []
    assert "https://example.org/" in links[-1]


def test_a_long_text_is_shown(small: Home) -> None:
    write_data(
        small,
        "organisations/o.ttl",
        f"""
<https://w3id.org/cjph/organisations/o> a cjph:Organisation ; skos:prefLabel "O"@en ;
    dcterms:description "{"long " * 200_000}"@en .
""",
    )
    content = Site(Publication(small)).render("organisations/o.html") or b""
    assert content.count(b"long ") >= 200_000


@pytest.mark.slow
@pytest.mark.readers
def test_a_browser_takes_them_as_text(small: Home, chromium, tmp_path) -> None:
    things = [
        f"""<https://w3id.org/cjph/organisations/o{place}> a cjph:Organisation ;
    skos:prefLabel {json.dumps(text, ensure_ascii=False)}@en ;
    dcterms:description "A text."@en ;
    cjph:organisationKind <https://w3id.org/cjph/vocabulary/organisation-kind/coalition> .
"""
        for place, text in enumerate(HOSTILE)
    ]
    write_data(small, "organisations.ttl", "".join(things))
    out = tmp_path / "out"
    site = Site(Publication(small))
    for path in site.paths():
        content = site.render(path) or b""
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(content)
    page, faults = chromium.new_page(), []
    page.on("dialog", lambda dialog: (faults.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text))
    page.goto(f"{out.as_uri()}/organisations/index.html")
    page.get_by_label("Search in this table").fill("alert")
    assert page.locator("tbody tr:not([hidden])").count() == 4
    page.locator("thead th button").first.click()
    assert page.locator("tbody script, tbody img").count() == 0
    page.get_by_label("Search in this table").fill("=1+1")
    with page.expect_download() as waiting:
        page.locator("[data-download=csv]").click()
    saved = waiting.value.path().read_text(encoding="utf-8")
    assert "'=1+1" in saved
    assert ",=" not in saved
    page.goto(f"{out.as_uri()}/search.html#q=onerror")
    assert page.locator("[data-results] a").first.inner_text() == HOSTILE[4]
    assert page.locator("main img, main script").count() == 0
    page.locator("[data-results] a").first.click()
    assert page.locator("h1").inner_text() == HOSTILE[4]
    assert faults == []
    page.close()
