"""The command, run within this process."""

from contextlib import chdir
from subprocess import CompletedProcess

from click.testing import CliRunner

from cjph_graph.cli.main import cli
from cjph_graph.home.location import Home


def cjph(home: Home, *arguments: str, stdin: str = "", **environment: str) -> CompletedProcess[str]:
    """Run the command in a home; what it does not expect itself is raised.

    A command that is over its time or memory would end the tests: it needs a process of its own.
    """
    words = ["--home", str(home.path), *arguments]
    with chdir(home.path):
        done = CliRunner(env=environment).invoke(cli, words, input=stdin)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)
