"""`cjph new`: what a contributor adds, from a blank file, a spreadsheet or a table of figures."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cjph_graph.cli.options import epilog, limited, written_to
from cjph_graph.cli.output import Answer, say
from cjph_graph.errors import UsageError
from cjph_graph.home import find_home
from cjph_graph.system import make_folder, shown, write_atomically

if TYPE_CHECKING:
    from cjph_graph.contribute import Known


@click.command(
    "new",
    epilog=epilog(
        'cjph new intervention "Street Outreach Team"',
    ),
)
@click.argument("kind")
@click.argument("name", required=False)
@written_to
@limited(seconds=300, memory=50)
@click.pass_obj
def command(folder: Path | None, kind: str, name: str | None, output: Path | None) -> Answer:
    """Add a thing of a kind: an intervention, a policy, a source, an observation.

    With a name, write a blank file for it: what must be given to fill in, what may be given
    commented out, each with its meaning, an example and the values it may have.
    """
    from cjph_graph.contribute import Known

    known = Known(find_home(folder))
    if name is None:
        raise UsageError(
            "Give the new thing a name.", f'For example: cjph new {kind} "Street Outreach Team"'
        )
    return _blank(known, kind, name, output)


def _blank(known: "Known", kind: str, name: str, output: Path | None) -> Answer:
    from cjph_graph.contribute import blank_file

    blank = blank_file(known, kind, name)
    for entry in blank.similar:
        say(f"There is something of nearly this name: {entry.label} ({known.short(entry.iri)}).\n")
    if blank.shared and not output:
        say(f"Fill this in at the end of {shown(blank.path)}.\n")
        return Answer(blank.text)
    path = output or blank.path
    if str(path) == "-":
        return Answer(blank.text)
    if path.exists():
        raise UsageError(f"{shown(path)} is already there, and is left as it is.")
    make_folder(path.parent)
    write_atomically(path, blank.text.encode())
    say(f"Fill in {shown(path)}, then run: cjph validate {shown(path)}\n")
    return Answer(f"{shown(path)}\n")
