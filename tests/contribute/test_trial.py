"""A trial: things that the graph knew are taken out, and come back from a spreadsheet of a person.

The spreadsheet has the mistakes people make. They are corrected by what the messages say and by
nothing else, in three rounds at most; then the graph says what it said before.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import openpyxl
import pytest
from pyoxigraph import Triple

from cjph_graph.contribute import Outcome, import_tables
from cjph_graph.contribute.drafts import CellFinding
from cjph_graph.home.location import Home
from cjph_graph.publish import read_tables
from cjph_graph.rdf import read_turtle
from cjph_graph.rdf.format.edit import edit_turtle
from cjph_graph.system import write_all
from cjph_graph.validation import ValidationOptions, validate

_INTERVENTIONS = (
    *("cahoots-eugene", "pad-atlanta", "becoming-a-man", "circles-of-peace"),
    *("healing-hurt-people", "lead-seattle"),
)
_POLICIES = ("988-act-2020", "oregon-measure-110", "nyc-right-to-counsel")
_SOURCES = ("what-is-cahoots", "policing-alternatives-and-diversion-now-available-citywide")
# What people write in place of what stands there: sheet, thing, column, text.
_MISTAKES = (
    ("interventions", "cahoots-eugene", "setting", "Crisis line or response in the feild"),
    ("interventions", "cahoots-eugene", "place", "Eugene; Springfield"),
    ("interventions", "cahoots-eugene", "start_date", "since 1989"),
    ("interventions", "pad-atlanta", "issue", "substance abuse"),
    ("interventions", "pad-atlanta", "description", ""),
    ("interventions", "becoming-a-man", "approach", "behavioural skills groups"),
    ("interventions", "circles-of-peace", "evidence_kind", "RCTs"),
    ("interventions", "lead-seattle", "lead", "public defender association (Seattle)"),
    ("policies", "oregon-measure-110", "effective", "2/1/2021"),
    ("policies", "oregon-measure-110", "policy_level", "statewide"),
    ("policies", "nyc-right-to-counsel", "status_as_of", "March 2025"),
    ("sources", "what-is-cahoots", "url", "whitebirdclinic.org/tag/cahoots/"),
    ("sources", _SOURCES[1], "primary", "maybe"),
    ("findings", "cahoots-eugene#finding-1", "value", "about 150"),
    ("findings", "988-act-2020#finding-1", "unit", "contact"),
)
_ROUNDS = 3
# By sheet and id, the cells by column.
_Truth = Mapping[str, Mapping[str, Mapping[str, str]]]


def _triples(home: Home) -> set[Triple]:
    return {t for path in home.data.rglob("*.ttl") for t in read_turtle(path).sound().triples}


def _rows(home: Home) -> dict[str, dict[str, dict[str, str]]]:
    """Return what a person would have to know: by sheet and id, the cells by column."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for table in read_tables(home):
        if table.name in ("interventions", "policies", "findings", "policy_changes", "sources"):
            found[table.name] = {row["id"]: row for row in table if _is_taken(row["id"])}
    return found


def _is_taken(name: str) -> bool:
    return name.partition("#")[0] in (*_INTERVENTIONS, *_POLICIES, *_SOURCES)


def _take_out(home: Home) -> None:
    for folder, names in (("interventions", _INTERVENTIONS), ("policies", _POLICIES)):
        for name in names:
            (home.data / folder / f"{name}.ttl").unlink()
    path = home.data / "sources.ttl"
    gone: Mapping[str, Mapping[str, list[bytes]]] = {
        f"https://w3id.org/cjph/sources/{name}": {
            triple.predicate.value: []
            for triple in read_turtle(path).triples
            if str(triple.subject) == f"<https://w3id.org/cjph/sources/{name}>"
        }
        for name in _SOURCES
    }
    for iri in gone:
        text = path.read_text(encoding="utf-8")
        short = iri.rpartition("/")[2]
        path.write_text(re.sub(rf"(?m)^source:{short}\n(?:    .*\n)+\n?", "", text), "utf-8")
    assert edit_turtle(path.read_bytes(), {}, b"", {}, lambda _: {})


def _written(rows: _Truth, path: Path) -> None:
    """Write the workbook: things by their names, links by their labels, as people know them."""
    book = openpyxl.Workbook()
    for old in book.worksheets:
        book.remove(old)
    for sheet, things in rows.items():
        page = book.create_sheet(sheet)
        first = next(iter(things.values()))
        columns = [c for c in first if not c.endswith("_label") and c not in ("iri", "finding")]
        columns = [c for c in columns if c != "policy_change"]
        page.append(columns)
        for row in things.values():
            page.append([row.get(f"{c}_label") or row[c] if c != "of" else row[c] for c in columns])
    mistakes = {(sheet, name, column): text for sheet, name, column, text in _MISTAKES}
    for (sheet, name, column), text in mistakes.items():
        _cell(book, sheet, name, column).value = text
    book.save(path)


def _cell(book: openpyxl.Workbook, sheet: str, name: str, column: str):  # type: ignore[no-untyped-def]
    page = book[sheet]
    names = [cell.value for cell in page[1]]
    row = next(r for r in range(2, page.max_row + 1) if page.cell(r, 1).value == name)
    return page.cell(row, names.index(column) + 1)


def _correct(path: Path, outcome: Outcome, truth: _Truth) -> None:
    """Correct each cell with an error as its message says."""
    book = openpyxl.load_workbook(path)
    for finding in outcome.findings:
        if finding.severity != "error":
            continue
        page = book[finding.place.sheet.name]
        column = str(page.cell(1, finding.place.column + 1).value)
        name = str(page.cell(finding.place.row, 1).value)
        right = truth[finding.place.sheet.name][name][column]
        assert _leads_to(finding, right), (finding, right)
        page[finding.place.cell].value = right
    book.save(path)


def _leads_to(finding: CellFinding, right: str) -> bool:
    """Say whether a message leads a person who knows the facts to what is right."""
    said = " ".join((finding.message, finding.suggestion, finding.advice))
    parts = [part.strip() for part in right.split(";")]
    if any(part and part in said for part in parts):
        return True
    asks = ("Add a", "is not a number", "is neither yes nor no", "`cjph list ", "as exact")
    return any(words in said for words in asks)


@pytest.mark.slow
def test_what_was_taken_out_comes_back_in_three_corrections(whole: Home, tmp_path: Path) -> None:
    before = _triples(whole)
    truth = _rows(whole)
    _take_out(whole)
    taken = _triples(whole)
    assert len(before) - len(taken) > 200
    path = tmp_path / "ours.xlsx"
    _written(truth, path)
    for round_ in range(_ROUNDS + 1):
        outcome = import_tables(whole, "intervention", [path])
        if not outcome.errors:
            break
        if round_ == 0:  # nearly all is said at once
            cells = {(f.place.sheet.name, f.place.cell) for f in outcome.findings}
            assert len(cells) >= len(_MISTAKES)
        assert _triples(whole) == taken
        _correct(path, outcome, truth)
    assert outcome.errors == 0, list(_messages(outcome))
    write_all(outcome.files)
    assert _triples(whole) == before
    report = validate(ValidationOptions(list(outcome.files), whole))
    assert report.count("error") == 0


def _messages(outcome: Outcome) -> Iterator[str]:
    for finding in outcome.findings:
        if finding.severity == "error":
            yield f"{finding.place.sheet.name} {finding.place.cell}: {finding.message}"
