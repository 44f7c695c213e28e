"""Things as rows describe them, cell by cell, and what is wrong with a cell."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Triple

from cjph_graph.contribute.forms import Field, Form
from cjph_graph.contribute.problems import Value
from cjph_graph.contribute.sheets import Sheet, column_name
from cjph_graph.rdf import TYPE

# A row: its sheet and its number, counted from 1.
RowKey = tuple[Sheet, int]


@dataclass(frozen=True)
class SheetCell:
    """A cell: its sheet, its row counted from 1, its column counted from 0."""

    sheet: Sheet
    row: int
    column: int

    @property
    def in_row(self) -> RowKey:
        """The row that it is in."""
        return self.sheet, self.row

    @property
    def cell(self) -> str:
        """What a spreadsheet program calls it: `B7`."""
        return f"{column_name(self.column + 1)}{self.row}"


@dataclass(frozen=True)
class CellFinding:
    """What is wrong, and in which cell; `label` is what the column is called.

    `suggestion` is what to write there, `advice` what else to do.
    """

    place: SheetCell
    severity: str
    label: str
    message: str
    suggestion: str = ""
    advice: str = ""


@dataclass(frozen=True)
class DraftValue:
    """One value of a property, and the cell that it stands in. With `more` it joins the others."""

    field: Field
    value: Value
    place: SheetCell
    more: bool = False


@dataclass
class Draft:
    """A thing as rows describe it.

    `cells` are where the values of each property stand or would stand, `texts` what stands there.
    With `via` it is described in the row of what links to it by this.
    """

    form: Form
    iri: str
    name: str
    place: SheetCell
    is_new: bool
    owner: str = ""
    via: Field | None = None
    statements: list[DraftValue] = field(default_factory=list)
    cells: dict[str, SheetCell] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    rows: set[RowKey] = field(default_factory=set)

    def triples(self) -> Iterator[Triple]:
        """Yield its statements."""
        yield Triple(NamedNode(self.iri), TYPE, NamedNode(self.form.kind.iri))
        for each in self.statements:
            yield Triple(NamedNode(self.iri), NamedNode(each.field.path), each.value)

    def clash(self, field: Field, value: Value) -> DraftValue | None:
        """Return what else it has for a property that may have one value only."""
        if field.several:
            return None
        language = value.language if isinstance(value, Literal) else None
        for each in self.statements:
            if each.field.path != field.path or each.value == value:
                continue
            other = each.value.language if isinstance(each.value, Literal) else None
            if field.single or language == other:
                return each
        return None
