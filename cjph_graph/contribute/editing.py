"""Help while Turtle is typed: what may stand at a place, what stands there, where it is from.

The text need not be Turtle yet, so it is read token by token up to the cursor, and of each thing
that is open only its classes and the property at hand are kept:

    place:eugene a cjph:Place ; cjph:within |          class cjph:Place, property cjph:within

What may follow is then a matter of the form of that class, which the shapes give.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode

from cjph_graph.contribute.forms import Field, Form
from cjph_graph.contribute.home_contents import HomeContents
from cjph_graph.rdf import RDFS, SKOS, TYPE, last_part
from cjph_graph.rdf.lexer import LANGUAGE, MARK, STRING, TERM
from cjph_graph.rdf.positions import find_positions

# A comment that has ended, a token, or something else; blanks before it.
_scan = re.compile(
    rb"\s*+(?:#[^\r\n]*+[\r\n]|(" + b"|".join((TERM, STRING, LANGUAGE, MARK)) + rb")|(\S))",
    re.DOTALL,
).match
_WORD = re.compile(r"(?:[^\W\d][\w.-]*)?:?[\w.%-]*$")
_PREFIX = re.compile(r"@?prefix\s+([\w.-]*):\s*<([^>\s]*)>", re.IGNORECASE)
_NAME = re.compile(r"<[^<>\s]*>|(?:[\w][\w.-]*)?:[\w%-](?:[\w.%-]*[\w%-])?|\ba\b")
_DIRECTIVES = (b"@prefix", b"@base", b"prefix", b"base")
_DEFINITIONS = tuple(
    NamedNode(iri)
    for iri in (SKOS + "definition", "http://purl.org/dc/terms/description", RDFS + "comment")
)
_SUBJECT, _PROPERTY, _VALUE, _NEXT = "subject", "property", "value", "next"


@dataclass(frozen=True)
class Suggestion:
    """What may be typed: the text, what it is called, a sentence on it, and what kind it is of.

    `kind` is `prefix`, `class`, `property` or `value`; `declaration` is a line that the file needs
    for it and does not have.
    """

    text: str
    label: str
    meaning: str
    kind: str
    declaration: str = ""


@dataclass
class _Open:
    """A thing that is being written: what is expected next, and what is known of it."""

    expects: str = _SUBJECT
    classes: list[str] = field(default_factory=list)
    property: str = ""
    used: set[str] = field(default_factory=set)


class Editing:
    """Answers about places in a text, from what a home knows."""

    def __init__(self, contents: HomeContents) -> None:
        self._contents = contents
        self._meanings = {
            each.path: each.meaning for form in contents.forms.values() for each in form.fields
        }

    def suggestions(self, before: str, whole: str) -> tuple[str, list[Suggestion]]:
        """Return the word that is begun at the end of `before`, and what it may become.

        `whole` is the text of the file, for the prefixes that it declares.
        """
        word = (_WORD.search(before) or [""])[0]
        declared = dict(_PREFIX.findall(whole))
        place = self._place(before[: len(before) - len(word)], declared)
        found = [*self._fitting(place), *self._prefixes(place)] if place else []
        return word, [self._declared(each, declared) for each in found]

    def explanation(self, line: str, column: int, whole: str) -> str:
        """Return in Markdown what stands at a column of a line; empty if nothing is known."""
        if (iri := self._iri_at(line, column, whole)) is None:
            return ""
        node = NamedNode(iri)
        label = self._contents.label(iri)
        kinds = [self._called(each) for each in self._contents.things.classes(node)]
        said = [f"**{label}**" + (f" ({', '.join(kinds)})" if kinds else "")]
        if text := self._meaning(iri):
            said.append(text)
        return "\n\n".join((*said, f"<{iri}>")) if kinds or text else ""

    def origin(self, line: str, column: int, whole: str) -> tuple[str, int] | None:
        """Return the file in which a thing at a column of a line is described, and the line."""
        if (iri := self._iri_at(line, column, whole)) is None:
            return None
        node = NamedNode(iri)
        for file in self._contents.files:
            if node in file.subjects:
                places = find_positions(file, (), {node}).subjects.get(node, ())
                return file.path, places[0].line if places else 1
        return None

    def _place(self, text: str, declared: dict[str, str]) -> _Open | None:
        """Return what is being written at the end of a text; None inside a literal or comment."""
        data = text.encode("utf-8", "replace")
        opened, skip, at = [_Open()], 0, 0
        while match := _scan(data, at):
            at = match.end()
            token = match[1]
            if match[2] in (b'"', b"'", b"<", b"#"):
                return None  # it is not closed yet
            if token is None:
                continue
            if token.lower() in _DIRECTIVES:
                skip = (3 if token.startswith(b"@") else 2) - token.lower().endswith(b"base")
            elif skip:
                skip -= 1
            else:
                self._step(opened, token, declared)
        return None if skip else opened[-1]

    def _step(self, opened: list[_Open], token: bytes, declared: dict[str, str]) -> None:
        at = opened[-1]
        if token == b".":
            opened[:] = [_Open()]
        elif token == b";":
            at.expects = _PROPERTY
        elif token == b",":
            at.expects = _VALUE
        elif token == b"[":
            opened.append(_Open(_PROPERTY))
        elif token in (b"]", b")") and len(opened) > 1:
            opened.pop()
            self._took(opened[-1], "")
        elif token == b"(":
            opened.append(_Open(_VALUE, at.classes, at.property))
        elif token != b"^^" and not token.startswith(b"@"):
            self._took(at, self._iri(token.decode("utf-8", "replace"), declared))

    def _took(self, at: _Open, iri: str) -> None:
        """Note a term where one was expected."""
        if at.expects == _SUBJECT:
            at.expects = _PROPERTY
        elif at.expects == _PROPERTY:
            at.property, at.expects = iri, _VALUE
            at.used.add(iri)
        elif at.expects == _VALUE:
            if at.property == TYPE.value:
                at.classes.append(iri)
            at.expects = _NEXT

    def _fitting(self, place: _Open) -> Iterator[Suggestion]:
        if place.expects == _PROPERTY:
            if TYPE.value not in place.used:
                yield Suggestion("a", "class", "What the thing is.", "property")
            yield from self._properties(place)
        elif place.expects == _VALUE and place.property == TYPE.value:
            for form in self._contents.forms.values():
                iri = form.kind.iri
                yield Suggestion(
                    self._contents.short(iri), form.kind.name, self._meaning(iri), "class"
                )
        elif place.expects == _VALUE:
            yield from self._values(place)

    def _forms(self, place: _Open) -> list[Form]:
        known = self._contents.forms
        return [known[iri] for iri in place.classes if iri in known] or [*known.values()]

    def _properties(self, place: _Open) -> Iterator[Suggestion]:
        fields: dict[str, Field] = {}
        for form in self._forms(place):
            for each in form.fields:
                fields.setdefault(each.path, each)
        for path, each in fields.items():
            if path not in place.used or each.several:
                yield Suggestion(self._contents.short(path), each.label, each.meaning, "property")

    def _values(self, place: _Open) -> Iterator[Suggestion]:
        seen = set()
        for form in self._forms(place):
            for each in form.fields:
                if each.path != place.property:
                    continue
                if each.holds == "boolean":
                    yield from (Suggestion(t, each.label, "", "value") for t in ("true", "false"))
                for entry in self._contents.allowed(each):
                    if entry.iri not in seen:
                        seen.add(entry.iri)
                        meaning = self._meaning(entry.iri)
                        text = self._contents.short(entry.iri)
                        yield Suggestion(text, entry.label, meaning, "value")

    def _prefixes(self, place: _Open) -> Iterator[Suggestion]:
        if place.expects != _NEXT:
            for name, iri in sorted(self._contents.prefixes.items()):
                yield Suggestion(f"{name}:", iri, "", "prefix")

    def _declared(self, each: Suggestion, declared: dict[str, str]) -> Suggestion:
        prefix, colon, _ = each.text.partition(":")
        if not colon or prefix in declared or prefix not in self._contents.prefixes:
            return each
        line = f"@prefix {prefix}: <{self._contents.prefixes[prefix]}> .\n"
        return Suggestion(each.text, each.label, each.meaning, each.kind, line)

    def _meaning(self, iri: str) -> str:
        if iri in self._meanings:
            return self._meanings[iri]
        for wanted in _DEFINITIONS:
            for value in self._contents.things.values(NamedNode(iri), wanted):
                if isinstance(value, Literal):
                    return value.value
        return ""

    def _called(self, iri: str) -> str:
        form = self._contents.forms.get(iri)
        return form.kind.name if form else last_part(iri)

    def _iri_at(self, line: str, column: int, whole: str) -> str | None:
        """Return the IRI that stands at a column of a line, which counts from 0."""
        for match in _NAME.finditer(line):
            if match.start() <= column <= match.end():
                iri = self._iri(match[0], dict(_PREFIX.findall(whole)))
                return iri if ":" in iri else None
        return None

    def _iri(self, word: str, declared: dict[str, str]) -> str:
        if word == "a":
            return TYPE.value
        if word.startswith("<"):
            return word[1:-1] if not re.search(r"[\s\"{}|^`\\]", word) else ""
        prefix, colon, local = word.partition(":")
        namespace = declared.get(prefix) or self._contents.prefixes.get(prefix)
        return f"{namespace}{local}" if colon and namespace else ""
