"""`cjph review`: one page on what came in, for the steward who lets it in."""

from pathlib import Path

import click

from cjph_graph.cli.options import epilog, limited, written_to
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
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "markdown", "html")),
    default="text",
    show_default=True,
    help="markdown: a comment for a pull request.",
)
@written_to
@limited(seconds=300, memory=50)
@click.pass_obj
def command(home: Path | None, revision: str, form: str, output: Path | None) -> Output:
    """Show a steward what came in since the branch left a revision.

    By kind, with links and sources; findings; names almost alike; and what the queries in
    ontology/review/ select, such as sources that nobody has read.
    """
    from cjph_graph.validation.reports import review as pages
    from cjph_graph.validation.review import review

    page = review(find_home(home), revision)
    match form:
        case "markdown":
            text = pages.as_markdown(page)
        case "html":
            text = pages.as_html(page)
        case _:
            text = pages.as_text(page, width=terminal_width(output))
    return Output(text.encode("utf-8", "replace"), output)
