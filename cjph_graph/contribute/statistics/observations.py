"""A table of statistics into observations, one for each figure, row after row.

What a row or a column says about all its figures is looked up once and kept as text; a figure then
costs one substitution. So a table with ten million figures needs no more memory than one with ten.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from cjph_graph.contribute.drafts import CellFinding, SheetCell
from cjph_graph.contribute.home_contents import HomeContents
from cjph_graph.contribute.problems import Problem
from cjph_graph.contribute.sheets import Row, column_name
from cjph_graph.contribute.statistics.cells import FiguredTable
from cjph_graph.contribute.statistics.cube_fields import CubeFields
from cjph_graph.contribute.statistics.mapping import TableMapping
from cjph_graph.contribute.statistics.rows import body
from cjph_graph.contribute.statistics.stated_values import TROUBLE, FigureColumn, StatedValues
from cjph_graph.contribute.statistics.templates import ObservationTemplate, RowForm, Templates
from cjph_graph.system import tell

MAX_FINDINGS = 500
_is_number = re.compile(r"-?(?:[1-9][0-9]*|0)(?:\.[0-9]+)?").fullmatch
_EVERY = 10_000


class Observation(NamedTuple):
    """One observation: the IRI of what it belongs to, itself as Turtle text, and its cell.

    The text begins with an empty line.
    `row` counts from 1, `column` from 0. `of_row` and `figures` are where its values come from.
    """

    owner: str
    text: str
    row: int
    column: int
    of_row: "StatedValues"
    figures: "FigureColumn"

    @property
    def name(self) -> str:
        """Its own name, behind the `#` of its IRI."""
        return self.text[2 : self.text.index("\n", 2)]


class TableReader(FiguredTable):
    """Reads one table by one mapping; `findings` are what is wrong, noted as it is met."""

    def __init__(
        self, contents: HomeContents, cube: CubeFields, path: Path, mapping: TableMapping
    ) -> None:
        super().__init__(contents, cube, path, mapping)
        self._templates: dict[
            frozenset[str], dict[tuple[int, bool], ObservationTemplate | None]
        ] = {}
        self._maker = Templates(contents, cube)
        self._forms: dict[frozenset[str], RowForm | None] = {}
        self._seen: dict[int, int] = {}
        self._counts = any(each.count for each in mapping.columns)
        self._complain_of_doubles()

    @cached_property
    def given(self) -> frozenset[str]:
        """The properties that a column of figures gives itself."""
        return frozenset(path for each in self._figures for path in each.said.paths)

    @property
    def constants(self) -> str:
        """All values that columns and markers give, as Turtle."""
        texts = {t for each in self._figures for p, t in each.said.texts.items() if p[:1] != "-"}
        return "\n".join(sorted({*texts, *self._statuses.values()}))

    def rows(self) -> Iterator[tuple[Row, StatedValues]]:
        """Yield the rows with figures, in the order of the table, and what each says about them.

        A row whose cells have several values comes once for each.
        """
        if self._counts:
            yield from self._counted()
            return
        for row, said in self._labelled():
            if said is TROUBLE:
                self._look_at_figures(row)
            elif not self._is_double(row, said):
                yield row, said

    def _labelled(self) -> Iterator[tuple[Row, StatedValues]]:
        """Yield the rows of the table and what their labels say."""
        places = {figures.at for figures in self._figures}
        places |= {figures.status_at for figures in self._figures if figures.status_at is not None}
        ordered = sorted(places)
        for number, row in enumerate(body(self._rows, self._mapping)):
            if number % _EVERY == 0:
                tell("Reading the table", number, 0)
            if not self._counts and not any(row[at] for at in ordered):
                self._fill(row)
                continue
            for said in self._of_row(row):
                yield row, said
            if len(self.findings) >= MAX_FINDINGS:
                place = SheetCell(self._sheet, row.number, 0)
                message = "There is more that is wrong: the rest was not looked at."
                self.findings.append(
                    CellFinding(place, "error", "table", message, advice="Mend the mapping first.")
                )
                return

    def _counted(self) -> Iterator[tuple[Row, StatedValues]]:
        """Yield a row for each thing that rows are about, with their number as its figure."""
        found: dict[tuple[tuple[str, str], ...], tuple[Row, StatedValues, int]] = {}
        for row, said in self._labelled():
            if said is not TROUBLE:
                first, same, count = found.get(said.distinct, (row, said, 0))
                found[said.distinct] = (first, same, count + 1)
        for first, said, count in found.values():
            yield Row(first.number, (str(count),)), said

    def observations(self, row: Row, said: StatedValues) -> Iterator[Observation]:
        """Yield the observations of a row."""
        templates = self._templates.setdefault(said.paths, {})
        for figures in self._figures:
            text = row[figures.at]
            if figures.is_plain and _is_number(text):
                value, is_status = text, False
            elif (read := self._read_cell(row, figures, text)) is not None:
                value, is_status = read
            else:
                continue
            key = (figures.at, is_status)
            if key not in templates:
                templates[key] = self._maker.make(figures, said, is_status=is_status)
            if (template := templates[key]) is None:
                self._missing(row, figures, said.joined(figures.said))
                continue
            before, after = ([said.texts[path] for path in part] for part in template.of_row)
            owner = template.owner or said.iris[self._cube.owner.path]
            text = template.form % (*before, value, *after)
            yield Observation(owner, text, row.number, figures.at, said, figures)

    def texts(self, row: Row, said: StatedValues) -> Sequence[tuple[str, int, str]]:
        """Return the observations of a row: for each owner how many they are, and their text."""
        if said.paths not in self._forms:
            self._forms[said.paths] = self._form_of_rows(said)
        form = self._forms[said.paths]
        found = form.fill(row.cells, said, self._cube.owner.path) if form else None
        return found if found is not None else self._one_by_one(row, said)

    def _form_of_rows(self, said: StatedValues) -> RowForm | None:
        """Return the text of whole rows, where all of their figures may be plain numbers."""
        made = [(each, self._maker.make(each, said, is_status=False)) for each in self._figures]
        columns = [(each, template) for each, template in made if template and each.is_plain]
        return RowForm(columns) if len(columns) == len(made) else None

    def _one_by_one(self, row: Row, said: StatedValues) -> list[tuple[str, int, str]]:
        found: dict[str, list[str]] = {}
        for each in self.observations(row, said):
            found.setdefault(each.owner, []).append(each.text)
        return [(owner, len(texts), "".join(texts)) for owner, texts in found.items()]

    def _look_at_figures(self, row: Row) -> None:
        """Note what is wrong with the figures of a row that does not say what it is about."""
        for figures in self._figures:
            self._read_cell(row, figures, row[figures.at])

    def key(self, each: Observation) -> tuple[str, ...]:
        """Return the values of the dimensions of an observation, as Turtle."""
        texts = {**each.of_row.texts, **each.figures.said.texts}
        return tuple(texts.get(dimension.path, "") for dimension in self._cube.dimensions)

    def place(self, each: Observation) -> SheetCell:
        """Return the cell of an observation."""
        return SheetCell(self._sheet, each.row, each.column)

    def _is_double(self, row: Row, said: "StatedValues") -> bool:
        """Say whether another row is about the same; note it if so, once the columns differ."""
        key = hash(tuple([said.texts.get(each.path) for each in self._cube.dimensions]))
        if key not in self._seen:
            self._seen[key] = row.number
            return False
        message = f"Row {self._seen[key]} is about the same place, time and group."
        advice = "The mapping must tell the two apart, or leave one out."
        place = SheetCell(self._sheet, row.number, self._of_rows[0].at[0] if self._of_rows else 0)
        self._note(place, "row", Problem(message, advice=advice))
        return True

    def _complain_of_doubles(self) -> None:
        """Note columns of figures that are about the same."""
        seen: dict[tuple[tuple[str, str], ...], FigureColumn] = {}
        row = self._above[-1].number if self._above else 1
        dimensions = {each.path for each in self._cube.dimensions}
        of_rows = {field.path for column in self._of_rows for field in column.fields}
        decided = self._cube.owner.path in of_rows
        for figures in self._figures:
            if not decided and self._cube.owner.path not in figures.said.texts:
                continue
            key = tuple(sorted(p for p in figures.said.texts.items() if p[0] in dimensions))
            if key in seen:
                other = column_name(seen[key].at + 1)
                message = f"Column {other} is about the same place, time and group."
                advice = "Give one of them what tells it apart, in cjph:with."
                place = SheetCell(self._sheet, row, figures.at)
                self._note(place, figures.title, Problem(message, advice=advice))
            seen.setdefault(key, figures)

    def _missing(self, row: Row, figures: FigureColumn, said: StatedValues) -> None:
        place = SheetCell(self._sheet, row.number, figures.at)
        for each in self._cube.form.required:
            if each.path not in said.texts and each != self._cube.measure:
                message = f"The mapping does not say the {each.label} of these figures."
                short = self._contents.short(each.path)
                advice = f"Give {short} by a column, in cjph:with, or as a virtual column."
                self._note(place, figures.title, Problem(message, advice=advice))
