"""Options that several commands have."""

import functools
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from cjph_graph.cli.meter import Meter
from cjph_graph.errors import UsageError
from cjph_graph.system.limits import MAX_SIZE, Reason, Watch, as_text, limits, parse_size

if TYPE_CHECKING:
    from cjph_graph.remote.endpoint import EndpointEngine


@dataclass(frozen=True)
class Endpoint:
    """The SPARQL endpoint that a command was told to ask."""

    url: str
    graph: str | None
    insecure: bool

    def engine(self) -> "EndpointEngine":
        """Return the engine that asks it."""
        from cjph_graph.remote.endpoint import EndpointEngine

        return EndpointEngine(self.url, graph=self.graph, insecure=self.insecure)


def remote(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options --endpoint, --graph and --insecure.

    It gets them as one argument, `endpoint`: None when no endpoint is named, and then nothing
    may open a connection.
    """

    @functools.wraps(command)
    def told(
        *args: Any, endpoint_url: str | None, graph: str | None, insecure: bool, **options: Any
    ) -> Any:
        if not endpoint_url and (graph or insecure):
            raise UsageError(
                "--graph and --insecure go with an endpoint.",
                "Name one with --endpoint URL or $CJPH_ENDPOINT.",
            )
        endpoint = Endpoint(endpoint_url, graph, insecure) if endpoint_url else None
        return command(*args, endpoint=endpoint, **options)

    options = (
        click.option(
            "--endpoint",
            "endpoint_url",
            envvar="CJPH_ENDPOINT",
            metavar="URL",
            help="Ask this SPARQL endpoint and not the files.  [default: $CJPH_ENDPOINT]",
        ),
        click.option(
            "--graph", metavar="IRI", help="The graph there.  [default: as the server has it]"
        ),
        click.option(
            "--insecure", is_flag=True, help="Allow http:// to other machines than this one."
        ),
    )
    return functools.reduce(lambda inner, option: option(inner), reversed(options), told)


def limited(*, seconds: int, memory: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command the options --timeout and --max-size, and hold it to them.

    `memory` is how many times the size the process may hold.
    """

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(command)
        def bounded(*args: Any, timeout: float, max_size: int, **options: Any) -> Any:
            most = memory * max(max_size, MAX_SIZE)

            def end(reason: Reason) -> None:
                Meter.stop_running()
                _end(reason, timeout, most)

            watch = Watch(end, seconds=timeout, memory=most)
            with limits(max_size=max_size), watch, Meter(sys.stderr):
                return command(*args, **options)

        options = (
            click.option(
                "--timeout",
                type=click.FloatRange(0, 1_000_000),
                default=seconds,
                show_default=True,
                metavar="SECONDS",
                help="End with exit code 3 after this long; 0 for no limit.",
            ),
            click.option(
                "--max-size",
                default="20MB",
                show_default=True,
                metavar="SIZE",
                callback=lambda _context, _option, value: parse_size(value),
                help="Refuse what is larger than this: a file, standard input, an answer.",
            ),
        )
        return functools.reduce(lambda inner, option: option(inner), reversed(options), bounded)

    return decorate


_ending = threading.Lock()


def _end(reason: Reason, seconds: float, memory: int) -> None:
    """End the process at once, whatever it is doing; no result was begun to be written."""
    if reason is Reason.INTERRUPT:
        os._exit(130)
    if not _ending.acquire(blocking=False):
        # Another thread is at it, and may wait for this one to let it go on.
        time.sleep(0.1)
        os._exit(3)
    message = (
        f"This took longer than {seconds:g} seconds.\n"
        "Allow more with --timeout SECONDS; 0 is no limit."
        if reason is Reason.TIME
        else f"This needs more than {as_text(memory)} of memory.\nAllow more with --max-size SIZE."
    )
    os.write(2, f"cjph: {message}\n".encode())  # the usual way may be in use just now
    os._exit(3)
