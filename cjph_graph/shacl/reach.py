"""What the result for some focus nodes depends on: the statements that their shapes reach.

A candidate is judged by pySHACL, which would copy the whole graph to look at one node. It gets just
the statements that can make a difference:

    ex:Person sh:property [ sh:path ( ex:works ex:place ) ; sh:class ex:City ] .
    ex:ann ex:works ex:lab .  ex:lab ex:place ex:eugene .  ex:eugene a ex:Town .
    ex:Town rdfs:subClassOf ex:City .

For `ex:ann` these are all four: the path is followed (works, then place), the class of its end is
looked up, and so are the classes above it. A shape needs

1. the statements along its paths, forwards and backwards;
2. for sh:class the types of the values and all classes above them, for sh:closed every statement of
   a value, for sh:equals and its like the values of the other property;
3. what the shapes need that its values are judged by (sh:node, sh:property, sh:or, …), for those.

The report copies the blank nodes it names with what they lead to, so that is taken in at the end
(`close`). A shape whose judgement may depend on anything at all (a constraint in SPARQL, a
component of the shapes' own) raises UnboundedError, and pySHACL gets everything.
"""

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Triple

from cjph_graph.rdf import SUBCLASS, TYPE, Node, Term
from cjph_graph.shacl.data_graph import DataGraph
from cjph_graph.shacl.expressions import NotInSparqlError
from cjph_graph.shacl.paths import Path, read_path
from cjph_graph.shacl.shapes import Shapes

_MOST_NESTED = 20
_PAIRS = ("equals", "disjoint", "lessThan", "lessThanOrEquals")


class UnboundedError(Exception):
    """A shape whose judgement may depend on any statement."""


class Reach:
    """Statements of a graph, gathered shape by shape."""

    def __init__(self, shapes: Shapes, graph: DataGraph) -> None:
        self.triples: set[Triple] = set()
        self._shapes = shapes
        self._graph = graph
        self._seen: dict[Node, set[Term]] = {}

    def add(self, shape: Node, nodes: set[Term]) -> None:
        """Gather what judging some nodes by a shape depends on.

        Raises UnboundedError when it may depend on anything.
        """
        try:
            self._add(shape, nodes)
        except (UnboundedError, RecursionError) as error:
            self._seen.clear()  # not all of what these shapes need was gathered
            raise UnboundedError from error

    def _add(self, shape: Node, nodes: set[Term]) -> None:
        seen = self._seen.setdefault(shape, set())
        new = nodes - seen
        seen |= new
        if not new:
            return
        if self._shapes.is_custom(shape) or self._shapes.objects(shape, "sparql"):
            raise UnboundedError
        if self._shapes.objects(shape, "qualifiedValueShapesDisjoint"):
            raise UnboundedError  # it looks at all shapes beside it
        paths = self._shapes.objects(shape, "path")
        values = set[Term]().union(*(self._values(path, new) for path in paths)) if paths else new
        if self._shapes.objects(shape, "class"):
            self._classes(values)
        if self._shapes.objects(shape, "closed"):
            self._take(values, None)
        for name in _PAIRS:
            for predicate in self._shapes.iris(shape, name):
                self._take(new, predicate)
        for other in self._others(shape):
            self._add(other, values)

    def _others(self, shape: Node) -> list[Node]:
        """Return the shapes that the values of a shape are judged by."""
        found: list[Node] = []
        for name in ("node", "not", "qualifiedValueShape", "property"):
            found += self._shapes.nodes(shape, name)
        for name in ("and", "or", "xone"):
            for node in self._shapes.objects(shape, name):
                members = self._shapes.members(node) or []
                found += [member for member in members if not isinstance(member, Literal)]
        return found

    def _classes(self, nodes: set[Term]) -> None:
        seen: set[Term] = set()
        above = {t.object for t in self._take(nodes, TYPE)}
        while new := above - seen:
            seen |= new  # type: ignore[arg-type]
            above = {t.object for t in self._take(new, SUBCLASS)}  # type: ignore[arg-type]

    def _take(
        self, nodes: Iterable[Term], predicate: NamedNode | None, *, inverse: bool = False
    ) -> list[Triple]:
        found = list(self._graph.statements(nodes, predicate, inverse=inverse))
        self.triples.update(found)
        return found

    def _values(self, path: Term, nodes: set[Term]) -> set[Term]:
        try:
            read = read_path(self._shapes, path, _MOST_NESTED)
        except NotInSparqlError as error:
            raise UnboundedError from error
        return self._follow(read, nodes)

    def _follow(self, path: Path, nodes: set[Term], *, inverse: bool = False) -> set[Term]:
        """Gather the statements along a path; return the nodes at its end."""
        if not nodes:
            return set()
        if path.predicate:
            found = self._take(nodes, path.predicate, inverse=inverse)
            return {t.subject if inverse else t.object for t in found}  # type: ignore[misc]
        match path.sign:
            case "/":
                for part in reversed(path.parts) if inverse else path.parts:
                    nodes = self._follow(part, nodes, inverse=inverse)
                return nodes
            case "|":
                ways = (self._follow(part, nodes, inverse=inverse) for part in path.parts)
                return set[Term]().union(*ways)
            case "^":
                return self._follow(path.parts[0], nodes, inverse=not inverse)
            case "?":
                return nodes | self._follow(path.parts[0], nodes, inverse=inverse)
        reached = {*nodes} if path.sign == "*" else set()
        new = nodes
        while new := self._follow(path.parts[0], new, inverse=inverse) - reached:
            reached |= new
        return reached
