"""The values of an indicator: their table, and what the pictures of them are drawn from."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import cached_property, partial

from pyoxigraph import Literal, NamedNode

from cjph_graph.home import Kind, Property
from cjph_graph.publish.site.cube import Cube, find_cube
from cjph_graph.publish.site.describe import MOST_PARTS, Cell, Describer
from cjph_graph.publish.site.pictures import IndicatorPictures, PublishedValue, draw_indicator
from cjph_graph.publish.site.presentation import NOTE
from cjph_graph.publish.site.words import capital, small, span
from cjph_graph.rdf import TRUE, Node

# In longer tables places and groups are no links.
_MOST_LINKED = 60


@dataclass(frozen=True)
class Observed:
    """One row: the period, what tells it from others, the value, and whose remarks are beneath."""

    anchor: str
    period: Cell
    cells: tuple[tuple[Cell, ...], ...]
    value: Cell
    remarks: tuple[Cell, ...]
    caveats: tuple[Cell, ...]
    sources: tuple[Node, ...]


@dataclass
class Series:
    """The values of an indicator: heads of the columns between period and value, rows, pictures.

    There are rows for the first MOST_PARTS of `many` values.

    `shared` are unit and place where all values have the same: then they are no columns.
    """

    heads: tuple[str, ...]
    rows: tuple[Observed, ...]
    many: int
    shared: tuple[Cell, ...]
    draw: Callable[[], IndicatorPictures]

    @cached_property
    def pictures(self) -> IndicatorPictures:
        """The pictures of the values, drawn when they are first asked for."""
        return self.draw()


def read_series(
    describer: Describer, kind: Kind, nodes: Sequence[NamedNode], key: str, name: str
) -> Series | None:
    """Return the values of one indicator; None if the things of a kind are no observations."""
    cube = find_cube(kind, describer.ontology)
    if cube is None:
        return None
    reader = _SeriesReader(describer, cube)
    ordered = reader.in_order(nodes)
    columns = reader.columns(ordered)
    shared = reader.shared(ordered)
    columns = [entry for entry in columns if entry.path not in shared]
    linked = len(ordered) <= _MOST_LINKED
    shown = ordered[:MOST_PARTS]
    rows = tuple(reader.row(node, columns, linked=linked) for node in shown)
    values = [value for node in ordered for value in reader.values(node)]
    draw = partial(draw_indicator, key, name, values, everybody=reader.everybody(ordered))
    heads = tuple(capital(entry.name) for entry in columns)
    return Series(heads, rows, len(ordered), tuple(shared.values()), draw)


class _SeriesReader:
    def __init__(self, describer: Describer, cube: Cube) -> None:
        self._describer = describer
        self._nodes, self._values = describer.nodes, describer.values
        self._cube = cube

    def columns(self, nodes: Sequence[Node]) -> list[Property]:
        """Return the properties by which these values differ from what is ordinary."""
        cube = self._cube
        asked = (cube.area, *cube.groups, cube.unit, cube.status)
        return [e for e in asked if e and self._differs(e, nodes)]

    def _differs(self, entry: Property, nodes: Sequence[Node]) -> bool:
        found = {value for node in nodes for value in self._nodes(node, entry)}
        ordinary = self._describer.presentation.is_ordinary
        return len(found) > 1 or not all(ordinary(value) for value in found)

    def shared(self, nodes: Sequence[Node]) -> dict[str, Cell]:
        """Return the unit and the place by property, where all values have the same."""
        found: dict[str, Cell] = {}
        for entry in (self._cube.unit, self._cube.area):
            cells = {cell.text: cell for node in nodes for cell in self._values(node, entry)}
            if entry and len(cells) == 1:
                found[entry.path] = next(iter(cells.values()))
        return found

    def everybody(self, nodes: Sequence[Node]) -> str:
        """Return what the vocabulary of groups calls all people."""
        groups = self._cube.groups[:1]
        found = {value: None for node in nodes for e in groups for value in self._nodes(node, e)}
        ordinary = self._describer.presentation.is_ordinary
        return next((self._describer.index.label(v) for v in found if ordinary(v)), "Everybody")

    def in_order(self, nodes: Sequence[NamedNode]) -> list[NamedNode]:
        """Order values by group, all people first, by place, that with most first, newest first."""
        places = Counter(place for node in nodes for place in self._nodes(node, self._cube.area))

        def order(node: NamedNode) -> tuple[object, ...]:
            groups = [
                self._rank(value) for e in self._cube.groups for value in self._nodes(node, e)
            ]
            place = [
                (-places[each], self._rank(each)) for each in self._nodes(node, self._cube.area)
            ]
            return (groups, place)

        newest_first = sorted(nodes, key=lambda node: (self._period(node), node.value))[::-1]
        return sorted(newest_first, key=order)

    def _rank(self, value: NamedNode) -> tuple[bool, str]:
        ordinary = self._describer.presentation.is_ordinary(value)
        return (not ordinary, self._describer.index.label(value))

    def _period(self, node: Node) -> tuple[str, str]:
        ends = [cells[0].machine for e in self._cube.time if (cells := self._values(node, e))]
        return (ends[0], ends[-1]) if ends else ("", "")

    def row(self, node: NamedNode, columns: Sequence[Property], *, linked: bool) -> Observed:
        describer = self._describer
        start, end = self._period(node)
        value = " to ".join(
            cell.text
            for entry in (self._cube.measure, self._cube.upper)
            for cell in self._values(node, entry)
        )
        machine = start if start == end else ""
        return Observed(
            node.value.partition("#")[2],
            Cell(span(start, end), machine=machine, sort=start),
            tuple(
                cells if linked else tuple(replace(cell, href="") for cell in cells)
                for cells in (self._values(node, entry) for entry in columns)
            ),
            Cell(value, sort=next((c.sort for c in self._values(node, self._cube.measure)), "")),
            describer.texts(node, NOTE),
            describer.caveats(node),
            tuple(describer.sources(node)),
        )

    def values(self, node: Node) -> Iterator[PublishedValue]:
        """Yield an observation as pictures take it, if it is a number of some period."""
        number, upper = (self._number(node, e) for e in (self._cube.measure, self._cube.upper))
        start, end = self._period(node)
        if number is None or not start or not end:
            return
        area = self._nodes(node, self._cube.area)
        groups = [self._unsaid(node, entry) for entry in self._cube.groups]
        status = self._nodes(node, self._cube.status)
        yield PublishedValue(
            place=self._describer.index.label(area[0]) if area else "",
            group=", ".join(filter(None, groups[:1])),
            sex=", ".join(filter(None, groups[1:])),
            start=start,
            end=end,
            number=number,
            upper=upper,
            unit=small(" ".join(cell.text for cell in self._values(node, self._cube.unit))),
            role=self._describer.presentation.drawn_as(status[0]) if status else "value",
            qualifier=small(self._unsaid(node, self._cube.status)),
            starts_series=self._starts(node),
            caveat=" ".join(cell.text for cell in self._describer.caveats(node)),
            place_code=self._describer.map_code(area[0]) if area else "",
            versus=self._versus(node),
        )

    def _starts(self, node: Node) -> bool:
        """Say whether earlier values can't be compared with this one."""
        starts, values = self._cube.starts, self._describer.index.values
        return starts is not None and TRUE in values(node, NamedNode(starts.path))

    def _versus(self, node: Node) -> str:
        """Return the name of the group that the group of a value is set against; empty if none."""
        found = [group for entry in self._cube.groups[:1] for group in self._nodes(node, entry)]
        other = self._describer.presentation.compared_with(found[0]) if found else None
        return self._describer.index.label(other) if other else ""

    def _unsaid(self, node: Node, entry: Property | None) -> str:
        """Return the value of a property in words; nothing for the ordinary one."""
        ordinary = self._describer.presentation.is_ordinary
        found = [value for value in self._nodes(node, entry) if not ordinary(value)]
        return ", ".join(self._describer.index.label(value) for value in found)

    def _number(self, node: Node, entry: Property | None) -> Decimal | None:
        found = self._describer.index.values(node, NamedNode(entry.path)) if entry else []
        for value in found:
            if isinstance(value, Literal):
                try:
                    return Decimal(value.value)
                except InvalidOperation:
                    return None
        return None
