"""The files of a dataset: what each holds, that they agree, and that they stay the same."""

import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    RdfFormat,
    parse,
    serialize,
)
from support.boats import boats

from cjph_graph.errors import RefusedError
from cjph_graph.home import Home
from cjph_graph.publish import Publication, all_files, write_release
from cjph_graph.publish.release_folder import CHECKSUMS


def _released(home: Home, folder: Path) -> dict[str, bytes]:
    publication = Publication(home, reports={"report.md": b"Nothing to mend.\n"})
    done = write_release(
        folder, publication.about.version, all_files(publication, pages=False), publication.ledger
    )
    return {
        path.relative_to(done.folder).as_posix(): path.read_bytes()
        for path in sorted(done.folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("boats")
    return _released(boats(folder), folder / "out")


def test_there_is_a_file_in_every_format(files: dict[str, bytes]) -> None:
    endings = ("ttl", "nt", "nq", "xlsx", "zip", "rdfc10.sha256")
    assert {f"data/boats.{ending}" for ending in endings} < files.keys()
    tables = {"boats", "trips", "ports", "dictionary"}
    assert {f"data/tables/{table}.csv" for table in tables} < files.keys()
    assert {"README.md", "LICENSE.txt", "CITATION.cff", "validation/report.md"} < files.keys()
    assert {"dcat.ttl", "void.ttl", "schema.jsonld", "croissant.json"} < files.keys()
    assert {
        "ontology/ontology.ttl",
        "ontology/ontology.nt",
        "ontology/ontology.jsonld",
    } < files.keys()


def test_every_checksum_is_that_of_its_file(files: dict[str, bytes]) -> None:
    lines = files[CHECKSUMS].decode().splitlines()
    found = {path: hashlib.sha256(data).hexdigest() for path, data in files.items()}
    del found[CHECKSUMS]
    assert {line[66:]: line[:64] for line in lines} == found


def test_a_statement_about_a_statement_is_refused(tmp_path: Path) -> None:
    home = boats(tmp_path)
    said = "<http://e/x> <http://e/says> <<( <http://e/a> <http://e/p> <http://e/b> )>> .\n"
    (home.data / "said.ttl").write_text(said)
    with pytest.raises(RefusedError, match=r"one of <http://e/a>, which\b.*\n.*an IRI of its own"):
        _released(home, tmp_path / "out")
    assert [*(tmp_path / "out").iterdir()] == []


def test_a_second_folder_has_the_same_bytes(files: dict[str, bytes], tmp_path: Path) -> None:
    assert _released(boats(tmp_path), tmp_path / "elsewhere") == files


def test_temporary_files_stand_in_the_release_and_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cjph_graph.publish.dataset import files as module

    seen: list[Path] = []

    def watched(*_: object, folder: Path, **__: object) -> bytes:
        seen.append(folder)
        return b"book"

    monkeypatch.setattr(module, "write_workbook", watched)
    files = _released(boats(tmp_path), tmp_path / "out")
    assert [folder.parent for folder in seen] == [tmp_path / "out"]
    assert seen[0].name.endswith(".part")
    assert files["data/boats.xlsx"] == b"book"
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"1.2", "latest"}


def test_a_home_without_a_description_is_published_as_well(tmp_path: Path) -> None:
    files = _released(boats(tmp_path, described=False), tmp_path / "out")
    assert (tmp_path / "out/current/data/dataset.ttl").is_file()
    assert "dcat.ttl" not in files
    assert "data/tables/boats.csv" in files
    texts = {p: d for p, d in files.items() if not p.endswith(("zip", "xlsx", ".js", ".css"))}
    assert b"None" not in b"".join(texts.values())
    assert "names no licence" in files["LICENSE.txt"].decode()


def test_nothing_of_this_project_is_in_what_others_publish(files: dict[str, bytes]) -> None:
    # Stylesheet and scripts come with the program.
    others = ("ontology/", "data/boats.", "assets/")
    texts = {path: data for path, data in files.items() if not path.startswith(others)}
    assert [path for path, data in texts.items() if b"cjph" in data.lower()] == []


def test_every_rdf_file_says_the_same(files: dict[str, bytes]) -> None:
    forms = {"ttl": RdfFormat.TURTLE, "nt": RdfFormat.N_TRIPLES}
    graphs = {
        ending: {q.triple for q in parse(files[f"data/boats.{ending}"], form)}
        for ending, form in forms.items()
    }
    quads = list(parse(files["data/boats.nq"], RdfFormat.N_QUADS))
    name = NamedNode("http://e/sets/boats")
    assert graphs["ttl"] == graphs["nt"] == {q.triple for q in quads if q.graph_name == name}
    others = {q.triple for q in quads if q.graph_name != name}
    assert others == {q.triple for q in parse(files["ontology/ontology.ttl"], RdfFormat.TURTLE)}


def test_the_lines_of_the_canonical_form_are_sorted_and_hashed(files: dict[str, bytes]) -> None:
    data = files["data/boats.nt"]
    dataset = Dataset(parse(files["data/boats.ttl"], RdfFormat.TURTLE))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    lines = sorted(serialize([q], format=RdfFormat.N_QUADS) or b"" for q in dataset)
    assert data == b"".join(lines)
    said = files["data/boats.rdfc10.sha256"].decode()
    assert said == f"{hashlib.sha256(data).hexdigest()}  boats.nt\n"


def test_the_zip_holds_the_folder_of_tables(files: dict[str, bytes]) -> None:
    archive = zipfile.ZipFile(io.BytesIO(files["data/boats.zip"]))
    held = {info.filename: archive.read(info) for info in archive.infolist()}
    folder = "data/tables/"
    assert held == {p.removeprefix(folder): d for p, d in files.items() if p.startswith(folder)}
    assert {"datapackage.json", "README.md", "dictionary.csv", "LICENSE.txt"} < held.keys()


def test_the_package_describes_each_table_by_hash_and_type(files: dict[str, bytes]) -> None:
    package = json.loads(files["data/tables/datapackage.json"])
    assert package["version"] == "1.2"
    assert package["licenses"][0]["name"] == "CC-BY-SA-4.0"
    resources = {each["name"]: each for each in package["resources"]}
    assert resources.keys() == {"boats", "trips", "ports", "dictionary"}
    for name, each in resources.items():
        data = files[f"data/tables/{name}.csv"]
        assert each["bytes"] == len(data)
        assert each["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
    types = {f["name"]: f["type"] for f in resources["boats"]["schema"]["fields"]}
    assert types["built_in"] == "year"
    assert types["fast"] == "boolean"
    assert types["launched"] == types["home_port"] == "string"
    trips = resources["trips"]["schema"]
    assert trips["foreignKeys"] == [
        {"fields": "of", "reference": {"resource": "boats", "fields": "id"}}
    ]
    assert resources["boats"]["schema"]["fields"][1]["rdfType"].endswith("#prefLabel")


def test_csvw_splits_what_is_several_and_names_properties(files: dict[str, bytes]) -> None:
    metadata = json.loads(files["data/tables/csv-metadata.json"])
    tables = {table["url"]: table["tableSchema"]["columns"] for table in metadata["tables"]}
    columns = {column["name"]: column for column in tables["boats.csv"]}
    assert columns["home_port"]["separator"] == "; "
    assert columns["built_in"]["datatype"] == "gYear"
    assert columns["built_in"]["propertyUrl"] == "http://e/built"
    assert columns["home_port_label"]["suppressOutput"] is True


def test_dcat_lists_every_file_with_its_size_and_checksum(files: dict[str, bytes]) -> None:
    said = {q.triple for q in parse(files["dcat.ttl"], RdfFormat.TURTLE)}
    assert said == {q.triple for q in parse(files["dcat.jsonld"], RdfFormat.JSON_LD)}
    dcat = "http://www.w3.org/ns/dcat#"
    urls = {t.object.value for t in said if t.predicate.value == f"{dcat}downloadURL"}
    base = "https://boats.example.org/"
    assert f"{base}data/boats.ttl" in urls
    assert f"{base}data/tables/boats.csv" in urls
    for url in urls:
        data = files[url.removeprefix(base)]
        sizes = [
            t.object.value
            for t in said
            if t.subject.value == f"{url}#distribution" and t.predicate.value.endswith("byteSize")
        ]
        assert sizes == [str(len(data))]
        assert hashlib.sha256(data).hexdigest() in {t.object.value for t in said}


def test_void_counts_what_is_there(files: dict[str, bytes]) -> None:
    said = {
        (q.subject, q.predicate.value.rpartition("#")[2], q.object)
        for q in parse(files["void.ttl"], RdfFormat.TURTLE)
    }
    whole = {n: o.value for s, n, o in said if s == NamedNode("http://e/sets/boats")}
    assert whole["triples"] == str(len(files["data/boats.nt"].splitlines()))
    parts = {o: s for s, n, o in said if n == "class"}
    counts = {s: o.value for s, n, o in said if n == "entities"}
    assert counts[parts[NamedNode("http://e/Boat")]] == "3"


def test_search_engines_find_what_is_measured_and_how_to_cite(files: dict[str, bytes]) -> None:
    said = json.loads(files["schema.jsonld"])
    assert said["@context"] == "https://schema.org/"
    assert "citation" not in said
    assert said["creditText"].startswith("Boat club (2025). Boats & more, version 1.2")
    assert {d["contentUrl"] for d in said["distribution"]} > {
        "https://boats.example.org/data/boats.xlsx"
    }


def test_croissant_has_the_hash_of_each_file(files: dict[str, bytes]) -> None:
    said = json.loads(files["croissant.json"])
    for each in said["distribution"]:
        data = files[each["contentUrl"]]
        assert each["sha256"] == hashlib.sha256(data).hexdigest()
    fields = {field["@id"] for record in said["recordSet"] for field in record["field"]}
    assert {"boats/home_port", "trips/length"} < fields


def test_the_readme_leads_to_what_is_there(files: dict[str, bytes]) -> None:
    text = files["README.md"].decode()
    assert text.startswith("# Boats & more\n\nVersion 1.2 · 2025-03-01 · [Creative Commons")
    assert "All boats of the coast." in text
    for line in text.splitlines():
        if line.startswith("| ["):
            path = line.partition("](")[2].partition(")")[0]
            assert path in files or any(p.startswith(f"{path}/") for p in files)


def test_citations_name_the_makers_and_put_sources_first(files: dict[str, bytes]) -> None:
    sentence = "Boat club (2025). Boats & more, version 1.2 [data set]. https://boats.example.org/"
    advice, _, ready = files["citation.txt"].decode().partition("\n\n")
    assert "cite first the original source" in advice
    assert ready == f"{sentence}\n"
    bibtex = files["citation.bib"].decode()
    assert "author = {{Boat club}}" in bibtex
    assert r"title = {Boats \& more}" in bibtex
    ris = files["citation.ris"].decode().splitlines()
    assert ris[:4] == ["TY  - DATA", "TI  - Boats & more", "AU  - Boat club,", "PY  - 2025"]
    assert ris[-1] == "ER  - "
    datacite = json.loads(files["datacite.json"])
    assert datacite["types"]["resourceTypeGeneral"] == "Dataset"
    assert datacite["publicationYear"] == "2025"
    assert datacite["rightsList"][0]["rightsIdentifier"] == "CC-BY-SA-4.0"
    lines = files["CITATION.cff"].decode().splitlines()
    plain = dict(line.split(": ", 1) for line in lines if not line.startswith(" ") and ": " in line)
    assert json.loads(plain["title"]) == "Boats & more"
    assert json.loads(plain["date-released"]) == "2025-03-01"
