"""What has changed since a release, told by thing and by label."""

import json
import shutil
from pathlib import Path

import pytest
from support.boats import boats

from cjph_graph.errors import InputError, UsageError
from cjph_graph.home import Home
from cjph_graph.publish import Publication, all_files, write_release
from cjph_graph.publish.dataset.release_changes import find_changes, write_json, write_markdown


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("released")
    publication = Publication(boats(folder))
    write_release(folder / "out", "1.2", all_files(publication, pages=False), publication.ledger)
    return folder


@pytest.fixture
def home(released: Path, tmp_path: Path) -> Home:
    return Home(Path(shutil.copytree(released, tmp_path / "home", symlinks=True)))


def _edit(home: Home, before: str, after: str) -> None:
    path = home.data / "boats.ttl"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def _changes(home: Home) -> dict[str, object]:
    now = Publication(home)
    found = find_changes(home.path / "out/latest", now.things, now.kinds)
    said = json.loads(write_json(found))
    assert said.pop("since") == "1.2"
    return said  # type: ignore[no-any-return]


def test_nothing_has_changed(home: Home) -> None:
    assert _changes(home) == {}


def test_a_value_of_a_part_is_told_at_its_thing(home: Home) -> None:
    _edit(home, "e:length 1.50", "e:length 1.75")
    assert _changes(home) == {
        "changed": [
            {
                "id": "http://e/boats/otter",
                "label": 'Otter; the "first"',
                "kind": "boat",
                "properties": [
                    {
                        "part": "trip-10",
                        "property": "length",
                        "before": ["1.50"],
                        "after": ["1.75"],
                    }
                ],
            }
        ]
    }


def test_what_is_new_and_what_is_gone_have_labels_and_kinds(home: Home) -> None:
    _edit(
        home,
        'boat:ray a e:Boat ; skos:prefLabel "Ray"@en',
        'boat:tern a e:Boat ; skos:prefLabel "Tern"@en',
    )
    assert _changes(home) == {
        "added": [{"id": "http://e/boats/tern", "label": "Tern", "kind": "boat"}],
        "removed": [{"id": "http://e/boats/ray", "label": "Ray", "kind": "boat"}],
    }


def test_links_are_told_by_the_names_of_what_they_lead_to(home: Home) -> None:
    _edit(home, "e:port port:exeter , port:bath", "e:port port:exeter")
    now = Publication(home)
    text = write_markdown(find_changes(home.path / "out/1.2", now.things, now.kinds)).decode()
    assert text == (
        "# Changes since 1.2\n\n## Changed: 1\n\n"
        '- [Otter; the "first"](http://e/boats/otter) (boat)\n'
        "  - home port: Bath; Somerset → nothing\n"
    )


def test_blank_nodes_that_say_the_same_are_the_same(home: Home) -> None:
    _edit(home, "boat:eel a", "boat:eel e:mast [ e:height 3 ] , [ e:height 4 ] . boat:eel a")
    publication = Publication(home)
    write_release(home.path / "out", "1.3", all_files(publication, pages=False), publication.ledger)
    _edit(home, "[ e:height 3 ] , [ e:height 4 ]", "[ e:height 4 ] , [ e:height 3 ]")
    now = Publication(home)
    assert find_changes(home.path / "out/1.3", now.things, now.kinds).things == ()
    _edit(home, "[ e:height 3 ]", "[ e:height 5 ]")
    now = Publication(home)
    (eel,) = find_changes(home.path / "out/1.3", now.things, now.kinds).things
    assert (eel.iri, eel.how) == ("http://e/boats/eel", "changed")


def test_a_release_tells_what_changed_if_it_knows_the_one_before(home: Home) -> None:
    _edit(home, "e:fast true", "e:fast false")
    publication = Publication(home, version="1.3", previous=home.path / "out/1.2")
    write_release(home.path / "out", "1.3", all_files(publication, pages=False), publication.ledger)
    text = (home.path / "out/latest/data/changes.md").read_text(encoding="utf-8")
    assert "fast: true → false" in text
    assert not (home.path / "out/1.2/data/changes.md").exists()


def test_a_folder_without_a_release_is_named(home: Home) -> None:
    now = Publication(home)
    with pytest.raises(UsageError, match="holds no release"):
        find_changes(home.path, now.things, now.kinds)
    path = home.path / "out/1.2/data/boats.nt"
    for text, message in (("b\na\n", "canonical"), ("a b c .\n", "not N-Triples")):
        path.write_text(text)
        with pytest.raises(InputError, match=message):
            find_changes(home.path / "out/1.2", now.things, now.kinds)
