"""What each row of a table says about its figures, by the columns that name it."""

import re
from dataclasses import replace
from pathlib import Path

from pyoxigraph import NamedNode

from cjph_graph.contribute.drafts import SheetCell
from cjph_graph.contribute.forms import Field
from cjph_graph.contribute.home_contents import HomeContents, slug
from cjph_graph.contribute.problems import Problem
from cjph_graph.contribute.sheets import Row, column_name
from cjph_graph.contribute.statistics.columns import MappedTable
from cjph_graph.contribute.statistics.cube_fields import CubeFields
from cjph_graph.contribute.statistics.mapping import Described, TableMapping
from cjph_graph.contribute.statistics.stated_values import TROUBLE, LabelColumn, StatedValues

_MOST_KEPT = 10_000


class LabelledTable(MappedTable):
    """A table whose rows say what they are about.

    `added` is what the table describes that is not there yet: by class and short name its row and
    its cells.
    """

    def __init__(
        self, contents: HomeContents, cube: CubeFields, path: Path, mapping: TableMapping
    ) -> None:
        self.added: dict[str, dict[str, tuple[int, dict[str, str]]]] = {}
        self._cache: dict[tuple[int, str], StatedValues | None] = {}
        self._last: dict[int, str] = {}
        super().__init__(contents, cube, path, mapping)
        self._filled = [column for column in self._of_rows if column.described.fill]

    def _of_row(self, row: Row) -> list[StatedValues]:
        """Return what a row says about its figures: nothing where it is left out.

        It says several things where a cell has several values.
        """
        found, trouble = [StatedValues()], False
        for column in self._of_rows:
            more = self._of_column(column, row)
            if None in more:
                return []
            trouble = trouble or any(each is TROUBLE for each in more)
            found = [said.joined(each) for said in found for each in more if each]
        return [TROUBLE] if trouble else found

    def _of_column(self, column: LabelColumn, row: Row) -> list[StatedValues | None]:
        text, at = self._text_of(column, row)
        separator = column.described.separator
        texts = [part.strip() for part in text.split(separator)] if separator else [text]
        return [self._kept(column, each, row, at) for each in dict.fromkeys(texts)]

    def _kept(self, column: LabelColumn, text: str, row: Row, at: int) -> StatedValues | None:
        key = (column.number, text)
        if key not in self._cache:
            if len(self._cache) > _MOST_KEPT:
                self._cache.clear()
            self._cache[key] = self._looked_up(column, text, row, at)
        return self._cache[key]

    def _text_of(self, column: LabelColumn, row: Row) -> tuple[str, int]:
        """Return the text that names something in a row, and where it stands."""
        if column.described.join:
            text, at = "".join(row[at] for at in column.at), column.at[0]
        else:
            at = next((a for a in column.at if row[a]), column.at[0])
            text = row[at]
        if not column.described.fill:
            return text, at
        if text and self._part_of(column.described, self._bare(text)):
            self._last[column.number] = text
        return self._last.get(column.number, ""), at

    def _fill(self, row: Row) -> None:
        """Remember what a row without figures says about those below it."""
        for column in self._filled:
            self._text_of(column, row)

    def _looked_up(self, column: LabelColumn, text: str, row: Row, at: int) -> StatedValues | None:
        described, place = column.described, SheetCell(self._sheet, row.number, at)
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
            if described.zeros and bare.isdigit():
                bare = bare.zfill(described.zeros)
        if not bare:
            self._note(
                place, described.name, Problem("This cell is empty, and its row has figures.")
            )
            return TROUBLE
        said = self._read(column.fields, bare, described.two_digits)
        if isinstance(said, Problem) and described.add:
            said = self._added(described, column.fields[0], bare, row)
        if isinstance(said, Problem):
            advice = f"{said.advice} Or say what it stands for in cjph:values; null leaves it out."
            self._note(place, column.fields[0].label, replace(said, advice=advice.strip()))
            return TROUBLE
        return said

    @staticmethod
    def _part_of(described: Described, text: str) -> str:
        """Return the part of a text that counts."""
        match = re.search(described.pattern, text) if described.pattern else None
        if match is None:
            return "" if described.pattern else text
        return str(match[1] if match.re.groups else match[0])

    def _added(
        self, described: Described, each: Field, text: str, row: Row
    ) -> StatedValues | Problem:
        """Return a new thing that a row describes; its own row goes to `added`."""
        by_title = {title: row[at] for at, title in enumerate(self._titles)}
        by_title |= {column_name(at + 1): row[at] for at in range(len(row.cells))}
        cells = {}
        for column, template in described.add.items():
            cells[column] = re.sub(
                r"\{([^}]*)\}", lambda match: by_title.get(match[1], match[0]), template
            ).replace("{}", text)
        form = self._contents.forms.get(each.targets[0]) if each.targets else None
        short = cells.get("id") or slug(cells.get("name", ""))
        if form is None or not short:
            return Problem("cjph:add gives no name.", advice='It needs "name" or "id".')
        cells["id"] = short
        self.added.setdefault(form.kind.iri, {}).setdefault(short, (row.number, cells))
        return self._as_said(each, NamedNode(form.kind.namespace + short))
