"""How pages show things, as the shapes say: what their annotations in `shapes/pages.ttl` hold.

No class is known by name here. A kind without annotations has the first properties of its shape as
columns, and may be filtered by whatever links to few things.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import cast

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cjph_graph.home import NAMESPACE, Kind, Property
from cjph_graph.publish.site.words import capital, kebab
from cjph_graph.rdf import DCTERMS, LANG_STRING, SH, SKOS, TRUE, Graph, Node, last_part

_SHAPES = NAMESPACE.value.removesuffix("namespace")
# Properties that all sorts of things have, and what a page shows them as.
NAME = SKOS + "prefLabel"
SUMMARIES = (DCTERMS + "description", SKOS + "definition")
SOURCE = DCTERMS + "source"
NOTE = SKOS + "note"
# A warning and what it quotes, by the last part of their names.
CAVEATS = ("caveat", "caveatSource")
# Vocabularies and their values are in one list.
VOCABULARIES = "vocabulary"
_VOCABULARY_CLASSES = (SKOS + "Concept", SKOS + "ConceptScheme")
_PATH, _INVERSE = NamedNode(SH + "path"), NamedNode(SH + "inversePath")
_MOST_COLUMNS = 3


@dataclass(frozen=True)
class View:
    """How the things of a kind are shown; `folder` is where their table is.

    `span` are the two properties that say from when to when a thing lasted. `charted_by` is the one
    by whose values a chart tells how sure things are, `timeline` those that are drawn over time.
    `front` is the place of the kind in the navigation, 0 for none.
    """

    kind: Kind
    folder: str
    title: str
    columns: tuple[Property, ...]
    facets: tuple[Property, ...]
    meta: tuple[Property, ...]
    span: tuple[Property, ...]
    grouped_by: Property | None
    charted_by: Property | None
    timeline: tuple[Property, ...]
    front: int

    @property
    def one(self) -> str:
        """What one thing of the kind is called in a sentence."""
        return self.kind.name

    @property
    def many(self) -> str:
        """What several are called in a sentence."""
        return self.title[:1].lower() + self.title[1:]


class Presentation:
    """The annotations of a home's shapes."""

    def __init__(self, kinds: Sequence[Kind], shapes: Iterable[Triple]) -> None:
        self._graph = Graph(shapes)
        # What was asked for of properties, by property, annotation and direction.
        self._told: dict[tuple[str, str, bool], str] = {}
        # The shapes of each property, followed forwards and backwards.
        self._by_path: dict[tuple[str, bool], list[Node]] = {}
        for triple in self._graph.triples:
            if triple.predicate == _PATH:
                for path, inverse in self._steps(triple.object):
                    shape = cast("Node", triple.subject)
                    self._by_path.setdefault((path, inverse), []).append(shape)
        self._shapes = {
            triple.object: cast("Node", triple.subject)
            for triple in self._graph.triples
            if triple.predicate.value == SH + "targetClass"
            and TRUE in self._graph.values(triple.subject, NamedNode(SH + "closed"))
        }
        self.views = tuple(self._view(kind) for kind in kinds)
        self._view_of = {view.kind.iri: view for view in reversed(self.views)}

    def view(self, kind: Kind) -> View:
        """Return how a kind is shown."""
        return self._view_of[kind.iri]

    def heading(self, entry: Property) -> str:
        """Return the heading over the parts that a property leads to."""
        return self._said(entry.path, "heading", inverse=entry.inverse) or capital(entry.name)

    def back_heading(self, path: str) -> str:
        """Return the heading over what links somewhere with a property; empty if none is given."""
        return self._said(path, "backHeading")

    def resolver(self, path: str) -> str:
        """Return what makes the address of a page out of a value; empty if nothing does."""
        return self._said(path, "resolver")

    def if_missing(self, path: str) -> str:
        """Return what a part shows where the property has no value; empty if nothing."""
        return self._said(path, "ifMissing")

    @cached_property
    def left_out(self) -> frozenset[str]:
        """The properties that pages do not show, since others say the same."""
        return frozenset(path for path, _ in self._flagged("hidden"))

    def mark(self, value: object) -> str:
        """Return the sign that stands before a value; empty if there is none."""
        return self._graph.text(value, _own("mark"))

    def undoes(self, value: object) -> bool:
        """Say whether a status means that what was decided is undone."""
        return TRUE in self._graph.values(value, _own("undoes"))

    def ends(self, value: object) -> bool:
        """Say whether a status means that what was decided is over."""
        return TRUE in self._graph.values(value, _own("ends"))

    def is_ordinary(self, value: object) -> bool:
        """Say whether a value goes without saying, as "all people" does."""
        return TRUE in self._graph.values(value, _own("ordinary"))

    def compared_with(self, value: object) -> NamedNode | None:
        """Return the group that a group is set against; None where it is not."""
        found = self._graph.values(value, _own("comparedWith"))
        return next((each for each in found if isinstance(each, NamedNode)), None)

    def drawn_as(self, value: object) -> str:
        """Return what a chart draws a number of this standing as: `value`, or what is annotated."""
        return self._graph.text(value, _own("drawnAs")) or "value"

    @cached_property
    def map_codes(self) -> frozenset[NamedNode]:
        """The properties whose values are codes by which a map finds a place."""
        found = self._flagged("mapCode")
        return frozenset(NamedNode(path) for path, inverse in found if not inverse)

    def _flagged(self, name: str) -> list[tuple[str, bool]]:
        return [
            path
            for path, shapes in self._by_path.items()
            if any(TRUE in self._graph.values(shape, _own(name)) for shape in shapes)
        ]

    def _steps(self, path: object) -> Iterator[tuple[str, bool]]:
        """Yield the property that a path follows, and whether it does so against its direction."""
        if isinstance(path, NamedNode):
            yield path.value, False
        for step in self._graph.values(path, _INVERSE):
            if isinstance(step, NamedNode):
                yield step.value, True

    def _said(self, path: str, name: str, *, inverse: bool = False) -> str:
        key = (path, name, inverse)
        if (known := self._told.get(key)) is None:
            shapes = self._by_path.get((path, inverse), ())
            texts = (self._graph.text(shape, _own(name)) for shape in shapes)
            known = self._told[key] = next(filter(None, texts), "")
        return known

    def _view(self, kind: Kind) -> View:
        shape = self._shapes.get(NamedNode(kind.iri))
        name = last_part(kind.iri)
        folder = kind.folder or f"{kebab(name)}s"
        if not kind.folder and kind.iri in _VOCABULARY_CLASSES:
            folder = VOCABULARIES
        grouped = self._properties(kind, self._graph.values(shape, _own("groupedBy")))
        charted = self._properties(kind, self._graph.values(shape, _own("chartedBy")))
        fitting = [entry for entry in kind.properties if _fits_a_column(entry)]
        front = self._graph.values(shape, _own("front"))
        return View(
            kind,
            folder,
            self._graph.text(shape, _own("plural")) or capital(folder.replace("-", " ")),
            self._listed(kind, shape, "columns") or tuple(fitting[:_MOST_COLUMNS]),
            self._listed(kind, shape, "facets") or tuple(e for e in fitting if e.links),
            self._listed(kind, shape, "meta"),
            self._listed(kind, shape, "span"),
            grouped[0] if grouped else None,
            charted[0] if charted else None,
            self._listed(kind, shape, "timeline"),
            next((int(n.value) for n in front if isinstance(n, Literal) and n.value.isdigit()), 0),
        )

    def _listed(self, kind: Kind, shape: object, name: str) -> tuple[Property, ...]:
        heads = self._graph.values(shape, _own(name))
        listed = [each for head in heads for each in self._graph.listed(head)]
        return self._properties(kind, listed)

    def _properties(self, kind: Kind, shapes: Iterable[object]) -> tuple[Property, ...]:
        known = {entry.path: entry for entry in kind.properties if not entry.inverse}
        paths = [
            path.value
            for shape in shapes
            if isinstance(shape, NamedNode | BlankNode)
            for path in self._graph.values(shape, _PATH)
            if isinstance(path, NamedNode)
        ]
        return tuple(known[path] for path in paths if path in known)


@cache
def _own(name: str) -> NamedNode:
    return NamedNode(_SHAPES + name)


def _fits_a_column(entry: Property) -> bool:
    told_elsewhere = entry.path in (NAME, SOURCE, NOTE, *SUMMARIES) or entry.key in CAVEATS
    return not (entry.inverse or entry.address or told_elsewhere or LANG_STRING in entry.datatypes)
