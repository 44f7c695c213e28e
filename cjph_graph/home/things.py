"""Things in a graph: finding them as people name them, and gathering what is said of them.

A thing is whatever triples are about. Its parts have its IRI, `#` and a name, and go where it
goes: a finding with its intervention, an observation with its indicator.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cjph_graph.errors import UsageError
from cjph_graph.home.schema import Kind
from cjph_graph.home.suggestions import LABELS, suggest
from cjph_graph.rdf import RDF, TYPE, Node, last_part, parse_iri
from cjph_graph.sparql import Value

Subject: TypeAlias = Node

_REIFIES = NamedNode(RDF + "reifies")


class Things:
    """Triples by what they are about, as they were parsed, each once."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._about: dict[Subject, list[Triple]] = {}
        for triple in dict.fromkeys(triples):
            self._about.setdefault(triple.subject, []).append(triple)  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[Subject]:
        return iter(self._about)

    def __contains__(self, subject: object) -> bool:
        return subject in self._about

    def about(self, subject: Subject) -> Iterator[tuple[NamedNode, Value]]:
        """Yield each property of a thing with a value, in the order of the files."""
        for triple in self._about.get(subject, []):
            yield triple.predicate, triple.object

    def triples(self) -> Iterator[Triple]:
        """Yield every triple."""
        for found in self._about.values():
            yield from found

    def owner(self, subject: Subject) -> Subject | None:
        """Return the thing that a part belongs to; None for a thing of its own."""
        if isinstance(subject, NamedNode) and "#" in subject.value:
            owner = NamedNode(subject.value.partition("#")[0])
            return owner if owner in self._about else None
        return None

    def find(self, name: str) -> Subject:
        """Return the thing that a slug or an IRI names.

        Raises UsageError when there is none, or more than one.
        """
        node = parse_iri(name)
        if node in self._about:
            return node
        found = sorted(
            subject.value
            for subject in self._about
            if isinstance(subject, NamedNode) and last_part(subject.value) == name
        )
        if len(found) == 1:
            return NamedNode(found[0])
        if found:
            raise UsageError(
                f"{name!r} names {len(found)} things: {', '.join(found)}.", "Use one of these IRIs."
            )
        if "://" not in name:
            raise UsageError(f"The graph has nothing called {name!r}.", self._perhaps(name))
        if node is None:
            raise UsageError(f"{name!r} is not an IRI.", self._perhaps(name))
        raise UsageError(f"The graph says nothing about {node.value}.", self._perhaps(name))

    def of_kind(self, kind: Kind) -> list[Subject]:
        """Return the things of a class, in the order of the files."""
        wanted = NamedNode(kind.iri)
        return [s for s in self._about if (TYPE, wanted) in set(self.about(s))]

    def gather(self, roots: Iterable[Subject]) -> "Things":
        """Return what is said of some things, of their parts, and of what these link to.

        Blank nodes go with what they hang on, to the end of every list, and so do statements
        about statements.
        """
        chosen = set(roots)
        chosen |= {subject for subject in self._about if self.owner(subject) in chosen}
        self._add_blank_nodes(chosen)
        chosen |= {subject for subject in self._about if self._is_about_statement(subject, chosen)}
        self._add_blank_nodes(chosen)
        linked = {v for s in chosen for _, v in self.about(s) if isinstance(v, NamedNode)}
        wanted: set[Subject] = chosen | linked
        self._add_blank_nodes(wanted)
        return Things(
            triple
            for subject, triples in self._about.items()
            if subject in wanted
            for triple in triples
        )

    def _add_blank_nodes(self, chosen: set[Subject]) -> None:
        waiting = list(chosen)
        while waiting:
            for _, value in self.about(waiting.pop()):
                if isinstance(value, BlankNode) and value not in chosen:
                    chosen.add(value)
                    waiting.append(value)

    def _is_about_statement(self, subject: Subject, chosen: set[Subject]) -> bool:
        return any(
            property_ == _REIFIES and isinstance(value, Triple) and value.subject in chosen
            for property_, value in self.about(subject)
        )

    def _perhaps(self, name: str) -> str:
        known = [
            (text, last_part(subject.value))
            for subject in self._about
            if isinstance(subject, NamedNode)
            for text in (last_part(subject.value), *self._labels(subject))
        ]
        if near := suggest(last_part(name.rstrip("/>")), known):
            return f"Did you mean {' or '.join(near)}?"
        return "`cjph query profile` shows what kinds of things there are."

    def _labels(self, subject: Subject) -> Iterator[str]:
        for property_, value in self.about(subject):
            if property_.value in LABELS and isinstance(value, Literal):
                yield value.value


def find_kind(kinds: Sequence[Kind], name: str) -> Kind:
    """Return the kind that a person names by folder, class or label.

    Raises UsageError when there is none.
    """
    for kind in kinds:
        if name in (kind.iri, kind.folder) or name.casefold() in (
            kind.name.casefold(),
            last_part(kind.iri).casefold(),
        ):
            return kind
    known = sorted(kind.folder or kind.name for kind in kinds)
    raise UsageError(f"There is no kind {name!r}.", f"There are: {', '.join(known)}.")
