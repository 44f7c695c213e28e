"""The engine over a home's own files.

They are parsed for every command, some 300 thousand triples in a second. What is too large for
that is put in a triple store and asked there, with `--endpoint`.
"""

from cjph_graph.home.location import Home, home_files
from cjph_graph.rdf import load
from cjph_graph.sparql import Engine, LocalEngine


def open_engine(home: Home) -> Engine:
    """Return the engine that answers questions about a home's graph.

    Raises InputError or LimitError at the first file that cannot be used.
    """
    return LocalEngine(load(home_files(home)))
