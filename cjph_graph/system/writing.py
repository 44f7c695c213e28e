"""Writing files whole or not at all, one or several.

A file is written beside its place first, under a random name, and then renamed.
"""

import os
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from cjph_graph.errors import UsageError
from cjph_graph.system.files import shown

_PART = ".part"
# A name may have 255 bytes, and each character four.
_LONGEST_BEGINNING = 40


def write_atomically(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Write a file; until it is whole, an old one stays as it was.

    A large file may come piece by piece. What a run left behind that was killed while it wrote is
    removed. Raises UsageError when the folder is not there or may not be written to.
    """
    pieces = [data] if isinstance(data, bytes) else data
    try:
        target = path.resolve()
        if target.is_dir():
            raise UsageError(f"{shown(path)} is a folder.", "Name a file to write to.")
        if target.exists() and not target.is_file():
            with target.open("wb") as file:  # a device or a pipe: nothing to keep whole
                file.writelines(pieces)
            return
        _replace(target, pieces)
    except OSError as error:
        raise UsageError(f"{shown(path)} cannot be written: {error.strerror}.") from error
    except RuntimeError as error:  # so Python names a link that leads to itself
        raise UsageError(f"{shown(path)} is a link that leads to itself.") from error


def write_all(files: Mapping[Path, bytes]) -> None:
    """Write several files, all of them or none, making folders they need.

    When one can't be renamed, what stood in the place of the others is put back. Raises UsageError,
    with nothing changed, if one fails; a folder that was made for it stays.
    """
    staged: list[tuple[Path, Path, bytes | None]] = []
    done: list[tuple[Path, bytes | None]] = []
    path = Path()
    try:
        for path, data in files.items():
            target = path.resolve()
            target.parent.mkdir(parents=True, exist_ok=True)
            old = target.read_bytes() if target.exists() else None
            beside, file = _write_beside(target, [data])
            file.close()
            staged.append((target, beside, old))
        for target, beside, old in staged:
            path = target
            beside.replace(target)
            done.append((target, old))
    except BaseException as error:
        _put_back(done)
        for _, beside, _ in staged:
            beside.unlink(missing_ok=True)
        if isinstance(error, OSError):
            reason = error.strerror or error
            raise UsageError(
                f"{shown(path)} cannot be written: {reason}.", "Nothing was changed."
            ) from error
        raise


def _put_back(done: list[tuple[Path, bytes | None]]) -> None:
    for target, old in done:
        with suppress(OSError):
            if old is None:
                target.unlink()
            else:
                target.write_bytes(old)


def _replace(target: Path, pieces: Iterable[bytes]) -> None:
    _remove_remnants(target.parent, _beginning(target))
    beside, file = _write_beside(target, pieces)
    try:
        with file:
            beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _beginning(target: Path) -> str:
    """Return how the names begin under which a file is written."""
    return f".{target.name[:_LONGEST_BEGINNING]}."


def _write_beside(target: Path, pieces: Iterable[bytes]) -> tuple[Path, BinaryIO]:
    """Write what is to take the place of a file, with its mode; it is locked until it is closed."""
    beside, file = _open_beside(target.parent, _beginning(target))
    try:
        file.writelines(pieces)
        file.flush()
        if target.exists():
            beside.chmod(target.stat().st_mode & 0o777)
    except BaseException:
        file.close()
        beside.unlink(missing_ok=True)
        raise
    return beside, file


def _open_beside(folder: Path, beginning: str) -> tuple[Path, BinaryIO]:
    """Make a file under a random name, and lock it, so that nobody takes it for a remnant."""
    while True:
        path = folder / f"{beginning}{os.urandom(8).hex()}{_PART}"
        file = path.open("xb")  # never through a link that someone else put there
        if _lock(file) and path.exists():
            return path, file
        file.close()


def _remove_remnants(folder: Path, beginning: str) -> None:
    """Remove what runs that have ended left half written: no process has it locked."""
    with os.scandir(folder) as entries:
        names = [e.name for e in entries if e.name.startswith(beginning)]
    for name in names:
        if re.fullmatch(r"[0-9a-f]{16}", name.removeprefix(beginning).removesuffix(_PART)):
            path = folder / name
            with suppress(OSError), path.open("rb") as file:
                if _lock(file):
                    path.unlink()


def _lock(file: BinaryIO) -> bool:
    """Lock a file until it is closed; say whether that could be done."""
    try:
        import fcntl
    except ImportError:
        return True  # Windows has no such locks, and removes no file that is open
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # some network file systems have no locks
    return True


def make_folder(path: Path) -> None:
    """Make a folder, and those above it, if it is not there; raise UsageError where it can't be."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{shown(path)} cannot be a folder to write to: {error.strerror or error}.",
            "Name a new folder.",
        ) from error
