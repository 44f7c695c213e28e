"""The pages of a site: what they show, where they lead, and what a hostile text can't do."""

import json
import re
import shutil

import pytest
from support.homes import PREFIXES, write_data
from support.pages import Page, read_page, target
from support.saved import HOME

from cjph_graph.contribute import with_forms
from cjph_graph.home import Home
from cjph_graph.publish.publication import Publication
from cjph_graph.publish.site import Site, site_context

_CAMPAIGN = """
cjph:Campaign a owl:Class ; rdfs:label "Campaign"@en ;
    skos:definition "Work to win a change."@en ;
    rdfs:isDefinedBy <https://w3id.org/cjph/ontology> .
cjph:slogan a owl:DatatypeProperty ; rdfs:label "slogan"@en ;
    skos:definition "The words it is known by."@en ;
    rdfs:isDefinedBy <https://w3id.org/cjph/ontology> .
"""
_CAMPAIGN_SHAPE = """
shapes:Campaign a sh:NodeShape ; sh:targetClass cjph:Campaign ; sh:closed true ;
    sh:name "campaign"@en ; shapes:namespace "https://w3id.org/cjph/campaigns/" ;
    sh:property shapes:name , shapes:slogan , shapes:place , shapes:startDate .
shapes:slogan a sh:PropertyShape ; sh:path cjph:slogan ; sh:name "slogan"@en ;
    sh:description "The words it is known by."@en ; sh:datatype rdf:langString ;
    sh:message "Write the slogan as text."@en .
"""
_CAMPAIGNS = """
<https://w3id.org/cjph/campaigns/care-first> a cjph:Campaign ;
    skos:prefLabel "Care First"@en ; cjph:slogan "Care first, jails last"@en ;
    cjph:place <https://w3id.org/cjph/places/los-angeles-county> ;
    cjph:startDate "2018"^^xsd:gYear .
<https://w3id.org/cjph/campaigns/raise-the-age> a cjph:Campaign ;
    skos:prefLabel "Raise the Age"@en .
"""


@pytest.fixture(scope="module")
def site() -> Site:
    return Site(with_forms(HOME))


def _page(site: Site, path: str) -> Page:
    content = site.render(path)
    assert content is not None, path
    return read_page(content)


# What pages show


def test_a_finding_stands_with_design_caveat_and_source(site: Site) -> None:
    content = site.render("interventions/star-denver.html") or b""
    text = content.decode()
    finding = text[text.index('id="finding-1"') : text.index('id="finding-2"')]
    for said in (
        "fell by 34%",
        "Quasi-experimental study",
        "34 percent",
        "Comparator",
        "A published critique of 2025",
        "A community response approach",
    ):
        assert said in finding, said
    assert text.index("<h3>Outcome</h3>") < text.index('id="finding-1"')


def test_outputs_stand_under_a_heading_of_their_own(site: Site) -> None:
    text = (site.render("interventions/cahoots-eugene.html") or b"").decode()
    assert "<h3>Output</h3>" in text
    assert "<h3>Outcome</h3>" not in text
    assert "1989–2025" in text


def test_an_indicator_has_its_chart_table_and_files(site: Site) -> None:
    page = _page(site, "indicators/jail-incarceration-rate-bjs.html")
    assert "jail-incarceration-rate-bjs-us-2019-06" in page.anchors
    assert "Per 100,000 residents" in page.text
    for ending in ("csv", "metadata.json", "zip"):
        assert site.render(f"indicators/jail-incarceration-rate-bjs.{ending}")
    said = json.loads(site.render("indicators/jail-incarceration-rate-bjs.metadata.json") or b"")
    assert said["citation"].startswith("Jail Inmates in 2019 (Bureau of Justice Statistics, 2021)")
    rows = (site.render("indicators/jail-incarceration-rate-bjs.csv") or b"").decode()
    assert len(rows.splitlines()) == 9


def test_a_kind_has_its_whole_table_without_scripts(site: Site) -> None:
    text = (site.render("interventions/index.html") or b"").decode()
    many = len(site.context.index.of_class("https://w3id.org/cjph/ontology#Intervention"))
    assert text.count("<tr data-id=") == many
    assert f"{many} interventions" in text


def test_a_facet_takes_in_what_a_value_lies_in(site: Site) -> None:
    script = (site.render("assets/data/interventions.js") or b"").decode()
    data = json.loads(script.partition("]=")[2].removesuffix(";\n"))
    keys = [column["key"] for column in data["columns"]]
    row = next(row for row in data["rows"] if row["id"] == "cahoots-eugene")
    assert "Oregon" in {*row["values"][keys.index("is-place")]}
    assert row["values"][keys.index("id")] == "cahoots-eugene"


def test_a_table_on_several_pages_has_all_its_rows_for_scripts(site: Site) -> None:
    script = (site.render("assets/data/observations.js") or b"").decode()
    data = json.loads(script.partition("]=")[2].removesuffix(";\n"))
    page = (site.render("observations/index.html") or b"").decode()
    heads = page.partition("</thead>")[0].count("<th ") - 1
    many = len(site.context.index.of_class("https://w3id.org/cjph/ontology#Observation"))
    assert len(data["rows"]) == many > page.count("<tr data-id=") > 100
    assert {len(row) for row in data["rows"]} == {3 + heads + len(data["columns"])}
    texts = data["texts"]
    assert len(texts) == len(set(texts))
    keys = [column["key"] for column in data["columns"]]
    assert keys[0] == "is-indicator"
    for row in data["rows"][:: many // 10]:
        address, _, anchor = texts[row[0]].partition("#")
        assert f'id="{anchor}"' in (site.render(address) or b"").decode() or not anchor
        [indicator] = row[3 + heads]
        assert texts[indicator] == texts[row[1]]


def test_a_table_has_no_column_of_caveats(site: Site) -> None:
    head = (site.render("alliances/index.html") or b"").decode().partition("</thead>")[0]
    assert ">Initiative<" in head
    assert "caveat" not in head


def test_the_search_has_each_value_of_one_place_and_group_once(site: Site) -> None:
    script = (site.render("assets/search/observations.js") or b"").decode()
    rows = json.loads(script.partition(".push(")[2].removesuffix(");\n"))["rows"]
    keys = [(path.partition("#")[0], *said) for path, *said in rows]
    assert len(keys) == len(set(keys)) < 2000
    assert [row for row in rows if "/imprisonment-rate.html" in row[0] and "Oregon" in row[3]]


def test_a_text_that_only_names_what_is_linked_is_left_out(site: Site) -> None:
    text = (site.render("sources/what-is-cahoots.html") or b"").decode()
    assert "<dt>Publisher</dt>" in text
    assert "Name of the publisher" not in text


def test_what_is_said_under_a_name_leaves_out_the_page_itself(site: Site) -> None:
    text = (site.render("places/oregon.html") or b"").decode()
    links = text[text.index('id="links-in"') :]
    assert '<a href="../places/eugene.html">' in links
    assert '<a href="../places/oregon.html">' not in links


def test_a_page_says_where_to_turn_when_something_is_wrong(site: Site) -> None:
    links = _page(site, "interventions/cahoots-eugene.html").links
    hrefs = {link.href for link in links if link.text == "How to contribute"}
    assert hrefs == {"../contribute.html"}


def test_a_query_has_its_answer_and_links_for_its_values(site: Site) -> None:
    page = _page(site, "queries/interventions-by-issue.html")
    values = [link for link in page.links if "/issue-" in link.href]
    assert values
    path, _ = target("queries/interventions-by-issue.html", values[0].href)
    narrower = _page(site, path)
    assert len(narrower.links) < len(page.links)
    assert (site.render("queries/interventions-by-issue.csv") or b"").startswith(b"intervention,")
    assert b"PREFIX cjph:" in (site.render("queries/interventions-by-issue.rq") or b"")


def test_a_place_has_its_newest_values_beside_those_of_the_country(site: Site) -> None:
    text = (site.render("places/california.html") or b"").decode()
    table = text[text.index('id="measured"') : text.index('id="links-in"')]
    row = next(row for row in table.split("<tr>") if "imprisonment-rate.html" in row)
    assert "<td>250 per 100,000 residents</td><td>31 December 2022</td>" in row
    assert "United States: 355" in row
    assert "Observations" not in text[text.index('id="links-in"') : text.index('id="cite"')]
    assert 'id="measured"' not in (site.render("places/los-angeles.html") or b"").decode()


def test_what_has_a_caveat_is_set_beside_nothing(site: Site) -> None:
    pages = (site.render(path) or b"" for path in site.paths() if path.startswith("places/"))
    rows = [row for page in pages for row in page.decode().split("<tr>") if "with a caveat" in row]
    assert rows
    assert not [row for row in rows if re.search(r"<td>[A-Z][A-Za-z ]+: [0-9]", row)]


def test_a_source_is_cited_before_its_page(site: Site) -> None:
    text = _page(site, "sources/bjs-jail-inmates-2019.html").text
    assert "Jail Inmates in 2019 (Bureau of Justice Statistics, 2021). As gathered in:" in text


def test_what_is_not_recorded_is_said(site: Site) -> None:
    text = _page(site, "policies/california-proposition-47.html").text
    assert "Kind of evidence not recorded" in text
    assert "not recorded" in _page(site, "findings/index.html").text


def test_what_another_property_says_is_left_out(site: Site) -> None:
    page = _page(site, "vocabulary/issue/violence.html")
    assert "Top of" not in page.text
    assert "Vocabularies" in page.text


def test_a_deprecated_term_says_what_came_after_it(site: Site) -> None:
    text = (site.render("ontology/index.html") or b"").decode()
    start = text.index('<article class="term" id="activity">')
    assert "No longer used" in text[start : start + 400]
    assert "#contribution" in text[start : start + 600]


def test_what_is_not_there_has_no_page(site: Site) -> None:
    for path in ("interventions/nothing.html", "x", "../etc/passwd", "queries/no.csv", ""):
        assert site.render(path) is None


# A class that is added in Turtle


def test_a_new_class_gets_pages_table_and_documentation(small: Home) -> None:
    for path, text in (
        (small.ontology, _CAMPAIGN),
        (small.shapes / "classes.ttl", _CAMPAIGN_SHAPE),
    ):
        own = path.read_text(encoding="utf-8")
        path.write_text(f"{own}\n{PREFIXES}{text}", encoding="utf-8")
    write_data(small, "campaigns.ttl", _CAMPAIGNS)
    site = Site(Publication(small))
    paths = {*site.paths()}
    assert {
        "campaigns/index.html",
        "campaigns/care-first.html",
        "ontology/Campaign.html",
        "assets/data/campaigns.js",
        "assets/search/campaigns.js",
    } <= paths
    table = (site.render("campaigns/index.html") or b"").decode()
    assert "2 campaigns" in table
    assert "Los Angeles County" in table
    thing = (site.render("campaigns/care-first.html") or b"").decode()
    assert "Care first, jails last" in thing
    assert "<dt>Slogan</dt>" in thing
    documented = (site.render("ontology/Campaign.html") or b"").decode()
    assert "Work to win a change." in documented
    assert "Write the slogan as text." in documented
    assert "Care First" in (site.render("places/los-angeles-county.html") or b"").decode()


# Many things


def test_of_many_things_only_the_pages_are_made(
    small: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(HOME.queries, small.queries)
    assert Site(Publication(small)).outlook() == ""
    monkeypatch.setattr(site_context, "MANY", 10)
    site = Site(Publication(small))
    assert "cjph serve" in site.outlook()
    paths = {*site.paths()}
    assert "places/oregon.html" in paths
    assert "queries/place-profile.html" in paths
    assert not [path for path in paths if path.endswith((".ttl", ".jsonld"))]
    assert not [path for path in paths if path.count("/") > 1 and path.startswith("queries/")]
    assert site.render("places/oregon.ttl") is None
    page = _page(site, "queries/place-profile.html")
    assert "too large for answers on pages" in page.text


def test_search_engines_get_what_they_know(site: Site) -> None:
    page = _page(site, "interventions/cahoots-eugene.html")
    [(sort, text)] = page.scripts
    assert sort == "application/ld+json"
    said = json.loads(text)
    assert said["@id"] == "https://w3id.org/cjph/interventions/cahoots-eugene"


# The whole site


@pytest.fixture(scope="module")
def files(site: Site) -> dict[str, bytes]:
    return {path: site.render(path) or b"" for path in site.paths()}


@pytest.mark.slow
def test_a_second_build_gives_the_same_bytes(files: dict[str, bytes]) -> None:
    again = Site(with_forms(HOME))
    assert [path for path in again.paths() if files[path] != again.render(path)] == []
    assert list(again.paths()) == list(files)
