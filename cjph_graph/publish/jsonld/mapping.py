"""The graph in the words of another vocabulary, by a mapping in Turtle.

`ontology/mappings/NAME.ttl` says for each class which type its things have there, and for each
property of that type where its values are found and how they are written; the top of the file
explains its own terms. What it does not name is left out. The context of a document is the IRI that
the mapping gives, as search engines know schema.org's.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode

from cjph_graph.errors import InputError, UsageError
from cjph_graph.home import Home
from cjph_graph.publish.index import LANGUAGE, Index
from cjph_graph.publish.jsonld.context import Json
from cjph_graph.publish.jsonld.json_text import document
from cjph_graph.publish.jsonld.writing import natural, one_or_all, plainly
from cjph_graph.rdf import SH, Graph, Node, Term, last_part, nearest, read_turtle
from cjph_graph.sparql import Value
from cjph_graph.system import files_below, shown

_WORDS = "https://w3id.org/cjph/mappings#"
_TYPE, _PROPERTY, _FROM, _TO, _SHOW, _CONTEXT, _NAMESPACE = (
    NamedNode(_WORDS + name)
    for name in ("type", "property", "from", "to", "show", "context", "namespace")
)
_THING, _LABEL, _ADDRESS = (_WORDS + name for name in ("thing", "label", "address"))
_INVERSE = NamedNode(SH + "inversePath")
# How a thing is written where another links to it.
_IN_SHORT = ("name", "url")

# One step of a path: a property, and whether it is followed against its direction.
_Step = tuple[NamedNode, bool]


@dataclass(frozen=True)
class _MappedProperty:
    """A property of the other vocabulary: its name, where values are found, how they are shown.

    With a `kind` it holds objects of that type, which have `entries` of their own.
    """

    name: str
    path: tuple[_Step, ...]
    show: str = _THING
    kind: str = ""
    entries: tuple["_MappedProperty", ...] = ()


@dataclass(frozen=True)
class Vocabulary:
    """A mapping: the context of its documents, and for each class its type and properties."""

    name: str
    context: str
    classes: Mapping[str, tuple[str, tuple[_MappedProperty, ...]]]


def list_vocabularies(home: Home) -> list[str]:
    """Return the names of a home's mappings."""
    folder = home.ontology.parent / "mappings"
    found = files_below(folder, ".ttl", within=home.path) if folder.is_dir() else []
    return sorted(path.stem for path in found)


def read_vocabulary(home: Home, name: str) -> Vocabulary:
    """Return the mapping of a name.

    Raises UsageError when there is none, InputError when it cannot be used.
    """
    known = list_vocabularies(home)
    if name not in known:
        near = nearest(name, known)
        hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known) or 'none'}."
        raise UsageError(f"There is no vocabulary {name!r}.", hint)
    path = home.ontology.parent / "mappings" / f"{name}.ttl"
    return _MappingReader(Graph(read_turtle(path).sound().triples), shown(path)).vocabulary(name)


class _MappingReader:
    """Reads a mapping off its triples."""

    def __init__(self, graph: Graph, name: str) -> None:
        self._graph = graph
        self._name = name
        self._namespace = ""

    def vocabulary(self, name: str) -> Vocabulary:
        header = [t.subject for t in self._graph.triples if t.predicate == _CONTEXT]
        if len(header) != 1:
            raise self._wrong("has no as:context", "Give the address of the context once.")
        self._namespace = self._graph.text(header[0], _NAMESPACE)
        classes = dict.fromkeys(t.subject for t in self._graph.triples if t.predicate == _TYPE)
        found = {
            each.value: (self._word(each, _TYPE), self._entries(each))
            for each in classes
            if isinstance(each, NamedNode)
        }
        return Vocabulary(name, self._graph.text(header[0], _CONTEXT), found)

    def _entries(self, node: object) -> tuple[_MappedProperty, ...]:
        return tuple(self._entry(each) for each in self._graph.values(node, _PROPERTY))

    def _entry(self, node: Term) -> _MappedProperty:
        show = [term.value for term in self._graph.values(node, _SHOW)] or [_THING]
        if show[0] not in (_THING, _LABEL, _ADDRESS):
            raise self._wrong(f"says as:show {show[0]}", "Say as:thing, as:label or as:address.")
        kind = self._word(node, _TYPE) if self._graph.values(node, _TYPE) else ""
        path = tuple(step for at in self._graph.values(node, _FROM) for step in self._steps(at))
        return _MappedProperty(self._word(node, _TO), path, show[0], kind, self._entries(node))

    def _steps(self, path: Term) -> Iterator[_Step]:
        if members := self._graph.members(path) if isinstance(path, BlankNode) else None:
            for member in members:
                yield from self._steps(member)
        elif isinstance(path, NamedNode):
            yield path, False
        elif turned := [t for t in self._graph.values(path, _INVERSE) if isinstance(t, NamedNode)]:
            yield turned[0], True
        else:
            raise self._wrong("has an as:from that is not a path", "Name a property or list some.")

    def _word(self, node: object, property_: NamedNode) -> str:
        """Return the one word of the other vocabulary that stands at a property."""
        found = self._graph.values(node, property_)
        if len(found) != 1 or not found[0].value.startswith(self._namespace):
            raise self._wrong(
                f"lacks one as:{last_part(property_.value)} in its namespace for each property",
                f"Name a term of {self._namespace or 'its as:namespace'}.",
            )
        return found[0].value.removeprefix(self._namespace)

    def _wrong(self, problem: str, hint: str) -> InputError:
        return InputError(f"The mapping {self._name} {problem}.", hint)


class Translator:
    """Writes things of a graph in the words of another vocabulary."""

    def __init__(self, index: Index, vocabulary: Vocabulary) -> None:
        self._index = index
        self._vocabulary = vocabulary

    def knows(self, thing: Node) -> bool:
        """Say whether the vocabulary has a type for a thing."""
        return self._class(thing) is not None

    def one(self, thing: Node) -> bytes:
        """Return a thing as a document; raise UsageError when there is no type for it."""
        return b"".join(document(self._vocabulary.context, [self._known(thing)], alone=True))

    def many(self, things: Iterable[Node] | None = None) -> Iterator[bytes]:
        """Return things as one document, piece by piece; all that are no parts if none are named.

        Raises UsageError when there is no type for one that is named.
        """
        if things is None:
            things = [t for t in self._index if self._index.owner(t) is None and self.knows(t)]
        return document(self._vocabulary.context, map(self._known, things))

    def _known(self, thing: Node) -> dict[str, Json]:
        iri = self._class(thing)
        if iri is None:
            raise UsageError(
                f"The vocabulary {self._vocabulary.name} has no type for"
                f" {self._index.label(thing)}.",
                "ontology/mappings/ says for which classes there are types.",
            )
        kind, entries = self._vocabulary.classes[iri]
        head: dict[str, Json] = {"@type": kind, "@id": thing.value}
        return head | dict(self._written(thing, entries))

    def _class(self, thing: Node) -> str | None:
        known = self._vocabulary.classes
        return next((iri for iri in self._index.classes(thing) if iri in known), None)

    def _written(
        self, thing: Node, entries: Sequence[_MappedProperty]
    ) -> Iterator[tuple[str, Json]]:
        for entry in entries:
            values = _follow(self._index, thing, entry.path)
            if entry.kind:
                found = [self._object(v, entry) for v in values if not isinstance(v, Literal)]
            else:
                found = [self._value(value, entry.show) for value in _readable(values)]
            if found := [value for value in found if value is not None]:
                yield entry.name, one_or_all(found)

    def _object(self, value: Value, entry: _MappedProperty) -> Json:
        if not isinstance(value, NamedNode | BlankNode):
            return None
        said = dict(self._written(value, entry.entries))
        head: dict[str, Json] = {"@type": entry.kind}
        if entry.path and isinstance(value, NamedNode):
            head["@id"] = value.value
        return head | said if said else None

    def _value(self, value: Value, show: str) -> Json:
        if isinstance(value, Literal):
            return plainly(value)
        if not isinstance(value, NamedNode):
            return None
        if show == _ADDRESS:
            return value.value
        if show == _LABEL:
            return self._index.label(value)
        found: dict[str, Json] = {"@id": value.value}
        if iri := self._class(value):
            kind, entries = self._vocabulary.classes[iri]
            short = [each for each in entries if each.name in _IN_SHORT]
            return {"@type": kind, **found, **dict(self._written(value, short))}
        name = self._index.name(value)
        return found | ({"name": name} if name else {})


def _follow(index: Index, thing: Node, path: Sequence[_Step]) -> list[Value]:
    """Return what a path leads to, each once; the thing itself where there is no path."""
    found: list[Value] = [thing]
    for property_, back in path:
        nodes = [node for node in found if isinstance(node, NamedNode | BlankNode)]
        if back:
            found = [s for node in nodes for p, s in index.links_to(node) if p == property_]
        else:
            found = [value for node in nodes for value in index.values(node, property_)]
        found = list(dict.fromkeys(found))
    return sorted(found, key=natural)


def _readable(values: Sequence[Value]) -> list[Value]:
    """Leave out texts in other languages than the default one, if there are some in that."""
    own = [v for v in values if not isinstance(v, Literal) or v.language in (None, LANGUAGE)]
    return own or [*values]
