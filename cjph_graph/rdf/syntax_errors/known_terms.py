"""What other files say: which prefixes, things and properties there are, and what is usual.

A mistake is best mended with what exists: “Mental health” can be `issue:mental-health-crisis` and
nothing else once one knows that the values of `cjph:issue` are called `issue:…`.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import Any

from pyoxigraph import Literal, NamedNode

from cjph_graph.rdf import terms
from cjph_graph.rdf.terms import DCTERMS, LANG_STRING, RDF, RDFS, SKOS, XSD, last_part, namespace_of

TYPE = f"{RDF}type"
# The usual meaning of prefixes, whether or not another file declares them.
_COMMON = {
    "xsd": XSD,
    "rdf": RDF,
    "rdfs": RDFS,
    "skos": SKOS,
    "dcterms": DCTERMS,
    "foaf": "http://xmlns.com/foaf/0.1/",
}
_LABELS = frozenset({f"{RDFS}label", f"{SKOS}prefLabel", f"{SKOS}altLabel"})
_IS_IRI = "iri"
DATES = frozenset(XSD + name for name in ("date", "gYear", "gYearMonth"))
NUMBERS = frozenset(XSD + name for name in ("decimal", "integer", "double", "float"))
_CLOSE = 82  # of 100: how alike a name must be to be the one that is meant
_CLOSE_PREFIX = 60
_LONGEST = 100


class Values:
    """What values a property has elsewhere; `kinds` are datatypes, or `iri`."""

    def __init__(self) -> None:
        self.kinds: Counter[str] = Counter()
        self.namespaces: Counter[str] = Counter()
        self.languages: Counter[str] = Counter()

    def are(self, *kinds: str) -> bool:
        """Whether the values are of some kinds for the most part."""
        return 2 * sum(self.kinds[kind] for kind in kinds) > self.kinds.total()

    @property
    def are_iris(self) -> bool:
        """Whether the values are things for the most part."""
        return self.are(_IS_IRI)

    @property
    def are_texts(self) -> bool:
        """Whether the values are texts for the most part."""
        return self.are(LANG_STRING, f"{XSD}string")

    @property
    def language(self) -> str:
        """The usual language tag behind a text, `@en` where nothing is known, or nothing."""
        if self.languages:
            return f"@{self.languages.most_common(1)[0][0]}"
        return "" if self.kinds[f"{XSD}string"] else "@en"


_NOTHING = Values()


class KnownTerms:
    """What prefixes and triples of other files tell.

    `triples` are triples or quads of pyoxigraph. `called` are properties by the words of people who
    do not know their names.
    """

    def __init__(
        self,
        prefixes: Mapping[str, str] | None = None,
        triples: Iterable[Any] = (),
        called: Mapping[str, str] | None = None,
    ) -> None:
        self.prefixes = {**_COMMON, **(prefixes or {})}
        self._called = {slugified(name): iri for name, iri in (called or {}).items()}
        self.things: set[str] = set()  # the IRIs that files describe
        self._properties: dict[str, Values] = {}
        self._members: dict[str, Counter[str]] = {}  # namespaces of things, by their class
        self._classes: set[str] = set()
        self._named: dict[str, list[str]] = {}  # IRIs by last part and by label, as slugs
        self._within: dict[frozenset[str], dict[str, str]] = {}
        self._addresses: dict[str, str] = {}  # things by the pages that they link to
        for triple in triples:
            self._take(triple.subject, triple.predicate.value, triple.object)
        for iri in (*self._properties, *self._classes):
            self._name(slugified(last_part(iri)), iri)
        for iri in self.things:
            if "#" not in iri or namespace_of(iri) in self.schema_namespaces:
                self._name(slugified(last_part(iri)), iri)

    def is_property(self, iri: str) -> bool:
        """Whether an IRI is used or described as a property."""
        return iri in self._properties

    def is_class(self, iri: str) -> bool:
        """Whether an IRI is used or described as a class."""
        return iri in self._classes

    def is_known(self, iri: str) -> bool:
        """Whether a file describes an IRI or uses it as a property or class."""
        return iri in self.things or iri in self._properties or iri in self._classes

    def values(self, property_: str) -> Values:
        """Return what values a property has."""
        return self._properties.get(property_, _NOTHING)

    def namespace_of_members(self, class_: str) -> str | None:
        """Return where the things of a class have their IRIs, for the most part."""
        found = self._members.get(class_)
        return found.most_common(1)[0][0] if found else None

    @cached_property
    def schema_namespaces(self) -> frozenset[str]:
        """Where properties are called."""
        return frozenset(map(namespace_of, self._properties))

    def property_called(self, words: str) -> str | None:
        """Return the property that has a name or label, or nearly; None if there is none."""
        return _called(words, self._property_names)

    def other_name(self, words: str) -> str | None:
        """Return the property that people call this who do not know its name."""
        return self._called.get(slugified(words))

    def property_named(self, words: str) -> str | None:
        """Return the property that has just this name or label; None if there is none."""
        return self._property_names.get(slugified(words))

    def class_called(self, words: str) -> str | None:
        """Return the class that has a name or label, or nearly; None if there is none."""
        return _called(words, self._class_names)

    def thing_called(
        self, words: str, namespaces: Collection[str] | None = None, *, nearly: bool = True
    ) -> str | None:
        """Return the thing that has a name or label; nearly, where it is known in which namespace.

        None if there is none or if several namespaces have one.
        """
        found = self._exactly(words, namespaces)
        if len(found) == 1 or (found and namespaces):
            return found[0]
        if found or not namespaces or not nearly or len(words) > _LONGEST:
            return None
        slug, names = slugified(words), self._names_within(frozenset(namespaces))
        begun = {iri for name, iri in names.items() if len(slug) > 3 and name.startswith(slug)}
        if len(begun) == 1:
            return begun.pop()
        return nearest_of(slug, names, _CLOSE)

    def thing_at(self, address: str) -> str | None:
        """Return the thing that has an address among its values."""
        return self._addresses.get(_page(address))

    def _exactly(self, words: str, namespaces: Collection[str] | None) -> list[str]:
        found = self._named.get(slugified(words), [])
        return [iri for iri in found if namespaces is None or namespace_of(iri) in namespaces]

    @cached_property
    def _property_names(self) -> dict[str, str]:
        return self._names_among(self._properties) | self._called

    @cached_property
    def _class_names(self) -> dict[str, str]:
        return self._names_among(self._classes)

    def _names_among(self, iris: Collection[str]) -> dict[str, str]:
        """Return IRIs by their names as slugs; the last part of an IRI wins over a label."""
        names: dict[str, str] = {}
        for slug, some in self._named.items():
            for iri in some:
                if iri in iris:
                    names.setdefault(slug, iri)
        return names | {slugified(last_part(iri)): iri for iri in sorted(iris)}

    def _names_within(self, namespaces: frozenset[str]) -> dict[str, str]:
        if (names := self._within.get(namespaces)) is None:
            names = self._within[namespaces] = {
                slug: iri
                for slug, some in self._named.items()
                for iri in some
                if namespace_of(iri) in namespaces
            }
        return names

    def _take(self, subject: object, property_: str, value: object) -> None:
        values = self._properties.get(property_)
        if values is None:
            values = self._properties[property_] = Values()
        if isinstance(value, NamedNode):
            values.kinds[_IS_IRI] += 1
            values.namespaces[namespace_of(value.value)] += 1
        elif isinstance(value, Literal):
            values.kinds[value.datatype.value] += 1
            if value.language:
                values.languages[value.language] += 1
        if not isinstance(subject, NamedNode):
            return
        iri = subject.value
        self.things.add(iri)
        if property_ in _LABELS and isinstance(value, Literal):
            self._name(slugified(value.value), iri)
        elif property_ == TYPE and isinstance(value, NamedNode):
            self._members.setdefault(value.value, Counter())[namespace_of(iri)] += 1
            if value.value.endswith("Property"):
                self._properties.setdefault(iri, Values())
            elif value.value.endswith("#Class"):
                self._classes.add(iri)
            self._classes.add(value.value)
        elif isinstance(value, NamedNode) and value.value.startswith("http"):
            self._addresses.setdefault(_page(value.value), iri)

    def _name(self, slug: str, iri: str) -> None:
        same = self._named.setdefault(slug, [])
        if slug and iri not in same:
            same.append(iri)


def _called(words: str, names: Mapping[str, str]) -> str | None:
    slug = slugified(words)
    return names.get(slug) or nearest_of(slug, names, _CLOSE)


def nearest_of(name: str, names: Mapping[str, str], least: int = _CLOSE_PREFIX) -> str | None:
    """Return the value of the nearest of some names; None if none is near."""
    found = terms.nearest(name, sorted(names), least=least)
    return names[found[0]] if found else None


def slugified(words: str) -> str:
    """Return words in the form of a slug: `startDate`, `Start date` and `start_date` are one."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", words[: 4 * _LONGEST])
    plain = unicodedata.normalize("NFKD", words.replace("'", "").replace("’", ""))
    letters = "".join(char for char in plain if not unicodedata.combining(char)).casefold()
    return re.sub(r"[\W_]+", "-", letters).strip("-")


def _page(address: str) -> str:
    """Return an address without the parts that don't change where it leads."""
    return re.sub(r"^https?://(www\.)?", "", address.strip()).rstrip("/").casefold()
