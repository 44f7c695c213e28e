"""The columns of a table of statistics, as a mapping describes them.

Some name what a row is about, some hold figures. What the mapping says about the figures of a
column, and about the whole table, is looked up once and kept as Turtle text.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from cjph_graph.contribute.drafts import CellFinding, SheetCell
from cjph_graph.contribute.forms import Field
from cjph_graph.contribute.home_contents import HomeContents, slug
from cjph_graph.contribute.numbers import NumberFormat
from cjph_graph.contribute.problems import Problem, Reading, Value
from cjph_graph.contribute.sheets import Row, Sheet, column_name, shown_mark
from cjph_graph.contribute.statistics.cube_fields import CubeFields
from cjph_graph.contribute.statistics.mapping import PERIOD, Described, TableMapping
from cjph_graph.contribute.statistics.periods import is_open, read_period, two_digits_are
from cjph_graph.contribute.statistics.rows import header, open_table
from cjph_graph.contribute.statistics.stated_values import FigureColumn, LabelColumn, StatedValues
from cjph_graph.contribute.turtle import as_turtle
from cjph_graph.contribute.values import cell_value
from cjph_graph.errors import InputError
from cjph_graph.rdf import last_part

_SAMPLE = 1000


class MappedTable:
    """A table whose columns are matched to a mapping; `findings` are what is wrong with either."""

    def __init__(
        self, contents: HomeContents, cube: CubeFields, path: Path, mapping: TableMapping
    ) -> None:
        self.findings: list[CellFinding] = []
        self._contents = contents
        self._cube = cube
        self._mapping = mapping
        self._sheet = Sheet(mapping.sheet or path.stem, path, ())
        self._marks = re.compile(mapping.footnotes) if mapping.footnotes else None
        self._noted: set[tuple[str, str, str]] = set()
        separator, rows, self.warning = open_table(path, mapping)
        self._titles, self._above = header(rows, mapping)
        sample = list(islice(rows, _SAMPLE))
        self._rows = chain(sample, rows)
        self._look_at(sample, separator)
        self._constants = self._virtual()
        described = enumerate(mapping.columns)
        self._of_rows = [c for number, each in described for c in self._row_columns(number, each)]
        self._figures = [f for each in mapping.columns for f in self._figure_columns(each)]
        self._complain_of_the_rest()

    @property
    def start(self) -> SheetCell:
        """The first cell of the table."""
        return SheetCell(self._sheet, 1, 0)

    def _look_at(self, sample: Sequence[Row], separator: str) -> None:
        """Find out how the table writes its numbers and its times."""
        names = (cell for row in self._above for cell in row.cells)
        cells = [cell for row in sample for cell in row.cells]
        usual = "" if separator == ";" else "."
        self._form = NumberFormat(shown_mark(cells) or usual)
        self._two_digits = two_digits_are(chain(names, cells))

    def _virtual(self) -> StatedValues:
        said = StatedValues()
        for each in self._mapping.columns:
            if each.virtual:
                found = self._constant(each.path, each.default, SheetCell(self._sheet, 1, 0))
                said = said.joined(found or StatedValues())
        return said

    def _fields(self, name: str) -> tuple[Field, ...]:
        """Return the fields that a mapping names, by their term or their column."""
        if name == PERIOD:
            return tuple(f for f in self._cube.dimensions if f.holds == "date")
        local = name.partition(":")[2] or name
        for each in self._cube.form.fields:
            if self._contents.short(each.path) == name or local in (
                last_part(each.path),
                each.column,
            ):
                return (each,)
        names = ", ".join(self._contents.short(f.path) for f in self._cube.form.fields)
        raise InputError(
            f"The mapping has {name}, which is not a property here.", f"There are: {names}."
        )

    def _constant(
        self, path: str, text: str, place: SheetCell, two_digits: str = ""
    ) -> StatedValues | None:
        if not text:
            return StatedValues()
        fields = self._fields(path)
        said = self._read(fields, text, two_digits)
        if isinstance(said, Problem):
            self._note(place, fields[0].label, said)
            return None
        return said

    def _read(self, fields: Sequence[Field], text: str, two_digits: str) -> StatedValues | Problem:
        """Return what a text says as the value of a property, or of the two of a period."""
        texts: Sequence[str] = [text] * len(fields)
        if len(fields) == len(("start", "end")):
            found = read_period(text, two_digits or self._two_digits)
            if found is None and is_open(text):
                way = 'Say "datatype": "gYearMonth" or "gYear" in the description of its column.'
                return Problem(f"“{text}” may be a month or two years.", advice=way)
            texts = found or texts
        said = StatedValues()
        for each, part in zip(fields, texts, strict=True):
            value = cell_value(self._contents, each, part, Reading())
            if isinstance(value, Problem):
                return value
            said = said.joined(self._as_said(each, value))
        return said

    def _as_said(self, each: Field, value: Value) -> StatedValues:
        text = as_turtle(value, self._contents.prefixes)
        iri = value.value if isinstance(value, NamedNode) else ""
        name = self._name_of(each, value)
        dash = "" if each == self._cube.owner or not name else "-"
        parts = {f"-{each.path}": dash + name}
        return StatedValues({each.path: text, **parts}, {each.path: iri})

    def _name_of(self, each: Field, value: Value) -> str:
        """Return the part of a name that a value makes: none for the first of its vocabulary."""
        if isinstance(value, Literal):
            return slug(value.value)
        short = value.value.rstrip("/").rpartition("/")[2]
        usual = [
            self._contents.entries(t)[:1] for t in each.targets if t not in self._contents.forms
        ]
        return "" if any(e.iri == value.value for some in usual for e in some) else short

    def _row_columns(self, number: int, each: Described) -> Iterator[LabelColumn]:
        if each.virtual or each.ignored or self._is_measure(each):
            return
        at = self._places(each)
        if not at:
            self._note_mapping(f"The table has no column {each.name!r}.", self._named_titles())
            return
        yield LabelColumn(number, each, self._fields(each.path), at)

    def _is_measure(self, each: Described) -> bool:
        return bool(each.path) and self._fields(each.path) == (self._cube.measure,)

    def _places(self, each: Described) -> tuple[int, ...]:
        if each.at:
            return tuple(at for at in map(_number, each.at) if at is not None)
        wanted = each.titles.casefold()
        bare = [self._bare(title).casefold() for title in self._titles]
        return tuple(
            at for at, title in enumerate(self._titles) if wanted in (title.casefold(), bare[at])
        )[:1]

    def _figure_columns(self, each: Described) -> Iterator[FigureColumn]:
        if each.ignored or not self._is_measure(each):
            return
        if each.virtual:
            if each.count:
                yield from self._figures_at(each, 0, "rows", each.constants)
            return
        if each.titles_match:
            yield from self._matching(each)
            return
        places = self._places(each)
        if not places:
            self._note_mapping(f"The table has no column {each.name!r}.", self._named_titles())
        for at in places:
            yield from self._figures_at(each, at, each.name, each.constants)

    def _figures_at(
        self, each: Described, at: int, title: str, constants: Mapping[str, str]
    ) -> Iterator[FigureColumn]:
        """Yield a column of figures, if the mapping's values for it can be read."""
        said = self._with(constants, at, each.two_digits)
        if said is not None:
            form = replace(each.form or self._form, times=each.times)
            yield FigureColumn(at, title, said, form, self._status_at(each))

    def _status_at(self, each: Described) -> int | None:
        """Return where the column stands that says why there is no figure."""
        if not each.status_in:
            return None
        wanted = each.status_in.casefold()
        found = [at for at, title in enumerate(self._titles) if title.casefold() == wanted]
        at = found[0] if found else _number(each.status_in)
        if at is None:
            self._note_mapping(f"The table has no column {each.status_in!r}.", self._named_titles())
        return at

    def _matching(self, each: Described) -> Iterator[FigureColumn]:
        """Yield the columns whose titles match; named groups say what they are about."""
        matches = self._matches(each)
        for at, match in matches.items():
            said = {n: each.values.get(v, v) for n, v in match.groupdict().items() if v}
            if None not in said.values():
                kept = {f"cjph:{n}": v for n, v in said.items() if v is not None}
                constants = {**each.constants, **kept}
                yield from self._figures_at(each, at, self._titles[at], constants)
        if not matches:
            self._note_mapping(f"No title matches {each.titles_match!r}.", self._named_titles())

    def _matches(self, each: Described) -> dict[int, re.Match[str]]:
        """Return the columns whose titles match a pattern, with or without their footnotes."""
        fits = re.compile(each.titles_match).fullmatch
        found = {at: fits(self._bare(t)) or fits(t) for at, t in enumerate(self._titles)}
        return {at: match for at, match in found.items() if match}

    def _with(self, constants: Mapping[str, str], at: int, two_digits: str) -> StatedValues | None:
        said = self._constants
        row = self._above[-1].number if self._above else 1
        read = [
            self._constant(path, text, SheetCell(self._sheet, row, at), two_digits)
            for path, text in constants.items()
        ]
        for found in read:
            said = said.joined(found or StatedValues())
        return None if None in read else said

    def _named_titles(self) -> str:
        names = [f"{column_name(n)} {t!r}" for n, t in enumerate(self._titles, 1) if t]
        return f"It has: {', '.join(names)}."

    def _bare(self, text: str) -> str:
        """Return a text without the marks of footnotes, where the mapping says what these are."""
        return self._marks.sub("", text).strip() if self._marks else text

    def _complain_of_the_rest(self) -> None:
        """Note columns whose title the mapping does not mention."""
        used = {at for column in self._of_rows for at in column.at}
        used |= {figures.at for figures in self._figures}
        used |= {figures.status_at for figures in self._figures if figures.status_at is not None}
        for each in self._mapping.columns:
            used |= set(self._places(each)) if each.at or each.titles else set()
            used |= self._matches(each).keys() if each.titles_match else set()
        row = self._above[-1].number if self._above else 1
        for at, title in enumerate(self._titles):
            if at not in used and any(above[at] for above in self._above):
                place = SheetCell(self._sheet, row, at)
                said = f"The mapping says nothing about the column “{title}”."
                advice = 'Describe it, or leave it out with "suppressOutput": true.'
                self._note(place, "columns", Problem(said, advice=advice), severity="warning")

    def _note_mapping(self, message: str, advice: str) -> None:
        self._note(SheetCell(self._sheet, 1, 0), "mapping", Problem(message, advice=advice))

    def _note(
        self, place: SheetCell, label: str, problem: Problem, severity: str = "error"
    ) -> None:
        """Note a finding, once for the same text in the same column."""
        key = (column_name(place.column + 1), label, problem.message)
        if key not in self._noted:
            self._noted.add(key)
            found = (problem.message, problem.suggestion, problem.advice)
            self.findings.append(CellFinding(place, severity, label, *found))


def _number(letters: str) -> int | None:
    """Return the place of a column, counted from 0, by its letters."""
    if not re.fullmatch("[A-Za-z]{1,3}", letters):
        return None
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
