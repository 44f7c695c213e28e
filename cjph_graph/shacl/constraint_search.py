"""Asking the SPARQL constraints, and sorting what they find into results and candidates."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from cjph_graph.rdf import Node, Term
from cjph_graph.shacl.data_graph import DataGraph
from cjph_graph.shacl.focus_nodes import FocusNodes, rows
from cjph_graph.shacl.literal_mismatches import LiteralMismatches
from cjph_graph.shacl.shapes import Shapes
from cjph_graph.shacl.sparql_constraints import ConstraintQuery, SparqlConstraint
from cjph_graph.shacl.targets import Targets

# The values of variables, by name.
Row: TypeAlias = tuple[tuple[str, Term], ...]


class ConstraintRow(NamedTuple):
    """A row that a SPARQL constraint has for a focus node: its values by variable, but for `this`.

    `root` is the shape whose target `this` is.
    """

    constraint: SparqlConstraint
    root: Node
    this: Term
    row: Row


@dataclass
class Candidates:
    """What pySHACL has to look at, and what is known already.

    `of_shapes` are the focus nodes that may break a shape, by the shape with the target and the
    shape with the constraints; `of_constraints` those that may break a SPARQL constraint, by it and
    by the shape with the target. `results` are the rows of SPARQL constraints that are results.
    `unsearchable` are shapes whose targets SPARQL cannot find, as the store has rewritten the
    literals that make them: pySHACL looks at all of these. `focus_nodes` is how many there are.
    """

    of_shapes: dict[tuple[Node, Node], set[Term]] = field(default_factory=dict)
    of_constraints: dict[tuple[SparqlConstraint, Node], set[Term]] = field(default_factory=dict)
    results: list[ConstraintRow] = field(default_factory=list)
    unsearchable: set[Node] = field(default_factory=set)
    focus_nodes: int = 0


class ConstraintSearch:
    """Asks SPARQL constraints of a graph, each once for all its targets."""

    def __init__(
        self,
        shapes: Shapes,
        graph: DataGraph,
        targets: Targets,
        focus: FocusNodes,
        candidates: Candidates,
    ) -> None:
        self._graph = graph
        self._targets = targets
        self._focus = focus
        self._candidates = candidates
        self._mismatches = LiteralMismatches(shapes, graph, targets, focus)

    def ask(self, constraint: SparqlConstraint, query: ConstraintQuery | None) -> None:
        """Ask a SPARQL constraint; without a query all its targets are candidates."""
        unsearchable = self._candidates.unsearchable
        roots = tuple(root for root in constraint.roots if root not in unsearchable)
        rows_of = None if query is None else self._rows(query)
        if query is None or rows_of is None:
            for root in roots:
                self._add(constraint, root, self._focus.all((root,)))
            return
        uncertain = self._mismatches.among(query, roots, set(rows_of))
        found = self._focus.among_only({*rows_of} | uncertain, roots)
        for root, nodes in self._focus.by_shape(found, roots).items():
            unclear = {
                node
                for node in nodes
                if node in uncertain
                or not query.is_complete
                or any(map(self._mismatches.is_unclear, (node, *_terms(rows_of[node]))))
            }
            self._add(constraint, root, unclear)
            self._candidates.results += [
                ConstraintRow(constraint, root, node, row)
                for node in nodes - unclear
                for row in rows_of[node]
            ]
        for root in roots:
            self._add(constraint, root, {*self._targets.unnamed(root)})

    def _rows(
        self, query: ConstraintQuery
    ) -> dict[Term, list[tuple[tuple[str, Term], ...]]] | None:
        """Return the rows of a SPARQL constraint by focus node; None if it cannot be asked."""
        restriction = self._focus.restriction(query.constraint.roots)
        names, found = rows(self._graph, query.text(restriction))
        if "this" not in names:
            return None
        at = names.index("this")
        by_node: dict[Term, list[tuple[tuple[str, Term], ...]]] = {}
        for row in dict.fromkeys(found):
            if (this := row[at]) is not None:
                values = [(n, term) for n, term in zip(names, row, strict=True) if n != "this"]
                by_node.setdefault(this, []).append(
                    tuple((n, t) for n, t in values if t is not None)
                )
        return by_node

    def _add(self, constraint: SparqlConstraint, root: Node, nodes: set[Term]) -> None:
        if nodes:
            self._candidates.of_constraints.setdefault((constraint, root), set()).update(nodes)


def _terms(rows: Iterable[Row]) -> list[Term]:
    return [term for row in rows for _, term in row]
