"""The columns of a table of statistics, as a mapping describes them.

Some name what a row is about, some hold figures; what the mapping says of the figures of a column,
and of the whole table, is looked up once and kept as Turtle text.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from cjph_graph.contribute.drafts import CellFinding, Place
from cjph_graph.contribute.forms import Field
from cjph_graph.contribute.known import Known, slug
from cjph_graph.contribute.sheets import Sheet, column_name
from cjph_graph.contribute.statistics.cube import Cube
from cjph_graph.contribute.statistics.mapping import PERIOD, Described, TableMapping
from cjph_graph.contribute.statistics.rows import header, table_rows
from cjph_graph.contribute.turtle import written
from cjph_graph.contribute.values import Problem, Reading, Value, read_value
from cjph_graph.errors import InputError
from cjph_graph.rdf import last_part


@dataclass(frozen=True)
class Said:
    """Values of properties: as Turtle text, and the IRI of a link.

    `texts` has each by its property and, behind a `-`, the part of a name that it makes.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    iris: Mapping[str, str] = field(default_factory=dict)

    def joined(self, more: "Said") -> "Said":
        """Return both, of which `more` counts where they differ."""
        return Said({**self.texts, **more.texts}, {**self.iris, **more.iris})

    @cached_property
    def paths(self) -> frozenset[str]:
        """The properties that have a value."""
        return frozenset(self.texts)

    @cached_property
    def distinct(self) -> tuple[tuple[str, str], ...]:
        """What tells it from another."""
        return tuple(sorted(self.texts.items()))


# What a row says that can't be read.
TROUBLE = Said()


@dataclass(frozen=True)
class FigureColumn:
    """A column of figures: where it stands, and what holds for all of them."""

    at: int
    title: str
    said: Said


@dataclass(frozen=True)
class LabelColumn:
    """Columns that say of a row what it is about: the first that has something, or all joined."""

    described: Described
    fields: tuple[Field, ...]
    at: tuple[int, ...]


class MappedTable:
    """A table whose columns are matched to a mapping; `findings` are what is wrong with either."""

    def __init__(self, known: Known, cube: Cube, path: Path, mapping: TableMapping) -> None:
        self.findings: list[CellFinding] = []
        self._known = known
        self._cube = cube
        self._mapping = mapping
        self._sheet = Sheet(mapping.sheet or path.stem, path, ())
        self._marks = re.compile(mapping.footnotes) if mapping.footnotes else None
        self._noted: set[tuple[str, str, str]] = set()
        self._rows = table_rows(path, mapping)
        self._titles, self._above = header(self._rows, mapping)
        self._constants = self._virtual()
        self._of_rows = [c for each in mapping.columns for c in self._row_columns(each)]
        self._figures = [f for each in mapping.columns for f in self._figure_columns(each)]
        self._complain_of_the_rest()

    @property
    def titles(self) -> Sequence[str]:
        """The titles of the columns."""
        return self._titles

    @property
    def start(self) -> Place:
        """The first cell of the table."""
        return Place(self._sheet, 1, 0)

    def _virtual(self) -> Said:
        said = Said()
        for each in self._mapping.columns:
            if each.virtual:
                found = self._constant(each.path, each.default, Place(self._sheet, 1, 0))
                said = said.joined(found or Said())
        return said

    def _fields(self, name: str) -> tuple[Field, ...]:
        """Return the fields that a mapping names, by their term or their column."""
        if name == PERIOD:
            return tuple(f for f in self._cube.dimensions if f.holds == "date")
        local = name.partition(":")[2] or name
        for each in self._cube.form.fields:
            if self._known.short(each.path) == name or local in (last_part(each.path), each.column):
                return (each,)
        names = ", ".join(self._known.short(f.path) for f in self._cube.form.fields)
        raise InputError(
            f"The mapping has {name}, which is not a property here.", f"There are: {names}."
        )

    def _constant(self, path: str, text: str, place: Place) -> Said | None:
        said = Said()
        for each in self._fields(path) if text else ():
            value = read_value(self._known, each, text, Reading())
            if isinstance(value, Problem):
                self._note(place, each.label, value)
                return None
            said = said.joined(self._as_said(each, value))
        return said

    def _as_said(self, each: Field, value: Value) -> Said:
        text = written(value, self._known.prefixes)
        iri = value.value if isinstance(value, NamedNode) else ""
        name = self._name_of(each, value)
        dash = "" if each == self._cube.owner or not name else "-"
        parts = {f"-{each.path}": dash + name}
        return Said({each.path: text, **parts}, {each.path: iri})

    def _name_of(self, each: Field, value: Value) -> str:
        """Return the part of a name that a value makes: none for the first of its vocabulary."""
        if isinstance(value, Literal):
            return slug(value.value)
        short = value.value.rstrip("/").rpartition("/")[2]
        usual = [self._known.entries(t)[:1] for t in each.targets if t not in self._known.forms]
        return "" if any(e.iri == value.value for some in usual for e in some) else short

    def _row_columns(self, each: Described) -> Iterator[LabelColumn]:
        if each.virtual or each.ignored or each.path == self._measure_name(each.path):
            return
        at = self._places(each)
        if not at:
            self._note_mapping(f"The table has no column {each.name!r}.", self._named_titles())
            return
        yield LabelColumn(each, self._fields(each.path), at)

    def _measure_name(self, path: str) -> str:
        """Return the path itself if it names the measure."""
        is_measure = path and self._fields(path) == (self._cube.measure,)
        return path if is_measure else ""

    def _places(self, each: Described) -> tuple[int, ...]:
        if each.at:
            return tuple(at for at in map(_number, each.at) if at is not None)
        wanted = each.titles.casefold()
        bare = [self._bare(title).casefold() for title in self._titles]
        return tuple(
            at for at, title in enumerate(self._titles) if wanted in (title.casefold(), bare[at])
        )[:1]

    def _figure_columns(self, each: Described) -> Iterator[FigureColumn]:
        if each.virtual or each.ignored or not self._measure_name(each.path):
            return
        if each.titles_match:
            yield from self._matching(each)
            return
        places = self._places(each)
        if not places:
            self._note_mapping(f"The table has no column {each.name!r}.", self._named_titles())
        for at in places:
            yield FigureColumn(at, each.name, self._with(each, each.constants, at))

    def _matching(self, each: Described) -> Iterator[FigureColumn]:
        """Yield the columns whose titles match; named groups say what they are about."""
        pattern = re.compile(each.titles_match)
        found = False
        for at, title in enumerate(self._titles):
            match = pattern.fullmatch(self._bare(title)) or pattern.fullmatch(title)
            if match:
                found = True
                said = {n: each.values.get(v, v) for n, v in match.groupdict().items() if v}
                if None not in said.values():
                    kept = {f"cjph:{n}": v for n, v in said.items() if v is not None}
                    yield FigureColumn(at, title, self._with(each, {**each.constants, **kept}, at))
        if not found:
            self._note_mapping(f"No title matches {each.titles_match!r}.", self._named_titles())

    def _with(self, each: Described, constants: Mapping[str, str], at: int) -> Said:
        said = self._constants
        row = self._above[-1].number if self._above else 1
        for path, text in constants.items():
            found = self._constant(path, text, Place(self._sheet, row, at))
            said = said.joined(found or Said())
        return said

    def _named_titles(self) -> str:
        names = [f"{column_name(n)} {t!r}" for n, t in enumerate(self._titles, 1) if t]
        return f"It has: {', '.join(names)}."

    def _bare(self, text: str) -> str:
        """Return a text without the marks of footnotes, where the mapping says what these are."""
        return self._marks.sub("", text).strip() if self._marks else text

    def _complain_of_the_rest(self) -> None:
        """Note columns with a title that the mapping says nothing of."""
        used = {at for column in self._of_rows for at in column.at}
        used |= {figures.at for figures in self._figures}
        for each in self._mapping.columns:
            if each.ignored:
                used |= set(self._places(each))
                if each.titles_match:
                    pattern = re.compile(each.titles_match)
                    used |= {at for at, t in enumerate(self._titles) if pattern.fullmatch(t)}
        row = self._above[-1].number if self._above else 1
        for at, title in enumerate(self._titles):
            if at not in used and any(above[at] for above in self._above):
                place = Place(self._sheet, row, at)
                said = f"The mapping says nothing of the column “{title}”."
                self._note(
                    place,
                    "columns",
                    Problem(said, "", 'Describe it, or leave it out with "suppressOutput": true.'),
                    severity="warning",
                )

    def _note_mapping(self, message: str, advice: str) -> None:
        self._note(Place(self._sheet, 1, 0), "mapping", Problem(message, "", advice))

    def _note(self, place: Place, label: str, problem: Problem, severity: str = "error") -> None:
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
