"""`cjph serve`: the site and a SPARQL endpoint, for this machine or a network."""

import logging
import os
import sys
from pathlib import Path

import click

from cjph_graph.cli.options import epilog
from cjph_graph.cli.output import complain, say
from cjph_graph.errors import UsageError
from cjph_graph.home import find_home


@click.command(
    "serve",
    epilog=epilog(
        "cjph serve",
        "cjph serve --port 8080 --reload",
        "cjph query profile --endpoint http://127.0.0.1:8000/sparql",
    ),
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    metavar="NUMBER",
    help="Where the server listens; 0 takes any port that is free.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="The address it listens at.",
)
@click.option(
    "--host-name",
    "hosts",
    multiple=True,
    metavar="NAME",
    help="Another name by which the server may be called, such as that of a proxy before it.",
)
@click.option(
    "--timeout",
    "seconds",
    type=click.FloatRange(0.1, 3600),
    default=10,
    show_default=True,
    metavar="SECONDS",
    help="End a question after this long.",
)
@click.option(
    "--memory",
    "megabytes",
    type=click.IntRange(50, 100_000),
    default=500,
    show_default=True,
    metavar="MB",
    help="End a question that needs more than this.",
)
@click.option("--reload", is_flag=True, help="Take in files that change, all at once.")
@click.option("--spawn", is_flag=True, hidden=True, help="Do without fork, as on Windows.")
@click.option("--log-queries", is_flag=True, help="Write the queries into the log as well.")
@click.pass_obj
def command(
    home: Path | None,
    port: int,
    host: str,
    hosts: tuple[str, ...],
    seconds: float,
    megabytes: int,
    reload: bool,
    spawn: bool,
    log_queries: bool,
) -> None:
    """Serve the pages and a SPARQL endpoint.

    A client gets each thing in the form it asks for, and can change nothing. Each question is
    answered by a process of its own, which is ended when it takes too long or too much memory.
    """
    try:
        from cjph_graph.publish.serve import ServerOptions, run_server
    except ImportError as error:
        raise UsageError(
            f"The server needs {error.name}, which is not installed.",
            "Install it with: pip install 'cjph-graph[serve]'",
        ) from error
    options = ServerOptions(
        host=host or "0.0.0.0",  # noqa: S104 as sockets understand an empty name
        port=port,
        hosts=hosts,
        seconds=seconds,
        megabytes=megabytes,
        maker="cjph_graph.contribute:with_forms",
        forks=hasattr(os, "fork") and not spawn,
        reload=reload,
        log_queries=log_queries,
    )
    if not options.is_local:
        complain(
            f"Whoever reaches {options.host} can ask this server.",
            "Put a proxy with TLS before it where others should; docs/serving.md says how.",
        )
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    logging.getLogger("cjph.serve").setLevel(logging.INFO)
    run_server(find_home(home), options, say)
