"""`cjph export`: write the graph, or some things of it, as one document."""

from collections.abc import Sequence
from pathlib import Path

import click

from cjph_graph.cli.options import Endpoint, epilog, limited, remote, written_to
from cjph_graph.cli.output import Answer
from cjph_graph.errors import UsageError
from cjph_graph.home.location import find_home


@click.command(
    epilog=epilog(
        "cjph export --output cjph-graph.jsonld",
        "cjph export cahoots-eugene",
        "cjph export --kind policies --format turtle",
        "cjph export --context --output ontology/context.jsonld",
    )
)
@click.argument("names", nargs=-1, metavar="[SLUG|IRI]...")
@click.option("--kind", metavar="KIND", help="All things of a kind, such as interventions.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("jsonld", "turtle", "ntriples")),
    default="jsonld",
    show_default=True,
)
@click.option("--context", is_flag=True, help="Write only the JSON-LD context of the shapes.")
@written_to
@remote
@limited(seconds=60, memory=50)
@click.pass_obj
def export(
    home: Path | None,
    names: Sequence[str],
    kind: str | None,
    form: str,
    context: bool,
    output: Path | None,
    endpoint: Endpoint | None,
) -> Answer:
    """Write the graph, or some things of it with what they link to, as one document."""
    from cjph_graph.publish.export import export as write
    from cjph_graph.publish.export import export_context

    place = find_home(home)
    if context:
        if names or kind:
            raise UsageError("The context is that of the whole graph: name no thing and no kind.")
        return Answer(export_context(place), output)
    engine = endpoint.engine() if endpoint else None
    return Answer(write(place, names, kind=kind, form=form, engine=engine), output)
