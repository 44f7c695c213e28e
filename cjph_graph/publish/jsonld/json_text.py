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
    """Return JSON as text, on as many lines as is easily read, its first line not indented."""
    if isinstance(value, str):
        return str(value) if isinstance(value, Number) else encode_basestring(value)
    if isinstance(value, Shared):
        if (known := value.texts.get(indent)) is None:
            known = value.texts[indent] = _lines(value, indent)
        return known
    if isinstance(value, dict):
        return _lines(value, indent)
    if isinstance(value, list):
        inner = indent + "  "
        each = [pretty(v, inner) for v in value]
        return f"[{inner}{f',{inner}'.join(each)}{indent}]" if each else "[]"
    return json.dumps(value)


def _lines(value: Mapping[str, Json], indent: str) -> str:
    inner = indent + "  "
    items = [
        f"{encode_basestring(k)}: {encode_basestring(v) if type(v) is str else pretty(v, inner)}"
        for k, v in value.items()
    ]
    return f"{{{inner}{f',{inner}'.join(items)}{indent}}}" if items else "{}"


def on_one_line(value: Json) -> str:
    """Return JSON as text on one line."""
    if isinstance(value, str):
        return str(value) if isinstance(value, Number) else encode_basestring(value)
    if isinstance(value, Shared):
        if (known := value.texts.get("")) is None:
            known = value.texts[""] = _line(value)
        return known
    if isinstance(value, dict):
        return _line(value)
    if isinstance(value, list):
        return f"[{', '.join(map(on_one_line, value))}]"
    return json.dumps(value)


def _line(value: Mapping[str, Json]) -> str:
    items = [
        f"{encode_basestring(k)}: {encode_basestring(v) if type(v) is str else on_one_line(v)}"
        for k, v in value.items()
    ]
    return f"{{{', '.join(items)}}}"


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
        yield _lines(node, indent) if indent else _line(node)
        return
    inner = indent and f"{indent}  "
    start = f"{{{inner}"
    for key, value in node.items():
        yield f"{start}{encode_basestring(key)}: "
        if isinstance(value, list) and _is_long(value):
            yield from _values(value, inner)
        else:
            yield _text(value, inner)
        start = f",{inner or ' '}"
    yield f"{indent}}}"


def _values(values: Sequence[Json], indent: str) -> Iterator[str]:
    inner = indent and f"{indent}  "
    start = f"[{inner}"
    for value in values:
        yield f"{start}{_text(value, inner)}"
        start = f",{inner or ' '}"
    yield f"{indent}]"


def _text(value: Json, indent: str) -> str:
    return pretty(value, indent) if indent else on_one_line(value)


def _is_long(value: Json) -> bool:
    return isinstance(value, list) and len(value) > _MANY
