"""Things of our own kind, one community after another: places, sources, bodies, what they do.

Every community has the same kinds of things, linked among each other and to those before.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Store, Triple

BASE = "https://w3id.org/cjph/"
PREFIXES = {
    "cjph": f"{BASE}ontology#",
    "dcterms": "http://purl.org/dc/terms/",
    "qb": "http://purl.org/linked-data/cube#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_FIRST_YEAR, _LAST_YEAR = 2000, 2024
_OBSERVATIONS = 20
# Levels of government by the kind of place that has them.
_LEVELS = {
    "country": ("federal",),
    "state": ("state",),
    "city": ("city", "county", "school-district"),
}
_SECOND_HAND = ("aggregator", "encyclopedia", "news")

# What names are made of, in every combination.
_WORDS = {
    name: words.split()
    for name, _, words in (
        line.partition(":")
        for line in """\
first: Ash Birch Cedar Elm Fern Glen Hazel Iron Juniper Lake Maple North Oak Pine
middle: bank bridge brook bury dale field ford gate grove haven hurst land
last: Beach City Falls Harbor Heights Hills Junction Park Plains Ridge Springs
opening: Bright Common Corner Garden Lantern Meadow Open River Steady Union Willow
aim: Care Family Health Healing Housing Neighbor Recovery Safety Support Youth Wellness
body: Alliance Center Coalition Collaborative Fund Institute Network Partners Project
subject: Arrest Custody Eviction Overdose Removal Shelter Stay Stop Visit
study: Baseline Cohort Comparison Costs Evaluation Outcomes Registry Review Survey
time: Early Interim Final Midterm Follow-up Five-year Ten-year First-year Two-year""".splitlines()
    )
}


@dataclass
class Thing:
    """A thing and what is said of it, in order; what belongs to it comes after it."""

    iri: NamedNode
    said: list[tuple[NamedNode, NamedNode | Literal]] = field(default_factory=list)

    def say(self, name: str, *values: NamedNode | Literal) -> None:
        """Give a property, by its prefixed name, some values."""
        self.said += ((term(name), value) for value in values)

    def drop(self, name: str) -> None:
        """Take all values of a property away."""
        self.said = [(p, value) for p, value in self.said if p != term(name)]

    def put(self, name: str, *values: NamedNode | Literal) -> None:
        """Give a property these values and no others."""
        self.drop(name)
        self.say(name, *values)

    def has(self, name: str) -> bool:
        """Say whether a property is given."""
        return any(predicate == term(name) for predicate, _ in self.said)

    def triples(self) -> Iterator[Triple]:
        """Yield what is said as triples."""
        for predicate, value in self.said:
            yield Triple(self.iri, predicate, value)


def term(name: str) -> NamedNode:
    """Return the IRI of a prefixed name; `a` is the class of a thing."""
    prefix, _, local = name.partition(":")
    return RDF_TYPE if name == "a" else NamedNode(PREFIXES[prefix] + local)


def english(text: str) -> Literal:
    """Return an English text."""
    return Literal(text, language="en")


def typed(text: str, datatype: str) -> Literal:
    """Return a literal of an XML Schema datatype."""
    return Literal(text, datatype=term(f"xsd:{datatype}"))


def in_year(year: int) -> Literal:
    """Return a year."""
    return typed(str(year), "gYear")


class Names:
    """Names that are all different, from parts in every combination, in a shuffled order."""

    def __init__(self, chance: random.Random, *parts: list[str]) -> None:
        self._all = [" ".join(chosen) for chosen in product(*parts)]
        chance.shuffle(self._all)
        self._given = 0

    def next(self) -> str:
        """Return a name that was not given before; when all were, one with a number."""
        turn, place = divmod(self._given, len(self._all))
        self._given += 1
        return f"{self._all[place]} {turn + 1}" if turn else self._all[place]


class Vocabulary:
    """The controlled values of a home, by scheme, with their labels and definitions."""

    def __init__(self, path: Path) -> None:
        store = Store()
        store.load(path=str(path), format=RdfFormat.TURTLE)
        self._schemes: dict[str, list[tuple[NamedNode, str, str]]] = {}
        for row in store.query(
            """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
            SELECT ?scheme ?value ?label ?definition WHERE {
                ?value skos:inScheme ?scheme ; skos:prefLabel ?label ; skos:definition ?definition
            } ORDER BY ?value"""
        ):
            scheme = row["scheme"].value.rpartition("/")[2]
            known = self._schemes.setdefault(scheme, [])
            known.append((row["value"], row["label"].value, row["definition"].value))

    def all(self, scheme: str) -> list[NamedNode]:
        """Return the values of a scheme, sorted."""
        return [value for value, _, _ in self._schemes[scheme]]

    def value(self, scheme: str, slug: str) -> NamedNode:
        """Return one value of a scheme; raise ValueError when it is not there."""
        known = self.all(scheme)
        return known[[v.value.rpartition("/")[2] for v in known].index(slug)]

    def meaning(self, value: NamedNode) -> str:
        """Return the definition of a value."""
        return next(d for known in self._schemes.values() for v, _, d in known if v == value)


class Maker:
    """Makes one community after another, each linked to those before it.

    `kinds` holds the things of the last community by kind, their parts after them.
    """

    def __init__(self, vocabulary: Vocabulary, chance: random.Random) -> None:
        self._words = vocabulary
        self._meanings = {
            scheme: {value: vocabulary.meaning(value) for value in vocabulary.all(scheme)}
            for scheme in ("approach", "issue", "unit")
        }
        self._values = {
            scheme: vocabulary.all(scheme)
            for scheme in (
                *("approach", "direction", "evidence-kind", "indicator-dimension", "issue"),
                *("organisation-kind", "policy-type", "population-group"),
                *("replaced-response", "setting", "sex", "source-kind"),
            )
        }
        # Every intervention has findings, so there is evidence.
        self._values["evidence-kind"].remove(vocabulary.value("evidence-kind", "none"))
        self._chance = chance
        self._levels: dict[NamedNode, tuple[str, ...]] = {}
        self._names = {
            kind: Names(chance, *(_WORDS[part] for part in parts.split()))
            for kind, parts in {
                "interventions": "opening last aim middle",
                "indicators": "subject time opening last",
                "organisations": "opening aim body last",
                "places": "first middle last opening",
                "policies": "aim subject first opening",
                "sources": "time study opening aim body",
            }.items()
        }
        self._known: dict[str, list[NamedNode]] = {}
        self.kinds: dict[str, list[Thing]] = {}

    def country(self) -> None:
        """Make the country that all places are in, and the dataset of all observations."""
        self.kinds = {}
        dataset = self._new("datasets", "cjph:Dataset", "Values of Many States")
        dataset.say("dcterms:description", english("Made-up values of made-up indicators."))
        dataset.say("dcterms:license", NamedNode("https://creativecommons.org/licenses/by/4.0/"))
        dataset.say("qb:structure", term("cjph:observationStructure"))
        place = self._new("places", "cjph:Place", "Land of Many States")
        place.say("cjph:placeKind", self._words.value("place-kind", "country"))
        self._levels[place.iri] = _LEVELS["country"]

    def community(self) -> None:
        """Make places, sources, organisations, policies, an indicator and interventions."""
        self.kinds = {}
        for number in range(3):
            self._place(number)
        for _ in range(6):
            self._source()
        for _ in range(5):
            self._organisation()
        self._indicator()
        self._policy(undone=False)
        self._policy(undone=self._chance.random() < 0.5)
        for _ in range(3):
            self._intervention()

    def _new(self, kind: str, class_: str, name: str) -> Thing:
        slug = "".join(c if c.isalnum() else "-" for c in name.lower())
        thing = Thing(NamedNode(f"{BASE}{kind}/{slug}"))
        thing.say("a", term(class_))
        thing.say("skos:prefLabel", english(name))
        self.kinds.setdefault(kind, []).append(thing)
        self._known.setdefault(kind, []).append(thing.iri)
        return thing

    def _named(self, kind: str, class_: str) -> Thing:
        return self._new(kind, class_, self._names[kind].next())

    def _part(self, kind: str, owner: Thing, slug: str, class_: str) -> Thing:
        part = Thing(NamedNode(f"{owner.iri.value}#{slug}"))
        part.say("a", term(class_))
        self.kinds[kind].append(part)
        return part

    def _any(self, scheme: str, most: int = 1) -> list[NamedNode]:
        found = self._chance.sample(self._values[scheme], self._chance.randint(1, most))
        # None goes with nothing else.
        return [value for value in found if not value.value.endswith("/none")] or found

    def _link(self, kind: str, most: int = 1) -> list[NamedNode]:
        known = self._known[kind]
        wanted = min(self._chance.randint(1, most), len(known))
        return self._chance.sample(known, wanted)

    def _place(self, number: int) -> None:
        place = self._named("places", "cjph:Place")
        kind = "state" if number == 0 else "city"
        place.say("cjph:placeKind", self._words.value("place-kind", kind))
        upper = self._known["places"][0] if number == 0 else self.kinds["places"][0].iri
        place.say("cjph:within", upper)
        self._levels[place.iri] = _LEVELS[kind]

    def _source(self) -> None:
        source = self._named("sources", "cjph:Source")
        slug = source.iri.value.rpartition("/")[2]
        source.say("cjph:publisherName", english(self._chance.choice(_WORDS["body"]) + " Press"))
        source.say("dcterms:issued", in_year(self._chance.randint(_LAST_YEAR, _LAST_YEAR + 1)))
        source.say("cjph:url", NamedNode(f"https://example.org/reports/{slug}.html"))
        official = len(self.kinds["sources"]) == 1
        legal = self._words.value("source-kind", "legal-text")
        kind = legal if official else self._any("source-kind")[0]
        primary = kind.value.rpartition("/")[2] not in _SECOND_HAND
        source.say("cjph:sourceKind", kind)
        source.say("cjph:primary", typed("true" if primary else "false", "boolean"))

    def _organisation(self) -> None:
        body = self._named("organisations", "cjph:Organisation")
        slug = body.iri.value.rpartition("/")[2]
        body.say("cjph:organisationKind", *self._any("organisation-kind"))
        body.say("foaf:homepage", NamedNode(f"https://example.org/{slug}"))
        body.say("cjph:place", *self._link("places"))
        body.say("cjph:founded", in_year(self._chance.randint(_FIRST_YEAR, _LAST_YEAR)))
        body.say("cjph:contribution", english("finds homes for people who come out of jail"))
        body.say("dcterms:source", self.kinds["sources"][len(self.kinds["organisations"])].iri)

    def _described(self, thing: Thing) -> None:
        issue = self._any("issue")[0]
        thing.say(
            "dcterms:description",
            english(
                f"{self._meanings['issue'][issue]} People are met where they are, and a team of"
                " neighbors and health workers stays with them until they have a place to live."
            ),
        )
        thing.say("cjph:issue", issue)

    def _intervention(self) -> None:
        thing = self._named("interventions", "cjph:Intervention")
        self._described(thing)
        approaches = self._any("approach", 3)
        thing.say("cjph:setting", *self._any("setting"))
        thing.say("cjph:replaces", *self._any("replaced-response", 2))
        thing.say("cjph:approach", *approaches)
        thing.say("cjph:place", *self._link("places", 2))
        start = self._chance.randint(_FIRST_YEAR, _LAST_YEAR)
        thing.say("cjph:startDate", in_year(start))
        if self._chance.random() < 0.25:
            thing.say("cjph:endDate", in_year(self._chance.randint(start, _LAST_YEAR)))
        lead = self._link("organisations")
        thing.say("cjph:lead", *lead)
        partners = [one for one in self._link("organisations", 2) if one not in lead]
        thing.say("cjph:partner", *partners)
        thing.say("cjph:policyBasis", *self._link("policies"))
        thing.say("cjph:successIndicator", *self._link("indicators"))
        thing.say("cjph:evidenceKind", *self._any("evidence-kind"))
        thing.say("dcterms:source", *self._link("sources", 3))
        thing.say(
            "skos:note", english(f"How it works: {self._meanings['approach'][approaches[0]]}")
        )
        for number in range(1, self._chance.randint(2, 3)):
            self._finding("interventions", thing, number)

    def _finding(self, kind: str, owner: Thing, number: int) -> None:
        finding = self._part(kind, owner, f"finding-{number}", "cjph:Finding")
        owner.say("cjph:finding", finding.iri)
        share = self._chance.randint(1, 99)
        finding.say(
            "dcterms:description",
            english(
                f"Of the people who took part, {share} percent had a home and a doctor of their own"
                f" after {self._chance.randint(6, 36)} months, and fewer of them were arrested."
            ),
        )
        finding.say("cjph:findingKind", self._words.value("finding-kind", "outcome"))
        finding.say("cjph:measure", english("people with a home and a doctor of their own"))
        finding.say("cjph:evidenceKind", *self._any("evidence-kind"))
        finding.say("cjph:value", typed(str(share), "integer"))
        finding.say("cjph:unit", self._words.value("unit", "percent"))
        finding.say("dcterms:source", *self._link("sources"))
        finding.say("cjph:caveat", english("There was no comparison group, and the figure is old."))

    def _policy(self, *, undone: bool) -> None:
        policy = self._named("policies", "cjph:Policy")
        self._described(policy)
        policy.say("cjph:policyType", *self._any("policy-type"))
        (place,) = self._link("places")
        level = self._chance.choice(self._levels[place])
        policy.say("cjph:policyLevel", self._words.value("policy-level", level))
        policy.say("cjph:place", place)
        adopted = self._chance.randint(_FIRST_YEAR, _LAST_YEAR - 1)
        policy.say("cjph:adopted", typed(f"{adopted}-03-14", "date"))
        policy.say("cjph:effective", typed(f"{adopted + 1}-07-01", "date"))
        status = self._words.value("policy-status", "repealed" if undone else "in-force")
        policy.say("cjph:policyStatus", status)
        policy.say("cjph:statusAsOf", in_year(_LAST_YEAR))
        policy.say("cjph:enactedBy", *self._link("organisations"))
        policy.say("cjph:replaces", *self._any("replaced-response", 2))
        policy.say("cjph:successIndicator", *self._link("indicators"))
        policy.say("dcterms:source", self.kinds["sources"][0].iri)
        if undone:
            change = self._part("policies", policy, "change-1", "cjph:PolicyChange")
            policy.say("cjph:policyChange", change.iri)
            change.say("cjph:changeKind", status)
            change.say("dcterms:date", in_year(_LAST_YEAR))
            change.say("dcterms:description", english("A later act took back what this one gave."))
            change.say("dcterms:source", *self._link("sources"))
        self._finding("policies", policy, 1)

    def _indicator(self) -> None:
        indicator = self._named("indicators", "cjph:Indicator")
        percent = self._words.value("unit", "percent")
        indicator.say(
            "skos:definition",
            english("Share of the people of a place to whom this happened within one year."),
        )
        indicator.say("cjph:unit", percent)
        indicator.say("cjph:numerator", english("people to whom it happened"))
        indicator.say("cjph:denominator", english("people of the place in the middle of the year"))
        indicator.say("cjph:direction", *self._any("direction"))
        indicator.say("cjph:dimension", *self._any("indicator-dimension"))
        indicator.say("cjph:disaggregatedBy", self._words.value("breakdown", "age"))
        indicator.say("cjph:datasetName", english("Yearly survey of places"))
        indicator.say("dcterms:publisher", *self._link("organisations"))
        indicator.say("cjph:frequency", english("yearly"))
        indicator.say("cjph:tracks", *self._any("issue"))
        indicator.say("dcterms:source", *self._link("sources"))
        # Several groups and years of one place; no two observations of the same.
        place = self._link("places")
        groups = self._chance.sample(self._values["population-group"], 4)
        sex, source = self._any("sex"), self._link("sources")
        first = self._chance.randint(_FIRST_YEAR, _LAST_YEAR - _OBSERVATIONS // 4)
        for number in range(_OBSERVATIONS):
            year, group = first + number // 4, groups[number % 4]
            slug = f"{year}-{group.value.rpartition('/')[2]}"
            seen = self._part("indicators", indicator, slug, "cjph:Observation")
            seen.say("qb:dataSet", *self._known["datasets"])
            seen.say("cjph:indicator", indicator.iri)
            seen.say("cjph:place", *place)
            seen.say("cjph:group", group)
            seen.say("cjph:sex", *sex)
            seen.say("cjph:periodStart", in_year(year))
            seen.say("cjph:periodEnd", in_year(year))
            seen.say("cjph:value", typed(f"{self._chance.randint(1, 999) / 10}", "decimal"))
            seen.say("cjph:unit", percent)
            seen.say("cjph:qualifier", self._words.value("qualifier", "exact"))
            seen.say("dcterms:source", *source)
