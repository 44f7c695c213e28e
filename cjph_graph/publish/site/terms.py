"""The terms of an ontology for readers: what each means, its use, what its shape asks for."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from pyoxigraph import Literal, NamedNode

from cjph_graph.home import Kind, Property
from cjph_graph.publish.site.describe import Cell, Describer
from cjph_graph.publish.site.words import capital, small, web_address
from cjph_graph.rdf import (
    DCTERMS,
    LABEL,
    LANG_STRING,
    OWL,
    RDFS,
    SH,
    SKOS,
    SUBCLASS,
    TRUE,
    TYPE,
    XSD,
    Graph,
    last_part,
)

FOLDER = "ontology"
_DEFINED = NamedNode(RDFS + "isDefinedBy")
_DEPRECATED, _REPLACED = NamedNode(OWL + "deprecated"), NamedNode(DCTERMS + "isReplacedBy")
_INVERSE = NamedNode(OWL + "inverseOf")
_TEXTS = {name: NamedNode(SKOS + name) for name in ("definition", "scopeNote", "example")}
_RELATIONS = {
    "narrower than": SUBCLASS,
    "a kind of": NamedNode(RDFS + "subPropertyOf"),
    "the other way of": _INVERSE,
    "near": NamedNode(RDFS + "seeAlso"),
}
_CLASSES = frozenset(NamedNode(iri) for iri in (OWL + "Class", RDFS + "Class"))
_HOLDS = {
    LANG_STRING: "text with its language",
    XSD + "string": "text",
    XSD + "boolean": "yes or no",
    XSD + "integer": "a whole number",
    XSD + "decimal": "a number",
    XSD + "double": "a number",
    XSD + "gYear": "a year",
    XSD + "gYearMonth": "a month",
    XSD + "date": "a day",
    XSD + "dateTime": "a time",
    XSD + "anyURI": "an address",
}


@dataclass(frozen=True)
class OntologyTerm:
    """A class or a property: `uses` is how often data have it, `short` its name with a prefix."""

    iri: str
    name: str
    short: str
    label: str
    definition: str
    notes: tuple[str, ...]
    examples: tuple[str, ...]
    is_class: bool
    uses: int
    relations: tuple[tuple[str, tuple[Cell, ...]], ...]
    deprecated: bool
    replaced_by: tuple[Cell, ...]
    page: str


@dataclass(frozen=True)
class Asked:
    """What the shape of a class asks of a property, in plain words, with a value from the data."""

    label: str
    description: str
    how_many: str
    holds: tuple[Cell, ...]
    term: Cell
    example: tuple[Cell, ...]
    of: Cell | None
    message: str


class Terms:
    """The terms of an ontology, with the shapes of its classes."""

    def __init__(self, describer: Describer, shapes: Graph, prefixes: Mapping[str, str]) -> None:
        self._describer, self._shapes, self._prefixes = describer, shapes, prefixes
        self._ontology, self._index = describer.ontology, describer.index

    @cached_property
    def all(self) -> tuple[OntologyTerm, ...]:
        """The terms that the ontology defines, classes first, each sort by label."""
        subjects = dict.fromkeys(t.subject for t in self._ontology.triples)
        own = [s for s in subjects if isinstance(s, NamedNode) and self._is_own(s)]
        terms = [self._term(node) for node in own]
        return tuple(
            sorted(terms, key=lambda t: (t.deprecated, not t.is_class, t.label.casefold(), t.iri))
        )

    def _is_own(self, node: NamedNode) -> bool:
        about = self._ontology
        sorts = {value.value for value in about.values(node, TYPE) if isinstance(value, NamedNode)}
        is_term = any(sort.endswith(("Class", "Property")) for sort in sorts)
        return is_term and bool(about.values(node, _DEFINED))

    @cached_property
    def _counts(self) -> Mapping[str, int]:
        subjects = ((path.value for path, _ in self._index.about(each)) for each in self._index)
        return Counter(chain.from_iterable(subjects))

    def _term(self, node: NamedNode) -> OntologyTerm:
        about, name = self._ontology, last_part(node.value)
        is_class = bool(_CLASSES & {*about.values(node, TYPE)})
        relations = (
            (
                words,
                tuple(self.link(v) for v in about.values(node, path) if isinstance(v, NamedNode)),
            )
            for words, path in _RELATIONS.items()
        )
        return OntologyTerm(
            node.value,
            name,
            self._prefixed(node.value),
            about.text(node, LABEL) or name,
            about.text(node, _TEXTS["definition"]),
            _all_texts(about, node, _TEXTS["scopeNote"]),
            _all_texts(about, node, _TEXTS["example"]),
            is_class,
            len(self._index.of_class(node.value)) if is_class else self._counts[node.value],
            tuple((words, cells) for words, cells in relations if cells),
            TRUE in about.values(node, _DEPRECATED),
            tuple(self.link(value) for value in about.values(node, _REPLACED)),
            f"{FOLDER}/{name}.html" if is_class and self.kind(node.value) else "",
        )

    def kind(self, iri: str) -> Kind | None:
        """Return the kind of a class; None if it has no shape."""
        return next((kind for kind in self._index.kinds if kind.iri == iri), None)

    def link(self, value: object) -> Cell:
        """Return a term by its label: its place on the page of all, or where others define it."""
        if not isinstance(value, NamedNode):
            return Cell("")
        label = self._ontology.text(value, LABEL)
        if self._is_own(value):
            return Cell(label, f"{FOLDER}/index.html#{last_part(value.value)}")
        prefix = self._prefixed(value.value)
        return Cell(prefix, web_address(value.value), external=True)

    def _prefixed(self, iri: str) -> str:
        """Return a term of another vocabulary as people write it: `schema:Event`."""
        for name, namespace in self._prefixes.items():
            if iri.startswith(namespace) and namespace:
                return f"{name}:{iri[len(namespace) :]}"
        return last_part(iri)

    def asked(self, kind: Kind) -> Iterator[Asked]:
        """Yield what the shape of a class asks for, property by property."""
        examples = self._examples(kind)
        for entry in kind.properties:
            of = examples.get(entry.path) if not entry.inverse else None
            yield Asked(
                capital(entry.name),
                entry.description,
                _how_many(entry),
                self._holds(entry),
                self.link(NamedNode(entry.path)),
                self._describer.values(of, entry)[:3] if of else (),
                self._describer.link(of) if of else None,
                self._message(entry),
            )

    def _examples(self, kind: Kind) -> dict[str, NamedNode]:
        """Return for each property the first thing of the kind that has it."""
        found: dict[str, NamedNode] = {}
        for node in self._index.of_class(kind.iri)[:200]:
            if isinstance(node, NamedNode):
                for path, _ in self._index.about(node):
                    found.setdefault(path.value, node)
        return found

    def _shapes_of(self, entry: Property) -> list[object]:
        """Return the shapes of a property, and the choices that they give."""
        path = NamedNode(entry.path)
        own: list[object] = [
            t.subject
            for t in self._shapes.triples
            if t.predicate.value == SH + "path" and t.object == path
        ]
        own = [s for s in own if isinstance(s, NamedNode) and last_part(s.value) == entry.key]
        heads = [head for shape in own for head in self._shapes.values(shape, _sh("or"))]
        return [*own, *(each for head in heads for each in self._shapes.listed(head))]

    def _holds(self, entry: Property) -> tuple[Cell, ...]:
        """Return what the values of a property may be: datatypes, classes, vocabularies."""
        cells = [Cell(_HOLDS.get(iri, last_part(iri))) for iri in sorted(entry.datatypes)]
        for shape in self._shapes_of(entry):
            cells += map(self._of_class, self._shapes.values(shape, _sh("class")))
            for node in self._shapes.values(shape, _sh("node")):
                cells += self._vocabularies(node) or [
                    Cell(self._shapes.text(node, _sh("name")) or "a thing")
                ]
        if entry.address:
            cells.append(Cell("an address on the web"))
        return tuple(dict.fromkeys(cells))

    def _of_class(self, class_: object) -> Cell:
        kind = self.kind(class_.value) if isinstance(class_, NamedNode) else None
        if kind is None:
            return Cell(small(self._ontology.text(class_, LABEL)) or "a thing")
        return Cell(kind.name, f"{FOLDER}/{last_part(kind.iri)}.html")

    def _vocabularies(self, shape: object) -> list[Cell]:
        """Return the vocabularies whose values a shape lets through."""
        parts = self._shapes.values(shape, _sh("property"))
        named = [value for part in parts for value in self._shapes.values(part, _sh("hasValue"))]
        known = [value for value in named if isinstance(value, NamedNode) and value in self._index]
        return [
            replace(link, text=f"value of the vocabulary {link.text}")
            for link in map(self._describer.link, known)
        ]

    def _message(self, entry: Property) -> str:
        texts = (self._shapes.text(shape, _sh("message")) for shape in self._shapes_of(entry))
        return next(filter(None, texts), "")


def _how_many(entry: Property) -> str:
    if entry.inverse:
        return "from there"
    if entry.required:
        return "exactly one" if entry.single else "one or more"
    return "at most one" if entry.single else "any number"


def _sh(name: str) -> NamedNode:
    return NamedNode(SH + name)


def _all_texts(graph: Graph, node: NamedNode, path: NamedNode) -> tuple[str, ...]:
    return tuple(v.value for v in graph.values(node, path) if isinstance(v, Literal))
