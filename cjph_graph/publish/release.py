"""Writing a release: a folder of files that readers see as it was or as it is, never in between.

    DIR/latest -> 0.2.0          a link, renamed into its place
    DIR/0.2.0/…                  a release, with SHA256SUMS
    DIR/.0.2.0.5f….part/         one that is being written

A release is built beside the old one and then trades names with it. A file that is the same as in
the old release is the same file, under one more name (a hard link), and is not written again. A
process that is killed at any moment leaves the old release or the new one, whole, and a `.part`
folder that the next run removes. Where two folders can't trade names at once (some network file
systems, Windows), they are renamed one after the other: a process that is killed between them
leaves the old release under its `.old` name, and the next run puts it back. Nothing is forced to
the disk, so this does not hold for a power cut.

What is written comes as a stream of paths and contents. A content may be a `Maker`, which several
processes make and write at once; the release is the same, however many there are. What has been
written is in the `Ledger`, for those that describe the rest: they first wait for it.
"""

import hashlib
import os
import re
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO

from cjph_graph.errors import RefusedError, UsageError
from cjph_graph.publish.release_files import Content, File, Ledger, Maker, Written, in_units
from cjph_graph.publish.release_folder import (
    CHECKSUMS,
    LATEST,
    clear,
    files_in,
    only_writer,
    refuse_what_is_not_ours,
)
from cjph_graph.system import make_folder, shown, tell
from cjph_graph.system.limits import size_text
from cjph_graph.system.swap import swap
from cjph_graph.system.workers import shared_out

_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._+-]{0,99}")
_LONGEST = 255


@dataclass
class Published:
    """The outcome of a run: where the release is, its files, how many were written and removed.

    `notes` are sentences about what this system could not do as well as others.
    """

    folder: Path
    files: int = 0
    size: int = 0
    written: int = 0
    removed: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        """Whether the release differs from the one that was there."""
        return bool(self.written or self.removed)

    def summary(self) -> str:
        """Return one line for people."""
        kept = self.files - self.written
        what = (
            f"{self.written:,} written, {kept:,} as they were, {self.removed:,} removed"
            if self.is_changed
            else "all as they were"
        )
        size = size_text(self.size)
        return f"{self.files:,} files ({size}) are in {shown(self.folder)}: {what}.\n"


def write_release(
    folder: Path,
    version: str,
    files: Iterable[File],
    ledger: Ledger | None = None,
    *,
    processes: int = 1,
) -> Published:
    """Write files as the release `version` in a folder, and let `latest` lead to it.

    `files` is gone through once, in order; `ledger`, if given, is filled as that goes on. With
    several `processes`, files of makers are made side by side, where the system allows it. Raises
    UsageError when the folder can't be written to or another run is writing there, RefusedError
    for a path that leads out of the release or is there twice, and where what has to make way was
    not written by this function.
    """
    if not _NAME.fullmatch(version) or version == LATEST or version.endswith("."):
        raise UsageError(
            f"{version!r} cannot be the name of a release's folder.",
            "A version has letters, digits, dots and hyphens, such as 1.2.0.",
        )
    make_folder(folder)
    release = folder / version
    try:
        with only_writer(folder):
            clear(folder)
            refuse_what_is_not_ours(folder, release)
            return _write(release, files, Ledger() if ledger is None else ledger, processes)
    except OSError as error:
        place = shown(Path(error.filename)) if error.filename else shown(release)
        reason = error.strerror or error
        raise UsageError(f"{place} cannot be written: {reason}.") from error


def _write(release: Path, files: Iterable[File], ledger: Ledger, processes: int) -> Published:
    part = release.parent / f".{release.name}.{os.urandom(8).hex()}.part"
    part.mkdir()
    done = Published(release)
    try:
        writer = _ReleaseWriter(part, release, ledger, done, processes)
        ledger.finish, ledger.folder = writer.finish, part
        for path, content in files:
            writer.add(path, content)
        writer.finish()
        writer.add(CHECKSUMS, _checksums(ledger).encode())
        old = set(files_in(release))
        done.removed = len(old - ledger.keys())
        if done.is_changed or not old:
            _take_place(part, release, done)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    _lead_to(release, done)
    return done


def _checksums(ledger: Ledger) -> str:
    """Return what `sha256sum --check` reads."""
    return "".join(f"{entry.sha256}  {path}\n" for path, entry in sorted(ledger.items()))


class _ReleaseWriter:
    """Adds files to a release that is being built."""

    def __init__(
        self, part: Path, old: Path, ledger: Ledger, done: Published, processes: int
    ) -> None:
        self._part = part
        self._old = old
        self._ledger = ledger
        self._done = done
        self._processes = processes
        self._folders = {""}
        self._paths: set[str] = set()
        self._waiting: list[tuple[str, Maker]] = []
        self._links = True

    def add(self, path: str, content: Content) -> None:
        """Write a file; one that has a maker, when `finish` is called or another file comes."""
        if not is_safe(path):
            raise RefusedError(f"{path!r} is not a path inside a release.")
        if path in self._paths or path in self._folders:
            raise RefusedError(
                f"The release would have {path} twice.",
                "Two things, or a thing and a page, have the same address; give one another.",
            )
        self._make_folders(path)
        self._paths.add(path)
        if isinstance(content, Maker):
            self._waiting.append((path, content))
            return
        self.finish()
        self._enter(path, self._write(path, content))
        tell("Writing files", self._done.files, 0)

    def finish(self) -> None:
        """Make and write the files that wait, and enter them in the order in which they came."""
        waiting, self._waiting = self._waiting, []
        jobs = [[partial(self._write, *file) for file in unit] for unit in in_units(waiting)]
        found: dict[int, tuple[Written, bool]] = {}
        for number, entry in shared_out(jobs, processes=self._processes):
            found[number] = entry
            tell("Writing files", self._done.files + len(found), 0)
        for number, (path, _) in enumerate(waiting):
            self._enter(path, found[number])

    def _enter(self, path: str, written: tuple[Written, bool]) -> None:
        entry, is_same = written
        self._ledger[path] = entry
        self._done.written += not is_same
        self._done.files += 1
        self._done.size += entry.size

    def _make_folders(self, path: str) -> None:
        folder = path.rpartition("/")[0]
        missing = []
        while folder not in self._folders:
            if folder in self._paths:
                raise RefusedError(f"The release would have {folder} as a file and a folder.")
            missing.append(folder)
            folder = folder.rpartition("/")[0]
        for name in reversed(missing):
            (self._part / name).mkdir()
            self._folders.add(name)

    def _write(self, path: str, content: Content) -> tuple[Written, bool]:
        """Write a file unless it is the same as before; return what it is, and if it is the same.

        As long as the old file goes on alike, nothing is written; then its beginning is copied.
        """
        made = content.make() if isinstance(content, Maker) else content
        chunks = (made,) if isinstance(made, bytes) else made
        digest, size = hashlib.sha256(), 0
        new: BinaryIO | None = None
        old = self._open_old(path)
        try:
            for chunk in chunks:
                if new is None and not (old and old.read(len(chunk)) == chunk):
                    new = self._begin(path, old, size)
                if new is not None:
                    new.write(chunk)
                digest.update(chunk)
                size += len(chunk)
            if new is None and (old is None or old.read(1)):
                new = self._begin(path, old, size)
        finally:
            for file in (old, new):
                if file:
                    file.close()
        if new is None:
            self._keep(path)
        return Written(size, digest.hexdigest()), new is None

    def _begin(self, path: str, old: BinaryIO | None, size: int) -> BinaryIO:
        new = (self._part / path).open("xb")
        if old:
            old.seek(0)
            while size > 0 and (piece := old.read(min(size, 1 << 20))):
                new.write(piece)
                size -= len(piece)
        return new

    def _open_old(self, path: str) -> BinaryIO | None:
        name = self._old / path
        with suppress(OSError):
            if not name.is_symlink() and name.is_file():
                return name.open("rb")
        return None

    def _keep(self, path: str) -> None:
        """Give the old file one more name; copy it where the system has no hard links."""
        if self._links:
            try:
                os.link(self._old / path, self._part / path)
                return
            except OSError:
                self._links = False
        shutil.copy2(self._old / path, self._part / path)


def is_safe(path: str) -> bool:
    """Whether a path stays inside its folder, on every system, and can be a file's name there."""
    parts = path.split("/")
    return all(
        part not in ("", ".", "..")
        and len(os.fsencode(part)) <= _LONGEST
        and part.isprintable()
        and not set(part) & set('\\:*?"<>|')
        for part in parts
    )


def _take_place(part: Path, release: Path, done: Published) -> None:
    if not release.exists():
        part.rename(release)
        return
    if swap(part, release):
        return
    done.notes.append(
        f"{shown(release)} was missing for a moment: this file system cannot exchange two folders."
    )
    old = part.with_suffix(".old")
    release.rename(old)
    part.rename(release)
    shutil.rmtree(old, ignore_errors=True)


def _lead_to(release: Path, done: Published) -> None:
    """Let the link `latest` lead to a release."""
    latest = release.parent / LATEST
    if latest.is_symlink() and os.readlink(latest) == release.name:  # noqa: PTH115
        return
    link = release.parent / f".{LATEST}.{os.urandom(8).hex()}.part"
    try:
        link.symlink_to(release.name, target_is_directory=True)
    except OSError as error:
        done.notes.append(f"There is no link {shown(latest)}: {error.strerror or error}.")
        return
    link.replace(latest)
