"""The edge to pySHACL: graphs go in, results come out as plain values.

pySHACL is the authority on what SHACL means. It takes long to import, so that is done only when it
is needed.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode, Triple

from cjph_graph.rdf import SH, Term
from cjph_graph.shacl.messages import default_message
from cjph_graph.shacl.pyshacl_components import replaced_components
from cjph_graph.shacl.pyshacl_fixes import for_pyshacl, nested_error, shapes_error
from cjph_graph.shacl.rdflib_terms import from_rdflib, quiet, to_rdflib
from cjph_graph.shacl.results import (
    PROPERTIES,
    Result,
    filled,
    is_made_from,
    make_result,
    order,
    term_text,
    variables_in,
)
from cjph_graph.shacl.shapes import Shapes

if TYPE_CHECKING:
    import rdflib
    from rdflib.term import Node

    # A result of pySHACL: the triples about it, and about those that led to it.
    _Said = list[tuple[Node, Node, Any]]

_MESSAGE = NamedNode(SH + "message")
# What stands in the messages of constraints, and the property of a result that has it.
_VARIABLES = {"this": "focusNode", "path": "resultPath", "value": "value"}


def run_pyshacl(data: "rdflib.Graph", shapes: Iterable[Triple]) -> list[Result]:
    """Let pySHACL check a graph against shapes; inference is off and nothing is imported.

    Raises InputError when the shapes cannot be used, RefusedError or LimitError when a query in
    them reaches outside the graph or is too large.
    """
    written = Shapes(shapes)
    given = for_pyshacl(written)
    try:
        return _results(_report(data, given), written)
    except re.error:
        # pySHACL takes a backslash in a value for one in a regular expression when it puts the
        # value into a message: without messages it does not, and they are filled in here.
        silent = [triple for triple in given if triple.predicate != _MESSAGE]
    try:
        return _results(_report(data, silent), written, silent=True)
    except re.error as error:
        reason = f"{error.pattern!r} is not a regular expression: {error.msg}"
        raise shapes_error(reason) from error


def _report(data: "rdflib.Graph", shapes: Iterable[Triple]) -> "list[_Said]":
    import pyshacl

    graph = to_rdflib(shapes)
    try:
        with quiet(), replaced_components():
            _, report, output = pyshacl.validate(
                data, shacl_graph=graph, inference="none", inplace=True
            )
    except re.error:
        raise
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


def _results(report: "list[_Said]", shapes: Shapes, *, silent: bool = False) -> list[Result]:
    known: dict[Node, Term] = {}

    def term(node: "Node") -> Term:
        # Most terms are those of the shapes, in every result.
        if (found := known.get(node)) is None:
            found = known[node] = from_rdflib(node)
        return found

    results = (
        _result(_by_subject(triples), triples[0][0], shapes, term, silent=silent)
        for triples in report
    )
    return sorted(results, key=order)


def _by_subject(triples: "_Said") -> "dict[Node, dict[tuple[Node, Node], None]]":
    """Return the statements about each node, each once."""
    found: dict[Node, dict[tuple[Node, Node], None]] = {}
    for subject, predicate, value in triples:
        # What stands in a graph comes with it.
        node = value[1] if isinstance(value, tuple) else value
        found.setdefault(subject, {})[predicate, node] = None
    return found


def _result(
    report: "dict[Node, dict[tuple[Node, Node], None]]",
    node: "Node",
    shapes: Shapes,
    term: "Callable[[Node], Term]",
    *,
    silent: bool,
) -> Result:
    said: dict[str, list[Term]] = {name: [] for name in PROPERTIES}
    inner: list[Node] = []
    for predicate, value in report[node]:
        name = str(predicate).removeprefix(SH)
        if name in said:
            said[name].append(term(value))
        elif name == "detail":
            inner.append(value)
    own = [m for source in said["sourceConstraint"] for m in shapes.values(source, _MESSAGE)]
    general = [m for source in said["sourceShape"] for m in shapes.values(source, _MESSAGE)]
    # The message of a rule wins over that of the shape that has it.
    templates = [message for message in own or general if isinstance(message, Literal)]
    component = term_text(next(iter(said["sourceConstraintComponent"]), None)) or ""
    # Only constraints in SPARQL have messages to fill in.
    fills = bool(said["sourceConstraint"]) or not component.startswith(SH)
    told = {name: said[key][0] for name, key in _VARIABLES.items() if said[key]}
    if not templates:
        if message := default_message(shapes, said, component):
            said["resultMessage"] = [message]
    elif not fills:
        said["resultMessage"] = [*templates]
    elif silent or all(variables_in(message) <= told.keys() for message in templates):
        said["resultMessage"] = [filled(message, told) for message in templates]
    else:
        said["resultMessage"] = _with_languages(said["resultMessage"], templates)
    details = [_result(report, detail, shapes, term, silent=silent) for detail in inner]
    return make_result(said, shapes, tuple(sorted(details, key=order)))


def _with_languages(messages: Iterable[Term], templates: Sequence[Literal]) -> list[Term]:
    """Return messages with the languages of what they were made from, which pySHACL leaves out."""
    return [
        Literal(text, language=template.language)
        for text in (term_text(message) or "" for message in messages)
        for template in templates
        if is_made_from(text, template.value)
    ]
