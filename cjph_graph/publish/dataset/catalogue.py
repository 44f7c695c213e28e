"""The dataset in RDF: by DCAT 3, as the application profile DCAT-AP 3 has it, and by VoID.

Both follow from what the dataset says about itself, from its files and from its graph. Whatever
needs a publisher (a catalogue does) is left out where there is none.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Triple

from cjph_graph.home import Kind
from cjph_graph.publish.dataset.about import DCAT, About, Agent
from cjph_graph.publish.dataset.distributions import Distribution
from cjph_graph.publish.index import LANGUAGE, Index
from cjph_graph.rdf import DCTERMS, RDF, TYPE, XSD, namespace_of, parse_iri
from cjph_graph.sparql import Value

FOAF = "http://xmlns.com/foaf/0.1/"
SPDX = "http://spdx.org/rdf/terms#"
VOID = "http://rdfs.org/ns/void#"
PREFIXES = {
    "dcat": DCAT,
    "dcterms": DCTERMS,
    "foaf": FOAF,
    "rdf": RDF,
    "spdx": SPDX,
    "void": VOID,
    "xsd": XSD,
}
_IANA = "https://www.iana.org/assignments/media-types/"
_FILE_TYPES = "http://publications.europa.eu/resource/authority/file-type/"
_LANGUAGES = "http://id.loc.gov/vocabulary/iso639-1/"
_FEATURES = {
    ".jsonld": "http://www.w3.org/ns/formats/JSON-LD",
    ".nq": "http://www.w3.org/ns/formats/N-Quads",
    ".nt": "http://www.w3.org/ns/formats/N-Triples",
    ".ttl": "http://www.w3.org/ns/formats/Turtle",
}
_DATATYPES = {4: "gYear", 7: "gYearMonth", 10: "date"}


class _Described:
    """A subject that gets one statement after the other."""

    def __init__(self, iri: str, *classes: str) -> None:
        self.node = NamedNode(iri)
        self.triples = [Triple(self.node, TYPE, NamedNode(each)) for each in classes]

    def say(self, property_: str, *values: Value | None) -> "_Described":
        """Add values of a property; None is none."""
        self.triples += [
            Triple(self.node, NamedNode(property_), v) for v in values if v is not None
        ]
        return self


def dcat(about: About, files: Sequence[Distribution]) -> list[Triple]:
    """Return the description of a dataset and its files; empty where nothing has an address."""
    if not (about.iri and about.base):
        return []
    dataset = _dataset(about)
    found: list[Triple] = []
    for file in files:
        one = _distribution(about, file)
        dataset.say(DCAT + "distribution", one.node)
        found += one.triples
    found += dataset.triples
    for agent in {*about.creators, about.publisher}:
        if agent and (node := _agent(agent)):
            found += (
                _Described(node.value, FOAF + "Agent").say(FOAF + "name", _text(agent.name)).triples
            )
    found += _supporting(about, files)
    if about.publisher:
        found += _catalogue(about, dataset.node)
    return found


def _dataset(about: About) -> _Described:
    return (
        _Described(about.iri, DCAT + "Dataset")
        .say(DCTERMS + "title", _text(about.title))
        .say(DCTERMS + "description", _text(about.description or about.title))
        .say(DCTERMS + "identifier", Literal(about.iri))
        .say(DCTERMS + "issued", _day(about.issued))
        .say(DCTERMS + "created", _day(about.created))
        .say(DCTERMS + "modified", _day(about.modified))
        .say(DCTERMS + "license", parse_iri(about.license))
        .say(DCTERMS + "language", NamedNode(_LANGUAGES + LANGUAGE))
        .say(DCTERMS + "creator", *map(_agent, about.creators))
        .say(DCTERMS + "publisher", _agent(about.publisher))
        .say(DCAT + "version", Literal(about.version) if about.is_versioned else None)
        .say(DCAT + "keyword", *map(_text, about.keywords))
        .say(DCAT + "landingPage", parse_iri(about.landing))
    )


def _distribution(about: About, file: Distribution) -> _Described:
    url = NamedNode(about.base + file.path)
    checksum = _Described(f"{url.value}#sha256", SPDX + "Checksum")
    checksum.say(SPDX + "algorithm", NamedNode(SPDX + "checksumAlgorithm_sha256"))
    checksum.say(
        SPDX + "checksumValue", Literal(file.sha256, datatype=NamedNode(XSD + "hexBinary"))
    )
    size = Literal(str(file.size), datatype=NamedNode(XSD + "nonNegativeInteger"))
    one = (
        _Described(f"{url.value}#distribution", DCAT + "Distribution")
        .say(DCTERMS + "title", _text(file.title))
        .say(DCTERMS + "description", _text(f"{file.use[0].upper()}{file.use[1:]}."))
        .say(DCTERMS + "license", parse_iri(about.license))
        .say(DCTERMS + "issued", _day(about.issued))
        .say(DCTERMS + "modified", _day(about.modified))
        .say(DCAT + "accessURL", url)
        .say(DCAT + "downloadURL", url)
        .say(DCAT + "byteSize", size)
        .say(DCAT + "mediaType", _media_type(file.media_type))
        .say(DCTERMS + "format", _file_type(file.file_type))
        .say(SPDX + "checksum", checksum.node)
    )
    if file.media_type == "application/zip":
        one.say(DCAT + "packageFormat", _media_type(file.media_type))
    one.triples += checksum.triples
    return one


def _supporting(about: About, files: Sequence[Distribution]) -> Iterator[Triple]:
    """Yield the classes of things elsewhere, which the application profile asks for."""
    media = {f"{_IANA}{file.media_type}" for file in files if file.media_type}
    types = {f"{_FILE_TYPES}{file.file_type}" for file in files if file.file_type}
    classes = [
        *((iri, DCTERMS + "MediaType") for iri in sorted(media)),
        *((iri, DCTERMS + "MediaTypeOrExtent") for iri in sorted(types)),
        (about.license, DCTERMS + "LicenseDocument"),
        (about.landing, FOAF + "Document"),
        (_LANGUAGES + LANGUAGE, DCTERMS + "LinguisticSystem"),
    ]
    for iri, class_ in classes:
        if iri:
            yield from _Described(iri, class_).triples


def _catalogue(about: About, dataset: NamedNode) -> list[Triple]:
    title = f"Catalogue of {about.title}"
    return (
        _Described(f"{about.base}dcat.ttl#catalogue", DCAT + "Catalog")
        .say(DCTERMS + "title", _text(title))
        .say(DCTERMS + "description", _text(f"{title}: one dataset, as files in several formats."))
        .say(DCTERMS + "publisher", _agent(about.publisher))
        .say(DCTERMS + "license", parse_iri(about.license))
        .say(DCTERMS + "modified", _day(about.modified))
        .say(DCTERMS + "language", NamedNode(_LANGUAGES + LANGUAGE))
        .say(DCAT + "dataset", dataset)
        .triples
    )


def void(
    about: About, index: Index, kinds: Iterable[Kind], files: Iterable[Distribution]
) -> list[Triple]:
    """Return the statistics of a graph: how many triples, things of each class, and properties."""
    if not about.iri:
        return []
    counted = _Counts(index)
    dumps = [file for file in files if _feature(file.path)]
    found = (
        _Described(about.iri, VOID + "Dataset")
        .say(DCTERMS + "title", _text(about.title))
        .say(DCTERMS + "license", parse_iri(about.license))
        .say(VOID + "triples", _number(counted.triples))
        .say(VOID + "distinctSubjects", _number(len(index)))
        .say(VOID + "distinctObjects", _number(counted.objects))
        .say(VOID + "properties", _number(len(counted.properties)))
        .say(VOID + "classes", _number(len(counted.classes)))
        .say(VOID + "uriSpace", *(Literal(kind.namespace) for kind in kinds if kind.namespace))
        .say(VOID + "vocabulary", *(NamedNode(iri) for iri in counted.vocabularies()))
        .say(VOID + "feature", *(NamedNode(f) for f in sorted({_feature(d.path) for d in dumps})))
    )
    if about.base:
        found.say(VOID + "dataDump", *(NamedNode(about.base + file.path) for file in dumps))
    for name, counts, key in (
        ("class", counted.classes, "entities"),
        ("property", counted.properties, "triples"),
    ):
        for number, iri in enumerate(sorted(counts), 1):
            part = _Described(f"{about.iri}#{name}-{number}", VOID + "Dataset")
            part.say(VOID + name, NamedNode(iri)).say(VOID + key, _number(counts[iri]))
            found.say(f"{VOID}{name}Partition", part.node)
            found.triples += part.triples
    return found.triples


class _Counts:
    """How often classes and properties occur in a graph."""

    def __init__(self, index: Index) -> None:
        self.triples = 0
        self.classes: Counter[str] = Counter()
        self.properties: Counter[str] = Counter()
        objects: set[Value] = set()
        for subject in index:
            for predicate, value in index.about(subject):
                self.triples += 1
                self.properties[predicate.value] += 1
                objects.add(value)
                if predicate == TYPE and isinstance(value, NamedNode):
                    self.classes[value.value] += 1
        self.objects = len(objects)

    def vocabularies(self) -> list[str]:
        """Return the namespaces of the classes and properties."""
        terms = [*self.classes, *self.properties]
        return sorted({namespace_of(iri) for iri in terms})


def _feature(path: str) -> str:
    return next((iri for ending, iri in _FEATURES.items() if path.endswith(ending)), "")


def _agent(agent: Agent | None) -> NamedNode | None:
    return parse_iri(agent.iri) if agent and agent.iri else None


def _media_type(name: str) -> NamedNode | None:
    return NamedNode(_IANA + name) if name else None


def _file_type(code: str) -> NamedNode | None:
    return NamedNode(_FILE_TYPES + code) if code else None


def _text(text: str) -> Literal:
    return Literal(text, language=LANGUAGE)


def _number(number: int) -> Literal:
    return Literal(str(number), datatype=NamedNode(XSD + "integer"))


def _day(day: str) -> Literal | None:
    name = _DATATYPES.get(len(day), "dateTime")
    return Literal(day, datatype=NamedNode(XSD + name)) if day else None
