"""Flat tables for people who use R, Stata, Excel or pandas: one for each kind of thing.

A table follows from the shapes. It has a column for each property that a thing of its kind may
have, named like the property in small letters with underscores. A link stands as the slug of what
it points to, with the label in the column behind it; several values are joined by `; `. Parts, such
as findings and observations, have tables of their own, with the thing they belong to in front:

    id            name     issue                 issue_label          place
    star-denver   STAR     mental-health-crisis  Mental health crisis denver

    id                     of           of_label  value  unit     unit_label  source
    star-denver#finding-1  star-denver  STAR      34     percent  Percent     a-community-…
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pyoxigraph import Literal, NamedNode, Triple

from cjph_graph.errors import UsageError
from cjph_graph.home import Kind, Property
from cjph_graph.publish.index import Index
from cjph_graph.rdf import IN_SCHEME, XSD, Node, is_foreign, last_part, natural_order, nearest
from cjph_graph.sparql import Value, plain_text

JOINED_BY = "; "

# What a cell holds, by the datatypes of the property; text is what nothing else fits.
DATES = frozenset(XSD + name for name in ("gYear", "gYearMonth", "date", "dateTime"))
_KINDS = {
    frozenset({XSD + "integer"}): "integer",
    frozenset({XSD + "decimal"}): "number",
    frozenset({XSD + "decimal", XSD + "integer"}): "number",
    frozenset({XSD + "gYear"}): "year",
    frozenset({XSD + "boolean"}): "boolean",
    frozenset({XSD + "anyURI"}): "address",
}


@dataclass(frozen=True)
class Column:
    """One column: its name, what it is called and means in words, and where it comes from.

    `holds` is `id`, `label`, `text`, `date`, `year`, `integer`, `number`, `boolean` or `address`. A
    date is as exact as its source: a year, a month or a day. `path` is the IRI of the property,
    empty for what names the thing itself. With `several`, values are joined by JOINED_BY. `allowed`
    are all values that there may be, where these come from a vocabulary.
    """

    name: str
    label: str
    definition: str
    holds: str
    path: str = ""
    several: bool = False
    required: bool = False
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """The things of one kind: its columns, and for each thing a row of texts, in order of ids."""

    name: str
    title: str
    kind: Kind
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    # The values of cells that have several, by row and column: they may hold JOINED_BY themselves.
    several: Mapping[tuple[int, int], tuple[str, ...]] = field(default_factory=dict)

    def values(self, row: int, column: int) -> tuple[str, ...]:
        """Return the values of a cell, none where it is empty."""
        text = self.rows[row][column]
        return self.several.get((row, column), (text,) if text else ())

    @property
    def key(self) -> str:
        """The column that has another value in each row: `id` if it has, else `iri`.

        Values of two vocabularies may have the same short name.
        """
        return "id" if len({row[0] for row in self.rows}) == len(self.rows) else "iri"

    def filled(self, column: int) -> int:
        """Return in how many rows a column has something."""
        return sum(bool(row[column]) for row in self.rows)

    def __iter__(self) -> Iterator[dict[str, str]]:
        """Yield each row as a dict by the names of the columns; what is not known is empty."""
        names = [column.name for column in self.columns]
        for row in self.rows:
            yield dict(zip(names, row, strict=True))


@dataclass(frozen=True)
class LinkTable:
    """A table in long form: one row for each value of a property that may have several."""

    name: str
    rows: tuple[tuple[str, str, str], ...]


def make_tables(things: Index, kinds: Sequence[Kind]) -> tuple[Table, ...]:
    """Return a table for each kind that has things, in the order of the shapes."""
    parts = frozenset(p.path for kind in kinds for p in kind.properties if p.inverse)
    maker = _TableMaker(things, parts)
    tables = (maker.table(kind) for kind in kinds)
    return tuple(table for table in tables if table.rows)


def link_tables(table: Table) -> Iterator[LinkTable]:
    """Yield for each column with several values a table of id, value and label, a value a row."""
    names = [column.name for column in table.columns]
    for at, column in enumerate(table.columns):
        if not column.several or column.holds == "label":
            continue
        label = names.index(f"{column.name}_label") if f"{column.name}_label" in names else None
        rows = [
            (row[0], value, table.values(number, label)[place] if label is not None else "")
            for number, row in enumerate(table.rows)
            for place, value in enumerate(table.values(number, at))
        ]
        if rows:
            yield LinkTable(f"{table.name}_{column.name}", tuple(rows))


def table_name(kind: Kind) -> str:
    """Return the name of a kind's table: that of its folder, or of its class for parts."""
    return snake(kind.folder) if kind.folder else f"{snake(last_part(kind.iri))}s"


def snake(name: str) -> str:
    """Return a name in small letters with underscores: `startDate` is `start_date`."""
    return re.sub(r"[^a-z0-9]+", "_", re.sub(r"\B([A-Z])", r"_\1", name).lower()).strip("_")


def find_table(tables: Sequence[Table], name: str) -> Table:
    """Return the table that a person names by table, folder or kind; raise UsageError for none."""
    for table in tables:
        if snake(name) in (table.name, snake(table.title), snake(last_part(table.kind.iri))):
            return table
    known = [table.name for table in tables]
    near = nearest(snake(name), known)
    hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known)}."
    raise UsageError(f"There is no table {name!r}.", hint)


class _TableMaker:
    def __init__(self, things: Index, parts: frozenset[str]) -> None:
        self._things = things
        self._parts = parts
        # The vocabularies that the values of a column are from; None stands for no vocabulary.
        self._schemes: dict[str, set[Node | None]] = {}
        self._scheme_of: dict[Value, Node | None] = {}
        # Most texts stand in many cells: each is kept once.
        self._known: dict[str, str] = {}

    def table(self, kind: Kind) -> Table:
        named = (node for node in self._things.of_class(kind.iri) if isinstance(node, NamedNode))
        found = sorted(named, key=lambda node: natural_order(node.value))
        owned = ["#" in subject.value for subject in found]
        columns = tuple(_columns(kind, self._parts, is_part=any(owned), all_parts=all(owned)))
        self._schemes.clear()
        self._known.clear()
        once = self._known.setdefault
        rows: list[tuple[str, ...]] = []
        several: dict[tuple[int, int], tuple[str, ...]] = {}
        for number, subject in enumerate(found):
            cells = list(self._row(subject, columns))
            for at, cell in enumerate(cells):
                if len(cell) > 1:
                    several[number, at] = tuple(once(text, text) for text in cell)
            texts = map(JOINED_BY.join, cells)
            rows.append(tuple(once(text, text) for text in texts))
        columns = tuple(replace(column, allowed=self._allowed(column)) for column in columns)
        return Table(table_name(kind), kind.name, kind, columns, tuple(rows), several)

    def _allowed(self, column: Column) -> tuple[str, ...]:
        """Return the values of the one vocabulary that a column draws from."""
        if column.holds == "boolean":
            return ("true", "false")
        schemes = self._schemes.get(column.path, set()) if column.holds == "id" else set()
        if len(schemes) != 1 or (scheme := next(iter(schemes))) is None:
            return ()
        members = (node for path, node in self._things.links_to(scheme) if path == IN_SCHEME)
        return tuple(slug(node) for node in members)

    def _row(self, subject: NamedNode, columns: Sequence[Column]) -> Iterator[list[str]]:
        values: dict[str, list[Value]] = {}
        for path, value in self._things.about(subject):
            values.setdefault(path.value, []).append(value)
        owner = self._things.owner(subject)
        for column in columns:
            if column.path:
                said = values.get(column.path, ())
                if column.holds == "id":
                    self._schemes.setdefault(column.path, set()).update(map(self._scheme, said))
                yield self._cells(said, column.holds)
            elif column.name == "iri":
                yield [subject.value]
            elif column.name == "id":
                yield [slug(subject)]
            elif owner is None:
                yield []
            else:
                yield [self._label(owner) if column.holds == "label" else slug(owner)]

    def _cells(self, values: Sequence[Value], holds: str) -> list[str]:
        if holds == "label":
            return [self._label(value) for value in self._sorted(values)]
        if holds == "id":
            return [slug(value) for value in self._sorted(values)]
        shown = _in_one_language(values)
        return [v.value for v in self._sorted(shown) if isinstance(v, NamedNode | Literal)]

    def _sorted(self, values: Sequence[Value]) -> list[Value]:
        if len(values) < 2:
            return [*values]
        return sorted(values, key=lambda value: natural_order(str(value)))

    def _scheme(self, value: Value) -> Node | None:
        """Return the vocabulary that a value is from, if it is from one."""
        if value not in self._scheme_of:
            found = self._things.values(value, IN_SCHEME) if isinstance(value, NamedNode) else []
            scheme = next((each for each in found if isinstance(each, NamedNode)), None)
            self._scheme_of[value] = scheme
        return self._scheme_of[value]

    def _label(self, thing: Value) -> str:
        """Return what a thing is called; its slug if it has no name of its own."""
        if isinstance(thing, Literal | Triple):
            return plain_text(thing)
        return self._things.name(thing) or slug(thing)


def _in_one_language(values: Sequence[Value]) -> Sequence[Value]:
    """Return values without texts in other languages than English or, without that, the first."""
    if len(values) < 2:
        return values
    texts = [v for v in values if isinstance(v, Literal)]
    own = [v for v in texts if not is_foreign(v)]
    if own or not texts:
        return own or values
    first = min(str(text.language) for text in texts)
    return [text for text in texts if text.language == first]


def _columns(
    kind: Kind, parts: frozenset[str], *, is_part: bool, all_parts: bool
) -> Iterator[Column]:
    """Yield the columns of a kind: what names the thing, then its properties.

    Parts, which properties in `parts` lead to, have mostly no name: no column shows one.
    """
    thing = kind.name
    yield Column("id", "id", f"The short name of the {thing}.", "id", required=True)
    if is_part:
        yield Column("of", "belongs to", f"What the {thing} belongs to.", "id", required=all_parts)
        yield Column(
            "of_label", "belongs to (name)", f"Its name: what the {thing} belongs to.", "label"
        )
    for entry in kind.properties:
        if entry.inverse:
            continue
        column = Column(
            snake(entry.key),
            entry.name,
            entry.description,
            _holds(entry),
            entry.path,
            several=not entry.single,
            required=entry.required,
        )
        yield column
        if column.holds == "id" and entry.path not in parts:
            name = f"{column.name}_label"
            yield replace(column, name=name, label=f"{entry.name} (name)", holds="label")
    yield Column("iri", "IRI", f"The permanent address of the {thing}.", "address", required=True)


def _holds(entry: Property) -> str:
    if entry.links and not entry.datatypes:
        return "address" if entry.address else "id"
    if entry.datatypes in _KINDS:
        return _KINDS[entry.datatypes]
    return "date" if entry.datatypes and entry.datatypes <= DATES else "text"


def slug(node: Value) -> str:
    """Return the short name of a thing; for a part, with that of what it belongs to."""
    if not isinstance(node, NamedNode):
        return node.value if isinstance(node, Literal) else ""
    return node.value.rstrip("/").rpartition("/")[2] or node.value
