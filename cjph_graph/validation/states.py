"""A home at one time: as it is, or as it was at a revision of git."""

import re
from collections.abc import Iterator, Mapping

from pyoxigraph import NamedNode, Triple

from cjph_graph.home import Home, Kind, Labels, read_schema
from cjph_graph.rdf import TYPE, last_part
from cjph_graph.validation.baseline import home_at
from cjph_graph.validation.collect import Collected, collect
from cjph_graph.validation.findings import Report
from cjph_graph.validation.options import ValidationOptions
from cjph_graph.validation.steps import judge


class State:
    """A home at one time: its triples, what its things are called, and what is found in it."""

    def __init__(self, home: Home, revision: str | None, *, checked: bool = True) -> None:
        old = home_at(home, revision).files if revision is not None else None
        self.collected: Collected = collect(ValidationOptions(home=home), old)
        self.triples: list[Triple] = [*self.collected.terms, *self.collected.shapes.triples]
        self.triples += (t for file in self.collected.files for t in file.triples)
        self.kinds: dict[str, Kind] = {
            kind.iri: kind for kind in read_schema(self.collected.shapes.triples)
        }
        self.names = Labels(self.collected.graph, self.triples)
        self.classes: dict[str, list[str]] = {}
        for triple in self.triples:
            if isinstance(triple.subject, NamedNode):
                found = self.classes.setdefault(triple.subject.value, [])
                if triple.predicate == TYPE and isinstance(triple.object, NamedNode):
                    found.append(triple.object.value)
        self.files = {
            iri.value: file.path for file in self.collected.files for iri in file.subjects
        }
        self.prefixes = dict(self.collected.prefixes)
        for file in self.collected.shapes.files:
            self.prefixes |= {name: iri for name, iri in file.prefixes.items() if name}
        self.report = (
            judge(self.collected, ValidationOptions().checker) if checked else Report(0, 0, 0, ())
        )

    def is_thing(self, iri: str) -> bool:
        """Say whether an IRI is of a thing of a class that has shapes."""
        return any(each in self.kinds for each in self.classes.get(iri, ()))

    def kind_of(self, iri: str) -> str:
        """Return the name of a thing's class."""
        classes = self.classes.get(iri, ())
        known = [self.kinds[each].name for each in classes if each in self.kinds]
        named = known or [self.names.of(each) or _words(last_part(each)) for each in classes[:1]]
        return named[0].lower() if named else "thing without a class"

    def rename(self, names: Mapping[str, str]) -> None:
        """Give things and their parts other IRIs, as if they had had these."""
        self.triples = [_renamed(triple, names) for triple in self.triples]
        self.classes = {_other(iri, names): found for iri, found in self.classes.items()}

    def links(self) -> Iterator[tuple[str, str]]:
        """Yield each thing of a class that has shapes with each IRI that it or a part links to."""
        for triple in self.triples:
            subject, value = triple.subject, triple.object
            if isinstance(subject, NamedNode) and isinstance(value, NamedNode):
                thing = owner(subject.value, self)
                if self.is_thing(thing):
                    yield thing, owner(value.value, self)


def _renamed(triple: Triple, names: Mapping[str, str]) -> Triple:
    subject, value = (
        NamedNode(_other(term.value, names)) if isinstance(term, NamedNode) else term
        for term in (triple.subject, triple.object)
    )
    return Triple(subject, triple.predicate, value)  # type: ignore[arg-type]


def _other(iri: str, names: Mapping[str, str]) -> str:
    thing, sharp, part = iri.partition("#")
    return f"{names[thing]}{sharp}{part}" if thing in names else iri


def _words(name: str) -> str:
    """Return PropertyShape as `Property Shape`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)


def owner(iri: str, *states: State) -> str:
    """Return the thing that an IRI with `#` is a part of, or the IRI itself."""
    thing, sharp, _ = iri.partition("#")
    return thing if sharp and any(state.is_thing(thing) for state in states) else iri
