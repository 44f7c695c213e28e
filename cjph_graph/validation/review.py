"""What a steward should look at before a change goes in: one page, from what changed.

What came in by kind, with what it links to and its sources; what was changed and taken away; the
findings; names that are nearly those of other things; and what the queries in `ontology/review/`
select: it breaks no rule, and still deserves a look.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from cjph_graph.home import Check, Home, Kind, folded, list_checks
from cjph_graph.rdf import DCTERMS, Term, last_part, nearest
from cjph_graph.validation.checks import run_checks
from cjph_graph.validation.difference import (
    CHANGED,
    NEW,
    HomeDifference,
    ShownValue,
    ThingChange,
    difference,
)
from cjph_graph.validation.git_objects import find_base
from cjph_graph.validation.hints import Hints
from cjph_graph.validation.states import State, owner

_SOURCE = DCTERMS + "source"
# Two names of eight letters that differ in one have 88 in common.
_NEARLY = 86
_MOST_NEAR = 3


@dataclass(frozen=True)
class NamedReference:
    """Something that a line names: what it is called, its IRI, and an address to read it at.

    A text, or a value of a vocabulary, has neither.
    """

    name: str
    iri: str = ""
    address: str | None = None


# A property by its name, with its values.
Statement = tuple[str, Sequence[NamedReference]]


@dataclass(frozen=True)
class Arrival:
    """A thing that came in: what it says, and what each of its parts does, by kind and name.

    `unsourced` is true where neither names a source, and could.
    """

    thing: ThingChange
    said: Sequence[Statement]
    parts: Mapping[str, Sequence[Statement]]
    unsourced: bool


@dataclass(frozen=True)
class Remark:
    """What one query selected: why it matters, and each thing with what to do about it."""

    title: str
    why: str
    about: Sequence[tuple[NamedReference, str]]


@dataclass(frozen=True)
class Review:
    """All that stands on the page. `near` are new things with others of almost the same name."""

    since: str
    found: HomeDifference
    arrivals: Mapping[str, Sequence[Arrival]]
    near: Sequence[tuple[NamedReference, Sequence[NamedReference]]]
    remarks: Sequence[Remark]


def review_since(home: Home, revision: str) -> Review:
    """Return what came in since the current branch left a revision, for a steward to look at.

    Raises UsageError when git does not have the revision.
    """
    base = find_base(home, revision)
    old, new = State(home, base), State(home, None)
    found = difference(old, new, revision, None)
    reader = _ReviewReader(old, new, found)
    return Review(
        revision,
        found,
        reader.arrivals(),
        tuple(reader.near()),
        tuple(reader.remarks(list_checks(home, home.review))),
    )


class _ReviewReader:
    def __init__(self, old: State, new: State, found: HomeDifference) -> None:
        self._old, self._new, self._found = old, new, found
        self._hints = Hints(new.collected, new.names)
        self._addresses = {
            each.path for kind in new.kinds.values() for each in kind.properties if each.address
        }

    def arrivals(self) -> dict[str, list[Arrival]]:
        """Return the things that came in, by the name of their class."""
        found: dict[str, list[Arrival]] = {}
        for thing in self._found.things:
            if thing.status == NEW and self._new.is_thing(thing.iri):
                found.setdefault(thing.kind, []).append(self._arrival(thing))
        return found

    def near(self) -> Iterator[tuple[NamedReference, list[NamedReference]]]:
        """Yield new things whose name is nearly that of another of their class."""
        for kind, arrivals in self.arrivals().items():
            others = self._called(kind)
            for each in arrivals:
                name = folded(each.thing.name)
                close = nearest(name, (n for n in others if n != name), most=9, least=_NEARLY)
                same = [iri for n in (name, *close) for iri in others.get(n, ())]
                named = [iri for iri in same if iri != each.thing.iri][:_MOST_NEAR]
                if named:
                    yield self._reference(each.thing.iri), [self._reference(i) for i in named]

    def remarks(self, queries: Sequence[Check]) -> Iterator[Remark]:
        """Yield what queries select of what came in or was changed, or that it rests on."""
        only = self._looked_at()
        graph = self._new.collected.graph
        for query in queries:
            results = run_checks(graph, [query], only)[0]
            about = [
                (self._reference(each.focus), self._hints.named(each.messages[0]))
                for each in results
            ]
            if about:
                yield Remark(query.title, query.why, about)

    def _called(self, kind: str) -> dict[str, list[str]]:
        """Return the things of a class by what they are called."""
        found: dict[str, list[str]] = {}
        for iri in self._new.classes:
            whole = "#" not in iri and self._new.is_thing(iri)
            if whole and self._new.kind_of(iri) == kind and (name := self._new.names.of(iri)):
                found.setdefault(folded(name), []).append(iri)
        return found

    def _looked_at(self) -> set[Term]:
        """Return the nodes that are new or changed, with their parts and their sources."""
        changed = {t.iri for t in self._found.things if t.status in (NEW, CHANGED)}
        nodes = {iri for iri in self._new.classes if owner(iri, self._new) in changed}
        for thing in self._found.things:
            for change in thing.changes:
                if change.iri == _SOURCE:
                    nodes |= {value.iri for value in change.after if value.iri}
        return {NamedNode(iri) for iri in nodes}

    def _arrival(self, thing: ThingChange) -> Arrival:
        said: dict[str, list[Statement]] = {"": []}
        for change in thing.changes:
            called = " ".join((thing.parts[change.part][1], change.part)) if change.part else ""
            values = [self._value(value) for value in change.after]
            if called or [value.name for value in values] != [thing.name]:
                said.setdefault(called, []).append((change.name, values))
        sourced = any(change.iri == _SOURCE for change in thing.changes)
        return Arrival(
            thing, said.pop(""), said, not sourced and self._may_have_a_source(thing.iri)
        )

    def _may_have_a_source(self, iri: str) -> bool:
        return any(p.path == _SOURCE for kind in self._kinds(iri) for p in kind.properties)

    def _kinds(self, iri: str) -> list[Kind]:
        kinds = self._new.kinds
        return [kinds[each] for each in self._new.classes.get(iri, ()) if each in kinds]

    def _value(self, value: ShownValue) -> NamedReference:
        thing = owner(value.iri or "", self._new)
        if value.iri and any(kind.namespace for kind in self._kinds(thing)):
            return self._reference(value.iri)
        return NamedReference(value.text)

    def _reference(self, iri: str) -> NamedReference:
        thing, _, part = iri.partition("#")
        named = self._new.names.of(iri)
        if not named and part and thing in self._new.classes:
            named = f"{self._new.names.of(thing) or last_part(thing)}, {part}"
        return NamedReference(named or last_part(iri), iri, self._address(iri))

    def _address(self, iri: str) -> str | None:
        """Return the first web address that is given for a thing."""
        values = (
            str(triple.object.value)
            for triple in self._new.collected.graph.statements([NamedNode(iri)], None)
            if triple.predicate.value in self._addresses and isinstance(triple.object, NamedNode)
        )
        found = sorted(v for v in values if v.startswith(("https://", "http://")))
        return found[0] if found else None
