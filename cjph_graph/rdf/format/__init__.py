r"""One way to write a Turtle file: its layout changes, what it says does not.

    from cjph_graph.rdf.format import format_turtle

    assert format_turtle(b"@prefix e: <http://e/> . e:a e:b 2,1.") == (
        b"@prefix e: <http://e/> .\n\ne:a\n    e:b 1 , 2 .\n"
    )

The text is taken apart into words (`words`), put together to blocks, properties and values with
their comments (`tree`), and written again (`layout`). No word is changed, so literals keep the form
in which they are written. Before and after, the parser reads the same triples: that is compared.
"""

import gc
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse

from cjph_graph.errors import InputError
from cjph_graph.rdf.format.layout import Order, lay_out
from cjph_graph.rdf.format.tree import read_items
from cjph_graph.rdf.format.words import read_words
from cjph_graph.rdf.lexer import BOM

__all__ = ["Order", "format_turtle"]


# What a relative IRI is compared as: laying it out does not change what it is relative to.
_BASE = "http://relative.invalid/"


def _no_order(_: frozenset[str]) -> Mapping[str, int]:
    return {}


def format_turtle(data: bytes, order: Order = _no_order) -> bytes:
    """Return a Turtle text laid out in the one way; `order` gives properties their places.

    Raises SyntaxError when the text is not Turtle, InputError when it can't be laid out without
    changing what it says.
    """
    with _uncollected():
        before = _quads(data)
        words = read_words(data)
        items = read_items(words)
        written = lay_out(items, _used(words.texts), order)
        if b":type" in data:  # rdf:type has become a, and its prefix may have no other use
            words = read_words(written)
            written = lay_out(read_items(words), _used(words.texts), order)
        same = before == _quads(written)
    if not same:
        raise InputError("This can't be formatted without changing what it says.")
    return written


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep Python from looking for garbage in cycles: of a million new objects none is in one."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _used(texts: list[bytes]) -> frozenset[bytes]:
    """Return the prefixes, with their colons, that some words need."""
    found = set()
    for word, times in Counter(texts).items():
        prefix, colon, local = word.partition(b":")
        if colon and word[:1] not in b"\"'<_" and (local or times > 1):
            found.add(prefix + colon)
    return frozenset(found)


def _quads(data: bytes) -> set[Quad] | Dataset:
    """Return what a text says, with blank nodes named by what they are."""
    quads = set(parse(data.removeprefix(BOM), format=RdfFormat.TURTLE, base_iri=_BASE))
    if not any(isinstance(t, BlankNode) for q in quads for t in (q.subject, q.object)):
        return quads
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {*dataset}
