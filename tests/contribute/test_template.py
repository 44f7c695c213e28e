"""A spreadsheet to fill in."""

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from support.commands import cjph

from cjph_graph.contribute import HomeContents, csv_template, import_tables, xlsx_template
from cjph_graph.home.location import Home


def test_a_table_has_names_hints_and_an_example(contents: HomeContents) -> None:
    names, hints, example = csv.reader(
        io.StringIO(csv_template(contents, "policy").decode("utf-8-sig"))
    )
    assert names[0] == "name"
    assert {"finding_measure", "source_url", "policy_change_date", "place"} <= set(names)
    assert len(names) == len(set(names)) == len(hints) == len(example)
    assert hints[0].startswith("# Needed. The name")
    assert hints[names.index("policy_level")].startswith("Needed.")
    assert example[0].startswith("# For example: ")


def test_a_workbook_has_lists_notes_and_the_same_bytes_each_time(contents: HomeContents) -> None:
    data = xlsx_template(contents, "intervention")
    assert data == xlsx_template(contents, "intervention")
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert {"interventions", "findings", "sources", "places", "organisations"} <= {
        page.title for page in book
    }
    page = book["interventions"]
    assert (page.freeze_panes, book["lists"].sheet_state) == ("B3", "hidden")
    names = [cell.value for cell in page[1]]
    styles = {
        names[page[str(rule.sqref).partition(":")[0]].column - 1]: rule.errorStyle or "stop"
        for rule in page.data_validations.dataValidation
    }
    assert styles["evidence_kind"] == "stop"  # one value of a vocabulary
    assert styles["approach"] == "warning"  # several may stand there
    assert styles["place"] == "information"  # it may be new
    assert all(cell.comment for cell in page[1])


@pytest.mark.parametrize("kind", ["intervention", "source", "place", "convening"])
def test_a_template_that_is_not_filled_in_adds_nothing(
    kind: str, shipped: Home, tmp_path: Path
) -> None:
    contents = HomeContents(shipped)
    (tmp_path / "t.xlsx").write_bytes(xlsx_template(contents, kind))
    (tmp_path / "t.csv").write_bytes(csv_template(contents, kind))
    for name in ("t.xlsx", "t.csv"):
        outcome = import_tables(shipped, kind, [tmp_path / name])
        assert (outcome.findings, outcome.files, outcome.rows) == ((), {}, 0)


@pytest.mark.slow
def test_a_filled_in_workbook_goes_in(shipped: Home, tmp_path: Path) -> None:
    path = tmp_path / "ours.xlsx"
    assert cjph(shipped, "new", "intervention", "--template", str(path)).returncode == 0
    book = openpyxl.load_workbook(path)
    for sheet, values in {
        "interventions": {
            "name": "Team A",
            "description": "Two nurses answer calls for help.",
            "issue": "Community violence",
            "setting": "Community",
            "replaces": "none",
            "approach": "Call diversion; Case management and wraparound",
            "place": "Toledo",
            "start_date": 2021,
            "evidence_kind": "none",
            "source": "A study",
        },
        "places": {"name": "Toledo", "place_kind": "City", "within": "Ohio"},
        "sources": {
            "name": "A study",
            "publisher_name": "A Journal",
            "url": "https://example.org/a",
            "source_kind": "news",
            "primary": "no",
        },
    }.items():
        names = [cell.value for cell in book[sheet][1]]
        for name, value in values.items():
            book[sheet].cell(4, names.index(name) + 1, value)
    book.save(path)
    done = cjph(shipped, "new", "intervention", "--from", str(path))
    assert done.returncode == 0, done.stdout
    assert len(done.stdout.splitlines()) == 3
    assert cjph(shipped, "validate").returncode == 0
    again = cjph(shipped, "new", "intervention", "--template", str(path))
    assert (again.returncode, "left as it is" in again.stderr) == (2, True)
