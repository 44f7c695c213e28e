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

from collections.abc import Mapping

from cjph_graph.errors import InputError
from cjph_graph.rdf.format.layout import Order, lay_out
from cjph_graph.rdf.format.plain import read_laid_out
from cjph_graph.rdf.format.sameness import are_the_same, lines_of, say_the_same

__all__ = ["Order", "format_turtle"]


def _no_order(_: frozenset[str]) -> Mapping[str, int]:
    return {}


def format_turtle(data: bytes, order: Order = _no_order) -> bytes:
    """Return a Turtle text laid out in the one way; `order` gives properties their places.

    Raises SyntaxError when the text is not Turtle, InputError when it can't be laid out without
    changing what it says.
    """
    before = lines_of(data)
    written = lay_out(*read_laid_out(data, order), order)
    same = written == data or are_the_same(before, lines_of(written))
    if not (same or say_the_same(data, written)):
        raise InputError("This can't be formatted without changing what it says.")
    return written
