"""The cells of a table of statistics: a number, why there is none, or what is wrong with it."""

from pathlib import Path

from cjph_graph.contribute.drafts import SheetCell
from cjph_graph.contribute.home_contents import HomeContents
from cjph_graph.contribute.numbers import read_figure
from cjph_graph.contribute.problems import Problem, Reading
from cjph_graph.contribute.sheets import Row
from cjph_graph.contribute.statistics.cube_fields import CubeFields
from cjph_graph.contribute.statistics.labels import LabelledTable
from cjph_graph.contribute.statistics.mapping import TableMapping
from cjph_graph.contribute.statistics.stated_values import FigureColumn
from cjph_graph.contribute.turtle import as_turtle
from cjph_graph.contribute.values import cell_value, number_value
from cjph_graph.rdf import XSD


class FiguredTable(LabelledTable):
    """A table whose cells are read as figures."""

    def __init__(
        self, contents: HomeContents, cube: CubeFields, path: Path, mapping: TableMapping
    ) -> None:
        super().__init__(contents, cube, path, mapping)
        # What stands in place of figures, as Turtle; empty where it says nothing.
        self._statuses: dict[str, str] = {}
        self._read_statuses()

    def _read_statuses(self) -> None:
        status = self._cube.status
        for marker, name in self._mapping.markers.items():
            if name is None:
                self._statuses[marker] = ""
                continue
            if status is None:
                self._note_mapping("There is no property for why a value is missing.", "")
                return
            value = cell_value(self._contents, status, name, Reading())
            if isinstance(value, Problem):
                self._note_mapping(f"The marker {marker!r}: {value.message}", value.advice)
            else:
                self._statuses[marker] = as_turtle(value, self._contents.prefixes)

    def _read_cell(self, row: Row, figures: FigureColumn, text: str) -> tuple[str, bool] | None:
        """Return a number or a status as Turtle, and whether it is a status; None for nothing."""
        status = self._status_beside(row, figures, text)
        if status is None:
            bare = text if text in self._statuses else self._bare(text)
            status = self._statuses.get(bare)
            if status is None and text:
                number = self._number(row, figures, text, bare)
                return None if number is None else (number, False)
        return (status, True) if status else None

    def _status_beside(self, row: Row, figures: FigureColumn, text: str) -> str | None:
        """Return why there is no figure, where a column of its own says so."""
        if figures.status_at is None or not (flag := row[figures.status_at]):
            return None
        status = self._statuses.get(flag)
        if text in ("", "0"):
            if status is None and not text:
                self._unclear(row, figures.status_at, flag, "There is no figure, and")
            return status
        if status:
            said = f"“{flag}” stands in place of a figure, and there is one: {text}."
            advice = "Leave it out of cjph:markers, or the figure out of the table."
            place = SheetCell(self._sheet, row.number, figures.status_at)
            self._note(place, figures.title, Problem(said, advice=advice))
        return None

    def _number(self, row: Row, figures: FigureColumn, text: str, bare: str) -> str | None:
        """Return a number as Turtle; note a text that is no number, or that may be two."""
        found = read_figure(bare, figures.form)
        if len(found) == 1:
            read = number_value(found[0], self._cube.measure)
            if not isinstance(read, Problem):
                return as_turtle(read, {**self._contents.prefixes, "xsd": XSD})
        place = SheetCell(self._sheet, row.number, figures.at)
        if len(found) > 1:
            which = " or ".join(found)
            advice = "Say how figures are printed with datatype and format in the mapping."
            self._note(place, figures.title, Problem(f"“{text}” may be {which}.", advice=advice))
        else:
            self._unclear(row, figures.at, text)
        return None

    def _unclear(self, row: Row, at: int, text: str, before: str = "") -> None:
        """Note a text that is neither a figure nor a marker."""
        known = ", ".join(self._statuses) or "none yet"
        advice = (
            f"Say what {text!r} stands for in cjph:markers (there: {known}), or what a footnote"
            " looks like in cjph:footnotes."
        )
        said = f"{before} “{text}” is not a marker." if before else f"“{text}” is not a number."
        place = SheetCell(self._sheet, row.number, at)
        self._note(
            place, self._titles[at] if at < len(self._titles) else "", Problem(said, advice=advice)
        )
