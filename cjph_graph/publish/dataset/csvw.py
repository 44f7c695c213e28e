"""CSV on the Web: `csv-metadata.json`, by which the tables can be read as RDF.

Columns of texts and numbers lead to the properties that they come from; what only repeats a name
for readers is left out of the RDF. An id is short in the tables, so that links are given by the
column `iri` of the table they lead to.
"""

from collections.abc import Sequence

from cjph_graph.publish.dataset.about import About
from cjph_graph.publish.dataset.frictionless import DATE
from cjph_graph.publish.dataset.json_files import Json, as_json, known
from cjph_graph.publish.tables import JOINED_BY, Column, Table

NAME = "csv-metadata.json"
_TYPES: dict[str, Json] = {
    "integer": "integer",
    "number": "decimal",
    "boolean": "boolean",
    "year": "gYear",
    "address": "anyURI",
    "date": {"base": "string", "format": DATE},
}


def write_csvw(about: About, tables: Sequence[Table]) -> bytes:
    """Return the description of the tables' files by the W3C's vocabulary."""
    described: list[Json] = [_table(table) for table in tables]
    return as_json(
        {
            "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
            "dc:title": about.title,
            "dc:description": about.description,
            "dc:license": {"@id": about.license} if about.license else None,
            "dc:modified": about.dated,
            "dialect": {"header": True, "delimiter": ",", "encoding": "utf-8"},
            "tables": described,
        }
    )


def _table(table: Table) -> dict[str, Json]:
    columns: list[Json] = [_column(column) for column in table.columns]
    schema: dict[str, Json] = {"columns": columns, "primaryKey": table.key, "aboutUrl": "{+iri}"}
    return {"url": f"{table.name}.csv", "dc:title": table.title, "tableSchema": schema}


def _column(column: Column) -> dict[str, Json]:
    is_said = bool(column.path) and column.holds not in ("id", "label")
    return known(
        {
            "name": column.name,
            "titles": column.name,
            "dc:title": column.label,
            "dc:description": column.definition,
            "datatype": _TYPES.get(column.holds, "string"),
            "separator": JOINED_BY if column.several else "",
            "required": column.required or None,
            "propertyUrl": column.path if is_said else "",
            "suppressOutput": None if is_said else True,
        }
    )
