"""The pictures on pages of kinds, places and things, drawn from what annotations of shapes name."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from pyoxigraph import NamedNode

from cjph_graph.home import Property
from cjph_graph.publish.site.describe import Describer
from cjph_graph.publish.site.pictures import (
    Approach,
    Figure,
    NetworkLink,
    PolicyChange,
    Span,
    draw_evidence,
    draw_network,
    draw_timeline,
)
from cjph_graph.publish.site.presentation import NAME, SOURCE, View
from cjph_graph.publish.site.words import small
from cjph_graph.rdf import IN_SCHEME, Node, last_part

# With more links than these a picture shows nothing that the list does not.
_MOST_LINKS = 60
_FEWEST_SPANS, _MOST_SPANS = 2, 120
# On the page of one thing, beside all else that stands there.
_MOST_BESIDE = 45
_MARKS = 4


class Figures:
    """Draws things of an index; `until` is the date of the release, which ends open bars."""

    def __init__(self, describer: Describer, until: str) -> None:
        self._describer = describer
        self._nodes = describer.nodes
        self._index = describer.index
        self._until = until

    def of_kind(self, view: View, nodes: Sequence[Node], root: str) -> list[Figure]:
        """Return the pictures of a whole kind."""
        found = (self._evidence(view, nodes, root), self._timeline(view, nodes, root, "timeline"))
        return [figure for figure in found if figure]

    def beside(
        self, view: View, nodes: Sequence[Node], root: str, key: str, of: Node
    ) -> Figure | None:
        """Draw what links to a thing over time, if that is not too much for its page."""
        if len(nodes) > _MOST_BESIDE:
            return None
        return self._timeline(view, nodes, root, key, self._index.label(of))

    def _timeline(
        self, view: View, nodes: Iterable[Node], root: str, key: str, known: str = ""
    ) -> Figure | None:
        """Draw from when to when things of a kind applied, and what changed them.

        A place that is `known`, since the page is about it, isn't said again.
        """
        if len(view.timeline) < 2 or not self._until:
            return None
        spans = [self._span(view, node, root, known) for node in nodes]
        if not _FEWEST_SPANS <= len(spans) <= _MOST_SPANS:
            return None
        return draw_timeline(key, f"{view.title} over time", spans, self._until)

    def _span(self, view: View, node: Node, root: str, known: str) -> Span:
        start, status, *changed = view.timeline
        places = [
            cell.text
            for entry in view.meta
            if entry not in view.timeline
            for cell in self._describer.values(node, entry)
            if cell.text != known
        ]
        statuses = self._nodes(node, status)
        parts = [part for entry in changed for part in self._nodes(node, entry)]
        changes = tuple(map(self._change, parts))
        is_over = any(map(self._describer.presentation.ends, statuses))
        return Span(
            self._index.label(node),
            ", ".join(places),
            self._date(node, start),
            self._index.label(statuses[0]) if statuses else "",
            root + self._describer.address(node),
            changes,
            max((each.date for each in changes if each.undoes), default="") if is_over else "",
        )

    def _change(self, part: Node) -> PolicyChange:
        """Return a change: its first date, and its first value of a vocabulary."""
        kind = self._index.kind(part)
        entries = kind.properties if kind else ()
        dates = (self._date(part, entry) for entry in entries)
        linked = (value for entry in entries for value in self._nodes(part, entry))
        what = next((value for value in linked if self._index.values(value, IN_SCHEME)), None)
        return PolicyChange(
            next(filter(None, dates), ""),
            self._index.label(what) if what else "",
            self._describer.summary(part),
            self._describer.presentation.undoes(what),
        )

    def _date(self, node: Node, entry: Property) -> str:
        return next((cell.machine for cell in self._describer.values(node, entry)), "")

    def _evidence(self, view: View, nodes: Iterable[Node], root: str) -> Figure | None:
        """Draw how sure things are, by the broadest values of the property that is charted."""
        marked = next((e for e in view.facets if self._is_marked(e, nodes)), None)
        if view.charted_by is None or marked is None:
            return None
        order = {each: place for place, each in enumerate(self._index)}
        found = {v for node in nodes for v in self._nodes(node, marked)}
        ranked = sorted(filter(self._describer.presentation.mark, found), key=order.__getitem__)
        counts: dict[NamedNode, list[int]] = {}
        for node in nodes:
            ranks = [ranked.index(v) for v in self._nodes(node, marked) if v in ranked[:_MARKS]]
            for value in {self._broadest(v) for v in self._nodes(node, view.charted_by)}:
                if ranks:
                    counts.setdefault(value, [0] * _MARKS)[min(ranks)] += 1
        rows = [
            Approach(
                self._index.label(value),
                (many[0], many[1], many[2], many[3]),
                root + self._describer.address(value),
            )
            for value, many in counts.items()
        ]
        title = f"{view.title} by {view.charted_by.name} and {marked.name}"
        words = [self._index.label(each) for each in ranked[:_MARKS]]
        return draw_evidence("evidence", title, words, rows) if rows else None

    def _is_marked(self, entry: Property, nodes: Iterable[Node]) -> bool:
        mark = self._describer.presentation.mark
        return any(mark(value) for node in nodes for value in self._nodes(node, entry))

    def _broadest(self, node: NamedNode) -> NamedNode:
        above = [each for each in self._describer.above(node) if isinstance(each, NamedNode)]
        return above[-1] if above else node

    def network(self, node: NamedNode, root: str) -> Figure | None:
        """Draw what a thing is linked with: other things with pages, but no values or sources."""
        found = chain(self._links_out(node, root), self._links_in(node, root))
        links = list(islice(found, _MOST_LINKS + 1))
        if len(links) > _MOST_LINKS:
            return None
        return draw_network(f"around-{last_part(node.value)}", self._index.label(node), links)

    def _links_out(self, node: NamedNode, root: str) -> Iterator[NetworkLink]:
        kind = self._index.kind(node)
        names = {entry.path: entry.name for entry in kind.properties} if kind else {}
        for path, value in self._index.about(node):
            is_shown = path.value in names and path.value not in (SOURCE, NAME)
            if is_shown and isinstance(value, NamedNode) and self._is_drawn(value):
                link = self._describer.link(value)
                yield NetworkLink(names[path.value], link.text, root + link.href)

    def _links_in(self, node: NamedNode, root: str) -> Iterator[NetworkLink]:
        for path, other in self._index.links_to(node):
            if path.value == SOURCE or not self._is_drawn(other):
                continue
            if kind := self._index.kind(other):
                names = (entry.name for entry in kind.properties if entry.path == path.value)
                heading = self._describer.presentation.back_heading(path.value)
                words = small(heading) or next(names, kind.name)
                link = self._describer.link(other)
                yield NetworkLink(words, link.text, root + link.href, incoming=True)

    def _is_drawn(self, other: Node) -> bool:
        if self._index.owner(other) is not None or self._index.values(other, IN_SCHEME):
            return False
        return bool(self._describer.address(other))
