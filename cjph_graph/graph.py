"""Turtle files into triples and into a store, safely.

The parser keeps literals as they are written, where a store rewrites numbers: whoever needs the
exact text reads triples, whoever asks questions loads a store.
"""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import RdfFormat, Store, Triple, parse

from cjph_graph.errors import InputError, UsageError
from cjph_graph.files import shown
from cjph_graph.home import Home

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class SyntaxProblem:
    """Why a file is not Turtle, and where: line and column count from 1, 0 is the whole file."""

    message: str
    line: int
    column: int


@dataclass(frozen=True)
class TurtleFile:
    """What one file says: its triples in order, up to the problem when there is one."""

    path: str
    triples: tuple[Triple, ...] = ()
    problem: SyntaxProblem | None = None
    prefixes: dict[str, str] = field(default_factory=dict)


def read_turtle(path: Path) -> TurtleFile:
    """Read one Turtle file; a file that cannot be read or parsed is a result with a problem."""
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = f"The file cannot be read: {error.strerror or error}"
        return TurtleFile(shown(path), problem=SyntaxProblem(reason, 0, 0))
    return read_bytes(data, shown(path))


def read_bytes(data: bytes, name: str) -> TurtleFile:
    """Read Turtle from memory; `name` is what messages call it.

    Blank nodes get fresh names, so that those of two files never meet.
    """
    triples: list[Triple] = []
    parser = parse(
        data.removeprefix(_BOM),
        format=RdfFormat.TURTLE,
        rename_blank_nodes=True,
    )
    problem = None
    try:
        triples.extend(quad.triple for quad in parser)
    except SyntaxError as error:
        problem = _problem(error)
    return TurtleFile(name, tuple(triples), problem, parser.prefixes)


def turtle_files(path: Path) -> list[Path]:
    """Return the Turtle files below a folder, sorted, hidden ones left out; or the file itself.

    Raises UsageError when there is nothing at `path`.
    """
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise UsageError(f"{shown(path)} does not exist.")
    found: list[str] = []
    for folder, folders, files in os.walk(path):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += (
            f"{folder}/{name}"
            for name in files
            if name.endswith(".ttl") and not name.startswith(".")
        )
    return [Path(name) for name in sorted(found)]


def home_files(home: Home, *, shapes: bool = False) -> list[Path]:
    """Return the files that make a home's graph: vocabularies, ontology and data, in this order.

    With `shapes` the shapes come as well, before the data.
    """
    ontology = [home.vocabularies, home.ontology, *([home.shapes] if shapes else [])]
    return [*(path for path in ontology if path.is_file()), *turtle_files(home.data)]


def load(files: Iterable[Path]) -> Store:
    """Load files into a new store in memory.

    Raises InputError at the first file that is unreadable or not Turtle.
    """
    store = Store()
    for path in files:
        try:
            _load_into(store, path)
        except OSError as error:
            raise InputError(f"{shown(path)} cannot be read: {error.strerror or error}.") from error
        except SyntaxError as error:
            problem = _problem(error)
            raise InputError(
                f"{shown(path)}:{problem.line}:{problem.column}: {problem.message}.",
                "Run `cjph validate` to see every problem at once.",
            ) from error
    return store


def last_part(iri: str) -> str:
    """Return what an IRI has after its last `/` or `#`; the whole when that is nothing."""
    return re.split(r"[/#]", iri)[-1] or iri


def _load_into(store: Store, path: Path) -> None:
    try:
        store.load(path=path, format=RdfFormat.TURTLE)
    except SyntaxError:
        # Reading in Python only where the store cannot by itself saves a third of the time.
        data = path.read_bytes()
        if not data.startswith(_BOM):
            raise
        store.load(data.removeprefix(_BOM), format=RdfFormat.TURTLE)


def _problem(error: SyntaxError) -> SyntaxProblem:
    # The parser puts the position both in the text and beside it: a finding shows it once.
    message = str(error.msg).partition(": ")[2] or str(error.msg)
    if message.startswith("Invalid UTF-8"):
        message = "These bytes are not UTF-8 text; save the file as UTF-8"
    return SyntaxProblem(message.rstrip("."), error.lineno or 0, error.offset or 0)
