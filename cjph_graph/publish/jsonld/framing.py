"""Framing: the part of a graph that a JSON-LD 1.1 frame asks for, in the tree that it draws.

This is the W3C's algorithm (JSON-LD 1.1 Framing, section 4) over an index, so that one thing costs
what it holds and not what the graph holds. A frame names the things it is for, and what to show of
them and of what they link to:

    {"type": "Intervention", "name": {}, "lead": {"id": {}, "name": {}}}

    a cjph:Intervention ; skos:prefLabel "STAR"@en ; cjph:lead <a> ; cjph:issue <b> .
    <a> skos:prefLabel "City of Denver"@en ; cjph:place <c> .

    {"id": …, "type": "Intervention", "name": "STAR", "lead": [{"id": <a>, "name": "City of …"}]}

The API's options are set so that a frame shows what it lists and no more: `explicit` is true,
`omitDefault` too, and `embed` is `@always`. A frame may say otherwise with `@explicit` and
`@embed`. Ways to match are `@id`, `@type`, properties that are there or, with an empty list, are
not, and `@requireAll`. What would put statements into the output that are not in the graph
(`@default`), or asks for named graphs, lists or single values, is refused when a frame is read.

Most of what a frame draws is the end of a link: a place, a unit, a source by its name, the same in
thousands of places. A tree that holds no other one is the same wherever its frame leads to it, so
it is drawn once and then shared: by what draws, and by what writes it as JSON and as text.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import itemgetter

from pyoxigraph import BlankNode, Literal, NamedNode

from cjph_graph.errors import UsageError
from cjph_graph.publish.index import Index
from cjph_graph.publish.jsonld.trees import Tree, in_order
from cjph_graph.rdf import TYPE, Node
from cjph_graph.sparql import Value

# As deep as readers of JSON can be expected to follow.
_DEEPEST = 100
# More trees than these are not kept to be shared.
_MOST_SHARED = 5_000
ALWAYS, ONCE, NEVER = "@always", "@once", "@never"


@dataclass(frozen=True, eq=False)
class Frame:
    """What to show of a thing.

    `ids` and `types` are those that match: None where that is left open, an empty list for none,
    and `any_type` for things that have a class at all. `values` and `back` have the frames for what
    a property leads to, forwards and backwards; None means that there must be nothing.
    """

    ids: Collection[str] | None = None
    types: tuple[str, ...] | None = None
    any_type: bool = False
    values: Mapping[str, "Frame | None"] = field(default_factory=dict)
    back: Mapping[str, "Frame"] = field(default_factory=dict)
    embed: str = ALWAYS
    explicit: bool = True
    require_all: bool = False

    @cached_property
    def inside(self) -> "Frame":
        """The frame for properties that this one does not mention."""
        return Frame(embed=self.embed, explicit=self.explicit, require_all=self.require_all)

    def only(self, iris: Iterable[str]) -> "Frame":
        """Return the frame for these things alone."""
        return replace(self, ids=frozenset(iris))


class Framer:
    """Draws the trees of one frame.

    `shared` are trees that others have drawn from the same index, by thing and frame.
    """

    def __init__(
        self, index: Index, frame: Frame, shared: "dict[tuple[Node, Frame], Tree] | None" = None
    ) -> None:
        self._index = index
        self._frame = frame
        self._shared = {} if shared is None else shared
        self._above: list[Node] = []
        self._embedded: set[Node] = set()

    def trees(self) -> Iterator[Tree]:
        """Yield a tree for each thing that matches, in order of IRIs."""
        for node in sorted({*self._candidates()}, key=in_order):
            if self._matches(node, self._frame):
                self._embedded = set()
                yield self._draw(node, self._frame)

    def _candidates(self) -> Iterator[Node]:
        """Yield all that may match, found by IRI or by class where the frame allows it."""
        frame = self._frame
        if frame.ids:
            yield from filter(self._index.__contains__, map(NamedNode, frame.ids))
        elif frame.types:
            for iri in frame.types:
                yield from self._index.of_class(iri)
        else:
            yield from self._index

    def _matches(self, node: Node, frame: Frame) -> bool:
        """Say whether a frame is for a thing: by its IRI, its class or what it has."""
        if frame.ids is not None and not frame.ids and not frame.require_all:
            return True
        found: list[bool] = []
        if frame.ids is not None:
            found.append(not frame.ids or node.value in frame.ids)
            if not frame.require_all:
                return found[0]
        if frame.types is not None:
            classes = self._index.classes(node)
            if frame.types:
                found.append(any(iri in classes for iri in frame.types))
                if not frame.require_all:
                    return found[-1]
            elif classes and not frame.any_type:
                return False
            else:
                found.append(bool(classes) or not frame.any_type)
        for path, inner in frame.values.items():
            values = [value for p, value in self._index.about(node) if p.value == path]
            if inner is None and values:
                return False
            found.append(inner is None or self._has(values, inner))
        return all(found) if frame.require_all else any(found) or not found

    def _has(self, values: list[Value], frame: Frame) -> bool:
        """Say whether some value matches the frame for it."""
        if frame.ids is None or frame.values or frame.back or frame.types is not None:
            return bool(values)
        return any(self._matches(v, frame) for v in values if isinstance(v, NamedNode | BlankNode))

    def _draw(self, node: Node, frame: Frame) -> Tree:
        if len(self._above) > _DEEPEST:
            raise UsageError(
                f"The frame leads to things more than {_DEEPEST} links away.",
                'Leave out "@explicit": false, or say "@embed": "@once" or "@never" beside it.',
            )
        self._embedded.add(node)
        if (known := self._shared.get((node, frame))) is not None:
            return known
        tree = Tree(node)
        self._above.append(node)
        for path, value in self._listed(node, frame):
            if isinstance(value, Literal) or path == TYPE.value:
                tree.values.setdefault(path, []).append(value)
            elif isinstance(value, NamedNode | BlankNode):
                inner = frame.values.get(path) or frame.inside
                if self._matches(value, inner):
                    tree.values.setdefault(path, []).append(self._embed(value, inner))
        for path, inner in sorted(frame.back.items()):
            for property_, other in self._index.links_to(node):
                if property_.value == path and self._matches(other, inner):
                    tree.back.setdefault(path, []).append(self._embed(other, inner))
        self._above.pop()
        if isinstance(node, NamedNode) and self._is_end(tree):
            self._share(tree, frame)
        return tree

    def _listed(self, node: Node, frame: Frame) -> list[tuple[str, Value]]:
        """Return the statements about a thing that a frame may show, in order of properties."""
        wanted = frame.values if frame.explicit else None
        found = [
            (property_.value, value)
            for property_, value in self._index.about(node)
            if wanted is None or property_.value in wanted or property_ == TYPE
        ]
        found.sort(key=itemgetter(0))
        return found

    def _is_end(self, tree: Tree) -> bool:
        """Say whether nothing in a tree depends on where it stands: no other thing is drawn."""
        return not tree.back and not any(
            isinstance(value, BlankNode) or (isinstance(value, Tree) and value.node in self._index)
            for values in tree.values.values()
            for value in values
        )

    def _share(self, tree: Tree, frame: Frame) -> None:
        if len(self._shared) >= _MOST_SHARED:
            self._shared.clear()
        tree.shared = True
        self._shared[tree.node, frame] = tree

    def _embed(self, node: Node, frame: Frame) -> Tree:
        """Return what stands at a link: a tree, or the thing alone where a tree would go round."""
        if (
            frame.embed == NEVER
            or node in self._above[:-1]
            or (frame.embed == ONCE and node in self._embedded)
        ):
            return Tree(node)
        return self._draw(node, frame)
