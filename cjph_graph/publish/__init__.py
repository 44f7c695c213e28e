"""From the graph to what others read: documents, tables, and triple stores elsewhere.

    from cjph_graph.publish import export_graph

    document = export_graph(home, ["cahoots-eugene"], form="turtle")

A name is imported when it is first used: an export needs nothing of what a push does.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cjph_graph.publish.export import (
        FORMATS,
        export_context,
        export_graph,
        export_table,
        export_tables,
        graph_as_jsonld,
        read_home,
        read_tables,
    )
    from cjph_graph.publish.push import Pushed, gather, push_graph
    from cjph_graph.publish.tables import Table, find_table

__all__ = [
    "FORMATS",
    "Pushed",
    "Table",
    "export_context",
    "export_graph",
    "export_table",
    "export_tables",
    "find_table",
    "gather",
    "graph_as_jsonld",
    "push_graph",
    "read_home",
    "read_tables",
]

_PUSH, _TABLES = ("Pushed", "gather", "push_graph"), ("Table", "find_table")


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = "push" if name in _PUSH else "tables" if name in _TABLES else "export"
    found: object = getattr(import_module(f"{__name__}.{module}"), name)
    globals()[name] = found
    return found
