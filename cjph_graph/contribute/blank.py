"""A blank Turtle file for a thing: what must be given to fill in, what may be given commented out.

    # issue (needed): The problem that the intervention responds to.
    #   One of 16: `cjph list issue` shows them. Some: issue:homelessness , issue:substance-use
    cjph:issue issue: ;

    # homepage: The thing's own page on the web.
    #foaf:homepage <https://…> ;

What is left blank is not valid, so that `cjph validate` asks for it.
"""

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from cjph_graph.contribute.forms import Field, Form
from cjph_graph.contribute.home_contents import Entry, HomeContents, slug
from cjph_graph.contribute.turtle import as_turtle, declarations, place_of, used_prefixes
from cjph_graph.contribute.values import listing
from cjph_graph.errors import UsageError
from cjph_graph.home import LABELS, Kind, folded
from cjph_graph.rdf import RDF, XSD, nearest
from cjph_graph.system import shown

_WIDTH = 98
_FEW, _MOST_LISTED, _MOST_WEIGHED = 5, 10, 150
_ALIKE = 82
_LONGEST_EXAMPLE = 160
_PREFIXES = {"rdf": RDF, "xsd": XSD}


@dataclass(frozen=True)
class Blank:
    """A blank file: where it goes, its text, and things whose names are nearly the same.

    With `shared` the path is a file that holds other things too, to whose end the text belongs.
    """

    path: Path
    text: str
    shared: bool
    similar: tuple[Entry, ...]


def blank_file(contents: HomeContents, kind: str, name: str) -> Blank:
    """Return the blank file for a thing of a kind. Raises UsageError when that can't be."""
    form, short = new_thing(contents, kind, name)
    path, shared = place_of(contents.home, form.kind, short)
    text = _BlankWriter(contents, name).file(form, short, shared=shared)
    return Blank(path, text, shared, tuple(similar(contents, form, name)))


def new_thing(contents: HomeContents, kind: str, name: str) -> tuple[Form, str]:
    """Return the form and the short name of a thing that is to be new.

    Raises UsageError when there is no such kind with files of its own, or the thing is there.
    """
    form = contents.form_of_things(kind)
    short = slug(name)
    if not short:
        raise UsageError(f"{name!r} has no letter or digit to make a short name of.")
    iri = form.kind.namespace + short
    path, shared = place_of(contents.home, form.kind, short)
    if NamedNode(iri) in contents.things or (not shared and path.exists()):
        raise UsageError(
            f"There is already {contents.short(iri)}, in {shown(path)}.",
            "Add to it there, or give the new thing another name.",
        )
    return form, short


def similar(contents: HomeContents, form: Form, name: str) -> Iterator[Entry]:
    """Yield the things of a kind that have nearly the same name as a new one."""
    by_name = {folded(n): each for each in contents.entries(form.kind.iri) for n in each.names}
    for found in nearest(folded(name), by_name, most=3, least=_ALIKE):
        yield by_name[found]


class _BlankWriter:
    def __init__(self, contents: HomeContents, name: str) -> None:
        self._contents = contents
        self._name = name
        self._prefixes = {**contents.prefixes, **_PREFIXES}

    def file(self, form: Form, short: str, *, shared: bool) -> str:
        """Return the whole text."""
        kind = form.kind
        own = f"{kind.namespace}{short}#"
        subject = as_turtle(NamedNode(kind.namespace + short), self._prefixes)
        parts = [(f, part) for f in form.fields if (part := self._contents.part(f))]
        body = self._block(form, subject, parts)
        for field, part in parts:
            body += f"\n{self._part(kind.name, field, part)}"
        if shared:
            return body
        for other in self._needed_elsewhere(form):
            body += f"\n{self._elsewhere(other)}"
        head = self._wrapped(
            f"{self._name}: a new {kind.name}. Fill in what is needed. Lines that begin with #"
            " and no space are for what else is known: take the # away to use one. Then run"
            f" `cjph validate {self._path(kind, short)}`, which says what is still wrong, and"
            " `cjph format` on the same file.",
            "# ",
        )
        declared = used_prefixes(body, self._prefixes)
        return f"{head}\n{declarations(declared, own if parts else '')}\n{body}"

    def _path(self, kind: Kind, short: str = "") -> str:
        """Return where a thing belongs, from the home's folder: the text may go anywhere."""
        home = self._contents.home
        return place_of(home, kind, short)[0].relative_to(home.path).as_posix()

    def _needed_elsewhere(self, form: Form) -> Iterator[Form]:
        """Yield the forms of things that must be linked to and share a file with others."""
        for field in form.required:
            for other in self._contents.forms_of(field):
                if place_of(self._contents.home, other.kind, "")[1]:
                    yield other

    def _block(self, form: Form, subject: str, parts: Sequence[tuple[Field, Form]] = ()) -> str:
        names = {field.path: f":{part.part}1" for field, part in parts}
        lines = [subject, f"    a {self._contents.short(form.kind.iri)} ;"]
        for field in form.fields:
            lines += ["", *(f"    {line}" for line in self._field(form, field, names))]
        return "\n".join((*lines, "    .", ""))

    def _part(self, owner: str, field: Field, part: Form) -> str:
        link = f"{self._contents.short(field.path)} :{part.part}1 ;"
        head = self._wrapped(
            f"A {part.kind.name} of the {owner}. To give one, take the first # away from each line"
            f" of the paragraph below and from the line `#{link}` above; for a second one, copy it"
            f" and count on: :{part.part}2.",
            "# ",
        )
        return head + _commented(self._block(part, f":{part.part}1"))

    def _elsewhere(self, other: Form) -> str:
        name = other.kind.name
        head = self._wrapped(
            f"A {name} that `cjph list {other.kind.folder}` does not show: `cjph new {name} NAME`"
            f" prints a paragraph to fill in at the end of {self._path(other.kind)}. What it asks"
            " for:",
            "# ",
        )
        needed = [f"#   {f.label}: {f.meaning}\n" for f in other.required]
        return head + "".join(needed)

    def _field(self, form: Form, field: Field, parts: dict[str, str]) -> Iterator[str]:
        said = " (needed)" if field.required else " (better given)" if field.advised else ""
        text = self._wrapped(f"{field.label}{said}: {field.meaning}", "# ", 94)
        hint = self._values(form, field) if field.is_link else self._written_like(form, field)
        if field.path not in parts and hint and not self._is_name(form, field):
            text += self._wrapped(hint, "#   ", 94)
        yield from text.splitlines()
        value = parts.get(field.path) or self._value(form, field)
        open_ = field.required and field.path not in parts
        yield f"{'' if open_ else '#'}{self._contents.short(field.path)} {value} ;"

    def _value(self, form: Form, field: Field) -> str:
        """Return what stands in place of a value; of what is needed, nothing valid."""
        if field.holds == "text":
            if self._is_name(form, field):
                return as_turtle(Literal(self._name, language="en"), self._prefixes)
            return '""@en'
        allowed = self._contents.allowed(field) if field.is_link else []
        if len(allowed) == 1:
            return self._contents.short(allowed[0].iri)
        if field.is_link:
            return self._prefix(field)
        if field.required or not (example := self._example(form, field)):
            return '""'
        return as_turtle(example, self._prefixes)

    def _is_name(self, form: Form, field: Field) -> bool:
        return form.part is None and field.required and field.path in LABELS

    def _prefix(self, field: Field) -> str:
        namespaces = {iri: name for name, iri in self._prefixes.items()}
        for target in field.targets:
            form = self._contents.forms.get(target)
            namespace = form.kind.namespace if form else f"{target}/"
            if namespace in namespaces:
                return f"{namespaces[namespace]}:"
        return '""'

    def _values(self, form: Form, field: Field) -> str:
        """Return a line on what may be chosen: all of a short list, some of a long one."""
        allowed = self._contents.allowed(field)
        if len(allowed) <= 1:
            return ""
        if len(allowed) <= _MOST_LISTED:
            return f"One of: {' , '.join(self._contents.short(e.iri) for e in allowed)}"
        some = " , ".join(self._contents.short(iri) for iri in self._likely(form, field, allowed))
        lists = " and ".join(listing(self._contents, target) for target in field.targets)
        shows = "show" if " and " in lists else "shows"
        said = f"One of {len(allowed)}; {lists} {shows} all."
        return f"{said} Some: {some}" if some else said

    def _likely(self, form: Form, field: Field, allowed: Sequence[Entry]) -> list[str]:
        """Return a few values: those that share a word with the name, then those used most.

        In a very long list, what is used most says nothing about the next thing.
        """
        words = {word for word in folded(self._name).split() if len(word) > len("and")}
        named = [e.iri for e in allowed if words & set(folded(e.label).split())]
        if len(allowed) > _MOST_WEIGHED:
            return named[:_FEW]
        used = Counter(
            value.value
            for subject in self._contents.things.of_class(form.kind.iri)
            for value in self._contents.things.values(subject, NamedNode(field.path))
            if isinstance(value, NamedNode)
        )
        frequent = [iri for iri, _ in used.most_common(_FEW)]
        return list(dict.fromkeys((*named, *frequent, *(e.iri for e in allowed))))[:_FEW]

    def _written_like(self, form: Form, field: Field) -> str:
        example = self._example(form, field)
        if example is None:
            return ""
        text = as_turtle(example, self._prefixes)
        return f"For example: {text}" if len(text) <= _LONGEST_EXAMPLE else ""

    def _example(self, form: Form, field: Field) -> Literal | NamedNode | None:
        """Return a value of a property that things of the kind have, rather a short one."""
        found = [
            value
            for subject in self._contents.things.of_class(form.kind.iri)
            for value in self._contents.things.values(subject, NamedNode(field.path))
            if isinstance(value, Literal | NamedNode)
        ]
        found.sort(key=lambda value: (len(value.value), value.value))
        return found[len(found) // 4] if found else None

    def _wrapped(self, text: str, indent: str, width: int = _WIDTH) -> str:
        lines = textwrap.wrap(
            text,
            width,
            initial_indent=indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        return "".join(f"{line}\n" for line in lines)


def _commented(text: str) -> str:
    return "".join(f"#{line}\n" if line else "#\n" for line in text.splitlines())
