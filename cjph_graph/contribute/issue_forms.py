"""Forms for a new issue, one for each kind of thing, and the row that a filled one becomes.

A form follows from the shapes as a spreadsheet does: a field for each column, with the same names.
What somebody has filled in is Markdown, a heading for each field; it becomes a table of one row,
which the importer reads like any other.
"""

import json
import re
from collections.abc import Container, Iterable, Mapping

from cjph_graph.contribute.forms import Field, Form
from cjph_graph.contribute.home_contents import HomeContents
from cjph_graph.contribute.template import Head, heads_of
from cjph_graph.errors import InputError
from cjph_graph.home import LABELS, Kind
from cjph_graph.publish import JOINED_BY
from cjph_graph.sparql import csv_line

_KIND = "Kind of thing"
# Choosing among more is easier by typing a name.
_MOST_OPTIONS = 60
_NOTHING = ("_No response_", "")
# GitHub keeps this one for itself.
_RESERVED = "none"
_YES_NO = ("Yes", "No")


def issue_forms(contents: HomeContents) -> dict[str, bytes]:
    """Return the forms by the names of their files, each a YAML document."""
    return {
        f"{form.kind.folder}.yml": _document(contents, form)
        for form in contents.forms.values()
        if form.kind.namespace
    }


def issue_row(contents: HomeContents, body: str) -> tuple[Kind, bytes]:
    """Return the kind of thing that a filled form is about, and a CSV table with its one row.

    Raises InputError when the text is not a filled form, or when it can't be told which answer
    belongs to a field.
    """
    parts = re.split(r"^### (.+?)[ \t]*\r?$", body, flags=re.MULTILINE)
    answers = [*zip(parts[1::2], (text.strip() for text in parts[2::2]), strict=True)]
    name = answers[0][1] if answers and answers[0][0] == _KIND else ""
    form = next((f for f in contents.forms.values() if name and f.kind.name == name), None)
    if form is None:
        raise InputError(
            "This is not a filled-in form: it does not name a kind of thing.",
            f"Below the heading “{_KIND}” stands one, such as intervention.",
        )
    labels = _labels(contents, form)
    filled = _answered(labels, answers[1:])
    cells = {
        head.name: _cell(contents, head, filled[label])
        for label, head in labels.items()
        if filled.get(label, "") not in _NOTHING
    }
    return form.kind, (csv_line([*cells]) + csv_line([*cells.values()])).encode()


def _answered(labels: Container[str], answers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the answers by field. A heading that no field has is part of the answer before it."""
    filled = {_KIND: ""}
    last = _KIND
    for heading, text in answers:
        if heading in filled:
            raise InputError(
                f"The heading “{heading}” stands twice.",
                "Take it out of the answer that it is part of: it is the name of a field.",
            )
        if heading in labels:
            filled[heading], last = text, heading
        else:
            filled[last] += f"\n### {heading}\n{text}"
    return filled


def _document(contents: HomeContents, form: Form) -> bytes:
    """Return a form as YAML. All texts are in quotes: Yes and No would be true and false else."""
    kind = form.kind.name
    lines = [
        f"name: {_quoted(f'New: {kind}')}",
        f"description: {_quoted(f'Suggest a thing of this kind: {kind}.')}",
        f"title: {_quoted(f'New {kind}: ')}",
        "body:",
        *_element(
            "markdown",
            "",
            {"value": "Give what a source states, and that source. What is not known stays empty."},
        ),
        *_element("dropdown", "kind", {"label": _KIND, "options": [kind], "default": 0}, True),
    ]
    for label, head in _labels(contents, form).items():
        lines += _question(contents, label, head)
    return ("\n".join(lines) + "\n").encode()


def _question(contents: HomeContents, label: str, head: Head) -> list[str]:
    field = head.field
    if field is None:
        return _element("input", head.name, {"label": label})
    said: dict[str, object] = {"label": label, "description": field.meaning or field.label}
    options = _options(contents, field)
    if options:
        more = {"multiple": True} if field.several and len(options) > 1 else {}
        return _element("dropdown", head.name, {**said, **more, "options": options}, head.is_needed)
    if field.is_link or field.several:
        said["description"] = f"{said['description']} Several by {JOINED_BY.strip()}"
    kind = "textarea" if field.holds == "text" and field.path not in LABELS else "input"
    return _element(kind, head.name, said, head.is_needed)


def _element(
    kind: str, name: str, attributes: Mapping[str, object], needed: bool = False
) -> list[str]:
    lines = [f"  - type: {kind}", *([f"    id: {name}"] if name else []), "    attributes:"]
    for key, value in attributes.items():
        if isinstance(value, list):
            lines += [f"      {key}:", *(f"        - {_quoted(each)}" for each in value)]
        else:
            lines.append(f"      {key}: {_quoted(value)}")
    return [*lines, *(["    validations:", "      required: true"] if needed else [])]


def _quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _options(contents: HomeContents, field: Field) -> list[str]:
    """Return what a field may be, as people choose it; nothing where it is better typed."""
    if field.holds == "boolean":
        return [*_YES_NO]
    if not field.is_link or contents.forms_of(field):
        return []
    names = [each.label for each in contents.allowed(field) if each.label.casefold() != _RESERVED]
    fits = len(names) == len(set(names)) and 0 < len(names) <= _MOST_OPTIONS
    return names if fits else []


def _labels(contents: HomeContents, form: Form) -> dict[str, Head]:
    """Return what each field is called on the form, with its column; parts are left out."""
    found: dict[str, Head] = {}
    for head in heads_of(contents, form, beside=True):
        if head.via and contents.part(head.via):
            continue
        label = head.field.label if head.field else head.name
        if head.via:
            label = f"New {head.via.label}: {label}"
        label = label[:1].upper() + label[1:]
        found[label if label not in found else f"{label} ({head.name})"] = head
    return found


def _cell(contents: HomeContents, head: Head, text: str) -> str:
    """Return what was filled in as the cell of a table: several values by semicolons."""
    field, text = head.field, " ".join(text.split())
    options = _options(contents, field) if field and field.several else []
    if not options:
        return text
    # A value may have a comma of its own, so the longest that fit are taken.
    longest = sorted(options, key=len, reverse=True)
    pattern = "|".join(map(re.escape, longest))
    return JOINED_BY.join(re.findall(rf"(?:^|, )({pattern})(?=, |$)", text)) or text
