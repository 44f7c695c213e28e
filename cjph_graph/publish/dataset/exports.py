"""Tables as files for other programs: a workbook, and Parquet."""

from collections.abc import Sequence

from cjph_graph.home import Home
from cjph_graph.publish.dataset.parquet import write_parquet
from cjph_graph.publish.dataset.readme import about_rows
from cjph_graph.publish.dataset.workbook import write_workbook
from cjph_graph.publish.publication import Publication
from cjph_graph.publish.tables import Table, find_table


def export_workbook(home: Home, kind: str | None = None) -> bytes:
    """Return a workbook (XLSX) of all tables, or of one kind with what explains it.

    Raises UsageError when there is no such kind.
    """
    publication = Publication(home)
    about = publication.about
    tables = _chosen(publication.tables, kind)
    return write_workbook(tables, title=about.title, about=about_rows(about), created=about.dated)


def export_parquet(home: Home, kind: str | None = None) -> dict[str, bytes]:
    """Return tables as Parquet by file name: all, or that of one kind.

    Raises UsageError when there is no such kind, or `pyarrow` is not installed.
    """
    tables = _chosen(Publication(home).tables, kind)
    return {f"{table.name}.parquet": write_parquet(table) for table in tables}


def _chosen(tables: Sequence[Table], kind: str | None) -> Sequence[Table]:
    return [find_table(tables, kind)] if kind else tables
