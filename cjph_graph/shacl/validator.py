"""Whether a data graph conforms to shapes: pySHACL's results, with as little asked of it as can be.

Only candidates go to pySHACL: each with the shapes that it may break, on the statements that these
reach. What a SPARQL constraint finds is a result as it stands. `candidates` says why that misses
nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pyoxigraph import BlankNode, NamedNode, Triple

from cjph_graph.rdf import SH, TYPE, Node, Term
from cjph_graph.shacl.candidates import CandidateSearch
from cjph_graph.shacl.constraint_search import Candidates, ConstraintRow
from cjph_graph.shacl.data_graph import DataGraph
from cjph_graph.shacl.pyshacl_adapter import check
from cjph_graph.shacl.pyshacl_fixes import TripleIndex, for_pyshacl
from cjph_graph.shacl.rdflib_terms import to_rdflib, triple_term_error
from cjph_graph.shacl.reach import Reach, UnboundedError
from cjph_graph.shacl.results import Result, filled, make_result, order
from cjph_graph.shacl.shapes import Shapes
from cjph_graph.shacl.sparql_constraints import SparqlConstraint, messages
from cjph_graph.shacl.well_formed import refuse_ill_formed

_PROPERTY, _SPARQL = NamedNode(SH + "property"), NamedNode(SH + "sparql")
_PATH, _TARGET_NODE = NamedNode(SH + "path"), NamedNode(SH + "targetNode")
_MESSAGE, _DECLARE = NamedNode(SH + "message"), NamedNode(SH + "declare")
_VIOLATION = NamedNode(SH + "Violation")
_COMPONENT = NamedNode(SH + "SPARQLConstraintComponent")
# What a SPARQL constraint takes from the shape that has it.
_FRAME = (TYPE, NamedNode(SH + "severity"), _MESSAGE, NamedNode(SH + "deactivated"), _PATH)


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
    described = TripleIndex(shapes.triples)
    for_pyshacl(described)
    refuse_ill_formed(shapes)
    if found := graph.triple_term():
        raise triple_term_error(found)
    candidates = CandidateSearch(shapes, graph).run(only)
    runs = _PyShaclRuns(shapes, graph, candidates)
    if (runs.count or candidates.unsearchable) and _is_entangled(shapes, candidates):
        return validate_with_pyshacl(shapes, graph, only)
    results = [*runs.results(), *(_result(shapes, described, row) for row in runs.rows)]
    results.sort(key=order)
    return ValidationResults(tuple(results), candidates.focus_nodes, runs.count)


def validate_with_pyshacl(
    shapes: Shapes, graph: DataGraph, only: Collection[Term] | None = None
) -> ValidationResults:
    """Validate a graph with pySHACL alone; with `only`, nothing but these nodes."""
    refuse_ill_formed(shapes)
    search = CandidateSearch(shapes, graph)
    count = search.count(only)
    given: Sequence[Triple] = shapes.triples
    if only is not None:
        given = retargeted(shapes, shapes.triples, search.focus_nodes(only))
    results = check(to_rdflib(graph.everything()), given)
    return ValidationResults(tuple(sorted(results, key=order)), count, count)


def retargeted(
    shapes: Shapes, triples: Iterable[Triple], focus: Mapping[Node, set[Term]]
) -> list[Triple]:
    """Return shapes whose only targets are some nodes."""
    kept = {triple: None for triple in triples if not shapes.is_target(triple)}
    targets = (Triple(shape, _TARGET_NODE, n) for shape, nodes in focus.items() for n in nodes)
    return [*kept, *targets]


def _is_entangled(shapes: Shapes, candidates: Candidates) -> bool:
    """Say whether a shape whose targets are changed stands in the messages of another.

    Where one shape refers to another that has no name, pySHACL's message has all that the other
    consists of, targets too: then none may be changed.
    """
    changed = {*shapes.targeting(), *(holder for _, holder in candidates.of_shapes)}
    return any(
        triple.object in changed
        and isinstance(triple.object, BlankNode)
        and (isinstance(triple.subject, BlankNode) or triple.predicate != _PROPERTY)
        for triple in shapes.triples
    )


def _result(shapes: Shapes, described: TripleIndex, found: ConstraintRow) -> Result:
    """Return the result that a row of a SPARQL constraint is, as pySHACL would put it."""
    holder = found.constraint.holder
    row = dict(found.row)
    path = row.get("path") or next(iter(shapes.objects(holder, "path")), None)
    is_property = bool(shapes.objects(holder, "path"))
    value = row.get("value") or (None if is_property else found.this)
    values = {**row, "this": found.this}
    if value is not None:
        values["value"] = value
    said: dict[str, list[Term]] = {
        "focusNode": [found.this],
        "resultPath": [path] if path else [],
        "value": [value] if value else [],
        "resultSeverity": shapes.objects(holder, "severity")[:1] or [_VIOLATION],
        "sourceConstraintComponent": [_COMPONENT],
        "sourceConstraint": [found.constraint.node],
        "sourceShape": [holder],
        "resultMessage": [
            filled(message, values) for message in messages(shapes, found.constraint)
        ],
    }
    return make_result(said, described)


class _PyShaclRuns:
    """Gives the candidates to pySHACL, in as few runs as there have to be."""

    def __init__(self, shapes: Shapes, graph: DataGraph, candidates: Candidates) -> None:
        self._shapes = shapes
        self._graph = graph
        self._candidates = candidates
        self._reach = Reach(shapes, graph)
        # Shapes with targets that need the whole graph, and all that they consist of.
        self._whole = dict.fromkeys(candidates.unsearchable)
        of_shapes = {pair: nodes for pair, nodes in candidates.of_shapes.items() if nodes}
        for (root, holder), nodes in of_shapes.items():
            is_shape = holder == root or self._shapes.objects(holder, "path")
            if not is_shape or not self._is_bounded(holder, nodes):
                self._whole[root] = None
        self._of_shapes = {p: nodes for p, nodes in of_shapes.items() if p[0] not in self._whole}
        of_constraints = candidates.of_constraints
        self._of_constraints = {p: n for p, n in of_constraints.items() if p[1] not in self._whole}
        # The rows that are results as they stand, and how many focus nodes pySHACL looks at.
        self.rows = [row for row in candidates.results if row.root not in self._whole]
        self.count = len(set[Term]().union(*of_shapes.values(), *of_constraints.values()))

    def results(self) -> Iterator[Result]:
        """Yield pySHACL's results for all candidates."""
        if self._of_shapes:
            graph = to_rdflib(self._reached_triples())
            for part in self._passes():
                yield from check(graph, self._cut_down(part))
        if self._whole or self._of_constraints:
            graph = to_rdflib(self._graph.everything())
            for root in self._whole:
                yield from check(graph, self._shape_as_a_whole(root))
            for (constraint, _), nodes in self._of_constraints.items():
                yield from check(graph, self._constraint_alone(constraint, nodes))

    def _reached_triples(self) -> Iterable[Triple]:
        """Return the statements that the candidates' results depend on.

        pySHACL's messages describe a blank node by its statements, in the order of the graph.
        """
        self._reach.close()
        found = self._reach.triples
        blank = any(isinstance(n, BlankNode) for t in found for n in (t.subject, t.object))
        return [t for t in self._graph.everything() if t in found] if blank else found

    def _is_bounded(self, holder: Node, nodes: set[Term]) -> bool:
        """Say whether the statements that a shape reaches are all that its results depend on."""
        # The first looks at the shapes beside it, the second at itself.
        if self._shapes.objects(holder, "qualifiedValueShapesDisjoint"):
            return False
        if self._is_cut(holder) and holder in self._reached([holder]):
            return False
        try:
            self._reach.add(holder, nodes)
        except UnboundedError:
            return False
        return True

    def _passes(self) -> list[dict[Node, set[Term]]]:
        """Return which candidates to check against which shapes, for one run after another.

        A property shape of several shapes with the same target is broken once for each, so that a
        node may stand in one run for one of them only. Nor may a shape that is cut down to its own
        constraints be one that another shape of the run refers to.
        """
        passes: list[dict[Node, set[Term]]] = []
        for (_, holder), nodes in self._of_shapes.items():
            left = set(nodes)
            for known in passes:
                if left and self._go_together(holder, known):
                    taken = known.setdefault(holder, set())
                    new = left - taken
                    taken |= new
                    left -= new
            if left:
                passes.append({holder: left})
        return passes

    def _go_together(self, holder: Node, others: Iterable[Node]) -> bool:
        return not any(
            (self._is_cut(holder) and holder in self._reached([other]))
            or (self._is_cut(other) and other in self._reached([holder]))
            for other in others
            if other != holder
        )

    def _is_cut(self, holder: Node) -> bool:
        """Say whether a shape goes to pySHACL without some of its constraints."""
        is_property = self._shapes.objects(holder, "path")
        return bool(self._shapes.objects(holder, "sparql")) or bool(
            not is_property and self._shapes.objects(holder, "property")
        )

    def _own_constraints(self, holder: Node) -> Iterator[Triple]:
        """Yield the triples of a shape, without its SPARQL constraints and property shapes.

        Of the latter the paths stay: a closed shape has to know them.
        """
        is_property = bool(self._shapes.objects(holder, "path"))
        for triple in self._shapes.about(holder):
            if triple.predicate == _PROPERTY and not is_property:
                for path in self._shapes.objects(triple.object, "path"):  # type: ignore[arg-type]
                    bone = BlankNode()
                    yield Triple(holder, _PROPERTY, bone)
                    yield Triple(bone, _PATH, path)
            elif triple.predicate != _SPARQL:
                yield triple

    def _reached(self, holders: Iterable[Node]) -> set[object]:
        return {triple.subject for triple in self._inside(holders)}

    def _inside(self, holders: Iterable[Node]) -> set[Triple]:
        """Return the triples that shapes refer to when they are cut down."""
        kept = [triple for holder in holders for triple in self._own_constraints(holder)]
        return self._shapes.reached(
            triple.object for triple in kept if isinstance(triple.object, NamedNode | BlankNode)
        )

    def _cut_down(self, candidates: dict[Node, set[Term]]) -> list[Triple]:
        """Return a shapes graph in which shapes, cut down, have their candidates as targets."""
        kept = [triple for holder in candidates for triple in self._own_constraints(holder)]
        bones = [t.object for t in kept if t.predicate == _PATH and isinstance(t.object, BlankNode)]
        inside = self._inside(candidates) | self._shapes.reached(bones)
        inside = {t for t in inside if not (t.subject in candidates and self._is_cut(t.subject))}  # type: ignore[arg-type]
        return retargeted(self._shapes, [*kept, *inside, *self._declarations()], candidates)

    def _constraint_alone(self, constraint: SparqlConstraint, nodes: set[Term]) -> list[Triple]:
        """Return a shapes graph with one SPARQL constraint and nothing else."""
        frame = [t for t in self._shapes.about(constraint.holder) if t.predicate in _FRAME]
        about = self._shapes.reached(
            [constraint.node, *self._shapes.nodes(constraint.holder, "path")]
        )
        held = Triple(constraint.holder, _SPARQL, constraint.node)
        given = [*frame, *about, held, *self._declarations()]
        return retargeted(self._shapes, given, {constraint.holder: nodes})

    def _shape_as_a_whole(self, root: Node) -> list[Triple]:
        """Return the shapes graph with the targets of one shape only.

        These are all that it has or, where SPARQL can find them, the candidates.
        """
        if root in self._candidates.unsearchable:
            own = [t for t in self._shapes.about(root) if self._shapes.is_target(t)]
            return [*(t for t in self._shapes.triples if not self._shapes.is_target(t)), *own]
        nodes = {row.this for row in self._candidates.results if row.root == root}
        for (other, _), some in self._candidates.of_shapes.items():
            nodes |= some if other == root else set()
        for (_, other), some in self._candidates.of_constraints.items():
            nodes |= some if other == root else set()
        return retargeted(self._shapes, self._shapes.triples, {root: nodes})

    def _declarations(self) -> set[Triple]:
        """Return the prefixes that a shapes graph declares for all its SPARQL constraints."""
        declaring = {t.subject for t in self._shapes.triples if t.predicate == _DECLARE}
        return {
            triple
            for subject in declaring
            for triple in self._shapes.about(subject)
            if triple.predicate in (TYPE, _DECLARE)
        } | self._shapes.reached(
            node
            for subject in declaring
            for node in self._shapes.nodes(subject, "declare")  # type: ignore[arg-type]
        )
