"""Shapes compiled to SPARQL that finds the focus nodes which may break them.

A query may find too many, never too few: what SPARQL cannot decide as pySHACL would is taken to be
broken, which makes every target a candidate. That goes for ill-formed shapes as well, on which
pySHACL has the last word.
"""

import itertools
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from cjph_graph.rdf import Node
from cjph_graph.shacl.closed import not_allowed
from cjph_graph.shacl.constraints import Constraints
from cjph_graph.shacl.expressions import NotInSparqlError
from cjph_graph.shacl.footprint import Footprint
from cjph_graph.shacl.shapes import Below, Shapes
from cjph_graph.shacl.targets import THIS, Targets

# Where a part puts the group that binds `?this` beforehand, if not at its beginning.
_ONLY = "\0"
_ALL = Footprint(None, nearby=False, by_text=False, by_kind=False)


class CandidateQuery(NamedTuple):
    """A query for the focus nodes, `?this`, that may break the constraints of a shape itself.

    `holder` is the shape: one that has targets, or a property shape right below some that have;
    `roots` are those. `parts` are groups of SPARQL that bind `?this`; None stands for all targets.
    `lack` is the test of the last part, if that part only looks for what is missing. The query is
    `exact` if it finds only nodes that break the constraints.
    """

    holder: Node
    roots: tuple[Node, ...]
    parts: tuple[str, ...] | None
    footprint: Footprint
    lack: str = ""
    exact: bool = False

    def text(self, only: str = "", *, lack: bool = True) -> str | None:
        """Return the query, empty if there is nothing to ask; None if all targets are candidates.

        `only` is a group that binds `?this` beforehand. Without `lack` it is not asked what is
        missing.
        """
        if self.parts is None:
            return None
        parts = [p.replace(_ONLY, only) if _ONLY in p else f"{only}{p}" for p in self.parts]
        if self.lack and not lack:
            parts.pop()
        joined = " UNION ".join(f"{{ {part} }}" for part in parts)
        return f"SELECT DISTINCT {THIS} WHERE {{ {joined} }}" if parts else ""


class Compiler:
    """Turns the shapes of a graph into queries."""

    def __init__(self, shapes: Shapes, below: Below) -> None:
        self._shapes = shapes
        self._below = below
        self.targets = Targets(shapes, below)
        self._numbers = itertools.count()

    def queries(self) -> Iterator[CandidateQuery]:
        """Yield the queries; what has a constraint in SPARQL is left to pySHACL."""
        for holder, roots in self.held.items():
            constraints = Constraints(self._shapes, self._below, self._numbers)
            try:
                parts, lack = self._compiled(holder, roots, constraints)
            except NotInSparqlError:
                yield CandidateQuery(holder, roots, None, _ALL)
            else:
                if parts:
                    footprint, exact = constraints.footprint(), constraints.exact
                    yield CandidateQuery(holder, roots, parts, footprint, lack, exact)

    @cached_property
    def held(self) -> dict[Node, tuple[Node, ...]]:
        """For each shape with constraints to keep, those whose targets have to keep them."""
        found: dict[Node, list[Node]] = {}
        for root in self._shapes.targeting():
            for holder in () if self._shapes.is_deactivated(root) else self._holders(root):
                found.setdefault(holder, []).append(root)
        return {holder: tuple(roots) for holder, roots in found.items()}

    def _holders(self, root: Node) -> list[Node]:
        """Return the shapes whose constraints a shape's targets have to keep: itself first.

        A property shape has only itself: its property shapes are about the values of its path.
        """
        if self._shapes.objects(root, "path"):
            return [root]
        return [root, *dict.fromkeys(self._shapes.nodes(root, "property"))]

    def _compiled(
        self, holder: Node, roots: tuple[Node, ...], constraints: Constraints
    ) -> tuple[tuple[str, ...], str]:
        """Return the parts of a query, and the test of the last if it is for what is missing."""
        is_property = bool(self._shapes.objects(holder, "path"))
        if holder not in roots and (not is_property or self._shapes.is_custom(holder)):
            raise NotInSparqlError
        if self._shapes.is_deactivated(holder):
            return (), ""
        if self._shapes.is_custom(holder) or self._shapes.objects(holder, "sparql"):
            raise NotInSparqlError
        if not is_property:
            return tuple(self._node_parts(holder, roots, constraints)), ""
        parts = tuple(self._property_parts(holder, roots, constraints))
        tests = [*constraints.of_all(holder, constraints.paths.of(holder), THIS, 0)]
        if not tests:
            return parts, ""
        lack = constraints.useful(tests)
        return (*parts, f"{_grouped(self.targets.found(roots))} FILTER({lack})"), lack

    def _node_parts(
        self, shape: Node, roots: tuple[Node, ...], constraints: Constraints
    ) -> Iterator[str]:
        """Yield a part for the constraints of a node shape, but for its property shapes."""
        found = self.targets.found(roots)
        tests = list(constraints.of_value(shape, THIS, 0, without=("property", "closed")))
        if tests:
            yield f"{_grouped(found)} FILTER({constraints.useful(tests)})"
        if allowed := not_allowed(self._shapes, shape):
            test = allowed("?predicate", "?object")
            yield f"{_grouped(found)} {THIS} ?predicate ?object FILTER({test})"

    def _property_parts(
        self, shape: Node, roots: tuple[Node, ...], constraints: Constraints
    ) -> Iterator[str]:
        """Yield parts for the constraints of a property shape on the values of its path."""
        path = constraints.paths.of(shape)
        target = self.targets.tested(roots)
        tests = list(constraints.of_value(shape, "?value", 0))
        if tests:
            # A store may evaluate the costlier of two conditions first; with IF it can't.
            yield f"{THIS} {path} ?value FILTER(IF({constraints.useful(tests)}, {target}, false))"
        if tests and constraints.paths.may_be_empty(shape):
            tests = list(constraints.of_value(shape, THIS, 0))
            yield f"{_grouped(self.targets.found(roots))} FILTER({constraints.useful(tests)})"
        for several in self._too_many(shape, path, constraints):
            yield f"{several} FILTER({target})"

    def _too_many(self, shape: Node, path: str, constraints: Constraints) -> Iterator[str]:
        """Yield groups that find the nodes with too many values, or two in one language.

        The values of a predicate are counted: to look for two takes a store twice as long.
        """
        if not path.startswith("<"):
            for several in constraints.several(shape, path, THIS):
                yield constraints.useful([several])
            return
        most, unique = constraints.limits(shape)
        values = f"{_ONLY}{THIS} {path} ?value"
        if most is not None:
            yield _counted(values, THIS, most)
        if unique:
            known = f'{values} FILTER(LANG(?value) != "") BIND(LCASE(LANG(?value)) AS ?language)'
            yield _counted(known, f"{THIS} ?language", 1)


def _counted(values: str, by: str, most: int) -> str:
    """Return a group that finds nodes with more values than `most`, counted together by `by`."""
    group = f"{{ SELECT {THIS} {{ {values} }} GROUP BY {by} HAVING(COUNT(?value) > {most}) }}"
    if not most:
        return group
    # Mostly each node has one value: to know that takes half as long as to count for each node.
    counts = f"(COUNT({THIS}) AS ?all) (COUNT(DISTINCT {THIS}) AS ?nodes)"
    return f"{{ {{ SELECT {counts} {{ {values} }} }} FILTER(?all > ?nodes) }} {group}"


def _grouped(group: str) -> str:
    return f"{{ {group} }}"
