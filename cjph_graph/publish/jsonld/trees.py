"""What a document shows of a thing: its values, and inside them other things as trees.

A tree is independent of JSON. That of a whole graph has each statement once, with parts inside
their thing; that of a frame shows what the frame asks for.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cjph_graph.errors import RefusedError
from cjph_graph.publish.index import LANGUAGE, Index
from cjph_graph.publish.jsonld.context import NATIVE, Context
from cjph_graph.rdf import TYPE, XSD, Node
from cjph_graph.sparql import Value

_MOST_SEEN = 5_000


@dataclass(slots=True, eq=False)
class Tree:
    """A thing with its values by the IRI of the property, and with what links to it.

    A `shared` one stands in many places; no blank node is in it, and nothing links to it.
    """

    node: Node
    values: dict[str, "list[Shown]"] = field(default_factory=dict)
    back: dict[str, "list[Tree]"] = field(default_factory=dict)
    shared: bool = False


Shown: TypeAlias = "Value | Tree"


class Nesting:
    """Trees of a graph: each part inside the thing it belongs to, if the two are linked."""

    def __init__(self, index: Index, context: Context) -> None:
        self._index = index
        self._back = context.backwards

    def trees(self) -> Iterator[Tree]:
        """Yield a tree for each thing that stands inside no other, in order of IRIs."""
        nested: set[Node] = set()
        # A thing comes before its parts, as its IRI is the beginning of theirs.
        for subject in sorted(self._index, key=in_order):
            if subject in nested:
                nested.discard(subject)
                continue
            parts = self._parts(subject)
            nested.update(parts)
            yield self._tree(subject, parts)

    def described(self, roots: Iterable[Node]) -> Iterator[Tree]:
        """Yield a tree for each root, with what it links to described inside, one link deep.

        Blank nodes come after, each by itself: they can't be looked up elsewhere, and may hang
        together in a row of any length.
        """
        blank = {subject for subject in self._index if isinstance(subject, BlankNode)}
        for root in sorted({*roots} - blank, key=in_order):
            yield self._tree(root, self._parts(root), depth=1)
        for node in sorted(blank, key=in_order):
            yield self._tree(node, {})

    def _parts(self, owner: Node) -> dict[Node, str]:
        """Return what stands inside a thing.

        With each goes the property by which it links back, empty if the thing links to it.
        """
        found: dict[Node, str] = {}
        if not (parts := self._index.parts(owner)):
            return found
        linked = {value for _, value in self._index.about(owner)}
        for part in parts:
            if part in linked:
                found[part] = ""
                continue
            back = sorted(p.value for p, value in self._index.about(part) if value == owner)
            if by := next((path for path in back if path in self._back), ""):
                found[part] = by
        return found

    def _tree(
        self,
        subject: Node,
        parts: Mapping[Node, str],
        *,
        depth: int = 0,
        inside: Node | None = None,
        by: str = "",
    ) -> Tree:
        """Return the tree of a thing; `by` is the property by which it links to what it is in."""
        tree = Tree(subject)
        for property_, value in self._index.about(subject):
            path = property_.value
            if by and path == by and value == inside:
                continue
            shown: Shown = value
            if isinstance(value, NamedNode):
                if value in parts:
                    shown = self._tree(value, {}, depth=depth, inside=subject)
                elif depth and value in self._index and value != inside and property_ != TYPE:
                    shown = self._tree(value, self._parts(value), depth=depth - 1)
            tree.values.setdefault(path, []).append(shown)
        for part, path in parts.items():
            if path:
                turned = self._tree(part, {}, depth=depth, inside=subject, by=path)
                tree.back.setdefault(path, []).append(turned)
        return tree


@dataclass
class Survey:
    """What a document will hold, as far as its context depends on it.

    `names` are the terms and classes that are used, `schemes` what IRIs begin with that have no
    `//` behind it, `datatypes` how often the values of a property have each datatype, and `blank`
    in how many places of its trees each blank node stands: one place needs no identifier.
    """

    context: Context
    names: set[str] = field(default_factory=set)
    schemes: set[str] = field(default_factory=set)
    datatypes: dict[str, Counter[str]] = field(default_factory=dict)
    blank: Counter[BlankNode] = field(default_factory=Counter)
    # Trees that have been seen and hold no value that would be counted.
    _seen: set[Tree] = field(default_factory=set)

    def take_graph(self, index: Index) -> "Survey":
        """Take in a whole graph."""
        for subject in index:
            self._note(subject)
            owner = index.owner(subject)
            for property_, value in index.about(subject):
                self._take(property_.value, value)
                if owner and value == owner and property_.value in self.context.backwards:
                    self.names.add(self.context.backwards[property_.value].name)
        return self

    def take_tree(self, tree: Tree) -> None:
        """Take in one tree, with all that is inside it."""
        if tree in self._seen:
            return
        counts = False
        self._note(tree.node)
        if isinstance(tree.node, BlankNode):
            self.blank[tree.node] += 1
        for path, values in tree.values.items():
            term = self.context.terms.get(path)
            counts |= bool(term and term.choices)
            for value in values:
                if isinstance(value, Tree):
                    self.take_tree(value)
                    value = value.node
                self._take(path, value)
        for path, trees in tree.back.items():
            term = self.context.backwards.get(path) or self.context.terms.get(path)
            self.names.add(term.name if term else path)
            for each in trees:
                self.take_tree(each)
        if tree.shared and not counts:
            if len(self._seen) >= _MOST_SEEN:
                self._seen.clear()
            self._seen.add(tree)

    def _note(self, node: object) -> None:
        if isinstance(node, NamedNode):
            start, _, rest = node.value.partition(":")
            if not rest.startswith("//"):
                self.schemes.add(start)

    def _take(self, path: str, value: Value) -> None:
        if isinstance(value, Literal):
            self._take_literal(path, value)
            return
        if isinstance(value, Triple):
            raise RefusedError(
                "JSON-LD cannot hold statements about statements, and there is one about"
                f" {value.subject}.",
                "Choose the format turtle or ntriples.",
            )
        self._note(value)
        if path == TYPE.value and isinstance(value, NamedNode):
            if value.value in self.context.classes:
                self.names.add(self.context.classes[value.value])
        elif term := self.context.terms.get(path):
            self.names.add(term.name)

    def _take_literal(self, path: str, value: Literal) -> None:
        datatype = value.datatype
        term = self.context.terms.get(path)
        if term is None:
            self.names.add("xsd" if datatype.value.startswith(XSD) else "")
        elif value.language not in (None, LANGUAGE) and term.coerced == "@language":
            self.names.add(term.map_name)
        else:
            self.names.add(term.name)
            if term.choices:
                self.datatypes.setdefault(path, Counter())[datatype.value] += 1
            if datatype.value not in (*NATIVE, term.coerced) and not value.language:
                self.names.add("xsd" if datatype.value.startswith(XSD) else "")
        if not datatype.value.startswith("http"):
            self._note(datatype)


def in_order(node: Node) -> tuple[bool, str]:
    """Put IRIs in their order, and blank nodes last."""
    return isinstance(node, BlankNode), node.value
