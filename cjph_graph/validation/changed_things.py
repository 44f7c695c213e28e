"""What came in since a revision, what was changed and what was taken away: things by kind.

A thing is what has a class and an IRI without `#`; what belongs to it, with its IRI and `#`, counts
as part of it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, NamedNode, Triple

from cjph_graph.rdf import DCTERMS, LABEL, TYPE, TurtleFile, last_part

_SOURCE = NamedNode(DCTERMS + "source")

ByKind = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class ChangedThings:
    """The IRIs of things by the label of their class, such as `intervention`.

    `linked` are things that were there before and that new things link to; `sources` are the
    sources that new things rest on, new or not. `missing` are the things taken away to which
    something still links.
    """

    added: ByKind = field(default_factory=dict)
    changed: ByKind = field(default_factory=dict)
    removed: ByKind = field(default_factory=dict)
    linked: ByKind = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    missing: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


class Content:
    """What files say, by thing: its class, a sum of its statements, and what it links to."""

    def __init__(self, files: Iterable[TurtleFile]) -> None:
        self.kinds: dict[str, str] = {}
        self.sums: dict[str, int] = {}
        self.links: dict[str, dict[str, None]] = {}
        self.sources: dict[str, dict[str, None]] = {}
        for file in files:
            for triple in file.stream():
                self._add(triple)

    def _add(self, triple: Triple) -> None:
        if not isinstance(triple.subject, NamedNode):
            return
        thing, _, part = triple.subject.value.partition("#")
        value = triple.object
        # Whatever the order of statements. A blank node has another name each time.
        said = hash((part, triple.predicate, "_:" if isinstance(value, BlankNode) else value))
        self.sums[thing] = self.sums.get(thing, 0) + said
        if not isinstance(value, NamedNode):
            return
        if triple.predicate == TYPE:
            if not part:
                self.kinds.setdefault(thing, value.value)
            return
        self.links.setdefault(thing, {})[value.value.partition("#")[0]] = None
        if triple.predicate == _SOURCE:
            self.sources.setdefault(thing, {})[value.value] = None


def changed_things(
    now: Iterable[TurtleFile],
    before: Iterable[TurtleFile],
    terms: Iterable[Triple],
    only: Collection[str] | None = None,
) -> ChangedThings:
    """Return what `now` says and `before` did not; with `only`, of what stands in these files.

    `terms` are the triples of the ontology, for the labels of classes. With `only` nothing counts
    as taken away, as that stands in no file.
    """
    files = [*now]
    new, old = Content(files), Content(before)
    labels = {t.subject.value: t.object.value for t in terms if t.predicate == LABEL}  # type: ignore[union-attr]
    asked = set(new.kinds)
    if only is not None:
        asked &= {iri.value for file in files if file.path in only for iri in file.subjects}
    added = [thing for thing in new.kinds if thing in asked and thing not in old.kinds]
    shared = [thing for thing in new.kinds if thing in asked and thing in old.kinds]
    removed = [thing for thing in old.kinds if thing not in new.kinds] if only is None else []
    linked = {iri: None for thing in added for iri in new.links.get(thing, ())}
    sources = {iri: None for thing in added for iri in new.sources.get(thing, ())}
    targets = {iri for links in new.links.values() for iri in links}
    return ChangedThings(
        _by_kind(added, new.kinds, labels),
        _by_kind((t for t in shared if new.sums[t] != old.sums[t]), new.kinds, labels),
        _by_kind(removed, old.kinds, labels),
        _by_kind((iri for iri in linked if iri in old.kinds), old.kinds, labels),
        tuple(sorted(sources)),
        frozenset(targets.intersection(removed)),
    )


def _by_kind(things: Iterable[str], kinds: Mapping[str, str], labels: Mapping[str, str]) -> ByKind:
    found: dict[str, list[str]] = {}
    for thing in things:
        kind = kinds[thing]
        found.setdefault(labels.get(kind) or last_part(kind), []).append(thing)
    return {kind: tuple(sorted(found[kind])) for kind in sorted(found)}


def files_of(things: Collection[str], files: Iterable[TurtleFile]) -> Iterator[tuple[str, str]]:
    """Yield things with the file that describes them."""
    for file in files:
        for subject in file.subjects:
            if subject.value in things:
                yield subject.value, file.path
