"""Whether a data graph conforms to shapes: pySHACL's results, with as little asked of it as can be.

Only candidates go to pySHACL, each with the shape that it may break, on the statements that this
shape reaches. `candidates` says why that misses nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode, Triple

from cjph_graph.rdf import SH, Node, Term
from cjph_graph.shacl.candidates import Candidates, CandidateSearch
from cjph_graph.shacl.data_graph import DataGraph
from cjph_graph.shacl.pyshacl_fixes import TripleIndex, for_pyshacl
from cjph_graph.shacl.rdflib_terms import to_rdflib, triple_term_error
from cjph_graph.shacl.reach import Reach, UnboundedError
from cjph_graph.shacl.results import Result, order
from cjph_graph.shacl.shapes import Shapes
from cjph_graph.shacl.well_formed import refuse_ill_formed

_TARGET_NODE = NamedNode(SH + "targetNode")

# So many focus nodes are given to pySHACL at a time.
_AT_A_TIME = 2_000


class ValidationResults(NamedTuple):
    """The results, how many focus nodes there were and how many of them pySHACL looked at."""

    results: tuple[Result, ...]
    focus_nodes: int
    candidates: int


def validate_graph(
    shapes: Shapes, graph: DataGraph, only: Collection[Term] | None = None
) -> ValidationResults:
    """Validate a graph against shapes; with `only`, nothing but these nodes.

    Raises InputError when the shapes cannot be used, RefusedError or LimitError when a query in
    them reaches outside the graph or is too large.
    """
    for_pyshacl(TripleIndex(shapes.triples))
    refuse_ill_formed(shapes)
    if found := graph.triple_term():
        raise triple_term_error(found)
    candidates = CandidateSearch(shapes, graph, only).run()
    results = sorted(_judged(shapes, graph, candidates), key=order)
    count = len(set[Term]().union(*candidates.of_shapes.values()))
    return ValidationResults(tuple(results), candidates.focus_nodes, count)


def validate_with_pyshacl(
    shapes: Shapes, graph: DataGraph, only: Collection[Term] | None = None
) -> ValidationResults:
    """Validate a graph with pySHACL alone; with `only`, nothing but these nodes."""
    from cjph_graph.shacl.pyshacl_adapter import check

    refuse_ill_formed(shapes)
    focus = CandidateSearch(shapes, graph, only).focus
    given: Sequence[Triple] = shapes.triples
    if only is not None:
        given = _retargeted(shapes, shapes.triples, focus.of_shapes())
    results = check(to_rdflib(graph.everything()), given)
    count = focus.count()
    return ValidationResults(tuple(sorted(results, key=order)), count, count)


def _judged(shapes: Shapes, graph: DataGraph, candidates: Candidates) -> Iterator[Result]:
    """Yield what pySHACL finds of the candidates."""
    from cjph_graph.shacl.pyshacl_adapter import check

    reach = Reach(shapes, graph)
    nearby: dict[Node, set[Term]] = {}
    whole: dict[Node, set[Term]] = {}
    for root, found in _by_target(shapes, candidates).items():
        targets = _shared_out(root, found, nearby)
        try:
            for shape, nodes in targets.items():
                reach.add(shape, nodes)
        except UnboundedError:
            whole[root] = set[Term]().union(*found.values())
        else:
            for shape, nodes in targets.items():
                nearby.setdefault(shape, set()).update(nodes)
    for part in _portions(nearby):
        if part is not nearby:
            reach = Reach(shapes, graph)
            for shape, nodes in part.items():
                reach.add(shape, nodes)
        reach.close(node for nodes in part.values() for node in nodes)
        given = _retargeted(shapes, shapes.reached(part), part)
        yield from check(to_rdflib(reach.triples), given)
    if whole or candidates.unsearchable:
        about = (triple for root in candidates.unsearchable for triple in shapes.about(root))
        own = [triple for triple in about if shapes.is_target(triple)]
        given = [*_retargeted(shapes, shapes.triples, whole), *own]
        yield from check(to_rdflib(graph.everything()), given)


def _portions(targets: dict[Node, set[Term]]) -> Iterator[dict[Node, set[Term]]]:
    """Yield what to check at a time: everything, or a part of it where there is very much.

    pySHACL holds some 10 kB for each result while it runs.
    """
    nodes = list(set[Term]().union(*targets.values()))
    if len(nodes) <= _AT_A_TIME:
        yield from [targets] * bool(nodes)
        return
    for start in range(0, len(nodes), _AT_A_TIME):
        here = set(nodes[start : start + _AT_A_TIME])
        yield {shape: some & here for shape, some in targets.items() if some & here}


def _by_target(shapes: Shapes, candidates: Candidates) -> dict[Node, dict[Node, set[Term]]]:
    """Return the candidates of each shape with targets, property shapes first, by what they break.

    That is the shape itself, or a property shape right below it.
    """
    found: dict[Node, dict[Node, set[Term]]] = {}
    for (root, holder), nodes in candidates.of_shapes.items():
        if nodes:
            part = holder if shapes.objects(holder, "path") else root
            found.setdefault(root, {}).setdefault(part, set()).update(nodes)
    return dict(sorted(found.items(), key=lambda item: not shapes.objects(item[0], "path")))


def _shared_out(
    root: Node, found: Mapping[Node, set[Term]], taken: Mapping[Node, set[Term]]
) -> dict[Node, set[Term]]:
    """Return which shape to check each candidate of `root` against, with as little as will do.

    What breaks one property is checked against its shape alone. The shape as a whole is for what
    may break the constraints that it has by itself, and for a node that is checked against the same
    property for the sake of another shape: then there is a result for each of the two.
    """
    own = set[Term]().union(
        *(n if holder == root else n & taken.get(holder, set()) for holder, n in found.items())
    )
    parts = {holder: nodes - own for holder, nodes in found.items()}
    return {holder: nodes for holder, nodes in {**parts, root: own}.items() if nodes}


def _retargeted(
    shapes: Shapes, triples: Iterable[Triple], focus: Mapping[Node, set[Term]]
) -> list[Triple]:
    """Return shapes whose only targets are some nodes."""
    kept = {triple: None for triple in triples if not shapes.is_target(triple)}
    targets = (Triple(shape, _TARGET_NODE, n) for shape, nodes in focus.items() for n in nodes)
    return [*kept, *targets]
