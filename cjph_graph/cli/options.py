"""Options that several commands have."""

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from cjph_graph.cli.meter import Meter
from cjph_graph.cli.output import Output, hand_over, settled
from cjph_graph.cli.process import Reason, Watch, end_now
from cjph_graph.errors import UsageError
from cjph_graph.system.limits import MAX_SIZE, limits, parse_size, size_text

if TYPE_CHECKING:
    from cjph_graph.remote import EndpointEngine

EXIT_CODES = """\b
Exit codes:
  0  done
  1  findings, or a difference
  2  could not do it: wrong usage, unreadable, refused
  3  a limit was hit"""

# In seconds: eleven days.
_LONGEST = 1_000_000
_Command = Callable[..., Any]


def path_option(
    *names: str, about: str, metavar: str = "FILE", several: bool = False
) -> Callable[[_Command], _Command]:
    """Return an option that takes a path, or `several`; `about` is its help."""
    path = click.Path(path_type=Path)
    return click.option(*names, type=path, metavar=metavar, multiple=several, help=about)


def format_option(*formats: str, about: str | None = None) -> Callable[[_Command], _Command]:
    """Return the option --format, which a command gets as `form`; the first is the default."""
    choice = click.Choice(formats)
    return click.option(
        "--format", "form", type=choice, default=formats[0], show_default=True, help=about
    )


written_to = path_option("--output", about="Write to this file instead of standard output.")


def epilog(*examples: str) -> str:
    """Return the end of a command's help: examples, and the exit codes."""
    return "\n".join(("\b", "Examples:", *(f"  {e}" for e in examples), "", EXIT_CODES))


class Endpoint(NamedTuple):
    """The SPARQL endpoint that a command asks."""

    url: str
    graph: str | None
    insecure: bool

    def engine(self) -> "EndpointEngine":
        """Return the engine that asks it."""
        from cjph_graph.remote import EndpointEngine

        return EndpointEngine(self.url, graph=self.graph, insecure=self.insecure)


def remote(
    *,
    endpoint: str = "Ask this SPARQL endpoint instead of the files.",
    graph: str = "The graph to ask there.  [default: the server's own]",
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command the options --endpoint, --graph and --insecure, with help on the first two.

    It gets them as one argument, `endpoint`: None when no endpoint is named, and then nothing
    may open a connection.
    """

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(command)
        def wrapped(
            *args: Any, endpoint_url: str | None, graph: str | None, insecure: bool, **options: Any
        ) -> Any:
            if not endpoint_url and (graph or insecure):
                raise UsageError(
                    "--graph and --insecure need an endpoint.",
                    "Name one with --endpoint URL or $CJPH_ENDPOINT.",
                )
            there = Endpoint(endpoint_url, graph, insecure) if endpoint_url else None
            return command(*args, endpoint=there, **options)

        return _with_options(
            wrapped,
            click.option(
                "--endpoint",
                "endpoint_url",
                envvar="CJPH_ENDPOINT",
                metavar="URL",
                help=f"{endpoint}  [default: $CJPH_ENDPOINT]",
            ),
            click.option("--graph", metavar="IRI", help=graph),
            click.option(
                "--insecure", is_flag=True, help="Allow http:// to other machines than this one."
            ),
        )

    return decorate


def _with_options(command: _Command, *options: Callable[[_Command], _Command]) -> _Command:
    """Give a command options, which its help shows in this order."""
    for option in reversed(options):
        command = option(command)
    return command


def limited(
    *, seconds: int, memory: int, grace: int = 0, patient: str = "", quicker: str = ""
) -> Callable[[Callable[..., Output]], Callable[..., None]]:
    """Give a command the options --timeout and --max-size, hold it to them, and write its answer.

    `memory` is how many times the size the process may hold. How long a reader takes over the
    answer does not count. With `grace` requests end when the time is over, and the command has so
    many seconds more to find out what became of them. With the option called `patient` the command
    waits for a person, and time is no limit. `quicker` says what else would end in time.
    """

    def decorate(command: Callable[..., Output]) -> Callable[..., None]:
        @functools.wraps(command)
        def bounded(*args: Any, timeout: float, max_size: int, **options: Any) -> None:
            timeout = 0 if patient and options.get(patient) else timeout
            most = memory * max(max_size, MAX_SIZE)
            meter = Meter(sys.stderr)

            def end(reason: Reason) -> None:
                meter.stop()
                end_now(_over(reason, timeout, most, quicker))

            watch = Watch(end, seconds=timeout + grace if timeout else 0, memory=most)
            requests = timeout if grace and timeout else None
            with limits(max_size=max_size, timeout=requests), watch, meter:
                answer = settled(command(*args, **options))
            hand_over(answer)

        return _with_options(
            bounded,
            click.option(
                "--timeout",
                type=float,
                default=seconds,
                show_default=True,
                metavar="SECONDS",
                callback=_seconds,
                help="End with exit code 3 after this long; 0 is no limit.",
            ),
            click.option(
                "--max-size",
                default="20MB",
                show_default=True,
                metavar="SIZE",
                callback=lambda _context, _option, value: parse_size(value),
                help="Refuse a file, an input or an answer that is larger than this.",
            ),
        )

    return decorate


def _seconds(context: click.Context, option: click.Parameter, value: float) -> float:
    if not 0 <= value <= _LONGEST:  # neither is nan
        raise click.BadParameter(f"{value:g} is not from 0 to {_LONGEST:,}.", context, option)
    return value


def _over(reason: Reason, seconds: float, memory: int, quicker: str) -> str:
    if reason is Reason.TIME:
        return (
            f"This took longer than {seconds:g} seconds.\n"
            f"Allow more with --timeout SECONDS; 0 is no limit.{quicker and f' {quicker}'}"
        )
    return f"This needs more than {size_text(memory)} of memory.\nAllow more with --max-size SIZE."
