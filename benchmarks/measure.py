"""Running a command as a whole process: how long it takes and how much memory it holds at most."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_INTERVAL = 0.1
_TAIL = 2_000


@dataclass(frozen=True)
class Run:
    """One run: seconds, peak memory in megabytes, how it ended, and seconds of all processors.

    `outcome` is `done`, `stopped` when patience ran out, `memory` when it held too much, or
    `failed`; `said` is the end of what it wrote to standard error.
    """

    seconds: float
    megabytes: float
    outcome: str
    said: str
    processors: float = 0.0


def run(
    command: Sequence[str | Path],
    *,
    output: Path,
    environment: Mapping[str, str],
    patience: float,
    memory: int,
    right_codes: Sequence[int] = (0,),
) -> Run:
    """Run a command; standard output goes to `output`, standard error beside it.

    It is ended after `patience` seconds, or when it and its children hold more than `memory`
    megabytes together.
    """
    errors = output.with_name(f"{output.name}.stderr")
    with output.open("wb") as out, errors.open("wb") as err:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            env=environment,
            start_new_session=True,
        )
        watch = _Watch(process.pid, patience, memory)
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        watch.done.set()
        watch.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    outcome = watch.reason or ("done" if process.returncode in right_codes else "failed")
    said = errors.read_bytes()[-_TAIL:].decode("utf-8", "replace").strip()
    # The system counts the largest process of the tree; several at once only the watch has seen.
    held = max(usage.ru_maxrss / 1024, watch.together)
    return Run(seconds, held, outcome, said, usage.ru_utime + usage.ru_stime)


class _Watch(threading.Thread):
    """Ends a process and its children when they take too long or too much."""

    def __init__(self, pid: int, patience: float, memory: int) -> None:
        super().__init__(daemon=True)
        self.done = threading.Event()
        self.reason = ""
        self.together = 0.0
        self._pid = pid
        self._until = time.monotonic() + patience
        self._memory = memory

    def run(self) -> None:
        while not self.done.wait(_INTERVAL):
            held = [resident(pid) for pid in tree(self._pid)]
            if len(held) > 1:
                self.together = max(self.together, sum(held))
            if time.monotonic() > self._until:
                self.reason = "stopped"
            elif sum(held) > self._memory:
                self.reason = "memory"
            if self.reason:
                os.killpg(self._pid, signal.SIGKILL)
                return


def tree(pid: int) -> list[int]:
    """Return the numbers of a process and of all below it."""
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop())
        for children in Path(f"/proc/{found[-1]}/task").glob("*/children"):
            try:
                waiting += map(int, children.read_text().split())
            except OSError:
                continue
    return found


def resident(pid: int) -> float:
    """Return the megabytes that a process holds; none of one that is gone."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2
