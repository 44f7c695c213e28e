"""What the columns of a sheet are, by their names.

A column is named after a property: by its short name (`start_date`), its label (`start`) or its
term (`startDate`, `cjph:startDate`). Behind the name of a link stand the columns of what it leads
to: `finding_measure` is about a finding in the same row, `finding_2_measure` about a second one,
`source_url` about a source that may be new. `note@es` holds texts in Spanish.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cjph_graph.contribute.forms import Field, Form, joined_column
from cjph_graph.contribute.home_contents import HomeContents
from cjph_graph.contribute.sheets import Row, Sheet
from cjph_graph.publish import snake
from cjph_graph.rdf import last_part, nearest

_FIRST_ROWS = 30
_ALIKE = 80
# Columns that the flat tables of `cjph export` have besides the properties.
_NAMING = {"id": "id", "iri": "iri", "of": "of", "belongs_to": "of"}


@dataclass(frozen=True)
class SheetColumn:
    """What a column holds: a property of the row's thing or, with `via`, of what this leads to.

    `number` tells several things of one row apart. `role` is `id`, `iri` or `of` for what names
    the row's thing, or what it belongs to.
    """

    field: Field | None = None
    via: Field | None = None
    number: int = 1
    language: str = ""
    role: str = ""


@dataclass(frozen=True)
class SheetLayout:
    """A sheet as a table about things of one kind: its columns by their place, counted from 0.

    `header` is the number of the row with the names; `unknown` are columns with a name that no
    property has, each with the name that may be meant.
    """

    sheet: Sheet
    form: Form
    header: int
    columns: dict[int, SheetColumn]
    unknown: dict[int, str]

    def rows(self) -> Iterator[Row]:
        """Yield the rows of things: those below the names that do not begin with `#`."""
        for row in self.sheet.rows:
            first = next((cell for cell in row.cells if cell), "")
            if row.number > self.header and not first.startswith("#"):
                yield row

    def place(self, field: Field | None) -> int | None:
        """Return where a property of the rows' things stands."""
        for at, column in self.columns.items():
            if column.field and field and column.field.path == field.path and not column.via:
                return at
        return None


def owners(contents: HomeContents, part: Form) -> Iterator[tuple[Field | None, Form]]:
    """Yield what parts of a kind may belong to, with the field there that links to them.

    The field is None where the part itself links to what it belongs to.
    """
    for form in contents.forms.values():
        for each in form.fields:
            if part.kind.iri in each.targets:
                yield each, form
        for inverse in form.kind.properties:
            if inverse.inverse and part.field(inverse.path) and form.kind.namespace:
                yield None, form


def find_layout(contents: HomeContents, form: Form, sheet: Sheet) -> SheetLayout | None:
    """Return what the columns of a sheet about things of a kind are; None if no row names any."""
    names = column_names(contents, form)
    best: tuple[int, Row] | None = None
    for row in sheet.rows[:_FIRST_ROWS]:
        count = sum(_column(names, cell) is not None for cell in row.cells if cell)
        if count > (best[0] if best else 0):
            best = count, row
    if best is None:
        return None
    columns: dict[int, SheetColumn] = {}
    unknown: dict[int, str] = {}
    for at, cell in enumerate(best[1].cells):
        if not cell or cell.startswith("#"):
            continue
        if column := _column(names, cell):
            columns.setdefault(at, column)
        elif not _is_label(names, cell):
            near = nearest(folded_name(cell), names, least=_ALIKE)
            unknown[at] = snake(near[0]) if near else _with_words(names, cell)
    _by_other_words(form, best[1], columns, unknown)
    _by_meaning(form, best[1], columns, unknown)
    _read_as_meant(names, columns, unknown)
    return SheetLayout(sheet, form, best[1].number, columns, unknown)


def column_names(contents: HomeContents, form: Form) -> dict[str, SheetColumn]:
    """Return the columns that a sheet about a kind may have, by each of their names."""
    found: dict[str, SheetColumn] = {}
    for field in form.fields:
        for name in _names(field):
            found.setdefault(name, SheetColumn(field))
    for name, role in _NAMING.items():
        if role != "of" or form.part is not None:
            found.setdefault(folded_name(name), SheetColumn(role=role))
    for via in form.fields:
        linked = contents.part(via) or contents.linked(via)
        for field in linked.fields if linked else ():
            for name in _joined(via, linked.kind.name if linked else "", field):
                found.setdefault(name, SheetColumn(field, via))
    return found


def _joined(via: Field, kind: str, field: Field) -> Iterator[str]:
    yield folded_name(joined_column(via, field))
    stems = dict.fromkeys((folded_name(via.column), folded_name(via.label), folded_name(kind)))
    for stem in stems:
        for name in _names(field):
            yield f"{stem} {name}"


def _names(field: Field) -> Sequence[str]:
    return [folded_name(name) for name in (field.column, field.label, snake(last_part(field.path)))]


def _column(names: dict[str, SheetColumn], cell: str) -> SheetColumn | None:
    head, at, language = cell.partition("@")
    name = folded_name(head)
    if found := names.get(name):
        if at and found.field and found.field.holds == "text":
            return SheetColumn(found.field, found.via, found.number, language.strip(), found.role)
        return None if at else found
    if match := re.search(r" (\d{1,2})(?= |$)", name):
        bare = name[: match.start()] + name[match.end() :]
        if (found := names.get(bare)) and found.via:
            return SheetColumn(found.field, found.via, int(match[1]), language.strip())
    return None


def _with_words(names: dict[str, SheetColumn], cell: str) -> str:
    """Return the one property of the row's thing whose name has the words of a text."""
    words = set(folded_name(cell).split())
    found = {
        column.field.column
        for name, column in names.items()
        if column.field and not column.via and words and words <= set(name.split())
    }
    return found.pop() if len(found) == 1 else ""


def _by_other_words(
    form: Form, header: Row, columns: dict[int, SheetColumn], unknown: dict[int, str]
) -> None:
    """Take a column by what people call it who don't know its name, if no other is that column."""
    used = {column.field.path for column in columns.values() if column.field and not column.via}
    for field in form.fields:
        words = set(map(folded_name, field.called))
        found = [at for at in unknown if folded_name(header[at]) in words]
        if len(found) == 1 and field.path not in used:
            columns[found[0]] = SheetColumn(field)
            del unknown[found[0]]


def _by_meaning(
    form: Form, header: Row, columns: dict[int, SheetColumn], unknown: dict[int, str]
) -> None:
    """Note the needed column that a name may stand for: it shares a word with it or its meaning.

    `City/place` is `place`, and `Title` is the `name` of a source.
    """
    used = {column.field.path for column in columns.values() if column.field and not column.via}
    missing = [each for each in form.required if each.path not in used]
    for at in (at for at, near in unknown.items() if not near):
        words = set(folded_name(header[at]).split())
        found = [each for each in missing if words & {folded_name(n) for n in _names(each)}]
        if not found and len(words) == 1:
            found = [each for each in missing if words <= set(folded_name(each.meaning).split())]
        if len(found) == 1:
            unknown[at] = found[0].column


def _read_as_meant(
    names: dict[str, SheetColumn], columns: dict[int, SheetColumn], unknown: dict[int, str]
) -> None:
    """Read a misspelt column as the one it is meant for: so its cells are checked at once, too."""
    for at, near in unknown.items():
        column = names.get(folded_name(near))
        if column and column not in columns.values():
            columns[at] = column


def _is_label(names: dict[str, SheetColumn], cell: str) -> bool:
    """Say whether a column repeats another in words, as the tables of `cjph export` have it."""
    name = folded_name(cell)
    return name.endswith(" label") and name.removesuffix(" label") in {*names, "of"}


def folded_name(name: str) -> str:
    """Return a name as columns are compared: in small letters, without what explains it."""
    name = re.sub(r"\(.*?\)|\*", " ", name)
    name = name.rpartition(":")[2] if re.fullmatch(r"[a-z]+:\w+", name.strip()) else name
    words = re.sub(r"[^a-z0-9]+", " ", snake_words(name)).split()
    return re.sub(r"iz(?=ation|e)", "is", " ".join(words))


def snake_words(name: str) -> str:
    """Return a name in small letters, with a space where a capital begins a word inside it."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r" \1", name).lower()
