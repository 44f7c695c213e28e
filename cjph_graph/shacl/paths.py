"""The property paths of shapes: read once, then written as SPARQL or followed in a graph."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from cjph_graph.rdf import Node, Term
from cjph_graph.shacl.expressions import NotInSparqlError, list_members, only_one
from cjph_graph.shacl.shapes import Shapes

_MOST_NESTED = 8
# The signs that SPARQL has for the properties of SHACL.
_SIGNS = {
    "inversePath": "^",
    "alternativePath": "|",
    "zeroOrMorePath": "*",
    "oneOrMorePath": "+",
    "zeroOrOnePath": "?",
}


class Path(NamedTuple):
    """A property path: a predicate, or a sign of SPARQL with the paths it is about.

    The signs are `/` and `|`, between two paths or more, and `^`, `*`, `+`, `?` with one.
    """

    sign: str = ""
    parts: tuple["Path", ...] = ()
    predicate: NamedNode | None = None

    def __str__(self) -> str:
        if self.predicate:
            return str(self.predicate)
        if self.sign in "/|":
            return f"({self.sign.join(map(str, self.parts))})"
        return f"^({self.parts[0]})" if self.sign == "^" else f"({self.parts[0]}){self.sign}"

    def predicates(self) -> Iterator[NamedNode]:
        """Yield the predicates of the path."""
        if self.predicate:
            yield self.predicate
        for part in self.parts:
            yield from part.predicates()

    def may_be_empty(self) -> bool:
        """Say whether a node may be a value of its own, with no statement in between."""
        if self.sign in ("*", "?"):
            return True
        empty = [part.may_be_empty() for part in self.parts]
        return any(empty) if self.sign == "|" else bool(empty) and all(empty)


def read_path(shapes: Shapes, node: Term, most_nested: int = _MOST_NESTED) -> Path:
    """Return the path that a node describes.

    Raises NotInSparqlError for what is not a path, and for one that is nested too deep.
    """
    if isinstance(node, NamedNode):
        return Path(predicate=node)
    if isinstance(node, Literal) or most_nested < 0:
        raise NotInSparqlError
    if members := shapes.members(node):
        return _joined("/", shapes, members, most_nested, is_whole=len(shapes.about(node)) == 2)
    said = [(sign, shapes.objects(node, name)) for name, sign in _SIGNS.items()]
    found = [(sign, value) for sign, values in said for value in values]
    if len(found) != 1 or len(shapes.about(node)) != 1:
        raise NotInSparqlError
    sign, value = found[0]
    if sign == "|":
        return _joined("|", shapes, list_members(shapes, value), most_nested)
    return Path(sign, (read_path(shapes, value, most_nested - 1),))


def _joined(
    sign: str, shapes: Shapes, members: list[Term], most_nested: int, *, is_whole: bool = True
) -> Path:
    if len(members) < 2 or not is_whole:
        raise NotInSparqlError
    return Path(sign, tuple(read_path(shapes, member, most_nested - 1) for member in members))


class Paths:
    """The paths of some property shapes, and where they have led.

    `predicates` are those that were met, and `is_long` is true when a path was more than one of
    them. Raises NotInSparqlError for what is not a path, or one that is nested too deep.
    """

    def __init__(self, shapes: Shapes) -> None:
        self.predicates: set[NamedNode] = set()
        self.is_long = False
        self._shapes = shapes

    def of(self, shape: Node) -> str:
        """Return the path of a property shape."""
        path = self._read(shape)
        self.predicates.update(path.predicates())
        self.is_long = self.is_long or path.predicate is None
        return str(path)

    def anywhere(self, shape: Node, focus: str, name: Callable[[], str]) -> str:
        """Return a group that matches where a path leads anywhere, one step inside the other.

        Of several steps at once a store may begin with the last, anew for each focus node. `name`
        makes new variables.
        """
        path = self._read(shape)
        steps = path.parts if path.sign == "/" else (path,)
        nodes = (focus, *(name() for _ in steps))
        group = ""
        for start, step, end in reversed([*zip(nodes, steps, nodes[1:], strict=False)]):
            group = f"{start} {step} {end} ." + (f" FILTER EXISTS {{ {group} }}" if group else "")
        return group

    def may_be_empty(self, shape: Node) -> bool:
        """Say whether a node may be a value of its own, with no statement in between.

        Engines don't agree on that where the node is not in the graph: it gets its own test.
        """
        return self._read(shape).may_be_empty()

    def refuse_empty(self, shape: Node, *names: str) -> None:
        """Refuse to count the values of a path where a node may be one of its own."""
        if any(self._shapes.objects(shape, name) for name in names) and self.may_be_empty(shape):
            raise NotInSparqlError

    def _read(self, shape: Node) -> Path:
        return read_path(self._shapes, only_one(self._shapes.objects(shape, "path")))
