"""A folder of releases before one is written: whose it is, and remains of a killed run."""

import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cjph_graph.errors import RefusedError, UsageError
from cjph_graph.system import shown

CHECKSUMS = "SHA256SUMS"
LATEST = "latest"
_PATIENCE = 0.5


def refuse_what_is_not_ours(folder: Path, release: Path) -> None:
    """Raise RefusedError where files would be lost that no release put there."""
    latest = folder / LATEST
    if latest.exists() and not latest.is_symlink():
        raise RefusedError(
            f"{shown(latest)} is not a link, and a release would take its place.",
            "Move it away, or publish to another folder.",
        )
    if release.is_symlink() or (release.exists() and not release.is_dir()):
        raise RefusedError(f"{shown(release)} is not a folder, and a release would take its place.")
    if not release.exists():
        return
    ours = _listed(release)
    if foreign := sorted(path for path in files_in(release) if path not in ours):
        raise RefusedError(
            f"{shown(release)} holds {foreign[0]}, which no release put there; it would be lost.",
            "Move it away, or publish to another folder.",
        )


def _listed(release: Path) -> set[str]:
    try:
        lines = (release / CHECKSUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return set()
    return {CHECKSUMS, *(line.partition("  ")[2] for line in lines)}


def files_in(folder: Path) -> Iterator[str]:
    """Yield all that is below a folder and is not a folder itself."""
    waiting = [""]
    while waiting:
        inside = waiting.pop()
        with suppress(FileNotFoundError), os.scandir(folder / inside) as entries:
            for entry in entries:
                name = f"{inside}{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{name}/")
                else:
                    yield name


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Hold a folder's lock, where there are locks; raise UsageError when another run has it."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        # The workers of a run that was killed end a moment after it.
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise UsageError(
                        f"Another run is publishing to {shown(folder)}.", "Wait until it has ended."
                    ) from None
                time.sleep(_PATIENCE / 50)
            except OSError:
                break  # some network file systems have no locks
        yield
    finally:
        os.close(handle)


def clear(folder: Path) -> None:
    """Remove what killed runs have left; put back a release that had been moved out of the way."""
    for path in sorted(folder.iterdir()):
        match = re.fullmatch(r"\.(.+)\.[0-9a-f]{16}\.(part|old)", path.name)
        if match is None:
            continue
        if match[2] == "old" and not (folder / match[1]).exists():
            path.rename(folder / match[1])
        elif path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
