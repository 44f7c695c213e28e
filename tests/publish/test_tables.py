"""Flat tables: a column for each property, a row for each thing, and nothing a spreadsheet runs."""

import csv
import io
from pathlib import Path

import pytest
from support.commands import cjph
from support.saved import HOME

import cjph_graph
from cjph_graph.errors import UsageError
from cjph_graph.home import Home
from cjph_graph.home.schema import read_schema
from cjph_graph.publish import export_table, export_tables, read_tables
from cjph_graph.publish.csv_files import write_csv
from cjph_graph.publish.index import Index
from cjph_graph.publish.tables import Table, find_table, link_tables, make_tables
from cjph_graph.rdf.reading import read_bytes

_SHAPES = b"""
@prefix e: <http://e/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shapes: <https://w3id.org/cjph/shapes#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
e:BoatShape a sh:NodeShape ; sh:targetClass e:Boat ; sh:closed true ; sh:name "boat"@en ;
  shapes:namespace "http://e/boats/" ; sh:property e:name , e:homePort , e:builtIn , e:trip .
e:TripShape a sh:NodeShape ; sh:targetClass e:Trip ; sh:closed true ; sh:name "trip"@en ;
  sh:property e:length , e:owner .
e:name sh:path skos:prefLabel ; sh:name "name"@en ; sh:datatype rdf:langString ;
  sh:uniqueLang true ; sh:minCount 1 ; sh:description "What it is called."@en .
e:homePort sh:path e:port ; sh:name "home port"@en ; sh:class e:Port .
e:builtIn sh:path e:built ; sh:name "year"@en ; sh:datatype xsd:gYear ; sh:maxCount 1 .
e:trip sh:path e:trip ; sh:name "trip"@en ; sh:class e:Trip .
e:length sh:path e:length ; sh:name "length"@en ; sh:datatype xsd:decimal ; sh:maxCount 1 .
e:owner sh:path [ sh:inversePath e:trip ] ; sh:name "owner"@en ; sh:class e:Boat .
"""
_DATA = b"""
@prefix e: <http://e/> .
@prefix boat: <http://e/boats/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
boat:otter a e:Boat ; skos:prefLabel "Otter; the \\"first\\""@en , "Loutre"@fr ;
  e:port e:exeter , e:bath ; e:built "1799"^^xsd:gYear ;
  e:trip <http://e/boats/otter#trip-10> , <http://e/boats/otter#trip-2> .
boat:eel a e:Boat ; skos:prefLabel "=1+1"@en .
e:bath skos:prefLabel "Bath"@en .
e:exeter skos:prefLabel "Exeter"@en .
<http://e/boats/otter#trip-10> a e:Trip ; e:length 1.50 .
<http://e/boats/otter#trip-2> a e:Trip ; e:length -2.0 .
"""


def _tables() -> tuple[Table, ...]:
    things = Index(read_bytes(_DATA, "data").triples)
    return make_tables(things, read_schema(read_bytes(_SHAPES, "shapes").triples))


def _read(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_a_table_has_a_row_for_each_thing() -> None:
    boats, _ = _tables()
    assert (boats.name, [row["id"] for row in boats]) == ("boats", ["eel", "otter"])
    _, otter = boats
    assert otter == {
        "id": "otter",
        "name": 'Otter; the "first"',
        "home_port": "bath; exeter",
        "home_port_label": "Bath; Exeter",
        "built_in": "1799",
        "trip": "otter#trip-2; otter#trip-10",
        "iri": "http://e/boats/otter",
    }


def test_parts_have_a_table_of_their_own_with_what_they_belong_to() -> None:
    _, trips = _tables()
    assert trips.name == "trips"
    assert [(row["id"], row["of"], row["of_label"], row["length"]) for row in trips] == [
        ("otter#trip-2", "otter", 'Otter; the "first"', "-2.0"),
        ("otter#trip-10", "otter", 'Otter; the "first"', "1.50"),
    ]


def test_columns_say_what_they_hold() -> None:
    boats, trips = _tables()
    held = {column.name: (column.holds, column.several) for column in boats.columns}
    assert held == {
        "id": ("id", False),
        "name": ("text", False),
        "home_port": ("id", True),
        "home_port_label": ("label", True),
        "built_in": ("year", False),
        "trip": ("id", True),
        "iri": ("address", False),
    }
    assert {c.name: c.holds for c in trips.columns}["length"] == "number"
    assert boats.columns[1].definition == "What it is called."
    assert (boats.filled(1), boats.filled(2)) == (2, 1)


def test_csv_is_read_back_and_no_cell_is_run() -> None:
    boats, trips = _tables()
    assert [row["name"] for row in _read(write_csv(boats))] == ["'=1+1", 'Otter; the "first"']
    assert [row["length"] for row in _read(write_csv(trips))] == ["-2.0", "1.50"]
    assert write_csv(boats, bom=True) == b"\xef\xbb\xbf" + write_csv(boats)


def test_several_values_have_a_row_each_in_long_form() -> None:
    boats, _ = _tables()
    found = {table.name: table.rows for table in link_tables(boats)}
    assert found["boats_home_port"] == (("otter", "bath", "Bath"), ("otter", "exeter", "Exeter"))
    assert found["boats_trip"] == (("otter", "otter#trip-2", ""), ("otter", "otter#trip-10", ""))


def test_a_table_is_found_by_the_names_people_use() -> None:
    tables = _tables()
    assert {find_table(tables, name).name for name in ("boats", "boat", "Boat")} == {"boats"}
    with pytest.raises(UsageError, match=r"no table 'bots'\.\nDid you mean boats\?"):
        find_table(tables, "bots")
    with pytest.raises(UsageError, match="There are: boats, trips"):
        find_table(tables, "zzzzzz")


def test_the_shipped_tables_have_all_things_and_distinct_columns() -> None:
    tables = read_tables(HOME)
    assert len(tables) > 15
    for table in tables:
        names = [column.name for column in table.columns]
        assert len(names) == len(set(names)), table.name
        assert all(len(row) == len(names) for row in table.rows), table.name
        assert len({row[-1] for row in table.rows}) == len(table.rows), table.name
        if "in_scheme" not in names:  # two vocabularies may have a value of one name
            assert len({row[0] for row in table.rows}) == len(table.rows), table.name
        required = [number for number, column in enumerate(table.columns) if column.required]
        assert all(table.filled(number) == len(table.rows) for number in required), table.name
    counted = cjph_graph.answer("SELECT ?c (COUNT(*) AS ?n) { ?s a ?c } GROUP BY ?c", home=HOME)
    counts = {
        row["c"]: int(str(row["n"]))  # type: ignore[union-attr, index]
        for row in counted  # type: ignore[union-attr]
    }
    for table in tables:
        assert counts[table.kind.iri] == len(table.rows), table.name


def test_the_library_gives_rows() -> None:
    findings = cjph_graph.table("findings")
    star = [row for row in findings if row["of"] == "star-denver"]
    assert [(row["value"], row["unit"]) for row in star] == [("34", "percent"), ("", "")]


def test_all_tables_are_written_into_a_folder(shipped: Home, tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    done = cjph(shipped, "export", "--format", "csv", "--output", str(folder))
    assert done.returncode == 0, done.stderr
    files = export_tables(shipped)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == files
    assert done.stdout == f"{len(files)} files are in {folder}.\n"
    dictionary = _read(files["dictionary.csv"])
    for name, data in files.items():
        if name != "dictionary.csv":
            columns = [row["column"] for row in dictionary if f"{row['table']}.csv" == name]
            assert columns == list(_read(data)[0])
    long = export_tables(shipped, long=True)
    assert "interventions_issue.csv" in long
    assert files.items() <= long.items()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--format", "csv"), "Name one with --kind, such as --kind findings, or a folder"),
        (("--format", "csv", "--kind", "finding", "--long"), "leave --kind out"),
        (("--format", "csv", "cahoots-eugene"), "give --kind alone"),
        (("--kind", "findings", "--bom"), "add --format csv"),
        (("--format", "csv", "--kind", "fnding"), "Did you mean findings?"),
        (("--format", "csv", "--output", "/dev/null"), "Name a new folder"),
    ],
)
def test_wrong_usage_is_one_sentence(shipped: Home, arguments: tuple[str, ...], said: str) -> None:
    done = cjph(shipped, "export", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_one_table_goes_to_standard_output(shipped: Home) -> None:
    done = cjph(shipped, "export", "--format", "csv", "--kind", "workgroups")
    assert done.stdout.encode().replace(b"\n", b"\r\n") == export_table(shipped, "workgroups")
