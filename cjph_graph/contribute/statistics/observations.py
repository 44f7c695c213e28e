"""A table of statistics into observations, one for each figure, row after row.

What a row says of all its figures and what a column says of all of its own are looked up once and
kept as text; a figure then costs one substitution. So a table with ten million figures needs no
more memory than one with ten.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode

from cjph_graph.contribute.drafts import CellFinding, Place
from cjph_graph.contribute.forms import Field
from cjph_graph.contribute.known import Known, slug
from cjph_graph.contribute.sheets import Row, Sheet, column_name
from cjph_graph.contribute.statistics.cube import Cube
from cjph_graph.contribute.statistics.mapping import PERIOD, Described, TableMapping
from cjph_graph.contribute.statistics.rows import body, header, table_rows
from cjph_graph.contribute.turtle import written
from cjph_graph.contribute.values import Problem, Reading, Value, read_value
from cjph_graph.errors import InputError
from cjph_graph.rdf import XSD, last_part
from cjph_graph.system import tell

MAX_FINDINGS = 500
_MOST_KEPT = 10_000
_is_number = re.compile(r"-?(?:[1-9][0-9]*|0)(?:\.[0-9]+)?").fullmatch
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
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
    of_row: "_Said"
    figures: "_Figures"

    @property
    def name(self) -> str:
        """Its own name, behind the `#` of its IRI."""
        return self.text[2 : self.text.index("\n", 2)]


@dataclass(frozen=True)
class _Said:
    """Values of properties: as Turtle text, and the IRI of a link.

    `texts` has each by its property and, behind a `-`, the part of a name that it makes.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    iris: Mapping[str, str] = field(default_factory=dict)

    def joined(self, more: "_Said") -> "_Said":
        return _Said({**self.texts, **more.texts}, {**self.iris, **more.iris})

    @cached_property
    def paths(self) -> frozenset[str]:
        return frozenset(self.texts)

    @cached_property
    def distinct(self) -> tuple[tuple[str, str], ...]:
        return tuple(sorted(self.texts.items()))


# What a row says that can't be read.
_TROUBLE = _Said()


@dataclass(frozen=True)
class _Figures:
    """A column of figures: where it stands, and what holds for all of them."""

    at: int
    title: str
    said: _Said


class _Template(NamedTuple):
    """The text of the observations of a column, with `%s` for what a row and the figure say.

    `of_row` are what of a row comes before and after the figure: names of properties, those that
    begin with `-` for the part of its name; equal ones are one object. `owner` is empty where the
    row gives it.
    """

    form: str
    of_row: tuple[tuple[str, ...], tuple[str, ...]]
    owner: str


@dataclass(frozen=True)
class _RowColumn:
    """Columns that say of a row what it is about: the first that has something, or all joined."""

    described: Described
    fields: tuple[Field, ...]
    at: tuple[int, ...]


class TableReader:
    """Reads one table by one mapping; `findings` are what is wrong, noted as it is met."""

    def __init__(self, known: Known, cube: Cube, path: Path, mapping: TableMapping) -> None:
        self.findings: list[CellFinding] = []
        self.count = 0
        # What the table describes that is not there yet, by class and short name: its row, cells.
        self.added: dict[str, dict[str, tuple[int, dict[str, str]]]] = {}
        self._known = known
        self._cube = cube
        self._path = path
        self._mapping = mapping
        self._sheet = Sheet(mapping.sheet or path.stem, path, ())
        self._marks = re.compile(mapping.footnotes) if mapping.footnotes else None
        self._cache: dict[tuple[int, str], _Said | None] = {}
        self._statuses: dict[str, str] = {}
        self._noted: set[tuple[str, str, str]] = set()
        self._templates: dict[frozenset[str], dict[int, _Template | None]] = {}
        self._shared: dict[tuple[tuple[str, ...], tuple[str, ...]], Any] = {}
        self._seen: dict[int, int] = {}
        self._order = {each.path: at for at, each in enumerate(cube.form.fields)}
        self._rows = table_rows(path, mapping)
        self._titles, self._above = header(self._rows, mapping)
        self._constants = self._virtual()
        self._of_rows = [c for each in mapping.columns for c in self._row_columns(each)]
        self._figures = [f for each in mapping.columns for f in self._figure_columns(each)]
        self._read_statuses()
        self._complain_of_the_rest()
        self._complain_of_doubles()

    @property
    def titles(self) -> Sequence[str]:
        """The titles of the columns."""
        return self._titles

    @property
    def constants(self) -> str:
        """All values that columns and markers give, as Turtle."""
        texts = {t for each in self._figures for p, t in each.said.texts.items() if p[:1] != "-"}
        return "\n".join(sorted({*texts, *self._statuses.values()}))

    def __iter__(self) -> Iterator[Observation]:
        """Yield the observations, in the order of the table."""
        for number, row in enumerate(body(self._rows, self._mapping)):
            if number % _EVERY == 0:
                tell("Reading the table", number, 0)
            said = self._of_row(row)
            if said is _TROUBLE:
                self._look_at_figures(row)
            elif said is not None and not self._is_double(row, said):
                yield from self._of_figures(row, said)
            if len(self.findings) >= MAX_FINDINGS:
                place = Place(self._sheet, row.number, 0)
                message = "There is more that is wrong: the rest was not looked at."
                self.findings.append(
                    CellFinding(place, "error", "table", message, "", "Mend the mapping first.")
                )
                return

    def _of_figures(self, row: Row, said: "_Said") -> Iterator[Observation]:
        """Yield the observations of a row."""
        cells, statuses, end = row.cells, self._statuses, len(row.cells)
        templates = self._templates.setdefault(said.paths, {})
        parts: tuple[tuple[str, ...], tuple[str, ...]] | None = None
        before: tuple[str, ...] = ()
        after: tuple[str, ...] = ()
        make = tuple.__new__  # a third of the time that the class takes itself
        for figures in self._figures:
            at = figures.at
            if at >= end or not (text := cells[at]):
                continue
            if _is_number(text):
                value, key = text, at
            elif text in statuses:
                value, key = statuses[text], -1 - at
            elif (read := self._figure(row, figures, text)) is not None:
                value, key = read, at
            else:
                continue
            if key not in templates:
                templates[key] = self._template(figures, said, is_status=key < 0)
            template = templates[key]
            if template is None:
                self._missing(row, figures, said.joined(figures.said))
                continue
            if template.of_row is not parts:
                parts = template.of_row
                before, after = (tuple(said.texts[path] for path in part) for part in parts)
            owner = template.owner or said.iris[self._cube.owner.path]
            text = template.form % (*before, value, *after)
            yield make(Observation, (owner, text, row.number, at, said, figures))

    def _look_at_figures(self, row: Row) -> None:
        """Note what is wrong with the figures of a row that does not say what it is about."""
        for figures in self._figures:
            text = row[figures.at]
            if text and text not in self._statuses and not _is_number(text):
                self._figure(row, figures, text)

    def key(self, each: Observation) -> tuple[str, ...]:
        """Return the values of the dimensions of an observation, as Turtle."""
        texts = {**each.of_row.texts, **each.figures.said.texts}
        return tuple(texts.get(dimension.path, "") for dimension in self._cube.dimensions)

    def place(self, each: Observation) -> Place:
        """Return the cell of an observation."""
        return Place(self._sheet, each.row, each.column)

    def _is_double(self, row: Row, said: "_Said") -> bool:
        """Say whether another row is about the same; note it if so, once the columns differ."""
        key = hash(said.distinct)
        if key not in self._seen:
            self._seen[key] = row.number
            return False
        message = f"Row {self._seen[key]} is about the same place, time and group."
        advice = "The mapping must tell the two apart, or leave one out."
        place = Place(self._sheet, row.number, self._of_rows[0].at[0] if self._of_rows else 0)
        self._note(place, "row", Problem(message, "", advice))
        return True

    def _complain_of_doubles(self) -> None:
        """Note columns of figures that are about the same."""
        seen: dict[tuple[tuple[str, str], ...], _Figures] = {}
        row = self._above[-1].number if self._above else 1
        dimensions = {each.path for each in self._cube.dimensions}
        for figures in self._figures:
            key = tuple(sorted(p for p in figures.said.texts.items() if p[0] in dimensions))
            if key in seen:
                other = column_name(seen[key].at + 1)
                message = f"Column {other} is about the same place, time and group."
                advice = "Give one of them what tells it apart, in cjph:with."
                place = Place(self._sheet, row, figures.at)
                self._note(place, figures.title, Problem(message, "", advice))
            seen.setdefault(key, figures)

    # What holds for the whole table, for a column, for a row.

    def _virtual(self) -> _Said:
        said = _Said()
        for each in self._mapping.columns:
            if each.virtual:
                found = self._constant(each.path, each.default, Place(self._sheet, 1, 0))
                said = said.joined(found or _Said())
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
            f"The mapping has {name}, which is no property here.", f"There are: {names}."
        )

    def _constant(self, path: str, text: str, place: Place) -> _Said | None:
        said = _Said()
        for each in self._fields(path) if text else ():
            value = read_value(self._known, each, text, Reading())
            if isinstance(value, Problem):
                self._note(place, each.label, value)
                return None
            said = said.joined(self._as_said(each, value))
        return said

    def _as_said(self, each: Field, value: Value) -> _Said:
        text = written(value, self._known.prefixes)
        iri = value.value if isinstance(value, NamedNode) else ""
        name = self._name_of(each, value)
        dash = "" if each == self._cube.owner or not name else "-"
        parts = {f"-{each.path}": dash + name}
        return _Said({each.path: text, **parts}, {each.path: iri})

    def _name_of(self, each: Field, value: Value) -> str:
        """Return the part of a name that a value makes: none for the first of its vocabulary."""
        if isinstance(value, Literal):
            return slug(value.value)
        short = value.value.rstrip("/").rpartition("/")[2]
        usual = [self._known.entries(t)[:1] for t in each.targets if t not in self._known.forms]
        return "" if any(e.iri == value.value for some in usual for e in some) else short

    def _row_columns(self, each: Described) -> Iterator[_RowColumn]:
        if each.virtual or each.ignored or each.path == self._measure_name(each.path):
            return
        at = self._places(each)
        if not at:
            self._note_mapping(f"The table has no column {each.name!r}.", self._named_titles())
            return
        yield _RowColumn(each, self._fields(each.path), at)

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

    def _figure_columns(self, each: Described) -> Iterator[_Figures]:
        if each.virtual or each.ignored or not self._measure_name(each.path):
            return
        if each.titles_match:
            yield from self._matching(each)
            return
        places = self._places(each)
        if not places:
            self._note_mapping(f"The table has no column {each.name!r}.", self._named_titles())
        for at in places:
            yield _Figures(at, each.name, self._with(each, each.constants, at))

    def _matching(self, each: Described) -> Iterator[_Figures]:
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
                    yield _Figures(at, title, self._with(each, {**each.constants, **kept}, at))
        if not found:
            self._note_mapping(f"No title matches {each.titles_match!r}.", self._named_titles())

    def _with(self, each: Described, constants: Mapping[str, str], at: int) -> _Said:
        said = self._constants
        row = self._above[-1].number if self._above else 1
        for path, text in constants.items():
            found = self._constant(path, text, Place(self._sheet, row, at))
            said = said.joined(found or _Said())
        return said

    def _named_titles(self) -> str:
        names = [f"{column_name(n)} {t!r}" for n, t in enumerate(self._titles, 1) if t]
        return f"It has: {', '.join(names)}."

    def _of_row(self, row: Row) -> _Said | None:
        """Return what a row says of its figures; None where it is left out."""
        said, trouble = _Said(), False
        for column in self._of_rows:
            found = self._of_column(column, row)
            if found is None:
                return None
            trouble = trouble or found is _TROUBLE
            said = said.joined(found)
        return _TROUBLE if trouble else said

    def _of_column(self, column: _RowColumn, row: Row) -> _Said | None:
        if column.described.join:
            text, at = "".join(row[at] for at in column.at), column.at[0]
        else:
            at = next((a for a in column.at if row[a]), column.at[0])
            text = row[at]
        key = (column.at[0], text)
        if key not in self._cache:
            if len(self._cache) > _MOST_KEPT:
                self._cache.clear()
            self._cache[key] = self._looked_up(column, text, row, at)
        return self._cache[key]

    def _looked_up(self, column: _RowColumn, text: str, row: Row, at: int) -> _Said | None:
        described, place = column.described, Place(self._sheet, row.number, at)
        bare = self._bare(text)
        for known in (text, bare):
            if known in described.values:
                stands_for = described.values[known]
                if stands_for is None:
                    return None
                bare = stands_for
                break
        else:
            bare = self._part_of(described, bare)
        if not bare:
            self._note(
                place, described.name, Problem("This cell is empty, and its row has figures.")
            )
            return _TROUBLE
        said = _Said()
        for each in column.fields:
            value = read_value(self._known, each, bare, Reading())
            if isinstance(value, Problem) and described.add:
                value = self._added(described, each, bare, row)
            if isinstance(value, Problem):
                advice = (
                    f"{value.advice} Or say what it stands for in cjph:values; null leaves it out."
                )
                self._note(place, each.label, replace(value, advice=advice.strip()))
                return _TROUBLE
            said = said.joined(self._as_said(each, value))
        return said

    @staticmethod
    def _part_of(described: Described, text: str) -> str:
        """Return what of a text counts."""
        match = re.search(described.pattern, text) if described.pattern else None
        if match is None:
            return "" if described.pattern else text
        return str(match[1] if match.re.groups else match[0])

    def _added(self, described: Described, each: Field, text: str, row: Row) -> Value | Problem:
        """Return a new thing that a row describes; its own row goes to `added`."""
        by_title = {title: row[at] for at, title in enumerate(self._titles)}
        by_title |= {column_name(at + 1): row[at] for at in range(len(row.cells))}
        cells = {}
        for column, template in described.add.items():
            cells[column] = re.sub(
                r"\{([^}]*)\}", lambda match: by_title.get(match[1], match[0]), template
            ).replace("{}", text)
        form = self._known.forms.get(each.targets[0]) if each.targets else None
        short = cells.get("id") or slug(cells.get("name", ""))
        if form is None or not short:
            return Problem("cjph:add gives no name.", "", 'It needs "name" or "id".')
        cells["id"] = short
        self.added.setdefault(form.kind.iri, {}).setdefault(short, (row.number, cells))
        return NamedNode(form.kind.namespace + short)

    def _bare(self, text: str) -> str:
        """Return a text without the marks of footnotes, where the mapping says what these are."""
        return self._marks.sub("", text).strip() if self._marks else text

    # A figure.

    def _read_statuses(self) -> None:
        status = self._cube.status
        for marker, name in self._mapping.markers.items():
            if status is None:
                self._note_mapping("There is no property for why a value is missing.", "")
                return
            value = read_value(self._known, status, name, Reading())
            if isinstance(value, Problem):
                self._note_mapping(f"The marker {marker!r}: {value.message}", value.advice)
            else:
                self._statuses[marker] = written(value, self._known.prefixes)

    def _figure(self, row: Row, figures: _Figures, text: str) -> str | None:
        """Return a number as Turtle; note what is none."""
        if _GROUPED.fullmatch(text):
            return text.replace(",", "")
        place = Place(self._sheet, row.number, figures.at)
        bare = self._bare(text)
        read = read_value(self._known, self._cube.measure, bare, Reading())
        if isinstance(read, Literal):
            return written(read, {**self._known.prefixes, "xsd": XSD})
        if bare in self._statuses:
            return None
        known = ", ".join(self._statuses) or "none yet"
        advice = (
            f"Say what {text!r} stands for in cjph:markers (there: {known}), or what a footnote"
            " looks like in cjph:footnotes."
        )
        self._note(place, figures.title, Problem(f"“{text}” is no number.", "", advice))
        return None

    def _template(self, figures: _Figures, said: _Said, *, is_status: bool) -> _Template | None:
        """Return the text of the observations of a column, laid out in the one way.

        None where something is missing that an observation must have.
        """
        constants = figures.said.texts
        known = {*said.texts, *constants}
        measure = self._cube.measure.path
        owner = self._cube.owner.path
        if any(f.path not in known for f in self._cube.form.required if f.path != measure):
            return None
        figure = self._cube.status.path if is_status and self._cube.status else measure
        parts = ["\n:", *self._name_parts(constants, said)]
        parts += [f"\n    a {_plain(self._known.short(self._cube.form.kind.iri))}"]
        paths = sorted({figure, *(p for p in known if p[:1] != "-")}, key=self._order.__getitem__)
        for path in paths:
            parts.append(f" ;\n    {_plain(self._known.short(path))} ")
            parts.append(_plain(constants[path]) if path in constants else (path,))
        parts.append(" .\n")
        of_row = [part[0] for part in parts if isinstance(part, tuple)]
        at = of_row.index(figure)
        form = "".join("%s" if isinstance(part, tuple) else part for part in parts)
        both = tuple(of_row[:at]), tuple(of_row[at + 1 :])
        shared = self._shared.setdefault(both, both)
        return _Template(form, shared, figures.said.iris.get(owner, ""))

    def _name_parts(self, constants: Mapping[str, str], said: _Said) -> Iterator[str | tuple[str]]:
        """Yield the parts of a name: those of the dimensions, the end of a period if it differs."""
        last: object = None
        for each in self._cube.dimensions:
            path = f"-{each.path}"
            same = each.holds == "date" and last == constants.get(path, said.texts.get(path))
            last = constants.get(path, said.texts.get(path))
            if same:
                continue
            if path not in constants:
                yield (path,)
            else:
                yield _plain(constants[path])

    def _missing(self, row: Row, figures: _Figures, said: _Said) -> None:
        place = Place(self._sheet, row.number, figures.at)
        names = [f for f in self._cube.form.required if f.path not in said.texts]
        for each in names:
            if each.path != self._cube.measure.path:
                short = self._known.short(each.path)
                problem = Problem(
                    f"The mapping does not say the {each.label} of these figures.",
                    "",
                    f"Give {short} by a column, in cjph:with, or as a virtual column.",
                )
                self._note(place, figures.title, problem)

    # What is wrong.

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
        """Note a finding; what is said of one text in one column is said once."""
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


def _plain(text: str) -> str:
    """Return a text as it stands in one that is filled in by `%`."""
    return text.replace("%", "%%")
