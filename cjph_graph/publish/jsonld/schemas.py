"""JSON Schema (2020-12) of what a frame shows, derived from the shapes.

It says which keys there are, which are always there, what each holds and what it means. The same
frame has two: plain JSON has numbers where JSON-LD, to be exact, has a decimal as a text, and a
node of JSON-LD may have a context of its own.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from cjph_graph.home import Kind, Property
from cjph_graph.publish.jsonld.context import Context, ContextTerm, Json
from cjph_graph.publish.jsonld.frames import NamedFrame
from cjph_graph.publish.jsonld.framing import NEVER, Frame
from cjph_graph.rdf import TYPE, XSD, last_part

_VERSION = "https://json-schema.org/draft/2020-12/schema"
_ZONE = "(Z|[+-][0-9]{2}:[0-9]{2})?"
# How the dates of each precision are written.
_DATES = {
    XSD + "gYear": "-?[0-9]{4,}",
    XSD + "gYearMonth": "-?[0-9]{4,}-[0-9]{2}",
    XSD + "date": "-?[0-9]{4,}-[0-9]{2}-[0-9]{2}",
}
_TYPES: dict[str, dict[str, Json]] = {
    XSD + "integer": {"type": "integer"},
    XSD + "boolean": {"type": "boolean"},
    XSD + "anyURI": {"type": "string", "format": "uri"},
    XSD + "dateTime": {"type": "string", "format": "date-time"},
}
# JSON has values of its own for these, which can't keep every way to write them.
_LOOSE = frozenset({XSD + "integer", XSD + "boolean"})
_IRI: dict[str, Json] = {"type": "string", "format": "iri"}
_DECIMAL_TEXT: dict[str, Json] = {
    "type": "string",
    "pattern": r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$",
}
# A literal as JSON-LD has it where no term says enough of it: `"1"^^xsd:boolean`, say.
_TYPED: dict[str, Json] = {
    "type": "object",
    "properties": {"@value": {"type": "string"}, "@type": {"type": "string"}},
    "required": ["@value", "@type"],
    "additionalProperties": False,
}
# A text in a language that has a direction, which no map of languages can hold.
_DIRECTED: dict[str, Json] = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("@value", "@language", "@direction")},
    "required": ["@value", "@language", "@direction"],
    "additionalProperties": False,
}


def write_schema(frame: NamedFrame, kinds: Sequence[Kind], *, plain: bool = False) -> bytes:
    """Return the schema of a frame's output, of one thing as of many, as UTF-8 text.

    With `plain` it is that of JSON and of each line of JSON Lines, otherwise that of JSON-LD.
    """
    maker = _SchemaMaker(frame.context, kinds, plain)
    wanted = frame.frame.types or ()
    thing = maker.thing(frame.frame, [kind for kind in kinds if kind.iri in wanted])
    many: dict[str, Json] = {"type": "array", "items": thing}
    if not plain:
        graph: dict[str, Json] = {"@context": True, "@graph": many}
        many = {"type": "object", "properties": graph, "required": [*graph]}
        many["additionalProperties"] = False
    name = "JSON" if plain else "JSON-LD"
    schema = {
        "$schema": _VERSION,
        "title": f"{frame.name}, {name}",
        "anyOf": [thing, many],
        "$defs": dict(sorted(maker.named.items())),
    }
    return (json.dumps(schema, ensure_ascii=False, indent=2) + "\n").encode()


@dataclass
class _SchemaMaker:
    """Makes the schemas of one frame; each thing's is kept once, under a name."""

    context: Context
    kinds: Sequence[Kind]
    plain: bool
    named: dict[str, Json] = field(default_factory=dict)

    def thing(self, frame: Frame, kinds: Sequence[Kind]) -> dict[str, Json]:
        """Return a reference to the schema of things that may be of some kinds."""
        schema = self._object(frame, kinds)
        stem = "Or".join(self._class(kind) for kind in kinds[:3]) or "Thing"
        number = 1
        while (name := stem + (str(number) if number > 1 else "")) in self.named:
            if self.named[name] == schema:
                break
            number += 1
        self.named[name] = schema
        return {"$ref": f"#/$defs/{name}"}

    def _class(self, kind: Kind) -> str:
        return self.context.classes.get(kind.iri, last_part(kind.iri))

    def _object(self, frame: Frame, kinds: Sequence[Kind]) -> dict[str, Json]:
        properties: dict[str, Json] = {"id": _IRI, "type": {"type": "string"}}
        if kinds:
            properties["type"] = _classes({self._class(kind) for kind in kinds})
        if not self.plain:
            properties["@context"] = {"type": "object"}
        required: list[Json] = ["id", *(["type"] if kinds else [])]
        either: list[Json] = []
        for term, entries in self._shown(frame, kinds):
            inner = (frame.back if term.back else frame.values).get(term.path)
            value = self._value(term, entries, inner or frame.inside)
            said: dict[str, Json] = {
                "title": entries[0].name,
                "description": entries[0].description,
            }
            properties[term.name] = {**{k: v for k, v in said.items() if v}, **value}
            must = all(entry.strict for entry in entries) and len(entries) == len(kinds)
            if term.coerced == "@language":
                properties[term.map_name] = self._map(term)
                names: list[Json] = [term.name, term.map_name]
                either += [{"anyOf": [{"required": [n]} for n in names]}] if must else []
            elif must and (inner is None or not entries[0].links or inner.ids == ()):
                required.append(term.name)
        properties |= {path: True for path in frame.values if path not in self.context.terms}
        found: dict[str, Json] = {
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": not frame.explicit,
        }
        return found | ({"allOf": either} if either else {})

    def _shown(
        self, frame: Frame, kinds: Sequence[Kind]
    ) -> Iterator[tuple[ContextTerm, list[Property]]]:
        """Yield each term that a thing may have, with what the shapes of its kinds say of it.

        For a link to the thing that no shape mentions there is only the frame.
        """
        found: dict[tuple[bool, str], list[Property]] = {}
        for kind in kinds or self.kinds:
            for entry in kind.properties:
                found.setdefault((entry.inverse, entry.path), []).append(entry)
        for (back, path), entries in found.items():
            asked = path in (frame.back if back else frame.values)
            term = (self.context.backwards if back else self.context.terms).get(path)
            if term and path != TYPE.value and (asked or not (frame.explicit or back)):
                yield term, entries
        for path in frame.back:
            if (True, path) not in found and (term := self.context.backwards.get(path)):
                owners = {k.iri for k in self.kinds for p in k.properties if _leads(p, path)}
                yield term, [Property(path, True, "", frozenset(), True, classes=frozenset(owners))]

    def _value(
        self, term: ContextTerm, entries: Sequence[Property], frame: Frame
    ) -> dict[str, Json]:
        choices = [*self._literals(entries)]
        if any(entry.links for entry in entries) or not choices:
            choices += self._links(entries, frame)
        one = _any(choices)
        if term.coerced == "@language" and not self.plain:
            one = _any([one, _DIRECTED])
            if not term.several:
                return _any([one, {"type": "array", "items": one}])
        if not term.several:
            return one
        many: dict[str, Json] = {"type": "array", "items": one, "minItems": 1}
        if all(entry.single for entry in entries) and term.coerced != "@language":
            many["maxItems"] = 1
        return many

    def _literals(self, entries: Sequence[Property]) -> Iterator[dict[str, Json]]:
        datatypes = {iri for entry in entries for iri in entry.datatypes}
        if dates := sorted(pattern for iri, pattern in _DATES.items() if iri in datatypes):
            yield {"type": "string", "pattern": f"^({'|'.join(dates)}){_ZONE}$"}
        if XSD + "decimal" in datatypes:
            if self.plain:
                yield {"type": "number"}
            else:
                yield _DECIMAL_TEXT
        for iri in sorted(datatypes - {*_DATES, XSD + "decimal"}):
            if iri != XSD + "integer" or not self.plain or XSD + "decimal" not in datatypes:
                yield _TYPES.get(iri, {"type": "string"})
        if not self.plain and (len(datatypes) > 1 or datatypes & _LOOSE):
            yield _TYPED

    def _links(self, entries: Sequence[Property], frame: Frame) -> list[dict[str, Json]]:
        """Return what a link may be: a thing that the frame shows, or its IRI alone.

        The latter is for things that the graph does not describe, or where the frame goes round.
        """
        if all(entry.address for entry in entries) or frame.embed == NEVER:
            return [_IRI]
        if not frame.explicit:
            return [{"type": "object"}, _IRI]
        classes = {iri for entry in entries for iri in entry.classes}
        thing = self.thing(frame, [kind for kind in self.kinds if kind.iri in classes])
        return [thing, _IRI]

    def _map(self, term: ContextTerm) -> Json:
        text: dict[str, Json] = {"type": "string"}
        texts: dict[str, Json] = {"type": "array", "items": text}
        return {
            "description": f"The same in other languages than that of {term.name}, by their tags.",
            "type": "object",
            "additionalProperties": texts if term.several else {"anyOf": [text, texts]},
        }


def _classes(names: Iterable[str]) -> dict[str, Json]:
    """Return what `type` may be: one of some classes, or a list with one of them and others."""
    one: dict[str, Json] = {"enum": [*sorted(names)]}
    several: dict[str, Json] = {"type": "array", "items": {"type": "string"}, "contains": one}
    return {"anyOf": [one, several]}


def _any(choices: Sequence[dict[str, Json]]) -> dict[str, Json]:
    return choices[0] if len(choices) == 1 else {"anyOf": [*choices]}


def _leads(entry: Property, path: str) -> bool:
    return entry.path == path and not entry.inverse
