"""What pySHACL finds about the candidates, each given the shape that it may break and no more.

A file may have the same mistake a hundred thousand times. pySHACL takes some milliseconds for each
thing, and nobody reads more than the first. So with `most`, candidates are judged in rounds, of
each shape with targets so many at a time:

    most = 2; ex:a, ex:b, ex:c, ex:d and ex:e may lack what ex:Name asks for
    round 1   ex:a and ex:b are judged, and do lack it: two are enough
    then      ex:c, ex:d and ex:e are counted: three more that lack it

A shape whose candidates turn out to conform has another round, until enough do not. So nothing that
conforms is taken to be wrong, and no shape that something breaks is passed over. Whether what is
only counted breaks the shape for certain is known where the shape's query is exact.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from pyoxigraph import NamedNode, Triple

from cjph_graph.rdf import SH, Node, Term
from cjph_graph.shacl.candidates import Candidates
from cjph_graph.shacl.data_graph import DataGraph
from cjph_graph.shacl.reach import Reach, UnboundedError
from cjph_graph.shacl.results import Result, order
from cjph_graph.shacl.shapes import Shapes

_TARGET_NODE = NamedNode(SH + "targetNode")
# So many focus nodes are given to pySHACL at a time.
_AT_A_TIME = 2_000

# Candidates by what they may break: a shape, or a property shape right below it.
_Found = Mapping[Node, set[Term]]


class Judgement:
    """The `results` of candidates, in order; with `most`, no more than so many for each shape.

    `further` counts for each shape what is not among them: what breaks it (True) and what may break
    it (False).
    """

    def __init__(
        self, shapes: Shapes, graph: DataGraph, candidates: Candidates, most: int | None
    ) -> None:
        self.results: list[Result] = []
        self.further: Counter[tuple[Node, bool]] = Counter()
        self._shapes = shapes
        self._graph = graph
        self._most = most
        self._count: Counter[Node] = Counter()
        self._take(self._unsearchable(candidates.unsearchable))
        self._run(_by_target(shapes, candidates), candidates.inexact)
        self.results.sort(key=order)

    def _run(self, candidates: Mapping[Node, _Found], inexact: Iterable[tuple[Node, Node]]) -> None:
        left = {
            root: iter(sorted(set[Term]().union(*found.values()), key=_order))
            for root, found in candidates.items()
        }
        judged: dict[tuple[Node, Node], set[Term]] = {}
        while left:
            now = {root: self._next(candidates[root], nodes) for root, nodes in left.items()}
            whole = self._round(now)
            for root, found in now.items():
                for shape in candidates[root]:
                    nodes = found.get(shape, set()) | whole.get(root, set())
                    judged.setdefault((root, shape), set()).update(nodes)
                if not found or self._most is None:
                    del left[root]
        doubtful = {(root, _part(self._shapes, root, holder)) for root, holder in inexact}
        for root, broken in candidates.items():
            for shape, some in broken.items():
                if count := len(some - judged[root, shape]):
                    self.further[shape, (root, shape) not in doubtful] += count

    def _next(self, found: _Found, nodes: Iterator[Term]) -> dict[Node, set[Term]]:
        """Return the next candidates for shapes of which there are not enough results."""
        wanted = {shape: some for shape, some in found.items() if not self._has_enough(shape)}
        new = set(islice((n for n in nodes if any(n in s for s in wanted.values())), self._most))
        return {shape: some & new for shape, some in wanted.items() if some & new}

    def _has_enough(self, shape: Node) -> bool:
        # Property shapes within property shapes may have results of another severity.
        nested = self._shapes.objects(shape, "path") and self._shapes.objects(shape, "property")
        return self._most is not None and not nested and self._count[shape] >= self._most

    def _take(self, results: Iterable[Result]) -> None:
        """Keep results, no more for a shape than were asked for."""
        for result in results:
            shape: Node = result.term("sourceShape")  # type: ignore[assignment]
            self._count[shape] += 1
            if self._most is None or self._count[shape] <= self._most:
                self.results.append(result)
            else:
                self.further[shape, True] += 1

    def _round(self, candidates: Mapping[Node, _Found]) -> dict[Node, set[Term]]:
        """Judge candidates, each by as small a shape as will do.

        Return those that were judged by a shape as a whole, with all its property shapes.
        """
        nearby: dict[Node, set[Term]] = {}
        everywhere: dict[Node, set[Term]] = {}
        whole: dict[Node, set[Term]] = {}
        reach = Reach(self._shapes, self._graph)
        for root, found in candidates.items():
            targets = _shared_out(root, found, nearby)
            try:
                for shape, nodes in targets.items():
                    reach.add(shape, nodes)
            except UnboundedError:
                whole[root] = everywhere[root] = set[Term]().union(*found.values())
            else:
                whole[root] = targets.get(root, set())
                for shape, nodes in targets.items():
                    nearby.setdefault(shape, set()).update(nodes)
        for part in _portions(nearby):
            self._take(self._check(part, reach if part is nearby else None))
        if everywhere := {root: nodes for root, nodes in everywhere.items() if nodes}:
            given = retargeted(self._shapes, self._shapes.triples, everywhere)
            self._take(_judged(self._graph.everything(), given))
        return whole

    def _check(self, targets: Mapping[Node, set[Term]], reach: Reach | None) -> Iterable[Result]:
        """Have nodes checked with what their shapes reach, unless that was done already."""
        if reach is None:
            reach = Reach(self._shapes, self._graph)
            for shape, nodes in targets.items():
                reach.add(shape, nodes)
        given = retargeted(self._shapes, self._shapes.reached(targets), targets)
        return _judged(reach.triples, given)

    def _unsearchable(self, roots: Iterable[Node]) -> Iterable[Result]:
        """Have all targets of some shapes checked."""
        about = [triple for root in roots for triple in self._shapes.about(root)]
        if not about:
            return ()
        own = [triple for triple in about if self._shapes.is_target(triple)]
        given = [*retargeted(self._shapes, self._shapes.triples, {}), *own]
        return _judged(self._graph.everything(), given)


def _judged(data: Iterable[Triple], shapes: Iterable[Triple]) -> list[Result]:
    # Both take long to import: data that conform do without.
    from cjph_graph.shacl import pyshacl_adapter
    from cjph_graph.shacl.rdflib_terms import to_rdflib

    return pyshacl_adapter.run_pyshacl(to_rdflib(data), shapes)


def _by_target(shapes: Shapes, candidates: Candidates) -> dict[Node, dict[Node, set[Term]]]:
    """Return the candidates of each shape with targets, property shapes first, by what they break.

    That is the shape itself, or a property shape right below it.
    """
    found: dict[Node, dict[Node, set[Term]]] = {}
    for (root, holder), nodes in candidates.of_shapes.items():
        if nodes:
            part = _part(shapes, root, holder)
            found.setdefault(root, {}).setdefault(part, set()).update(nodes)
    return dict(sorted(found.items(), key=lambda item: not shapes.objects(item[0], "path")))


def _part(shapes: Shapes, root: Node, holder: Node) -> Node:
    return holder if shapes.objects(holder, "path") else root


def _order(node: Term) -> tuple[int, str]:
    """Return what nodes are sorted by: blank ones as they stand in a file."""
    text = str(node)
    return len(text), text


def _portions(targets: dict[Node, set[Term]]) -> Iterator[dict[Node, set[Term]]]:
    """Yield what to check at a time: everything, or a part of it where there is very much."""
    nodes = sorted(set[Term]().union(*targets.values()), key=_order)
    if len(nodes) <= _AT_A_TIME:
        yield from [targets] * bool(nodes)
        return
    for start in range(0, len(nodes), _AT_A_TIME):
        here = set(nodes[start : start + _AT_A_TIME])
        yield {shape: some & here for shape, some in targets.items() if some & here}


def _shared_out(
    root: Node, found: _Found, taken: Mapping[Node, set[Term]]
) -> dict[Node, set[Term]]:
    """Return which shape to check each candidate of `root` against, as small a one as will do.

    What breaks one property is checked against its shape alone. The shape as a whole is for what
    may break the constraints that it has by itself, and for a node that is checked against the same
    property for the sake of another shape: then there is a result for each of the two.
    """
    own = set[Term]().union(
        *(n if holder == root else n & taken.get(holder, set()) for holder, n in found.items())
    )
    parts = {holder: nodes - own for holder, nodes in found.items()}
    return {holder: nodes for holder, nodes in {**parts, root: own}.items() if nodes}


def retargeted(
    shapes: Shapes, triples: Iterable[Triple], focus: Mapping[Node, set[Term]]
) -> list[Triple]:
    """Return shapes whose only targets are some nodes."""
    kept = {triple: None for triple in triples if not shapes.is_target(triple)}
    targets = (Triple(shape, _TARGET_NODE, n) for shape, nodes in focus.items() for n in nodes)
    return [*kept, *targets]
