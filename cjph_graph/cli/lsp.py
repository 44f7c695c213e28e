"""`cjph lsp`: help in an editor, by the language server protocol."""

from pathlib import Path

import click

from cjph_graph.cli.options import epilog
from cjph_graph.errors import UsageError
from cjph_graph.home import find_home


@click.command("lsp", epilog=epilog("cjph lsp", "cjph --home ../bail lsp"))
@click.pass_obj
def command(home: Path | None) -> None:
    """Help an editor with Turtle files.

    It shows findings and labels, completes names and lays files out. An editor starts this and
    speaks with it on standard input and output; docs/editors.md says how to set one up. It needs
    the extra `lsp`.
    """
    try:
        from cjph_graph.contribute.language_server import make_server
    except ModuleNotFoundError as error:
        raise UsageError(
            "The language server needs pygls, which is not installed.",
            "Install it with: pip install 'cjph-graph[lsp]'",
        ) from error
    make_server(find_home(home)).start_io()
