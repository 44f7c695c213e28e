"""A spreadsheet to fill in: a column for each property, and a row that explains the columns.

Rows that begin with `#` are not read: they explain each column, and give an example from the graph.
In a workbook values to choose from stand in drop-down lists, kept on a hidden sheet, and what a
thing may link to and belong to has sheets of its own. The bytes are the same on every run.
"""

import datetime
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode

from cjph_graph.contribute.forms import Field, Form, joined_column
from cjph_graph.contribute.home_contents import HomeContents
from cjph_graph.contribute.turtle import place_of
from cjph_graph.publish import JOINED_BY, table_name
from cjph_graph.rdf import Node, is_foreign
from cjph_graph.sparql import csv_line

if TYPE_CHECKING:
    from xlsxwriter import Workbook

_CREATED = datetime.datetime(2026, 1, 1)
_LISTS, _LAST_ROW = "lists", 1000
_LONGEST_NAME, _LONGEST_NOTE = 31, 255
_FEW_NEEDED = 4
_WIDTHS = {"text": 40, "link": 26, "address": 30}
_FORMS = {
    "date": "as exact as the source: 2021, 2021-03 or 2021-03-01",
    "number": "a plain number",
    "boolean": "yes or no",
    "address": "a web address with https://",
    "code": "",
    "text": "text",
}


@dataclass(frozen=True)
class Head:
    """A column of the template: its name, the property, and that which leads to its thing."""

    name: str
    field: Field | None = None
    via: Field | None = None

    @property
    def is_needed(self) -> bool:
        """Whether a row must have a value in this column."""
        return self.field is None or (self.field.required and self.via is None)


def csv_template(contents: HomeContents, kind: str) -> bytes:
    """Return a table to fill in as CSV; what may be new has columns in the same row."""
    form = contents.form(kind)
    heads = list(heads_of(contents, form, beside=True))
    rows = [[head.name for head in heads], _hints(contents, heads), _example(contents, form, heads)]
    return "".join(csv_line(row) for row in rows).encode("utf-8-sig")


def xlsx_template(contents: HomeContents, kind: str) -> bytes:
    """Return a workbook to fill in, with a sheet for the kind and one for each that it leads to."""
    from xlsxwriter import Workbook

    form = contents.form(kind)
    stream = io.BytesIO()
    book = Workbook(stream, {"in_memory": True})
    book.set_properties({"created": _CREATED})
    sheets = _Book(contents, book)
    for each in (form, *_led_to(contents, form)):
        sheets.add(each, is_first=each is form)
    sheets.finish()
    book.close()
    return stream.getvalue()


def _led_to(contents: HomeContents, form: Form) -> list[Form]:
    """Return the parts of things of a kind, then the small things that these link to.

    A thing of which much is needed, like an intervention, has a template of its own.
    """
    parts = [part for field in form.fields if (part := contents.part(field))]
    found = [form, *parts]
    for about in found:
        for field in about.fields if about in (form, *parts) else about.required:
            linked = contents.linked(field)
            if linked and linked not in found and len(linked.required) <= _FEW_NEEDED:
                found.append(linked)
    return found[1:]


def heads_of(contents: HomeContents, form: Form, *, beside: bool) -> Iterator[Head]:
    """Yield the columns; with `beside` also those of what may be new in the same row."""
    if form.part is not None:
        yield Head("of")
    for field in form.fields:
        if part := contents.part(field):
            for inner in part.fields:
                if not contents.part(inner):
                    yield Head(joined_column(field, inner), inner, field)
            continue
        yield Head(field.column, field)
        other = contents.linked(field)
        if beside and other and field.required and place_of(contents.home, other.kind, "")[1]:
            for inner in other.fields:
                if inner.required or inner.holds == "address":
                    yield Head(joined_column(field, inner), inner, field)


def _hints(contents: HomeContents, heads: Sequence[Head]) -> list[str]:
    hints = [_hint(contents, head) for head in heads]
    return [f"# {hints[0]}", *hints[1:]]


def _hint(contents: HomeContents, head: Head) -> str:
    """Return a sentence or two on what belongs in a column."""
    if head.field is None:
        return "Needed. What this belongs to: its name or its short name."
    field = head.field
    needed = "Needed. " if head.is_needed else ""
    about = f"Of the {head.via.label}: " if head.via else ""
    return f"{needed}{about}{field.meaning} {_how(contents, field)}".strip()


def _how(contents: HomeContents, field: Field) -> str:
    several = " Several by “;”." if field.several else ""
    if not field.is_link:
        form = _FORMS[field.holds]
        return f"({form}){several}" if form else several.strip()
    allowed = contents.allowed(field)
    if allowed and len(allowed) <= len("a dozen"):
        return f"One of: {', '.join(entry.slug for entry in allowed)}.{several}"
    lists = " or ".join(f"cjph list {contents.list_name(target)}" for target in field.targets)
    return f"By name, or as `{lists}` shows it.{several}"


def _example(contents: HomeContents, form: Form, heads: Sequence[Head]) -> list[str]:
    """Return the row of the thing of a kind that has most of the columns."""
    things = contents.things.of_class(form.kind.iri)
    best = max(things, key=lambda s: sum(bool(_cell(contents, s, h)) for h in heads), default=None)
    cells = [_cell(contents, best, head) if best else "" for head in heads]
    return [f"# For example: {cells[0]}", *cells[1:]]


def _cell(contents: HomeContents, subject: Node, head: Head) -> str:
    if head.field is None:
        owner = contents.things.owner(subject)
        return contents.label(owner.value) if isinstance(owner, NamedNode) else ""
    if head.via:
        parts = contents.things.values(subject, NamedNode(head.via.path))
        first = parts[0] if parts else None
        if not isinstance(first, NamedNode) or not contents.part(head.via):
            return ""
        subject = first
    values = contents.things.values(subject, NamedNode(head.field.path))
    texts = [
        contents.label(value.value)
        if isinstance(value, NamedNode) and head.field.is_link
        else value.value
        for value in values
        if isinstance(value, NamedNode) or (isinstance(value, Literal) and not is_foreign(value))
    ]
    return JOINED_BY.join(sorted(texts))


class _Book:
    def __init__(self, contents: HomeContents, book: "Workbook") -> None:
        self._contents = contents
        self._book = book
        self._lists: dict[tuple[str, ...], tuple[str, list[str]]] = {}
        add = book.add_format
        self._head = add({"bold": True, "bg_color": "#DDEBF7", "border": 1, "num_format": "@"})
        self._needed = add({"bold": True, "bg_color": "#FCE4D6", "border": 1, "num_format": "@"})
        self._hint = add(
            {"italic": True, "font_color": "#595959", "text_wrap": True, "valign": "top"}
        )
        self._text = add({"num_format": "@"})

    def add(self, form: Form, *, is_first: bool) -> None:
        """Add the sheet of a kind."""
        contents = self._contents
        heads = list(heads_of(contents, form, beside=False))
        if not is_first and form.part is None:
            heads = [head for head in heads if head.via is None]
        page = self._book.add_worksheet(table_name(form.kind)[:_LONGEST_NAME])
        page.freeze_panes(2, 1)
        page.set_row(1, 90)
        for at, (head, hint) in enumerate(zip(heads, _hints(contents, heads), strict=True)):
            holds = head.field.holds if head.field else "text"
            page.set_column(
                at, at, _WIDTHS.get(holds, 16), None if holds == "number" else self._text
            )
            page.write_string(0, at, head.name, self._needed if head.is_needed else self._head)
            page.write_string(1, at, hint, self._hint)
            if head.field:
                page.write_comment(0, at, head.field.message, {"x_scale": 2, "author": "cjph"})
                self._choices(page, at, head.field)
        for at, cell in enumerate(_example(contents, form, heads)):
            if cell:
                page.write_string(2, at, cell, self._hint)

    def _choices(self, page: Any, at: int, field: Field) -> None:
        """Give a column a drop-down list; where there may be other values it only warns."""
        if field.holds == "boolean":
            choice = {"validate": "list", "source": ["yes", "no"]}
            page.data_validation(3, at, _LAST_ROW, at, choice)
        if not field.is_link or self._contents.part(field):
            return
        key = field.targets or field.choices
        if key not in self._lists:
            name = f"list_{len(self._lists) + 1}"
            self._lists[key] = name, self._values(field)
        name, values = self._lists[key]
        if not values:
            return
        is_open = self._contents.forms_of(field)
        choice = {
            "validate": "list",
            "source": f"={name}",
            "error_type": "information" if is_open else "warning" if field.several else "stop",
            "error_title": field.label[:32],
            "error_message": _told(field)[:_LONGEST_NOTE],
        }
        page.data_validation(3, at, _LAST_ROW, at, choice)

    def _values(self, field: Field) -> list[str]:
        """Return what may be chosen: labels, and short names where a label is not one thing's."""
        allowed = self._contents.allowed(field)
        labels = [entry.label for entry in allowed]
        once = {label for label in labels if labels.count(label) == 1 and ";" not in label}
        return sorted(entry.label if entry.label in once else entry.slug for entry in allowed)

    def finish(self) -> None:
        """Write the lists that the drop-downs show, on a hidden sheet."""
        from xlsxwriter.utility import xl_range_abs

        if not self._lists:
            return
        page = self._book.add_worksheet(_LISTS)
        page.hide()
        for at, (name, values) in enumerate(self._lists.values()):
            page.write_column(0, at, values)
            last = max(len(values) - 1, 0)
            self._book.define_name(name, f"={_LISTS}!{xl_range_abs(0, at, last, at)}")


def _told(field: Field) -> str:
    if field.several:
        return "This is not in the list. Several values of it may stand here, divided by “;”."
    return f"Choose a {field.label} from the list."
