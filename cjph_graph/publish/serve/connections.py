"""Connections, guarded against clients that send slowly or open many.

uvicorn waits for a request as long as its client likes. Here the whole head of a request has to
come within some seconds of its first byte, or of the connection, and a client has so many
connections only. Programs on this machine, such as a proxy, may have as many as they like.
"""

import asyncio
from collections import Counter
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

_SECONDS = 10
_EACH = 200
_open: Counter[str] = Counter()


class Connection(H11Protocol):
    """An HTTP connection with a bound on the time for the head of a request."""

    _late: asyncio.TimerHandle | None = None
    _counted = ""

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for a request."""
        super().connection_made(transport)
        peer = self.client[0] if self.client else ""
        if not _is_here(peer):
            self._counted = peer
            _open[peer] += 1
        if _open[peer] > _EACH:
            transport.abort()
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._wait_no_longer()
        if self._counted:
            _open[self._counted] -= 1
            if not _open[self._counted]:
                del _open[self._counted]
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take some bytes; the clock runs on until they make up a request."""
        if self._late is None and self._is_idle:
            self._wait()
        super().data_received(data)
        if not self._is_idle:
            self._wait_no_longer()

    @property
    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _wait(self) -> None:
        self._late = self.loop.call_later(_SECONDS, self._give_up)

    def _wait_no_longer(self) -> None:
        if self._late:
            self._late.cancel()
            self._late = None

    def _give_up(self) -> None:
        self._late = None
        if self._is_idle:
            self.transport.abort()


def _is_here(peer: str) -> bool:
    return peer in ("", "::1") or peer.startswith(("127.", "::ffff:127."))
