"""One index of a graph, for all that is published from it.

It is built once, in one pass, and then answers in a time that does not grow with the graph: what
a thing has, what links to it, what its parts are, which things a class has, what a thing is
called, and at which path it is published. Terms are those that the parser gave, so that literals
stay as they were written; each IRI is kept once, however often it occurs.

    index = read_index(find_home())
    thing = index.find("cahoots-eugene")
    index.label(thing)            # "CAHOOTS (Crisis Assistance Helping Out On The Streets)"
    index.path(thing)             # "interventions/cahoots-eugene"
    index.parts(thing)            # its findings: their IRIs begin with its own and `#`
    list(index.about(thing))      # [(property, value), …] in the order of the files
    list(index.links_to(thing))   # [(property, subject), …] in the order of the files
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import takewhile
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cjph_graph.errors import UsageError
from cjph_graph.home import LABELS, Home, Kind, home_files, read_schema, read_shapes, suggest
from cjph_graph.publish.statement_collector import Flat, StatementCollector
from cjph_graph.rdf import (
    NAMES,
    RDF,
    TYPE,
    Node,
    feed_turtle,
    is_foreign,
    last_part,
    parse_iri,
    reachable,
)
from cjph_graph.sparql import Value
from cjph_graph.system import tell

# The language of plain texts; a text without a language counts as one in it.
LANGUAGE = "en"

_REIFIES = NamedNode(RDF + "reifies")
_NAMES = tuple(map(NamedNode, NAMES))
# Steps that a path may have: none that is empty, `..` or hidden.
_STEP = r"[A-Za-z0-9_~-][A-Za-z0-9._~-]*"
_PATH = re.compile(rf"{_STEP}(?:/{_STEP})*", re.ASCII)


class Index:
    """A graph by subject, by object, by class and by name.

    `kinds` are the classes of the home's shapes, `prefixes` the names for namespaces that its files
    declare. Blank nodes are named by the triples that they stand in, the same on every run.
    """

    def __init__(
        self,
        statements: Iterable[Triple] | StatementCollector,
        kinds: Sequence[Kind] = (),
        prefixes: Mapping[str, str] | None = None,
    ) -> None:
        self.kinds = tuple(kinds)
        self.prefixes = {} if prefixes is None else prefixes
        self._labels: dict[Node, str | None] = {}
        self._kind_of: dict[Node, Kind | None] = {}
        # Each property as it stands in the statements, so that it is known by identity.
        self._properties: dict[NamedNode, NamedNode] = {}
        if not isinstance(statements, StatementCollector):
            statements = StatementCollector(statements)
        self._out: dict[Node, Flat] = statements.done()
        self._in: dict[Node, list[Any]] = {}
        self._stated: dict[Node, list[Node]] = {}
        self._classes: dict[str, list[Node]] = {}
        self._parts: dict[NamedNode, list[NamedNode]] = {}
        for subject in self._out:
            self._join(subject)

    def _join(self, subject: Node) -> None:
        """Enter a thing under what it links to, its classes and its owner."""
        for predicate, value in self.about(subject):
            self._properties.setdefault(predicate, predicate)
            if isinstance(value, Triple):
                if predicate == _REIFIES and not isinstance(value.subject, Triple):
                    self._stated.setdefault(value.subject, []).append(subject)
            elif isinstance(value, NamedNode) and predicate == TYPE:
                self._classes.setdefault(value.value, []).append(subject)
            elif not isinstance(value, Literal):
                self._in.setdefault(value, []).extend((predicate, subject))
        if isinstance(subject, NamedNode) and "#" in subject.value:
            owner = NamedNode(subject.value.partition("#")[0])
            self._parts.setdefault(owner, []).append(subject)

    def __iter__(self) -> Iterator[Node]:
        """Yield each thing that the files describe, in their order."""
        return iter(self._out)

    def __contains__(self, node: object) -> bool:
        return node in self._out

    def __len__(self) -> int:
        """Return how many things the graph describes."""
        return len(self._out)

    def about(self, subject: Node) -> Iterator[tuple[NamedNode, Value]]:
        """Yield each property of a thing with a value, each pair once, in the order of the files.

        Where a thing has blank nodes, these come last.
        """
        terms = iter(self._out.get(subject, ()))
        return zip(terms, terms, strict=True)

    def values(self, subject: Node, predicate: NamedNode) -> list[Value]:
        """Return the values of a property of a thing."""
        if (known := self._properties.get(predicate)) is None:
            return []
        return [value for property_, value in self.about(subject) if property_ is known]

    def links_to(self, node: Node) -> Iterator[tuple[NamedNode, Node]]:
        """Yield each property by which a thing links to this one, with that thing.

        The class of a thing is no link: see `of_class`.
        """
        terms = iter(self._in.get(node, ()))
        return zip(terms, terms, strict=True)

    def of_class(self, iri: str) -> Sequence[Node]:
        """Return the things of a class, in the order of the files."""
        return self._classes.get(iri, [])

    def classes(self, subject: Node) -> list[str]:
        """Return the IRIs of the classes of a thing."""
        return [v.value for v in self.values(subject, TYPE) if isinstance(v, NamedNode)]

    def kind(self, subject: Node) -> Kind | None:
        """Return the kind of a thing, the first in the order of the shapes if it has several."""
        if subject not in self._kind_of:
            classes = self.classes(subject)
            self._kind_of[subject] = next((k for k in self.kinds if k.iri in classes), None)
        return self._kind_of[subject]

    def parts(self, thing: Node) -> Sequence[NamedNode]:
        """Return what belongs to a thing, by its IRI, `#` and a name, in the order of the files."""
        return self._parts.get(thing, []) if isinstance(thing, NamedNode) else []

    def owner(self, subject: Node) -> NamedNode | None:
        """Return the thing that a part belongs to; None for a thing of its own."""
        if isinstance(subject, NamedNode) and "#" in subject.value:
            owner = NamedNode(subject.value.partition("#")[0])
            return owner if owner in self._out else None
        return None

    def triples(self) -> Iterator[Triple]:
        """Yield every triple."""
        for subject in self._out:
            for predicate, value in self.about(subject):
                yield Triple(subject, predicate, value)

    def name(self, node: Node) -> str | None:
        """Return the label of a thing, in LANGUAGE if there is one; None if it has no label."""
        if node not in self._labels:
            found = [
                (is_foreign(value), _NAMES.index(property_), str(value.language), value.value)
                for property_, value in self.about(node)
                if property_ in _NAMES and isinstance(value, Literal)
            ]
            self._labels[node] = min(found)[-1] if found else None
        return self._labels[node]

    def label(self, node: Node) -> str:
        """Return the label of a thing; the last part of its IRI if it has none."""
        return self.name(node) or last_part(node.value)

    def path(self, node: Node) -> str | None:
        """Return where a thing is published, such as `places/oregon`; a part, where its owner is.

        A thing in the namespace of a kind is in the kind's folder; what else begins as the
        namespaces do keeps the rest of its IRI: `vocabulary/unit/percent`. None for all others, and
        for an IRI that would make no safe path.
        """
        if not isinstance(node, NamedNode):
            return None
        iri = node.value.partition("#")[0]
        namespace = iri[: iri.rfind("/") + 1]
        if folder := self._folders.get(namespace):
            path = f"{folder}/{iri[len(namespace) :]}"
        elif self._base and iri.startswith(self._base):
            path = iri[len(self._base) :]
        else:
            return None
        return path if _PATH.fullmatch(path) else None

    @cached_property
    def _folders(self) -> dict[str, str]:
        return {kind.namespace: kind.folder for kind in self.kinds if kind.namespace}

    @cached_property
    def _base(self) -> str:
        """What all namespaces begin with, up to a slash; empty if that is not even a host."""
        parents = [name.rstrip("/#").rpartition("/")[0] for name in self._folders]
        steps = zip(*(parent.split("/") for parent in parents), strict=False)
        base = "".join(f"{step[0]}/" for step in takewhile(lambda s: len({*s}) == 1, steps))
        return base if base.count("/") > 2 else ""

    @cached_property
    def _slugs(self) -> dict[str, list[NamedNode]]:
        found: dict[str, list[NamedNode]] = {}
        for subject in self._out:
            if isinstance(subject, NamedNode):
                found.setdefault(last_part(subject.value), []).append(subject)
        return found

    def find(self, name: str) -> Node:
        """Return the thing that a slug or an IRI names.

        Raises UsageError when there is none, or more than one.
        """
        node = parse_iri(name)
        if node in self._out:
            return node
        found = sorted(self._slugs.get(name, ()), key=str)
        if len(found) == 1:
            return found[0]
        if found:
            iris = ", ".join(each.value for each in found)
            raise UsageError(f"{name!r} names {len(found)} things: {iris}.", "Use one of these.")
        if "://" not in name:
            raise UsageError(f"The graph has nothing called {name!r}.", self._perhaps(name))
        if node is None:
            raise UsageError(f"{name!r} is not an IRI.", self._perhaps(name))
        raise UsageError(f"The graph says nothing about {node.value}.", self._perhaps(name))

    def _perhaps(self, name: str) -> str:
        known = [
            (text, slug)
            for slug, subjects in self._slugs.items()
            for subject in subjects
            for text in (slug, *self._texts(subject))
        ]
        if near := suggest(last_part(name.rstrip("/>")), known):
            return f"Did you mean {' or '.join(near)}?"
        return "`cjph query profile` shows what kinds of things there are."

    def _texts(self, subject: Node) -> Iterator[str]:
        for property_, value in self.about(subject):
            if property_.value in LABELS and isinstance(value, Literal):
                yield value.value

    def gather(self, roots: Iterable[Node]) -> "Index":
        """Return the statements about some things, their parts, and what these link to.

        Blank nodes go with what they hang on, to the end of every list, and so do statements
        about statements.
        """
        chosen = set(roots)
        for root in list(chosen):
            chosen.update(self.parts(root))
        self._add_blank_nodes(chosen)
        for subject in list(chosen):
            chosen.update(self._stated.get(subject, ()))
        self._add_blank_nodes(chosen)
        wanted = chosen | {v for s in chosen for _, v in self.about(s) if isinstance(v, NamedNode)}
        self._add_blank_nodes(wanted)
        found = Index((), self.kinds, self.prefixes)
        found._out = {s: self._out[s] for s in sorted(wanted, key=str) if s in self._out}
        for subject in found._out:
            found._join(subject)
        return found

    def blank_nodes(self, node: Node) -> Iterator[Node]:
        """Yield the blank nodes that a thing leads to."""
        return (value for _, value in self.about(node) if isinstance(value, BlankNode))

    def _add_blank_nodes(self, chosen: set[Node]) -> None:
        chosen.update(reachable([*chosen], self.blank_nodes))


def read_index(home: Home, *, ontology: bool = False) -> Index:
    """Return the index of a home's vocabularies and data, with `ontology` of its terms as well.

    Raises InputError at the first file that is not Turtle.
    """
    paths = [path for path in home_files(home) if ontology or path != home.ontology]
    prefixes: dict[str, str] = {}
    collected = StatementCollector()
    for number, path in enumerate(paths):
        tell("Reading files", number, len(paths))
        file = feed_turtle(path, collected.take).sound()
        prefixes.update((name, iri) for name, iri in file.prefixes.items() if name)
    tell("Reading files", len(paths), len(paths))
    return Index(collected, read_schema(read_shapes(home)), prefixes)
