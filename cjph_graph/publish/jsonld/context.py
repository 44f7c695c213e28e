"""The JSON-LD context, derived from the shapes, and what one document needs of it.

A term is named like the shape of its property, as the columns of the tables are: `name` for
skos:prefLabel. It says what a bare JSON value means there:

- a text is in the default language; texts in others stand in a map beside it, `nameByLanguage`,
  whose term is in the context of those documents alone that have some;
- a link is an IRI;
- what has one datatype by its shapes takes it from the term. A date may have three (a year, a
  month, a day), and JSON-LD knows one datatype for a term: a document gives such a term the
  datatype that most of its values have, and where a thing has another, its own small context.

A property that may have several values is always a list (`@container: @set`), whatever it holds.
"""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from cjph_graph.home import Kind, Property
from cjph_graph.publish.index import LANGUAGE
from cjph_graph.rdf import LANG_STRING, TYPE, XSD, last_part, short_datatype

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

ALIASES = ("id", "type")
BY_LANGUAGE = "ByLanguage"
# What JSON numbers, strings and booleans already mean in JSON-LD.
NATIVE = frozenset({XSD + "string", XSD + "integer", XSD + "boolean"})


@dataclass(frozen=True)
class ContextTerm:
    """A term for a property, or with `back` for a property followed against its direction.

    `coerced` is how a bare string is read there: `@id` for an IRI, `@language` for a text in the
    default language, the IRI of a datatype, or empty for what it looks like. `choices` are the
    datatypes that a document may choose from. `several` is true when values are always in a list.
    """

    name: str
    path: str
    back: bool = False
    coerced: str = ""
    several: bool = False
    choices: frozenset[str] = frozenset()

    def definition(self, *, short: bool) -> Json:
        """Return what a context says of the term; with `short` its datatype has a prefix."""
        if not (self.back or self.coerced or self.several):
            return self.path
        said: dict[str, Json] = {"@reverse" if self.back else "@id": self.path}
        if self.coerced == "@language":
            said["@language"] = LANGUAGE
        elif self.coerced:
            said["@type"] = short_datatype(self.coerced) if short else self.coerced
        return said | ({"@container": "@set"} if self.several else {})

    @property
    def map_name(self) -> str:
        """The name of the map of texts in other languages."""
        return self.name + BY_LANGUAGE

    def map_definition(self) -> Json:
        """Return what a context says of the map of texts in other languages."""
        container: Json = ["@language", "@set"] if self.several else "@language"
        return {"@id": self.path, "@container": container}


@dataclass(frozen=True)
class Context:
    """The terms of a schema: names of classes by IRI, and terms by the IRI of their property.

    `short` says that datatypes may be written with the prefix `xsd`.
    """

    classes: Mapping[str, str]
    terms: Mapping[str, ContextTerm]
    backwards: Mapping[str, ContextTerm]
    short: bool = True

    def document(self) -> dict[str, Json]:
        """Return the whole context as a document has it."""
        return self._headed(self._definitions())

    def used(self, names: Iterable[str]) -> dict[str, Json]:
        """Return the context of a document that uses some names of terms, maps and classes.

        The name `xsd` stands for a datatype written out somewhere in the document.
        """
        wanted = {*names}
        found = self._definitions(wanted)
        typed = any(
            isinstance(said, dict) and str(said.get("@type")).startswith("xsd:")
            for said in found.values()
        )
        return self._headed(found, short=typed or "xsd" in wanted)

    def beyond(self, base: "Context", url: str, names: Iterable[str]) -> Json:
        """Return the address of the context `base`, and what a document needs beyond it."""
        wanted = {*names}
        known = base._definitions()
        own = self._definitions()
        gone: dict[str, Json] = dict.fromkeys(known.keys() - own.keys())
        if base.short and not self.short:
            gone["xsd"] = None
        more = {n: said for n, said in self._definitions(wanted).items() if known.get(n) != said}
        added = gone | more
        return [url, dict(sorted(added.items()))] if added else url

    def _definitions(self, names: Container[str] | None = None) -> dict[str, Json]:
        """Return the definitions of some names; of all but maps where none are given."""
        found: dict[str, Json] = {
            name: iri for iri, name in self.classes.items() if names is None or name in names
        }
        for term in (*self.terms.values(), *self.backwards.values()):
            if names is None or term.name in names:
                found[term.name] = term.definition(short=self.short)
            if names is not None and term.map_name in names:
                found[term.map_name] = term.map_definition()
        return found

    def _headed(self, found: Mapping[str, Json], *, short: bool = True) -> dict[str, Json]:
        head: dict[str, Json] = {"@version": 1.1, "id": "@id", "type": "@type"}
        if self.short and short:
            head["xsd"] = XSD
        return {**head, **dict(sorted(found.items()))}

    def datatype(self, iri: str) -> str:
        """Return a datatype as a document writes it."""
        return short_datatype(iri) if self.short else iri

    def without(self, schemes: Iterable[str]) -> "Context":
        """Return a context without the terms that some IRI seems to begin with.

        With the prefix `xsd` the IRI <xsd:date> would be read as that of the W3C's datatype.
        """
        begun = {*schemes} - {*ALIASES}
        if not begun:
            return self
        return replace(
            self,
            classes={iri: name for iri, name in self.classes.items() if name not in begun},
            terms=_kept(self.terms, begun),
            backwards=_kept(self.backwards, begun),
            short=self.short and "xsd" not in begun,
        )

    def choosing(self, datatypes: Mapping[str, Counter[str]]) -> "Context":
        """Return a context whose terms have the datatype that most of a document's values have.

        `datatypes` counts them for each property.
        """
        terms = dict(self.terms)
        for path, counted in datatypes.items():
            term = self.terms.get(path)
            if term and term.choices and counted:
                most = min(counted, key=lambda iri: (-counted[iri], iri))
                fits = most in term.choices and most not in NATIVE
                terms[path] = replace(term, coerced=most if fits else "")
        return replace(self, terms=terms)

    def with_reverse(self, name: str, path: str) -> "Context":
        """Return a context with one more term for what links to a thing by a property."""
        term = ContextTerm(name, path, back=True, several=True)
        return replace(self, backwards={**self.backwards, path: term})


def make_context(kinds: Sequence[Kind]) -> Context:
    """Return the context of a schema: a term for each class and each property.

    A name that is taken already gives way to the property's own; one that has neither left keeps
    its whole IRI.
    """
    classes: dict[str, str] = {}
    for kind in kinds:
        if (name := last_part(kind.iri)) not in (*classes.values(), *ALIASES, "xsd"):
            classes[kind.iri] = name
    taken = {*classes.values(), *ALIASES, "xsd"}
    terms: dict[str, ContextTerm] = {}
    backwards: dict[str, ContextTerm] = {}
    for entry in _properties(kinds):
        free = [n for n in (entry.key, last_part(entry.path)) if n and ":" not in n]
        name = next((n for n in free if n not in taken), "")
        if not name or entry.path == TYPE.value:
            continue
        taken |= {name, name + BY_LANGUAGE}
        (backwards if entry.inverse else terms)[entry.path] = _term(name, entry)
    return Context(classes, terms, backwards)


def _properties(kinds: Sequence[Kind]) -> list[Property]:
    """Return each property once, with all that the kinds allow it, those followed forwards first.

    They come in an order of their own, whatever that of the shapes.
    """
    found: dict[tuple[bool, str], Property] = {}
    for entry in (entry for kind in kinds for entry in kind.properties):
        known = found.get((entry.inverse, entry.path), entry)
        found[entry.inverse, entry.path] = replace(
            known,
            datatypes=known.datatypes | entry.datatypes,
            links=known.links or entry.links,
            single=known.single and entry.single,
        )
    return [found[key] for key in sorted(found)]


def _term(name: str, entry: Property) -> ContextTerm:
    several = not entry.single
    if entry.inverse:
        return ContextTerm(name, entry.path, back=True, several=several)
    coerced, choices = "", frozenset[str]()
    if LANG_STRING in entry.datatypes:
        coerced = "@language"
    elif entry.links:
        coerced = "" if entry.datatypes else "@id"
    elif len(entry.datatypes) > 1:
        choices = entry.datatypes
    else:
        coerced = "".join(entry.datatypes - NATIVE)
    return ContextTerm(name, entry.path, coerced=coerced, several=several, choices=choices)


def _kept(terms: Mapping[str, ContextTerm], begun: set[str]) -> dict[str, ContextTerm]:
    return {path: term for path, term in terms.items() if not begun & {term.name, term.map_name}}
