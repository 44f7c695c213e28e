"""Keeping secrets out of messages that quote a server.

A server may repeat a token or a password: as it is, percent-encoded, escaped for JSON or HTML, with
tags or line breaks inside, in part. So the text is looked through before anything is cut off it,
as it is and decoded in all these ways. A secret that stands there as it is becomes `…`. When it
shows only in a decoded form, none of the text is quoted.
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from html import unescape
from urllib.parse import unquote, unquote_plus

WITHHELD = "(it repeats your token or password, so it is not shown)"

# This much of a longer secret in a row gives it away.
_PART = 12
_SHORT = 8
_ROUNDS = 4


class Secrets:
    """The texts that no message may show."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = sorted({s for s in secrets if s}, key=len, reverse=True)
        encoded = {b64encode(secret.encode()).decode().rstrip("=") for secret in self._secrets}
        self._short = {s.casefold() for s in self._secrets if len(s) < _SHORT}
        long = {s for s in (*self._secrets, *encoded) if len(s) >= _SHORT}
        self._parts = {part for s in long for part in _parts(_squeezed(s).casefold())}

    def hide(self, text: str) -> str:
        """Return a text without the secrets."""
        for secret in self._secrets:
            text = text.replace(secret, "…")
        return WITHHELD if self._shows(text) else text

    def _shows(self, text: str) -> bool:
        if not self._secrets:
            return False
        for form in map(str.casefold, _decoded(text)):
            squeezed = _squeezed(form)
            if any(s in form for s in self._short) or any(p in squeezed for p in self._parts):
                return True
        return False


def _parts(secret: str) -> Iterator[str]:
    size = max(_SHORT, min(_PART, len(secret) * 2 // 3))
    for start in range(max(1, len(secret) - size + 1)):
        yield secret[start : start + size]


def _squeezed(text: str) -> str:
    """Return a text without tags and without what separates or is invisible."""
    text = re.sub(r"<[^<>]*>", "", text)
    return "".join(char for char in text if char.isprintable() and not char.isspace())


def _decoded(text: str) -> Iterator[str]:
    """Yield a text, and what it says in the encodings that servers use, one inside another."""
    yield text
    for _ in range(_ROUNDS):
        before = text
        yield unquote_plus(text)
        text = _unescaped(unquote(unescape(text)))
        if text == before:
            return
        yield text


def _unescaped(text: str) -> str:
    """Return what a text with the escapes of JSON stands for."""
    text = re.sub(r"\\[uU](?:0000)?([0-9A-Fa-f]{4})", lambda found: chr(int(found[1], 16)), text)
    text = re.sub(r"\\x([0-9A-Fa-f]{2})", lambda found: chr(int(found[1], 16)), text)
    return re.sub(r"\\([^A-Za-z0-9])", r"\1", text)
