"""The search of the site in a real browser, from disk."""

import re

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.readers]

THING = "interventions/cahoots-eugene.html"


def test_search_finds_as_one_types_and_leads_there(visit):
    page = visit.open("search.html")
    page.locator("main input[type=search]").press_sequentially("cahoots")
    first = page.locator("[data-results] a").first
    assert "CAHOOTS" in first.inner_text()
    assert re.search("[0-9]+ result", page.locator("[data-search-count]").inner_text())
    first.click()
    assert "CAHOOTS" in page.locator("h1").inner_text()
    page.go_back()
    assert page.locator("main input[type=search]").input_value() == "cahoots"
    assert "CAHOOTS" in page.locator("[data-results] a").first.inner_text()


def test_search_forgives_a_slip_and_says_when_there_is_nothing(visit):
    page = visit.open("search.html")
    field = page.locator("main input[type=search]")
    field.fill("imprisonmant rate")
    assert "Imprisonment rate" in page.locator("[data-results]").inner_text()
    field.fill("zzzzzzzz")
    assert "Nothing found" in page.locator("[data-search-count]").inner_text()


def test_search_lists_a_page_once_for_each_name(visit):
    page = visit.open("search.html")
    page.locator("main input[type=search]").fill("imprisonment rate")
    found = page.locator("[data-results] a").evaluate_all(
        "all => all.map(a => a.textContent + a.href.split('#')[0])"
    )
    assert len(found) == len(set(found)) > 1
    first = page.locator("[data-results] a").first
    assert first.get_attribute("href").endswith("indicators/imprisonment-rate.html")


def test_the_search_of_every_page_leads_to_the_results(visit):
    page = visit.open(THING)
    page.locator("header input[type=search]").fill("overdose")
    page.locator("header input[type=search]").press("Enter")
    page.wait_for_url(re.compile(r"/search\.html\?q=overdose"))
    assert page.locator("[data-results] a").count() > 3


def test_the_front_page_answers_in_place(visit):
    page = visit.open("index.html")
    page.locator("main input[type=search]").click()
    page.locator("main input[type=search]").press_sequentially("denver")
    page.locator("[data-results] a").first.wait_for()
    assert "Denver" in page.locator("[data-results]").inner_text()


def test_hostile_words_in_the_address_stay_words(visit):
    page = visit.open("search.html#q=" + "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")
    assert page.locator("main img").count() == 0
    assert "<img" in page.locator("[data-search-count]").inner_text()
