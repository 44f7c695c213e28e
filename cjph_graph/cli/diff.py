"""`cjph diff`: what changed in a home, by thing and by label."""

from collections.abc import Sequence
from pathlib import Path

import click

from cjph_graph.cli.options import epilog, format_option, limited, written_to
from cjph_graph.cli.output import Output, terminal_width
from cjph_graph.errors import UsageError
from cjph_graph.home import find_home


@click.command(
    "diff",
    epilog=epilog(
        "cjph diff",
        "cjph diff main",
        "cjph diff v0.1 v0.2 --format markdown",
        "cjph diff HEAD~1 --format json --output changes.json",
    ),
)
@click.argument("revisions", nargs=-1, metavar="[REVISION [REVISION]]")
@format_option("text", "markdown", "json", about="markdown: a comment for a pull request.")
@click.option("--no-findings", is_flag=True, help="Compare things only, and check nothing.")
@written_to
@limited(seconds=300, memory=50, quicker="--no-findings compares things and checks nothing.")
@click.pass_obj
def command(
    home: Path | None, revisions: Sequence[str], form: str, no_findings: bool, output: Path | None
) -> Output:
    """Say what changed since a git revision, or between two.

    Things by kind and label, and findings. Without a revision, since HEAD. Neither the order of
    statements nor the layout of a file counts.
    """
    from cjph_graph.validation import home_difference
    from cjph_graph.validation.reports import write_difference

    if len(revisions) > 2:
        raise UsageError(
            "Name one revision or two.", "One is compared with the files as they are now."
        )
    before, after, *_ = (*(revisions or ("HEAD",)), None)
    found = home_difference(find_home(home), before or "", after, checked=not no_findings)
    return Output(write_difference(found, form, width=terminal_width(output)), output)
