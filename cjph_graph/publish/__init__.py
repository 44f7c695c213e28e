"""From the graph to what others read: documents, tables, releases, triple stores elsewhere.

    from cjph_graph.publish import export_graph

    document = export_graph(home, ["cahoots-eugene"], form="turtle")

A name is imported when it is first used: an export needs nothing of what a push does.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cjph_graph.publish.dataset.exports import export_parquet, export_workbook
    from cjph_graph.publish.export import (
        FORMATS,
        export_context,
        export_graph,
        export_schema,
        export_table,
        export_tables,
        graph_as_jsonld,
        read_home,
        read_tables,
        stream_graph,
    )
    from cjph_graph.publish.index import Index, read_index
    from cjph_graph.publish.jsonld import Documents
    from cjph_graph.publish.publication import Publication, all_files
    from cjph_graph.publish.push import Pushed, gather, push_graph
    from cjph_graph.publish.release import File, Published, write_release
    from cjph_graph.publish.tables import Table, find_table

__all__ = [
    "FORMATS",
    "Documents",
    "File",
    "Index",
    "Publication",
    "Published",
    "Pushed",
    "Table",
    "all_files",
    "export_context",
    "export_graph",
    "export_parquet",
    "export_schema",
    "export_table",
    "export_tables",
    "export_workbook",
    "find_table",
    "gather",
    "graph_as_jsonld",
    "push_graph",
    "read_home",
    "read_index",
    "read_tables",
    "stream_graph",
    "write_release",
]

# Where a name is, if not in `export`.
_MODULES = {
    **dict.fromkeys(("export_parquet", "export_workbook"), "dataset.exports"),
    **dict.fromkeys(("Index", "read_index"), "index"),
    "Documents": "jsonld",
    **dict.fromkeys(("Publication", "all_files"), "publication"),
    **dict.fromkeys(("Pushed", "gather", "push_graph"), "push"),
    **dict.fromkeys(("File", "Published", "write_release"), "release"),
    **dict.fromkeys(("Table", "find_table"), "tables"),
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = _MODULES.get(name, "export")
    found: object = getattr(import_module(f"{__name__}.{module}"), name)
    globals()[name] = found
    return found
