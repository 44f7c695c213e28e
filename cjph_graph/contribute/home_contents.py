"""What a home knows already: its forms, its things, and finding one by what people call it.

A name is looked up as a slug, a label or another name, a web address or a code. Three outcomes are
told apart: one thing has it, several do, or none.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from cjph_graph.contribute.forms import Field, Form, read_forms
from cjph_graph.contribute.turtle import place_of
from cjph_graph.errors import UsageError
from cjph_graph.home import LABELS, Home, Kind, find_kind, folded, home_files, shape_files, suggest
from cjph_graph.publish import Index
from cjph_graph.rdf import (
    IN_SCHEME,
    SKOS,
    TYPE,
    TurtleFile,
    compact,
    is_foreign,
    last_part,
    read_turtle,
)
from cjph_graph.rdf.prefixes import usual_prefixes

_CONCEPT_SCHEME = SKOS + "ConceptScheme"
# What names a page, whatever else an address is written with.
_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?([^#]*?)/*(?:#.*)?", re.IGNORECASE)
# What a work is known by, whatever stands before it.
DOI = re.compile(r"(?:(?:https?://)?(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_LONGEST_SLUG = 60
_PLACES_UP = 4


@dataclass(frozen=True)
class Entry:
    """A thing or a value as people look it up: its IRI, its slug, and what it is called."""

    iri: str
    slug: str
    label: str
    names: tuple[str, ...] = field(default=(), repr=False)


class HomeContents:
    """What a home has, read once. Raises InputError when one of its files is not Turtle."""

    def __init__(self, home: Home) -> None:
        self.home = home
        rules = [read_turtle(path).sound() for path in shape_files(home)]
        self.shapes = tuple(triple for file in rules for triple in file.triples)
        self.forms: Mapping[str, Form] = read_forms(self.shapes)
        self.files: Sequence[TurtleFile] = [read_turtle(path).sound() for path in home_files(home)]
        self.things = Index(triple for file in self.files for triple in file.triples)
        self.prefixes = usual_prefixes([*self.files, *rules])
        self._entries: dict[str, list[Entry]] = {}
        self._indexes: dict[str, dict[str, dict[str, Entry]]] = {}

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of things, in the order of the shapes."""
        return tuple(form.kind for form in self.forms.values())

    def form(self, name: str) -> Form:
        """Return the form of the kind that a person names; raise UsageError when there is none."""
        return self.forms[find_kind(self.kinds, name).iri]

    def form_of_things(self, name: str) -> Form:
        """Return the form of a kind whose things are no parts of others; raise UsageError else."""
        form = self.form(name)
        if not form.kind.namespace:
            raise UsageError(
                f"A {form.kind.name} stands in the file of what it belongs to.",
                "A blank file for that has a block for it.",
            )
        return form

    @cached_property
    def vocabularies(self) -> dict[str, str]:
        """The IRIs of the vocabularies by their short names."""
        found = self.things.of_class(_CONCEPT_SCHEME)
        return {last_part(s.value): s.value for s in found if isinstance(s, NamedNode)}

    def add(self, triples: Iterable[Triple]) -> None:
        """Take in what a contribution says, so that its own things are found as well."""
        self.things = Index([*self.things.triples(), *triples])
        self._entries.clear()
        self._indexes.clear()

    def entries(self, target: str) -> list[Entry]:
        """Return the things of a class, or the values of a vocabulary, in the order of the files.

        `target` is the IRI of either.
        """
        if (known := self._entries.get(target)) is None:
            linking = self.things.links_to(NamedNode(target))
            values = (subject for path, subject in linking if path == IN_SCHEME)
            members = (*self.things.of_class(target), *values)
            known = [self.entry(each) for each in members if isinstance(each, NamedNode)]
            self._entries[target] = known
        return known

    def entry(self, subject: NamedNode) -> Entry:
        """Return a thing as people look it up."""
        labels = sorted(
            (is_foreign(value), LABELS.index(path.value), number, value.value)
            for number, (path, value) in enumerate(self.things.about(subject))
            if path.value in LABELS and isinstance(value, Literal)
        )
        names = tuple(label[-1] for label in labels)
        slug = subject.value.rstrip("/").rpartition("/")[2]
        return Entry(subject.value, slug, names[0] if names else slug, names)

    def label(self, iri: str) -> str:
        """Return what a thing is called; its slug if it has no name."""
        return self.entry(NamedNode(iri)).label

    def allowed(self, wanted: Field) -> list[Entry]:
        """Return what a field that links may link to."""
        if wanted.choices:
            return [self.entry(NamedNode(iri)) for iri in wanted.choices]
        return [entry for target in wanted.targets for entry in self.entries(target)]

    def forms_of(self, wanted: Field) -> list[Form]:
        """Return the forms of the classes that a field links to."""
        return [self.forms[target] for target in wanted.targets if target in self.forms]

    def part(self, wanted: Field) -> Form | None:
        """Return the form of the parts that a field leads to, if it leads to parts."""
        return next((form for form in self.forms_of(wanted) if form.part is not None), None)

    def linked(self, wanted: Field) -> Form | None:
        """Return the form of the things of their own that a field leads to."""
        found = (f for f in self.forms_of(wanted) if f.part is None and f.kind.namespace)
        return next(found, None)

    def list_name(self, target: str) -> str:
        """Return what `cjph list` calls a class or a vocabulary."""
        form = self.forms.get(target)
        return form.kind.folder if form else last_part(target)

    def find(self, text: str, targets: Sequence[str]) -> list[Entry]:
        """Return what a text names among the things of some classes or vocabularies.

        That is one thing, several, or none: then `near` says what may be meant.
        """
        for key in _keys(text, self.prefixes):
            if found := self._known_as(key, targets):
                return [*found.values()]
        return [*self._inside(text, targets).values()]

    def _known_as(self, key: str, targets: Sequence[str]) -> dict[str, Entry]:
        return {i: e for target in targets for i, e in self._index(target).get(key, {}).items()}

    def _index(self, target: str) -> dict[str, dict[str, Entry]]:
        """Return the entries of a class or vocabulary by each key that leads to them."""
        if (known := self._indexes.get(target)) is None:
            known = {}
            codes = self._codes(target)
            for entry in self.entries(target):
                for key in self._names(entry, codes):
                    known.setdefault(key, {})[entry.iri] = entry
            self._indexes[target] = known
        return known

    def _codes(self, target: str) -> dict[str, str]:
        form = self.forms.get(target)
        kinds = {"code", "address"}
        return {f.path: f.holds for f in form.fields if f.holds in kinds} if form else {}

    def _names(self, entry: Entry, codes: Mapping[str, str]) -> Iterator[str]:
        yield f"<{entry.iri}>"
        yield f"={entry.slug}"
        yield from (f"~{folded(name)}" for name in entry.names)
        for path, value in self.things.about(NamedNode(entry.iri)):
            if (holds := codes.get(path.value)) and isinstance(value, NamedNode | Literal):
                yield f"#{folded(value.value)}" if holds == "code" else f"@{page(value.value)}"

    def _inside(self, text: str, targets: Sequence[str]) -> dict[str, Entry]:
        """Find `Eugene, Oregon` or `Eugene, OR`: a name, and what the thing itself lies in."""
        head, comma, tail = text.rpartition(",")
        if not comma:
            return {}
        named = self._known_as(f"~{folded(head)}", targets)
        around = folded(tail)
        return {iri: each for iri, each in named.items() if around in self._around(iri)}

    def _around(self, iri: str) -> set[str]:
        """Return what the things are called that a thing links to, and those these link to."""
        known: set[str] = set()
        reached, waiting = {iri}, [iri]
        for _ in range(_PLACES_UP):
            waiting = [
                value.value
                for each in waiting
                for path, value in self.things.about(NamedNode(each))
                if isinstance(value, NamedNode) and path != TYPE and value.value not in reached
            ]
            reached.update(waiting)
        for each in reached - {iri}:
            known.update(folded(name) for name in self.entry(NamedNode(each)).names)
            known.update(
                folded(value.value.rpartition("-")[2])
                for _, value in self.things.about(NamedNode(each))
                if isinstance(value, Literal) and re.fullmatch(r"[A-Z]{2}-[A-Z]{2}", value.value)
            )
        return known

    def near(self, text: str, targets: Sequence[str]) -> list[Entry]:
        """Return up to three things whose names are like a text, the likeliest first."""
        entries = {e.slug: e for target in targets for e in self.entries(target)}
        pairs = [(name, e.slug) for e in entries.values() for name in (e.slug, *e.names)]
        return [entries[slug] for slug in suggest(text, pairs)]

    def file_of(self, iri: str) -> Path:
        """Return the file in which a thing belongs, by the namespace of a kind that it is in."""
        kind = next(k for k in self.kinds if k.namespace and iri.startswith(k.namespace))
        return place_of(self.home, kind, iri.rpartition("/")[2])[0]

    def short(self, iri: str) -> str:
        """Return an IRI as Turtle writes it: `place:oregon` where a prefix is known for it."""
        return compact(iri, self.prefixes) or f"<{iri}>"


def slug(name: str) -> str:
    """Return a name as the last part of an IRI: small letters, digits and single hyphens."""
    text = unicodedata.normalize("NFKD", name.replace("’", "").replace("'", "").replace(".", ""))
    words = re.findall(r"[a-z0-9]+", text.encode("ascii", "ignore").decode().casefold())
    found = ""
    for word in words:
        if found and len(found) + len(word) >= _LONGEST_SLUG:
            break
        found = f"{found}-{word}" if found else word[:_LONGEST_SLUG]
    return found


def page(address: str) -> str:
    """Return what two addresses of the same page have in common."""
    match = _ADDRESS.fullmatch(address.strip())
    return match[1].casefold() if match else address


def _keys(text: str, prefixes: Mapping[str, str]) -> Iterator[str]:
    """Yield the keys under which a text may stand, the surest first."""
    text = text.strip()
    prefix, colon, local = text.partition(":")
    yield f"<{text.strip('<>')}>"
    if colon and prefix in prefixes:
        yield f"<{prefixes[prefix]}{local}>"
    yield f"={text}"
    yield f"~{folded(text)}"
    yield f"#{folded(text)}"
    yield f"@{page(text.strip('<>'))}"
    if doi := DOI.fullmatch(text):
        yield f"#{folded(doi[1])}"
        yield f"@doi.org/{doi[1].casefold()}"
    yield f"={slug(text)}"


def find_vocabulary_or_kind(contents: HomeContents, name: str) -> tuple[str, str]:
    """Return the IRI and the name of what a person calls a kind or a vocabulary.

    Raises UsageError when there is neither.
    """
    if name in contents.vocabularies:
        return contents.vocabularies[name], name
    try:
        kind = find_kind(contents.kinds, name)
    except UsageError as error:
        names = [
            *contents.vocabularies,
            *(k.folder or last_part(k.iri).lower() for k in contents.kinds),
        ]
        near = suggest(name, [(each, each) for each in names])
        raise UsageError(
            f"There is no kind and no vocabulary {name!r}.",
            f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(names)}.",
        ) from error
    return kind.iri, kind.folder or kind.name
