"""Whether a data graph conforms to shapes: pySHACL's results, for as little work as possible.

Only candidates go to pySHACL, each with the shape that it may break, on the statements that this
shape reaches. `candidates` says why that misses nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cjph_graph.rdf import Node, Term
from cjph_graph.shacl.candidates import CandidateSearch
from cjph_graph.shacl.data_graph import DataGraph
from cjph_graph.shacl.judging import Judgement, retargeted
from cjph_graph.shacl.pyshacl_fixes import for_pyshacl, triple_term_error
from cjph_graph.shacl.results import Result, order
from cjph_graph.shacl.shapes import Shapes
from cjph_graph.shacl.well_formed import refuse_ill_formed

if TYPE_CHECKING:
    from pyoxigraph import Triple


@dataclass(frozen=True)
class ValidationResults:
    """The results, how many focus nodes there were and how many of them were candidates.

    `further` counts for each shape what else breaks it (True), and what else may (False), where no
    more results were wanted of it.
    """

    results: tuple[Result, ...]
    focus_nodes: int
    candidates: int
    further: Mapping[tuple[Node, bool], int] = field(default_factory=dict)


def validate_graph(
    shapes: Shapes,
    graph: DataGraph,
    only: Collection[Term] | None = None,
    most: int | None = None,
) -> ValidationResults:
    """Validate a graph against shapes; with `only`, nothing but these nodes.

    With `most`, no more results of a shape are given, and the others counted. Raises InputError
    when the shapes cannot be used, RefusedError or LimitError when a query in them reaches outside
    the graph or is too large.
    """
    for_pyshacl(shapes)
    refuse_ill_formed(shapes)
    if found := graph.triple_term():
        raise triple_term_error(found)
    candidates = CandidateSearch(shapes, graph, only).run()
    judged = Judgement(shapes, graph, candidates, most)
    count = len(set[Term]().union(*candidates.of_shapes.values()))
    return ValidationResults(
        tuple(judged.results), candidates.focus_nodes, count, dict(judged.further)
    )


def validate_with_pyshacl(
    shapes: Shapes, graph: DataGraph, only: Collection[Term] | None = None
) -> ValidationResults:
    """Validate a graph with pySHACL alone; with `only`, nothing but these nodes."""
    from cjph_graph.shacl.pyshacl_adapter import run_pyshacl
    from cjph_graph.shacl.rdflib_terms import to_rdflib

    refuse_ill_formed(shapes)
    focus = CandidateSearch(shapes, graph, only).focus
    given: Sequence[Triple] = shapes.triples
    if only is not None:
        given = retargeted(shapes, shapes.triples, focus.of_shapes())
    results = run_pyshacl(to_rdflib(graph.everything()), given)
    count = focus.count()
    return ValidationResults(tuple(sorted(results, key=order)), count, count)
