"""Tables as Parquet, with types: lists for what may be several, days as days. Needs `pyarrow`."""

import io
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cjph_graph.errors import UsageError
from cjph_graph.publish.tables import Column, Table

if TYPE_CHECKING:
    import pyarrow


def write_parquet(table: Table) -> bytes:
    """Return a table as Parquet; the same bytes for the same table and version of `pyarrow`.

    Columns describe themselves: the metadata of a field are its label, definition and property. A
    date stays a text, as it may be a year, a month or a day. Raises UsageError without `pyarrow`,
    or where a number is not one.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise UsageError(
            "Parquet needs the package pyarrow, which is not installed.",
            "Install it with: pip install 'cjph-graph[parquet]'",
        ) from None
    fields = [_field(column) for column in table.columns]
    columns = [
        pyarrow.array(_values(table, at, field), field.type) for at, field in enumerate(fields)
    ]
    target = io.BytesIO()
    schema = pyarrow.schema(fields, metadata={"title": table.title})
    parquet.write_table(pyarrow.table(columns, schema=schema), target, compression="zstd")
    return target.getvalue()


def _field(column: Column) -> "pyarrow.Field":
    import pyarrow

    types = {
        "integer": pyarrow.int64(),
        "number": pyarrow.float64(),
        "boolean": pyarrow.bool_(),
        "year": pyarrow.int32(),
    }
    type_ = types.get(column.holds, pyarrow.string())
    said = {"label": column.label, "definition": column.definition, "property": column.path}
    return pyarrow.field(
        column.name,
        pyarrow.list_(type_) if column.several else type_,
        metadata={name: text for name, text in said.items() if text},
    )


def _values(table: Table, at: int, field: "pyarrow.Field") -> list[Any]:
    column = table.columns[at]
    cells = ([_value(t, column) for t in table.values(n, at)] for n in range(len(table.rows)))
    if column.several:
        return list(cells)
    return [cell[0] if cell else None for cell in cells]


def _value(text: str, column: Column) -> object:
    try:
        match column.holds:
            case "integer" | "year":
                return int(text)
            case "number":
                return float(Decimal(text))
            case "boolean":
                return {"true": True, "1": True, "false": False, "0": False}[text]
            case _:
                return text
    except (ValueError, ArithmeticError, KeyError):
        raise UsageError(
            f"{text!r} in the column {column.name} is not of the type {column.holds}.",
            "`cjph validate` shows where it stands.",
        ) from None
