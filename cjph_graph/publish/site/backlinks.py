"""What links to a thing, by the property that does and by kind."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nsmallest

from pyoxigraph import NamedNode

from cjph_graph.home import Kind
from cjph_graph.publish.site.describe import Cell, Describer
from cjph_graph.publish.site.presentation import View
from cjph_graph.publish.site.words import capital, count
from cjph_graph.rdf import Node

# More than these are not listed but counted; their table has them.
MOST_LISTED = 80
# Below a large place is nearly all there is: its page lists then only what is about itself.
_MOST_BELOW = 400
# Where kinds stand that the navigation does not name.
_LAST = 1000


@dataclass(frozen=True)
class Backlink:
    """A thing that links here, with what is said beside it."""

    name: Cell
    meta: tuple[Cell, ...]
    line: str


@dataclass(frozen=True)
class KindLinks:
    """Things of one kind that link here in one way; `more` says how many are not listed."""

    view: View
    many: int
    links: tuple[Backlink, ...]
    more: int
    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class Backlinks:
    """What links here in one way, by kind."""

    heading: str
    kinds: tuple[KindLinks, ...]


def backlinks(describer: Describer, node: NamedNode) -> tuple[Backlinks, ...]:
    """Return what links to a thing or, if that is not much, to what lies within it.

    Its own parts are left out, since the page shows them.
    """
    found = _found(describer, [node])
    for heading, kinds in _found(describer, _small(describer, node)).items():
        if heading not in _ways_down(describer):
            for kind, nodes in kinds.items():
                found.setdefault(heading, {}).setdefault(kind, {}).update(nodes)

    def ordered(kinds: Iterable[Kind]) -> list[Kind]:
        places = {kind: describer.presentation.view(kind).front or _LAST for kind in kinds}
        return sorted(places, key=places.__getitem__)

    return tuple(
        Backlinks(
            heading, tuple(_of_kind(describer, k, list(kinds[k]), node) for k in ordered(kinds))
        )
        for heading, kinds in found.items()
    )


def without(groups: Iterable[Backlinks], class_: str) -> tuple[Backlinks, ...]:
    """Return what links here without the things of one class, which the page shows elsewhere."""
    left = (
        Backlinks(each.heading, tuple(k for k in each.kinds if k.view.kind.iri != class_))
        for each in groups
    )
    return tuple(each for each in left if each.kinds)


def _small(describer: Describer, node: NamedNode) -> list[Node]:
    below: list[Node] = []
    for each in describer.below(node):
        below.append(each)
        if len(below) > _MOST_BELOW:
            return []
    return below


def _ways_down(describer: Describer) -> set[str]:
    """Return the headings over what is narrower or lies within, which a page gives one level of."""
    return {describer.presentation.back_heading(path.value) for path in describer.upwards}


def _found(describer: Describer, nodes: list[Node]) -> dict[str, dict[Kind, dict[Node, None]]]:
    index, left_out = describer.index, describer.presentation.left_out
    found: dict[str, dict[Kind, dict[Node, None]]] = {}
    for node in nodes:
        for path, other in index.links_to(node):
            kind = index.kind(other)
            if kind is None or index.owner(other) == node or path.value in left_out:
                continue
            heading = describer.presentation.back_heading(path.value)
            heading = heading or _plain_heading(kind, path)
            found.setdefault(heading, {}).setdefault(kind, {})[other] = None
    return found


def _plain_heading(kind: Kind, path: NamedNode) -> str:
    names = (entry.name for entry in kind.properties if entry.path == path.value)
    return f"{capital(kind.name)}: {next(names, 'linked')}"


def _of_kind(describer: Describer, kind: Kind, nodes: list[Node], page: Node) -> KindLinks:
    view = describer.presentation.view(kind)
    named = _named(describer, nodes)
    first = nsmallest(MOST_LISTED, named, key=lambda each: (each[0].text.casefold(), each[0].href))
    address = describer.address(page)
    links = tuple(_link(describer, view, name, what, address) for name, what in first)
    return KindLinks(view, len(nodes), links, len(named) - len(links), tuple(nodes))


def _named(describer: Describer, nodes: list[Node]) -> list[tuple[Cell, Node | int]]:
    """Return things with their names; parts without words of their own as one, by what has them.

    With each goes what it is or, for parts together, how many there are.
    """
    found: list[tuple[Cell, Node | int]] = []
    by_owner = Counter[Node]()
    for node in nodes:
        owner = describer.index.owner(node)
        if owner is not None and not describer.summary(node):
            by_owner[owner] += 1
        else:
            name = describer.link(owner or node)
            address = describer.address(node) or name.href if owner else name.href
            found.append((Cell(name.text, address, name.external), node))
    return [*found, *((describer.link(owner), many) for owner, many in by_owner.items())]


def _link(describer: Describer, view: View, name: Cell, what: Node | int, page: str) -> Backlink:
    """Return a thing with what stands under its name.

    That leaves out the page that this is on: there it goes without saying.
    """
    if isinstance(what, int):
        return Backlink(name, (Cell(count(what, view.one, view.many)),), "")
    meta = tuple(cell for cell in describer.meta(what) if cell.href != page)
    return Backlink(name, meta, describer.summary(what))
