"""Who may start next: a number of jobs at once, only some of them of one client, in turn."""

import asyncio
from collections import Counter, deque
from dataclasses import dataclass, field


class BusyError(Exception):
    """Nobody is free, and enough wait already."""


@dataclass
class Queue:
    """Who may start: at most `most` at once, `each` of them for one client, in turn."""

    most: int
    each: int
    waiting: int
    _running: Counter[str] = field(default_factory=Counter)
    _lines: "dict[str, deque[asyncio.Future[None]]]" = field(default_factory=dict)

    async def enter(self, client: str, patience: float) -> None:
        """Return when a client's next job may start; BusyError if it can't wait."""
        if client not in self._lines and self._is_free(client):
            self._running[client] += 1
            return
        if sum(map(len, self._lines.values())) >= self.waiting:
            raise BusyError
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._lines.setdefault(client, deque()).append(turn)
        try:
            async with asyncio.timeout(patience):
                await turn
        except (TimeoutError, asyncio.CancelledError) as error:
            if turn.done() and not turn.cancelled():
                self.leave(client)  # its turn came in the very moment
            self._forget(client, turn)
            if isinstance(error, TimeoutError):
                raise BusyError from None
            raise

    def leave(self, client: str) -> None:
        """Say that a job has ended."""
        self._running[client] -= 1
        if not self._running[client]:
            del self._running[client]
        self._call_next()

    def _is_free(self, client: str) -> bool:
        return self._running.total() < self.most and self._running[client] < self.each

    def _call_next(self) -> None:
        for client in list(self._lines):
            line = self._lines[client]
            while line and self._is_free(client):
                turn = line.popleft()
                if not turn.done():
                    self._running[client] += 1
                    turn.set_result(None)
                    # A client that has had a turn goes to the end of the queue.
                    self._lines[client] = self._lines.pop(client)
                    break
            if not line:
                self._lines.pop(client, None)

    def _forget(self, client: str, turn: "asyncio.Future[None]") -> None:
        line = self._lines.get(client)
        if line and turn in line:
            line.remove(turn)
            if not line:
                del self._lines[client]
