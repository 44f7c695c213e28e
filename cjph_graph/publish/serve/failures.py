"""Why a question has no answer, as a page shows it: with the line that could not be read."""

import re
from dataclasses import dataclass

from cjph_graph.errors import CjphError

_PLACE = re.compile(r"line ([0-9]+), column ([0-9]+)")
_CODE = re.compile("`([^`]+)`")


@dataclass(frozen=True)
class Failure:
    """Why there is no answer; where it is a place in the question, that place and its line."""

    message: str
    hint: str = ""
    line: int = 0
    column: int = 0
    text: str = ""

    @property
    def mark(self) -> str:
        """The text between the beginning of the line and the place."""
        return re.sub(r"\S", " ", self.text[: self.column - 1])


def failure_of(error: CjphError, text: str = "") -> Failure:
    """Return what a page shows of an error; `text` is the question that it is about."""
    message, hint = (_CODE.sub("“\\1”", said or "") for said in (error.message, error.hint))
    if not (place := _PLACE.search(error.message)) or not text:
        return Failure(message, hint)
    line, column = int(place[1]), int(place[2])
    lines = text.splitlines()
    return Failure(message, hint, line, column, lines[line - 1] if 0 < line <= len(lines) else "")
