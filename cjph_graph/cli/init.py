"""`cjph init`: start a home of one's own."""

import sys
from pathlib import Path

import click

from cjph_graph.cli.options import epilog, limited
from cjph_graph.cli.output import Output
from cjph_graph.system import shown


@click.command(
    "init",
    epilog=epilog(
        "cjph init my-graph",
        "cjph init my-graph --namespace https://w3id.org/my-alliance/",
        'cjph init my-graph --namespace https://w3id.org/bail/ --prefix bail --title "Bail Graph"',
    ),
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--namespace",
    default="",
    callback=lambda context, _option, given: given or _asked_for(context.params["folder"]),
    metavar="IRI",
    help="What the IRIs of the new graph begin with.  [default: asked for on a terminal, else"
    " an address at example.org, to try it]",
)
@click.option(
    "--prefix",
    default="ex",
    show_default=True,
    metavar="NAME",
    help="What its own terms are written with, as in ex:Example.",
)
@click.option("--title", default="", metavar="TEXT", help="What the graph is called.")
@limited(seconds=60, memory=50)
def command(folder: Path, namespace: str, prefix: str, title: str) -> Output:
    """Start the graph of another alliance in a new folder.

    It has an ontology with one class, shapes, a check, a vocabulary, data, a query, texts for its
    pages, a workflow and a Makefile, and every command works on it.
    """
    from cjph_graph.contribute import start_home

    count = start_home(folder, namespace, prefix=prefix, title=title)
    return Output(
        f"{count} files are in {shown(folder)}. Go there, and run `cjph validate`;\n"
        "README.md says what is where.\n"
    )


def _asked_for(folder: Path) -> str:
    """Return the namespace that somebody on a terminal gives, else one to try things with."""
    from cjph_graph.cli.terminal import Terminal
    from cjph_graph.contribute import slug

    trying = f"https://example.org/{slug(folder.resolve().name) or 'graph'}/"
    terminal = Terminal()
    namespace = ""
    if sys.stdin is not None and sys.stdin.isatty():
        terminal.tell(
            "What do the IRIs of your graph begin with? An address that stays yours for decades:\n"
            "a site of yours, or a name at w3id.org, such as https://w3id.org/your-alliance/.\n"
            f"Enter alone takes {trying}, to try it."
        )
        namespace = terminal.ask("namespace>", ()).strip()
    if not namespace:
        terminal.tell(
            f"The IRIs begin with {trying}, which is for trying only.\n"
            "Start again with --namespace IRI before others link to you."
        )
    return namespace or trying
