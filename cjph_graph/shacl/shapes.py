"""A shapes graph: which shapes have targets, and the values of their properties."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TypeAlias, cast

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cjph_graph.rdf import (
    FIRST,
    OWL,
    RDF,
    RDFS,
    REST,
    SH,
    SUBCLASS,
    TRUE,
    TYPE,
    Graph,
    Node,
    Term,
    TurtleFile,
    reachable,
)

# For each class those below it; None where only a path can tell, as some are blank or too many.
Below: TypeAlias = Mapping[NamedNode, tuple[NamedNode, ...] | None]

CLASSES = (NamedNode(RDFS + "Class"), NamedNode(OWL + "Class"))
_PARAMETER = NamedNode(SH + "parameter")
TARGETS = tuple(
    NamedNode(SH + name)
    for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
)
_INVERSE, _ALTERNATIVE = NamedNode(SH + "inversePath"), NamedNode(SH + "alternativePath")
_REPEATED = {
    NamedNode(SH + name): mark
    for name, mark in (("zeroOrMorePath", "*"), ("oneOrMorePath", "+"), ("zeroOrOnePath", "?"))
}
_MOST_NAMED = 500
# What leads from a SPARQL constraint to the prefixes it uses.
_TO_PREFIXES = (
    NamedNode(SH + "prefixes"),
    NamedNode(SH + "declare"),
    NamedNode(OWL + "imports"),
)
# The prefixes that pySHACL gives to every query.
PREFIXES = {"rdf": RDF, "rdfs": RDFS, "owl": OWL}


class Shapes(Graph):
    """The triples of a shapes graph by subject; `files` are where they stand, for messages."""

    def __init__(self, triples: Iterable[Triple], files: Sequence[TurtleFile] = ()) -> None:
        super().__init__(triples)
        self.files = files
        # An instance of a direct subclass of rdfs:Class is a class too.
        below = [t.subject for t in self.triples if t.predicate == SUBCLASS]
        self._metaclasses = {*CLASSES}
        self._metaclasses |= {
            cast("NamedNode", node) for node in below if CLASSES[0] in self.values(node, SUBCLASS)
        }

    def subjects(self) -> list[Node]:
        """Return the nodes that there are triples about, in the order of the graph."""
        return [node for node in self._about if isinstance(node, NamedNode | BlankNode)]

    def named(self, shape: Node) -> str:
        """Return how a message names a shape: by its IRI or its owner's, and where it stands."""
        from cjph_graph.rdf.positions import find_positions

        owner = next((node for node in self._owners(shape) if isinstance(node, NamedNode)), None)
        name = "a shape without a name" if owner is None else str(owner)
        if owner is not None and owner != shape:
            name = f"a shape inside {owner}"
        for file in self.files:
            if places := find_positions(file, (), {shape}).subjects.get(shape):
                return f"{name} ({file.path}:{places[0].line}:{places[0].column})"
        return name

    def _owners(self, shape: Node) -> Iterator[Node]:
        """Yield a shape and what leads to it, the nearest first."""
        return reachable(
            [shape],
            lambda node: (cast("Node", t.subject) for t in self.triples if t.object == node),
        )

    def names(self, subject: Node) -> set[str]:
        """Return which properties of SHACL a node has."""
        return {t.predicate.value.removeprefix(SH) for t in self.about(subject)}

    def objects(self, subject: Node, name: str) -> list[Term]:
        """Return the values of a property of SHACL."""
        return self.values(subject, NamedNode(SH + name))

    def nodes(self, subject: Node, name: str) -> list[Node]:
        """Return the values of a property of SHACL that are not literals."""
        return [n for n in self.objects(subject, name) if isinstance(n, NamedNode | BlankNode)]

    def iris(self, subject: Node, name: str) -> list[NamedNode]:
        """Return the values of a property of SHACL that are IRIs."""
        return [node for node in self.objects(subject, name) if isinstance(node, NamedNode)]

    def targeting(self) -> tuple[Node, ...]:
        """Return the shapes that have targets, those that are classes themselves among them."""
        return self._targeting

    @cached_property
    def _targeting(self) -> tuple[Node, ...]:
        classes = {
            triple.subject
            for triple in self.triples
            if triple.predicate == TYPE and triple.object in self._metaclasses
        }
        found = {
            cast("Node", t.subject): None
            for t in self.triples
            if t.predicate in TARGETS or (t.subject in classes and _is_of_shape(t))
        }
        return tuple(found)

    def is_class(self, shape: Node) -> bool:
        """Say whether a shape is a class, so that the things of this class are its targets."""
        return any(kind in self._metaclasses for kind in self.values(shape, TYPE))

    def is_target(self, triple: Triple) -> bool:
        """Say whether a statement gives a shape targets."""
        return triple.predicate in TARGETS or (
            triple.predicate == TYPE and triple.object in self._metaclasses
        )

    def is_deactivated(self, shape: Node) -> bool:
        """Say whether a shape checks nothing."""
        return TRUE in self.objects(shape, "deactivated")

    def is_custom(self, shape: Node) -> bool:
        """Say whether a shape has a constraint of a component that the shapes graph declares."""
        return any(triple.predicate in self._parameters for triple in self.about(shape))

    @cached_property
    def _parameters(self) -> set[object]:
        """The parameters of components that the shapes graph declares."""
        declared = (t.object for t in self.triples if t.predicate == _PARAMETER)
        nodes = (node for node in declared if isinstance(node, NamedNode | BlankNode))
        return {path for node in nodes for path in self.objects(node, "path")}

    def is_true(self, shape: Node, name: str) -> bool:
        """Say whether a property of SHACL has the value `true` and no other."""
        return self.objects(shape, name) == [TRUE]

    def target_classes(self, shape: Node) -> list[NamedNode]:
        """Return the classes whose things are targets of a shape."""
        own = [shape] if self.is_class(shape) and isinstance(shape, NamedNode) else []
        return [*self.iris(shape, "targetClass"), *own]

    def classes(self) -> set[NamedNode]:
        """Return the classes that shapes name or are: a rule for one holds for those below it."""
        naming = (SH + "targetClass", SH + "class")
        found = {t.object for t in self.triples if t.predicate.value in naming}
        found.update(shape for shape in self.targeting() if self.is_class(shape))
        return {node for node in found if isinstance(node, NamedNode)}

    def texts(self, subject: Node, predicate: NamedNode) -> list[str]:
        """Return the literal forms of the values of any property, SHACL's or another."""
        return [t.value for t in self.values(subject, predicate) if isinstance(t, Literal)]

    def prefixes(self, constraint: Node) -> dict[str, str]:
        """Return the prefixes that a SPARQL constraint declares by sh:prefixes."""
        return {
            prefix.value: namespace.value
            for node in reachable([constraint], self._next_to_prefixes)
            for prefix in self.objects(node, "prefix")
            for namespace in self.objects(node, "namespace")
        }

    def reached(self, start: Iterable[Node]) -> set[Triple]:
        """Return the triples about some nodes, and about all nodes that these lead to."""
        nodes: Iterator[object] = reachable(start, lambda n: (t.object for t in self.about(n)))
        return {triple for node in nodes for triple in self.about(node)}

    def _next_to_prefixes(self, node: Node) -> Iterator[Node]:
        for predicate in _TO_PREFIXES:
            yield from (v for v in self.values(node, predicate) if not isinstance(v, Literal))

    def path(self, node: object) -> list[Triple]:
        """Return what makes a node a property path; of two ways, the one that pySHACL takes."""
        if not isinstance(node, BlankNode):
            return []
        if self.values(node, FIRST):
            return [t for t in self.about(node) if t.predicate in (FIRST, REST)]
        for predicate in (_INVERSE, _ALTERNATIVE, *_REPEATED):
            for triple in self.about(node):
                if triple.predicate == predicate:
                    return [triple]
        return []

    def whole_path(self, node: object) -> dict[object, list[Triple]]:
        """Return each blank node that a property path is made of, with what makes it one."""
        found: dict[object, list[Triple]] = {}
        waiting = [node]
        while waiting:
            node = waiting.pop()
            if node not in found and (triples := self.path(node)):
                found[node] = triples
                waiting += [triple.object for triple in reversed(triples)]
        return found

    def path_text(self, node: object) -> str:
        """Return a property path as SPARQL writes it, IRIs bare."""
        if isinstance(node, NamedNode):
            return node.value
        if members := self.listed(node):
            return f"({'/'.join(self.path_text(member) for member in members)})"
        for triple in self.path(node):
            if triple.predicate == _INVERSE:
                return f"^{self.path_text(triple.object)}"
            if triple.predicate == _ALTERNATIVE:
                members = self.listed(triple.object)
                return f"({'|'.join(self.path_text(member) for member in members)})"
            return f"{self.path_text(triple.object)}{_REPEATED[triple.predicate]}"
        return "?"


def descendants(classes: Iterable[NamedNode], pairs: Iterable[tuple[Term, Term]]) -> Below:
    """Return for each class those below it, given which class is right below which."""
    children: dict[Term, list[Term]] = {}
    for child, parent in pairs:
        children.setdefault(parent, []).append(child)
    found: dict[NamedNode, tuple[NamedNode, ...] | None] = {}
    for kind in classes:
        start: list[Term] = [kind]
        below = [*reachable(start, lambda node: children.get(node, ()))][1:]
        named = sorted((node for node in below if isinstance(node, NamedNode)), key=str)
        found[kind] = tuple(named) if len(named) == len(below) <= _MOST_NAMED else None
    return found


def _is_of_shape(triple: Triple) -> bool:
    """Say whether only a shape would have such a triple."""
    term = triple.object if triple.predicate == TYPE else triple.predicate
    return isinstance(term, NamedNode) and term.value.startswith(SH)
