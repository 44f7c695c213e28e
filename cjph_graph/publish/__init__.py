"""From the graph to what others read: documents, tables, releases, triple stores elsewhere.

    from cjph_graph.publish import export_graph

    document = export_graph(home, ["cahoots-eugene"], form="turtle")

A name is imported when it is first used: an export needs nothing of what a push does. The server
has a face of its own, `publish.serve`.
"""

from typing import TYPE_CHECKING

from cjph_graph.system import lazily

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
    from cjph_graph.publish.release import Published, write_release
    from cjph_graph.publish.release_files import File
    from cjph_graph.publish.site.settings import read_settings
    from cjph_graph.publish.tables import JOINED_BY, Table, find_table, snake, table_name

__getattr__ = lazily(
    __name__,
    {
        "dataset.exports": "export_parquet export_workbook",
        "export": (
            "FORMATS export_context export_graph export_schema export_table export_tables"
            " graph_as_jsonld read_home read_tables stream_graph"
        ),
        "index": "Index read_index",
        "jsonld": "Documents",
        "publication": "Publication all_files",
        "push": "Pushed gather push_graph",
        "release": "Published write_release",
        "release_files": "File",
        "site.settings": "read_settings",
        "tables": "JOINED_BY Table find_table snake table_name",
    },
)
