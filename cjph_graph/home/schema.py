"""The ontology's shapes, read once into plain values: kinds and their properties.

What a class may say is written in its shapes; whoever needs it in Python, to name a folder, to
shape JSON-LD or to fill in a form, reads it here and knows no class by name.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cjph_graph.errors import InputError
from cjph_graph.home.location import Home, shape_files
from cjph_graph.rdf.reading import read_turtle

_SH = "http://www.w3.org/ns/shacl#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
# What the IRIs of the things of a class begin with.
NAMESPACE = NamedNode("https://w3id.org/cjph/shapes#namespace")
LANG_STRING = _RDF + "langString"


@dataclass(frozen=True)
class Property:
    """A property as shapes describe it, the shapes of one path taken together.

    `path` is the IRI of the property; with `inverse` it is followed against its direction.
    `datatypes` are those its literals may have; `links` is true when its values are things.
    """

    path: str
    inverse: bool
    name: str
    datatypes: frozenset[str]
    links: bool


@dataclass(frozen=True)
class Kind:
    """A class with a shape: `namespace` is what its things' IRIs begin with, empty for parts.

    Parts, such as the findings of an intervention, have the IRI of their thing, `#` and a name.
    """

    iri: str
    name: str
    namespace: str
    properties: tuple[Property, ...]

    @property
    def folder(self) -> str:
        """The last part of the namespace: the name of the folder, or of the file, of its things."""
        return self.namespace.rstrip("/#").rpartition("/")[2]


_Node = NamedNode | BlankNode


class _Shapes:
    """Triples of shapes by subject and predicate."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._objects: dict[tuple[object, str], list[object]] = {}
        self.subjects: dict[_Node, None] = {}
        for triple in triples:
            if isinstance(triple.subject, NamedNode | BlankNode):
                self.subjects[triple.subject] = None
                key = (triple.subject, triple.predicate.value)
                self._objects.setdefault(key, []).append(triple.object)

    def nodes(self, subject: _Node, predicate: str) -> list[_Node]:
        found = self._objects.get((subject, _SH + predicate), [])
        return [node for node in found if isinstance(node, NamedNode | BlankNode)]

    def iris(self, subject: _Node, predicate: str) -> list[str]:
        return [n.value for n in self.nodes(subject, predicate) if isinstance(n, NamedNode)]

    def text(self, subject: _Node, predicate: str) -> str:
        found = self._objects.get((subject, predicate), [])
        return next((term.value for term in found if isinstance(term, Literal)), "")

    def members(self, node: _Node) -> list[_Node]:
        """Return the nodes of an RDF list."""
        members: list[_Node] = []
        while first := self._objects.get((node, _RDF + "first")):
            members += (term for term in first if isinstance(term, NamedNode | BlankNode))
            (rest,) = self._objects.get((node, _RDF + "rest"), [None])
            if not isinstance(rest, NamedNode | BlankNode):
                break
            node = rest
        return members


def read_shapes(home: Home) -> tuple[Triple, ...]:
    """Return the triples of a home's shapes; raise InputError where they are not Turtle."""
    files = [read_turtle(path) for path in shape_files(home)]
    for file in files:
        if file.problem:
            raise InputError(f"{file.path}:{file.problem.line}: {file.problem.message}.")
    return tuple(triple for file in files for triple in file.triples)


def read_schema(shapes: Iterable[Triple]) -> tuple[Kind, ...]:
    """Return the classes that closed node shapes target, in the order of the triples.

    A closed shape names all that its class may say; shapes that only add a rule are not closed.
    A property shape that names no single property, forwards or backwards, is left out.
    """
    graph = _Shapes(shapes)
    kinds: dict[str, Kind] = {}
    for shape in graph.subjects:
        if graph.text(shape, _SH + "closed") != "true":
            continue
        for target in graph.iris(shape, "targetClass"):
            kinds[target] = Kind(
                target,
                graph.text(shape, _SH + "name"),
                graph.text(shape, NAMESPACE.value),
                tuple(_properties(graph, shape)),
            )
    return tuple(kinds.values())


def _properties(graph: _Shapes, shape: _Node) -> list[Property]:
    merged: dict[tuple[str, bool], Property] = {}
    for node in graph.nodes(shape, "property"):
        for path in graph.nodes(node, "path"):
            inverse = isinstance(path, BlankNode)
            steps = graph.iris(path, "inversePath") if inverse else [path.value]
            for iri in steps:
                found = _property(graph, node, iri, inverse=inverse)
                known = merged.get((iri, inverse), found)
                merged[iri, inverse] = Property(
                    iri,
                    inverse,
                    known.name,
                    known.datatypes | found.datatypes,
                    known.links or found.links,
                )
    return list(merged.values())


def _property(graph: _Shapes, shape: _Node, path: str, *, inverse: bool) -> Property:
    choices = [member for node in graph.nodes(shape, "or") for member in graph.members(node)]
    shapes = [shape, *choices]
    datatypes = frozenset(iri for node in shapes for iri in graph.iris(node, "datatype"))
    links = any(
        graph.nodes(node, "class")
        or graph.nodes(node, "node")
        or _SH + "IRI" in graph.iris(node, "nodeKind")
        for node in shapes
    )
    return Property(path, inverse, graph.text(shape, _SH + "name"), datatypes, links)


def property_order(kinds: Iterable[Kind]) -> Callable[[frozenset[str]], Mapping[str, int]]:
    """Return what gives the properties of a thing their places, by the IRIs of its classes."""
    by_class = {kind.iri: kind.properties for kind in kinds}

    def order(classes: frozenset[str]) -> dict[str, int]:
        known = [each for iri in sorted(classes) for each in by_class.get(iri, ())]
        paths = dict.fromkeys(each.path for each in known if not each.inverse)
        return {path: place for place, path in enumerate(paths)}

    return order
