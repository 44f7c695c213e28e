"""The page of a kind: its table, on as many pages as it needs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from cjph_graph.home import Property
from cjph_graph.publish.site.describe import Cell, Describer
from cjph_graph.publish.site.presentation import NAME, View
from cjph_graph.publish.site.words import capital
from cjph_graph.publish.tables import DATES, slug
from cjph_graph.rdf import DCTERMS, NUMBERS, SKOS, Node

# A table with more rows than these is split, into pages of so many: a page stays below 200 KB.
ROWS, _ROWS_OF_PAGE = 600, 180
# In longer tables only names are links.
_MOST_LINKED = 200
# Of so many rows scripts have the data; a longer table is read page by page, or downloaded.
_MOST_FILTERED = 5000
_MOST_WORDS = 300
_OTHER_NAMES = SKOS + "altLabel"


@dataclass(frozen=True)
class ColumnHead:
    """The head of a column: `sort` is how scripts sort it."""

    label: str
    sort: str


@dataclass(frozen=True)
class TableRow:
    """One thing in the table of its kind."""

    id: str
    name: Cell
    line: str
    cells: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class KindPage:
    """One page of the table of a kind; `data` says whether scripts have a data file for it."""

    view: View
    description: str
    total: int
    number: int
    pages: int
    heads: tuple[ColumnHead, ...]
    rows: tuple[TableRow, ...]
    data: bool


class KindPages:
    """Makes the pages of a kind, and what the search of the site knows of it."""

    def __init__(self, describer: Describer) -> None:
        self._describer = describer
        self._index = describer.index

    def things(self, view: View) -> list[Node]:
        """Return the things of a kind that have pages, by name."""
        found = [n for n in self._index.of_class(view.kind.iri) if self._describer.address(n)]
        return sorted(found, key=lambda node: (self.name(node).casefold(), node.value))

    def name(self, node: Node) -> str:
        """Return what a table calls a thing: a part without a name by its words or its owner's."""
        own = self._index.name(node)
        return own or self._describer.summary(node) or self._describer.link(node).text

    def page(self, view: View, things: Sequence[Node], number: int, description: str) -> KindPage:
        """Return one page of a kind's table; the first has the number 1."""
        pages = count_pages(len(things))
        each = ROWS if pages == 1 else _ROWS_OF_PAGE
        shown = things[(number - 1) * each : number * each]
        linked = len(things) <= _MOST_LINKED
        columns = _columns(view)
        return KindPage(
            view,
            description,
            len(things),
            number,
            pages,
            tuple(_head(view, entry) for entry in columns),
            tuple(self.row(view, node, linked=linked) for node in shown),
            has_data(len(things)),
        )

    def row(self, view: View, node: Node, *, linked: bool) -> TableRow:
        """Return the row of a thing; only its name is a link where the rest is not `linked`."""
        columns = _columns(view)
        link = self._describer.link(node)
        owner = self._index.owner(node)
        name = Cell(self.name(node), link.href, link.external)
        line = link.text if owner else self._describer.summary(node)
        cells = tuple(self._cells(view, entry, node) for entry in columns)
        if not linked:
            cells = tuple(tuple(map(_unlinked, each)) for each in cells)
        return TableRow(slug(node), name, "" if line == name.text else line, cells)

    def _cells(self, view: View, entry: Property, node: Node) -> tuple[Cell, ...]:
        if len(view.span) == 2 and entry == view.span[0]:
            return self._describer.lasted(node, view)
        missing = self._describer.presentation.if_missing(entry.path)
        found = self._describer.values(node, entry)
        return found or ((Cell(missing),) if missing else ())

    def search_rows(self, things: Sequence[Node]) -> Iterator[list[str]]:
        """Yield for each thing what the search of the whole site needs.

        Parts of one page that are found by the same words, such as the values of several years,
        are found once: at the first of them.
        """
        seen: set[tuple[str, ...]] = set()
        for node in things:
            name, address = self.name(node), self._describer.address(node)
            line = self._describer.summary(node)
            said = ("" if line == name else line, " ".join(self._words(node)))
            key = (address.partition("#")[0], name, *said)
            if key not in seen:
                seen.add(key)
                yield [address, name, *said]

    def _words(self, node: Node) -> Iterator[str]:
        """Yield other names, and the names of what a thing links to."""
        seen: set[str] = set()
        for path, value in self._index.about(node):
            if isinstance(value, NamedNode):
                text = self._index.name(value) if path.value != DCTERMS + "source" else None
            else:
                text = value.value if path.value in (_OTHER_NAMES, NAME) else None  # type: ignore[union-attr]
            if text and text not in seen and sum(map(len, seen)) < _MOST_WORDS:
                seen.add(text)
                yield text


def _unlinked(cell: Cell) -> Cell:
    return replace(cell, href="") if cell.href else cell


def count_pages(rows: int) -> int:
    """Return on how many pages a table of so many rows stands."""
    return 1 if rows <= ROWS else -(-rows // _ROWS_OF_PAGE)


def has_data(rows: int) -> bool:
    """Say whether scripts have the data of a table of so many rows."""
    return rows <= _MOST_FILTERED


def _columns(view: View) -> list[Property]:
    """Return the columns of a table; the end of a span of time stands with its start."""
    return [entry for entry in view.columns if len(view.span) < 2 or entry != view.span[1]]


def _head(view: View, entry: Property) -> ColumnHead:
    label = "When" if len(view.span) == 2 and entry == view.span[0] else capital(entry.name)
    return ColumnHead(label, _sorting(entry))


def _sorting(entry: Property) -> str:
    if entry.datatypes & DATES:
        return "date"
    return "number" if entry.datatypes & NUMBERS and not entry.links else "text"
