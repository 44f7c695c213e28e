"""The changes of a release, compared with the one before."""

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest
from support.pages import read_page
from support.saved import HOME

from cjph_graph.errors import CjphError, InputError
from cjph_graph.home import Home
from cjph_graph.publish.dataset.rdf_files import canonical_ntriples
from cjph_graph.publish.publication import Publication
from cjph_graph.publish.site import Site

_PLACE = """
<https://w3id.org/cjph/places/{slug}> a <https://w3id.org/cjph/ontology#Place> ;
    <http://www.w3.org/2004/02/skos/core#prefLabel> "{name}"@en .
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    folder = tmp_path / "home"
    shutil.copytree(HOME.ontology.parent, folder / "ontology")
    (folder / "data").mkdir()
    return Home(folder)


def _say(home: Home, **places: str) -> None:
    text = "".join(_PLACE.format(slug=slug, name=name) for slug, name in places.items())
    (home.data / "places.ttl").write_text(text, encoding="utf-8")


def _release(home: Home, folder: Path, version: str, previous: Path | None = None) -> Path:
    """Write what the next release compares itself with, and what its changes are."""
    publication = Publication(home, version, "https://us.example/", previous=previous)
    folder = folder / version
    (folder / "data").mkdir(parents=True)
    name = folder / "data" / f"{publication.about.name}.nt"
    name.write_bytes(b"".join(canonical_ntriples(publication.things)))
    site = Site(publication)
    for path in ("changes.json", "changes.html", "changes.atom"):
        (folder / path).write_bytes(site.render(path) or b"")
    return folder


def test_changes_are_told_by_thing(home: Home, tmp_path: Path) -> None:
    _say(home, a="Alba", b="Bath", c="Cove")
    first = _release(home, tmp_path, "1")
    assert "No earlier release was given" in (first / "changes.html").read_text()
    _say(home, a="Alba", b="Bath Spa", d="Dale")
    second = _release(home, tmp_path, "2", first)
    text = (second / "changes.html").read_text()
    assert "1 added, 1 changed, 1 removed" in text
    for name in ("Bath Spa", "Cove", "Dale"):
        assert name in text
    assert "Alba" not in text
    assert "<h3>Places</h3>" in text
    said = json.loads((second / "changes.json").read_text())
    assert [release["version"] for release in said["releases"]] == ["2", "1"]


def test_the_feed_has_every_release(home: Home, tmp_path: Path) -> None:
    _say(home, a="Alba")
    first = _release(home, tmp_path, "1")
    second = _release(home, tmp_path, "2", first)
    third = _release(home, tmp_path, "3", second)
    feed = ElementTree.fromstring((third / "changes.atom").read_bytes())  # noqa: S314
    links = [link.get("href", "") for link in feed.iterfind("{*}entry/{*}link")]
    anchors = read_page((third / "changes.html").read_bytes()).anchors
    assert [link.partition("#")[2] for link in links] == ["version-3", "version-2", "version-1"]
    assert {link.partition("#")[2] for link in links} <= anchors


def test_a_folder_that_is_no_release_is_named(home: Home, tmp_path: Path) -> None:
    _say(home, a="Alba")
    with pytest.raises(CjphError):
        Site(Publication(home, "2", previous=tmp_path)).render("changes.html")
    first = _release(home, tmp_path, "1")
    (first / "changes.json").write_text('{"releases": [1]}')
    with pytest.raises(InputError, match="not a list of releases"):
        Site(Publication(home, "2", previous=first)).render("changes.html")
