"""Messages between the web process and its workers: JSON and bytes, each behind its length.

A job is one frame of JSON. An answer is a frame of bytes, and one of JSON that says what these are.
"""

import json
import struct
from typing import Any, Protocol

_LENGTH = struct.Struct("!I")
HEADER = _LENGTH.size


class Channel(Protocol):
    """The channel to a worker: a socket, or two pipes."""

    def recv(self, size: int, /) -> bytes:
        """Return at most so many bytes, none at the end."""

    def sendall(self, content: bytes, /) -> None:
        """Send all of some bytes."""


def packed(content: bytes) -> bytes:
    """Return a frame."""
    return _LENGTH.pack(len(content)) + content


def length(header: bytes) -> int:
    """Return how many bytes follow the first HEADER of a frame."""
    found: int = _LENGTH.unpack(header)[0]
    return found


def receive(connection: Channel) -> bytes | None:
    """Return the next frame's content; None when the other side has left."""
    header = _exactly(connection, HEADER)
    return None if header is None else _exactly(connection, length(header))


def _exactly(connection: Channel, size: int) -> bytes | None:
    found = bytearray()
    while len(found) < size:
        piece = connection.recv(size - len(found))
        if not piece:
            return None
        found += piece
    return bytes(found)


def send_answer(connection: Channel, body: bytes, about: dict[str, Any]) -> None:
    """Send the result of a job."""
    connection.sendall(packed(body))
    connection.sendall(packed(json.dumps(about).encode()))
