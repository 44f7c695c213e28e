"""The frames of a home: JSON-LD 1.1 frames in `ontology/frames/`, and one for each other kind.

A frame's context is that of the home, `"../context.jsonld"`, after which it may name more relations
to read against their direction:

    "@context": ["../context.jsonld", {"here": {"@reverse": "place", "@container": "@set"}}]

A kind without a file has a frame that follows from its shapes: all that its things say, with the
names of what they link to, and their parts in full.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from cjph_graph.errors import InputError, UsageError
from cjph_graph.home import Home, Kind, Property, find_kind
from cjph_graph.publish.jsonld.context import Context, Json
from cjph_graph.publish.jsonld.framing import ALWAYS, NEVER, ONCE, Frame
from cjph_graph.publish.jsonld.writing import one_or_all
from cjph_graph.rdf import NAMES, last_part, nearest, parse_iri
from cjph_graph.system import files_below, read, shown

_ALIASES = {"id": "@id", "type": "@type"}
_CONTEXT = "../context.jsonld"
# The frame that shows every thing that is no part of another.
EVERYTHING = "all"
# A frame that goes deeper than this is a mistake, or meant to be one.
_DEEPEST = 20
_SUPPORTED = "There are @id, @type, @embed, @explicit, @requireAll and @reverse."


@dataclass(frozen=True)
class NamedFrame:
    """A frame with its name, the context that its output has, and the frame as it was written.

    `text` is its file, empty where there is none.
    """

    name: str
    frame: Frame
    context: Context
    written: Mapping[str, Json]
    text: bytes = b""


def list_frames(home: Home) -> list[str]:
    """Return the names of the frames in a home's files."""
    return sorted(path.stem for path in _files(home))


def find_frame(home: Home, kinds: Sequence[Kind], context: Context, name: str) -> NamedFrame:
    """Return the frame of a file or, where no file has the name, that of a kind.

    Raises UsageError when there is neither, InputError when the file is no frame.
    """
    for path in _files(home):
        if path.stem == name:
            return read_frame(path, context)
    if name == EVERYTHING:
        return _derived(name, context, derived_frame(kinds, context, *_top(kinds)))
    try:
        kind = find_kind(kinds, name)
    except UsageError:
        known = [*list_frames(home), *(kind.folder or kind.name for kind in kinds)]
        hint = f"There are: {', '.join(sorted(set(known)))}."
        raise UsageError(f"There is no frame {name!r}.", hint) from None
    return frame_of(home, kinds, context, kind)


def frame_of(home: Home, kinds: Sequence[Kind], context: Context, kind: Kind) -> NamedFrame:
    """Return the frame for things of a kind: that of a file for this kind alone, or the derived."""
    for path in _files(home):
        found = read_frame(path, context)
        if found.frame.types == (kind.iri,):
            return found
    return _derived(last_part(kind.iri), context, derived_frame(kinds, context, kind))


def _derived(name: str, context: Context, written: Mapping[str, Json]) -> NamedFrame:
    return NamedFrame(name, _FrameReader(context, name).frame(written), context, written)


def _top(kinds: Sequence[Kind]) -> list[Kind]:
    """Return the kinds of things that are no parts of others."""
    owned = {iri for kind in kinds for p in kind.properties if p.inverse for iri in p.classes}
    return [k for k in kinds if k.namespace or not (k.iri in owned or _is_owned(k))]


def _is_owned(kind: Kind) -> bool:
    return any(entry.inverse and entry.single for entry in kind.properties)


def _files(home: Home) -> list[Path]:
    folder = home.ontology.parent / "frames"
    return files_below(folder, ".jsonld", within=home.path) if folder.is_dir() else []


def read_frame(path: Path, context: Context) -> NamedFrame:
    """Read a frame from a file; raise InputError with what is wrong and what to do."""
    try:
        text = read(path)
        written = json.loads(text.decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"The frame {shown(path)} is not JSON: {error}.") from error
    reader = _FrameReader(context, shown(path))
    if not isinstance(written, dict):
        raise reader.wrong("it is not an object", "A frame begins with { and has a @context.")
    reader.take_context(written.get("@context", _CONTEXT))
    return NamedFrame(path.stem, reader.frame(written), reader.context, written, text)


class _FrameReader:
    """Turns a frame as it is written into one of IRIs."""

    def __init__(self, context: Context, name: str) -> None:
        self.context = context
        self._name = name

    def wrong(self, problem: str, hint: str) -> InputError:
        return InputError(f"The frame {self._name} cannot be used: {problem}.", hint)

    def take_context(self, written: object) -> None:
        """Take in the frame's context: that of the home, then terms that read backwards."""
        for each in written if isinstance(written, list) else [written]:
            if each == _CONTEXT:
                continue
            if not isinstance(each, dict):
                raise self.wrong(
                    f"its @context is {json.dumps(each)}", f'Write "@context": "{_CONTEXT}".'
                )
            for term, said in each.items():
                if not isinstance(said, dict) or set(said) != {"@reverse", "@container"}:
                    raise self.wrong(
                        f"its context has a term {term!r} that reads no relation backwards",
                        f'Write "{term}": {{"@reverse": PROPERTY, "@container": "@set"}}.',
                    )
                self.context = self.context.with_reverse(term, self._path(str(said["@reverse"])))

    def frame(self, written: object, depth: int = 0) -> Frame:
        """Return the frame of an object; raise InputError for what is not supported."""
        if isinstance(written, list) and len(written) == 1:
            written = written[0]
        if not isinstance(written, dict) or depth > _DEEPEST:
            said = "is nested too deep" if depth > _DEEPEST else f"has {json.dumps(written)[:40]}"
            raise self.wrong(f"it {said}", "A property has a frame, {} or [].")
        values: dict[str, Frame | None] = {}
        back: dict[str, Frame] = {}
        flags: dict[str, Any] = {}
        for key, said in written.items():
            name = _ALIASES.get(key, str(key))
            if name == "@context" and depth == 0:
                continue
            if name == "@reverse" and isinstance(said, dict):
                back |= {self._path(term): self.frame(v, depth + 1) for term, v in said.items()}
            elif name.startswith("@"):
                flags |= self._keyword(name, said)
            elif path := self._back(name):
                back[path] = self.frame(said, depth + 1)
            else:
                values[self._path(name)] = None if said == [] else self.frame(said, depth + 1)
        return Frame(values=values, back=back, **flags)

    def _keyword(self, name: str, said: Any) -> dict[str, Any]:
        listed = said if isinstance(said, list) else [said]
        if name == "@id":
            return {"ids": () if listed == [{}] else tuple(str(iri) for iri in listed)}
        if name == "@type":
            if listed == [{}] or not listed:
                return {"types": (), "any_type": bool(listed)}
            return {"types": tuple(self._class(str(each)) for each in listed)}
        if name == "@embed" and said in (ALWAYS, ONCE, NEVER, True, False):
            return {"embed": {True: ONCE, False: NEVER}.get(said, said)}
        if name in ("@explicit", "@requireAll") and isinstance(said, bool):
            return {"explicit" if name == "@explicit" else "require_all": said}
        if name == "@omitDefault" and said is True:
            return {}
        raise self.wrong(f"{name} {json.dumps(said)[:40]} is not supported", _SUPPORTED)

    def _class(self, name: str) -> str:
        for iri, known in self.context.classes.items():
            if name in (iri, known):
                return iri
        if ":" in name:
            return name
        raise self._unknown(name, self.context.classes.values())

    def _path(self, name: str) -> str:
        for path, term in self.context.terms.items():
            if name in (path, term.name):
                return path
        if ":" in name and parse_iri(name):
            return name
        raise self._unknown(name, (term.name for term in self.context.terms.values()))

    def _back(self, name: str) -> str:
        terms = self.context.backwards.items()
        return next((path for path, term in terms if term.name == name), "")

    def _unknown(self, name: str, known: Any) -> InputError:
        near = nearest(name, known)
        return self.wrong(
            f"its context has no term {name!r}",
            f"Did you mean {near[0]}?" if near else "`cjph export --context` shows the terms.",
        )


def derived_frame(kinds: Sequence[Kind], context: Context, *wanted: Kind) -> dict[str, Json]:
    """Return the frame for things of some kinds, as it would be written in a file."""
    by_class = {each.iri: each for each in kinds}
    types: list[Json] = [context.classes.get(kind.iri, kind.iri) for kind in wanted]
    head: dict[str, Json] = {"@context": _CONTEXT, "type": one_or_all(types)}
    found: dict[str, Json] = {}
    for kind in wanted:
        for name, frame in _entries(kind, by_class, context):
            found.setdefault(name, frame)
    return head | found


def _entries(
    kind: Kind, kinds: Mapping[str, Kind], context: Context, come_by: str = ""
) -> Iterator[tuple[str, Json]]:
    """Yield each property of a kind with its frame; `come_by` is the way back to the owner."""
    for entry in kind.properties:
        terms = context.backwards if entry.inverse else context.terms
        term = terms.get(entry.path)
        if entry.path == come_by or (come_by and entry.inverse) or (entry.inverse and not term):
            continue
        name = term.name if term else entry.path
        part = None if come_by else _part(entry, kinds)
        if part:
            yield name, {"id": {}, **dict(_entries(part, kinds, context, entry.path))}
        elif entry.address or not entry.links:
            yield name, {}
        else:
            yield name, _named(context)


def _part(entry: Property, kinds: Mapping[str, Kind]) -> Kind | None:
    """Return the kind of the parts that a property leads to, if it leads to parts."""
    found = [kinds[iri] for iri in entry.classes if iri in kinds]
    if len(found) != 1 or found[0].namespace:
        return None
    return found[0] if entry.inverse or _is_owned(found[0]) else None


def _named(context: Context) -> dict[str, Json]:
    """Return the frame of a link: what it leads to, and what that is called."""
    names = [context.terms[path].name for path in NAMES if path in context.terms]
    return cast("dict[str, Json]", {"id": {}, **{name: {} for name in names}})
