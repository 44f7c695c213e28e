"""Ways to be wrong, each of which is exactly one result of SHACL."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from communities import BASE, Thing, Vocabulary, english, in_year, term, typed
from pyoxigraph import Literal, NamedNode

SHACL = "http://www.w3.org/ns/shacl#"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: its focus node, the component that finds it, and in which way.

    `constraint` is the check, or else the component; `core` says that the core of SHACL
    finds it.
    """

    kind: str
    focus: str
    component: str
    constraint: str
    core: bool


@dataclass(frozen=True)
class Way:
    """A way to be wrong: what to do to a thing of which class, and what finds it.

    `found_by` is the local name of a component of the core; else the check that finds it.
    """

    kind: str
    folder: str
    class_: str
    found_by: str
    spoil: Callable[[Thing, Vocabulary], None]
    core: bool = True

    def plant(
        self, kinds: Mapping[str, Sequence[Thing]], words: Vocabulary, spoilt: Iterable[str]
    ) -> Fault:
        """Spoil a thing that is not spoilt yet; raise ValueError when there is none.

        A policy with a change is left alone: its status has to stay what it is.
        """
        of_class = (term("a"), term(f"cjph:{self.class_}"))
        for thing in kinds[self.folder]:
            if of_class in thing.said and thing.iri.value not in spoilt:
                if thing.has("cjph:policyChange"):
                    continue
                self.spoil(thing, words)
                return self._fault(thing.iri.value)
        raise ValueError("There are too few triples for so many faults: ask for more triples.")

    def _fault(self, focus: str) -> Fault:
        if self.core:
            component = f"{SHACL}{self.found_by}ConstraintComponent"
            return Fault(self.kind, focus, component, component, core=True)
        component = f"{SHACL}SPARQLConstraintComponent"
        return Fault(self.kind, focus, component, BASE + self.found_by, core=False)


def _no_source(thing: Thing, _: Vocabulary) -> None:
    thing.drop("dcterms:source")


def _no_language(thing: Thing, _: Vocabulary) -> None:
    thing.say("cjph:contribution", Literal("housing"))


def _link_to_nothing(thing: Thing, _: Vocabulary) -> None:
    thing.put("cjph:lead", NamedNode(f"{BASE}organisations/nobody-knows"))


def _misspelt_property(thing: Thing, _: Vocabulary) -> None:
    thing.say("cjph:startdate", in_year(2001))


def _second_name(thing: Thing, _: Vocabulary) -> None:
    thing.say("skos:prefLabel", english(f"Draft at {thing.iri.value}"))


def _no_date(thing: Thing, words: Vocabulary) -> None:
    thing.put("cjph:policyStatus", words.value("policy-status", "expired"))


def _wrong_datatype(thing: Thing, _: Vocabulary) -> None:
    thing.put("cjph:value", typed("1.25E1", "double"))


def _two_values(thing: Thing, _: Vocabulary) -> None:
    thing.say("cjph:value", typed("0.25", "decimal"))


def _no_address(thing: Thing, _: Vocabulary) -> None:
    # One of its own: two sources with one address are another fault.
    thing.put("cjph:url", NamedNode(f"urn:example:{thing.iri.value.rpartition('/')[2]}"))


def _misspelt_class(thing: Thing, _: Vocabulary) -> None:
    thing.put("a", term("cjph:Interventions"))


def _end_first(thing: Thing, _: Vocabulary) -> None:
    thing.put("cjph:startDate", in_year(2010))
    thing.put("cjph:endDate", in_year(2009))


def _effect_first(thing: Thing, _: Vocabulary) -> None:
    thing.put("cjph:adopted", typed("2015-03-14", "date"))
    thing.put("cjph:effective", typed("2014-07-01", "date"))


def _more_than_all(thing: Thing, _: Vocabulary) -> None:
    thing.put("cjph:value", typed("140", "integer"))


def _date_to_come(thing: Thing, _: Vocabulary) -> None:
    thing.put("cjph:founded", in_year(2999))


def _label(thing: Thing, _: Vocabulary) -> None:
    thing.say("cjph:caveat", english("The source says inmate here."))


def _foreign_value(thing: Thing, words: Vocabulary) -> None:
    thing.put("cjph:issue", words.all("setting")[0])


_ORDER, _SHARE = "checks/dates-out-of-order", "checks/percentage-out-of-range"
_FUTURE, _LABEL = "checks/date-in-the-future", "checks/person-first"

# Ways that spoil things of one class stand apart: neighbours may meet in one community.
WAYS = (
    Way("missing source", "indicators", "Observation", "MinCount", _no_source),
    Way("text without its language", "organisations", "Organisation", "Datatype", _no_language),
    Way("link to nothing", "interventions", "Intervention", "Class", _link_to_nothing),
    Way("undone without a date", "policies", "Policy", "Or", _no_date),
    Way("second name", "sources", "Source", "UniqueLang", _second_name),
    Way("misspelt property", "interventions", "Intervention", "Closed", _misspelt_property),
    Way("number of a wrong datatype", "indicators", "Observation", "Or", _wrong_datatype),
    Way("two values", "indicators", "Observation", "MaxCount", _two_values),
    Way("address that cannot be one", "sources", "Source", "Pattern", _no_address),
    Way("misspelt class", "interventions", "Intervention", "In", _misspelt_class),
    Way("in effect too early", "policies", "Policy", _ORDER, _effect_first, core=False),
    Way("end before the start", "interventions", "Intervention", _ORDER, _end_first, core=False),
    Way("more than all", "interventions", "Finding", _SHARE, _more_than_all, core=False),
    Way("a date to come", "organisations", "Organisation", _FUTURE, _date_to_come, core=False),
    Way("a label for people", "interventions", "Finding", _LABEL, _label, core=False),
    Way("value not in its vocabulary", "policies", "Policy", "Node", _foreign_value),
)
