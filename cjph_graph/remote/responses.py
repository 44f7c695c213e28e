"""A server's answer over HTTP: read no further than is allowed, and what it reports as wrong."""

import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPResponse, IncompleteRead
from json import loads

from cjph_graph.errors import EndpointError
from cjph_graph.system.limits import max_size, too_large

_CHUNK = 65_536
_ERROR_SIZE = 8_192
_SHOWN = 300
# The members of JSON in which servers put their message.
_MEMBERS = ("message", "exception", "error", "errors", "detail", "description", "title")
_DEEPEST = 3


@dataclass(frozen=True)
class Reply:
    """What a server answered: headers by their names in small letters, and the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def media_type(self) -> str:
        """The media type, without its parameters; empty when the server named none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def text(self) -> str:
        """The body as text, whatever is wrong with its encoding."""
        return self.body.decode("utf-8", "replace")

    def words(self, hide: Callable[[str], str]) -> str:
        """Return a server's message, as one line that is safe to show; empty if there is none.

        `hide` takes out what is secret, before anything is cut off or decoded, and after it.
        """
        text = hide(self.text[:_ERROR_SIZE])
        text = told_in_json(text) or text
        if "<" in text and self.media_type != "text/plain":
            text = _without_tags(text)
        # Virtuoso repeats the query, which may be long and which the user knows.
        text = " ".join(hide(text).partition("SPARQL query:")[0].split())
        text = "".join(char if char.isprintable() else "\ufffd" for char in text).rstrip(".")
        return f"{text[:_SHOWN]}…" if len(text) > _SHOWN else f"{text}." if text else ""


def told_in_json(text: str) -> str:
    """Return the message of an error in JSON; empty when there is none."""
    try:
        return _message(loads(text))
    except (ValueError, RecursionError):
        return ""


def _message(said: object, depth: int = 0) -> str:
    if isinstance(said, str):
        return said if depth else ""
    if isinstance(said, list):
        said = dict(zip(_MEMBERS, said[:1], strict=False))
    if not isinstance(said, dict) or depth > _DEEPEST:
        return ""
    found = (_message(said.get(name), depth + 1) for name in _MEMBERS)
    return next((text for text in found if text), "")


def _without_tags(text: str) -> str:
    return unescape(re.sub(r"(?is)<(head|script|style)\b.*?</\1\s*>|<[^>]{0,1000}>", " ", text))


def read_body(response: HTTPResponse) -> bytes:
    """Read the answer, no further than is allowed, and unpack it as it comes."""
    most = max_size() if response.status < 400 else _ERROR_SIZE
    coding = response.getheader("Content-Encoding", "identity").strip().lower()
    if coding not in ("identity", "gzip", "x-gzip"):
        raise EndpointError("The endpoint packs its answer in a way that was not asked for.")
    unpacker = zlib.decompressobj(31) if coding.endswith("gzip") else None
    parts: list[bytes] = []
    size = 0
    while chunk := response.read1(_CHUNK):
        data = _unpacked(unpacker, chunk, most - size + 1) if unpacker else chunk
        parts.append(data)
        size += len(data)
        if size > most and response.status >= 400:
            return b"".join(parts)  # enough to say what it is
        if size > most:
            raise too_large("The endpoint's answer")
    if response.length or (unpacker and parts and not unpacker.eof):
        raise IncompleteRead(b"", response.length)
    response.close()  # it was read to its end: the connection is free again
    return b"".join(parts)


def _unpacked(unpacker: "zlib._Decompress", data: bytes, most: int) -> bytes:
    """Return what some bytes of gzip hold, at most so many bytes of it."""
    try:
        found = unpacker.decompress(data, most)
    except zlib.error as error:
        raise EndpointError("The endpoint sent what cannot be unpacked.") from error
    if unpacker.unused_data:
        raise EndpointError("The endpoint sent something behind what is packed.")
    return found
