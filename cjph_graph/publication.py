"""Publishing: the graph of a home as one document, or some of its things."""

from collections.abc import Iterable, Sequence

from pyoxigraph import Triple

from cjph_graph.errors import InputError, UsageError
from cjph_graph.graph import TurtleFile, home_files, read_turtle
from cjph_graph.home import Home
from cjph_graph.jsonld import make_context, write_context, write_jsonld
from cjph_graph.results import write_graph
from cjph_graph.schema import Kind, read_schema
from cjph_graph.things import Things, find_kind

FORMATS = ("jsonld", "turtle", "ntriples")


def export(
    home: Home, names: Sequence[str] = (), *, kind: str | None = None, form: str = "jsonld"
) -> bytes:
    """Return the graph, data and vocabularies, in a format; the same bytes on every run.

    With `names` (slugs or IRIs) or a `kind`, only these things, with their parts and with what
    they link to described once more. Raises UsageError when a name or kind does not exist,
    InputError when a file of the home is not Turtle.
    """
    if form not in FORMATS:
        raise UsageError(f"There is no format {form!r}.", f"There are: {', '.join(FORMATS)}.")
    files = _files(home, ontology=False)
    things = Things(triple for file in files for triple in file.triples)
    kinds = _kinds(home)
    roots = None
    if names or kind:
        roots = [things.find(name) for name in names]
        roots += things.of_kind(find_kind(kinds, kind)) if kind else []
        things = things.gather(roots)
    if form == "jsonld":
        return write_jsonld(things, make_context(kinds), roots)
    prefixes = {name: iri for file in files for name, iri in file.prefixes.items() if name}
    return write_graph(things.triples(), form, prefixes)


def read_home(home: Home) -> Things:
    """Return what a home says, ontology included. Raises InputError when a file is not Turtle."""
    return Things(triple for file in _files(home, ontology=True) for triple in file.triples)


def graph_as_jsonld(home: Home, triples: Iterable[Triple]) -> bytes:
    """Return triples, such as a query's answer, as JSON-LD with the context of a home."""
    return write_jsonld(Things(triples), make_context(_kinds(home)))


def export_context(home: Home) -> bytes:
    """Return the JSON-LD context of a home's shapes, as a document of its own."""
    return write_context(make_context(_kinds(home)))


def _kinds(home: Home) -> tuple[Kind, ...]:
    shapes = read_turtle(home.shapes)
    if shapes.problem:
        raise InputError(f"{shapes.path}:{shapes.problem.line}: {shapes.problem.message}.")
    return read_schema(shapes.triples)


def _files(home: Home, *, ontology: bool) -> list[TurtleFile]:
    paths = [path for path in home_files(home) if ontology or path != home.ontology]
    files = [read_turtle(path) for path in paths]
    for file in files:
        if file.problem:
            raise InputError(
                f"{file.path}:{file.problem.line}:{file.problem.column}: {file.problem.message}.",
                "Run `cjph validate` to see every problem at once.",
            )
    return files
