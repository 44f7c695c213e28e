"""From drafts to files: new things where they belong, changes where things stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from cjph_graph.contribute.drafts import Draft, DraftValue, SheetCell
from cjph_graph.contribute.forms import Field
from cjph_graph.contribute.home_contents import HomeContents
from cjph_graph.contribute.problems import Value
from cjph_graph.contribute.turtle import as_turtle, block, used_prefixes
from cjph_graph.errors import InputError
from cjph_graph.home import home_files, property_order
from cjph_graph.publish import JOINED_BY, Index
from cjph_graph.rdf import XSD, is_foreign
from cjph_graph.rdf.format.edit import edit_turtle
from cjph_graph.system import shown

_NUMBERS = {XSD + "decimal", XSD + "integer"}


@dataclass(frozen=True)
class ValueChange:
    """New values for a property of a thing that was there: what it had, and what it gets.

    `name` is what the thing is called; `old` and `new` are in words.
    """

    iri: str
    name: str
    field: Field
    old: str
    new: str
    place: SheetCell


@dataclass
class _Edit:
    changes: dict[str, dict[str, list[bytes]]]
    added: list[str]
    prefixes: dict[str, str]
    expected: set[Triple]
    removed: set[Triple]


def files_with(
    contents: HomeContents, before: Index, drafts: Sequence[Draft]
) -> tuple[dict[Path, bytes], list[ValueChange]]:
    """Return the files of a home with what drafts add to them, and what the drafts change.

    `before` are the things that were there. Raises InputError when a file can't be changed without
    changing what else it says.
    """
    standing = _standing(contents)
    edits: dict[Path, _Edit] = {}
    changes: list[ValueChange] = []
    for draft in drafts:
        path = standing.get(draft.iri) or standing.get(draft.owner)
        path = path or contents.file_of(_owner(draft))
        edit = edits.setdefault(path, _Edit({}, [], {}, set(), set()))
        if draft.is_new:
            _add(contents, draft, edit, shared=path.stem != _owner(draft).rpartition("/")[2])
        else:
            changes += _changed(contents, before, draft, edit)
    order = property_order(contents.kinds)
    before_texts = {path: path.read_bytes() if path.exists() else b"" for path in edits}
    files = {}
    for path, edit in edits.items():
        if edit.added or edit.changes:
            text = "\n".join(edit.added).encode()
            done = edit_turtle(before_texts[path], edit.changes, text, edit.prefixes, order)
            _confirm(path, before_texts[path], done, edit)
            files[path] = done
    return files, changes


def _owner(draft: Draft) -> str:
    return draft.owner or draft.iri


def _standing(contents: HomeContents) -> dict[str, Path]:
    """Return in which file each thing stands."""
    paths = home_files(contents.home)
    return {
        subject.value: path
        for path, file in zip(paths, contents.files, strict=True)
        for subject in file.subjects
    }


def _add(contents: HomeContents, draft: Draft, edit: _Edit, *, shared: bool) -> None:
    """Add a new thing to its file; the parts of the one thing of a file have the empty prefix."""
    own = "" if shared else f"{_owner(draft)}#"
    pairs = [(s.field.path, s.value) for s in draft.statements]
    text = block(draft.iri, draft.form.kind.iri, dict.fromkeys(pairs), contents.prefixes, own)
    edit.added.append(text)
    edit.prefixes |= used_prefixes(text, contents.prefixes)
    if own and (draft.owner or any(s.value.value.startswith(own) for s in draft.statements)):
        edit.prefixes[""] = own
    edit.expected |= set(draft.triples())


def _changed(contents: HomeContents, before: Index, draft: Draft, edit: _Edit) -> list[ValueChange]:
    """Note where a draft differs from the thing that is there."""
    subject = NamedNode(draft.iri)
    changes = []
    for path in dict.fromkeys(s.field.path for s in draft.statements):
        said = [s for s in draft.statements if s.field.path == path]
        had = before.values(subject, NamedNode(path))
        old = [value for value in had if isinstance(value, Literal | NamedNode)]
        new = _merged(old, said, draft.texts.get(path, ""))
        if new is None:
            continue
        own = f"{_owner(draft)}#"
        prefixes = {**contents.prefixes, "": own} if own in str(new) else contents.prefixes
        texts = [as_turtle(value, prefixes) for value in new]
        edit.changes.setdefault(draft.iri, {})[path] = [text.encode() for text in texts]
        edit.prefixes |= used_prefixes("\n".join(texts), contents.prefixes)
        if any(text.startswith(":") for text in texts):
            edit.prefixes[""] = own
        edit.removed |= {Triple(subject, NamedNode(path), value) for value in old}
        edit.expected |= {Triple(subject, NamedNode(path), value) for value in new}
        if not all(each.more for each in said):
            was, becomes = _words(contents, old), _words(contents, new)
            name, first = contents.label(draft.iri), said[0]
            changes.append(ValueChange(draft.iri, name, first.field, was, becomes, first.place))
    return changes


def _merged(old: list[Value], said: Sequence[DraftValue], text: str) -> list[Value] | None:
    """Return the values that a property is to have; None where they are what it has."""
    if text and text in _exported(old):
        said = [each for each in said if each.more]
        new = list(dict.fromkeys([*old, *(each.value for each in said)]))
    else:
        given = [each.value for each in said]
        languages = {v.language for v in given if isinstance(v, Literal)}
        kept = [
            value
            for value in old
            if all(each.more for each in said)
            or (isinstance(value, Literal) and value.language and value.language not in languages)
        ]
        new = list(dict.fromkeys([*kept, *given]))
    return None if set(map(comparable, new)) == set(map(comparable, old)) else new


def _exported(old: Sequence[Value]) -> set[str]:
    """Return how a table may show some values: as texts, or as slugs."""
    own = [v for v in old if not (isinstance(v, Literal) and is_foreign(v))] or list(old)
    texts = sorted(value.value for value in own)
    slugs = sorted(value.value.rstrip("/").rpartition("/")[2] for value in own)
    return {JOINED_BY.join(texts), JOINED_BY.join(slugs)}


def comparable(value: Value) -> object:
    """Return what two ways to write a value have in common: 1.5 and 1.50 are one number."""
    if isinstance(value, Literal) and value.datatype.value in _NUMBERS:
        from decimal import Decimal, InvalidOperation

        try:
            return Decimal(value.value)
        except InvalidOperation:
            return value
    return value


def _words(contents: HomeContents, values: Sequence[Value]) -> str:
    texts = [contents.label(v.value) if isinstance(v, NamedNode) else v.value for v in values]
    return JOINED_BY.join(sorted(texts)) or "nothing"


def _confirm(path: Path, before: bytes, after: bytes, edit: _Edit) -> None:
    """Raise InputError when a changed text does not say what it should."""
    had = {quad.triple for quad in parse(before, format=RdfFormat.TURTLE)} if before else set()
    has = {quad.triple for quad in parse(after, format=RdfFormat.TURTLE)}
    if has != (had - edit.removed) | edit.expected:
        raise InputError(
            f"{shown(path)} cannot be changed without changing what else it says.",
            "Add this to it by hand.",
        )
