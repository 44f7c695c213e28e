"""Changing what a Turtle text says about a thing, and nothing else: comments stay.

    edit_turtle(text, {"https://e/a": {"https://e/b": [b'"new"']}}, b"", {})

replaces the values that <https://e/a> has for <https://e/b>.
"""

import re
from collections.abc import Mapping, Sequence

from cjph_graph.rdf.format import Order, format_turtle
from cjph_graph.rdf.format.layout import BlockWriter, lay_out
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
from cjph_graph.rdf.terms import compact

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
        names = BlockWriter(order)
        for item in items:
            if isinstance(item, Directive):
                names.declare(item)
        for subject, properties in changes.items():
            _change(items, names, subject, properties)
        text = lay_out(items, frozenset(names.prefixes), order)
    return format_turtle(text + (b"\n" + added if added else b""), order)


def declared(data: bytes, prefixes: Mapping[str, str]) -> bytes:
    """Return a text with declarations of the prefixes that it lacks."""
    known = {match[1].decode() for match in re.finditer(rb"(?im)^\s*@?prefix\s+(\S*?):", data)}
    lines = [f"@prefix {n}: <{iri}> .\n" for n, iri in sorted(prefixes.items()) if n not in known]
    first = re.search(rb"(?im)^@?prefix\b", data)
    at = first.start() if first else 0
    return data[:at] + "".join(lines).encode() + data[at:]


def _change(
    items: Sequence[Item],
    names: BlockWriter,
    subject: str,
    properties: Mapping[str, Sequence[bytes]],
) -> None:
    subjects = (item for item in items if isinstance(item, SubjectNode))
    blocks = [each for each in subjects if names.iri(each.subject.text) == subject]
    prefixes = {name[:-1].decode(): iri for name, iri in names.prefixes.items()}
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
            name = compact(path, prefixes) or f"<{path}>"
            blocks[0].properties.append(PropertyNode(name.encode(), written))
