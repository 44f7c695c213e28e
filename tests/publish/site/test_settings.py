"""A home's own site: title, texts, colours, and where changes and reports go."""

import shutil

import pytest
from support.pages import read_page

from cjph_graph.errors import InputError
from cjph_graph.home import Home
from cjph_graph.publish.publication import Publication
from cjph_graph.publish.site import Site
from cjph_graph.publish.site.rendering import markdown
from cjph_graph.publish.site.settings import read_settings

_TOML = """\
title = "Health for All"
lead = "What we know."
footnote = "Made in Ash Street."
edit = "https://forge.example/us/data/edit/main/{file}"
report = "https://forge.example/us/data/issues/new?title={title}&body={address}"
"""
_TEXT = """\
# Who we are

<script>alert(1)</script> [bad](javascript:alert(1)) [good](https://example.org/) [own](index.html)
"""


@pytest.fixture
def home(small: Home) -> Home:
    """Return a home with our ontology and places, and a site of its own."""
    folder = small.path / "site"
    folder.mkdir()
    (folder / "site.toml").write_text(_TOML, encoding="utf-8")
    (folder / "who.md").write_text(_TEXT, encoding="utf-8")
    (folder / "theme.css").write_text(":root { --accent: #123456; }\n", encoding="utf-8")
    return small


def test_a_home_names_its_site(home: Home) -> None:
    site = Site(Publication(home))
    text = (site.render("index.html") or b"").decode()
    for said in ("<title>Health for All</title>", "What we know.", "Made in Ash Street."):
        assert said in text
    assert 'href="assets/theme.css"' in text
    assert b"#123456" in (site.render("assets/theme.css") or b"")
    assert 'href="who.html">Who we are<' in text


def test_changes_and_reports_go_where_the_home_says(home: Home) -> None:
    page = read_page(Site(Publication(home)).render("places/oregon.html") or b"")
    links = {link.text: link.href for link in page.links}
    assert links["Suggest a change"] == "https://forge.example/us/data/edit/main/data/places.ttl"
    assert links["Report a problem"].startswith("https://forge.example/us/data/issues/new?title=")
    assert "Oregon" in links["Report a problem"]


def test_without_a_site_of_its_own_a_home_has_no_such_links(home: Home) -> None:
    shutil.rmtree(home.path / "site")
    page = read_page(Site(Publication(home)).render("places/oregon.html") or b"")
    assert not {"Suggest a change", "Report a problem"} & {link.text for link in page.links}


def test_a_repository_on_the_web_takes_both_unless_the_home_says_otherwise(home: Home) -> None:
    forge = "https://forge.example/them/graph"
    own = read_settings(home, forge)
    assert own.edit.startswith("https://forge.example/us/")
    (home.path / "site" / "site.toml").unlink()
    page = read_page(Site(Publication(home, forge=forge)).render("places/oregon.html") or b"")
    links = {link.text: link.href for link in page.links}
    assert links["Suggest a change"] == f"{forge}/edit/main/data/places.ttl"
    assert links["Report a problem"].startswith(f"{forge}/issues/new?title=Oregon&body=https%3A")


def test_the_page_for_what_is_not_there_works_at_any_depth(home: Home) -> None:
    base = "https://us.example/graph/"
    page = read_page(Site(Publication(home, base=base)).render("404.html") or b"")
    own = [link.href for link in page.links if "://" not in link.href and link.href[0] != "#"]
    assert own
    assert all(href.startswith("/graph/") for href in [*own, *page.files])


def test_markdown_has_no_html_and_no_bad_links(home: Home) -> None:
    page = read_page(Site(Publication(home)).render("who.html") or b"")
    assert "<script>alert(1)</script>" in page.text
    assert page.scripts == []
    hrefs = [link.href for link in page.links]
    assert "https://example.org/" in hrefs
    assert not [href for href in hrefs if href.startswith("javascript")]
    assert markdown("no heading")[0] == ""


@pytest.mark.parametrize(
    "text",
    [
        "title = ",
        "colour = 'red'",
        "title = 3",
        "edit = 'javascript:alert(1)'",
        "report = 'forge.example'",
    ],
)
def test_a_wrong_setting_is_one_sentence(home: Home, text: str) -> None:
    (home.path / "site" / "site.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"site\.toml"):
        Site(Publication(home)).render("index.html")
