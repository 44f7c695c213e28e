"""`cjph format`: lay Turtle files out in the one way."""

import difflib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cjph_graph.cli.options import epilog, limited
from cjph_graph.cli.output import Output, complain, has_colours, one_line, standard_input
from cjph_graph.cli.process import COULD_NOT, DONE, FINDINGS
from cjph_graph.errors import CjphError, InputError, UsageError
from cjph_graph.home import find_home, shape_files
from cjph_graph.system import files_below, read, shown, write_atomically
from cjph_graph.system.tables import counted

if TYPE_CHECKING:
    from cjph_graph.rdf.format import Order

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


@click.command(
    "format",
    epilog=epilog(
        "cjph format",
        "cjph format --check data ontology",
        "cjph format --diff my-programme.ttl",
        "cjph format - < my-programme.ttl",
    ),
)
@click.argument("paths", nargs=-1, metavar="[FILE|DIR|-]...")
@click.option("--check", is_flag=True, help="Change no file: list those that would change.")
@click.option("--diff", is_flag=True, help="Change no file: show what would change.")
@limited(seconds=300, memory=50)
@click.pass_obj
def command(home: Path | None, paths: Sequence[str], check: bool, diff: bool) -> Output:
    """Lay out Turtle files in the one way.

    Properties stand in the shapes' order and values are sorted; comments stay with what they are
    about, and the triples stay the same. Without a path, the ontology and the data of the home; a
    folder stands for the Turtle files in it; with -, standard input goes to standard output. A file
    that is not Turtle stays as it is.
    """
    from cjph_graph.home import property_order, read_schema, read_shapes
    from cjph_graph.rdf import turtle_files

    place = find_home(home)
    order = property_order(read_schema(read_shapes(place)))
    if "-" in paths:
        if len(paths) > 1:
            raise UsageError("- is standard input: name nothing else with it.")
        file = _laid_out("standard input", standard_input(), order)
        if file.text is None:
            return Output("", code=COULD_NOT)
        return _compared([file], diff=diff) if check or diff else Output(file.text)
    given = [Path(path) for path in paths] or [
        *(path for path in (place.vocabularies, place.ontology) if path.is_file()),
        *shape_files(place),
        *files_below(place.data, ".ttl"),
    ]
    found = dict.fromkeys(path for each in given for path in turtle_files(each))
    if check or diff:
        return _compared([_opened(path, order) for path in found], diff=diff)
    written = [_rewritten(path, order) for path in found]
    code = COULD_NOT if None in written else DONE
    return Output(
        f"{counted(written.count(True), 'file')} changed, {len(found)} looked at.\n", code=code
    )


@dataclass(frozen=True)
class _File:
    """A file as it is, and the text that it should have; None where it can't be laid out."""

    name: str
    data: bytes
    text: bytes | None

    @property
    def changes(self) -> bool:
        return self.text is not None and self.text != self.data


def _rewritten(path: Path, order: "Order") -> bool | None:
    """Lay out a file; return whether it was changed, None where it could not be laid out."""
    if path.exists() and not path.is_file():
        complain(f"{shown(path)} is not a file to be written anew.", "Use - for standard input.")
        return None
    file = _opened(path, order)
    if file.text is None or not file.changes:
        return None if file.text is None else False
    try:
        if path.read_bytes() != file.data:
            raise InputError(f"{file.name} was changed meanwhile, and stays as it is now.")
        if not os.access(path, os.W_OK):
            raise InputError(f"{file.name} may not be written, and stays as it is.")
        write_atomically(path, file.text)
    except OSError as error:
        complain(f"{file.name} cannot be read again: {error.strerror or error}.")
    except CjphError as error:
        complain(error.message, error.hint)
    else:
        return True
    return None


def _opened(path: Path, order: "Order") -> _File:
    try:
        return _laid_out(shown(path), read(path), order)
    except OSError as error:
        complain(f"{shown(path)}: The file cannot be read: {error.strerror or error}.")
        return _File(shown(path), b"", None)


def _laid_out(name: str, data: bytes, order: "Order") -> _File:
    """Lay out the text of a file; say why where it can't be."""
    from cjph_graph.rdf import SyntaxProblem, parsed
    from cjph_graph.rdf.format import format_turtle

    try:
        text = parsed(data, name, lambda data: format_turtle(data, order))
    except InputError as error:
        complain(f"{name}: {error.message}", error.hint)
        return _File(name, data, None)
    if isinstance(text, SyntaxProblem):
        complain(
            f"{name}:{text.line}:{text.column}: {text.message}. It stays as it is.",
            "Run `cjph validate` on it to see everything that is wrong.",
        )
        return _File(name, data, None)
    return _File(name, data, text)


def _compared(files: Sequence[_File], *, diff: bool) -> Output:
    """Return which files would change, or how."""
    changed = [file for file in files if file.changes]
    lines = [
        line for file in changed for line in (_difference(file) if diff else [f"{file.name}\n"])
    ]
    failed = any(file.text is None for file in files)
    code = COULD_NOT if failed else FINDINGS if changed else DONE
    count = f"{counted(len(changed), 'file')} would change, {len(files)} looked at.\n"
    return Output("".join(lines) + count, code=code)


def _difference(file: _File) -> Iterator[str]:
    """Return the lines of a difference as `diff -u` writes them, coloured on a terminal."""
    before, after = _lines(file.data), _lines(file.text or b"")
    colours = has_colours()
    for line in difflib.unified_diff(before, after, file.name, f"{file.name} (formatted)"):
        text = line.removesuffix("\n")
        yield click.style(one_line(text), fg=_COLOURS.get(line[0])) if colours else text
        yield "\n" if text != line else "\n\\ No newline at end of file\n"


def _lines(data: bytes) -> list[str]:
    *lines, rest = data.decode("utf-8", "replace").split("\n")
    return [*(f"{line}\n" for line in lines), *([rest] if rest else [])]
