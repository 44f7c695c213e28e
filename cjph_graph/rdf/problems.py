"""Why a file is not Turtle, or cannot be read."""

from typing import NamedTuple

from cjph_graph.errors import InputError
from cjph_graph.rdf.formats import other_format

_LONGEST = 300
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class SyntaxProblem(NamedTuple):
    """Why a file is not Turtle, and where: line and column count from 1, 0 is the whole file."""

    message: str
    line: int
    column: int


def not_turtle(name: str, problem: SyntaxProblem) -> InputError:
    """Return the error that says where a file is not Turtle, or why it cannot be read."""
    place = f":{problem.line}:{problem.column}" if problem.line else ""
    return InputError(
        f"{name}{place}: {problem.message}.", "Run `cjph validate` to see every problem at once."
    )


def unreadable(error: OSError) -> SyntaxProblem:
    """Return why a file cannot be read."""
    return SyntaxProblem(f"The file cannot be read: {error.strerror or error}", 0, 0)


def problem_of(error: SyntaxError, data: bytes) -> SyntaxProblem:
    """Return what the parser found wrong with a text."""
    if data.startswith(_UTF_16):
        return SyntaxProblem("This is UTF-16 text; save the file as UTF-8", 1, 1)
    if other := other_format(data):
        return SyntaxProblem(f"This is {other}; what is read here is Turtle", 1, 1)
    # The parser gives the position twice, once inside the text: a finding shows it once.
    message = str(error.msg).partition(": ")[2] or str(error.msg)
    if message.startswith("Invalid UTF-8"):
        message = "These bytes are not UTF-8 text; save the file as UTF-8"
    # Pages of what the parser could not read would help nobody.
    message = " ".join(message.split())
    message = message if len(message) <= _LONGEST else f"{message[:_LONGEST]}…"
    return SyntaxProblem(message.rstrip("."), error.lineno or 0, error.offset or 0)
