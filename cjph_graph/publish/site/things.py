"""The page of a thing: the statements about it and its parts, and what links to it.

All that a template shows is made here into plain values. Sources are numbered in the order in which
the page first names them; parts, such as findings, come before the other facts.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from cjph_graph.home import Kind, Property
from cjph_graph.publish.site.backlinks import Backlinks, backlinks
from cjph_graph.publish.site.cube import find_cube
from cjph_graph.publish.site.describe import Cell, Describer
from cjph_graph.publish.site.observations import Series, read_series
from cjph_graph.publish.site.presentation import CAVEATS, NAME, NOTE, SOURCE, SUMMARIES, View
from cjph_graph.publish.site.references import Reference, References
from cjph_graph.publish.site.words import capital
from cjph_graph.rdf import last_part


@dataclass(frozen=True)
class Fact:
    """A property with its values."""

    label: str
    values: tuple[Cell, ...]


@dataclass(frozen=True)
class Part:
    """Something that belongs to a thing, such as a finding; `anchor` is its place on the page."""

    anchor: str
    statement: str
    meta: tuple[Cell, ...]
    facts: tuple[Fact, ...]
    notes: tuple[Cell, ...]
    caveats: tuple[Cell, ...]
    caveat_references: tuple[Reference, ...]
    references: tuple[Reference, ...]


@dataclass(frozen=True)
class Group:
    """Parts of one sort under a heading of their own; `title` is empty if there is one sort."""

    title: str
    definition: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Section:
    """The parts that a property leads to; `nodes` are what they are in the graph."""

    anchor: str
    heading: str
    kind: Kind
    groups: tuple[Group, ...]
    nodes: tuple[NamedNode, ...]


@dataclass(frozen=True)
class ObservedSection:
    """The values of an indicator; `references` are the sources of each row."""

    anchor: str
    heading: str
    series: Series
    references: tuple[tuple[Reference, ...], ...]


@dataclass
class ThingPage:
    """All that the page of a thing shows."""

    iri: str
    view: View
    name: str
    summary: str
    meta: tuple[Cell, ...]
    caveats: tuple[Cell, ...]
    caveat_references: tuple[Reference, ...]
    sections: tuple[Section, ...]
    series: tuple[ObservedSection, ...]
    facts: tuple[Fact, ...]
    notes: tuple[Cell, ...]
    backlinks: tuple[Backlinks, ...]
    references: list[Reference] = field(default_factory=list)


class ThingPages:
    """Makes pages of things, one at a time."""

    def __init__(self, describer: Describer) -> None:
        self._describer = describer
        self._index = describer.index

    def page(self, node: NamedNode) -> ThingPage:
        """Return the page of a thing. Raises LookupError for what is of no kind."""
        describer = self._describer
        if (kind := self._index.kind(node)) is None:
            raise LookupError(node.value)
        view = describer.presentation.view(kind)
        references = References(describer)
        sections = tuple(self._sections(node, kind, references))
        references.of(describer.sources(node))
        caveat_references = references.of(describer.caveat_sources(node))
        shown = {each.value for section in sections for each in section.nodes}
        series = tuple(self._series(node, sections, references))
        return ThingPage(
            node.value,
            view,
            describer.index.label(node),
            describer.summary(node),
            describer.meta(node),
            describer.caveats(node),
            caveat_references,
            tuple(section for section in sections if section.groups),
            series,
            tuple(_without_echoes(list(self._facts(node, kind, shown)))),
            describer.texts(node, NOTE),
            backlinks(describer, node),
            references.all,
        )

    def _series(
        self, node: NamedNode, sections: Sequence[Section], references: References
    ) -> Iterator[ObservedSection]:
        key, name = last_part(node.value), self._index.label(node)
        for section in sections:
            if series := read_series(self._describer, section.kind, section.nodes, key, name):
                numbers = tuple(references.of(row.sources) for row in series.rows)
                yield ObservedSection(section.anchor, section.heading, series, numbers)

    def _sections(self, node: NamedNode, kind: Kind, references: References) -> Iterator[Section]:
        """Yield the parts of a thing, by the property that leads to them."""
        left = dict.fromkeys(self._index.parts(node))
        for entry in kind.properties:
            found = [part for part in self._led_to(node, entry) if part in left]
            for part in found:
                del left[part]
            if found and (section := self._section(entry, found, references)):
                yield section
        rest: dict[str, list[NamedNode]] = {}
        for part in left:
            if of := self._index.kind(part):
                rest.setdefault(of.iri, []).append(part)
        for parts in rest.values():
            if section := self._section(None, parts, references):
                yield section

    def _led_to(self, node: NamedNode, entry: Property) -> list[NamedNode]:
        if not entry.inverse:
            return self._describer.nodes(node, entry)
        found = (other for by, other in self._index.links_to(node) if by.value == entry.path)
        return [each for each in found if isinstance(each, NamedNode)]

    def _section(
        self, entry: Property | None, nodes: Sequence[NamedNode], references: References
    ) -> Section | None:
        kind = self._index.kind(nodes[0])
        if kind is None:
            return None
        view = self._describer.presentation.view(kind)
        heading = self._describer.presentation.heading(entry) if entry else view.title
        observed = find_cube(kind, self._describer.ontology)
        groups = () if observed else tuple(self._groups(nodes, kind, view, references))
        return Section(entry.key if entry else view.folder, heading, kind, groups, tuple(nodes))

    def _groups(
        self, nodes: Sequence[NamedNode], kind: Kind, view: View, references: References
    ) -> Iterator[Group]:
        sorts: dict[NamedNode | None, list[NamedNode]] = {}
        for node in nodes:
            sorts.setdefault(self._sort(node, view), []).append(node)
        order = {each: place for place, each in enumerate(self._in_order(sorts))}
        for sort in sorted(sorts, key=lambda each: order.get(each, len(order))):
            parts = tuple(self._part(node, kind, view, references) for node in sorts[sort])
            if sort is None:
                yield Group("", "", parts)
            else:
                title, definition = self._index.label(sort), self._describer.summary(sort)
                yield Group(title, definition, parts)

    def _sort(self, node: NamedNode, view: View) -> NamedNode | None:
        if view.grouped_by is None:
            return None
        found = self._index.values(node, NamedNode(view.grouped_by.path))
        return next((value for value in found if isinstance(value, NamedNode)), None)

    def _in_order(self, sorts: Collection[NamedNode | None]) -> list[NamedNode | None]:
        """Return values of a vocabulary in its order: that in which the files have them."""
        places = {node: at for at, node in enumerate(self._index)} if len(sorts) > 1 else {}
        return sorted(sorts, key=lambda each: places.get(each, len(places)) if each else -1)

    def _part(self, node: NamedNode, kind: Kind, view: View, references: References) -> Part:
        describer = self._describer
        shown = {entry.path for entry in view.meta}
        if view.grouped_by:
            shown.add(view.grouped_by.path)
        statement = describer.summary(node) or (describer.index.name(node) or "")
        sources = references.of(describer.sources(node))
        return Part(
            node.value.partition("#")[2],
            statement,
            describer.meta(node, if_missing=True),
            tuple(self._facts(node, kind, shown)),
            describer.texts(node, NOTE),
            describer.caveats(node),
            references.of(describer.caveat_sources(node)),
            sources,
        )

    def _facts(self, node: NamedNode, kind: Kind, shown: set[str]) -> Iterator[Fact]:
        """Yield the facts of a thing in the order of its shape.

        Left out is what `shown` has, IRIs of properties and parts, and what has its own place.
        """
        owner = self._index.owner(node)
        told = {NAME, NOTE, SOURCE, *SUMMARIES, *shown, *self._describer.presentation.left_out}
        measured = self._describer.measured(node, kind)
        for entry in kind.properties:
            if entry.path in measured:
                if (cell := measured[entry.path]).text:
                    yield Fact(capital(entry.name), (cell,))
                continue
            if entry.inverse or entry.path in told or last_part(entry.path) in CAVEATS:
                continue
            values = [
                self._describer.cell(value, entry)
                for value in self._index.values(node, NamedNode(entry.path))
                if value != owner and not (isinstance(value, NamedNode) and value.value in shown)
            ]
            missing = self._describer.presentation.if_missing(entry.path)
            if not values and missing:
                values = [Cell(missing)]
            if values:
                yield Fact(capital(entry.name), tuple(values))


def _without_echoes(facts: Sequence[Fact]) -> Iterator[Fact]:
    """Yield facts but for texts that only name what another fact links to, as of a publisher."""
    linked = {cell.text for fact in facts for cell in fact.values if cell.href}
    for fact in facts:
        if any(cell.href or cell.machine or cell.text not in linked for cell in fact.values):
            yield fact
