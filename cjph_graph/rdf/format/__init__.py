r"""One way to write a Turtle file: its layout changes, what it says does not.

    from cjph_graph.rdf.format import format_turtle

    assert format_turtle(b"@prefix e: <http://e/> . e:a e:b 2,1.") == (
        b"@prefix e: <http://e/> .\n\ne:a\n    e:b 1 , 2 .\n"
    )

Plain blocks are taken apart and written again in one go (`plain`). The rest is taken apart into
words (`words`), put together to blocks, properties and values with their comments (`tree`), and
written again (`layout`). No word is changed, so literals keep the form in which they are written.
Before and after, the parser reads the same triples: that is compared.
"""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, Triple, parse, serialize

from cjph_graph.errors import InputError
from cjph_graph.rdf.blank_nodes import blank_nodes_in, lastingly_named
from cjph_graph.rdf.format.layout import Order, lay_out
from cjph_graph.rdf.format.plain import read_laid_out
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
        before = _lines(data)
        written = lay_out(*read_laid_out(data, order), order)
        same = written == data or before == _lines(written) or _say_the_same(data, written)
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


def _lines(data: bytes) -> set[bytes]:
    """Return the triples of a text, a line each: a third quicker to compare than objects."""
    return {*(serialize(_quads(data), format=RdfFormat.N_TRIPLES) or b"").splitlines()}


def _quads(data: bytes) -> Iterator[Quad]:
    return parse(data.removeprefix(BOM), format=RdfFormat.TURTLE, base_iri=_BASE)


def _say_the_same(before: bytes, after: bytes) -> bool:
    """Compare two texts whose lines differ: the parser names each blank node in brackets anew."""
    old, new = {*_quads(before)}, {*_quads(after)}
    some, others = _with_blank_nodes(old), _with_blank_nodes(new)
    if old - some != new - others or len(some) != len(others):
        return False
    return _named(some) == _named(others) or _canonical(some) == _canonical(others)


def _with_blank_nodes(quads: set[Quad]) -> set[Quad]:
    return {quad for quad in quads if any(blank_nodes_in(quad.triple))}


def _named(quads: set[Quad]) -> set[Triple]:
    return {*lastingly_named(quad.triple for quad in quads)}


def _canonical(quads: set[Quad]) -> set[Quad]:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {*dataset}
