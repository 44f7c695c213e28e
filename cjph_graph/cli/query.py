"""`cjph query`: answer a saved question, or any question in SPARQL."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cjph_graph.cli.options import Endpoint, epilog, limited, remote, written_to
from cjph_graph.cli.output import Output, complain, standard_input, terminal_width
from cjph_graph.errors import UsageError
from cjph_graph.home import Home, find_home
from cjph_graph.system import decoded, read_text, shown

if TYPE_CHECKING:
    from cjph_graph.home import Query
    from cjph_graph.sparql import Engine, Result

_FORMATS = ("table", "csv", "tsv", "json", "xml", "markdown", "turtle", "ntriples", "jsonld")
_INDENT = "    "


@click.command(
    "query",
    epilog=epilog(
        "cjph query",
        "cjph query --search housing",
        "cjph query interventions-by-issue -p issue=substance-use",
        "cjph query interventions-by-issue -p issue",
        "cjph query interventions-by-issue --format csv --output interventions.csv",
        "echo 'SELECT * { ?s ?p ?o } LIMIT 3' | cjph query - --format json",
        "cjph query profile --endpoint https://example.org/sparql --graph https://w3id.org/cjph/",
    ),
)
@click.argument("name", required=False, metavar="[NAME|FILE.rq|-]")
@click.option(
    "-p",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="Set a parameter to a slug, a label, an IRI or a literal; repeat it to mean any of"
    " several. NAME alone lists its values.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    help="[default: table, or turtle for CONSTRUCT and DESCRIBE]",
)
@click.option("--search", metavar="WORD", help="List only the saved queries that have this word.")
@written_to
@remote()
@limited(seconds=60, memory=20)
@click.pass_obj
def command(
    folder: Path | None,
    name: str | None,
    parameters: Sequence[str],
    search: str | None,
    form: str | None,
    output: Path | None,
    endpoint: Endpoint | None,
) -> Output:
    """Answer a saved query, or any query in SPARQL.

    A query has a name, or is in a file or on standard input. Without one, list the saved queries.
    Answers from files have numbers and times as the store writes them: 1.50 becomes 1.5. `cjph
    export` leaves them as they stand.
    """
    from cjph_graph.home import bind, open_engine
    from cjph_graph.sparql import run

    home = find_home(folder)
    if name is None:
        if parameters:
            raise UsageError("-p needs the name of a query.", "Run `cjph query` to see them all.")
        return Output(_list_queries(home, search, terminal_width(output)), output)
    if search is not None:
        raise UsageError("--search lists queries: leave NAME out.")
    question = _find_query(home, name)
    engine = endpoint.engine() if endpoint else open_engine(home)
    values: dict[str, list[str]] = {}
    for parameter in parameters:
        key, equals, value = parameter.partition("=")
        if not equals:
            return Output(_list_values(question, key, engine, terminal_width(output)), output)
        values.setdefault(key, []).append(value)
    result = run(engine, bind(question, values, engine))
    return Output(_written(home, question, engine, result, form, terminal_width(output)), output)


def _written(
    home: Home,
    question: "Query",
    engine: "Engine",
    result: "Result",
    form: str | None,
    columns: int,
) -> str | bytes:
    from cjph_graph.sparql import Rows, Triples, write_results
    from cjph_graph.sparql.graph_queries import described

    if form == "jsonld" and isinstance(result, Triples):
        from cjph_graph.publish import graph_as_jsonld

        return graph_as_jsonld(home, result)
    slugs: frozenset[str] = frozenset()
    if isinstance(result, Rows) and form in (None, "table"):
        slugs = described(engine, (term for row in result.rows for term in row))
    return write_results(result, form, width=columns, prefixes=question.prefixes, described=slugs)


def _list_queries(home: Home, search: str | None, columns: int) -> str:
    from cjph_graph.home import list_queries

    listing = list_queries(home)
    for error in listing.errors:
        complain(error.message)
    if search is not None:
        listing = listing.search(search)
    return "\n".join(_listed(query, columns) for query in listing.queries)


def _listed(query: "Query", columns: int) -> str:
    """Return a query as lines: its name, the question, and the parameters it has."""
    from cjph_graph.system.tables import clean, wrap

    parameters = " ".join(f"-p {parameter.name}" for parameter in query.parameters)
    room = max(20, columns - len(_INDENT))
    below = [*wrap(clean(query.title), room), *wrap(parameters, room)]
    lines = [clean(query.name), *(_INDENT + line for line in below if line)]
    return "".join(f"{line}\n" for line in lines)


def _list_values(query: "Query", name: str, engine: "Engine", columns: int) -> str:
    from cjph_graph.home import choices, get_parameter
    from cjph_graph.system.tables import aligned

    parameter = get_parameter(query, name)
    known = choices(parameter, engine)
    if not known:
        return f"{parameter.description} For example: {parameter.example}\n"
    rows = [(choice.slug, choice.labels[0] if choice.labels else "") for choice in known]
    return aligned((name, "label"), rows, columns)


def _find_query(home: Home, name: str) -> "Query":
    from cjph_graph.home import get_query, parse_query

    if name != "-" and not name.endswith(".rq"):
        return get_query(home, name)
    if name == "-":
        return parse_query(decoded(standard_input(), "The query"), "the query")
    return parse_query(read_text(Path(name)), shown(Path(name)))
