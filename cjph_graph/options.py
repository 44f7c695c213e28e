"""Options that several commands have."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from cjph_graph.errors import UsageError

if TYPE_CHECKING:
    from cjph_graph.endpoint import EndpointEngine


@dataclass(frozen=True)
class Endpoint:
    """The SPARQL endpoint that a command was told to ask."""

    url: str
    graph: str | None
    insecure: bool

    def engine(self) -> "EndpointEngine":
        """Return the engine that asks it."""
        from cjph_graph.endpoint import EndpointEngine

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
