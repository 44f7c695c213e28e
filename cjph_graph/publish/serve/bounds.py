"""Bounds on this process that the system enforces, where it can: not on Windows."""

import contextlib
import os
import sys
import time
from pathlib import Path

if sys.platform != "win32":
    import resource

_MEGABYTE = 1 << 20
# A job may use this many times its seconds as processor time.
_AT_MOST = 4


def bound_memory(megabytes: int) -> None:
    """Let the system end this process when it takes so much more memory than it has now."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError, ValueError):  # without /proc there is nothing to add to
        pages = int(Path("/proc/self/statm").read_bytes().split()[0])
        most = pages * os.sysconf("SC_PAGE_SIZE") + megabytes * _MEGABYTE
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def allow_files(number: int) -> None:
    """Allow this process so many files and connections at once, if the system lets it."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError, ValueError):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft < number:
            resource.setrlimit(resource.RLIMIT_NOFILE, (number, hard))


def bound_time(seconds: float) -> None:
    """Let the system end this process when nobody is left to do so in time."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError, ValueError):
        most = int(time.process_time() + seconds * _AT_MOST) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))
