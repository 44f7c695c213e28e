"""What a command writes: its result to a file or standard output, all else to standard error."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, BinaryIO, NamedTuple

import click

from cjph_graph.cli.process import DONE, silence
from cjph_graph.errors import CjphError, InputError, UsageError
from cjph_graph.system import read_stream, write_atomically

# Of a result that waits for its reader, so many bytes are held in memory.
_MOST_HELD = 1 << 23
_PIECE = 1 << 20


class Output(NamedTuple):
    """What a command hands over: a result, where it goes, its exit code, an error to end with.

    A large result may come piece by piece.
    """

    data: str | bytes | Iterable[bytes]
    output: Path | None = None
    code: int = DONE
    error: CjphError | None = None


def settled(answer: Output) -> Output:
    """Do the work that is left in an answer that comes piece by piece.

    A file is written; for standard output the pieces are held, as its reader may take any time, and
    gets all or, where the work fails, nothing. Raises UsageError when there is no room for them.
    """
    if isinstance(answer.data, str | bytes):
        return answer
    if answer.output and str(answer.output) != "-":
        write_atomically(answer.output, answer.data)
        return answer._replace(data=b"", output=None)
    return answer._replace(data=_held(answer.data))


def _held(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Return the pieces of a result when all are made: from memory, or from a file if it is large.

    Raises UsageError when that cannot be written.
    """
    from tempfile import SpooledTemporaryFile

    try:
        with ExitStack() as failing:
            file = failing.enter_context(SpooledTemporaryFile(_MOST_HELD))
            for piece in pieces:
                file.write(piece)
            file.seek(0)
            failing.pop_all()  # it is open until its reader has everything
    except OSError as error:
        raise UsageError(
            f"The result cannot be held in a temporary file: {error.strerror or error}.",
            "Write it to a file with --output FILE, or name a folder with room in $TMPDIR.",
        ) from error
    return _read(file)


def _read(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece


def hand_over(answer: Output) -> None:
    """Write a result, and end the command with its exit code if that is not 0."""
    write(answer.data, answer.output)
    if answer.error:
        raise answer.error
    if answer.code:
        sys.exit(answer.code)


def write(data: str | bytes | Iterable[bytes], output: Path | None = None) -> None:
    """Write a result to a file or to standard output; a reader that has left is no error.

    Raises UsageError when it cannot be written.
    """
    data = data.encode() if isinstance(data, str) else data
    if output and str(output) != "-":
        write_atomically(output, data)
        return
    pieces = [data] if isinstance(data, bytes) else data
    stream = _standard_output()
    try:
        for piece in pieces:
            stream.write(piece)
        stream.flush()
    except BrokenPipeError:
        silence(1)
    except OSError as error:
        silence(1)
        raise UsageError(
            f"The result cannot be written to standard output: {error.strerror or error}."
        ) from error


def _standard_output() -> BinaryIO:
    if sys.stdout is None:
        raise UsageError("The result cannot be written: standard output is closed.")
    return sys.stdout.buffer


def standard_input() -> bytes:
    """Return what standard input holds. Raises InputError when it is closed."""
    if sys.stdin is None:
        raise InputError("Standard input is closed, so - reads nothing.")
    return read_stream(sys.stdin.buffer, "Standard input")


def complain(message: str, hint: str | None = None) -> None:
    """Write an error to standard error: what is wrong, then what to do, safe for a terminal."""
    lines = [f"cjph: {one_line(message)}"]
    for line in (hint or "").splitlines():
        lines.append(one_line(line))
    say("".join(f"{line}\n" for line in lines))


def show_usage(error: click.ClickException) -> None:
    """Write a usage error as click words it, each part on a line."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    usage = (
        [context.get_usage(), f"Try '{context.command_path} --help' for help."] if context else []
    )
    lines = [*usage, f"Error: {one_line(error.format_message())}"]
    say("".join(f"{line}\n" for line in lines))


def say(text: str) -> None:
    """Write to standard error; if it is closed or full, there is nobody to write to."""
    try:
        click.echo(text, err=True, nl=False)
    except OSError:
        silence(2)


def one_line(text: str) -> str:
    """Return text on one line, with U+FFFD in place of what is unsafe on a terminal."""
    return "".join(char if char.isprintable() else "\ufffd" for char in text.replace("\n", " "))


def terminal_width(output: Path | None = None) -> int:
    """Return how many columns there are to write to; 80 where that is not known."""
    try:
        return 80 if output else max(20, os.get_terminal_size(1).columns)
    except OSError:
        return 80  # not a terminal


def has_colours(output: Path | None = None) -> bool:
    """Whether a result may have colours: on a terminal, unless the user has turned them off."""
    if output or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout is not None and sys.stdout.isatty()


def write_job_summary(markdown: str) -> bool:
    """Add to the summary of a GitHub job; return whether anything was added."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if not (markdown and path):
        return False
    try:
        with Path(path).open("a", encoding="utf-8", errors="replace") as file:
            file.write(markdown)
    except OSError:
        return False
    return True
