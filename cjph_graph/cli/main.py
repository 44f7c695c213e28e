"""The command line: parse, call one function, print, exit.

Results go to standard output, all else to standard error. What is slow to import is imported by the
command that needs it.
"""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import click

from cjph_graph.cli import process
from cjph_graph.cli.options import EXIT_CODES, path_option
from cjph_graph.cli.output import complain, show_usage
from cjph_graph.errors import CjphError, LimitError, UsageError

# The modules of the commands, each with the command under its own name.
_COMMANDS = (
    "diff",
    "export",
    "format",
    "forms",
    "init",
    "list",
    "lsp",
    "new",
    "publish",
    "push",
    "query",
    "review",
    "serve",
    "validate",
)


class _Commands(click.Group):
    """The commands, with every failure turned into one sentence and an exit code.

    A command is imported when it is asked for: none waits for the others.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"cjph_graph.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in _COMMANDS:
            from cjph_graph.rdf import nearest

            for near in nearest(args[0], _COMMANDS):
                ctx.fail(f"No such command {args[0]!r}. Did you mean {near!r}?")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            failure = _explained(error)
            if ctx.params["debug"]:
                import traceback

                traceback.print_exc()
            else:
                complain(failure.message, failure.hint)
            ctx.exit(failure.exit_code)


def _explained(error: Exception) -> CjphError:
    """Return an error as one that says what to do."""
    match error:
        case CjphError():
            return error
        case OSError(filename=str() | bytes() as name, strerror=str(reason)):
            return UsageError(f"{name!s} cannot be used: {reason}.")
        case RecursionError():
            return LimitError("Something here is nested deeper than can be followed.")
        case _:
            return CjphError(
                f"Something unexpected went wrong ({type(error).__name__}: {error}).",
                "Run again with --debug before the command to see where.",
            )


@click.group(
    cls=_Commands, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]}
)
@path_option(
    "--home",
    metavar="DIR",
    about="The folder with ontology, data and queries.  [default: $CJPH_HOME, else the checkout"
    " you are in, else the installed copy]",
)
@click.option("--debug", is_flag=True, help="Show where an error came from.")
@click.version_option(package_name="cjph-graph", prog_name="cjph")
@click.pass_context
def cli(context: click.Context, home: Path | None, debug: bool) -> None:
    """Check, query and export a graph of criminal justice and public health."""
    context.obj = home


def main() -> NoReturn:
    """Run the command line and end the process."""
    process.prepare()
    try:
        code = cli.main(standalone_mode=False) or process.DONE
    except click.ClickException as error:
        show_usage(error)
        code = error.exit_code
    except OSError as error:  # standard output is full, for the help or the version
        process.silence(1)
        complain(f"The result cannot be written: {error.strerror or error}.")
        code = process.COULD_NOT
    sys.exit(code)
