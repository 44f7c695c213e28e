"""Tables of statistics into observations, by a mapping that is kept with the data.

    from cjph_graph.contribute.statistics import import_table, read_mapping

    figures = import_table(home, "observation", Path("prisoners.csv"), read_mapping(path))

The caller writes `figures.files`, if there are no errors in it.
"""

from pathlib import Path

from cjph_graph.contribute.statistics.guess import guess_mapping
from cjph_graph.contribute.statistics.importing import import_table
from cjph_graph.contribute.statistics.mapping import TableMapping, parse_mapping
from cjph_graph.contribute.statistics.table_import import TableImport
from cjph_graph.system import read_text, shown

__all__ = [
    "TableImport",
    "TableMapping",
    "guess_mapping",
    "import_table",
    "parse_mapping",
    "read_mapping",
]


def read_mapping(path: Path) -> TableMapping:
    """Read a mapping; raise UsageError when there is no such file, InputError when it is wrong."""
    return parse_mapping(read_text(path), shown(path))
