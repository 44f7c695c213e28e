"""What a worker answers, asked without a server around it."""

import csv

import pytest

from cjph_graph.home import Home
from cjph_graph.publish.serve.work import Desk
from cjph_graph.publish.site import site_context


def test_the_data_of_a_thing_are_there_where_the_site_has_no_files_of_them(
    small: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site_context, "MANY", 1)
    desk = Desk(small.path, 1_000_000)
    for ending, kind in {"ttl": "text/turtle", "jsonld": "application/ld+json"}.items():
        job = {"task": "page", "path": f"places/oregon.{ending}", "accept": ""}
        body, head = desk.do(job)
        assert b"Oregon" in body
        assert head["type"] == kind
        asked = {"task": "page", "path": "places/oregon", "accept": kind}
        assert desk.do(asked)[0] == body


def test_a_page_for_what_is_not_there_is_whole_at_any_depth(small: Home) -> None:
    job = {"task": "page", "path": "places/nowhere/at/all", "accept": "text/html"}
    page, head = Desk(small.path, 1_000_000).do(job)
    assert head["status"] == 404
    assert b'href="/assets/style.css"' in page


def test_no_cell_of_the_table_of_a_thing_is_run_by_a_spreadsheet(small: Home) -> None:
    places = small.data / "places.ttl"
    text = places.read_text(encoding="utf-8")
    places.write_text(f'{text}\nplace:oregon skos:note "=1+1"@en .\n', encoding="utf-8")
    job = {"task": "page", "path": "places/oregon", "accept": "text/csv"}
    table, head = Desk(small.path, 1_000_000).do(job)
    assert head["type"].startswith("text/csv")
    rows = list(csv.DictReader(table.decode().splitlines()))
    assert [row["value"] for row in rows if row["property"].endswith("#note")] == ["'=1+1"]
