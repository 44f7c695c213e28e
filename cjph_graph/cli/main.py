"""The command line: parse, call one function, print, exit.

This is the only module that prints or exits. Results go to standard output, all else to standard
error. What is slow to import is imported where it is needed.
"""

import gc
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cjph_graph.cli.meter import Meter
from cjph_graph.cli.options import Endpoint, limited, remote
from cjph_graph.errors import CjphError, InputError, UsageError
from cjph_graph.home.location import Home, find_home
from cjph_graph.system.files import read, read_stream, write_atomically
from cjph_graph.system.limits import Watch

if TYPE_CHECKING:
    from cjph_graph.home.saved_queries import Query
    from cjph_graph.sparql.engine import Engine

SEVERITIES = ("error", "warning", "info")
_FORMATS = ("table", "csv", "tsv", "json", "xml", "markdown", "turtle", "ntriples", "jsonld")
_REPORTS = ("text", "json", "sarif", "github", "markdown", "turtle")
_EXIT_CODES = """\b
Exit codes:
  0  done
  1  findings, or a difference
  2  could not do it: wrong usage, unreadable, refused
  3  a limit was hit"""


class _Commands(click.Group):
    """The commands, with every failure turned into one sentence and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if ctx.params["debug"]:
                raise
            if not isinstance(error, CjphError):
                error = CjphError(
                    f"Something unexpected went wrong ({type(error).__name__}: {error}).",
                    "Run again with --debug before the command to see where.",
                )
            _complain(str(error))
            ctx.exit(error.exit_code)


@click.group(
    cls=_Commands,
    epilog=_EXIT_CODES,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--home",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The folder with ontology, data and queries.  [default: $CJPH_HOME, else the checkout"
    " one stands in, else the copy that was installed]",
)
@click.option("--debug", is_flag=True, help="Show where an error came from.")
@click.version_option(package_name="cjph-graph", prog_name="cjph")
@click.pass_context
def cli(context: click.Context, home: Path | None, debug: bool) -> None:
    """Check, query and export a graph of criminal justice and public health."""
    context.obj = home


@cli.command(
    epilog=f"""\b
Examples:
  cjph query
  cjph query interventions-by-issue -p issue=substance-use
  cjph query interventions-by-issue -p issue
  cjph query interventions-by-issue --format csv --output interventions.csv
  echo 'SELECT * {{ ?s ?p ?o }} LIMIT 3' | cjph query - --format json
  cjph query profile --endpoint https://example.org/sparql --graph https://w3id.org/cjph/

{_EXIT_CODES}"""
)
@click.argument("name", required=False, metavar="[NAME|FILE.rq|-]")
@click.option(
    "-p",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="Set a parameter to a slug, a label, an IRI or a literal; repeat it to mean any of"
    " several. NAME alone lists what it can be.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    help="[default: table, or turtle for CONSTRUCT and DESCRIBE]",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write here and not to standard output.",
)
@remote
@limited(seconds=60, memory=20)
@click.pass_obj
def query(
    home: Path | None,
    name: str | None,
    parameters: Sequence[str],
    form: str | None,
    output: Path | None,
    endpoint: Endpoint | None,
) -> None:
    """Answer a saved query, a query in a file, or one from standard input.

    Without a name, list the saved queries.
    """
    from cjph_graph.home.local import open_engine
    from cjph_graph.home.saved_queries import bind, list_queries
    from cjph_graph.sparql.engine import Rows, Triples, described, run
    from cjph_graph.sparql.results import write
    from cjph_graph.system.tables import table

    place = find_home(home)
    if name is None:
        if parameters:
            raise UsageError("A parameter needs a query.", "Run `cjph query` to see them all.")
        listed = [(q.name, q.title, " ".join(_names(q))) for q in list_queries(place)]
        _emit(table(("query", "question", "parameters"), listed, _width(output)), output)
        return
    asked = _find_query(place, name)
    engine = endpoint.engine() if endpoint else open_engine(place)
    values: dict[str, list[str]] = {}
    for given in parameters:
        key, equals, value = given.partition("=")
        if not equals:
            _emit(_list_values(asked, key, engine, _width(output)), output)
            return
        values.setdefault(key, []).append(value)
    result = run(engine, bind(asked, values, engine))
    slugs: frozenset[str] = frozenset()
    if isinstance(result, Rows) and form in (None, "table"):
        slugs = described(engine, (term for row in result.rows for term in row))
    if form == "jsonld" and isinstance(result, Triples):
        from cjph_graph.publish.export import graph_as_jsonld

        _emit(graph_as_jsonld(place, result), output)
        return
    written = write(result, form, width=_width(output), prefixes=asked.prefixes, described=slugs)
    _emit(written, output)


@cli.command(
    epilog=f"""\b
Examples:
  cjph validate
  cjph validate my-programme.ttl
  cjph validate --explain data/interventions
  cjph validate --since main --format github
  cjph validate --format sarif --output findings.sarif
  cjph validate --alone --shapes other-shapes.ttl other-data.ttl

{_EXIT_CODES}"""
)
@click.argument("paths", nargs=-1, metavar="[FILE|DIR|-]...")
@click.option(
    "--format",
    "form",
    type=click.Choice(_REPORTS),
    default="text",
    show_default=True,
    help="github: annotations of a workflow; markdown: a comment for a pull request.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write here and not to standard output.",
)
@click.option("--explain", is_flag=True, help="Tell what each broken rule asks, with examples.")
@click.option(
    "--since",
    metavar="REVISION",
    help="Report only what is new since a git revision, such as main.",
)
@click.option(
    "--fail-on",
    type=click.Choice((*SEVERITIES, "never")),
    default="error",
    show_default=True,
    help="The least severity that makes the exit code 1.",
)
@click.option(
    "--shapes",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Check against these SHACL shapes and not the home's; may be repeated.",
)
@click.option("--alone", is_flag=True, help="Check the files without the home's graph.")
@click.option(
    "--engine",
    "checker",
    type=click.Choice(("screened", "pyshacl")),
    default="screened",
    show_default=True,
    help="pyshacl: let pySHACL look at everything, which takes long.",
)
@click.option("--queries", is_flag=True, help="Only print the SPARQL that finds what may be wrong.")
@remote
@limited(seconds=300, memory=50)
@click.pass_obj
def validate(
    home: Path | None,
    paths: Sequence[str],
    form: str,
    output: Path | None,
    explain: bool,
    since: str | None,
    fail_on: str,
    shapes: Sequence[Path],
    alone: bool,
    checker: str,
    queries: bool,
    endpoint: Endpoint | None,
) -> None:
    """Check Turtle files against the rules.

    Without a path, check the whole home. Files are checked together with the home's graph, and
    what stands in them is reported; a folder stands for the Turtle files in it.
    """
    from dataclasses import replace

    from cjph_graph.rdf.reading import read_bytes
    from cjph_graph.validation.reports.formats import EXPLAINING, gather_notes, overflow, write
    from cjph_graph.validation.validation import Engine, validate_endpoint
    from cjph_graph.validation.validation import validate as check

    if explain and form not in EXPLAINING:
        raise UsageError(f"--explain goes with --format {' or '.join(EXPLAINING)}.")
    if since is not None and (alone or "-" in paths):
        raise UsageError(
            "--since goes with neither --alone nor -: it compares the home with what it was."
        )
    if since is not None and form == "turtle":
        raise UsageError(
            "--since goes not with --format turtle: the W3C's report is about the whole."
        )
    place = None if alone and paths and shapes else find_home(home)
    if queries:
        from cjph_graph.validation.validation import compiled

        _emit(compiled(place, shapes), output)
        return
    engine = Engine(checker)
    if endpoint and (paths or alone or since is not None):
        raise UsageError(
            "--endpoint checks what is there: it goes with no file, nor with --alone or --since.",
            "Put files there with `cjph push`, or leave --endpoint out.",
        )
    given = [
        read_bytes(_standard_input(), "standard input") if path == "-" else Path(path)
        for path in paths
    ]
    older = 0
    if since is not None:
        from cjph_graph.validation.baseline import brought_in

        change = brought_in(
            find_home(home),
            since,
            lambda there: check(home=there, shapes=shapes, engine=engine),
            [Path(path) for path in paths],
        )
        report, older = change.report, change.older
    elif endpoint:
        report = validate_endpoint(
            endpoint.engine(), home=find_home(home), shapes=shapes, engine=engine
        )
    else:
        report = check(given, home=place, shapes=shapes, alone=alone, engine=engine)
    notes = gather_notes(report, place, shapes=shapes, form=form, explained=explain)
    notes = replace(notes, since=since, older=older)
    summarised = form == "github" and _summarise(overflow(report, notes))
    colour = output is None and _colours()
    _emit(
        write(report, form, notes, width=_width(output), colour=colour, summarised=summarised),
        output,
    )
    if not report.checked and report.conforms:
        raise UsageError(
            "Nothing was checked: no thing in these files has a class that the shapes know."
        )
    failing = SEVERITIES[: SEVERITIES.index(fail_on) + 1] if fail_on in SEVERITIES else ()
    if any(report.count(severity) for severity in failing):
        sys.exit(1)


@cli.command(
    epilog=f"""\b
Examples:
  cjph export --output cjph-graph.jsonld
  cjph export cahoots-eugene
  cjph export --kind policies --format turtle
  cjph export --context --output ontology/context.jsonld

{_EXIT_CODES}"""
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
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write here and not to standard output.",
)
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
) -> None:
    """Write the graph, or some things of it with what they link to, as one document."""
    from cjph_graph.publish.export import export as write
    from cjph_graph.publish.export import export_context

    place = find_home(home)
    if context:
        if names or kind:
            raise UsageError("The context is that of the whole graph: name no thing and no kind.")
        _emit(export_context(place), output)
        return
    engine = endpoint.engine() if endpoint else None
    _emit(write(place, names, kind=kind, form=form, engine=engine), output)


@cli.command(
    epilog=f"""\b
Examples:
  cjph push --endpoint https://example.org/sparql --graph https://w3id.org/cjph/
  cjph push new.ttl --endpoint http://localhost:3030/ds/query --graph https://w3id.org/cjph/

{_EXIT_CODES}"""
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
    help="Where it has the Graph Store Protocol.  [default: likewise]",
)
@click.option("--even-if-broken", is_flag=True, help="Push data that break the rules.")
@remote
@limited(seconds=600, memory=50)
@click.pass_obj
def push(
    home: Path | None,
    paths: Sequence[Path],
    updates: str | None,
    graphs: str | None,
    even_if_broken: bool,
    endpoint: Endpoint | None,
) -> None:
    """Put the home's graph, and what stands in files, into a triple store.

    It takes the place of what the graph held there; readers see the old or the new, whole.
    """
    from cjph_graph.publish.push import gather
    from cjph_graph.publish.push import push as put
    from cjph_graph.remote.graph_store import Store
    from cjph_graph.validation.validation import validate as check

    if endpoint is None or endpoint.graph is None:
        raise UsageError(
            "Say which graph of which store is to be replaced: --endpoint URL --graph IRI."
        )
    place = find_home(home)
    triples = gather(place, paths)
    if not even_if_broken:
        reports = [check(home=place), *([check(paths, home=place)] if paths else [])]
        if errors := sum(report.count("error") for report in reports):
            _complain(
                f"Nothing was pushed: the data break the rules in {errors} places.\n"
                f"Run `cjph validate` to see where, or say --even-if-broken."
            )
            sys.exit(1)
    store = Store(endpoint.url, updates=updates, graphs=graphs, insecure=endpoint.insecure)
    done = put(triples, store, endpoint.graph)
    _emit(f"{done.held:,} triples are in {done.graph}.\n")


def main() -> None:
    """Run the command line and end the process.

    The main thread does the work where a watch can look after it there: only it hears signals.
    On Windows, where that is no help, it waits for another one, as else it hears no Ctrl-C.
    """
    # Most commands are over before looking for garbage every 700 objects would find any.
    gc.set_threshold(100_000)
    if os.name == "posix":
        _leave(_run())
    codes: list[int] = []
    threading.stack_size(16 * 1024 * 1024)
    worker = threading.Thread(target=lambda: codes.append(_run()), daemon=True)
    try:
        worker.start()
        worker.join()
    except KeyboardInterrupt:
        os._exit(130)
    _leave(codes[0])


def _leave(code: int) -> None:
    """End without taking everything apart piece by piece, which takes a tenth of the time."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        pass  # whoever was to read has left
    os._exit(code)


def _run() -> int:
    try:
        return cli.main(standalone_mode=False) or 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        os._exit(130)
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else 2
    except Exception as error:
        import traceback

        traceback.print_exc()
        return getattr(error, "exit_code", 2)


def _emit(data: str | bytes, output: Path | None = None) -> None:
    """Write a result to a file or to standard output; a reader that has left is no error."""
    data = data.encode() if isinstance(data, str) else data
    Watch.stop_running()  # how long a reader takes is not counted
    Meter.stop_running()
    if output and str(output) != "-":
        write_atomically(output, data)
        return
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # Python flushes once more at its end, which must find somewhere to write to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(message: str) -> None:
    safe = "".join(char if char.isprintable() or char == "\n" else "\ufffd" for char in message)
    click.echo(f"cjph: {safe}", err=True)


def _width(output: Path | None) -> int:
    try:
        return 80 if output else max(20, os.get_terminal_size(sys.stdout.fileno()).columns)
    except OSError:
        return 80  # not a terminal


def _colours() -> bool:
    return (
        sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    )


def _summarise(markdown: str) -> bool:
    """Add to the summary of a GitHub job, if this is one."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if not (markdown and path):
        return False
    try:
        with Path(path).open("a", encoding="utf-8", errors="replace") as file:
            file.write(markdown)
    except OSError:
        return False
    return True


def _find_query(home: Home, name: str) -> "Query":
    from cjph_graph.home.saved_queries import get_query, parse_query

    if name != "-" and not name.endswith(".rq"):
        return get_query(home, name)
    try:
        data = _standard_input() if name == "-" else read(Path(name))
        return parse_query(data.decode("utf-8-sig"), "the query" if name == "-" else name)
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not UTF-8 text, from byte {error.start + 1} on.") from error


def _standard_input() -> bytes:
    return read_stream(sys.stdin.buffer, "Standard input")


def _names(query: "Query") -> list[str]:
    return [parameter.name for parameter in query.parameters]


def _list_values(query: "Query", name: str, engine: "Engine", width: int) -> str:
    from cjph_graph.home.saved_queries import candidates, get_parameter
    from cjph_graph.system.tables import table

    parameter = get_parameter(query, name)
    known = candidates(parameter, engine)
    if not known:
        return f"{parameter.description} For example: {parameter.example}\n"
    rows = [
        (candidate.slug, candidate.labels[0] if candidate.labels else "") for candidate in known
    ]
    return table((name, "label"), rows, width)
