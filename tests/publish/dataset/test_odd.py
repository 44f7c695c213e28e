"""Odd data, published: nothing is lost in any format, and every description holds."""

import csv
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse
from support.odd import odd
from support.readers import program

from cjph_graph.home import Home
from cjph_graph.publish import Publication, all_files, read_index, write_release
from cjph_graph.publish.jsonld import Documents, write_schema
from cjph_graph.validation import ValidationOptions, validate


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return odd(tmp_path_factory.mktemp("odd"))


@pytest.fixture(scope="module")
def release(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    publication = Publication(home)
    folder = tmp_path_factory.mktemp("out")
    return write_release(folder, "1", all_files(publication), publication.ledger).folder


def _canonical(quads: Any) -> set[str]:
    dataset = Dataset(Quad(*quad.triple) for quad in quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad.triple) for quad in dataset}


def _rows(path: Path) -> dict[str, dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return {row["iri"]: row for row in csv.DictReader(file)}


@pytest.mark.slow
def test_the_shapes_have_nothing_against_it(home: Home) -> None:
    assert [str(each) for each in validate(ValidationOptions(home=home)).findings] == []


@pytest.mark.parametrize("ending", ["ttl", "nt", "jsonld", "expanded.jsonld"])
def test_every_form_is_the_graph(home: Home, release: Path, ending: str) -> None:
    files = sorted(home.data.rglob("*.ttl"))
    wanted = _canonical(q for path in files for q in parse(path.read_bytes(), RdfFormat.TURTLE))
    form = {"ttl": RdfFormat.TURTLE, "nt": RdfFormat.N_TRIPLES}.get(ending, RdfFormat.JSON_LD)
    assert _canonical(parse((release / f"data/boats.{ending}").read_bytes(), form)) == wanted


def test_the_files_of_things_stay_in_the_folder_of_their_kind(release: Path) -> None:
    names = {path.name for path in (release / "boats").glob("*.html")}
    assert names >= {"foreign.html", "long.html", "turned.html", "x.html.html"}
    assert not [n for n in names if set(n) & set("%\\é") or n.startswith(".")]
    assert not list(release.rglob("passwd*"))
    assert not list(release.rglob("etc*"))


def test_a_table_has_one_language_and_every_digit(release: Path) -> None:
    boats = _rows(release / "data/tables/boats.csv")
    assert boats["http://e/boats/foreign"]["name"] == "Otter"
    assert boats["http://e/boats/turned"]["name"] == "abc"
    assert boats["http://e/boats/éclair"]["launched"] == "2001-05-06+02:00"
    (trip,) = (
        row for iri, row in _rows(release / "data/tables/trips.csv").items() if "long" in iri
    )
    assert trip["length"] == "1234567890123456789012345678901234567890.0123456789"
    assert trip["crew"] == "99999999999999999999999"


def test_the_page_of_a_thing_without_an_english_name_has_another(release: Path) -> None:
    page = (release / "boats/foreign.html").read_text(encoding="utf-8")
    assert "<h1>" in page
    assert "Otter" in page


@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize("name", ["boats", "trip", "ports", "all"])
def test_what_conforms_to_the_shapes_passes_the_schema(home: Home, name: str, plain: bool) -> None:
    index = read_index(home)
    documents = Documents(home, index)
    frame = documents.frame(name)
    validator = Draft202012Validator(json.loads(write_schema(frame, index.kinds, plain=plain)))
    whole = json.loads(b"".join(documents.framed(frame, plain=plain)))
    for thing in whole if plain else whole["@graph"]:
        validator.validate(thing)


def test_json_has_truth_values_and_whole_numbers(home: Home) -> None:
    documents = Documents(home, read_index(home))
    assert json.loads(documents.json(documents.index.find("long")))["fast"] is True
    text = documents.json(documents.index.find("http://e/boats/long#trip-1")).decode()
    assert '"length": 1234567890123456789012345678901234567890.0123456789' in text
    assert '"crew": 99999999999999999999999' in text


@pytest.mark.slow
@pytest.mark.readers
@pytest.mark.parametrize(
    "command",
    [
        ("frictionless", "validate", "data/tables/datapackage.json"),
        ("csvwvalidate", "-v", "data/tables/csv-metadata.json"),
        ("mlcroissant", "validate", "--jsonld", "croissant.json"),
    ],
)
def test_readers_take_the_tables(release: Path, command: tuple[str, ...]) -> None:
    done = subprocess.run(
        [program(command[0]), *command[1:]],
        cwd=release,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
