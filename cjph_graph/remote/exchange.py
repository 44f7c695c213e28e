"""One request under way, and the connections that it uses."""

import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import SplitResult


@dataclass(frozen=True)
class Request:
    """One HTTP request; `body` is None when it has none."""

    url: str
    method: str
    headers: Mapping[str, str]
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Exchange:
    """A request under way: its connections, and whether it was given up."""

    request: Request
    connections: list[HTTPConnection] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def give_up(self) -> None:
        """Close the connections, whatever is being sent."""
        self.over.set()
        for connection in [*self.connections]:
            with suppress(OSError, AttributeError):  # it never existed, or is closed already
                connection.sock.shutdown(socket.SHUT_RDWR)


def connect(parts: SplitResult) -> HTTPConnection:
    """Return a connection to the host of a URL, which opens when it is used."""
    host = parts.hostname or ""
    return (HTTPSConnection if parts.scheme == "https" else HTTPConnection)(host, parts.port)


def close_all(connections: list[HTTPConnection]) -> None:
    """Close connections, and take them out of the list."""
    while connections:
        connections.pop().close()
