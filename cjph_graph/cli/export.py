"""`cjph export`: write the graph, or some things of it, as one document."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from cjph_graph.cli.options import Endpoint, epilog, format_option, limited, remote, written_to
from cjph_graph.cli.output import Output
from cjph_graph.errors import UsageError
from cjph_graph.home import Home, find_home
from cjph_graph.system import make_folder, shown, write_all

_FORMATS = ("jsonld", "json", "jsonl", "turtle", "ntriples", "csv", "xlsx", "parquet")


@click.command(
    "export",
    epilog=epilog(
        "cjph export --output cjph-graph.jsonld",
        "cjph export cahoots-eugene",
        "cjph export --kind policies --format turtle",
        "cjph export cahoots-eugene --frame intervention --format json",
        "cjph export --kind interventions --format jsonl",
        "cjph export cahoots-eugene --vocabulary schema",
        "cjph export --frame intervention --format json --schema",
        "cjph export --kind findings --format csv --output findings.csv",
        "cjph export --format csv --output tables",
        "cjph export --format xlsx --output cjph-graph.xlsx",
        "cjph export --context --output ontology/context.jsonld",
    ),
)
@click.argument("names", nargs=-1, metavar="[SLUG|IRI]...")
@click.option("--kind", metavar="KIND", help="All things of a kind, such as interventions.")
@format_option(
    *_FORMATS,
    about="json: without a context. jsonl: a thing on each line. csv, parquet: a flat table of one"
    " --kind or, with --output FOLDER, of each. xlsx: all of them as one workbook.",
)
@click.option(
    "--frame",
    metavar="NAME",
    help="JSON as this frame in ontology/frames/ shapes it, or as a kind's own does.",
)
@click.option("--context-url", metavar="URL", help="jsonld: link to the context at this address.")
@click.option(
    "--vocabulary",
    metavar="NAME",
    help="jsonld: in the terms of another vocabulary, such as schema.",
)
@click.option("--long", is_flag=True, help="csv: also a table for each column of several values.")
@click.option("--bom", is_flag=True, help="csv: begin with the mark by which Excel knows UTF-8.")
@click.option("--context", is_flag=True, help="Write only the JSON-LD context of the shapes.")
@click.option("--schema", is_flag=True, help="Write only the JSON Schema of what --frame shows.")
@written_to
@remote()
@limited(seconds=60, memory=50)
@click.pass_obj
def command(
    home: Path | None,
    names: Sequence[str],
    kind: str | None,
    form: str,
    frame: str | None,
    context_url: str | None,
    vocabulary: str | None,
    long: bool,
    bom: bool,
    context: bool,
    schema: bool,
    output: Path | None,
    endpoint: Endpoint | None,
) -> Output:
    """Write the graph, or some things of it, as one document.

    Things come with what they link to.
    """
    from cjph_graph.publish import export_context, export_schema, stream_graph

    place = find_home(home)
    if context:
        if names or kind or frame:
            raise UsageError("--context is about the whole graph: leave out the rest.")
        return Output(export_context(place), output)
    if schema:
        if not frame or names or kind:
            raise UsageError("--schema needs --frame NAME, and neither a name nor --kind.")
        return Output(export_schema(place, frame, plain=form in ("json", "jsonl")), output)
    if form in ("csv", "xlsx", "parquet"):
        if names or endpoint or frame or context_url or vocabulary:
            raise UsageError("A table has all things of a kind in the files: give --kind alone.")
        if form == "csv":
            return _tables(place, kind, output, long=long, bom=bom)
    if long or bom:
        raise UsageError("--long and --bom are for tables: add --format csv.")
    if form == "xlsx":
        return _workbook(place, kind, output)
    if form == "parquet":
        return _parquet(place, kind, output)
    engine = endpoint.engine() if endpoint else None
    pieces = stream_graph(
        place,
        names,
        kind=kind,
        form=form,
        frame=frame or "",
        context_url=context_url or "",
        vocabulary=vocabulary or "",
        engine=engine,
    )
    return Output(pieces, output)


def _tables(home: Home, kind: str | None, output: Path | None, *, long: bool, bom: bool) -> Output:
    """Return one table, or write all of them into a folder."""
    from cjph_graph.publish import export_table, export_tables

    if kind:
        if long:
            raise UsageError("--long is for a folder of tables: leave --kind out.")
        return Output(export_table(home, kind, bom=bom), output)
    if output is None:
        raise UsageError(
            "There is a table for each kind of thing, more than one file.",
            "Name one with --kind, such as --kind findings, or a folder with --output FOLDER.",
        )
    return _into(export_tables(home, long=long, bom=bom), output)


def _workbook(home: Home, kind: str | None, output: Path | None) -> Output:
    """Return a workbook, which no terminal can show."""
    from cjph_graph.publish import export_workbook

    if output is None and sys.stdout is not None and sys.stdout.isatty():
        raise UsageError("A workbook is not text.", "Name a file with --output FILE.")
    return Output(export_workbook(home, kind), output)


def _parquet(home: Home, kind: str | None, output: Path | None) -> Output:
    """Return one table, or write all of them into a folder."""
    from cjph_graph.publish import export_parquet

    if output is None:
        raise UsageError(
            "Parquet is not text, and there is a file for each kind of thing.",
            "Name a folder with --output FOLDER, or --kind KIND --output FILE.",
        )
    files = export_parquet(home, kind)
    return Output(next(iter(files.values())), output) if kind else _into(files, output)


def _into(files: Mapping[str, bytes], folder: Path) -> Output:
    make_folder(folder)
    write_all({folder / name: data for name, data in files.items()})
    return Output(f"{len(files)} files are in {shown(folder)}.\n")
