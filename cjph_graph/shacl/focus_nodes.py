"""The focus nodes of shapes in a data graph: all there are, or those among some nodes."""

from collections.abc import Collection, Iterable

from pyoxigraph import BlankNode

from cjph_graph.rdf import Node, Term
from cjph_graph.shacl.data_graph import DataGraph
from cjph_graph.shacl.shapes import Shapes
from cjph_graph.shacl.targets import THIS, Targets

# Naming more nodes than this in each query takes longer than leaving out those that don't count.
_MOST_NAMED = 2_000


class FocusNodes:
    """Finds the targets of shapes; with `only`, none but these nodes and what shapes name."""

    def __init__(
        self,
        shapes: Shapes,
        graph: DataGraph,
        targets: Targets,
        only: Collection[Term] | None = None,
    ) -> None:
        self._shapes = shapes
        self._graph = graph
        self._targets = targets
        self._only = None if only is None else set(only)
        self._nameable = self._only is not None and are_nameable(self._only)

    def count(self) -> int:
        """Return how many focus nodes there are."""
        roots = tuple(s for s in self._shapes.targeting() if not self._shapes.is_deactivated(s))
        if not roots:
            return 0
        if self._only is not None:
            return len(self.all(roots))
        group = f"{{ {self._targets.found(roots)} }}"
        if besides := ", ".join(sorted(map(str, self._graph.besides))):
            group += f" FILTER(!isBlank({THIS}) && {THIS} NOT IN ({besides}))"
        distinct = f"SELECT DISTINCT {THIS} {{ {group} }}"
        text = f"SELECT (COUNT(*) AS ?n) {{ {{ {distinct} }} }}"
        ((count,),) = self._graph.ask(text)
        named = {node for root in roots for node in self._targets.unnamed(root)}
        return int(count.value if count else 0) + len(named)

    def of_shapes(self) -> dict[Node, set[Term]]:
        """Return the focus nodes of each shape with targets."""
        return {
            root: self.all((root,))
            for root in self._shapes.targeting()
            if not self._shapes.is_deactivated(root)
        }

    def restriction(self, roots: Iterable[Node]) -> str:
        """Return a group that binds `?this` to the only nodes that count, if they can be named."""
        if not self._nameable:
            return ""
        return bound({*(self._only or ()), *self._named_targets(roots)})

    def _named_targets(self, roots: Iterable[Node]) -> set[Term]:
        """Return the nodes that shapes name: they stand for the graph, in whatever file."""
        found = {node for root in roots for node in self._shapes.objects(root, "targetNode")}
        return {node for node in found if not isinstance(node, BlankNode)}

    def among_only(self, found: set[Term], roots: tuple[Node, ...]) -> set[Term]:
        """Leave out those that do not count."""
        if self._only is None:
            return found
        return found & (self._only | self._named_targets(roots))

    def all(self, roots: tuple[Node, ...]) -> set[Term]:
        """Return the targets of any of some shapes."""
        group = f"{self.restriction(roots)} {{ {self._targets.found(roots)} }}"
        found = self.among_only(self.query(group), roots)
        return found | {node for root in roots for node in self._targets.unnamed(root)}

    def by_shape(self, nodes: set[Term], roots: tuple[Node, ...]) -> dict[Node, set[Term]]:
        """Return for each shape those nodes that are its targets, where there are some."""
        if not nodes:
            return {}
        names = " ".join(sorted(str(node) for node in nodes if not isinstance(node, BlankNode)))
        blank = any(isinstance(node, BlankNode) for node in nodes)
        found: dict[Node, set[Term]] = {}
        for root in roots:
            if blank or len(nodes) > _MOST_NAMED:
                targets = self.all((root,))
            else:
                values = f"VALUES {THIS} {{ {names} }} {{ {self._targets.found((root,))} }}"
                targets = self.query(values)
            if own := nodes & targets:
                found[root] = own
        return found

    def query(self, group: str) -> set[Term]:
        """Return what a group binds to `?this`; to go on without an answer could miss some."""
        found = self._graph.ask(f"SELECT DISTINCT {THIS} {{ {group} }}")
        return {node for (node,) in found if node is not None}

    def try_query(self, text: str) -> set[Term] | None:
        """Return what a query finds for `?this`; None when it cannot be asked."""
        names, found = rows(self._graph, text)
        if "this" not in names:
            return None
        return {row[names.index("this")] for row in found} - {None}  # type: ignore[return-value]


def rows(graph: DataGraph, text: str) -> tuple[list[str], list[tuple[Term | None, ...]]]:
    """Return the columns and rows of a query; no columns if it cannot be asked."""
    try:
        return graph.columns(text)
    except (SyntaxError, ValueError):
        return [], []


def are_nameable(nodes: Collection[Term]) -> bool:
    """Say whether a query may name some nodes: few, and none of them blank."""
    return len(nodes) <= _MOST_NAMED and not any(isinstance(node, BlankNode) for node in nodes)


def bound(nodes: Iterable[Term]) -> str:
    """Return a group that binds `?this` to some nodes."""
    return f"VALUES {THIS} {{ {' '.join(sorted(map(str, nodes)))} }} "
