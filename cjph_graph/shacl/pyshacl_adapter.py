"""The edge to pySHACL: graphs go in, results come out as plain values.

pySHACL is the authority on what SHACL means. It takes long to import, and so does this.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import pyshacl
import rdflib
from pyoxigraph import Triple
from rdflib.term import Node

from cjph_graph.rdf import SH, Term
from cjph_graph.shacl.messages import default_message
from cjph_graph.shacl.pyshacl_components import replaced_components
from cjph_graph.shacl.pyshacl_fixes import for_pyshacl, nested_error, shapes_error
from cjph_graph.shacl.rdflib_terms import from_rdflib, quiet, to_rdflib
from cjph_graph.shacl.results import (
    PROPERTIES,
    Result,
    make_result,
    order,
    term_text,
)
from cjph_graph.shacl.shapes import Shapes

# A result of pySHACL: the triples about it, and about those that led to it.
_Said: TypeAlias = list[tuple[Node, Node, Any]]


def run_pyshacl(data: rdflib.Graph, shapes: Iterable[Triple]) -> list[Result]:
    """Let pySHACL check a graph against shapes; inference is off and nothing is imported.

    Raises InputError when the shapes cannot be used, RefusedError or LimitError when a query in
    them reaches outside the graph or is too large.
    """
    written = Shapes(shapes)
    return _results(_report(data, for_pyshacl(written)), written)


def _report(data: rdflib.Graph, shapes: Iterable[Triple]) -> list[_Said]:
    graph = to_rdflib(shapes)
    try:
        with quiet(), replaced_components():
            _, report, output = pyshacl.validate(
                data, shacl_graph=graph, inference="none", inplace=True
            )
    except RecursionError as error:
        raise nested_error() from error
    except Exception as error:
        if "path too deep" in str(error):
            raise nested_error() from error
        if "traversal depth" in str(error):
            raise shapes_error("a property path is nested more than 10 deep") from error
        # Ill-formed shapes and queries end in whatever pySHACL and rdflib happen to raise.
        raise shapes_error(str(error) or type(error).__name__) from error
    if not isinstance(report, list):
        raise shapes_error(output)
    return report


def _results(report: list[_Said], shapes: Shapes) -> list[Result]:
    known: dict[Node, Term] = {}

    def term(node: Node) -> Term:
        # Most terms are those of the shapes, in every result.
        if (found := known.get(node)) is None:
            found = known[node] = from_rdflib(node)
        return found

    results = (_result(_by_subject(triples), triples[0][0], shapes, term) for triples in report)
    return sorted(results, key=order)


def _by_subject(triples: _Said) -> dict[Node, dict[tuple[Node, Node], None]]:
    """Return the statements about each node, each once."""
    found: dict[Node, dict[tuple[Node, Node], None]] = {}
    for subject, predicate, value in triples:
        # What stands in a graph comes with it.
        node = value[1] if isinstance(value, tuple) else value
        found.setdefault(subject, {})[predicate, node] = None
    return found


def _result(
    report: dict[Node, dict[tuple[Node, Node], None]],
    node: Node,
    shapes: Shapes,
    term: Callable[[Node], Term],
) -> Result:
    said: dict[str, list[Term]] = {name: [] for name in PROPERTIES}
    inner: list[Node] = []
    for predicate, value in report[node]:
        name = str(predicate).removeprefix(SH)
        if name in said:
            said[name].append(term(value))
        elif name == "detail":
            inner.append(value)
    component = term_text(next(iter(said["sourceConstraintComponent"]), None)) or ""
    if not said["resultMessage"] and (message := default_message(shapes, said, component)):
        said["resultMessage"] = [message]
    details = [_result(report, detail, shapes, term) for detail in inner]
    return make_result(said, shapes, tuple(sorted(details, key=order)))
