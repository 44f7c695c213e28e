"""The data by which scripts filter, search and save the table of a kind.

A table on one page has its rows there already: its data are the values of its facets and the whole
of its CSV. A table on several pages is built anew from its data, so these also have what a row
shows; since few of their texts differ, each text stands there once and rows name it by its number.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cjph_graph.home import Property
from cjph_graph.publish.site.describe import Cell, Describer
from cjph_graph.publish.site.kinds import KindPages, TableRow, count_pages
from cjph_graph.publish.site.presentation import View
from cjph_graph.publish.site.words import capital
from cjph_graph.publish.tables import JOINED_BY, Table, slug
from cjph_graph.rdf import Node

# A facet with more values than the first number has the commonest; with more than the second, its
# values stand by name, since nobody reads through so many.
_MOST_VALUES, _MOST_BY_COUNT = 80, 20


@dataclass(frozen=True)
class _Facet:
    entry: Property
    values: tuple[str, ...]


class KindData:
    """Makes the data of tables."""

    def __init__(self, describer: Describer, pages: KindPages) -> None:
        self._describer = describer
        self._pages = pages

    def data(self, view: View, things: Sequence[Node], table: Table) -> dict[str, object]:
        """Return the data of a kind: `columns`, and `rows` with the values of each column.

        First come the columns of facets, which take in what a value lies in or is narrower than, so
        that a state has its cities; then those of the CSV. For a table on several pages there are
        also `texts`, and rows are lists of numbers: address, name and line, then each cell of the
        table with what it is sorted by, then the values of the columns.
        """
        facets = [facet for e in view.facets if len((facet := self._facet(e, things)).values) > 1]
        columns = [_facet_column(facet) for facet in facets]
        columns += [{"key": c.name, "label": capital(c.label)} for c in table.columns]
        rows = {row[-1]: row for row in table.rows}
        known = [node for node in things if node.value in rows]
        values = [self._values(node, facets, table, rows[node.value]) for node in known]
        if count_pages(len(things)) == 1:
            named = zip(known, values, strict=True)
            listed = [{"id": slug(node), "values": each} for node, each in named]
            return {"columns": columns, "rows": listed}
        packed = _Packed()
        for node, each in zip(known, values, strict=True):
            packed.add(self._pages.row(view, node, linked=False), each)
        return {"columns": columns, "texts": list(packed.numbers), "rows": packed.rows}

    def _values(
        self, node: Node, facets: Sequence[_Facet], table: Table, row: Sequence[str]
    ) -> list[str | list[str]]:
        texts = self._describer.texts_with_above
        return [
            *([text for text in texts(node, f.entry) if text in f.values] for f in facets),
            *(
                text.split(JOINED_BY) if column.several and text else text
                for text, column in zip(row, table.columns, strict=True)
            ),
        ]

    def _facet(self, entry: Property, things: Sequence[Node]) -> _Facet:
        counts = Counter[str]()
        for node in things:
            counts.update(self._describer.texts_with_above(node, entry))
        if len(counts) > _MOST_VALUES:
            counts = Counter({text: n for text, n in counts.items() if n < len(things)})
        commonest = sorted(counts, key=lambda text: (-counts[text], text.casefold()))
        if len(commonest) > _MOST_BY_COUNT:
            commonest = sorted(commonest[:_MOST_VALUES], key=str.casefold)
        return _Facet(entry, tuple(commonest))


class _Packed:
    """Rows as numbers of texts; `numbers` are the texts in their order, `rows` the rows."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.rows: list[list[int | list[int]]] = []

    def add(self, row: TableRow, values: Sequence[str | list[str]]) -> None:
        shown = [row.name.href, row.name.text, row.line]
        cells = [[_text(cells), _sorted_by(cells)] for cells in row.cells]
        self.rows.append([self._number(each) for each in (*shown, *cells, *values)])

    def _number(self, text: str | list[str]) -> int | list[int]:
        if isinstance(text, str):
            return self.numbers.setdefault(text, len(self.numbers))
        return [self.numbers.setdefault(each, len(self.numbers)) for each in text]


def _facet_column(facet: _Facet) -> dict[str, object]:
    return {
        "key": f"is-{facet.entry.key}",
        "label": capital(facet.entry.name),
        "facet": True,
        "download": False,
        "order": facet.values,
    }


def _text(cells: Sequence[Cell]) -> str:
    return ", ".join(f"{cell.mark} {cell.text}".lstrip() for cell in cells)


def _sorted_by(cells: Sequence[Cell]) -> str:
    return (cells[0].sort or cells[0].text) if cells else ""
