"""What a server answers over HTTP: read no further than is allowed, and why it was no success."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cjph_graph.errors import EndpointError
from cjph_graph.system.limits import max_size, too_large

if TYPE_CHECKING:
    from http.client import HTTPResponse

_CHUNK = 65_536
_ERROR_SIZE = 8_192
_SHOWN = 300


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

    def reason(self) -> str:
        """Return what a server says is wrong, as one line that is safe to show."""
        if self.status < 300:
            return ""
        text = self.body.decode("utf-8", "replace")
        if self.media_type.endswith("json"):
            from json import loads

            try:
                told = loads(text)
                named = (told.get(key) for key in ("message", "error", "exception", "detail"))
                text = next((word for word in named if isinstance(word, str)), text)
            except (ValueError, AttributeError, RecursionError):
                pass
        if "<" in text and self.media_type != "text/plain":
            from html import unescape

            text = re.sub(r"(?is)<(head|script|style)\b.*?</\1\s*>|<[^>]{0,1000}>", " ", text)
            text = unescape(text)
        # Virtuoso repeats the query; it may be long, and whoever asked has it.
        text = " ".join(text.partition("SPARQL query:")[0].split())
        text = "".join(char if char.isprintable() else "\ufffd" for char in text).rstrip(".")
        return f"{text[:_SHOWN]}…" if len(text) > _SHOWN else f"{text}." if text else ""


def read_body(response: "HTTPResponse") -> bytes:
    """Read what is answered, no further than is allowed, and unpack it as it comes."""
    import zlib
    from http.client import IncompleteRead

    most = max_size() if response.status < 400 else _ERROR_SIZE
    coding = response.getheader("Content-Encoding", "identity").strip().lower()
    if coding not in ("identity", "gzip", "x-gzip"):
        raise EndpointError("The endpoint packs its answer in a way that was not asked for.")
    unpacker = zlib.decompressobj(31) if coding.endswith("gzip") else None
    parts: list[bytes] = []
    size = 0
    while chunk := response.read1(_CHUNK):
        try:
            data = unpacker.decompress(chunk, most - size + 1) if unpacker else chunk
        except zlib.error as error:
            raise EndpointError("The endpoint sent what cannot be unpacked.") from error
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
