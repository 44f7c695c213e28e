"""`cjph forms`: forms for a new issue, and the row that a filled one becomes."""

from pathlib import Path

import click

from cjph_graph.cli.options import epilog, limited
from cjph_graph.cli.output import Output, complain, standard_input
from cjph_graph.cli.process import FINDINGS
from cjph_graph.errors import UsageError
from cjph_graph.home import find_home
from cjph_graph.system import make_folder, shown, write_atomically
from cjph_graph.system.tables import counted


@click.command(
    "forms",
    epilog=epilog(
        "cjph forms .github/ISSUE_TEMPLATE",
        "cjph forms --check .github/ISSUE_TEMPLATE",
        "cjph forms --read out < filled-in.md",
    ),
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing: list the forms that would change.")
@click.option("--read", "reading", is_flag=True, help="Read a filled-in form from standard input.")
@limited(seconds=60, memory=50)
@click.pass_obj
def command(home: Path | None, folder: Path, check: bool, reading: bool) -> Output:
    """Write the forms by which people suggest a thing on GitHub.

    There is one for each kind of thing. With --read, write a filled-in form into DIR as row.csv, a
    table of one row for `cjph new KIND --from`; the kind is printed.
    """
    from cjph_graph.contribute import HomeContents
    from cjph_graph.contribute.issue_forms import issue_forms, issue_row

    if check and reading:
        raise UsageError("--check and --read do not work together.")
    known = HomeContents(find_home(home))
    if reading:
        kind, row = issue_row(known, standard_input().decode("utf-8", "replace"))
        make_folder(folder)
        write_atomically(folder / "row.csv", row)
        return Output(f"{kind.folder}\n")
    forms = issue_forms(known)
    stale = [n for n, data in forms.items() if not _is(folder / n, data)]
    if check:
        for name in stale:
            complain(f"{shown(folder / name)} is out of date.", "`cjph forms` writes it anew.")
        return Output("", code=FINDINGS if stale else 0)
    make_folder(folder)
    for name in stale:
        write_atomically(folder / name, forms[name])
    be = "is" if len(forms) == 1 else "are"
    count = counted(len(forms), "form")
    return Output(f"{count} {be} in {shown(folder)}: {len(stale)} written.\n")


def _is(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data
