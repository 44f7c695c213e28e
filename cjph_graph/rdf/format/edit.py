"""Changing what a Turtle text says about a thing, and nothing else: comments stay.

    edit_turtle(text, {"https://e/a": {"https://e/b": [b'"new"']}}, b"", {})

replaces the values that <https://e/a> has for <https://e/b>.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from cjph_graph.rdf.format import Order, format_turtle
from cjph_graph.rdf.format.layout import lay_out
from cjph_graph.rdf.format.tree import (
    Directive,
    Item,
    PropertyNode,
    SubjectNode,
    ValueNode,
    read_items,
)
from cjph_graph.rdf.format.words import read_words
from cjph_graph.rdf.lexer import BOM
from cjph_graph.rdf.terms import RDF

Changes = Mapping[str, Mapping[str, Sequence[bytes]]]


def edit_turtle(
    data: bytes, changes: Changes, added: bytes, prefixes: Mapping[str, str], order: Order
) -> bytes:
    """Return a text with other values for properties of things, and more paragraphs at its end.

    `changes` has for each thing and property, by IRI, the values it is to have, as Turtle; with
    none the property goes. `added` is Turtle text, `prefixes` are what the values and that text
    need. Raises SyntaxError when the text is not Turtle, InputError as `format_turtle` does.
    """
    text = declared(data.removeprefix(BOM), prefixes)
    if changes:
        items = read_items(read_words(text))
        names = _Names(items)
        for subject, properties in changes.items():
            _change(items, names, subject, properties)
        text = lay_out(items, frozenset(names.prefixes), order)
    return format_turtle(text + (b"\n" + added if added else b""), order)


class _Names:
    """What the names in a text stand for, and how to write a name."""

    def __init__(self, items: Sequence[Item]) -> None:
        declared = [item for item in items if isinstance(item, Directive)]
        self.prefixes = {
            each.words[0]: each.words[1][1:-1].decode("utf-8", "replace")
            for each in declared
            if each.kind == b"@prefix"
        }

    def iri(self, name: bytes) -> str:
        if name == b"a":
            return RDF + "type"
        if name.startswith(b"<"):
            return name[1:-1].decode("utf-8", "replace")
        prefix, colon, local = name.partition(b":")
        return self.prefixes.get(prefix + colon, "") + local.decode("utf-8", "replace")

    def name(self, iri: str) -> bytes:
        for prefix, namespace in sorted(self.prefixes.items(), key=lambda pair: -len(pair[1])):
            local = iri.removeprefix(namespace)
            if local != iri and re.fullmatch(r"\w[\w-]*", local, re.ASCII):
                return prefix + local.encode()
        return f"<{iri}>".encode()


def declared(data: bytes, prefixes: Mapping[str, str]) -> bytes:
    """Return a text with declarations of the prefixes that it lacks."""
    known = {match[1].decode() for match in re.finditer(rb"(?im)^\s*@?prefix\s+(\S*?):", data)}
    lines = [f"@prefix {n}: <{iri}> .\n" for n, iri in sorted(prefixes.items()) if n not in known]
    first = re.search(rb"(?im)^@?prefix\b", data)
    at = first.start() if first else 0
    return data[:at] + "".join(lines).encode() + data[at:]


def _change(
    items: Sequence[Item],
    names: _Names,
    subject: str,
    properties: Mapping[str, Sequence[bytes]],
) -> None:
    blocks = list(_blocks(items, names, subject))
    for path, values in properties.items():
        written = [ValueNode(text) for text in values]
        for block in blocks:
            known = [each for each in block.properties if names.iri(each.name) == path]
            for each in known:
                if written:
                    each.values, written = written, []
                else:
                    block.properties.remove(each)
        if written:
            blocks[0].properties.append(PropertyNode(names.name(path), written))


def _blocks(items: Sequence[Item], names: _Names, subject: str) -> Iterator[SubjectNode]:
    for item in items:
        if isinstance(item, SubjectNode) and names.iri(item.subject.text) == subject:
            yield item
