"""`cjph init`: start a home of one's own."""

from pathlib import Path

import click

from cjph_graph.cli.options import epilog, limited
from cjph_graph.cli.output import Answer
from cjph_graph.errors import UsageError
from cjph_graph.system import shown


@click.command(
    "init",
    epilog=epilog(
        "cjph init my-graph --namespace https://w3id.org/my-alliance/",
        'cjph init my-graph --namespace https://w3id.org/bail/ --prefix bail --title "Bail Graph"',
    ),
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--namespace", metavar="IRI", help="What the IRIs of the new graph begin with.")
@click.option(
    "--prefix",
    default="ex",
    show_default=True,
    metavar="NAME",
    help="What its own terms are written with, as in ex:Example.",
)
@click.option("--title", default="", metavar="TEXT", help="What the graph is called.")
@limited(seconds=60, memory=50)
def command(folder: Path, namespace: str | None, prefix: str, title: str) -> Answer:
    """Start the graph of another alliance in a new folder.

    It has an ontology with one class, shapes, a check, a vocabulary, data, a query, texts for its
    pages, a workflow and a Makefile, and every command works on it.
    """
    from cjph_graph.contribute.starting import start_home

    if not namespace:
        raise UsageError(
            "What do the IRIs of your graph begin with? Say so with --namespace.",
            "It names a site that is yours, or a name at w3id.org, such as"
            " --namespace https://w3id.org/your-alliance/.",
        )
    count = start_home(folder, namespace, prefix=prefix, title=title)
    return Answer(
        f"{count} files are in {shown(folder)}. Go there, and run `cjph validate`;\n"
        "README.md says what is where.\n"
    )
