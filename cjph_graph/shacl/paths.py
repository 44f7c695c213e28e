"""The property paths of shapes, as SPARQL writes them."""

from pyoxigraph import BlankNode, Literal, NamedNode

from cjph_graph.rdf.terms import Node, Term
from cjph_graph.shacl.expressions import NotInSparqlError, listed, only_one
from cjph_graph.shacl.shapes import Shapes

_MOST_NESTED = 8


class Paths:
    """Turns paths into SPARQL, and remembers where they have led.

    `predicates` are those that were met, and `is_long` is true when a path was more than one of
    them. Raises NotInSparqlError for what is no path, or one that is nested too deep.
    """

    def __init__(self, shapes: Shapes) -> None:
        self.predicates: set[NamedNode] = set()
        self.is_long = False
        self._shapes = shapes

    def of(self, shape: Node) -> str:
        """Return the path of a property shape."""
        return self._text(only_one(self._shapes.objects(shape, "path")), 0)

    def _text(self, path: Term, depth: int) -> str:
        if isinstance(path, NamedNode):
            self.predicates.add(path)
            return str(path)
        self.is_long = True
        if isinstance(path, Literal) or depth > _MOST_NESTED:
            raise NotInSparqlError
        if members := self._shapes.members(path):
            return self._joined("/", members, path, depth)
        kinds = [
            (name, self._shapes.objects(path, name))
            for name in (
                "inversePath",
                "alternativePath",
                "zeroOrMorePath",
                "oneOrMorePath",
                "zeroOrOnePath",
            )
        ]
        said = [(name, values) for name, values in kinds if values]
        if len(said) != 1 or len(said[0][1]) != 1 or len(self._shapes.about(path)) != 1:
            raise NotInSparqlError
        name, (inner,) = said[0]
        if name == "alternativePath":
            return self._joined("|", listed(self._shapes, inner), None, depth)
        text = self._text(inner, depth + 1)
        mark = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}
        return f"^({text})" if name == "inversePath" else f"({text}){mark[name]}"

    def may_be_empty(self, shape: Node) -> bool:
        """Say whether a node may be a value of its own, with no statement in between.

        Engines don't agree on that where the node is not in the graph: it gets its own test.
        """
        return self._may_be_empty(only_one(self._shapes.objects(shape, "path")))

    def _may_be_empty(self, path: Term, depth: int = 0) -> bool:
        if not isinstance(path, BlankNode):
            return False
        if depth > _MOST_NESTED:
            raise NotInSparqlError
        if members := self._shapes.members(path):
            return all(self._may_be_empty(member, depth + 1) for member in members)
        for name in ("inversePath", "oneOrMorePath"):
            for inner in self._shapes.objects(path, name):
                return self._may_be_empty(inner, depth + 1)
        for inner in self._shapes.objects(path, "alternativePath"):
            return any(self._may_be_empty(way, depth + 1) for way in listed(self._shapes, inner))
        return True

    def refuse_empty(self, shape: Node, *names: str) -> None:
        """Refuse to count the values of a path where a node may be one of its own."""
        if any(self._shapes.objects(shape, name) for name in names) and self.may_be_empty(shape):
            raise NotInSparqlError

    def _joined(self, sign: str, members: list[Term], node: Node | None, depth: int) -> str:
        if len(members) < 2 or (node is not None and len(self._shapes.about(node)) != 2):
            raise NotInSparqlError
        return f"({sign.join(self._text(member, depth + 1) for member in members)})"
