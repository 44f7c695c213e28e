"""Bounds on this process that the system keeps, where it has such: not on Windows."""

import contextlib
import os
import sys
import time
from pathlib import Path

if sys.platform != "win32":
    import resource

_MEGABYTE = 1 << 20
# How many times the seconds that a job may take it may use of the processors.
_AT_MOST = 4


def bound_memory(megabytes: int) -> None:
    """Let the system end this process where it takes so much more than it has."""
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
    """Let the system end this process where nobody is left who would do so in time."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError, ValueError):
        most = int(time.process_time() + seconds * _AT_MOST) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))
