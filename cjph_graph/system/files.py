"""Reading no more than is allowed, finding the files of a folder, and naming one.

Standard input, a pipe or a device may be named, and is read up to the size that a file may have.
Nobody has named what is inside a folder, so only its files count, and no link may lead out.
"""

import os
import stat
from pathlib import Path
from typing import BinaryIO

from cjph_graph.errors import InputError, RefusedError, UsageError
from cjph_graph.system.limits import max_size, too_large

_BINARY = getattr(os, "O_BINARY", 0)


def shown(path: Path) -> str:
    """Return `path` as a reader would type it: relative below the current folder, else whole.

    What is unsafe on a terminal is replaced, and no name starts like a workflow command.
    """
    name = str(path)
    try:
        whole = os.path.realpath(name)
        below = whole.removeprefix(os.getcwd().rstrip(os.sep) + os.sep)  # noqa: PTH109
        name = name if below == whole else below.replace(os.sep, "/")
    except (ValueError, OSError):
        pass
    return f"./{_printable(name)}" if name.startswith(("::", "##[")) else _printable(name)


def resolved(path: Path) -> str:
    """Return where a path leads to: the same text for every way to write it."""
    try:
        return os.path.realpath(path)
    except (ValueError, OSError):
        return str(path)


def read(path: Path) -> bytes:
    """Return what a file holds.

    Raises OSError when it cannot be read, and LimitError before reading when it is too large.
    """
    # By the plainest functions: a home is some hundred small files.
    handle = os.open(path, os.O_RDONLY | _BINARY)
    try:
        status = os.fstat(handle)
        # What the system makes up as it is read, as in /proc, has no size.
        if not stat.S_ISREG(status.st_mode) or not status.st_size:
            with open(handle, "rb", closefd=False) as stream:
                return read_stream(stream, path)
        if status.st_size > max_size():
            raise too_large(shown(path))
        data = os.read(handle, status.st_size)
        while len(data) < status.st_size and (more := os.read(handle, status.st_size - len(data))):
            data += more
        return data
    finally:
        os.close(handle)


def read_text(path: Path) -> str:
    """Return the UTF-8 text of a file, without a byte order mark.

    Raises UsageError when there is no such file, InputError when it cannot be read or is not
    UTF-8, LimitError when it is too large.
    """
    try:
        return decoded(read(path), shown(path))
    except OSError as error:
        kind = UsageError if isinstance(error, FileNotFoundError) else InputError
        raise kind(f"{shown(path)} cannot be read: {error.strerror or error}.") from error


def decoded(data: bytes, name: str) -> str:
    """Return UTF-8 as text; `name` is what messages call it. Raises InputError if it is not."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not UTF-8 text, from byte {error.start + 1} on.") from error


def read_stream(stream: BinaryIO, name: str | Path) -> bytes:
    """Return what is left in a stream; `name` is what messages call it.

    Raises LimitError as soon as it turns out to be too large.
    """
    data = stream.read(max_size() + 1)
    if len(data) > max_size():
        raise too_large(shown(name) if isinstance(name, Path) else name)
    return data


def files_below(folder: Path, ending: str, within: Path | None = None) -> list[Path]:
    """Return the files below a folder whose names have an ending, sorted, hidden ones left out.

    Pipes and devices are left out as well, and links to folders are not followed. Raises
    RefusedError at a link that leads out of `within`, the folder itself unless it is given, and
    InputError at a folder that cannot be read.
    """
    root = within or folder
    refuse_leaving(folder, root)
    found: list[str] = []
    waiting = [str(folder)]
    while waiting:
        inside = waiting.pop()
        try:
            with os.scandir(inside) as entries:
                listed = [entry for entry in entries if not entry.name.startswith(".")]
        except OSError as error:
            raise InputError(
                f"The folder {shown(Path(inside))} cannot be read: {error.strerror or error}."
            ) from error
        for entry in listed:
            if entry.name.endswith(ending) and entry.is_file(follow_symlinks=False):
                found.append(entry.path)
                continue
            if entry.is_symlink() and (entry.name.endswith(ending) or entry.is_dir()):
                refuse_leaving(Path(entry.path), root)
            if entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)
            elif entry.name.endswith(ending) and _counts(entry):
                found.append(entry.path)
    return [Path(name) for name in sorted(found)]


def refuse_leaving(path: Path, folder: Path) -> None:
    """Raise RefusedError when links lead from a path inside a folder to somewhere outside."""
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a link to itself: reading it says so
        return
    if not inside:
        raise RefusedError(
            # By its own name and not that of what it leads to.
            f"{shown(path.parent)}/{_printable(path.name)} is a link that leads out of"
            f" {shown(folder)}, which is refused.",
            "Put the file itself there.",
        )


def _counts(entry: "os.DirEntry[str]") -> bool:
    """Say whether an entry of a folder is a file; a broken link is: reading it raises the error."""
    try:
        return entry.is_file() or (entry.is_symlink() and not Path(entry.path).exists())
    except OSError:  # a link to itself
        return True


def _printable(name: str) -> str:
    if name.isascii() and name.isprintable():
        return name
    text = os.fsencode(name).decode("utf-8", "replace")
    return "".join(char if char.isprintable() else "\ufffd" for char in text)
