"""JSON as text, piece by piece where there is much of it.

Python's own encoder is written in Python when it indents; this one takes half the time.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from json.encoder import encode_basestring

from cjph_graph.publish.jsonld.context import Json

_CHUNK = 1 << 16
# A list of more values is written piece by piece: a place may have all that happens there.
_MANY = 200


class Number(str):
    """A number as JSON has it, digit by digit."""

    __slots__ = ()


class Shared(dict[str, Json]):
    """A node that stands in many places: its text is made once for each indentation."""

    __slots__ = ("texts",)

    def __init__(self, node: Mapping[str, Json]) -> None:
        super().__init__(node)
        self.texts: dict[str, str] = {}


def pretty(value: Json, indent: str = "\n") -> str:
    """Return JSON as text, on as many lines as is easily read, its first line not indented.

    An `indent` is a line end and blanks; without one, all is on one line.
    """
    if isinstance(value, str):
        return str(value) if isinstance(value, Number) else encode_basestring(value)
    if isinstance(value, Shared):
        if (known := value.texts.get(indent)) is None:
            known = value.texts[indent] = _object(value, indent)
        return known
    if isinstance(value, dict):
        return _object(value, indent)
    if isinstance(value, list):
        inner = indent and f"{indent}  "
        each = [pretty(v, inner) for v in value]
        return f"[{inner}{_between(inner).join(each)}{indent}]" if each else "[]"
    return json.dumps(value)


def _object(value: Mapping[str, Json], indent: str) -> str:
    inner = indent and f"{indent}  "
    items = [
        f"{encode_basestring(k)}: {encode_basestring(v) if type(v) is str else pretty(v, inner)}"
        for k, v in value.items()
    ]
    return f"{{{inner}{_between(inner).join(items)}{indent}}}" if items else "{}"


def _between(indent: str) -> str:
    """Return what stands between the values of a list or an object."""
    return f",{indent or ' '}"


def document(
    context: Json, nodes: Iterable[Mapping[str, Json]], *, alone: bool = False
) -> Iterator[bytes]:
    """Yield a JSON-LD document piece by piece: its context, and its nodes under `@graph`.

    With `alone` there is one node, and the document is that.
    """
    if alone:
        (node,) = nodes
        yield from one({"@context": context, **node})
        yield b"\n"
        return
    head = f'{{\n  "@context": {pretty(context, chr(10) + "  ")},\n  "@graph": '
    yield head.encode()
    yield from array(nodes, "\n  ")
    yield b"\n}\n"


def one(node: Mapping[str, Json]) -> Iterator[bytes]:
    """Yield one node piece by piece."""
    return _gathered(_pieces(node, "\n"))


def array(nodes: Iterable[Mapping[str, Json]], indent: str = "\n") -> Iterator[bytes]:
    """Yield a JSON array piece by piece."""
    return _gathered(_array(nodes, indent))


def lines(nodes: Iterable[Mapping[str, Json]]) -> Iterator[bytes]:
    """Yield JSON Lines piece by piece."""
    return _gathered(piece for node in nodes for piece in chain(_pieces(node, ""), ("\n",)))


def _gathered(pieces: Iterable[str]) -> Iterator[bytes]:
    """Yield texts joined to pieces of some size."""
    waiting: list[str] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size > _CHUNK:
            yield "".join(waiting).encode()
            waiting.clear()
            size = 0
    if waiting:
        yield "".join(waiting).encode()


def _array(nodes: Iterable[Mapping[str, Json]], indent: str) -> Iterator[str]:
    inner = indent + "  "
    start = "["
    for node in nodes:
        yield f"{start}{inner}"
        yield from _pieces(node, inner)
        start = ","
    yield f"{indent}]" if start == "," else "[]"


def _pieces(node: Mapping[str, Json], indent: str) -> Iterator[str]:
    """Yield a node as text, long lists in it value by value; no `indent` is for one line."""
    if not any(map(_is_long, node.values())):
        yield _object(node, indent)
        return
    inner = indent and f"{indent}  "
    start = f"{{{inner}"
    for key, value in node.items():
        yield f"{start}{encode_basestring(key)}: "
        if isinstance(value, list) and _is_long(value):
            yield from _values(value, inner)
        else:
            yield pretty(value, inner)
        start = _between(inner)
    yield f"{indent}}}"


def _values(values: Sequence[Json], indent: str) -> Iterator[str]:
    inner = indent and f"{indent}  "
    start = f"[{inner}"
    for value in values:
        yield f"{start}{pretty(value, inner)}"
        start = _between(inner)
    yield f"{indent}]"


def _is_long(value: Json) -> bool:
    return isinstance(value, list) and len(value) > _MANY
