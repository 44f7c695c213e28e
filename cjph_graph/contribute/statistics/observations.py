"""A table of statistics into observations, one for each figure, row after row.

What a row says of all its figures and what a column says of all of its own are looked up once and
kept as text; a figure then costs one substitution. So a table with ten million figures needs no
more memory than one with ten.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pyoxigraph import Literal

from cjph_graph.contribute.drafts import CellFinding, Place
from cjph_graph.contribute.known import Known
from cjph_graph.contribute.sheets import Row, column_name
from cjph_graph.contribute.statistics.columns import TROUBLE, FigureColumn, Said
from cjph_graph.contribute.statistics.cube import Cube
from cjph_graph.contribute.statistics.labels import LabelledTable
from cjph_graph.contribute.statistics.mapping import TableMapping
from cjph_graph.contribute.statistics.rows import body
from cjph_graph.contribute.turtle import written
from cjph_graph.contribute.values import Problem, Reading, read_value
from cjph_graph.rdf import XSD
from cjph_graph.system import tell

MAX_FINDINGS = 500
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
    of_row: "Said"
    figures: "FigureColumn"

    @property
    def name(self) -> str:
        """Its own name, behind the `#` of its IRI."""
        return self.text[2 : self.text.index("\n", 2)]


class _Template(NamedTuple):
    """The text of the observations of a column, with `%s` for what a row and the figure say.

    `of_row` are what of a row comes before and after the figure: names of properties, those that
    begin with `-` for the part of its name; equal ones are one object. `owner` is empty where the
    row gives it.
    """

    form: str
    of_row: tuple[tuple[str, ...], tuple[str, ...]]
    owner: str


class TableReader(LabelledTable):
    """Reads one table by one mapping; `findings` are what is wrong, noted as it is met."""

    def __init__(self, known: Known, cube: Cube, path: Path, mapping: TableMapping) -> None:
        super().__init__(known, cube, path, mapping)
        self._statuses: dict[str, str] = {}
        self._templates: dict[frozenset[str], dict[int, _Template | None]] = {}
        self._shared: dict[tuple[tuple[str, ...], tuple[str, ...]], Any] = {}
        self._seen: dict[int, int] = {}
        self._order = {each.path: at for at, each in enumerate(cube.form.fields)}
        self._read_statuses()
        self._complain_of_doubles()

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
            if said is TROUBLE:
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

    def _of_figures(self, row: Row, said: "Said") -> Iterator[Observation]:
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

    def _is_double(self, row: Row, said: "Said") -> bool:
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
                place = Place(self._sheet, row, figures.at)
                self._note(place, figures.title, Problem(message, "", advice))
            seen.setdefault(key, figures)

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

    def _figure(self, row: Row, figures: FigureColumn, text: str) -> str | None:
        """Return a number as Turtle; note a finding if it is not one."""
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
        self._note(place, figures.title, Problem(f"“{text}” is not a number.", "", advice))
        return None

    def _template(self, figures: FigureColumn, said: Said, *, is_status: bool) -> _Template | None:
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

    def _name_parts(self, constants: Mapping[str, str], said: Said) -> Iterator[str | tuple[str]]:
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

    def _missing(self, row: Row, figures: FigureColumn, said: Said) -> None:
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


def _plain(text: str) -> str:
    """Return a text as it stands in one that is filled in by `%`."""
    return text.replace("%", "%%")
