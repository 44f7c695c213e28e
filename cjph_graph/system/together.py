"""Writing several files: all of them or none.

Each is written beside its place first. Only when all are there is one after the other renamed, and
when that fails half-way, what stood there before is put back.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from cjph_graph.errors import UsageError
from cjph_graph.system.files import shown


def write_all(files: Mapping[Path, bytes]) -> None:
    """Write files, making folders they need; raise UsageError, with nothing changed, if one fails.

    A folder that was made for a file stays.
    """
    staged: list[tuple[Path, Path, bytes | None]] = []
    done: list[tuple[Path, bytes | None]] = []
    path = Path()
    try:
        for path, data in files.items():
            target = path.resolve()
            target.parent.mkdir(parents=True, exist_ok=True)
            old = target.read_bytes() if target.exists() else None
            staged.append((target, _beside(target, data), old))
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


def _beside(target: Path, data: bytes) -> Path:
    beside = target.with_name(f".{target.name[:40]}.{os.urandom(8).hex()}.part")
    try:
        with beside.open("xb") as file:
            file.write(data)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    if target.exists():
        beside.chmod(target.stat().st_mode & 0o777)
    return beside


def _put_back(done: list[tuple[Path, bytes | None]]) -> None:
    for target, old in done:
        with suppress(OSError):
            if old is None:
                target.unlink()
            else:
                target.write_bytes(old)
