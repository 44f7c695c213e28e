"""`cjph forms`: forms for a new issue, and the row that a filled one becomes."""

from pathlib import Path

import click

from cjph_graph.cli.options import epilog, limited
from cjph_graph.cli.output import Answer, complain, standard_input
from cjph_graph.cli.process import FINDINGS
from cjph_graph.errors import UsageError
from cjph_graph.home import find_home
from cjph_graph.system import make_folder, shown, write_atomically


@click.command(
    "forms",
    epilog=epilog(
        "cjph forms .github/ISSUE_TEMPLATE",
        "cjph forms --check .github/ISSUE_TEMPLATE",
        "cjph forms --read out < filled.md",
    ),
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing: list the forms that would change.")
@click.option("--read", "reading", is_flag=True, help="Read a filled form from standard input.")
@limited(seconds=60, memory=50)
@click.pass_obj
def command(home: Path | None, folder: Path, check: bool, reading: bool) -> Answer:
    """Write a form for each kind of thing, by which people suggest one in an issue on GitHub.

    With --read, write what somebody filled in as a table of one row, named after the kind, for
    `cjph new KIND --from`; the kind is the answer.
    """
    from cjph_graph.contribute import Known
    from cjph_graph.contribute.issue_forms import issue_forms, issue_row

    if check and reading:
        raise UsageError("--check is about forms, and --read about a filled one.")
    known = Known(find_home(home))
    if reading:
        kind, row = issue_row(known, standard_input().decode("utf-8", "replace"))
        make_folder(folder)
        write_atomically(folder / "row.csv", row)
        return Answer(f"{kind.folder}\n")
    forms = issue_forms(known)
    stale = [n for n, data in forms.items() if not _is(folder / n, data)]
    if check:
        for name in stale:
            complain(f"{shown(folder / name)} is not what the shapes make it.")
        return Answer("", code=FINDINGS if stale else 0)
    make_folder(folder)
    for name in stale:
        write_atomically(folder / name, forms[name])
    return Answer(f"{len(forms)} forms are in {shown(folder)}: {len(stale)} written.\n")


def _is(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data
