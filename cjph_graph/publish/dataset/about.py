"""What a home says about itself as a dataset: the source of every description and citation.

The dataset is the thing of the class dcat:Dataset, or of a subclass that the ontology defines, that
is no part of another one. What it does not say about itself (a publisher, say) is taken from the
ontology's own description. A home that describes neither can be published too: what is not known is
left out everywhere.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from cjph_graph.home import LABELS, Kind
from cjph_graph.publish.index import Index
from cjph_graph.rdf import DCTERMS, OWL, RDFS, SKOS, SUBCLASS, Node, is_foreign, last_part
from cjph_graph.sparql import Value

DCAT = "http://www.w3.org/ns/dcat#"
_DATASET = NamedNode(DCAT + "Dataset")
_PART = NamedNode(DCTERMS + "isPartOf")
_DESCRIPTIONS = (DCTERMS + "description", SKOS + "definition", RDFS + "comment")
_VERSIONS = (DCAT + "version", OWL + "versionInfo")
_AGENTS = (DCTERMS + "creator", DCTERMS + "publisher")
_NO_VERSION = "current"
_NO_NAME = "dataset"


@dataclass(frozen=True)
class Agent:
    """Who made or publishes the dataset: a name, and an IRI unless only a name is known."""

    name: str
    iri: str = ""


@dataclass(frozen=True)
class About:
    """A dataset in its own words; what it does not say is empty.

    `name` is what its files are called. `version` names the folder of its release. Dates are as
    they are written. `base` is the address at which the release stands, with `/` at its end.
    `remarks` are its other texts, each with the label of its property: notes, caveats, thanks.
    """

    iri: str
    name: str
    title: str
    version: str
    base: str
    description: str = ""
    license: str = ""
    created: str = ""
    issued: str = ""
    modified: str = ""
    landing: str = ""
    creators: tuple[Agent, ...] = ()
    publisher: Agent | None = None
    keywords: tuple[str, ...] = ()
    remarks: tuple[tuple[str, str], ...] = ()

    @property
    def is_versioned(self) -> bool:
        """Whether the dataset, or whoever publishes it, gave it a version."""
        return self.version != _NO_VERSION

    @property
    def dated(self) -> str:
        """The day of the release as far as it is known, such as 2026-11-26; else empty."""
        return (self.issued or self.modified or self.created)[:10]

    @property
    def address(self) -> str:
        """Where the dataset is found on the web; empty if that is not known."""
        return self.landing or self.iri


def about_dataset(
    things: Index,
    ontology: Sequence[Triple],
    kinds: Sequence[Kind],
    *,
    version: str = "",
    base: str = "",
) -> About:
    """Return what a graph says about itself as a dataset.

    `version` and `base` take the place of what it says itself.
    """
    terms = Index(ontology)
    dataset = _find(things, terms)
    header = next(iter(terms.of_class(OWL + "Ontology")), None)
    said = _Said(things, terms, [dataset, header])
    # The ontology has dates of its own, which are not those of the data.
    own = _Said(things, terms, [header if dataset is None else dataset])
    landing = own.one(DCAT + "landingPage")
    iri = dataset.value if isinstance(dataset, NamedNode) else ""
    agents = [said.agents(path) for path in _AGENTS]
    return About(
        iri=iri,
        name=last_part(iri) if iri else _NO_NAME,
        title=said.one(*LABELS) or last_part(iri) or _NO_NAME,
        version=version or said.one(*_VERSIONS) or own.one(DCTERMS + "modified") or _NO_VERSION,
        base=_folder(base or landing or iri.rpartition("/")[0]),
        description=said.one(*_DESCRIPTIONS),
        license=said.one(DCTERMS + "license"),
        created=own.one(DCTERMS + "created"),
        issued=own.one(DCTERMS + "issued"),
        modified=own.one(DCTERMS + "modified"),
        landing=landing,
        creators=agents[0] or agents[1],
        publisher=next(iter(agents[1] or agents[0]), None),
        keywords=tuple(said.all(DCAT + "keyword")),
        remarks=tuple(_remarks(said, dataset, kinds)),
    )


def _find(things: Index, terms: Index) -> Node | None:
    """Return the dataset of a graph; the first by IRI where there are several."""
    own = [node for path, node in terms.links_to(_DATASET) if path == SUBCLASS]
    found = [thing for each in (_DATASET, *own) for thing in things.of_class(each.value)]
    return min((each for each in found if not things.values(each, _PART)), key=str, default=None)


def _folder(address: str) -> str:
    return f"{address.rstrip('/')}/" if address else ""


def _remarks(
    said: "_Said", dataset: Node | None, kinds: Sequence[Kind]
) -> Iterator[tuple[str, str]]:
    """Yield the texts that no other field has, in the order of the shapes."""
    if dataset is None:
        return
    values: dict[str, list[Literal]] = {}
    for path, value in said.things.about(dataset):
        if isinstance(value, Literal) and value.language and not is_foreign(value):
            values.setdefault(path.value, []).append(value)
    known = {*LABELS, *_DESCRIPTIONS, DCAT + "keyword"}
    classes = said.things.classes(dataset)
    for kind in kinds:
        for entry in kind.properties if kind.iri in classes else ():
            if entry.path not in known:
                yield from ((entry.name, value.value) for value in values.get(entry.path, ()))


class _Said:
    """Looks up what several subjects say, the first of them first."""

    def __init__(self, things: Index, terms: Index, subjects: Sequence[Node | None]) -> None:
        self.things = things
        self._terms = terms
        self._subjects = [each for each in subjects if each is not None]

    def all(self, *paths: str) -> list[str]:
        """Return the values of the first property that a subject has, those in English first."""
        return [value.value for value in self._values(paths) if not isinstance(value, Triple)]

    def one(self, *paths: str) -> str:
        return next(iter(self.all(*paths)), "")

    def agents(self, path: str) -> tuple[Agent, ...]:
        found = []
        for value in self._values((path,)):
            if isinstance(value, NamedNode):
                name = self.things.name(value) or self._terms.label(value)
                found.append(Agent(name, value.value))
            elif isinstance(value, Literal):
                found.append(Agent(value.value))
        return tuple(found)

    def _values(self, paths: Sequence[str]) -> list[Value]:
        for subject in self._subjects:
            for path in paths:
                found = [v for p, v in self._about(subject) if p.value == path]
                if found:
                    return sorted(found, key=_english_first)
        return []

    def _about(self, subject: Node) -> Iterator[tuple[NamedNode, Value]]:
        yield from self.things.about(subject)
        yield from self._terms.about(subject)


def _english_first(value: Value) -> tuple[bool, str]:
    return isinstance(value, Literal) and is_foreign(value), str(value)
