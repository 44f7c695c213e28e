"""The ontology's shapes, read once into plain values: kinds and their properties.

What a class may say is written in its shapes; whoever needs it in Python, to name a folder, to
shape JSON-LD or to fill in a form, reads it here and knows no class by name.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cjph_graph.errors import UsageError
from cjph_graph.home.location import Home, shape_files
from cjph_graph.home.suggestions import suggest
from cjph_graph.rdf import SH, XSD, Node, last_part, read_turtle
from cjph_graph.shacl import Shapes

_NAME, _DESCRIPTION, _IRI = (NamedNode(SH + name) for name in ("name", "description", "IRI"))
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?")
_MILD = {NamedNode(SH + "Warning"), NamedNode(SH + "Info")}
_OF_VALUES = {"class", "datatype", "in", "node", "nodeKind", "or", "pattern"}
# What one shape of a property says as well as another: both count.
_JOINED = ("datatypes", "links", "single", "required", "classes", "strict")
_ONE = Literal("1", datatype=NamedNode(XSD + "integer"))
# What the IRIs of the things of a class begin with.
NAMESPACE = NamedNode("https://w3id.org/cjph/shapes#namespace")


@dataclass(frozen=True)
class Property:
    """A property as shapes describe it, the shapes of one path taken together.

    `path` is the IRI of the property; with `inverse` it is followed against its direction.
    `datatypes` are those its literals may have; `links` is true when its values are things. A
    property that is not `single` may have several values; one whose texts have one for each
    language counts as single. `description` says in a sentence what it is for. `key` is the last
    part of the IRI of its shape, a short name that stays: the property's own where the shape has
    none.
    The values of an `address` are IRIs of anything, not things of the graph; those of a link are
    things of one of `classes`, if the shapes name some. A property is `strict` when it is required
    and leaving it out is an error, not just a warning.
    """

    path: str
    inverse: bool
    name: str
    datatypes: frozenset[str]
    links: bool
    single: bool = False
    required: bool = False
    description: str = ""
    key: str = ""
    address: bool = False
    classes: frozenset[str] = frozenset()
    strict: bool = False


@dataclass(frozen=True)
class Kind:
    """A class with a shape: `namespace` is what its things' IRIs begin with, empty for parts.

    Parts, such as the findings of an intervention, have the IRI of their thing, `#` and a name.
    """

    iri: str
    name: str
    namespace: str
    properties: tuple[Property, ...]

    def __hash__(self) -> int:
        return hash(self.iri)

    @property
    def folder(self) -> str:
        """The last part of the namespace: the name of the folder, or of the file, of its things."""
        return self.namespace.rstrip("/#").rpartition("/")[2]


def read_shapes(home: Home) -> tuple[Triple, ...]:
    """Return the triples of a home's shapes; raise InputError where they are not Turtle."""
    files = [read_turtle(path).sound() for path in shape_files(home)]
    return tuple(triple for file in files for triple in file.triples)


def read_schema(shapes: Iterable[Triple]) -> tuple[Kind, ...]:
    """Return the classes that closed node shapes target, in the order of the triples.

    Their properties are in the order that `sh:order` gives them, those without one last. A closed
    shape names all that its class may say; shapes that only add a rule are not closed.
    A property shape that names no single property, forwards or backwards, is left out.
    """
    graph = Shapes(shapes)
    kinds: dict[str, Kind] = {}
    for shape in dict.fromkeys(triple.subject for triple in graph.triples):
        if isinstance(shape, Triple) or not graph.is_true(shape, "closed"):
            continue
        for target in graph.iris(shape, "targetClass"):
            kinds[target.value] = Kind(
                target.value,
                graph.text(shape, _NAME),
                graph.text(shape, NAMESPACE),
                tuple(_properties(graph, shape)),
            )
    return tuple(kinds.values())


def _properties(graph: Shapes, shape: Node) -> list[Property]:
    merged: dict[tuple[str, bool], Property] = {}
    # Where a property has a second shape, …Given, the first has the shorter name.
    nodes = sorted(graph.nodes(shape, "property"), key=lambda node: len(str(node)))
    for node in sorted(nodes, key=lambda node: _place(graph, node)):
        for path in graph.nodes(node, "path"):
            inverse = isinstance(path, BlankNode)
            steps = graph.iris(path, "inversePath") if inverse else [path]
            for step in steps:
                found = _property(graph, node, step.value, inverse=inverse)
                known = merged.get((step.value, inverse), found)
                both: dict[str, Any] = {n: getattr(known, n) | getattr(found, n) for n in _JOINED}
                merged[step.value, inverse] = replace(known, **both)
    return list(merged.values())


def _place(graph: Shapes, shape: Node) -> tuple[float, bool]:
    """Return the number that `sh:order` gives a shape; infinity where there is none.

    If two have the same number, the one that says what values are like goes first: it names the
    property.
    """
    numbers = (term.value for term in graph.objects(shape, "order") if isinstance(term, Literal))
    number = min((float(text) for text in numbers if _NUMBER.fullmatch(text)), default=math.inf)
    return number, not graph.names(shape) & _OF_VALUES


def _property(graph: Shapes, shape: Node, path: str, *, inverse: bool) -> Property:
    choices = [member for head in graph.nodes(shape, "or") for member in graph.listed(head)]
    shapes = [shape, *(node for node in choices if not isinstance(node, Literal))]
    datatypes = frozenset(iri.value for node in shapes for iri in graph.iris(node, "datatype"))
    things = any(graph.nodes(node, "class") or graph.nodes(node, "node") for node in shapes)
    address = not things and any(_IRI in graph.objects(node, "nodeKind") for node in shapes)
    required = bool(graph.objects(shape, "minCount"))
    return Property(
        path,
        inverse,
        graph.text(shape, _NAME),
        datatypes,
        things or address,
        address=address,
        single=_ONE in graph.objects(shape, "maxCount") or graph.is_true(shape, "uniqueLang"),
        required=required,
        description=graph.text(shape, _DESCRIPTION),
        key=last_part(shape.value if isinstance(shape, NamedNode) else path),
        classes=frozenset(iri.value for node in shapes for iri in graph.iris(node, "class")),
        strict=required and not _MILD & set(graph.objects(shape, "severity")),
    )


def find_kind(kinds: Sequence[Kind], name: str) -> Kind:
    """Return the kind that a person names by folder, class or label.

    Raises UsageError when there is none.
    """
    for kind in kinds:
        if name in (kind.iri, kind.folder) or name.casefold() in (
            kind.name.casefold(),
            last_part(kind.iri).casefold(),
            f"{last_part(kind.iri)}s".casefold(),
        ):
            return kind
    known = sorted(kind.folder or last_part(kind.iri).lower() for kind in kinds)
    near = suggest(name, [(each, each) for each in known])
    advice = f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(known)}."
    raise UsageError(f"There is no kind {name!r}.", advice)


def property_order(kinds: Iterable[Kind]) -> Callable[[frozenset[str]], Mapping[str, int]]:
    """Return what gives the properties of a thing their places, by the IRIs of its classes."""
    by_class = {kind.iri: kind.properties for kind in kinds}

    def order(classes: frozenset[str]) -> dict[str, int]:
        known = [each for iri in sorted(classes) for each in by_class.get(iri, ())]
        paths = dict.fromkeys(each.path for each in known if not each.inverse)
        return {path: place for place, path in enumerate(paths)}

    return order
