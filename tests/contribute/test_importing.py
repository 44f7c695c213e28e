"""A spreadsheet into a home: what goes in, the findings on cells, and what stays as it was."""

import io
from pathlib import Path

import openpyxl
import pytest
from support.commands import cjph

from cjph_graph.contribute import HomeContents, Outcome, import_tables, marked_copy
from cjph_graph.errors import UsageError
from cjph_graph.home.location import Home
from cjph_graph.publish import read_tables
from cjph_graph.publish.csv_files import write_csv
from cjph_graph.publish.dataset.workbook import write_workbook
from cjph_graph.rdf.format import format_turtle
from cjph_graph.system import write_all
from cjph_graph.validation import ValidationOptions, validate

_HEADER = (
    "name,description,issue,setting,replaces,approach,place,start date,evidence_kind,source,"
    "finding_description,finding_kind,finding_measure,finding_comparator,finding_value,"
    "finding_unit,finding_evidence_kind,finding_source"
)
_ROW = (
    "Street Outreach Team,“Violence interrupters” – café staff too – step in.,Community violence,"
    "community,none,case management; Street outreach and interruption,Oakland,March 2021,"
    "Descriptive figures,what-is-cahoots,Fewer people were shot.,outcome,people shot,the year"
    " before,12.5,percent,descriptive,what-is-cahoots"
)
_PLAIN = "{},A team that steps in.,violence,community,none,harm-reduction,Oakland,2021,none,{}"


def _write(folder: Path, text: str, name: str = "ours.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def _plain(names: list[str], source: str = "what-is-cahoots") -> str:
    header = ",".join(_HEADER.split(",")[:10])
    return "\n".join([header, *(_PLAIN.format(name, source) for name in names)])


def _found(outcome: Outcome) -> list[tuple[str, str]]:
    return [(finding.place.cell, finding.label) for finding in outcome.findings]


def _tree(home: Home) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in home.data.rglob("*.ttl")}


def test_a_row_becomes_formatted_linked_turtle(shipped: Home, tmp_path: Path) -> None:
    outcome = import_tables(shipped, "intervention", [_write(tmp_path, f"{_HEADER}\n{_ROW}\n")])
    assert (outcome.findings, list(outcome.files)) == (
        (),
        [shipped.data / "interventions" / "street-outreach-team.ttl"],
    )
    (data,) = outcome.files.values()
    text = data.decode()
    assert data == format_turtle(data) or text.index("skos:prefLabel") < text.index("cjph:issue")
    for line in (
        "    cjph:approach approach:case-management , approach:street-outreach-and-interruption ;",
        '    cjph:startDate "2021-03"^^xsd:gYearMonth ;',
        "    cjph:finding :finding-1 ;",
        "    cjph:value 12.5 ;",
    ):
        assert line in text
    write_all(outcome.files)
    assert validate(ValidationOptions(list(outcome.files), shipped)).conforms


@pytest.mark.slow
def test_one_sheet_in_many_forms_is_the_same_turtle(shipped: Home, tmp_path: Path) -> None:
    text = f"{_HEADER}\n{_ROW}\n"
    semicolons = "\n".join(
        ";".join(f'"{cell}"' for cell in line.split(",")) for line in text.splitlines()
    ).replace("12.5", "12,5")
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for line in text.splitlines():
        page.append(line.split(","))
    page["O2"] = 0.125
    page["O2"].number_format = "0.0%"
    stream = io.BytesIO()
    book.save(stream)
    (tmp_path / "e.xlsx").write_bytes(stream.getvalue())
    paths = [
        _write(tmp_path, text, "a.csv", "utf-8-sig"),
        _write(tmp_path, text, "b.csv", "utf-16"),
        _write(tmp_path, text, "c.csv", "cp1252"),
        _write(tmp_path, semicolons, "d.csv"),
        tmp_path / "e.xlsx",
        _write(tmp_path, text.replace(",", "\t"), "f.tsv"),
    ]
    outcomes = [import_tables(shipped, "intervention", [path]) for path in paths]
    assert [outcome.findings for outcome in outcomes] == [()] * len(paths)
    assert len({tuple(outcome.files.values()) for outcome in outcomes}) == 1


def test_all_that_is_wrong_is_said_at_once_with_its_cell(shipped: Home, tmp_path: Path) -> None:
    text = (
        "Interventions we know of,,\n\n"
        "name,issue,place,start,lead,evidence kind\n"
        ",violence,Oakland,2021,,\n"
        "First Team,violense,Springfield,03/04/2021,City of Nowhere At All,rct\n"
    )
    outcome = import_tables(shipped, "intervention", [_write(tmp_path, text)])
    found = _found(outcome)
    assert found[0] == ("A4", "name")
    for cell in (("B5", "issue"), ("C5", "place"), ("D5", "start"), ("E5", "lead")):
        assert cell in found
    for label in ("description", "setting", "approach", "replaced response", "source"):
        assert ("A5", label) in found  # columns that are not there
    assert len(found) == len(set(found))
    assert outcome.errors


def test_validation_speaks_of_cells_too(shipped: Home, tmp_path: Path) -> None:
    text = f"{_HEADER}\n{_ROW}\n".replace(",percent,", ",,")
    outcome = import_tables(shipped, "intervention", [_write(tmp_path, text)])
    assert [(f.place.cell, f.severity) for f in outcome.findings] == [("K2", "error")]
    assert "The value has no unit." in outcome.findings[0].message


@pytest.mark.slow
def test_one_bad_row_of_fifty_leaves_the_tree_untouched(shipped: Home, tmp_path: Path) -> None:
    names = [f"Outreach in Ward {number}" for number in range(1, 51)]
    text = _plain(names).replace("Ward 30,A team that steps in.,violence", "Ward 30,,violense")
    path = _write(tmp_path, text)
    before = _tree(shipped)
    done = cjph(shipped, "new", "intervention", "--from", str(path))
    assert done.returncode == 1
    assert "C31  error  issue “violense”" in done.stdout
    assert "nothing was written" in done.stderr
    assert _tree(shipped) == before
    done = cjph(shipped, "new", "intervention", "--from", str(path), "--partial")
    assert (done.returncode, "1 row left out" in done.stderr) == (1, True)
    assert len(_tree(shipped)) == len(before) + 49


def test_new_things_may_stand_in_the_same_row(shipped: Home, tmp_path: Path) -> None:
    text = (
        ",".join(_HEADER.split(",")[:9])
        + ",source_name,source_publisher_name,source_url,source_kind,source_primary,lead_name,"
        "lead_organisation_kind,lead_source\n"
        + _PLAIN.format("Team A", "A study of Team A")
        + ",A Journal,https://example.org/a,peer-reviewed,yes,Team A Trust,nonprofit,A study of"
        " Team A\n" + _PLAIN.format("Team B", "") + ",,https://example.org/a,,,team-a-trust,,\n"
    )
    outcome = import_tables(shipped, "intervention", [_write(tmp_path, text)])
    assert [f.message for f in outcome.findings if f.severity == "error"] == []
    names = {path.relative_to(shipped.data).as_posix() for path in outcome.files}
    assert names == {
        *("interventions/team-a.ttl", "interventions/team-b.ttl", "sources.ttl"),
        "organisations/team-a-trust.ttl",
    }
    team_b = outcome.files[shipped.data / "interventions" / "team-b.ttl"].decode()
    assert "cjph:lead organisation:team-a-trust ;" in team_b
    assert "dcterms:source source:a-study-of-team-a" in team_b
    write_all(outcome.files)
    report = validate(ValidationOptions((), shipped))
    assert not report.count("error")


def test_an_address_in_place_of_a_source_is_that_of_the_one_described_beside_it(
    shipped: Home, tmp_path: Path
) -> None:
    beside = ["source_name", "source_publisher_name", "source_kind", "source_primary"]
    header, row = _plain(["Night Line"], "{}").split("\n")
    text = f"{header},{','.join(beside)}\n{row},Night Line,The county,government,yes\n"
    alone = f"{header}\n{row.format('https://county.example/night')}\n"
    (finding,) = import_tables(shipped, "intervention", [_write(tmp_path, alone)]).findings
    assert f"in this row in {', '.join(beside)}." in finding.advice
    without = text.format("county.example/night")
    (finding,) = import_tables(shipped, "intervention", [_write(tmp_path, without)]).findings
    assert (finding.place.cell, finding.suggestion) == ("J2", "https://county.example/night")
    right = text.format("https://county.example/night")
    outcome = import_tables(shipped, "intervention", [_write(tmp_path, right)])
    assert not outcome.findings
    sources = outcome.files[shipped.data / "sources.ttl"].decode()
    assert "cjph:url <https://county.example/night>" in sources


def test_a_place_with_its_state_is_the_one_described_beside_it(
    shipped: Home, tmp_path: Path
) -> None:
    header, row = _plain(["Night Line"]).split("\n")
    row = row.replace("Oakland", '"Lane County, OR"')
    text = f"{header},place_name,place_kind\n{row},Lane County,county\n"
    outcome = import_tables(shipped, "intervention", [_write(tmp_path, text)])
    assert not outcome.findings
    file = shipped.data / "interventions" / "night-line.ttl"
    assert "cjph:place place:lane-county ;" in outcome.files[file].decode()


def test_a_misspelt_column_is_read_as_the_one_it_is_meant_for(
    shipped: Home, tmp_path: Path
) -> None:
    text = _plain(["Night Line"]).replace("setting", "setings").replace("community", "street")
    found = import_tables(shipped, "intervention", [_write(tmp_path, text)]).findings
    assert [(each.place.cell, each.message) for each in found] == [
        ("D1", "There is no column “setings”."),
        ("D2", "No value of the vocabulary setting is called “street”."),
    ]


def test_a_column_may_have_the_words_that_people_use(shipped: Home, tmp_path: Path) -> None:
    header, row = _plain(["Night Line"]).split("\n")
    header = header.replace("name,description", "title,summary").replace("start date", "since")
    text = f"{header},organization\n{row},Multnomah County\n"
    (finding,) = import_tables(shipped, "intervention", [_write(tmp_path, text)]).findings
    assert finding.message == "No organisation is called “Multnomah County”."
    twice = f"{header},name\n{row},Day Line\n"
    (first, *_) = import_tables(shipped, "intervention", [_write(tmp_path, twice)]).findings
    assert (first.place.cell, first.message) == (
        "A1",
        "There is no column “title”: what stands below it is left out.",
    )


def test_a_text_in_place_of_a_finding_names_its_columns(shipped: Home, tmp_path: Path) -> None:
    header, row = _plain(["Night Line"]).split("\n")
    text = f"{header},finding\n{row},It fell by 30 %.\n"
    (finding,) = import_tables(shipped, "intervention", [_write(tmp_path, text)]).findings
    assert finding.advice.startswith("A finding has columns of its own: finding_description, ")


def test_sheets_of_their_own(shipped: Home, tmp_path: Path) -> None:
    main = _write(tmp_path, _plain(["Team A"], "A study"), "interventions.csv")
    sources = _write(
        tmp_path,
        "name,publisher_name,url,source_kind,primary\n"
        "A study,A Journal,https://example.org/a,news,no\n",
        "sources.csv",
    )
    findings = _write(
        tmp_path,
        "of,description,finding_kind,measure,evidence_kind,source\n"
        "Team A,Fewer people were shot.,output,people shot,descriptive,A study\n"
        "team-a,More people came.,output,people,descriptive,A study\n"
        "Team Z,More people came.,output,people,descriptive,A study\n",
        "findings.csv",
    )
    outcome = import_tables(shipped, "intervention", [main, sources, findings])
    assert [(f.place.sheet.name, f.place.cell) for f in outcome.findings if f.label == "of"] == [
        ("findings", "A4")
    ]
    text = outcome.files[shipped.data / "interventions" / "team-a.ttl"].decode()
    assert "cjph:finding :finding-1 , :finding-2 ;" in text


@pytest.mark.slow
def test_what_is_there_changes_only_when_asked(shipped: Home, tmp_path: Path) -> None:
    path = _write(tmp_path, "id,end date,homepage\ncahoots-eugene,April 2025,\n")
    file = shipped.data / "interventions" / "cahoots-eugene.ttl"
    file.write_bytes(b"# Kept.\n" + file.read_bytes())
    done = cjph(shipped, "new", "intervention", "--from", str(path))
    assert (done.returncode, "B2  error  end “April 2025”" in done.stdout) == (1, True)
    done = cjph(shipped, "new", "intervention", "--from", str(path), "--update")
    assert done.returncode == 0, done.stdout
    assert "(Crisis Assistance Helping Out On The Streets): end: 2025 → 2025-04" in done.stdout
    text = file.read_text(encoding="utf-8")
    assert 'cjph:endDate "2025-04"^^xsd:gYearMonth ;' in text
    assert text.startswith("# Kept.\n")


@pytest.mark.slow
def test_what_is_exported_and_imported_again_changes_nothing(whole: Home, tmp_path: Path) -> None:
    before = _tree(whole)
    for table in read_tables(whole):
        if table.name in ("interventions", "policies", "sources", "findings", "roles"):
            (tmp_path / f"{table.name}.csv").write_bytes(write_csv(table, bom=True))
            kind = table.kind.name
            outcome = import_tables(whole, kind, [tmp_path / f"{table.name}.csv"], update=True)
            assert (outcome.findings, outcome.files, outcome.rows) == ((), {}, len(table.rows))
    assert _tree(whole) == before


@pytest.mark.slow
def test_the_workbook_that_is_published_changes_nothing_either(whole: Home, tmp_path: Path) -> None:
    tables = read_tables(whole)
    (tmp_path / "all.xlsx").write_bytes(write_workbook(tables, created="2026-11-26"))
    outcome = import_tables(whole, "intervention", [tmp_path / "all.xlsx"], update=True)
    assert outcome.files == {}
    assert {f.message for f in outcome.findings if "was not read" not in f.message} == set()
    assert outcome.rows > sum(len(t.rows) for t in tables if "#" not in t.rows[0][0]) / 2


def test_what_has_no_file_of_its_own_is_refused(shipped: Home, tmp_path: Path) -> None:
    path = _write(tmp_path, "name\nSomething\n")
    with pytest.raises(UsageError, match="can't be added by a spreadsheet"):
        import_tables(shipped, "value of a vocabulary", [path])


@pytest.mark.slow
def test_a_marked_copy_has_the_findings_on_its_cells(shipped: Home, tmp_path: Path) -> None:
    path = _write(tmp_path, _plain(["Team A"]).replace(",violence,", ",violense,"))
    marked = tmp_path / "marked.xlsx"
    cjph(shipped, "new", "intervention", "--from", str(path), "--marked", str(marked))
    book = openpyxl.load_workbook(marked)
    comment = book["ours"]["C2"].comment
    assert comment is not None
    assert comment.text.startswith("issue: No value of the vocabulary issue is called “violense”.")
    assert book["ours"]["C2"].fill.start_color.rgb == "FFFFC7CE"
    # Mended and marked again, what was right loses its mark.
    book["ours"]["C2"] = "violence"
    book["ours"]["D2"] = "comunity"
    book.save(marked)
    again = tmp_path / "again.xlsx"
    cjph(shipped, "new", "intervention", "--from", str(marked), "--marked", str(again))
    page = openpyxl.load_workbook(again)["ours"]
    assert (page["C2"].comment, page["D2"].comment is None) == (None, False)


def test_what_a_row_is_about_is_asked_where_it_is_open(shipped: Home, tmp_path: Path) -> None:
    rows = "springfield mo,Springfield,city\n,Springfield,city\n,,city\n"
    path = _write(tmp_path, f"id,name,place_kind\n{rows}")
    found = import_tables(shipped, "place", [path]).findings
    said = {(f.place.cell, f.message, f.advice) for f in found}
    assert said >= {
        (
            "A2",
            "This is no short name: small letters, digits and single hyphens.",
            "Write springfield-mo.",
        ),
        (
            "B3",
            "“Springfield” is the name of several.",
            "Say which in a column id: springfield-or or springfield-ma.",
        ),
        ("B4", "This row has no name.", "Write what the place is called."),
    }


def test_a_column_may_hold_texts_in_another_language(shipped: Home, tmp_path: Path) -> None:
    path = _write(tmp_path, "name,name@es,place_kind,within\nAshwood,Fresneda,city,oregon\n")
    outcome = import_tables(shipped, "place", [path])
    assert outcome.errors == 0, outcome.findings
    (data,) = outcome.files.values()
    assert '"Ashwood"@en' in data.decode()
    assert '"Fresneda"@es' in data.decode()


def test_rows_of_two_tables_of_one_name_are_told_apart(shipped: Home, tmp_path: Path) -> None:
    header, right, wrong = "name,place_kind,within\n", "Ashwood,city,oregon\n", "Elk,citty,oregon\n"
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    tables = [_write(tmp_path / "a", header + right), _write(tmp_path / "b", header + wrong)]
    found = [table.rename(table.with_name("places.csv")) for table in tables]
    outcome = import_tables(shipped, "place", found, partial=True)
    assert (outcome.new, outcome.left_out) == (("place:ashwood",), 1)


def test_a_new_name_is_not_compared_with_all_others(
    shipped: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _write(tmp_path, "name,place_kind,within\nAshwood,city,oregon\n")
    monkeypatch.setattr(HomeContents, "near", lambda *_: pytest.fail("it was"))
    assert import_tables(shipped, "place", [path]).new == ("place:ashwood",)


@pytest.mark.slow
def test_a_marked_copy_can_be_made_of_any_table(shipped: Home, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in (["name", "place_kind", "within"], ["Ashwood", "citty", "oregon"], [None, "city"]):
        page.append(row)
    page.merge_cells("A2:A3")
    book.save(tmp_path / "joined.xlsx")
    text = "name,place_kind,within\nAshwood,citty,oregon\n"
    # A browser counts its downloads so, and some programs call a table of text .xlsx.
    odd = [_write(tmp_path, text, name) for name in ("ours[1].csv", "text.xlsx")]
    (tmp_path / "more").mkdir()
    for given, marks in (
        ([tmp_path / "joined.xlsx"], ["A2", "B2"]),
        (odd[:1], ["B2"]),
        (odd[1:], ["B2"]),
        ([odd[1], _write(tmp_path / "more", text, "text.xlsx")], ["B2", "A1"]),
    ):
        outcome = import_tables(shipped, "place", given)
        marked = openpyxl.load_workbook(io.BytesIO(marked_copy(outcome.sheets, outcome.findings)))
        cells = (cell for page in marked for row in page.iter_rows() for cell in row)
        assert [cell.coordinate for cell in cells if cell.comment] == marks, given


def test_a_column_that_is_misspelt_is_an_error_and_one_of_ones_own_is_not(
    shipped: Home, tmp_path: Path
) -> None:
    text = _plain(["Team A"]).replace("description,", "descripton,").replace("name,", "name,", 1)
    lines = text.splitlines()
    header = lines[0].replace("evidence_kind", "evidence")
    path = _write(tmp_path, f"{header},remember,#ours\n{lines[1]},call them,x\n")
    outcome = import_tables(shipped, "intervention", [path])
    columns = [f for f in outcome.findings if f.label == "columns"]
    assert [(f.place.cell, f.severity, f.suggestion) for f in columns] == [
        ("B1", "error", "description"),
        ("I1", "error", "evidence_kind"),
        ("K1", "warning", ""),
    ]


def test_the_same_name_twice_adds_findings_and_says_where_they_differ(
    shipped: Home, tmp_path: Path
) -> None:
    second = _ROW.replace("Fewer people were shot.", "More people came to the team.")
    second = second.replace("March 2021", "2020")
    outcome = import_tables(
        shipped, "intervention", [_write(tmp_path, f"{_HEADER}\n{_ROW}\n{second}\n")]
    )
    assert [(f.place.cell, f.message) for f in outcome.findings] == [
        ("H3", "H2 says 2021-03 for the same thing.")
    ]
    (data,) = outcome.files.values()
    assert b":finding-1 , :finding-2" in data


@pytest.mark.parametrize("text", ["", "\n\n", "a,b\n1,2\n", "name\n"])
def test_a_table_without_anything_to_read_is_no_crash(
    shipped: Home, tmp_path: Path, text: str
) -> None:
    done = cjph(shipped, "new", "intervention", "--from", str(_write(tmp_path, text)))
    assert "Traceback" not in done.stderr
    assert "went wrong" not in done.stderr
