"""`cjph format`: lay Turtle files out in the one way."""

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cjph_graph.cli.options import epilog, limited
from cjph_graph.cli.output import Answer, complain, standard_input
from cjph_graph.cli.process import COULD_NOT, DONE, FINDINGS
from cjph_graph.errors import CjphError, UsageError
from cjph_graph.home import find_home, shape_files
from cjph_graph.system import files_below, write_atomically
from cjph_graph.system.tables import counted

if TYPE_CHECKING:
    from cjph_graph.rdf import TurtleFile
    from cjph_graph.rdf.format import Order


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
def command(home: Path | None, paths: Sequence[str], check: bool, diff: bool) -> Answer:
    """Lay out Turtle files in the one way.

    Properties stand in the shapes' order and values are sorted; comments stay with what they are
    about, and the triples stay the same. Without a path, the ontology and the data of the home; a
    folder stands for the Turtle files in it; with -, standard input goes to standard output. A file
    that is not Turtle stays as it is.
    """
    from cjph_graph.home import property_order, read_schema, read_shapes
    from cjph_graph.rdf import read_bytes, read_turtle, turtle_files

    place = find_home(home)
    order = property_order(read_schema(read_shapes(place)))
    if "-" in paths:
        if len(paths) > 1:
            raise UsageError("- is standard input: name nothing else with it.")
        file = read_bytes(standard_input(), "standard input")
        laid = _laid_out(file, order)
        if laid is None:
            return Answer("", code=COULD_NOT)
        if not (check or diff):
            return Answer(laid)
        return _compared([file], [laid], diff=diff)
    given = [Path(path) for path in paths] or [
        *(path for path in (place.vocabularies, place.ontology) if path.is_file()),
        *shape_files(place),
        *files_below(place.data, ".ttl"),
    ]
    found = list(dict.fromkeys(path for each in given for path in turtle_files(each)))
    files = [read_turtle(path) for path in found]
    texts = [_laid_out(file, order) for file in files]
    if check or diff:
        return _compared(files, texts, diff=diff)
    changed = 0
    for path, file, text in zip(found, files, texts, strict=True):
        if text is not None and text != file.data:
            write_atomically(path, text)
            changed += 1
    code = COULD_NOT if None in texts else DONE
    return Answer(f"{counted(changed, 'file')} changed, {len(files)} looked at.\n", code=code)


def _laid_out(file: "TurtleFile", order: "Order") -> bytes | None:
    """Return the text of a file as it should be; say why there is none."""
    from cjph_graph.rdf.format import format_turtle

    if file.problem:
        line, column = file.problem.line, file.problem.column
        complain(
            f"{file.path}:{line}:{column}: {file.problem.message}. It stays as it is.",
            "Run `cjph validate` on it to see everything that is wrong.",
        )
        return None
    try:
        return format_turtle(file.data, order)
    except CjphError as error:
        complain(f"{file.path}: {error.message}", error.hint)
        return None


def _compared(
    files: "Sequence[TurtleFile]", texts: Sequence[bytes | None], *, diff: bool
) -> Answer:
    """Return which files would change, or how."""
    changed = [
        (file, text)
        for file, text in zip(files, texts, strict=True)
        if text is not None and text != file.data
    ]
    lines = [
        line
        for file, text in changed
        for line in (_difference(file, text) if diff else [f"{file.path}\n"])
    ]
    code = COULD_NOT if None in texts else FINDINGS if changed else DONE
    count = f"{counted(len(changed), 'file')} would change, {len(files)} looked at.\n"
    return Answer("".join(lines) + count, code=code)


def _difference(file: "TurtleFile", text: bytes) -> list[str]:
    before, after = (
        data.decode("utf-8", "replace").splitlines(keepends=True) for data in (file.data, text)
    )
    found = difflib.unified_diff(before, after, file.path, f"{file.path} (formatted)")
    return [line if line.endswith("\n") else f"{line}\n" for line in found]
