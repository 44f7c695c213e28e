"""What a check is asked to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from cjph_graph.home import Home
from cjph_graph.rdf import TurtleFile

if TYPE_CHECKING:
    from cjph_graph.sparql import Engine

# What findings call the file that came that way.
STANDARD_INPUT = "standard input"


class Checker(StrEnum):
    """Who looks at the data: SPARQL first, and pySHACL at the candidates; or pySHACL alone."""

    SCREENED = "screened"
    PYSHACL = "pyshacl"


@dataclass(frozen=True)
class ValidationOptions:
    """What to check, and against what.

    Without `paths` the whole home is checked; a folder stands for the Turtle files in it. Files are
    checked together with the home's graph unless `alone` is set. `shapes` replace the home's own.
    Without a home, `paths` and `shapes` are needed. With an `endpoint` the data are those that the
    store behind it holds; `paths` and `alone` mean nothing then. With `most`, no more findings of a
    rule are listed, and the others counted.
    """

    paths: Sequence[Path | TurtleFile] = ()
    home: Home | None = None
    shapes: Sequence[Path] = ()
    alone: bool = False
    checker: Checker = Checker.SCREENED
    endpoint: "Engine | None" = None
    most: int | None = None
