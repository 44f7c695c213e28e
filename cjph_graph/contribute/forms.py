"""What a contributor fills in for a thing of a kind: a form, which follows from the shapes.

A blank Turtle file, a spreadsheet's columns, the questions on a terminal and the form of a web page
are four ways to show the same fields. Nothing here knows a class or a property by name.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode, Triple

from cjph_graph.home import LABELS, Kind, read_schema
from cjph_graph.publish import snake
from cjph_graph.rdf import IN_SCHEME, LANG_STRING, SH, SKOS, XSD, Node, last_part
from cjph_graph.shacl import Shapes

_NAME, _DESCRIPTION, _MESSAGE = (NamedNode(SH + n) for n in ("name", "description", "message"))
_SEVERITY, _WARNING = NamedNode(SH + "severity"), NamedNode(SH + "Warning")
_IRI = NamedNode(SH + "IRI")
_ONE = Literal("1", datatype=NamedNode(XSD + "integer"))
_DATES = frozenset(XSD + name for name in ("date", "gYearMonth", "gYear"))
_NUMBERS = frozenset(XSD + name for name in ("decimal", "integer"))
# The end of the pattern of a part's IRI: `#finding-[a-z0-9]…`.
_PART = re.compile(r"#([a-z-]*)\[")


@dataclass(frozen=True)
class Field:
    """One thing to fill in: a property of a kind, with all that its shapes say about its values.

    `label` is what it is called, `meaning` a sentence on what it is for; `message` says how to
    write a value. `targets` of a link are the classes or vocabularies that its values are of;
    `choices` are all the IRIs there may be, if they are listed. A field is `required`, or `advised`
    where leaving it out is only a warning. `called` are words for it of people who don't know its
    name.
    """

    path: str
    key: str
    label: str = ""
    meaning: str = ""
    message: str = ""
    datatypes: frozenset[str] = frozenset()
    patterns: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    address: bool = False
    single: bool = False
    one_for_each_language: bool = False
    required: bool = False
    advised: bool = False
    called: tuple[str, ...] = ()

    @property
    def column(self) -> str:
        """The name of its column in a table: `startDate` is `start_date`."""
        return snake(self.key)

    @property
    def several(self) -> bool:
        """Whether it may have several values."""
        return not self.single and not self.one_for_each_language

    @property
    def is_link(self) -> bool:
        """Whether its values are things or values of a vocabulary."""
        return bool(self.targets or self.choices)

    @property
    def holds(self) -> str:
        """What its values are: `link`, `address`, `date`, `number`, `boolean`, `text` or `code`."""
        if self.is_link:
            return "link"
        if self.address:
            return "address"
        if self.datatypes & _DATES:
            return "date"
        if self.datatypes & _NUMBERS:
            return "number"
        if XSD + "boolean" in self.datatypes:
            return "boolean"
        return "text" if LANG_STRING in self.datatypes else "code"


@dataclass(frozen=True)
class Form:
    """The fields of a kind in the order of its shape.

    `part` is what the names of its things begin with when they are parts of another, such as
    `finding-`; None when they are things of their own.
    """

    kind: Kind
    fields: tuple[Field, ...]
    part: str | None = None

    def field(self, path: str) -> Field | None:
        """Return the field of a property."""
        return next((field for field in self.fields if field.path == path), None)

    @property
    def naming(self) -> Field | None:
        """The field that holds what things of the kind are called."""
        return next((field for field in self.fields if field.path in LABELS), None)

    @property
    def telling(self) -> Field | None:
        """The field that tells parts of a thing apart: the first text that is needed."""
        return next((field for field in self.required if field.holds == "text"), None)

    @property
    def required(self) -> list[Field]:
        """The fields that must be filled in."""
        return [field for field in self.fields if field.required]


def read_forms(shapes: Iterable[Triple]) -> Mapping[str, Form]:
    """Return the form of each kind by the IRI of its class, in the order of the shapes."""
    graph = Shapes(shapes)
    owners = {
        subject: shape
        for shape in graph.targeting()
        if graph.is_true(shape, "closed")
        for subject in graph.iris(shape, "targetClass")
    }
    forms = {}
    for kind in read_schema(graph.triples):
        shape = owners[NamedNode(kind.iri)]
        patterns = " ".join(graph.texts(shape, NamedNode(SH + "pattern")))
        part = _PART.search(patterns)
        forms[kind.iri] = Form(kind, tuple(_fields(graph, shape, kind)), part[1] if part else None)
    return forms


def _fields(graph: Shapes, shape: Node, kind: Kind) -> Iterator[Field]:
    """Yield the fields of a kind in the order of its properties."""
    merged: dict[str, Field] = {}
    for node in graph.nodes(shape, "property"):
        for path in graph.iris(node, "path"):
            found = _field(graph, node, path.value)
            known = merged.get(path.value)
            merged[path.value] = _merged(known, found) if known else found
    for each in kind.properties:
        if not each.inverse:
            yield replace(
                merged[each.path], key=each.key, label=each.name, meaning=each.description
            )


def _merged(known: Field, more: Field) -> Field:
    return replace(
        known,
        datatypes=known.datatypes | more.datatypes,
        patterns=known.patterns + more.patterns,
        targets=tuple(dict.fromkeys(known.targets + more.targets)),
        choices=known.choices or more.choices,
        address=known.address or more.address,
        single=known.single or more.single,
        one_for_each_language=known.one_for_each_language or more.one_for_each_language,
        required=known.required or more.required,
        advised=known.advised or more.advised,
        called=known.called + more.called,
    )


def _field(graph: Shapes, shape: Node, path: str) -> Field:
    choices = [member for head in graph.nodes(shape, "or") for member in graph.listed(head)]
    shapes = [shape, *(node for node in choices if not isinstance(node, Literal))]
    datatypes = frozenset(iri.value for node in shapes for iri in graph.iris(node, "datatype"))
    listed = [m for head in graph.nodes(shape, "in") for m in graph.listed(head)]
    targets = tuple(dict.fromkeys(_targets(graph, shapes)))
    given = bool(graph.objects(shape, "minCount"))
    strict = _WARNING not in graph.values(shape, _SEVERITY)
    return Field(
        path,
        last_part(shape.value if isinstance(shape, NamedNode) else path),
        graph.text(shape, _NAME),
        graph.text(shape, _DESCRIPTION),
        graph.text(shape, _MESSAGE),
        datatypes,
        tuple(t for node in shapes for t in graph.texts(node, NamedNode(SH + "pattern"))),
        targets,
        tuple(member.value for member in listed if isinstance(member, NamedNode)),
        not targets and any(_IRI in graph.objects(node, "nodeKind") for node in shapes),
        _ONE in graph.objects(shape, "maxCount"),
        graph.is_true(shape, "uniqueLang"),
        given and strict,
        given and not strict,
        tuple(graph.texts(shape, NamedNode(SKOS + "hiddenLabel"))),
    )


def _targets(graph: Shapes, shapes: Iterable[Node]) -> Iterator[str]:
    """Yield the classes that values must be of, and the vocabularies that they must be in."""
    for node in shapes:
        yield from (kind.value for kind in graph.iris(node, "class"))
        for other in graph.nodes(node, "node"):
            yield from (kind.value for kind in graph.iris(other, "targetClass"))
            for inner in graph.nodes(other, "property"):
                if IN_SCHEME in graph.objects(inner, "path"):
                    yield from (scheme.value for scheme in graph.iris(inner, "hasValue"))


def joined_column(via: Field, field: Field) -> str:
    """Return the name of a column about what another column leads to: `finding_measure`."""
    stem = via.column
    return field.column if field.column.startswith(f"{stem}_") else f"{stem}_{field.column}"
