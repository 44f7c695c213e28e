"""The site in a real browser, from disk: what people do with it, and what it may not do."""

import csv
import io
import json
import re

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.readers]

KIND, THING = "interventions/index.html", "interventions/cahoots-eugene.html"
INDICATOR, QUERY = "indicators/imprisonment-rate.html", "queries/findings.html"
VISIBLE = "tbody tr:not([hidden])"


def count(page) -> str:
    return page.locator("[data-count]").inner_text()


def names(page) -> list[str]:
    return page.locator(f"{VISIBLE} th a").all_inner_texts()


def choose(page, facet: str, place: int = 1) -> int:
    """Choose a value of a facet; return how many rows it promises."""
    select = page.get_by_label(facet, exact=True)
    select.wait_for(timeout=3000)
    option = select.locator("option:not([hidden])").nth(place)
    promised = int(re.search(r"\(([0-9]+)\)$", option.inner_text())[1])
    select.select_option(value=option.get_attribute("value"))
    return promised


def test_filters_count_what_they_leave(visit):
    page = visit.open(KIND)
    everything = page.locator("tbody tr").count()
    assert count(page) == f"{everything} interventions"
    issue = choose(page, "Issue")
    assert page.locator(VISIBLE).count() == issue
    assert count(page) == f"{issue} shown of {everything} interventions"
    evidence = choose(page, "Kind of evidence")
    assert page.locator(VISIBLE).count() == evidence <= issue
    page.get_by_role("button", name="Clear").click()
    assert count(page) == f"{everything} interventions"


def test_the_address_is_the_filter_and_back_works(visit):
    page = visit.open(KIND)
    chosen = choose(page, "Issue")
    both = choose(page, "Kind of evidence")
    assert "#issue=" in page.url
    page.reload()
    assert page.locator(VISIBLE).count() == both
    page.go_back()
    assert page.locator(VISIBLE).count() == chosen
    page.go_back()
    assert page.locator(f"{VISIBLE}").count() == page.locator("tbody tr").count()
    page.go_forward()
    assert page.locator(VISIBLE).count() == chosen


def test_the_front_page_leads_to_the_things_of_a_topic(visit):
    page = visit.open("index.html")
    topics = page.locator("#topics li")
    assert topics.count() > 10
    for place in (0, topics.count() - 1):
        promised = int(topics.nth(place).locator(".meta").inner_text())
        topics.nth(place).get_by_role("link").click()
        page.wait_for_load_state()
        assert page.locator(VISIBLE).count() == promised
        page.go_back()


def test_search_in_a_table(visit):
    page = visit.open(KIND)
    page.get_by_label("Search in this table").fill("DENVER star")
    assert [name for name in names(page) if "STAR" in name]
    assert page.locator(VISIBLE).count() < 5


def test_sorting_is_said_and_undone(visit):
    page = visit.open(KIND)
    before = names(page)
    head = page.locator("thead th").first
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    up = names(page)
    assert sorted(up) == sorted(before)
    assert up == page.evaluate("names => names.sort(new Intl.Collator('en').compare)", up)
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    assert names(page) == list(reversed(up))
    assert "by Name, descending" in count(page)
    assert page.locator("[data-count]").get_attribute("role") == "status"
    page.locator("thead th").nth(2).get_by_role("button").click()
    years = page.locator("tbody tr td:nth-child(3)").evaluate_all(
        "all => all.map(c => parseInt(c.dataset.value || c.textContent)).filter(n => n)"
    )
    assert years == sorted(years)
    assert head.get_attribute("aria-sort") is None


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_download_has_as_many_rows_as_the_count(visit, form):
    page = visit.open(KIND)
    link = page.locator(f"[data-download={form}]")
    if not link.count():
        pytest.fail(f"The page offers no {form}.")
    promised = choose(page, "Issue")
    with page.expect_download() as waiting:
        link.click()
    text = waiting.value.path().read_text(encoding="utf-8")
    assert waiting.value.suggested_filename == f"interventions.{form}"
    rows = json.loads(text) if form == "json" else list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == promised
    assert str(promised) in link.inner_text()
    assert all(len(row) > 5 for row in rows)


def test_the_whole_download_has_all_rows_and_the_same_columns(visit, site):
    page = visit.open(KIND)
    link = page.locator("[data-download=csv]")
    path = (site / "interventions" / link.get_attribute("href")).resolve()
    whole = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    assert len(whole) == page.locator("tbody tr").count()
    choose(page, "Issue")
    with page.expect_download() as waiting:
        link.click()
    text = waiting.value.path().read_text(encoding="utf-8")
    some = list(csv.DictReader(io.StringIO(text)))
    assert list(some[0]) == list(whole[0])
    key = next(iter(whole[0]))
    by_key = {row[key]: row for row in whole}
    assert all(by_key[row[key]] == row for row in some)


def test_an_answer_is_saved_as_it_is_shown_or_whole(visit, site):
    page = visit.open(QUERY)
    total = int(page.locator("#result").get_attribute("data-total"))
    assert count(page) == f"{total} rows"
    link = page.locator("[data-download=csv]")
    path = (site / "queries" / link.get_attribute("href")).resolve()
    assert len(list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))) == total + 1
    page.get_by_label("Search in this table").fill("baltimore")
    shown = page.locator(VISIBLE).count()
    here = page.locator("tbody tr").count()
    assert count(page) == f"{shown} shown of the first {here} of {total} rows"
    with page.expect_download() as waiting:
        link.click()
    text = waiting.value.path().read_text(encoding="utf-8")
    assert len(list(csv.DictReader(io.StringIO(text)))) == shown > 0


def test_the_values_of_a_parameter_are_links_to_their_answers(visit):
    page = visit.open("queries/interventions-by-issue.html")
    everything = page.locator("tbody tr").count()
    page.locator("#parameters a", has_text="Community violence").click()
    assert "Community violence" in page.locator("h1").inner_text()
    assert 0 < page.locator("tbody tr").count() < everything
    assert page.locator("#parameters a[aria-current]").inner_text() == "Community violence"


def test_a_long_table_shows_its_rest_when_asked_or_linked_to(visit):
    page = visit.open(INDICATOR)
    rows = page.locator("table.values tbody tr")
    everything = rows.count()
    visible = page.locator("table.values tbody tr:not([hidden])")
    assert visible.count() < everything
    last = rows.last.get_attribute("id")
    page.get_by_role("button", name=f"Show all {everything} values").click()
    assert visible.count() == everything
    page = visit.open("index.html")
    page = visit.open(f"{INDICATOR}#{last}")
    assert page.locator(f"[id='{last}']").is_visible()
    page.wait_for_function(
        "id => document.getElementById(id).getBoundingClientRect().y < 900", arg=last
    )


def test_a_chart_says_the_gap_and_what_cannot_be_compared(visit):
    page = visit.open(INDICATOR)
    assert re.search(r"4\.8 times that for", page.locator(".gap").inner_text())
    page = visit.open("indicators/children-with-two-or-more-aces.html")
    caption = page.locator("figcaption").first.inner_text()
    assert "not comparable with later years" in caption
    assert page.locator("svg.drawing.wide .line-0 polyline:not(.lead)").count() == 0


def test_what_was_undone_is_drawn_and_told(visit):
    page = visit.open("policies/index.html")
    page.get_by_role("link", name="Policies over time").click()
    assert page.locator("svg.timeline.wide .undid").count() >= 3
    assert "were undone, wholly or in part" in page.locator("figcaption").last.inner_text()
    page.locator("svg.timeline.wide a", has_text="Measure 110").click()
    assert "Measure 110" in page.locator("h1").inner_text()
    assert page.locator("#policyChange .finding").count() >= 1


def test_a_citation_is_copied(visit):
    page = visit.open(THING)
    page.locator("[data-copy=cite-text]").click()
    page.get_by_role("button", name="Copied").wait_for(timeout=3000)
    field = page.locator("header input[type=search]")
    field.focus()
    page.keyboard.press("Control+V")
    assert field.input_value() == page.locator("#cite-text").inner_text()


def test_links_lead_from_thing_to_thing(visit):
    page = visit.open(THING)
    page.get_by_role("link", name="Eugene", exact=False).first.click()
    assert page.locator("h1").inner_text() == "Eugene"
    assert page.locator("a", has_text="CAHOOTS").count() >= 1


def focused(page) -> dict:
    return page.evaluate(
        """() => { const e = document.activeElement, s = getComputedStyle(e);
        return {name: e.tagName, text: e.textContent.trim().slice(0, 40),
                seen: s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2}; }"""
    )


def press_until(page, key: str, wanted: str, most: int = 60) -> None:
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate(f"document.activeElement.matches({wanted!r})"):
            return
    pytest.fail(f"{wanted} cannot be reached with {key}.")


def test_everything_can_be_done_by_keyboard(visit):
    page = visit.open(KIND)
    page.keyboard.press("Tab")
    assert focused(page)["text"] == "Skip to content"
    assert page.locator(".skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    press_until(page, "Tab", "[data-facets] select")
    before = page.locator(VISIBLE).count()
    page.keyboard.press("ArrowDown")
    assert page.locator(VISIBLE).count() < before
    press_until(page, "Tab", "[data-facets] input")
    page.keyboard.type("a")
    press_until(page, "Tab", "th button")
    page.keyboard.press("Enter")
    assert page.locator("thead th").first.get_attribute("aria-sort") == "ascending"
    press_until(page, "Tab", "tbody th a")
    name = focused(page)["text"]
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    assert page.locator("h1").inner_text().startswith(name[:20])


def test_the_search_leads_to_a_page_by_keyboard_alone(visit):
    page = visit.open("index.html")
    press_until(page, "Tab", "main input[type=search]")
    page.keyboard.type("white bird")
    page.locator("[data-results] a").first.wait_for()
    page.keyboard.press("Enter")
    assert focused(page)["seen"]
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    assert page.locator("h1").inner_text() == "White Bird Clinic"


def test_focus_can_always_be_seen(visit):
    page = visit.open(KIND)
    for _ in range(25):
        page.keyboard.press("Tab")
        assert focused(page)["seen"], focused(page)


PHONE = {"width": 390, "height": 844}


def test_a_phone_shows_some_rows_and_more_when_asked(visit):
    visit.page.set_viewport_size(PHONE)
    page = visit.open(KIND)
    everything = page.locator("tbody tr").count()
    assert page.locator(VISIBLE).count() == 25
    assert count(page) == f"{everything} interventions; the first 25 are shown"
    assert page.evaluate("document.documentElement.scrollHeight") < 9000
    page.get_by_role("button", name="Show 25 more").click()
    assert page.locator(VISIBLE).count() == 50
    assert focused(page)["text"] == names(page)[25]
    assert "rows=50" in page.url
    page.reload()
    assert page.locator(VISIBLE).count() == 50
    page.get_by_role("button", name=f"Show all {everything}").click()
    assert page.locator(VISIBLE).count() == everything
    assert not page.get_by_role("button", name=re.compile("^Show ")).count()
    page.get_by_role("button", name="Back to the filters").click()
    assert page.evaluate("document.activeElement.matches('[data-facets] input')")


def test_on_a_phone_the_facets_wait_behind_a_button(visit):
    visit.page.set_viewport_size(PHONE)
    page = visit.open(KIND)
    issue = page.get_by_label("Issue", exact=True)
    assert not issue.is_visible()
    fold = page.locator(".fold")
    fold.click()
    assert fold.get_attribute("aria-expanded") == "true"
    promised = choose(page, "Issue")
    assert f"{promised} " in count(page)
    assert "1 chosen" in fold.inner_text()
    link = page.locator("[data-download=csv]")
    with page.expect_download() as waiting:
        link.click()
    text = waiting.value.path().read_text(encoding="utf-8")
    assert len(list(csv.DictReader(io.StringIO(text)))) == promised > 25


def test_a_phone_prints_every_row_that_fits(visit):
    visit.page.set_viewport_size(PHONE)
    page = visit.open(KIND)
    everything = page.locator("tbody tr").count()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator(VISIBLE).count() == everything
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator(VISIBLE).count() == 25


def test_a_table_on_several_pages_can_be_filtered_as_a_whole(visit, site):
    page = visit.open("observations/index.html")
    total = int(page.locator(".listing").get_attribute("data-total"))
    assert page.locator("nav.pages a").count() > 1
    page.get_by_role("button", name="Filter, sort and search all").click()
    page.get_by_label("Place", exact=True).wait_for()
    assert focused(page)["name"] == "INPUT"
    assert count(page) == f"{total:,} observations; the first 100 are shown"
    assert page.locator("tbody tr").count() == 100
    page.get_by_label("Place", exact=True).select_option("Oregon")
    found = int(re.match("[0-9]+", count(page))[0])
    assert page.locator("tbody tr").count() == found < 100
    assert page.locator("tbody tr", has_text="Oregon").count() == found
    with page.expect_download() as waiting:
        page.locator("[data-download=csv]").click()
    some = list(csv.DictReader(io.StringIO(waiting.value.path().read_text(encoding="utf-8"))))
    with (site / "data/tables/observations.csv").open(encoding="utf-8-sig", newline="") as file:
        whole = [row for row in csv.DictReader(file) if row["place"] == "oregon"]
    key = "id" if "id" in whole[0] else "iri"
    assert sorted(some, key=lambda row: row[key]) == sorted(whole, key=lambda row: row[key])
    page.locator("thead th", has_text="Value").get_by_role("button").click()
    values = page.locator("tbody td.num").all_inner_texts()
    numbers = [float(value.replace(",", "")) for value in values]
    assert numbers == sorted(numbers)
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    page.get_by_label("Place", exact=True).wait_for()
    assert page.locator("tbody td.num").all_inner_texts() == values
    href = page.locator("tbody th a").first.get_attribute("href")
    assert (site / "observations" / href.partition("#")[0]).resolve().is_file()
