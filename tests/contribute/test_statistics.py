"""Tables as statistics offices publish them, into observations: every figure, and no other."""

import csv
import io
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pyoxigraph import NamedNode
from support.commands import cjph

from cjph_graph.contribute import HomeContents, import_tables
from cjph_graph.contribute.statistics import (
    TableImport,
    guess_mapping,
    import_table,
    importing,
    parse_mapping,
    read_mapping,
)
from cjph_graph.errors import InputError
from cjph_graph.home.location import Home
from cjph_graph.rdf import read_bytes
from cjph_graph.rdf.format import format_turtle
from cjph_graph.system import write_all

_TABLES, _MAPPINGS = Path(__file__).parent / "tables", Path(__file__).parent / "mappings"
_SHARED = next(
    (
        folder
        for parent in Path(__file__).resolve().parents
        if (folder := parent / "shared" / "tables").is_dir()
    ),
    None,
)
_CJPH = "https://w3id.org/cjph/"
_ALL: dict[str, str] = {
    "cjph:indicator": "prison-population",
    "qb:dataSet": "cjph-observations",
    "cjph:group": "total",
    "cjph:sex": "all",
    "cjph:unit": "people",
    "cjph:qualifier": "exact",
    "dcterms:source": "bjs-prisoners-2019",
}
_PRISONERS: dict[str, Any] = {
    "dialect": {"skipRows": 3, "headerRowCount": 2},
    "cjph:endsBefore": "Note:",
    "cjph:footnotes": "/[a-z](,[a-z])*$",
    "cjph:markers": {":": "not-calculated", "/": "not-reported", "~": "not-applicable"},
    "tableSchema": {
        "columns": [
            {
                "cjph:at": "A B",
                "propertyUrl": "cjph:place",
                "cjph:values": {"U.S. total": "united-states", "Federal": None, "State": None},
            },
            {
                "cjph:titlesMatch": r"(?P<period>\d{4}) (?P<sex>Total|Male)",
                "propertyUrl": "cjph:value",
                "cjph:values": {"Total": "all"},
            },
            {"cjph:titlesMatch": "Percent change.*", "suppressOutput": True},
        ]
    },
}


def _mapping(given: dict[str, Any], **constants: str) -> str:
    """Return a mapping with what holds for all figures; without those named as empty."""
    said = {**_ALL, **{key.replace("__", ":"): value for key, value in constants.items()}}
    virtual = [
        {"virtual": True, "propertyUrl": key, "default": value}
        for key, value in said.items()
        if value
    ]
    columns = [*given["tableSchema"]["columns"], *virtual]
    return json.dumps({**given, "tableSchema": {"columns": columns}})


def _read(home: Home, table: Path, text: str, *, update: bool = False) -> TableImport:
    return import_table(home, "observation", table, parse_mapping(text, "mapping"), update=update)


def _observations(figures: TableImport, home: Home) -> dict[tuple[str, ...], str]:
    """Return value or status by place, group, sex and period, of what is new."""
    old = {file.path for file in HomeContents(home).files}
    assert old
    before = {s for file in HomeContents(home).files for s in file.subjects}
    found: dict[tuple[str, ...], str] = {}
    for data in figures.files.values():
        about: dict[NamedNode, dict[str, str]] = {}
        for triple in read_bytes(data, "new").sound().triples:
            if triple.subject not in before and isinstance(triple.subject, NamedNode):
                name = triple.predicate.value.rpartition("#")[2].rpartition("/")[2]
                about.setdefault(triple.subject, {})[name] = triple.object.value.rpartition("/")[2]  # type: ignore[union-attr]
        for said in about.values():
            if "indicator" in said:
                key = (said["indicator"], said["place"], said["group"], said["sex"])
                found[(*key, said["periodStart"])] = said.get("value") or said["observationStatus"]
    return found


def test_header_rows_spacers_footnotes_and_markers(shipped: Home) -> None:
    figures = _read(shipped, _TABLES / "prisoners.csv", _mapping(_PRISONERS, cjph__sex=""))
    assert figures.findings == []
    short = {(p, s, y): v for (_, p, _, s, y), v in _observations(figures, shipped).items()}
    assert short == {
        ("united-states", "all", "2018"): "1464385",
        ("united-states", "male", "2018"): "1353595",
        ("united-states", "all", "2019"): "1430805",
        ("united-states", "male", "2019"): "1322850",
        ("alabama", "all", "2018"): "26841",
        ("alabama", "male", "2018"): "24439",
        ("alabama", "all", "2019"): "28304",
        ("alabama", "male", "2019"): "not-reported",
        ("alaska", "all", "2018"): "4380",
        ("alaska", "male", "2018"): "not-calculated",
        ("alaska", "all", "2019"): "0",
        ("alaska", "male", "2019"): "4001",
        ("oregon", "all", "2018"): "15268",
        ("oregon", "male", "2018"): "not-applicable",
        ("oregon", "all", "2019"): "14961",
    }
    (data,) = figures.files.values()
    text = data.decode()
    assert text.count("a cjph:Observation") - figures.new == (
        shipped.data / "indicators" / "prison-population.ttl"
    ).read_text(encoding="utf-8").count("a cjph:Observation")
    block = text[text.index(":prison-population-alabama-male-2019\n") :]
    assert block == format_turtle(data).decode()[-len(block) :]  # in the one layout
    assert block.split(" .\n")[0].splitlines()[1:] == [
        "    a cjph:Observation ;",
        "    cjph:indicator indicator:prison-population ;",
        "    qb:dataSet dataset:cjph-observations ;",
        "    cjph:place place:alabama ;",
        "    cjph:group population-group:total ;",
        "    cjph:sex sex:male ;",
        '    cjph:periodStart "2019"^^xsd:gYear ;',
        '    cjph:periodEnd "2019"^^xsd:gYear ;',
        "    cjph:observationStatus observation-status:not-reported ;",
        "    cjph:unit unit:people ;",
        "    cjph:qualifier qualifier:exact ;",
        "    dcterms:source source:bjs-prisoners-2019",
    ]


def test_what_is_no_figure_and_no_marker_is_never_one(shipped: Home) -> None:
    bare = {k: v for k, v in _PRISONERS.items() if k not in ("cjph:markers", "cjph:footnotes")}
    figures = _read(shipped, _TABLES / "prisoners.csv", _mapping(bare, cjph__sex=""))
    messages = {(f.place.cell, f.message) for f in figures.findings}
    assert ("D10", "“:” is not a number.") in messages
    assert ("G9", "“/” is not a number.") in messages
    assert ("B10", "No place is called “Alaska/c,d”.") in messages
    assert figures.errors
    done = cjph(shipped, "new", "observation", "--from", str(_TABLES / "prisoners.csv"))
    assert done.returncode == 1  # without a mapping it is a spreadsheet of observations


def test_a_mark_that_is_glued_to_a_figure_is_not_taken_for_a_digit(shipped: Home) -> None:
    mapping = {
        "dialect": {"skipRows": 3, "headerRowCount": 1},
        "cjph:markers": {"*": "suppressed"},
        "cjph:footnotes": r"\^$",
        "tableSchema": {
            "columns": [
                {"titles": "FIPS", "propertyUrl": "cjph:place"},
                {"titles": "Year", "propertyUrl": "cjph:period"},
                {"titles": "Cases", "propertyUrl": "cjph:value"},
                *({"titles": name, "suppressOutput": True} for name in ("Indicator", "Rate")),
                {"titles": "Geography", "suppressOutput": True},
            ]
        },
    }
    text = _mapping(mapping, dcterms__source="cdc-atlasplus-hiv-2022")
    figures = _read(shipped, _TABLES / "rates.csv", text)
    assert figures.findings == []
    values = {key[1]: value for key, value in _observations(figures, shipped).items()}
    assert values == {"alabama": "14761", "wyoming": "suppressed"}


@pytest.mark.slow
def test_places_by_code_in_two_columns_and_new_ones_described(
    shipped: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    mapping = {
        "tableSchema": {
            "columns": [
                {
                    "cjph:at": "A C",
                    "cjph:join": True,
                    "propertyUrl": "cjph:place",
                    "cjph:add": {
                        "name": "{County} County, {State}",
                        "place_kind": "county",
                        "within": "{StateFIPS}",
                        "fips_code": "{}",
                    },
                },
                {"titles": "Year", "propertyUrl": "cjph:period"},
                {"titles": "Value", "propertyUrl": "cjph:value"},
                *(
                    {"titles": name, "suppressOutput": True}
                    for name in ("State", "County", "Data Comment")
                ),
            ]
        }
    }
    text = _mapping(mapping, cjph__indicator="988-answer-rate", cjph__unit="percent")
    figures = _read(shipped, _TABLES / "counties.csv", text)
    assert figures.findings == []
    places = figures.files[shipped.data / "places.ttl"].decode()
    assert 'cjph:fipsCode "01001"' in places
    assert "cjph:within place:alabama" in places
    values = {key[1]: value for key, value in _observations(figures, shipped).items()}
    assert values["autauga-county-alabama"] == "9.3"
    assert "7.80" in values.values()  # as it is printed
    # Places are described too where the rest of a long table is written as it is read.
    monkeypatch.setattr(importing, "MOST_CHECKED", 1)
    spooled = _read(shipped, _TABLES / "counties.csv", text)
    assert (spooled.findings, len(spooled.staged)) == ([], 1)
    assert spooled.files[shipped.data / "places.ttl"].decode() == places
    spooled.discard()


def test_the_year_may_stand_in_the_title_and_the_label_in_either_column(shipped: Home) -> None:
    mapping = {
        "cjph:markers": {"N": "not-available"},
        "tableSchema": {
            "columns": [
                {"cjph:at": "A B", "propertyUrl": "cjph:place", "cjph:values": {"West": None}},
                {"cjph:titlesMatch": r"total_(?P<period>\d{4})", "propertyUrl": "cjph:value"},
            ]
        },
    }
    figures = _read(shipped, _TABLES / "wide.csv", _mapping(mapping))
    assert {k[1:]: v for k, v in _observations(figures, shipped).items()} == {
        ("oregon", "total", "all", "2019"): "12",
        ("oregon", "total", "all", "2020"): "not-available",
    }


@pytest.mark.slow
def test_a_figure_that_is_there_changes_only_when_asked(shipped: Home) -> None:
    text = _mapping(_PRISONERS, cjph__sex="")
    first = _read(shipped, _TABLES / "prisoners.csv", text)
    write_all(first.files)
    again = _read(shipped, _TABLES / "prisoners.csv", text)
    assert (again.new, again.same, again.files) == (0, first.new, {})
    file = shipped.data / "indicators" / "prison-population.ttl"
    file.write_text(file.read_text(encoding="utf-8").replace("value 26841", "value 26840"))
    differing = _read(shipped, _TABLES / "prisoners.csv", text)
    assert [(f.place.cell, f.message) for f in differing.findings] == [
        ("C9", "The graph has 26840 for this, and the table 26841.")
    ]
    updated = _read(shipped, _TABLES / "prisoners.csv", text, update=True)
    assert updated.changed == ["prison-population-alabama-2018: 26840 → 26841\n"]
    write_all(updated.files)
    assert "cjph:value 26841" in file.read_text(encoding="utf-8")


def test_figures_about_the_same_are_told(shipped: Home) -> None:
    columns = [
        {"cjph:at": "A B", "propertyUrl": "cjph:place", "cjph:values": {"West": None}},
        {"cjph:at": "C", "propertyUrl": "cjph:value"},
        {"cjph:at": "D", "propertyUrl": "cjph:value"},
    ]
    mapping = {"tableSchema": {"columns": columns}, "cjph:markers": {"N": "not-available"}}
    figures = _read(shipped, _TABLES / "wide.csv", _mapping(mapping, cjph__period="2019"))
    assert "Column C is about the same place, time and group." in {
        f.message for f in figures.findings
    }


def test_what_the_mapping_leaves_open_is_asked_for_once(shipped: Home) -> None:
    text = _mapping(_PRISONERS, cjph__sex="", cjph__unit="", cjph__indicator="")
    figures = _read(shipped, _TABLES / "prisoners.csv", text)
    asked = [f.message for f in figures.findings if f.label == "2018 Total"]
    assert asked == [
        "The mapping does not say the indicator of these figures.",
        "The mapping does not say the unit of these figures.",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not JSON"),
        ("{}", "describes no columns"),
        ('{"tableSchema": {"columns": [{}]}}', "no propertyUrl"),
        ('{"tableSchema": {"columns": [{"propertyUrl": "cjph:value"}]}}', "which it is"),
        ('{"tableschema": {}}', "has no 'tableschema'"),
        ('{"tableSchema": {"columns": []}, "cjph:footnotes": "("}', "is not a pattern"),
        ('{"tableSchema": {"columns": []}, "dialect": {"skipRows": "3"}}', "whole number"),
        ('{"tableSchema": {"columns": []}, "cjph:markers": {"N": 0}}', "is not text"),
    ],
)
def test_a_mapping_that_is_none_is_refused(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        parse_mapping(text, "mapping.json")


def test_a_draft_says_what_it_could_not_tell_and_is_a_mapping(
    contents: HomeContents, shipped: Home
) -> None:
    text = guess_mapping(contents, "observation", _TABLES / "prisoners.csv")
    draft = json.loads(text)
    assert draft["dialect"] == {"skipRows": 3, "headerRowCount": 2}
    assert draft["cjph:endsBefore"] == "Note"
    assert draft["cjph:footnotes"] == "/[a-z]+(,[a-z])*$"
    assert draft["cjph:markers"][":"] == "not-calculated"
    place, total, male, *_ = draft["tableSchema"]["columns"]
    assert (place["cjph:at"], place["propertyUrl"]) == ("A B", "cjph:place")
    assert place["cjph:values"] == {"U.S. total": None, "Federal": None, "State": None}
    assert total["cjph:with"]["cjph:period"] == "2018"
    assert male["cjph:with"]["cjph:sex"] == "male"
    assert "The source." in draft["cjph:undecided"]
    figures = _read(shipped, _TABLES / "prisoners.csv", text)
    assert figures.errors  # until someone decides
    assert "mapping does not say the indicator" in " ".join(f.message for f in figures.findings)


@pytest.mark.slow
def test_the_command_writes_and_says_what_it_did(shipped: Home, tmp_path: Path) -> None:
    mapping = tmp_path / "m.json"
    mapping.write_text(_mapping(_PRISONERS, cjph__sex=""), encoding="utf-8")
    table = str(_TABLES / "prisoners.csv")
    done = cjph(shipped, "new", "observation", "--from", table, "--mapping", str(mapping))
    assert (done.returncode, done.stdout) == (0, "data/indicators/prison-population.ttl\n")
    assert done.stderr == "15 new, 0 changed, 0 there already; 0 errors.\n"
    assert cjph(shipped, "validate").returncode == 0
    guess = cjph(shipped, "new", "observation", "--from", table, "--guess")
    assert json.loads(guess.stdout)["url"] == "prisoners.csv"


@pytest.mark.slow
def test_a_long_table_is_written_as_it_is_read(shipped: Home, tmp_path: Path) -> None:
    places = [entry.slug for entry in HomeContents(shipped).entries(f"{_CJPH}ontology#Place")][:100]
    with (tmp_path / "long.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["year", *places])
        months = [f"{1800 + n // 12}-{n % 12 + 1:02}" for n in range(200)]
        out.writerows([each, *(at * 7 + n for n in range(100))] for at, each in enumerate(months))
    columns = [{"titles": "year", "propertyUrl": "cjph:period"}]
    columns += [
        {"titles": p, "propertyUrl": "cjph:value", "cjph:with": {"cjph:place": p}}  # type: ignore[dict-item]
        for p in places
    ]
    (tmp_path / "m.json").write_text(_mapping({"tableSchema": {"columns": columns}}))
    before = (shipped.data / "indicators" / "prison-population.ttl").read_bytes()
    size = ("--max-size", "100MB")
    arguments = ("new", "observation", *size, "--from", str(tmp_path / "long.csv"))
    done = cjph(shipped, *arguments, "--mapping", str(tmp_path / "m.json"))
    assert done.returncode == 0, done.stdout
    assert "20000 new" in done.stderr
    assert "the first 4000 were checked" in done.stderr
    folder = shipped.data / "indicators"
    data = (folder / "prison-population.ttl").read_bytes()
    assert data.startswith(before)
    assert not list(folder.glob(".*"))
    assert data.count(b"a cjph:Observation") == before.count(b"a cjph:Observation") + 20000
    assert format_turtle(data)[-2000:] == data[-2000:]
    # A mistake at the end leaves all as it was.
    with (tmp_path / "long.csv").open("a", encoding="utf-8") as file:
        file.write("1900,twelve\n")
    done = cjph(shipped, *arguments, "--mapping", str(tmp_path / "m.json"))
    assert (done.returncode, "“twelve” is not a number" in done.stdout) == (1, True)
    assert (folder / "prison-population.ttl").read_bytes() == data
    assert not list(folder.glob(".*"))


def _raw(path: Path) -> dict[str, str]:
    """Return the cells of a table as another reader reads them, by their names."""
    if path.suffix == ".csv":
        text = path.read_bytes()
        rows = list(csv.reader(io.StringIO(_text(text), newline="")))
    elif path.suffix == ".xlsx":
        page = openpyxl.load_workbook(path).worksheets[0]
        rows = [["" if v is None else str(v) for v in row] for row in page.values]
    else:
        calamine = pytest.importorskip("python_calamine")
        book = calamine.CalamineWorkbook.from_path(str(path))
        sheet = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
        rows = [[format(v, ".15g") if isinstance(v, float) else str(v) for v in r] for r in sheet]
    return {
        f"{openpyxl.utils.get_column_letter(at)}{number}": cell.strip()
        for number, row in enumerate(rows, 1)
        for at, cell in enumerate(row, 1)
    }


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")


@pytest.mark.slow
@pytest.mark.skipif(_SHARED is None, reason="the tables are not here")
def test_the_tables_of_the_offices_go_in_with_every_figure_right(whole: Home) -> None:
    assert _SHARED is not None
    for name in ("indicator", "place"):
        outcome = import_tables(whole, name, [_MAPPINGS / f"{name}s.csv"])
        assert not outcome.errors, outcome.findings
        write_all(outcome.files)
    for path in sorted(_MAPPINGS.glob("*.json")):
        table = next(each for each in _SHARED.iterdir() if each.stem == path.stem)
        mapping = read_mapping(path)
        figures = import_table(whole, "observation", table, mapping, update=True)
        assert [f for f in figures.findings if f.severity == "error"] == [], path.stem
        assert figures.new + figures.same + len(figures.changed) > 0
        assert ("Formats are lost" in figures.warning) == (table.suffix == ".xls")
        write_all(figures.files)
        _compare(whole, table, figures)


def _compare(home: Home, table: Path, figures: TableImport) -> None:
    """Compare what went in with the table as another reader reads it."""
    raw = _raw(table)
    texts = "".join(data.decode() for data in figures.files.values())
    if "suffrage" in table.name:  # its rows are counted
        with table.open(encoding="utf-8-sig", newline="") as file:
            sessions = Counter(row["session"] for row in csv.DictReader(file))
        values = re.findall(
            r"^    cjph:periodStart \"(\d+)\".*\n.*\n    cjph:value (\d+) ;", texts, re.M
        )
        assert dict(values) == {year: str(count) for year, count in sessions.items()}
        return
    for iri, place in figures.places.items():
        cell = raw[place.cell]
        block = texts[texts.index(f"\n:{iri.partition('#')[2]}\n") :].partition(" .\n")[0]
        if any(sign.isdigit() for sign in cell):
            assert f"cjph:value {cell.replace(',', '')} ;" in block, (table.name, place.cell, iri)
        else:
            assert "cjph:observationStatus" in block, (table.name, place.cell, iri)
