"""Writing a file whole or not at all, and naming one as its reader would."""

import os
from pathlib import Path

from cjph_graph.errors import UsageError


def shown(path: Path) -> str:
    """Return `path` as a reader would type it: relative below the current folder, else whole."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except (ValueError, OSError):
        return str(path)


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` beside `path`, then rename it; until then an old file stays as it was.

    Raises UsageError when the folder is not there or may not be written to.
    """
    target = path.resolve()
    if target.is_dir():
        raise UsageError(f"{shown(path)} is a folder.", "Name a file to write to.")
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(data)  # a device or a pipe: nothing to keep whole
            return
        beside = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            beside.write_bytes(data)
            if target.exists():
                beside.chmod(target.stat().st_mode & 0o777)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"{shown(path)} cannot be written: {error.strerror}.") from error
