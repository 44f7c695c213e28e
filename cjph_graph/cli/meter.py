"""A progress line on a terminal, which disappears before anything else is written."""

import threading
import time
from contextlib import nullcontext
from typing import TextIO

from cjph_graph.system import listening

_PATIENCE = 2.0
_INTERVAL = 0.1
_GRACE = 1.0


class Meter:
    """Shows what is being done, within a `with` block, once that has taken two seconds.

    A thread redraws the line at most ten times a second, so that one sees that a long step goes on.
    Nothing is written where `stream` is not a terminal.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._doing = ("", 0, 0)
        self._shown = ""
        self._writing = threading.Lock()
        self._stopped = threading.Event()
        self._start = time.monotonic()
        self._listening = listening(self._hear) if _is_terminal(stream) else nullcontext()

    def __enter__(self) -> "Meter":
        self._listening.__enter__()
        if not isinstance(self._listening, nullcontext):
            threading.Thread(target=self._draw, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.__exit__(None, None, None)
        self.stop()

    def stop(self) -> None:
        """Take the line away for good; may be called from any thread, and more than once."""
        self._stopped.set()
        # Drawing takes no time, unless the terminal accepts no more.
        if self._writing.acquire(timeout=_GRACE):
            try:
                self._show("")
            finally:
                self._writing.release()

    def _hear(self, doing: str, done: int, total: int) -> None:
        self._doing = ("", 0, 0) if total and done >= total else (doing, done, total)

    def _draw(self) -> None:
        self._stopped.wait(_PATIENCE)
        while not self._stopped.wait(_INTERVAL):
            with self._writing:
                if not self._stopped.is_set():
                    self._show(_line(*self._doing, seconds=time.monotonic() - self._start))

    def _show(self, line: str) -> None:
        if line == self._shown:
            return
        # Spaces work on every terminal, an escape that erases the line only on most.
        blank = " " * len(self._shown)
        self._shown = line
        try:
            self._stream.write(f"\r{blank}\r{line}")
            self._stream.flush()
        except (OSError, ValueError):
            self._stopped.set()  # the terminal is gone


def _line(doing: str, done: int, total: int, *, seconds: float) -> str:
    """Return one line that fits: `Indexing the graph: 45 % (12 s)`."""
    part = f": {100 * done // total} %" if total else f": {done:,}" if done else ""
    return f"{doing or 'Working'}{part} ({seconds:.0f} s)"


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except ValueError:  # it is closed
        return False
