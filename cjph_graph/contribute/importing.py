"""A spreadsheet into a home: read, turned into Turtle, checked as a whole, and only then written.

    outcome = import_tables(home, "intervention", [Path("ours.xlsx")])
    if not outcome.errors:
        write_all(outcome.files)

Everything that is wrong is found at once, each thing with its cell.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cjph_graph.contribute.columns import SheetLayout, find_layout, folded_name
from cjph_graph.contribute.draft_files import ValueChange, files_with
from cjph_graph.contribute.drafting import Drafter
from cjph_graph.contribute.drafts import CellFinding, Draft, RowKey, SheetCell
from cjph_graph.contribute.forms import Form, joined_column
from cjph_graph.contribute.home_contents import HomeContents
from cjph_graph.contribute.sheets import Sheet, read_sheets
from cjph_graph.contribute.values import listing
from cjph_graph.errors import InputError, UsageError
from cjph_graph.home import Home
from cjph_graph.rdf import last_part, read_bytes
from cjph_graph.system import shown
from cjph_graph.validation import Finding, ValidationOptions, validate

_OWN_HINT = "There is no "


@dataclass(frozen=True)
class Outcome:
    """What came of a spreadsheet.

    `findings` are in the order of sheets, rows and columns. `files` are the files to write, by
    path, and `changes` what they change in things that were there already. `rows` counts the rows
    that were read, `left_out` those that were passed over because something is wrong with them.
    """

    findings: tuple[CellFinding, ...]
    files: dict[Path, bytes]
    changes: tuple[ValueChange, ...]
    new: tuple[str, ...]
    rows: int
    sheets: tuple[Sheet, ...]
    left_out: int = 0
    warnings: tuple[str, ...] = ()

    @property
    def errors(self) -> int:
        """How many findings keep something from going in."""
        return sum(finding.severity == "error" for finding in self.findings)


def import_tables(
    home: Home,
    kind: str,
    tables: Sequence[Path | Sheet],
    *,
    dates: str = "",
    update: bool = False,
    partial: bool = False,
) -> Outcome:
    """Read spreadsheets about things of a kind into the files of a home, without writing them.

    `tables` are files, or sheets that have been read. `dates` is `us` or `eu` where dates of
    numbers have the month or the day first. Without `update` a thing that is there may not change.
    With `partial` rows with errors are passed over.
    Raises UsageError when there is no such kind or file, InputError when a file is not a table.
    """
    sheets = [
        sheet
        for table in tables
        for sheet in ([table] if isinstance(table, Sheet) else read_sheets(table))
    ]
    skipped: set[RowKey] = set()
    first: Outcome | None = None
    while True:
        outcome, bad = _attempt(home, kind, sheets, dates, update, skipped)
        first = first or outcome
        if not partial or not outcome.errors or bad <= skipped:
            break
        skipped |= bad
    return replace(outcome, findings=first.findings, left_out=len(skipped))


def _attempt(
    home: Home,
    kind: str,
    sheets: Sequence[Sheet],
    dates: str,
    update: bool,
    skipped: set[RowKey],
) -> tuple[Outcome, set[RowKey]]:
    """Return the outcome of some rows, and which of them have errors."""
    contents = HomeContents(home)
    form = contents.form(kind)
    if not _is_for_rows(form):
        raise UsageError(f"A {form.kind.name} can't be added by a spreadsheet.")
    layouts, findings = _laid_out(contents, form, sheets)
    before = contents.things
    drafter = Drafter(contents, dates)
    drafter.take(layouts, skipped)
    findings += drafter.findings
    drafts = list(drafter.drafts.values())
    files, changes = files_with(contents, before, drafts)
    if not update:
        findings += [_unasked(change) for change in changes]
    findings += _checked(home, contents, files, drafter.drafts, findings)
    findings.sort(key=_order)
    bad = {finding.place.in_row for finding in findings if finding.severity == "error"}
    rows = sum(1 for layout in layouts for _ in layout.rows())
    new = tuple(contents.short(draft.iri) for draft in drafts if draft.is_new)
    warnings = tuple(dict.fromkeys(sheet.warning for sheet in sheets if sheet.warning))
    outcome = Outcome(
        tuple(dict.fromkeys(findings)), files, tuple(changes), new, rows, tuple(sheets), 0, warnings
    )
    return outcome, bad


def _order(finding: CellFinding) -> tuple[object, ...]:
    place = finding.place
    return place.sheet.name, str(place.sheet.path), place.row, place.column, finding.message


def _laid_out(
    contents: HomeContents, form: Form, sheets: Sequence[Sheet]
) -> tuple[list[SheetLayout], list[CellFinding]]:
    """Return the sheets as tables about kinds of things, and findings about unknown columns."""
    layouts: list[SheetLayout] = []
    findings: list[CellFinding] = []
    for sheet in sheets:
        about = _form_of(contents, form, sheets, sheet)
        if about is None:
            findings += [_passed_over(contents, sheet)] if sheet.rows else []
            continue
        layout = find_layout(contents, about, sheet)
        if layout is None:
            findings += [_no_header(about, sheet)] if sheet.rows else []
            continue
        layouts.append(layout)
        findings += [
            _unknown(layout, at, near)
            for at, near in layout.unknown.items()
            if any(row[at] for row in layout.rows())
        ]
    if not layouts and not findings:
        names = " and ".join(shown(sheet.path) for sheet in sheets[:1]) or "The file"
        raise InputError(f"{names} has no rows.", f"`cjph new {form.kind.name} --template FILE`.")
    return layouts, findings


def _form_of(
    contents: HomeContents, form: Form, sheets: Sequence[Sheet], sheet: Sheet
) -> Form | None:
    """Return what a sheet is about: a kind that it is named after, else what was asked for."""
    if len(sheets) == 1:
        return form
    names: dict[str, Form] = {}
    for each in contents.forms.values():
        if not _is_for_rows(each):
            continue
        short = last_part(each.kind.iri)
        for name in (each.kind.folder, each.kind.name, short, f"{short}s"):
            names.setdefault(folded_name(name), each)
    if found := names.get(folded_name(sheet.name)):
        return found
    named = [other for other in sheets if folded_name(other.name) in names]
    is_first = sheet is next(other for other in sheets if other not in named)
    return form if is_first and form not in [names[folded_name(o.name)] for o in named] else None


def _passed_over(contents: HomeContents, sheet: Sheet) -> CellFinding:
    """Return the finding that a sheet was not read, as it is not named after any kind."""
    folders = ", ".join(f.kind.folder for f in contents.forms.values() if f.kind.folder)
    said = f"The sheet “{sheet.name}” was not read: it is not named after a kind of thing."
    advice = f"Kinds are: {folders}. Name it after one, or leave it as it is."
    return CellFinding(
        SheetCell(sheet, sheet.rows[0].number, 0), "warning", "sheet", said, advice=advice
    )


def _is_for_rows(form: Form) -> bool:
    """Say whether things of a kind have a place of their own; values of vocabularies have none."""
    return bool(form.kind.namespace) or form.part is not None


def _no_header(form: Form, sheet: Sheet) -> CellFinding:
    columns = ", ".join(field.column for field in form.fields)
    said = f"No row has the names of columns for {form.kind.folder or form.kind.name}."
    return CellFinding(
        SheetCell(sheet, 1, 0), "error", "columns", said, advice=f"There are: {columns}."
    )


def _unknown(layout: SheetLayout, at: int, near: str) -> CellFinding:
    place = SheetCell(layout.sheet, layout.header, at)
    name = next(row[at] for row in layout.sheet.rows if row.number == layout.header)
    if near:
        said = f"There is no column “{name}”."
        return CellFinding(place, "error", "columns", said, near)
    said = f"There is no column “{name}”: what stands below it is left out."
    used = {column.field for column in layout.columns.values() if not column.via}
    left = ", ".join(f.column for f in layout.form.required if f not in used)
    advice = f"#{name} as its name leaves it out on purpose."
    advice += f" Needed columns that are not here: {left}." if left else ""
    return CellFinding(place, "warning", "columns", said, advice=advice)


def _unasked(change: ValueChange) -> CellFinding:
    said = f"{change.name} is there already, and has another {change.field.label}: {change.old}."
    way = "Run again with --update to change it, or give the new thing another name or id."
    return CellFinding(change.place, "error", change.field.label, said, advice=way)


def _checked(
    home: Home,
    contents: HomeContents,
    files: dict[Path, bytes],
    drafts: dict[str, Draft],
    found: Sequence[CellFinding],
) -> list[CellFinding]:
    """Return what validation finds in the files, by the cells it comes from."""
    if not files:
        return []
    texts = [read_bytes(data, shown(path)) for path, data in files.items()]
    report = validate(ValidationOptions(texts, home))
    taken = {finding.place for finding in found}
    troubled = {finding.place.in_row for finding in found}
    located = []
    for finding in report.findings:
        draft = drafts.get(finding.focus or "")
        if draft is None or (finding.path is None and draft.rows & troubled):
            continue  # a thing that lacks what a cell should have said breaks more rules
        place = _place(draft, finding)
        if place not in taken or not _is_missing(finding):
            located.append(_worded(contents, draft, finding, place))
    return located


def _is_missing(finding: Finding) -> bool:
    return last_part(finding.constraint or "") == "MinCountConstraintComponent"


def _place(draft: Draft, finding: Finding) -> SheetCell:
    """Return the cell of the value at fault, of the property, or of the thing."""
    of_property = [s for s in draft.statements if s.field.path == finding.path]
    for each in of_property:
        if each.value.value == finding.value:
            return each.place
    if finding.path in draft.cells:
        return draft.cells[finding.path]
    return of_property[0].place if of_property else draft.place


def _worded(
    contents: HomeContents, draft: Draft, finding: Finding, place: SheetCell
) -> CellFinding:
    """Return what validation says, with what helps in a spreadsheet in place of what doesn't."""
    field = draft.form.field(finding.path or "")
    label = field.label if field else draft.form.kind.name
    hint = finding.hint or ""
    if hint.startswith(_OWN_HINT) and field:
        lists = " and ".join(listing(contents, target) for target in field.targets)
        ways = [f"{lists} shows what there is."] if lists else []
        column = joined_column(draft.via, field) if draft.via else field.column
        missing = finding.path not in draft.cells
        hint = " ".join([f"Add a column {column}.", *ways] if missing else ways)
    return CellFinding(place, finding.severity, label, finding.message, advice=hint)
