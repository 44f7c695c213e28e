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
from cjph_graph.errors import InputError, UsageError
from cjph_graph.system import read, shown

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
    try:
        return parse_mapping(read(path).decode("utf-8-sig"), shown(path))
    except OSError as error:
        raise UsageError(f"{shown(path)} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{shown(path)} is not UTF-8 text.") from error
