"""Matching names to things by the Reconciliation Service API 0.2, as OpenRefine asks for it.

A name is compared with every name that a thing has: its label, its other and former names, its slug
and, for a place, its codes. Things are named by their paths, such as `places/oregon`, types by the
folder of a kind or the path of a vocabulary. Properties of which a query names values lower the
scores of those things that have others.

What the parts of an answer are: <https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/>.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pyoxigraph import Literal, NamedNode

from cjph_graph.errors import InputError
from cjph_graph.home import LABELS, folded
from cjph_graph.publish.index import Index
from cjph_graph.rdf import IN_SCHEME, SKOS, last_part

_MOST, _DEFAULT = 50, 5
_BATCH = 50
# Matches below this score, out of 100, are not shown.
_LEAST = 60
# The score of a longer name that has all words in their order.
_WITHIN = 75.0
# How much a property with another value lowers the score.
_MISSED = 15.0
_TOO_MUCH = (RecursionError, OverflowError)
_CONCEPT = SKOS + "Concept"
# Properties whose names say that their values are names or codes of the thing.
_ALSO_NAMES = ("formerName", "isoCode", "fipsCode", "notation")


@dataclass(frozen=True)
class Entity:
    """A thing that a name can be matched to."""

    node: NamedNode
    id: str
    name: str
    type: str
    type_name: str
    description: str

    def as_json(self) -> dict[str, Any]:
        """Return the entity in the form of an answer."""
        found: dict[str, Any] = {
            "id": self.id,
            "name": self.name,
            "type": [{"id": self.type, "name": self.type_name}],
        }
        return {**found, "description": self.description} if self.description else found


@dataclass(frozen=True)
class _Property:
    """A property of which a query names values, any of which will do."""

    name: str
    values: tuple[str, ...]

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "_Property":
        some = said["v"] if isinstance(said["v"], list) else [said["v"]]
        values = (each["id"] if isinstance(each, dict) else each for each in some)
        return cls(str(said["pid"]), tuple(map(str, values)))


class Reconciler:
    """Finds things by their names."""

    def __init__(self, index: Index, title: str) -> None:
        self._index = index
        self._title = title

    def manifest(self, address: str) -> dict[str, Any]:
        """Return the manifest of the service at an address without `/reconcile`."""
        return {
            "versions": ["0.1", "0.2"],
            "name": self._title,
            "identifierSpace": self._space,
            "schemaSpace": self._space,
            "defaultTypes": [{"id": id_, "name": name} for id_, name in self._types.items()],
            "view": {"url": f"{address}/{{{{id}}}}"},
            "preview": {
                "url": f"{address}/reconcile/preview?id={{{{id}}}}",
                "width": 430,
                "height": 200,
            },
            "suggest": {
                what: {"service_url": address, "service_path": f"/reconcile/suggest/{what}"}
                for what in ("entity", "type", "property")
            },
            "batchSize": _BATCH,
        }

    def reconcile(self, batch: str) -> dict[str, Any]:
        """Answer a batch of queries, given as JSON. Raises InputError where it is not a batch."""
        try:
            queries = json.loads(batch)
            return {str(key): {"result": self._matched(query)} for key, query in queries.items()}
        except (ValueError, AttributeError, TypeError, KeyError, *_TOO_MUCH) as error:
            raise InputError(
                "The queries are not a batch by the Reconciliation Service API.",
                'They look like {"q0": {"query": "Eugene", "type": "places"}}.',
            ) from error

    def _matched(self, query: Mapping[str, Any]) -> list[dict[str, Any]]:
        types = query.get("type") or query.get("types") or []
        wanted = {types} if isinstance(types, str) else {*types}
        most = max(1, min(int(query.get("limit") or _DEFAULT), _MOST))
        asked = [_Property.of(each) for each in query.get("properties") or ()]
        if "query" in query:
            found = self._nearest(str(query["query"]), wanted, _MOST if asked else most)
        else:
            every = dict.fromkeys(self._entities)
            found = [(entity, 100.0) for entity in every if not wanted or entity.type in wanted]
        judged = [self._judged(entity, score, asked) for entity, score in found]
        if "query" not in query:
            judged = [each for each in judged if each["score"] == 100]
        judged.sort(key=lambda each: -each["score"])
        exact = sum(each["score"] == 100 for each in judged)
        return [{**each, "match": each["score"] == 100 and exact == 1} for each in judged[:most]]

    def _judged(self, entity: Entity, score: float, asked: Sequence["_Property"]) -> dict[str, Any]:
        """Return an entity with its score, lower for each property that has another value."""
        found = {each.name: self._has(entity, each) for each in asked}
        missed = sum(not has for has in found.values())
        judged = {**entity.as_json(), "score": round(max(0.0, score - _MISSED * missed), 1)}
        features = [{"id": name, "value": has} for name, has in found.items()]
        return {**judged, "features": features} if features else judged

    def _has(self, entity: Entity, asked: "_Property") -> bool:
        """Whether a thing has a property with one of some values: a literal, an id, a name."""
        values = [
            value
            for property_, value in self._index.about(entity.node)
            if last_part(property_.value) == asked.name
        ]
        said = {folded(value.value) for value in values if isinstance(value, Literal)}
        for value in values:
            if isinstance(value, NamedNode):
                said |= {self._index.path(value) or value.value, folded(self._index.label(value))}
        return any(each in said or folded(each) in said for each in asked.values)

    def _nearest(self, word: str, types: set[str], most: int) -> list[tuple[Entity, float]]:
        best: dict[Entity, float] = {}
        for name, score in self._names_like(folded(word), types, 5 * most):
            for entity in self._names[name]:
                if not types or entity.type in types:
                    best[entity] = max(score, best.get(entity, 0.0))
        ranked = sorted(best.items(), key=lambda each: (-each[1], each[0].name, each[0].id))
        return ranked[:most]

    def _names_like(self, wanted: str, types: set[str], most: int) -> Iterator[tuple[str, float]]:
        """Yield names that are alike or have the words within, each with a score up to 100."""
        from rapidfuzz.fuzz import token_sort_ratio
        from rapidfuzz.process import extract

        names = [name for name in self._names if not types or self._has_type(name, types)]
        near = extract(wanted, names, scorer=token_sort_ratio, limit=most, score_cutoff=_LEAST)
        for name, score, _ in near:
            # The same words in another order are not the same name.
            yield name, 100.0 if name == wanted else min(score, 99.0)
        if wanted:
            yield from ((name, _WITHIN) for name in names if f" {wanted} " in f" {name} ")

    def _has_type(self, name: str, types: set[str]) -> bool:
        return any(entity.type in types for entity in self._names[name])

    def suggest(self, what: str, prefix: str) -> dict[str, Any]:
        """Return the entities, types or properties whose names begin with or have some letters."""
        wanted = folded(prefix)
        if what == "type":
            known: Iterable[tuple[str, dict[str, Any]]] = (
                (name, {"id": id_, "name": name}) for id_, name in self._types.items()
            )
        elif what == "property":
            known = ((name, {"id": id_, "name": name}) for id_, name in self._properties.items())
        else:
            known = ((e.name, e.as_json()) for e in dict.fromkeys(self._entities))
        found = [(text, said) for text, said in known if wanted in folded(text)]
        found.sort(
            key=lambda each: (not folded(each[0]).startswith(wanted), each[0], each[1]["id"])
        )
        results = [said for _, said in found[:_MOST]]
        if what == "entity":
            results = [{**said, "notable": said.pop("type")} for said in map(dict, results)]
        return {"result": results}

    @cached_property
    def _space(self) -> str:
        namespaces = [kind.namespace for kind in self._index.kinds if kind.namespace]
        first = namespaces[0].rstrip("/#") if namespaces else "urn:x"
        return f"{first.rpartition('/')[0]}/"

    @cached_property
    def _types(self) -> Mapping[str, str]:
        found = {entity.type: entity.type_name for entity in self._entities}
        return dict(sorted(found.items()))

    @cached_property
    def _properties(self) -> Mapping[str, str]:
        entries = (entry for kind in self._index.kinds for entry in kind.properties)
        return {last_part(entry.path): entry.name or last_part(entry.path) for entry in entries}

    @cached_property
    def _entities(self) -> Sequence[Entity]:
        return tuple(entity for entities in self._names.values() for entity in entities)

    @cached_property
    def _names(self) -> Mapping[str, Sequence[Entity]]:
        """The candidates for each name."""
        found: dict[str, list[Entity]] = {}
        for node in self._index:
            if isinstance(node, NamedNode) and (entity := self._entity(node)):
                for name in dict.fromkeys(map(folded, self._called(node))):
                    found.setdefault(name, []).append(entity)
        return found

    def _called(self, node: NamedNode) -> Iterable[str]:
        slug = last_part(node.value)
        yield slug
        yield slug.replace("-", " ")
        for property_, value in self._index.about(node):
            is_name = property_.value in LABELS or last_part(property_.value) in _ALSO_NAMES
            if is_name and isinstance(value, Literal):
                yield value.value

    def _entity(self, node: NamedNode) -> Entity | None:
        path = self._index.path(node)
        if path is None or "#" in node.value:
            return None
        kind = self._index.kind(node)
        type_, type_name = (kind.folder, kind.name) if kind else ("", "")
        for scheme in self._index.values(node, IN_SCHEME):
            if isinstance(scheme, NamedNode) and (place := self._index.path(scheme)):
                type_, type_name = place, self._index.label(scheme)
                break
        if not type_:
            return None
        texts = (
            value.value
            for property_, value in self._index.about(node)
            if isinstance(value, Literal)
            and last_part(property_.value) in ("description", "definition")
        )
        return Entity(node, path, self._index.label(node), type_, type_name, next(iter(texts), ""))
