"""JSON as text, piece by piece where there is much of it.

Python's own encoder is written in Python when it indents; this one takes half the time.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from json.encoder import encode_basestring

from cjph_graph.publish.jsonld.context import Json

_CHUNK = 1 << 16


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
        yield f"{pretty({'@context': context, **node})}\n".encode()
        return
    head = f'{{\n  "@context": {pretty(context, chr(10) + "  ")},\n  "@graph": '
    yield head.encode()
    yield from array(nodes, "\n  ")
    yield b"\n}\n"


def array(nodes: Iterable[Mapping[str, Json]], indent: str = "\n") -> Iterator[bytes]:
    """Yield a JSON array piece by piece."""
    inner = indent + "  "
    waiting: list[str] = []
    size, start = 0, "["
    for node in nodes:
        text = f"{start}{inner}{pretty({**node}, inner)}"
        waiting.append(text)
        size += len(text)
        start = ","
        if size > _CHUNK:
            yield "".join(waiting).encode()
            waiting.clear()
            size = 0
    end = f"{indent}]" if start == "," else "[]"
    yield f"{''.join(waiting)}{end}".encode()
