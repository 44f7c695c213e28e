"""`cjph review`: one page on what came in, for the steward who lets it in."""

from pathlib import Path

import click

from cjph_graph.cli.options import epilog, format_option, limited, written_to
from cjph_graph.cli.output import Output, terminal_width
from cjph_graph.home import find_home


@click.command(
    "review",
    epilog=epilog(
        "cjph review main",
        "cjph review main --format html --output review.html",
        "cjph review HEAD~3 --format markdown",
    ),
)
@click.argument("revision", default="HEAD", metavar="[REVISION]")
@format_option("text", "markdown", "html", about="markdown: a comment for a pull request.")
@written_to
@limited(seconds=300, memory=50)
@click.pass_obj
def command(home: Path | None, revision: str, form: str, output: Path | None) -> Output:
    """Show a steward what came in since the branch left a revision.

    By kind, with links and sources; findings; names almost alike; and what the queries in
    ontology/review/ select, such as sources that nobody has read.
    """
    from cjph_graph.validation import review_since
    from cjph_graph.validation.reports import write_review

    page = review_since(find_home(home), revision)
    return Output(write_review(page, form, width=terminal_width(output)), output)
