"""CJPH Graph: a knowledge graph of criminal justice and public health, as plain functions.

    import cjph_graph

    for row in cjph_graph.query("interventions-by-issue", issue="substance-use"):
        print(row)

Functions raise CjphError, whose message says what was wrong and where.
"""

from __future__ import annotations

from cjph_graph.errors import (
    CjphError,
    EndpointError,
    InputError,
    LimitError,
    RefusedError,
    UsageError,
)

# Nothing slow is imported before it is used, not even by this: until `cjph` has taken over, Ctrl-C
# would be a traceback.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

    import rdflib

    from cjph_graph.home import Home, Query
    from cjph_graph.publish import Table
    from cjph_graph.sparql import Result
    from cjph_graph.system.limits import limits
    from cjph_graph.validation import Report

__all__ = [
    "CjphError",
    "EndpointError",
    "Home",
    "InputError",
    "LimitError",
    "RefusedError",
    "UsageError",
    "answer",
    "export",
    "limits",
    "list_queries",
    "open_home",
    "query",
    "table",
    "to_rdflib",
    "validate",
]


def __getattr__(name: str) -> Any:
    if name == "Home":
        from cjph_graph.home import Home

        return Home
    if name == "limits":
        from cjph_graph.system.limits import limits

        return limits
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def open_home(path: str | Path | None = None) -> Home:
    """Return the home at `path`, else the one the command line would use.

    Raises UsageError when there is none.
    """
    from pathlib import Path

    from cjph_graph.home import find_home

    return find_home(None if path is None else Path(path))


def list_queries(home: Home | None = None) -> list[Query]:
    """Return the saved queries of a home by name, with titles and parameters.

    A file that cannot be read is left out.
    """
    from cjph_graph.home import list_queries as listing

    return list(listing(home or open_home()).queries)


def query(name: str, /, *, home: Home | None = None, **parameters: str | Sequence[str]) -> Result:
    """Answer a saved query.

    A parameter takes a slug, a label, an IRI or a literal's text, or several to mean any of them.
    A SELECT gives rows to iterate over as dicts, an ASK a truth value, a CONSTRUCT or DESCRIBE
    triples. Raises UsageError when a query, a parameter or a value does not exist.
    """
    from cjph_graph.home import bind, get_query, open_engine
    from cjph_graph.sparql import run

    home = home or open_home()
    engine = open_engine(home)
    values = {key: [v] if isinstance(v, str) else list(v) for key, v in parameters.items()}
    return run(engine, bind(get_query(home, name), values, engine))


def answer(text: str, *, home: Home | None = None) -> Result:
    """Answer a SPARQL query over a home; it may not leave the graph or change it.

    Raises InputError when it is not SPARQL, RefusedError or LimitError when it is not run.
    """
    from cjph_graph.home import open_engine
    from cjph_graph.sparql import run

    return run(open_engine(home or open_home()), text)


def validate(
    *paths: str | Path,
    home: Home | None = None,
    shapes: Sequence[str | Path] = (),
    alone: bool = False,
) -> Report:
    """Check Turtle files against the rules, together with a home's graph; or the whole home.

    With `alone` the home's graph is left out; `shapes` stand in for the home's own. Raises
    UsageError when a path does not exist, InputError when the shapes cannot be used.
    """
    from pathlib import Path

    from cjph_graph.validation import ValidationOptions
    from cjph_graph.validation import validate as check

    place = None if alone and paths and shapes else home or open_home()
    return check(ValidationOptions([*map(Path, paths)], place, [*map(Path, shapes)], alone))


def export(
    *names: str,
    kind: str | None = None,
    form: str = "jsonld",
    frame: str = "",
    home: Home | None = None,
) -> bytes:
    """Return the graph, or the things of some names or a kind, in a format.

    `form` is `jsonld`, `json`, `jsonl`, `turtle` or `ntriples`. JSON shows what a `frame` asks for,
    one of `ontology/frames/` or a kind's. Raises UsageError when a name, a kind, a frame or a
    format does not exist.
    """
    from cjph_graph.publish import export_graph

    return export_graph(home or open_home(), names, kind=kind, form=form, frame=frame)


def table(kind: str, /, *, home: Home | None = None) -> Table:
    """Return the things of a kind, such as `findings`, as a flat table.

    Iterating gives a dict of texts for each thing: `pandas.DataFrame(table("findings"))`. Its
    `columns` say what each is. Raises UsageError when there is no such kind.
    """
    from cjph_graph.publish import find_table, read_tables

    return find_table(read_tables(home or open_home()), kind)


def to_rdflib(home: Home | None = None) -> rdflib.Graph:
    """Return a home's graph, ontology included, for use with rdflib.

    Literals stay as they were written. Raises InputError when a file is not Turtle.
    """
    from cjph_graph.publish import read_home
    from cjph_graph.shacl import to_rdflib as converted

    return converted(read_home(home or open_home()).triples())
