"""Taking a text apart and laying it out in one go, block by block.

Nearly all of a large file is plain blocks: a name, its properties and their values, with no
comment and no bracket among them.

    e:a e:b 2,1; e:c "three"@en .

One regular expression takes such a block in three steps, each up to its separator: `e:a e:b 2,`
and `1;` and `e:c "three"@en .` How many terms a step has tells what they are, for the parser has
accepted the text: three begin a block, two follow a semicolon, one follows a comma. The lines are
then written without an object for each word; blocks whose properties stand in the same order are
arranged alike, so that this is looked up once.

What the expression does not match is read by `tree` and written by `layout`, up to the end of the
block. Both write a plain block in the same way; that is tested.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import chain

from cjph_graph.rdf.format.layout import INDENT, LAST, TYPE, WIDTH, BlockWriter, Order, width
from cjph_graph.rdf.format.tree import Directive, Item, SubjectNode, paragraphs, read_items
from cjph_graph.rdf.format.words import read_block, read_comments, read_words
from cjph_graph.rdf.lexer import BOM, GAP, IRI, LANGUAGE, NAME, PREFIX, STRING, TERM

_SPACE = rb"[ \t\r\n]*+"
_NO_COMMENT = rb"(?![ \t]*+#)"
_SIMPLE = rb"(" + TERM + rb"|(?:" + STRING + rb")(?:" + LANGUAGE + rb"|\^\^" + NAME + rb")?+)"
# Up to three terms and what ends them; semicolons in a row, and before a full stop, are one end.
_step = re.compile(
    _SPACE + _SIMPLE + _SPACE
    + rb"(?:" + _SIMPLE + _SPACE + rb"(?:" + _SIMPLE + _SPACE + rb")?+)?+"
    + rb"([,.]|;(?:" + _SPACE + rb"[;.])*+)" + _NO_COMMENT,
    re.DOTALL,
).match  # fmt: skip
_prefix = re.compile(
    rb"@prefix" + _SPACE + rb"(" + PREFIX + rb")" + _SPACE + rb"(" + IRI + rb")" + _SPACE
    + rb"\." + _NO_COMMENT,
).match  # fmt: skip
_gap = re.compile(GAP).match
# The prefix of a name, or of the datatype of a text.
_named = re.compile(rb"(?:(?:" + STRING + rb")\^\^)?+(" + PREFIX + rb")", re.DOTALL).match
_STOP = b"."[0]
_QUOTES = b"\"'"
_TWICE = -1
_PAD = b" " * INDENT
_BELOW = b" " * 2 * INDENT

# The places of the properties of a block among those it is written with, and how each line begins.
_Arrangement = Sequence[tuple[int, bytes]]


def read_laid_out(data: bytes, order: Order) -> tuple[list[Item], frozenset[bytes]]:
    """Return the directives of a text and, laid out, its blocks and comments, in order.

    With them come the prefixes, with their colons, that the blocks need.
    """
    reader = _PlainReader(data.removeprefix(BOM), order)
    reader.read()
    return reader.items, reader.used()


class _PlainReader:
    def __init__(self, data: bytes, order: Order) -> None:
        self.items: list[Item] = []
        self._data = data
        self._writer = BlockWriter(order)
        self._words: set[bytes] = set()
        # By the names of a block's properties: where its classes are, and by the classes its order.
        self._known: dict[tuple[bytes, ...], tuple[int, dict[object, _Arrangement]]] = {}

    def read(self) -> None:
        data, at = self._data, 0
        while True:
            gap = _gap(data, at)
            start = gap.end() if gap else at
            before: list[bytes] = []
            is_end = start == len(data)
            if b"#" in (between := data[at:start]):
                comments = read_comments(between + b"\n" if is_end else between)
                parts = paragraphs(comments, attached=not is_end)
                before = [] if is_end else parts.pop()
                self.items += parts
            if is_end:
                return
            at = self._plain(start, before) or self._directive(start, before)
            at = at or self._other(start, before)

    def used(self) -> frozenset[bytes]:
        """Return the prefixes that the words of the blocks have."""
        # Of texts, only those with a datatype have one.
        words = (word for word in self._words if word[0] not in _QUOTES or b"^^" in word)
        named = (_named(word) for word in words)
        return frozenset(match[1] for match in named if match)

    def _directive(self, at: int, before: list[bytes]) -> int:
        """Read a plain declaration of a prefix; return where it ends, 0 if there is none."""
        if not (match := _prefix(self._data, at)):
            return 0
        self._declare(Directive(b"@prefix", [match[1], match[2]], before, b""))
        return match.end()

    def _declare(self, item: Directive) -> None:
        if self._writer.declare(item):
            self._known.clear()
        self.items.append(item)

    def _other(self, at: int, before: list[bytes]) -> int:
        """Read and lay out whatever stands up to a full stop; return where that ends."""
        words, end = read_block(self._data, at)
        if before:
            words.before[0] = before
        for item in read_items(words):
            if isinstance(item, Directive):
                self._declare(item)
            elif isinstance(item, SubjectNode):
                lines = self._writer.block(item)
                self._words.update(read_words(b"\n".join(lines)).texts[:-1])
                self.items.append(lines)
            else:
                self.items.append(item)
        return end

    def _plain(self, at: int, before: list[bytes]) -> int:
        """Read and lay out a plain block; return where it ends, 0 if it is not plain."""
        data, match = self._data, _step(self._data, at)
        if not match or match[3] is None:
            return 0
        subject, name, value, mark = match.groups()
        names, values = [name], [value]
        several: dict[int, list[bytes]] = {}
        while mark[-1] != _STOP:
            if not (match := _step(data, match.end())):
                return 0
            name, value, _, following = match.groups()
            if mark == b",":
                several.setdefault(len(values) - 1, [values[-1]]).append(name)
            else:
                names.append(name)
                values.append(value)
            mark = following
        if not (arrangement := self._arrangement(tuple(names), values, several)):
            return 0
        self._words.add(subject)
        self._words.update(values, *several.values())
        self.items.append([*before, subject, *_lines(arrangement, values, several)])
        return match.end()

    def _arrangement(
        self, names: tuple[bytes, ...], values: Sequence[bytes], several: dict[int, list[bytes]]
    ) -> _Arrangement:
        """Return how to write the properties of a block; nothing when one comes twice."""
        if not (known := self._known.get(names)):
            iris = [self._writer.iri(name) for name in names]
            at = iris.index(TYPE) if TYPE in iris else len(names)
            known = self._known[names] = (_TWICE if len(set(iris)) < len(iris) else at, {})
        at, arrangements = known
        if at == _TWICE:
            return ()
        classes = tuple(several.get(at) or values[at : at + 1])
        if not (found := arrangements.get(classes)):
            found = arrangements[classes] = self._arranged(names, classes)
        return found

    def _arranged(self, names: Iterable[bytes], classes: Iterable[bytes]) -> _Arrangement:
        places = self._writer.places(frozenset(classes))
        iris = [self._writer.iri(name) for name in names]
        written = [b"a" if iri == TYPE else name for iri, name in zip(iris, names, strict=True)]
        self._words.update(written)
        order = sorted(range(len(iris)), key=lambda at: places.get(iris[at], LAST))
        return [(at, _PAD + written[at] + b" ") for at in order]


def _lines(
    arrangement: _Arrangement, values: Sequence[bytes], several: dict[int, list[bytes]]
) -> list[bytes]:
    """Return the lines of the properties of a plain block."""
    if not several:
        lines = [head + values[at] + b" ;" for at, head in arrangement]
    else:
        lines = [*chain.from_iterable(
            _several(head, several[at]) if at in several else (head + values[at] + b" ;",)
            for at, head in arrangement
        )]  # fmt: skip
    lines[-1] = lines[-1][:-1] + b"."
    return lines


def _several(head: bytes, given: Iterable[bytes]) -> list[bytes]:
    """Return the lines of a property with several plain values, as `layout` writes them."""
    values = sorted(set(given))
    line = head + b" , ".join(values) + b" ;"
    if len(values) == 1 or (b"\n" not in line and b"\r" not in line and width(line) <= WIDTH):
        return [line]
    return [
        head[:-1],
        *(_BELOW + value + b" ," for value in values[:-1]),
        _BELOW + values[-1] + b" ;",
    ]
