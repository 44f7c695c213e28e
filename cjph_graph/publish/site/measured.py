"""What is measured at a place: of each indicator the newest value, beside that of what it lies in.

Only values about everybody are shown, and the two are set side by side only where they are of one
period and one unit. Which property is the place and which the unit, the Data Cube terms say.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import NamedNode

from cjph_graph.home import Kind
from cjph_graph.publish.site.cube import Cube, find_cube
from cjph_graph.publish.site.describe import Cell, Describer
from cjph_graph.publish.site.words import small, span
from cjph_graph.rdf import Node


@dataclass(frozen=True)
class Measured:
    """An indicator at a place: its newest value there, and `beside` that of a larger place.

    `many` is how many values there are at the place; without one about everybody, `value` is empty.
    What has a `caveat`, its own or its indicator's, is set beside nothing.
    """

    indicator: Cell
    many: int
    value: Cell
    period: Cell
    beside: Cell
    where: Cell
    caveat: bool = False


@dataclass(frozen=True)
class _Value:
    owner: NamedNode
    start: str
    end: str
    figures: str
    unit: str
    caveat: bool

    @property
    def key(self) -> tuple[NamedNode, str, str, str]:
        """What a value must share with another one to be set beside it."""
        return self.owner, self.start, self.end, self.unit


class Measures:
    """The values of a graph by place, each about everybody."""

    def __init__(self, describer: Describer) -> None:
        self._describer = describer
        self._index = describer.index

    @cached_property
    def _found(self) -> tuple[Kind, Cube] | None:
        cubes = ((kind, find_cube(kind, self._describer.ontology)) for kind in self._index.kinds)
        return next(((kind, cube) for kind, cube in cubes if cube and cube.area), None)

    @property
    def kind(self) -> str:
        """The IRI of the class of observations; empty if there is none."""
        return self._found[0].iri if self._found else ""

    def at(self, place: NamedNode) -> tuple[Measured, ...]:
        """Return what is measured at a place, by the names of the indicators."""
        if self._found is None:
            return ()
        counts = Counter(self._owners(place, self._found[1]))
        newest: dict[NamedNode, _Value] = {}
        for entry in self._by_place.get(place, {}).values():
            known = newest.get(entry.owner)
            if known is None or (entry.end, entry.start) > (known.end, known.start):
                newest[entry.owner] = entry
        rows = [self._row(place, owner, many, newest.get(owner)) for owner, many in counts.items()]
        return tuple(sorted(rows, key=lambda row: row.indicator.text.casefold()))

    def _owners(self, place: NamedNode, cube: Cube) -> Iterator[NamedNode]:
        """Yield what each value at a place belongs to."""
        area = cube.area.path if cube.area else ""
        for path, node in self._index.links_to(place):
            owner = self._index.owner(node) if path.value == area else None
            if owner is not None:
                yield owner

    @cached_property
    def _by_place(self) -> dict[Node, dict[tuple[object, ...], _Value]]:
        found: dict[Node, dict[tuple[object, ...], _Value]] = {}
        if self._found is None:
            return found
        kind, cube = self._found
        for node in self._index.of_class(kind.iri):
            entry = self._entry(node, cube) if self._is_about_everybody(node, cube) else None
            if entry:
                for place in self._describer.nodes(node, cube.area):
                    found.setdefault(place, {})[entry.key] = entry
        return found

    def _entry(self, node: Node, cube: Cube) -> _Value | None:
        owner = self._index.owner(node)
        values = self._describer.values
        dates = [cell.machine for entry in cube.time for cell in values(node, entry)[:1]]
        numbers = [c.text for e in (cube.measure, cube.upper) for c in values(node, e)]
        if owner is None or not dates or not numbers:
            return None
        units = " ".join(small(cell.text) for cell in values(node, cube.unit))
        caveat = bool(self._describer.caveats(node) or self._describer.caveats(owner))
        return _Value(owner, dates[0], dates[-1], " to ".join(numbers), units, caveat)

    def _is_about_everybody(self, node: Node, cube: Cube) -> bool:
        presentation = self._describer.presentation
        groups = [group for entry in cube.groups for group in self._describer.nodes(node, entry)]
        standing = self._describer.nodes(node, cube.status)
        is_value = all(presentation.drawn_as(each) == "value" for each in standing)
        return is_value and all(map(presentation.is_ordinary, groups))

    def _row(self, place: NamedNode, owner: NamedNode, many: int, entry: _Value | None) -> Measured:
        indicator, none = self._describer.link(owner), Cell("")
        if entry is None:
            return Measured(indicator, many, none, none, none, none)
        value = Cell(f"{entry.figures} {entry.unit}".rstrip())
        period = Cell(span(entry.start, entry.end))
        for larger in self._describer.above(place):
            other = self._by_place.get(larger, {}).get(entry.key)
            if other and not (other.caveat or entry.caveat):
                where = self._describer.link(larger)
                return Measured(indicator, many, value, period, Cell(other.figures), where)
        return Measured(indicator, many, value, period, none, none, entry.caveat)
