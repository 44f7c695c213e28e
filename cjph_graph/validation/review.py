"""What a steward should look at before a change goes in: one page, from what changed.

What came in by kind, with what it links to and its sources; what was changed and taken away; what
is found; names that are nearly those of other things; and what the queries in `ontology/review/`
select of all that, which breaks no rule and yet wants a look.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from cjph_graph.home import Check, Home, folded, list_checks
from cjph_graph.rdf import DCTERMS, Term, last_part, nearest
from cjph_graph.validation.checks import run_checks
from cjph_graph.validation.difference import (
    CHANGED,
    NEW,
    HomeDifference,
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
class Reference:
    """Something that a line names: what it is called, its IRI, and an address to read it at."""

    name: str
    iri: str
    address: str | None = None


@dataclass(frozen=True)
class Arrival:
    """A thing that came in: its texts by property, what it links to by property, its sources."""

    thing: ThingChange
    texts: Sequence[tuple[str, str]]
    links: Sequence[tuple[str, Sequence[Reference]]]
    sources: Sequence[Reference]


@dataclass(frozen=True)
class Remark:
    """What one query selected: why it matters, and each thing with what to do about it."""

    title: str
    why: str
    about: Sequence[tuple[Reference, str]]


@dataclass(frozen=True)
class Review:
    """All that stands on the page. `near` are new things with others of almost the same name."""

    since: str
    found: HomeDifference
    arrivals: Mapping[str, Sequence[Arrival]]
    near: Sequence[tuple[Reference, Sequence[Reference]]]
    remarks: Sequence[Remark]


def review(home: Home, revision: str) -> Review:
    """Return what came in since the current branch left a revision, for a steward to look at.

    Raises UsageError when git does not have the revision.
    """
    base = find_base(home, revision)
    old, new = State(home, base), State(home, None)
    found = difference(old, new, revision, None)
    reader = _Reader(old, new, found)
    return Review(
        revision,
        found,
        reader.arrivals(),
        tuple(reader.near()),
        tuple(reader.remarks(list_checks(home, home.review))),
    )


class _Reader:
    def __init__(self, old: State, new: State, found: HomeDifference) -> None:
        self._old, self._new, self._found = old, new, found
        collected = new.collected
        self._hints = Hints(collected.graph, collected.shapes, new.names, new.prefixes)
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

    def near(self) -> Iterator[tuple[Reference, list[Reference]]]:
        """Yield new things that are nearly called like another of their class."""
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
            results = run_checks(graph, [query], only)
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
        texts: list[tuple[str, str]] = []
        links: dict[str, dict[str, None]] = {}
        sources: dict[str, None] = {}
        for change in thing.changes:
            iris = [value.iri for value in change.after if value.iri]
            if change.iri == _SOURCE:
                sources |= dict.fromkeys(iris)
            elif iris:
                links.setdefault(change.name, {}).update(dict.fromkeys(iris))
            elif not change.part:
                texts += [(change.name, value.text) for value in change.after]
        return Arrival(
            thing,
            texts,
            [(name, [self._reference(iri) for iri in iris]) for name, iris in links.items()],
            [self._reference(iri) for iri in sources],
        )

    def _reference(self, iri: str) -> Reference:
        thing, _, part = iri.partition("#")
        named = self._new.names.of(iri)
        if not named and part and thing in self._new.classes:
            named = f"{self._new.names.of(thing) or last_part(thing)}, {part}"
        return Reference(named or last_part(iri), iri, self._address(iri))

    def _address(self, iri: str) -> str | None:
        """Return the first web address that is given for a thing."""
        values = (
            str(triple.object.value)
            for triple in self._new.collected.graph.statements([NamedNode(iri)], None)
            if triple.predicate.value in self._addresses and isinstance(triple.object, NamedNode)
        )
        found = sorted(v for v in values if v.startswith(("https://", "http://")))
        return found[0] if found else None
