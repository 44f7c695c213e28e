"""What a value that is no term of Turtle was meant to be: a date, an address, a text, and so on.

Each kind of mistake is a function of the words as they stand there and of the values that the
property has elsewhere. The first that recognises them says what they were meant to be.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from cjph_graph.rdf.dates import datatype, dates
from cjph_graph.rdf.syntax_errors.edits import Edit, brief
from cjph_graph.rdf.syntax_errors.known_terms import DATES, NUMBERS, TYPE, Values, slugified
from cjph_graph.rdf.syntax_errors.names import Names
from cjph_graph.rdf.terms import XSD, last_part, namespace_of

_BARE_SUFFIX = re.compile(r"(?P<body>[^^]*[^^\s])\s*\^\^?\s*\S+")
_language = re.compile(r"[\"“”]?(@[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*)$").search
_THOUSANDS = r"\d{1,3}(?:[,' \u00a0\u2009\u202f]\d{3})+"
_UNIT = r"\s*(?:%|[^\W\d]+(?:\s[^\W\d]+)?)?"
_NUMBER = re.compile(rf"[$€£]?\s*([+-]?(?:{_THOUSANDS}|\d+)(?:\.\d+)?){_UNIT}")
_ADDRESS = re.compile(r"<?\s*((?:https?://|www\.)\S+?)\s*>?")
_NAME = re.compile(r"(?P<prefix>[A-Za-z][\w-]*)?\s*:\s*(?P<local>\S.*)")
_TRUTH = {"true": "true", "yes": "true", "false": "false", "no": "false"}
_AND = re.compile(r"\s+(?:and|or|und|y|et|plus|&|\+|/|\|)\s+|\s*[&+|]\s*", re.IGNORECASE)
_WHOLE_NAME = re.compile(r"[A-Za-z][\w-]*:[\w-]+")
_PART = re.compile(r"#?\w[\w -]*")
_LONGEST = 200
_SEPARATOR = re.compile(r"[;,]|\.\s")


class Meant(NamedTuple):
    """What is wrong, what to write instead, other edits that this needs, and further advice."""

    message: str
    new: str
    edits: tuple[Edit, ...] = ()
    hint: str = ""


class Wanted(NamedTuple):
    """The property whose value is read, and what values it has elsewhere."""

    property_: str
    values: Values
    names: Names


def meant(words: str, wanted: Wanted, *, is_whole: bool) -> Meant | None:
    """Return what words in place of a value were meant to be; None if nobody can tell.

    Unless they are the `is_whole`, there are separators among them, as in `March 1, 2021`.
    """
    for recognise in _KINDS:
        if len(words) > _LONGEST and recognise not in _OF_ANY_LENGTH:
            continue
        if (found := recognise(words, wanted)) and (is_whole or recognise in _WITH_SEPARATORS):
            return found
    return None


def _address(words: str, wanted: Wanted) -> Meant | None:
    match = _ADDRESS.fullmatch(words)
    if not match:
        return None
    known = wanted.names.known
    thing = known.thing_at(match[1]) if wanted.values.are_iris else None
    if thing and namespace_of(thing) in wanted.values.namespaces:
        name, edits = wanted.names.short(thing)
        return Meant(f"This is the address of {name}.", name, edits)
    whole = match[1] if "://" in match[1] else f"https://{match[1]}"
    return Meant("An address stands between < and >.", f"<{whole}>")


def _date(words: str, wanted: Wanted) -> Meant | None:
    values = wanted.values
    if values.are(*NUMBERS) or values.are_texts or values.are_iris:
        return None
    body = (match["body"] if (match := _BARE_SUFFIX.fullmatch(words)) else words).strip('"“”')
    found = dates(body, last="end" in last_part(wanted.property_).lower())
    is_number = body.isdigit() and not values.are(*DATES)
    if not found or is_number:
        return None
    kind, edits = wanted.names.short(XSD + datatype(found[0]))
    others = [f'"{date}"^^{kind}' for date in found[1:]]
    hint = f"If the day comes first, write {others[0]}." if others else ""
    message = f"“{brief(words)}” is a date; dates stand in quotes, year first, with their kind."
    return Meant(message, f'"{found[0]}"^^{kind}', edits, hint)


def _number(words: str, wanted: Wanted) -> Meant | None:
    match = _NUMBER.fullmatch(words)
    if not match or not (wanted.values.are(*NUMBERS) or not wanted.values.kinds):
        return None
    return Meant(
        "A number has digits and a point, nothing else.", re.sub(r"[^\d.+-]", "", match[1])
    )


def _truth(words: str, wanted: Wanted) -> Meant | None:
    word = _TRUTH.get(words.lower())
    if not word or not (word == words.lower() or wanted.values.are(f"{XSD}boolean")):
        return None
    return Meant(f"“{words}” is written {word} here, in small letters.", word)


def _joined(words: str, wanted: Wanted) -> Meant | None:
    """Recognise several names with `and`, `or` or a sign between them."""
    names = _AND.split(words)
    if len(names) < 2 or not all(_WHOLE_NAME.fullmatch(name) for name in names):
        return None
    return Meant("Several values have commas between them.", ", ".join(names))


def _name(words: str, wanted: Wanted) -> Meant | None:
    """Recognise a name with spaces or with signs that no name has."""
    match = _NAME.fullmatch(words)
    if not match or (match["prefix"] or "").lower() in ("http", "https"):
        return None
    names, prefix = wanted.names, match["prefix"] or ""
    namespace = names.declared.get(prefix, names.known.prefixes.get(prefix))
    expected = [namespace] if namespace else wanted.values.namespaces
    local = match["local"]
    nearly = not _SEPARATOR.search(words)
    found = names.own_thing(local, expected) if expected else None
    if not found and expected:
        found = names.known.thing_called(local, expected, nearly=nearly)
    if not found and expected and "(" in local:
        found = names.known.thing_called(local.partition("(")[0], expected, nearly=False)
    unclear = wanted.values.are_texts or "," in words or ";" in words or namespace is None
    if not found and unclear:
        return None
    name, edits = names.short(found or f"{namespace}{slugified(local)}")
    return Meant(
        f"“{brief(words)}” is not a name: names have no spaces and few signs.", name, edits
    )


def _bare_name(words: str, wanted: Wanted) -> Meant | None:
    """Recognise the slug or the name of a thing, without its prefix."""
    names, values = wanted.names, wanted.values
    if wanted.property_ == TYPE:
        found = names.known.class_called(words)
    elif values.are_texts or values.are(*DATES, *NUMBERS):
        return None
    else:
        body, _ = _without_language(words)
        if "/" in body and " " not in body:
            body = last_part(body).removesuffix(".ttl")
        nearly = not _SEPARATOR.search(words)
        found = names.own_thing(body, values.namespaces) or names.known.thing_called(
            body, values.namespaces or None, nearly=nearly
        )
    if not found:
        return None
    name, edits = names.short(found)
    return Meant(f"“{brief(words)}” is not a name: names have a prefix and no spaces.", name, edits)


def _own_part(words: str, wanted: Wanted) -> Meant | None:
    """Recognise a part of the file's own thing, `finding-1`, without the prefix `:`."""
    found = wanted.values.namespaces
    parts = [namespace for namespace in found if namespace.endswith("#")]
    if not found or len(parts) < len(found) or wanted.property_ == TYPE:
        return None
    if not wanted.names.known.schema_namespaces.isdisjoint(parts):
        return None
    own = wanted.names.own_namespace()
    if not own or not _PART.fullmatch(words):
        return None
    name, edits = wanted.names.part(f"{own}{slugified(words)}", own)
    return Meant(f"“{brief(words)}” lacks its prefix.", name, edits)


def _new_name(words: str, wanted: Wanted) -> Meant | None:
    """Recognise a slug of something that may not be there yet, where all values have one prefix.

    In `place-eugene` a hyphen stands in the place of the colon.
    """
    if not wanted.values.are_iris or wanted.property_ == TYPE:
        return None
    if len(wanted.values.namespaces) != 1 or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", words):
        return None
    prefix = wanted.names.prefix_of(next(iter(wanted.values.namespaces)))
    if prefix is None:
        return None
    iri = f"{next(iter(wanted.values.namespaces))}{words}"
    if words.startswith(f"{prefix}-"):
        local = words.removeprefix(f"{prefix}-")
        iri = wanted.names.known.thing_called(local, wanted.values.namespaces) or iri
    name, edits = wanted.names.short(iri)
    return Meant(f"“{brief(words)}” lacks its prefix.", name, edits)


def _text(words: str, wanted: Wanted) -> Meant | None:
    values = wanted.values
    if values.kinds and not values.are_texts:
        return None
    body, tag = _without_language(words)
    tag = tag or values.language
    body = body.strip('"“”')
    safe = re.sub(r'["\\]', lambda match: f"\\{match[0]}", body)
    message = f"“{brief(words)}” is a text without quotes."
    if not values.kinds:
        message = f"“{brief(words)}” is neither a text in quotes nor a name with a prefix."
    return Meant(message, f'"{safe}"{tag}')


def _without_language(words: str) -> tuple[str, str]:
    """Return words without a language at their end, and the language."""
    match = _language(words[-40:])
    return (words[: len(words) - len(match[0])].rstrip(), match[1]) if match else (words, "")


_Kind = Callable[[str, Wanted], Meant | None]
_KINDS: tuple[_Kind, ...] = (
    _address, _date, _number, _truth, _joined, _own_part, _name, _bare_name, _new_name, _text,
)  # fmt: skip
_OF_ANY_LENGTH = (_address, _text)
_WITH_SEPARATORS = (_date, _number, _name, _bare_name, _text)
