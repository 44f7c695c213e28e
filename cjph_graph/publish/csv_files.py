"""Tables as CSV, with no cell that a spreadsheet would run, and the dictionary of columns."""

from collections.abc import Iterable, Iterator, Sequence

from cjph_graph.publish.tables import JOINED_BY, LinkTable, Table
from cjph_graph.sparql import csv_line

# The column that says what the numbers beside it count.
_UNIT = "unit"
DICTIONARY_COLUMNS = (
    *("table", "column", "label", "definition", "holds", "unit", "allowed"),
    *("several", "required", "filled", "rows", "property"),
)


def write_csv(table: Table, *, bom: bool = False) -> bytes:
    """Return a table as CSV in UTF-8; with `bom` as Excel needs it to see that it is UTF-8."""
    return _csv([[column.name for column in table.columns], *table.rows], bom=bom)


def write_link_csv(table: LinkTable, *, bom: bool = False) -> bytes:
    """Return a table in long form as CSV: the thing, one value, and the label of the value."""
    return _csv([("id", "value", "label"), *table.rows], bom=bom)


def write_dictionary(tables: Iterable[Table], *, bom: bool = False) -> bytes:
    """Return as CSV what each column of each table is, and in how many rows it is filled."""
    return _csv(dictionary_rows(tables), bom=bom)


def dictionary_rows(tables: Iterable[Table]) -> Iterator[Sequence[str]]:
    """Yield the rows of the dictionary, the first of them its header."""
    yield DICTIONARY_COLUMNS
    for table in tables:
        names = {column.name for column in table.columns}
        for number, column in enumerate(table.columns):
            in_unit = column.holds == "number" and _UNIT in names
            yield (
                *(table.name, column.name, column.label, column.definition, column.holds),
                *(f"as the column {_UNIT} says" if in_unit else "", JOINED_BY.join(column.allowed)),
                *("yes" if column.several else "no", "yes" if column.required else "no"),
                *(str(table.filled(number)), str(len(table.rows)), column.path),
            )


def _csv(rows: Iterable[Sequence[str]], *, bom: bool) -> bytes:
    text = "".join(csv_line(row) for row in rows)
    return text.encode("utf-8-sig" if bom else "utf-8")
