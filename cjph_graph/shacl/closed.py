"""The test in SPARQL for a statement that a closed shape does not allow."""

from collections.abc import Callable

from pyoxigraph import NamedNode

from cjph_graph.rdf import RDFS, TYPE, Node, Term
from cjph_graph.shacl.expressions import ALWAYS, NotInSparqlError, list_members, node, only_one
from cjph_graph.shacl.shapes import Shapes

_RESOURCE = f"<{RDFS}Resource>"


def not_allowed(shapes: Shapes, shape: Node) -> Callable[[str, str], str] | None:
    """Return what makes the test from the names of a predicate and a value.

    None if the shape is not closed.
    """
    closed = shapes.objects(shape, "closed")
    if not closed:
        return None
    if only_one(closed).value not in ("true", "false", "1", "0"):
        raise NotInSparqlError
    if not shapes.is_true(shape, "closed"):
        return None
    ignored = [
        term
        for node in shapes.objects(shape, "ignoredProperties")
        for term in list_members(shapes, node)
    ]
    paths: list[Term] = []
    for held in shapes.objects(shape, "property"):
        if len(path := shapes.objects(node(held), "path")) != 1:
            raise NotInSparqlError
        paths += path
    known = sorted({str(n) for n in (*ignored, *paths) if isinstance(n, NamedNode)})

    def test(predicate: str, value: str) -> str:
        others = f"{predicate} NOT IN ({', '.join(known)})" if known else ALWAYS
        if str(TYPE) in known:
            return others
        # pySHACL ignores rdf:type in every closed shape.
        return f"{others} && !({predicate} = {TYPE} && sameTerm({value}, {_RESOURCE}))"

    return test
