"""The user's cache folder: what took long to make, kept for the next command.

Each thing that is kept is a folder of files under a name that says what it was made of. It is
made aside and renamed, so that it is there whole or not at all. Whoever uses one holds a shared
lock on its folder, whoever makes or removes one a lock of its own, and a lock ends with its
process, however that ends: what is locked by nobody and half made is a remnant to be removed.
Windows has no such locks, and needs none: it removes no file that is open.

Everything here may fail, as folders may be read-only, full, or somebody else's: that is an
OSError, after which the caller does without.
"""

import os
import re
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from time import time

from cjph_graph.system.limits import parse_size

MAX_CACHE = 2_000_000_000

# Whatever else is in the folder is none of ours.
_NAME = re.compile(r"cjph-[0-9a-f]{64}")
_MAKING, _SEAL = "cjph-making-", "seal"
# Larger files hold check sums of their own.
_HASHED = 300_000
_REMNANT = 24 * 60 * 60


@dataclass(frozen=True)
class Cache:
    """A folder for what is kept, which may hold `most` bytes together."""

    path: Path
    most: int = MAX_CACHE

    def find(self, name: str) -> "Kept | None":
        """Return what is kept under a name, held for as long as the value lives.

        What is not whole is removed and counts as not there.
        """
        path = self.path / name
        try:
            _refuse_strangers(self.path)
            kept = Kept(path)
        except OSError:
            return None
        if not _is_whole(path):
            self.discard(kept)
            return None
        with suppress(OSError):
            os.utime(path)  # when it was last used
        return kept

    def make(self, fill: Callable[[Path], str], size: int) -> str:
        """Have `fill` put files into an empty folder, and keep it under the name it returns.

        The name is `cjph-` and 64 hexadecimal digits. `size` is how many bytes that may take; what
        was not used for longest makes room. What turns out to be larger than the cache may be is
        kept as an empty folder. Raises OSError, and what `fill` raises; then nothing is kept.
        """
        from shutil import rmtree
        from tempfile import mkdtemp

        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_strangers(self.path)
        self._sweep()
        self._prune(self.most - size)
        aside = Path(mkdtemp(prefix=_MAKING, dir=self.path))
        try:
            making = Kept(aside, alone=True)
            name = fill(aside)
            if _size(aside) > self.most:
                for file in aside.iterdir():
                    file.unlink()
            _seal(aside)
            making.share()  # whoever finds it under its name may use it at once
            with suppress(FileExistsError):
                _rename(aside, self.path / name)
        finally:
            rmtree(aside, ignore_errors=True)
        self._prune(self.most)
        return name

    def discard(self, kept: "Kept") -> None:
        """Remove what is broken."""
        kept.release()
        with suppress(OSError):
            self._remove(kept.path)

    def _remove(self, path: Path) -> None:
        from shutil import rmtree
        from tempfile import mkdtemp

        # Nobody may find half of it under its name.
        aside = Path(mkdtemp(prefix=_MAKING, dir=self.path))
        path.rename(aside / path.name)
        rmtree(aside, ignore_errors=True)

    def _sweep(self) -> None:
        """Remove what was begun by processes that are no more."""
        from shutil import rmtree

        for path in self._folders():
            if not path.name.startswith(_MAKING):
                continue
            with suppress(OSError):
                if sys.platform != "win32" or time() - path.lstat().st_mtime > _REMNANT:
                    hold = Kept(path, alone=True)
                    rmtree(path, ignore_errors=True)
                    hold.release()

    def _prune(self, room: int) -> None:
        """Remove what was not used for longest until all is no larger than `room`, in bytes."""
        kept = []
        for path in self._folders():
            if _NAME.fullmatch(path.name):
                with suppress(OSError):
                    kept.append((path.stat().st_mtime, _size(path), path))
        total = sum(size for _, size, _ in kept)
        for _, size, path in sorted(kept):
            if total <= room:
                return
            with suppress(OSError):  # it is in use
                hold = Kept(path, alone=True)
                self._remove(path)
                hold.release()
                total -= size

    def _folders(self) -> Iterator[Path]:
        with os.scandir(self.path) as entries:
            found = [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]
        yield from found


class Kept:
    """A folder of the cache, held so that nobody removes it, until it is let go of.

    With `alone` nobody else may hold it. Raises OSError when it cannot be had so, is no longer
    there, or is a link or somebody else's.
    """

    def __init__(self, path: Path, *, alone: bool = False) -> None:
        self.path = path
        self._handle: int | None = None
        _refuse_strangers(path)
        if sys.platform == "win32":
            return
        import fcntl

        self._handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        how = fcntl.LOCK_EX if alone else fcntl.LOCK_SH
        try:
            fcntl.flock(self._handle, how | fcntl.LOCK_NB)
            # It may have been removed, or made anew, just before it was locked.
            if not os.path.samestat(os.fstat(self._handle), path.lstat()):
                raise FileNotFoundError(path)
        except OSError:
            self.release()
            raise

    def share(self) -> None:
        """Let others hold it as well."""
        if sys.platform != "win32" and self._handle is not None:
            import fcntl

            fcntl.flock(self._handle, fcntl.LOCK_SH | fcntl.LOCK_NB)

    def release(self) -> None:
        """Let go of it."""
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)

    def __del__(self) -> None:
        self.release()


def find_cache() -> Cache | None:
    """Return the user's cache, which need not be there yet; None where there is to be none.

    It is `$CJPH_CACHE`, else `cjph` in the place the system has for caches; it may be as large as
    `$CJPH_CACHE_SIZE`, of which 0 means none. Raises UsageError when that is no size.
    """
    size = os.environ.get("CJPH_CACHE_SIZE", "")
    if size.strip() == "0":
        return None
    most = parse_size(size) if size else MAX_CACHE
    if folder := os.environ.get("CJPH_CACHE"):
        return Cache(Path(folder).absolute(), most)
    try:
        if sys.platform == "win32":
            place = Path(os.environ["LOCALAPPDATA"])
        elif sys.platform == "darwin":
            place = Path.home() / "Library" / "Caches"
        else:
            named = os.environ.get("XDG_CACHE_HOME", "")
            # A relative one counts for nothing, the specification says.
            place = Path(named) if named.startswith("/") else Path.home() / ".cache"
    except (KeyError, RuntimeError):
        return None  # a user without a home
    return Cache(place / "cjph", most)


def _refuse_strangers(path: Path) -> None:
    """Raise OSError unless a path is a folder, no link, that only this user can write to."""
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode):
        raise NotADirectoryError(path)
    if sys.platform != "win32" and (status.st_uid != os.geteuid() or status.st_mode & 0o022):
        raise PermissionError(path)


def _seal(folder: Path) -> None:
    """Write down which files there are, so that one that is cut off, or missing, is noticed."""
    lines = []
    for path in sorted(folder.iterdir()):
        path.chmod(0o600)
        lines.append(_line(path))
    handle = os.open(folder / _SEAL, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(handle, "w", encoding="utf-8") as file:  # noqa: PTH123
        file.writelines(lines)


def _is_whole(folder: Path) -> bool:
    try:
        there = sorted(path for path in folder.iterdir() if path.name != _SEAL)
        return (folder / _SEAL).read_text("utf-8") == "".join(map(_line, there))
    except (OSError, ValueError):
        return False


def _line(path: Path) -> str:
    size = path.lstat().st_size
    digest = sha256(path.read_bytes()).hexdigest() if size <= _HASHED else "-"
    return f"{path.name} {size} {digest}\n"


def _size(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.iterdir())


def _rename(folder: Path, target: Path) -> None:
    try:
        folder.rename(target)
    except OSError:
        if target.is_dir():  # another process was quicker, with the same
            raise FileExistsError(target) from None
        raise
