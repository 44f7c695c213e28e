"""A form for a thing of a kind as a web page: plain HTML, which follows from the shapes.

A little script turns the answers into Turtle as they are typed, to download or to send to the page
of a forge where a new file is begun. Without it the last field of the form holds a blank text to
fill in, and the button sends that.
"""

import json
from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files
from textwrap import shorten

from cjph_graph.contribute.blank import blank_file
from cjph_graph.contribute.columns import linked_form, name_field
from cjph_graph.contribute.forms import Field, Form
from cjph_graph.contribute.home_contents import Entry, HomeContents
from cjph_graph.contribute.turtle import place_of
from cjph_graph.errors import UsageError
from cjph_graph.rdf import XSD, last_part

_FEW = 40
# For a name in a list of choices; hundreds of them stand on a page.
_LONGEST = 32
_BLANK_NAME = "Its name"
_DATE = r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"
_NUMBER = r"[+\-]?[0-9]+([.][0-9]+)?"


def form_page(contents: HomeContents, kind: str, *, forge: str = "") -> str:
    """Return a whole page with the form and its script, which needs nothing else.

    `forge` is the address of the repository, such as `https://github.com/owner/name`. Raises
    UsageError when there is no such kind.
    """
    name = contents.form(kind).kind.name
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Add: {escape(name)}</title>\n</head>\n<body>\n<main>\n"
        f"<h1>Add: {escape(name)}</h1>\n{form_html(contents, kind, forge=forge)}</main>\n"
        f"<script>\n{form_script()}</script>\n</body>\n</html>\n"
    )


def form_script() -> str:
    """Return the script of the forms, to be put at the end of a page or served beside it."""
    return files("cjph_graph.contribute").joinpath("form.js").read_text(encoding="utf-8")


def form_html(contents: HomeContents, kind: str, *, forge: str = "") -> str:
    """Return the form for a kind, as the inside of a page. Raises UsageError as `form_page`."""
    form = contents.form(kind)
    if not form.kind.namespace:
        raise UsageError(f"A {form.kind.name} stands in the file of what it belongs to.")
    return _FormWriter(contents, form).form(forge)


class _FormWriter:
    def __init__(self, contents: HomeContents, form: Form) -> None:
        self._contents = contents
        self._form = form
        self._lists: dict[str, Sequence[Entry]] = {}

    def form(self, forge: str) -> str:
        contents, kind = self._contents, self._form.kind
        folder = place_of(contents.home, kind, "x")[0].parent.relative_to(contents.home.path)
        target = f"{forge.rstrip('/')}/new/main/{folder.as_posix()}"
        action = f' action="{escape(target)}"' if forge else ""
        prefixes = {**contents.prefixes, "xsd": XSD}
        own = (name for name, iri in prefixes.items() if iri == kind.namespace)
        prefix = next(own, kind.name.replace(" ", "-"))
        prefixes[prefix] = kind.namespace
        fields = "".join(self._fields(self._form, ""))
        blank = blank_file(contents, kind.name, _BLANK_NAME).text
        return (
            f'<form data-kind="{escape(contents.short(kind.iri))}" data-prefix="{escape(prefix)}:"'
            f' data-namespace="{escape(kind.namespace)}" method="get"{action}'
            f' data-prefixes="{escape(json.dumps(prefixes))}">\n{fields}'
            f"{self._end(blank, can_send=bool(forge))}{self._datalists()}</form>\n"
        )

    def _end(self, blank: str, *, can_send: bool) -> str:
        send = "<p><button>Begin a new file with it</button></p>\n" if can_send else ""
        return (
            '<h2 id="file">The file</h2>\n<ul data-problems aria-live="polite"></ul>\n'
            '<p><label>Name of the file <input name="filename" value="its-name.ttl"></label></p>\n'
            '<p><label>What it says<br><textarea name="value" rows="24" cols="100"'
            f' spellcheck="false">{escape(blank)}</textarea></label></p>\n'
            f'<p><a href="#file" download="its-name.ttl" hidden>Download the file</a></p>\n{send}'
        )

    def _fields(self, form: Form, stem: str) -> Iterator[str]:
        naming = name_field(form) if form.part is None else None
        for field in form.fields:
            if part := linked_form(self._contents, field, parts=True):
                yield self._part(field, part)
            else:
                yield self._field(field, f"{stem}{field.column}", is_name=field == naming)

    def _part(self, field: Field, part: Form) -> str:
        inside = "".join(self._fields(part, f"{field.column}_"))
        about = escape(f"{field.meaning}")
        return (
            f"<details><summary>{escape(part.kind.name)}</summary>\n<p>{about}</p>\n"
            f'<fieldset data-kind="{escape(self._contents.short(part.kind.iri))}"'
            f' data-part="{escape(part.part or "")}"'
            f' data-by="{escape(self._contents.short(field.path))}">\n'
            f"<legend>{escape(part.kind.name)}</legend>\n{inside}</fieldset>\n"
            f'<button type="button" data-more hidden>One more {escape(part.kind.name)}</button>\n'
            "</details>\n"
        )

    def _field(self, field: Field, name: str, *, is_name: bool) -> str:
        needed = ' data-needed="yes"' if field.required else ""
        named = " data-name" if is_name else ""
        told = f"{name}-about"
        about = f"{field.meaning}{' Needed.' if field.required else ''}{_how(field)}"
        allowed = self._contents.allowed(field) if field.is_link else []
        group = bool(allowed) and len(allowed) <= _FEW and field.several
        group = group or field.holds == "boolean"
        head = (
            f'data-path="{escape(self._contents.short(field.path))}" data-holds="{field.holds}"'
            f' data-label="{escape(field.label)}"{needed}{named}'
        )
        inputs = self._inputs(field, name, told, allowed)
        if group:
            return (
                f'<fieldset {head} aria-describedby="{told}">\n'
                f"<legend>{escape(field.label)}</legend>\n"
                f'<p id="{told}">{escape(about)}</p>\n{inputs}</fieldset>\n'
            )
        return (
            f'<div {head}>\n<p><label for="{name}">{escape(field.label)}</label></p>\n'
            f'<p id="{told}">{escape(about)}</p>\n{inputs}</div>\n'
        )

    def _inputs(self, field: Field, name: str, told: str, allowed: Sequence[Entry]) -> str:
        if field.holds == "boolean":
            return "".join(
                f'<label><input type="radio" name="{name}" value="{value}"> {said}</label>\n'
                for value, said in (("true", "yes"), ("false", "no"))
            )
        if field.is_link and len(allowed) <= _FEW:
            return self._choices(field, name, told, allowed)
        common = f'id="{name}" aria-describedby="{told}"'
        more = (
            f'<button type="button" data-more hidden>One more {escape(field.label)}</button>\n'
            if field.several
            else ""
        )
        if field.is_link:
            self._lists["-".join(map(last_part, field.targets))] = allowed
            listed = "-".join(map(last_part, field.targets))
            return f'<input {common} list="list-{listed}" size="60">\n{more}'
        if field.holds == "text":
            return f'<textarea {common} rows="2" cols="80"></textarea>\n{more}'
        return f"<input {common} {_constraints(field)}>\n{more}"

    def _choices(self, field: Field, name: str, told: str, allowed: Sequence[Entry]) -> str:
        short = self._contents.short
        if field.several:
            return "".join(
                f'<label><input type="checkbox" value="{escape(short(entry.iri))}">'
                f" {escape(entry.label)}</label><br>\n"
                for entry in allowed
            )
        options = "".join(
            f'<option value="{escape(short(entry.iri))}">{escape(entry.label)}</option>\n'
            for entry in allowed
        )
        return (
            f'<select id="{name}" aria-describedby="{told}">\n<option value="">not given</option>\n'
            f"{options}</select>\n"
        )

    def _datalists(self) -> str:
        return "".join(
            f'<datalist id="list-{name}">\n'
            + "".join(
                f'<option value="{escape(self._contents.short(entry.iri))}">'
                f"{escape(shorten(entry.label, _LONGEST, placeholder=' …'))}</option>"
                for entry in entries
            )
            + "</datalist>\n"
            for name, entries in self._lists.items()
        )


def _how(field: Field) -> str:
    """Return how a value is written, where the form does not show it."""
    return {
        "date": " As exact as the source has it: 2021, 2021-03 or 2021-03-01.",
        "address": " A web address that begins with https:// or http://.",
        "number": " A number, like 224 or 8.9.",
    }.get(field.holds, "")


def _constraints(field: Field) -> str:
    match field.holds:
        case "date":
            return f'pattern="{_DATE}" inputmode="numeric" size="12"'
        case "number":
            return f'pattern="{_NUMBER}" inputmode="decimal" size="12"'
        case "address":
            return 'type="url" size="60"'
        case _:
            pattern = field.patterns[0].strip("^$") if field.patterns else ""
            return f'pattern="{escape(pattern)}" size="30"' if pattern else 'size="30"'
