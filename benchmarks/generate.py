"""Make data of our own kind at any size, with a known number of things wrong in it.

What is made keeps the shapes of a home (`ontology/shapes.ttl`) and takes its controlled values from
the home's vocabularies, but for the faults that are planted: each of them is one result of SHACL,
of a known focus node and component. The same seed gives the same bytes.

    python benchmarks/generate.py --triples 10000 out/made

writes a home with `ontology/`, `data/` and `queries/`; beside it `graph.nt` and `graph.ttl`, the
same graph in one file, `shapes.ttl` and `core.ttl`, the shapes with and without their rules in
SPARQL; and `expected.json`, which says how many triples and things there are and what is wrong.
"""

import argparse
import json
import random
import shutil
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import product
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Store, Triple, parse, serialize

HOME = Path(__file__).resolve().parent.parent
SEED = 2026
WRONG = 0.001
THINGS_PER_FILE = 1_000

_BASE = "https://w3id.org/cjph/"
_PREFIXES = {
    "cjph": f"{_BASE}ontology#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_CHANGE = NamedNode(f"{_BASE}ontology#policyChange")
_SHACL = "http://www.w3.org/ns/shacl#"
_SHAPES = f"{_BASE}shapes#"
# A file has a thousand things, which a rule about files forbids: it is left out.
_LEFT_OUT = "shapes:OwnFile"
_FIRST_YEAR, _LAST_YEAR = 2000, 2024
_OBSERVATIONS = 20

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


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: its focus node, the component that finds it, and in which way.

    `constraint` is the rule in SPARQL, or else the component; `core` says that the core of SHACL
    finds it.
    """

    kind: str
    focus: str
    component: str
    constraint: str
    core: bool


@dataclass
class Thing:
    """A thing and what is said of it, in order; what belongs to it comes after it."""

    iri: NamedNode
    said: list[tuple[NamedNode, NamedNode | Literal]] = field(default_factory=list)

    def say(self, name: str, *values: NamedNode | Literal) -> None:
        """Give a property, by its prefixed name, some values."""
        self.said += ((_term(name), value) for value in values)

    def drop(self, name: str) -> None:
        """Take all values of a property away."""
        self.said = [(p, value) for p, value in self.said if p != _term(name)]

    def put(self, name: str, *values: NamedNode | Literal) -> None:
        """Give a property these values and no others."""
        self.drop(name)
        self.say(name, *values)

    def triples(self) -> Iterator[Triple]:
        """Yield what is said as triples."""
        for predicate, value in self.said:
            yield Triple(self.iri, predicate, value)


def _term(name: str) -> NamedNode:
    prefix, _, local = name.partition(":")
    return _RDF_TYPE if name == "a" else NamedNode(_PREFIXES[prefix] + local)


def _text(text: str) -> Literal:
    return Literal(text, language="en")


def _typed(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=_term(f"xsd:{datatype}"))


def _year(year: int) -> Literal:
    return _typed(str(year), "gYear")


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
        self.hidden: list[str] = []
        for row in store.query(
            """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
            SELECT ?scheme ?value ?label ?definition WHERE {
                ?value skos:inScheme ?scheme ; skos:prefLabel ?label ; skos:definition ?definition
            } ORDER BY ?value"""
        ):
            scheme = row["scheme"].value.rpartition("/")[2]
            known = self._schemes.setdefault(scheme, [])
            known.append((row["value"], row["label"].value, row["definition"].value))
        words = store.quads_for_pattern(None, _term("skos:hiddenLabel"), None)
        self.hidden = sorted(quad.object.value for quad in words)

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
                *("organisation-kind", "policy-level", "policy-type", "population-group"),
                *("replaced-response", "setting", "sex", "source-kind"),
            )
        }
        self._chance = chance
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
        """Make the country that all places are in."""
        self.kinds = {}
        place = self._new("places", "cjph:Place", "Land of Many States")
        place.say("cjph:placeKind", self._words.value("place-kind", "country"))

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
        thing = Thing(NamedNode(f"{_BASE}{kind}/{slug}"))
        thing.say("a", _term(class_))
        thing.say("skos:prefLabel", _text(name))
        self.kinds.setdefault(kind, []).append(thing)
        self._known.setdefault(kind, []).append(thing.iri)
        return thing

    def _named(self, kind: str, class_: str) -> Thing:
        return self._new(kind, class_, self._names[kind].next())

    def _part(self, kind: str, owner: Thing, slug: str, class_: str) -> Thing:
        part = Thing(NamedNode(f"{owner.iri.value}#{slug}"))
        part.say("a", _term(class_))
        self.kinds[kind].append(part)
        return part

    def _any(self, scheme: str, most: int = 1) -> list[NamedNode]:
        return self._chance.sample(self._values[scheme], self._chance.randint(1, most))

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

    def _source(self) -> None:
        source = self._named("sources", "cjph:Source")
        slug = source.iri.value.rpartition("/")[2]
        source.say("cjph:publisherName", _text(self._chance.choice(_WORDS["body"]) + " Press"))
        source.say("dcterms:issued", _year(self._chance.randint(_FIRST_YEAR, _LAST_YEAR)))
        source.say("cjph:url", NamedNode(f"https://example.org/reports/{slug}.html"))
        source.say("cjph:sourceKind", *self._any("source-kind"))

    def _organisation(self) -> None:
        body = self._named("organisations", "cjph:Organisation")
        slug = body.iri.value.rpartition("/")[2]
        body.say("cjph:organisationKind", *self._any("organisation-kind"))
        body.say("foaf:homepage", NamedNode(f"https://example.org/{slug}"))
        body.say("cjph:place", *self._link("places"))
        body.say("cjph:founded", _year(self._chance.randint(_FIRST_YEAR, _LAST_YEAR)))
        body.say("dcterms:source", *self._link("sources"))

    def _described(self, thing: Thing) -> None:
        issue = self._any("issue")[0]
        thing.say(
            "dcterms:description",
            _text(
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
        thing.say("cjph:startDate", _year(start))
        if self._chance.random() < 0.25:
            thing.say("cjph:endDate", _year(self._chance.randint(start, _LAST_YEAR)))
        thing.say("cjph:lead", *self._link("organisations"))
        thing.say("cjph:partner", *self._link("organisations", 2))
        thing.say("cjph:policyBasis", *self._link("policies"))
        thing.say("cjph:successIndicator", *self._link("indicators"))
        thing.say("cjph:evidenceKind", *self._any("evidence-kind"))
        thing.say("dcterms:source", *self._link("sources", 3))
        thing.say("skos:note", _text(f"How it works: {self._meanings['approach'][approaches[0]]}"))
        for number in range(1, self._chance.randint(2, 3)):
            self._finding("interventions", thing, number)

    def _finding(self, kind: str, owner: Thing, number: int) -> None:
        finding = self._part(kind, owner, f"finding-{number}", "cjph:Finding")
        owner.say("cjph:finding", finding.iri)
        share = self._chance.randint(1, 99)
        finding.say(
            "dcterms:description",
            _text(
                f"Of the people who took part, {share} percent had a home and a doctor of their own"
                f" after {self._chance.randint(6, 36)} months, and fewer of them were arrested."
            ),
        )
        finding.say("cjph:evidenceKind", *self._any("evidence-kind"))
        finding.say("cjph:value", _typed(str(share), "integer"))
        finding.say("cjph:unit", self._words.value("unit", "percent"))
        finding.say("dcterms:source", *self._link("sources"))
        finding.say("cjph:caveat", _text("There was no comparison group, and the figure is old."))

    def _policy(self, *, undone: bool) -> None:
        policy = self._named("policies", "cjph:Policy")
        self._described(policy)
        policy.say("cjph:policyType", *self._any("policy-type"))
        policy.say("cjph:policyLevel", *self._any("policy-level"))
        policy.say("cjph:place", *self._link("places"))
        adopted = self._chance.randint(_FIRST_YEAR, _LAST_YEAR - 1)
        policy.say("cjph:adopted", _typed(f"{adopted}-03-14", "date"))
        policy.say("cjph:effective", _typed(f"{adopted + 1}-07-01", "date"))
        status = self._words.value("policy-status", "repealed" if undone else "in-force")
        policy.say("cjph:policyStatus", status)
        policy.say("cjph:statusAsOf", _year(_LAST_YEAR))
        policy.say("cjph:enactedBy", *self._link("organisations"))
        policy.say("cjph:replaces", *self._any("replaced-response", 2))
        policy.say("cjph:successIndicator", *self._link("indicators"))
        policy.say("dcterms:source", *self._link("sources", 2))
        if undone:
            change = self._part("policies", policy, "change-1", "cjph:PolicyChange")
            policy.say("cjph:policyChange", change.iri)
            change.say("cjph:changeKind", status)
            change.say("dcterms:date", _year(_LAST_YEAR))
            change.say("dcterms:description", _text("A later act took back what this one gave."))
            change.say("dcterms:source", *self._link("sources"))
        self._finding("policies", policy, 1)

    def _indicator(self) -> None:
        indicator = self._named("indicators", "cjph:Indicator")
        percent = self._words.value("unit", "percent")
        indicator.say(
            "skos:definition",
            _text("Share of the people of a place to whom this happened within one year."),
        )
        indicator.say("cjph:unit", percent)
        indicator.say("cjph:numerator", _text("people to whom it happened"))
        indicator.say("cjph:denominator", _text("people of the place in the middle of the year"))
        indicator.say("cjph:direction", *self._any("direction"))
        indicator.say("cjph:dimension", *self._any("indicator-dimension"))
        indicator.say("cjph:disaggregatedBy", Literal("race-and-ethnicity"), Literal("sex"))
        indicator.say("cjph:datasetName", _text("Yearly survey of places"))
        indicator.say("dcterms:publisher", *self._link("organisations"))
        indicator.say("cjph:frequency", _text("yearly"))
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
            seen.say("cjph:indicator", indicator.iri)
            seen.say("cjph:place", *place)
            seen.say("cjph:group", group)
            seen.say("cjph:sex", *sex)
            seen.say("cjph:periodStart", _year(year))
            seen.say("cjph:value", _typed(f"{self._chance.randint(1, 999) / 10}", "decimal"))
            seen.say("cjph:unit", percent)
            seen.say("cjph:qualifier", self._words.value("qualifier", "exact"))
            seen.say("dcterms:source", *source)


@dataclass(frozen=True)
class _Planting:
    """A way to be wrong: in what, of which kind and class, found by what, and how it is done."""

    kind: str
    folder: str
    class_: str
    found_by: str
    plant: Callable[[Thing, Vocabulary], None]


def _plantings() -> list[_Planting]:
    """Return every way to be wrong, spread over the classes; each is found exactly once."""
    intervention, policy = ("interventions", "Intervention"), ("policies", "Policy")
    finding, observation = ("interventions", "Finding"), ("indicators", "Observation")
    organisation, source = ("organisations", "Organisation"), ("sources", "Source")
    nowhere = NamedNode(f"{_BASE}organisations/nobody-knows")
    future = _year(2999)

    def misspell(thing: Thing, _: Vocabulary) -> None:
        thing.say("cjph:startdate", _year(2001))

    def label(thing: Thing, words: Vocabulary) -> None:
        thing.say("cjph:caveat", _text(f"The source says {words.hidden[0]} here."))

    def foreign(thing: Thing, words: Vocabulary) -> None:
        thing.put("cjph:issue", words.all("setting")[0])

    def unexplained(thing: Thing, words: Vocabulary) -> None:
        thing.put("cjph:policyStatus", words.value("policy-status", "expired"))

    def early(thing: Thing, _: Vocabulary) -> None:
        thing.put("cjph:startDate", _year(2010))
        thing.put("cjph:endDate", _year(2009))

    def retroactive(thing: Thing, _: Vocabulary) -> None:
        thing.put("cjph:adopted", _typed("2015-03-14", "date"))
        thing.put("cjph:effective", _typed("2014-07-01", "date"))

    def twice(thing: Thing, _: Vocabulary) -> None:
        thing.say("cjph:value", _typed("0.25", "decimal"))

    return [
        _Planting(
            "missing source", *observation, "MinCount", lambda t, _: t.drop("dcterms:source")
        ),
        _Planting(
            "text without its language",
            *organisation,
            "Datatype",
            lambda t, _: t.say("cjph:activity", Literal("housing")),
        ),
        _Planting(
            "link to nothing", *intervention, "Class", lambda t, _: t.put("cjph:lead", nowhere)
        ),
        _Planting("misspelt property", *intervention, "Closed", misspell),
        _Planting(
            "second name",
            *source,
            "UniqueLang",
            lambda t, _: t.say("skos:prefLabel", _text(f"Draft at {t.iri.value}")),
        ),
        _Planting("undone without a date", *policy, "UndoneWithDate", unexplained),
        _Planting(
            "number of a wrong datatype",
            *observation,
            "Or",
            lambda t, _: t.put("cjph:value", _typed("1.25E1", "double")),
        ),
        _Planting("two values", *observation, "MaxCount", twice),
        _Planting(
            "address that is none",
            *source,
            "Pattern",
            lambda t, _: t.put("cjph:url", NamedNode("urn:isbn:0451450523")),
        ),
        _Planting(
            "misspelt class",
            *intervention,
            "In",
            lambda t, _: t.put("a", _term("cjph:Interventions")),
        ),
        _Planting("end before the start", *intervention, "DatesInOrder", early),
        _Planting(
            "in effect before it was adopted", *policy, "AdoptedBeforeEffective", retroactive
        ),
        _Planting(
            "more than all",
            *finding,
            "PercentInRange",
            lambda t, _: t.put("cjph:value", _typed("140", "integer")),
        ),
        _Planting(
            "a date to come",
            *organisation,
            "NotInFuture",
            lambda t, _: t.put("cjph:founded", future),
        ),
        _Planting("a label for people", *finding, "PersonFirst", label),
        _Planting("value not in the vocabulary", *policy, "Node", foreign),
    ]


def make(
    home: Path, triples: int, *, seed: int = SEED, wrong: float = WRONG
) -> Iterator[tuple[dict[str, list[Thing]], list[Fault]]]:
    """Yield one community after another, by kind, with the faults that are in it.

    With the home's vocabularies they have about so many triples. Of their things the share
    `wrong` has a fault, but for `wrong=0` each way to be wrong is there at least once. Raises
    ValueError when there are too few triples for that.
    """
    vocabulary = Vocabulary(home / "ontology" / "vocabularies.ttl")
    own = sum(1 for _ in parse(path=str(home / "ontology" / "vocabularies.ttl")))
    # How much a community holds is known from one that is made and thrown away.
    trial = Maker(vocabulary, random.Random(seed))
    trial.country()
    things = size = 0
    for _ in range(40):
        trial.community()
        made = [thing for kind in trial.kinds.values() for thing in kind]
        things, size = things + len(made), size + sum(len(thing.said) for thing in made)
    communities = max(1, round(40 * (triples - own) / size))
    ways = _plantings() if wrong else []
    planted = max(len(ways), round(wrong * communities * things / 40)) if ways else 0

    maker = Maker(vocabulary, random.Random(seed))
    maker.country()
    yield maker.kinds, []
    number = 0
    for community in range(communities):
        maker.community()
        faults: list[Fault] = []
        # Faults are spread evenly over the communities, and never two in one thing.
        while number * communities < (community + 1) * planted:
            faults.append(_plant(ways[number % len(ways)], maker.kinds, vocabulary, faults))
            number += 1
        yield maker.kinds, faults


def _plant(
    way: _Planting, kinds: dict[str, list[Thing]], words: Vocabulary, others: list[Fault]
) -> Fault:
    wanted = (_RDF_TYPE, _term(f"cjph:{way.class_}"))
    taken = {fault.focus for fault in others}
    for thing in kinds[way.folder]:
        changed = any(predicate == _CHANGE for predicate, _ in thing.said)
        if wanted in thing.said and thing.iri.value not in taken and not changed:
            way.plant(thing, words)
            core = f"{way.found_by}ConstraintComponent"
            return _fault(way, thing, core)
    raise ValueError("There are too few triples for so many faults: ask for more triples.")


_CORE = frozenset("MinCount Datatype Class Closed UniqueLang Node Or MaxCount Pattern In".split())


def _fault(way: _Planting, thing: Thing, core: str) -> Fault:
    if way.found_by in _CORE:
        return Fault(way.kind, thing.iri.value, _SHACL + core, _SHACL + core, core=True)
    component = f"{_SHACL}SPARQLConstraintComponent"
    return Fault(way.kind, thing.iri.value, component, _SHAPES + way.found_by, core=False)


class _Files:
    """Writes the things of each kind to files of a thousand."""

    def __init__(self, folder: Path, prefixes: Mapping[str, str]) -> None:
        self._folder = folder
        self._prefixes = prefixes
        self._waiting: dict[str, list[Thing]] = {}
        self._written: dict[str, int] = {}

    def add(self, kinds: dict[str, list[Thing]]) -> None:
        for kind, things in kinds.items():
            waiting = self._waiting.setdefault(kind, [])
            waiting += things
            if len(waiting) >= THINGS_PER_FILE:
                self._write(kind)

    def close(self) -> None:
        for kind in sorted(self._waiting):
            self._write(kind)

    def _write(self, kind: str) -> None:
        if things := self._waiting.pop(kind, []):
            number = self._written[kind] = self._written.get(kind, 0) + 1
            path = self._folder / kind / f"{number:05}.ttl"
            path.parent.mkdir(parents=True, exist_ok=True)
            triples = (triple for thing in things for triple in thing.triples())
            path.write_bytes(_turtle(triples, self._prefixes))


def _turtle(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> bytes:
    text = serialize(triples, format=RdfFormat.TURTLE, prefixes=dict(prefixes)) or b""
    # The prefixes come in another order each time.
    lines = text.split(b"\n")
    declared = sum(line.startswith(b"@prefix ") for line in lines)
    return b"\n".join([*sorted(lines[:declared]), *lines[declared:]])


def without_sparql(shapes: Path) -> list[Triple]:
    """Return shapes without their rules in SPARQL: what the core of SHACL can say."""
    store = Store()
    store.load(path=str(shapes), format=RdfFormat.TURTLE)
    return list(
        store.query(
            """PREFIX sh: <http://www.w3.org/ns/shacl#>
            CONSTRUCT { ?s ?p ?o } WHERE {
                ?s ?p ?o
                FILTER (?p != sh:sparql)
                FILTER NOT EXISTS { ?s a sh:SPARQLConstraint }
            }"""
        )
    )


def write(
    folder: Path, triples: int, *, home: Path = HOME, seed: int = SEED, wrong: float = WRONG
) -> None:
    """Make data and write it, as a home and as single files, with what is wrong in it."""
    ontology = folder / "home" / "ontology"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(home / "ontology", ontology)
    shutil.copytree(home / "queries", folder / "home" / "queries")
    paragraphs = (home / "ontology" / "shapes.ttl").read_text("utf-8").split("\n\n")
    kept = [text for text in paragraphs if not text.startswith(f"{_LEFT_OUT}\n")]
    (ontology / "shapes.ttl").write_text("\n\n".join(kept), "utf-8")

    reading = parse(path=str(ontology / "vocabularies.ttl"))
    deque(reading, maxlen=0)
    prefixes = {**reading.prefixes, **_PREFIXES}
    files = _Files(folder / "home" / "data", prefixes)
    faults: list[Fault] = []
    things = 0
    for kinds, planted in make(home, triples, seed=seed, wrong=wrong):
        files.add(kinds)
        faults += planted
        things += sum(map(len, kinds.values()))
    files.close()

    shutil.copy(ontology / "shapes.ttl", folder / "shapes.ttl")
    core = without_sparql(ontology / "shapes.ttl")
    (folder / "core.ttl").write_bytes(_turtle(core, {"sh": _SHACL, "shapes": _SHAPES, **_PREFIXES}))
    count = 0
    with (folder / "graph.nt").open("wb") as lines, (folder / "graph.ttl").open("wb") as turtle:
        paths = [ontology / "vocabularies.ttl", *sorted((folder / "home" / "data").rglob("*.ttl"))]
        for path in paths:
            graph = [quad.triple for quad in parse(path=str(path))]
            count += len(graph)
            lines.write(serialize(graph, format=RdfFormat.N_TRIPLES) or b"")
            turtle.write(_turtle(graph, prefixes))
    said = {"triples": count, "things": things, "seed": seed, "faults": [asdict(f) for f in faults]}
    (folder / "expected.json").write_text(json.dumps(said, indent=1) + "\n", "utf-8")


def main() -> None:
    """Write what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where to write; what is there is removed")
    parser.add_argument("--triples", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--wrong", type=float, default=WRONG, help="share of the things")
    parser.add_argument("--home", type=Path, default=HOME, help="whose ontology and queries")
    arguments = parser.parse_args()
    write(
        arguments.folder,
        arguments.triples,
        home=arguments.home,
        seed=arguments.seed,
        wrong=arguments.wrong,
    )


if __name__ == "__main__":
    main()
