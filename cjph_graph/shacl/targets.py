"""The targets of shapes, found and tested for in SPARQL."""

from collections.abc import Iterable

from pyoxigraph import BlankNode, NamedNode

from cjph_graph.rdf import SUBCLASS, TYPE, Node, Term
from cjph_graph.shacl.shapes import Below, Shapes

THIS = "?this"


class Targets:
    """How to find the targets of shapes, in SPARQL."""

    def __init__(self, shapes: Shapes, below: Below) -> None:
        self._shapes = shapes
        self._below = below
        self._known: dict[tuple[Node, ...], str] = {}

    def found(self, roots: tuple[Node, ...]) -> str:
        """Return a group that binds `?this` to the targets of any of some shapes."""
        if (known := self._known.get(roots)) is None:
            known = self._known[roots] = self._found(roots)
        return known

    def _found(self, roots: tuple[Node, ...]) -> str:
        parts: list[str] = []
        listed, by_path = self._classes(roots)
        if listed:
            parts.append(f"{_values('?_class', listed)} {THIS} {TYPE} ?_class")
        parts += [f"{THIS} {TYPE}/{SUBCLASS}* {iri}" for iri in by_path]
        # Each by itself: Virtuoso finds nothing at all where VALUES is one of several ways.
        parts += [f"BIND({node} AS {THIS})" for node in self._named(roots)]
        parts += [f"{THIS} {iri} ?_any" for iri in self._iris(roots, "targetSubjectsOf")]
        parts += [f"?_any {iri} {THIS}" for iri in self._iris(roots, "targetObjectsOf")]
        if len(parts) == 1:
            return parts[0]
        return " UNION ".join(f"{{ {part} }}" for part in parts) or f"VALUES {THIS} {{ }}"

    def tested(self, roots: tuple[Node, ...]) -> str:
        """Return an expression that is true if `?this` is a target of any of some shapes."""
        parts: list[str] = []
        listed, by_path = self._classes(roots)
        if len(listed) == 1:
            parts.append(f"EXISTS {{ {THIS} {TYPE} {listed[0]} }}")
        elif listed:
            known = ", ".join(map(str, listed))
            parts.append(f"EXISTS {{ {THIS} {TYPE} ?_class FILTER(?_class IN ({known})) }}")
        parts += [f"EXISTS {{ {THIS} {TYPE}/{SUBCLASS}* {iri} }}" for iri in by_path]
        parts += [f"sameTerm({THIS}, {node})" for node in self._named(roots)]
        parts += [
            f"EXISTS {{ {THIS} {iri} ?_any }}" for iri in self._iris(roots, "targetSubjectsOf")
        ]
        parts += [
            f"EXISTS {{ ?_any {iri} {THIS} }}" for iri in self._iris(roots, "targetObjectsOf")
        ]
        return " || ".join(f"({part})" for part in parts) or "false"

    def unnamed(self, root: Node) -> list[Term]:
        """Return the targets that a query cannot find, as it cannot name them: blank ones."""
        return [t for t in self._shapes.objects(root, "targetNode") if isinstance(t, BlankNode)]

    def _classes(self, roots: Iterable[Node]) -> tuple[list[NamedNode], list[NamedNode]]:
        listed: dict[NamedNode, None] = {}
        by_path: dict[NamedNode, None] = {}
        for kind in (kind for root in roots for kind in self._shapes.target_classes(root)):
            below = self._below.get(kind, ())
            if below is None:
                by_path[kind] = None
            else:
                listed |= dict.fromkeys((kind, *below))
        return list(listed), list(by_path)

    def _named(self, roots: Iterable[Node]) -> list[Term]:
        named = (t for root in roots for t in self._shapes.objects(root, "targetNode"))
        return [term for term in dict.fromkeys(named) if not isinstance(term, BlankNode)]

    def _iris(self, roots: Iterable[Node], name: str) -> list[NamedNode]:
        return list(dict.fromkeys(n for root in roots for n in self._shapes.iris(root, name)))


def _values(variable: str, terms: Iterable[Term]) -> str:
    return f"VALUES {variable} {{ {' '.join(map(str, terms))} }}"
