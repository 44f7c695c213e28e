"""How a cell is to be read, and what is wrong with one."""

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

Value = Literal | NamedNode


@dataclass(frozen=True)
class Problem:
    """What is wrong with a cell, what to write instead, if that is known, and what else to do."""

    message: str
    suggestion: str = ""
    advice: str = ""


@dataclass(frozen=True)
class Reading:
    """How cells are to be read: the order of day and month, and the decimal mark.

    `dates` is `us` for month first, `eu` for day first, or empty. `decimal` is `.`, `,` or empty
    where the file does not show which. `language` is that of texts.
    """

    dates: str = ""
    decimal: str = "."
    language: str = "en"
