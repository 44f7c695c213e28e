"""Whether a data graph conforms to shapes: pySHACL's results, with as little asked of it as can be.

What `screening` finds innocent is not judged. What a rule in SPARQL finds is a result as it stands.
The rest goes to pySHACL: each suspect with the shapes that suspect it, on the statements that these
reach.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pyoxigraph import BlankNode, NamedNode, Triple

from cjph_graph.shacl.candidates import Found, Screening, Suspicions
from cjph_graph.shacl.data_graph import DataGraph
from cjph_graph.shacl.pyshacl_adapter import Result, check, filled, make_result, to_rdflib
from cjph_graph.shacl.pyshacl_fixes import Described, usable
from cjph_graph.shacl.reach import Neighbourhood, UnboundedError
from cjph_graph.shacl.shapes import SH, TYPE, Node, Shapes, Term
from cjph_graph.shacl.sparql_constraints import Rule, messages

_PROPERTY, _SPARQL = NamedNode(SH + "property"), NamedNode(SH + "sparql")
_PATH, _TARGET_NODE = NamedNode(SH + "path"), NamedNode(SH + "targetNode")
_MESSAGE, _DECLARE = NamedNode(SH + "message"), NamedNode(SH + "declare")
_VIOLATION = NamedNode(SH + "Violation")
_COMPONENT = NamedNode(SH + "SPARQLConstraintComponent")
# What a rule in SPARQL takes from the shape that holds it.
_FRAME = (TYPE, NamedNode(SH + "severity"), _MESSAGE, NamedNode(SH + "deactivated"), _PATH)


class Conformance(NamedTuple):
    """The results there are, how many focus nodes there were and how many went to pySHACL."""

    results: tuple[Result, ...]
    targets: int
    judged: int


def conformance(
    shapes: Shapes, graph: DataGraph, only: Collection[Term] | None = None
) -> Conformance:
    """Return how a graph stands to shapes; with `only`, what concerns nothing but these nodes.

    Raises InputError when the shapes cannot be used, RefusedError or LimitError when a query in
    them reaches outside the graph or is too large.
    """
    described = Described(shapes.triples)
    usable(described)
    suspicions = Screening(shapes, graph).run(only)
    judge = _Judge(shapes, graph, suspicions)
    if (judge.judged or suspicions.whole) and _is_entangled(shapes, suspicions):
        return pyshacl_conformance(shapes, graph, only)
    results = [*judge.judge(), *(_told(shapes, described, found) for found in judge.found)]
    return Conformance(tuple(sorted(results, key=_order)), suspicions.targets, judge.judged)


def pyshacl_conformance(
    shapes: Shapes, graph: DataGraph, only: Collection[Term] | None = None
) -> Conformance:
    """Return what pySHACL alone says of a graph; with `only`, of nothing but these nodes."""
    screening = Screening(shapes, graph)
    targets = screening.count(only)
    given: Sequence[Triple] = shapes.triples
    if only is not None:
        given = retargeted(shapes, shapes.triples, screening.focus(only))
    results = check(to_rdflib(graph.everything()), given)
    return Conformance(tuple(sorted(results, key=_order)), targets, targets)


def retargeted(
    shapes: Shapes, triples: Iterable[Triple], focus: Mapping[Node, set[Term]]
) -> list[Triple]:
    """Return shapes whose only targets are some nodes."""
    kept = {triple: None for triple in triples if not shapes.is_target(triple)}
    targets = (Triple(shape, _TARGET_NODE, n) for shape, nodes in focus.items() for n in nodes)
    return [*kept, *targets]


def _is_entangled(shapes: Shapes, suspicions: Suspicions) -> bool:
    """Say whether a shape that gets targets, or loses some, is told of by another.

    pySHACL tells of a shape without a name all that it consists of, targets and all, where another
    refers to it: then none may be changed.
    """
    changed = {*shapes.targeting(), *(holder for _, holder in suspicions.shapes)}
    return any(
        triple.object in changed
        and isinstance(triple.object, BlankNode)
        and (isinstance(triple.subject, BlankNode) or triple.predicate != _PROPERTY)
        for triple in shapes.triples
    )


def _order(result: Result) -> tuple[str, ...]:
    return tuple(map(str, (result.focus, result.path, result.value, result.constraint)))


def _told(shapes: Shapes, described: Described, found: Found) -> Result:
    """Return the result that a row of a rule's answer is, as pySHACL would tell it."""
    holder = found.rule.holder
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
        "sourceConstraint": [found.rule.constraint],
        "sourceShape": [holder],
        "resultMessage": [filled(message, values) for message in messages(shapes, found.rule)],
    }
    return make_result(said, described)


class _Judge:
    """Gives pySHACL what is suspected, in as few runs as there have to be."""

    def __init__(self, shapes: Shapes, graph: DataGraph, suspicions: Suspicions) -> None:
        self._shapes = shapes
        self._graph = graph
        self._suspicions = suspicions
        self._near = Neighbourhood(shapes, graph)
        # Shapes with targets that are judged on the whole graph, with all that they hold.
        self._whole = dict.fromkeys(suspicions.whole)
        suspects = {pair: nodes for pair, nodes in suspicions.shapes.items() if nodes}
        for (root, holder), nodes in suspects.items():
            is_shape = holder == root or self._shapes.objects(holder, "path")
            if not is_shape or not self._is_bounded(holder, nodes):
                self._whole[root] = None
        self._suspects = {p: nodes for p, nodes in suspects.items() if p[0] not in self._whole}
        self._rules = {p: nodes for p, nodes in suspicions.rules.items() if p[1] not in self._whole}
        self.found = [found for found in suspicions.found if found.root not in self._whole]
        self.judged = len(set[Term]().union(*suspects.values(), *suspicions.rules.values()))

    def judge(self) -> Iterator[Result]:
        """Yield pySHACL's results for all that is suspected."""
        if self._suspects:
            graph = to_rdflib(self._neighbourhood())
            for part in self._passes():
                yield from check(graph, self._shapes_about(part))
        if self._whole or self._rules:
            graph = to_rdflib(self._graph.everything())
            for root in self._whole:
                yield from check(graph, self._shape_as_a_whole(root))
            for (rule, _), nodes in self._rules.items():
                yield from check(graph, self._rule_alone(rule, nodes))

    def _neighbourhood(self) -> Iterable[Triple]:
        """Return what the suspects depend on.

        pySHACL tells blank nodes by what is said of them, in the order in which it was said.
        """
        self._near.close()
        found = self._near.triples
        blank = any(isinstance(n, BlankNode) for t in found for n in (t.subject, t.object))
        return [t for t in self._graph.everything() if t in found] if blank else found

    def _is_bounded(self, holder: Node, nodes: set[Term]) -> bool:
        """Say whether a shape can be judged by itself, on the statements it reaches."""
        # One looks at the shapes beside it, the other at itself.
        if self._shapes.objects(holder, "qualifiedValueShapesDisjoint"):
            return False
        if self._is_cut(holder) and holder in self._reached([holder]):
            return False
        try:
            self._near.add(holder, nodes)
        except UnboundedError:
            return False
        return True

    def _passes(self) -> list[dict[Node, set[Term]]]:
        """Return which suspects to judge by which shapes, in runs of their own.

        A property shape that several shapes with the same target hold is broken once for each, so
        that a node may stand in one run for one of them only. Nor may a shape that is cut down to
        what it says itself be one that another has need of.
        """
        passes: list[dict[Node, set[Term]]] = []
        for (_, holder), nodes in self._suspects.items():
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
        """Say whether a shape is judged without something that it has."""
        is_property = self._shapes.objects(holder, "path")
        return bool(self._shapes.objects(holder, "sparql")) or bool(
            not is_property and self._shapes.objects(holder, "property")
        )

    def _kept(self, holder: Node) -> Iterator[Triple]:
        """Yield what a shape says itself: neither its rules nor its property shapes.

        Of these a closed shape has to know the paths.
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
        """Return what shapes refer to when they are judged by themselves."""
        kept = [triple for holder in holders for triple in self._kept(holder)]
        return self._shapes.reached(
            triple.object for triple in kept if isinstance(triple.object, NamedNode | BlankNode)
        )

    def _shapes_about(self, suspects: dict[Node, set[Term]]) -> list[Triple]:
        """Return a shapes graph in which shapes, cut down, have their suspects as targets."""
        kept = [triple for holder in suspects for triple in self._kept(holder)]
        bones = [t.object for t in kept if t.predicate == _PATH and isinstance(t.object, BlankNode)]
        inside = self._inside(suspects) | self._shapes.reached(bones)
        inside = {t for t in inside if not (t.subject in suspects and self._is_cut(t.subject))}  # type: ignore[arg-type]
        return retargeted(self._shapes, [*kept, *inside, *self._declarations()], suspects)

    def _rule_alone(self, rule: Rule, nodes: set[Term]) -> list[Triple]:
        """Return a shapes graph that holds one rule in SPARQL and nothing else."""
        frame = [t for t in self._shapes.about(rule.holder) if t.predicate in _FRAME]
        about = self._shapes.reached([rule.constraint, *self._shapes.nodes(rule.holder, "path")])
        held = Triple(rule.holder, _SPARQL, rule.constraint)
        suspects = {rule.holder: nodes}
        return retargeted(self._shapes, [*frame, *about, held, *self._declarations()], suspects)

    def _shape_as_a_whole(self, root: Node) -> list[Triple]:
        """Return the shapes graph with the targets of one shape only.

        These are all that it has or, where they can be told, those that anything suspects.
        """
        if root in self._suspicions.whole:
            own = [t for t in self._shapes.about(root) if self._shapes.is_target(t)]
            return [*(t for t in self._shapes.triples if not self._shapes.is_target(t)), *own]
        nodes = {found.this for found in self._suspicions.found if found.root == root}
        for (other, _), some in self._suspicions.shapes.items():
            nodes |= some if other == root else set()
        for (_, other), some in self._suspicions.rules.items():
            nodes |= some if other == root else set()
        return retargeted(self._shapes, self._shapes.triples, {root: nodes})

    def _declarations(self) -> set[Triple]:
        """Return the prefixes that a shapes graph declares for all its rules."""
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
