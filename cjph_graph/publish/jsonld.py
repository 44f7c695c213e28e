"""JSON-LD: the context, derived from the shapes, and a writer that loses nothing.

The writer works from triples as they were parsed, because a store rewrites numbers, and in one
ordered walk, so that the same graph gives the same bytes everywhere. What belongs to a thing
stands inside it: a finding inside its intervention, an observation inside its indicator.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cjph_graph.errors import RefusedError
from cjph_graph.home.schema import Kind, Property
from cjph_graph.publish.index import Index
from cjph_graph.rdf import LANG_STRING, TYPE, XSD, Node, last_part
from cjph_graph.sparql import Value

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

_ALIASES = ("id", "type")
# What JSON numbers and strings already mean in JSON-LD.
_NATIVE = frozenset({XSD + "string", XSD + "integer", XSD + "boolean"})
# Larger whole numbers lose digits in programs that read JSON numbers as floating point.
_MOST_DIGITS = 15
_INTEGER = re.compile(r"0|-?[1-9][0-9]*", re.ASCII)


def make_context(kinds: Sequence[Kind]) -> dict[str, Json]:
    """Return the JSON-LD 1.1 context of a schema: a term for each class and each property.

    Texts are keyed by language, links are IRIs, and properties whose values have one datatype
    take it from the context. A local name that is taken already keeps its whole IRI.
    """
    properties: dict[tuple[str, bool], Property] = {}
    for entry in (entry for kind in kinds for entry in kind.properties):
        known = properties.get((entry.path, entry.inverse), entry)
        properties[entry.path, entry.inverse] = Property(
            entry.path,
            entry.inverse,
            known.name,
            known.datatypes | entry.datatypes,
            known.links or entry.links,
        )
    terms: dict[str, Json] = {"id": "@id", "type": "@type", "xsd": XSD}
    for kind in kinds:
        terms.setdefault(last_part(kind.iri), kind.iri)
    for entry in properties.values():
        if entry.inverse:
            terms.setdefault(entry.name, {"@reverse": entry.path})
        elif entry.path != TYPE.value:
            terms.setdefault(last_part(entry.path), _term(entry))
    return {"@version": 1.1, **dict(sorted(terms.items()))}


def _term(entry: Property) -> Json:
    if entry.links and not entry.datatypes:
        return {"@id": entry.path, "@type": "@id"}
    if entry.datatypes == {LANG_STRING}:
        return {"@id": entry.path, "@container": "@language"}
    if len(entry.datatypes) == 1 and not entry.links and not entry.datatypes & _NATIVE:
        return {"@id": entry.path, "@type": _datatype(*entry.datatypes)}
    return entry.path


def _datatype(iri: str) -> str:
    return f"xsd:{iri.removeprefix(XSD)}" if iri.startswith(XSD) else iri


def write_jsonld(
    things: Index, context: Mapping[str, Json], roots: Iterable[Node] | None = None
) -> bytes:
    """Return things as one JSON-LD document with its context inside, as UTF-8 text.

    Without `roots` every thing stands at the top, its parts inside it. With them only these do,
    and what they link to is described inside them, where it is linked from.
    """
    context = _unambiguous(context, things)
    writer = _Writer(things, context)
    if roots is None:
        nodes = [writer.node(s) for s in sorted(things, key=str) if not writer.is_nested(s)]
    else:
        # Blank nodes can't be looked up elsewhere, and may hang together in a row of any length.
        blank = {subject for subject in things if isinstance(subject, BlankNode)}
        nodes = [writer.node(s, depth=1) for s in sorted({*roots} - blank, key=str)]
        nodes += [writer.node(s) for s in sorted(blank, key=str)]
    document: Json = {"@context": dict(context), "@graph": [*nodes]}
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _unambiguous(context: Mapping[str, Json], things: Index) -> Mapping[str, Json]:
    """Return a context without the terms that an IRI of these things seems to begin with.

    With the prefix `xsd` the IRI <xsd:date> would be read as that of the W3C's datatype.
    """
    begun = {start for iri in _iris(things) if (start := _scheme(iri))}
    kept = {name: said for name, said in context.items() if name not in begun or name in _ALIASES}
    if "xsd" in kept:
        return kept
    return {
        name: said | {"@type": _in_full(str(said["@type"]))}
        if isinstance(said, dict) and "@type" in said
        else said
        for name, said in kept.items()
    }


def _scheme(iri: str) -> str:
    start, _, rest = iri.partition(":")
    return "" if rest.startswith("//") else start


def _iris(things: Index) -> Iterator[str]:
    for subject in things:
        for node in (subject, *(term for pair in things.about(subject) for term in pair)):
            if isinstance(node, NamedNode):
                yield node.value
            elif isinstance(node, Literal):
                yield node.datatype.value


def _in_full(datatype: str) -> str:
    return XSD + datatype.removeprefix("xsd:") if datatype.startswith("xsd:") else datatype


def write_context(context: Mapping[str, Json]) -> bytes:
    """Return a context as a document of its own, as UTF-8 text."""
    return (json.dumps({"@context": dict(context)}, ensure_ascii=False, indent=2) + "\n").encode()


class _Writer:
    """Turns things into node objects under one context."""

    def __init__(self, things: Index, context: Mapping[str, Json]) -> None:
        self._things = things
        self._short = "xsd" in context
        # For each class or property its term, and how the context reads a bare string there.
        self._terms: dict[str, tuple[str, str]] = {}
        self._reverse: dict[str, str] = {}
        for name, said in context.items():
            if isinstance(said, str) and "://" in said:
                self._terms[said] = name, ""
            elif isinstance(said, dict) and "@reverse" in said:
                self._reverse[str(said["@reverse"])] = name
            elif isinstance(said, dict):
                self._terms[str(said["@id"])] = name, str(said.get("@type") or said["@container"])
        self._parts = self._find_parts()

    def _find_parts(self) -> dict[Node, dict[Node, str]]:
        """Return the parts that stand inside each thing.

        With each goes the property by which it links back, empty if the thing links to it.
        """
        found: dict[Node, dict[Node, str]] = {}
        for part in self._things:
            owner = self._things.owner(part)
            if owner is None:
                continue
            back = sorted(p.value for p, value in self._things.about(part) if value == owner)
            if part in {value for _, value in self._things.about(owner)}:
                found.setdefault(owner, {})[part] = ""
            elif by := next((path for path in back if path in self._reverse), ""):
                found.setdefault(owner, {})[part] = by
        return found

    def is_nested(self, subject: Node) -> bool:
        """Say whether a thing is written inside the one it belongs to."""
        owner = self._things.owner(subject)
        return owner is not None and subject in self._parts.get(owner, {})

    def node(self, subject: Node, *, depth: int = 0, inside: Node | None = None) -> dict[str, Json]:
        """Return the node object of a thing, with its parts.

        `depth` is how many links are followed and described as well; `inside` is the thing whose
        part this is.
        """
        parts = self._parts.get(subject, {})
        back = self._parts[inside][subject] if inside else ""
        values: dict[str, list[Value]] = {}
        for property_, value in self._things.about(subject):
            if not (property_.value == back and value == inside):
                values.setdefault(property_.value, []).append(value)
        written: dict[str, Json] = {"id": _id(subject)}
        classes = values.get(TYPE.value, [])
        iris = [value.value for value in classes if isinstance(value, NamedNode)]
        if classes and len(iris) == len(classes):
            names = sorted(self._terms.get(iri, (iri,))[0] for iri in iris)
            written["type"] = _one_or_all(names)
            del values[TYPE.value]
        rest: dict[str, Json] = {}
        for path, found in values.items():
            plain: list[Json] = []
            for value in sorted(found, key=str):
                if isinstance(value, Literal):
                    continue
                if isinstance(value, Triple):
                    raise RefusedError(
                        f"JSON-LD cannot hold statements about statements, as {subject} has one.",
                        "Choose the format turtle or ntriples.",
                    )
                if value in parts:
                    plain.append(self.node(value, depth=depth, inside=subject))
                elif depth and self._is_told_here(value, inside):
                    plain.append(self.node(value, depth=depth - 1))
                else:
                    plain.append(_id(value))
            rest |= self._property(path, plain, [v for v in found if isinstance(v, Literal)])
        for path, name in self._reverse.items():
            turned = sorted((part for part, by in parts.items() if by == path), key=str)
            if turned:
                rest[name] = _one_or_all(
                    [self.node(part, depth=depth, inside=subject) for part in turned]
                )
        return written | dict(sorted(rest.items()))

    def _property(
        self, path: str, nodes: Sequence[Json], literals: Sequence[Literal]
    ) -> dict[str, Json]:
        """Return the entries for one property; a second one if its term cannot hold every value."""
        name, coerced = self._terms.get(path, (path, ""))
        texts: dict[str, list[Json]] = {}
        others: list[Json] = []
        for literal in sorted(literals, key=str):
            if coerced == "@language" and literal.language and not literal.direction:
                texts.setdefault(literal.language, []).append(literal.value)
            else:
                others.append(self._literal(literal, coerced))
        if coerced != "@id":
            nodes = [{"id": node} if isinstance(node, str) else node for node in nodes]
        others = [*nodes, *others]
        written: dict[str, Json] = {}
        if texts:
            written[name] = {tag: _one_or_all(found) for tag, found in sorted(texts.items())}
        if others:
            # A language map holds texts only: what is none stands under the property's IRI.
            written[path if coerced == "@language" else name] = _one_or_all(others)
        return written

    def _is_told_here(self, value: Value, inside: Node | None) -> bool:
        return isinstance(value, NamedNode) and value in self._things and value != inside

    def _literal(self, literal: Literal, coerced: str) -> Json:
        """Return a literal as it may be written where the context reads strings as `coerced`."""
        if literal.language:
            said: dict[str, Json] = {"@value": literal.value, "@language": literal.language}
            return said | ({"@direction": literal.direction.value} if literal.direction else {})
        text, datatype = literal.value, literal.datatype.value
        name = _datatype(datatype) if self._short else datatype
        if coerced == name:
            return text
        if not coerced:
            if datatype == XSD + "string":
                return text
            if datatype == XSD + "boolean" and text in ("true", "false"):
                return text == "true"
            if datatype == XSD + "integer" and _is_native(text):
                return int(text)
        if datatype == XSD + "string":
            return {"@value": text}
        return {"@value": text, "@type": name}


def _is_native(text: str) -> bool:
    return _INTEGER.fullmatch(text) is not None and len(text) <= _MOST_DIGITS


def _id(node: Node) -> str:
    return node.value if isinstance(node, NamedNode) else str(node)


def _one_or_all(values: Sequence[Json]) -> Json:
    return values[0] if len(values) == 1 else [*values]
