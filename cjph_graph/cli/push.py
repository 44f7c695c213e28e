"""`cjph push`: put the graph into a triple store."""

from collections.abc import Sequence
from pathlib import Path

import click

from cjph_graph.cli.options import Endpoint, epilog, limited, remote
from cjph_graph.cli.output import Output, complain
from cjph_graph.cli.process import FINDINGS
from cjph_graph.errors import UsageError
from cjph_graph.home import Home, find_home


@click.command(
    "push",
    epilog=epilog(
        "cjph push --endpoint https://example.org/sparql --graph https://w3id.org/cjph/",
        "cjph push new.ttl --endpoint http://localhost:3030/ds/query"
        " --graph https://w3id.org/cjph/",
    ),
)
@click.argument("paths", nargs=-1, metavar="[FILE|DIR]...", type=click.Path(path_type=Path))
@click.option(
    "--update",
    "updates",
    metavar="URL",
    help="Where the store takes SPARQL Update.  [default: as servers of its kind have it]",
)
@click.option(
    "--store",
    "graphs",
    metavar="URL",
    help="Where it has the Graph Store Protocol.  [default: as servers of its kind have it]",
)
@click.option("--even-if-broken", is_flag=True, help="Push data that break the rules.")
@remote(endpoint="The SPARQL endpoint of the store.", graph="The graph to replace.")
@limited(seconds=600, memory=50, grace=40)
@click.pass_obj
def command(
    folder: Path | None,
    paths: Sequence[Path],
    updates: str | None,
    graphs: str | None,
    even_if_broken: bool,
    endpoint: Endpoint | None,
) -> Output:
    """Put the home's graph into a triple store.

    With paths, what stands in these files comes as well. It takes the place of what the graph held
    there; readers see the old or the new, whole.
    """
    from cjph_graph.publish import gather, push_graph
    from cjph_graph.remote import GraphStore

    if endpoint is None or endpoint.graph is None:
        raise UsageError("Name the graph to replace and its store: --endpoint URL --graph IRI.")
    home = find_home(folder)
    triples = gather(home, paths)
    if not even_if_broken and (errors := _errors(home, paths)):
        complain(
            f"Nothing was pushed: the data break the rules in {errors} places.",
            "Run `cjph validate` to see where, or push with --even-if-broken.",
        )
        return Output("", code=FINDINGS)
    store = GraphStore(endpoint.url, updates=updates, graphs=graphs, insecure=endpoint.insecure)
    done = push_graph(triples, store, endpoint.graph)
    return Output(f"{done.held:,} triples are in {done.graph}.\n")


def _errors(home: Home, paths: Sequence[Path]) -> int:
    from cjph_graph.validation import ValidationOptions, validate

    asked = [ValidationOptions(home=home), *([ValidationOptions(paths, home)] if paths else [])]
    return sum(validate(options).count("error") for options in asked)
