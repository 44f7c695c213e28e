"""Documents of a graph: whole or framed, as JSON-LD, JSON or JSON Lines.

documents = Documents(home, index)
documents.jsonld(thing)                     # one thing in the frame of its kind
documents.json(thing)                       # the same without a context
b"".join(documents.lines())                 # every thing of a kind, one a line
b"".join(documents.framed(documents.frame("intervention")))
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from pyoxigraph import NamedNode

from cjph_graph.errors import UsageError
from cjph_graph.home import Home, Kind
from cjph_graph.publish.index import Index
from cjph_graph.publish.jsonld.context import Context, Json, make_context
from cjph_graph.publish.jsonld.frames import NamedFrame, find_frame, frame_of
from cjph_graph.publish.jsonld.framing import NEVER, Frame, Framer
from cjph_graph.publish.jsonld.json_text import array, document, lines, one
from cjph_graph.publish.jsonld.trees import Nesting, Survey, Tree
from cjph_graph.publish.jsonld.writing import NodeWriter, expanded
from cjph_graph.rdf import Node

# The frame of things without a shape: all their statements, with links as IRIs.
_ANYTHING = Frame(explicit=False, embed=NEVER)


class Documents:
    """The documents of a graph under the context of a home.

    With `context_url` a JSON-LD document names this address in place of the context it needs, and
    only what it needs beyond that stands in it.
    """

    def __init__(self, home: Home, index: Index, *, context_url: str = "") -> None:
        self.index = index
        self._home = home
        self._url = context_url
        self._frames: dict[str, NamedFrame] = {}
        self._shared: dict[tuple[Node, Frame], Tree] = {}
        self._plain: dict[Frame, NodeWriter] = {}
        self._last: tuple[Node, Frame, list[Tree]] | None = None

    @cached_property
    def context(self) -> Context:
        """The context of the home's shapes."""
        return make_context(self.index.kinds)

    def frame(self, name: str) -> NamedFrame:
        """Return the frame that a person names; raise UsageError when there is none."""
        return find_frame(self._home, self.index.kinds, self.context, name)

    def frame_of(self, kind: Kind | None) -> NamedFrame:
        """Return the frame for the things of a kind."""
        iri = kind.iri if kind else ""
        if iri not in self._frames:
            self._frames[iri] = (
                frame_of(self._home, self.index.kinds, self.context, kind)
                if kind
                else NamedFrame("", _ANYTHING, self.context, {})
            )
        return self._frames[iri]

    def whole(self, roots: Iterable[Node] | None = None) -> Iterator[bytes]:
        """Yield the graph as one JSON-LD document, piece by piece.

        Every thing stands at the top, its parts inside it. With `roots` only these do, and what
        they link to is described inside them. Raises RefusedError for statements about statements.
        """
        survey = Survey(self.context).take_graph(self.index)
        context = self.context.without(survey.schemes).choosing(survey.datatypes)
        nesting = Nesting(self.index, context)
        trees = nesting.trees() if roots is None else nesting.described(roots)
        writer = NodeWriter(context, self.index.kinds)
        yield from document(self._head(context, survey), (writer.node(tree) for tree in trees))

    def expanded(self) -> Iterator[bytes]:
        """Yield the graph as expanded JSON-LD, with whole IRIs and no context, piece by piece."""
        Survey(self.context).take_graph(self.index)
        yield from array(expanded(self.index))
        yield b"\n"

    def framed(
        self, frame: NamedFrame, roots: Sequence[Node] | None = None, *, plain: bool = False
    ) -> Iterator[bytes]:
        """Yield what a frame shows, piece by piece, with `plain` as JSON without a context.

        With one root the document is that thing; otherwise things stand in a list, in order of
        IRIs. Raises UsageError when the frame is not for one of the roots.
        """
        alone = roots is not None and len(roots) == 1
        if plain:
            nodes = self._plainly(frame, roots)
            yield from one(next(nodes)) if alone else array(nodes)
            yield b"\n"
            return
        survey = Survey(frame.context)
        for tree in self._trees(frame, roots):
            survey.take_tree(tree)
        context = frame.context.without(survey.schemes).choosing(survey.datatypes)
        unnamed = [node for node, count in survey.blank.items() if count == 1]
        writer = NodeWriter(context, self.index.kinds, unnamed=unnamed)
        written = map(writer.node, self._trees(frame, roots))
        yield from document(self._head(context, survey), written, alone=alone)

    def jsonld(self, thing: Node) -> bytes:
        """Return a thing as JSON-LD in the frame of its kind."""
        return b"".join(self.framed(self.frame_of(self.index.kind(thing)), [thing]))

    def json(self, thing: Node) -> bytes:
        """Return a thing as JSON in the frame of its kind."""
        return b"".join(self.framed(self.frame_of(self.index.kind(thing)), [thing], plain=True))

    def things(self, roots: Sequence[Node] | None = None) -> Iterator[dict[str, Json]]:
        """Yield things as JSON values, each in the frame of its kind, in the order of the kinds.

        Without roots these are all things of a kind that are no parts.
        """
        index = self.index
        for kind in (*index.kinds, None):
            if roots is not None:
                chosen = [thing for thing in roots if index.kind(thing) == kind]
            elif kind:
                members = index.of_class(kind.iri)
                chosen = [t for t in members if index.owner(t) is None and index.kind(t) == kind]
            else:
                chosen = []
            if chosen:
                yield from self._plainly(self.frame_of(kind), chosen)

    def array(self, roots: Sequence[Node] | None = None) -> Iterator[bytes]:
        """Yield what `things` does as a JSON list, or one root as itself, piece by piece."""
        things = self.things(roots)
        alone = roots is not None and len(roots) == 1
        yield from one(next(things)) if alone else array(things)
        yield b"\n"

    def lines(
        self, frame: NamedFrame | None = None, roots: Sequence[Node] | None = None
    ) -> Iterator[bytes]:
        """Yield JSON Lines, a thing a line: what a frame shows, or things each in its own frame."""
        return lines(self._plainly(frame, roots) if frame else self.things(roots))

    def _plainly(
        self, frame: NamedFrame, roots: Sequence[Node] | None
    ) -> Iterator[dict[str, Json]]:
        if frame.frame not in self._plain:
            self._plain[frame.frame] = NodeWriter(frame.context, self.index.kinds, plain=True)
        yield from map(self._plain[frame.frame].node, self._trees(frame, roots))

    def _trees(self, frame: NamedFrame, roots: Sequence[Node] | None) -> Iterator[Tree]:
        if roots is None:
            return Framer(self.index, frame.frame, self._shared).trees()
        if len(roots) == 1:
            return iter(self._tree(frame, roots[0]))
        return self._drawn(frame, roots)

    def _tree(self, frame: NamedFrame, root: Node) -> list[Tree]:
        """Return the tree of one thing in a list; the last one is kept for the next format."""
        if self._last is None or self._last[:2] != (root, frame.frame):
            found = [*self._drawn(frame, [root])]
            if not found:
                raise UsageError(f"The frame {frame.name} shows nothing of {root.value}.")
            self._last = (root, frame.frame, found)
        return self._last[2]

    def _drawn(self, frame: NamedFrame, roots: Sequence[Node]) -> Iterator[Tree]:
        for root in roots:
            classes = self.index.classes(root)
            if frame.frame.types and not {*classes} & {*frame.frame.types}:
                raise UsageError(
                    f"The frame {frame.name} is not for {self.index.label(root)}.",
                    "Leave --frame out for the frame of its kind, or name another.",
                )
        iris = [root.value for root in roots if isinstance(root, NamedNode)]
        return Framer(self.index, frame.frame.only(iris), self._shared).trees()

    def _head(self, context: Context, survey: Survey) -> Json:
        if self._url:
            return context.beyond(self.context, self._url, survey.names)
        return context.used(survey.names)
