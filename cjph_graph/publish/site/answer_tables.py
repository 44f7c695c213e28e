"""The answers of saved queries as tables for readers: names with links in place of IRIs."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cjph_graph.publish.site.describe import Cell, Describer
from cjph_graph.publish.site.words import capital
from cjph_graph.sparql import Rows, Value, write_graph

# Rows that a page shows, if they are not too long together; the files beside it have all.
ROWS = 300
_MOST_LETTERS = 85_000
_NAMES = ("Name", "Label", "Title")
_NAMES_OF_FIRST = ("name", "label", "title")
_LONGEST = 600


@dataclass(frozen=True)
class Answer:
    """A table: heads, whether each column holds numbers, rows, and how many rows there are."""

    heads: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int


def answer_table(result: Rows, describer: Describer, most: int = ROWS) -> Answer:
    """Return the first rows of an answer as a table, a thing and its name in one column."""
    variables = result.variables
    named = {variables.index(n): i for i, v in enumerate(variables) if (n := _name(v, i, result))}
    hidden = set(named.values())
    shown = [i for i in range(len(variables)) if i not in hidden]
    all_rows = (
        tuple(_cell(row[i], row[named[i]] if i in named else None, describer) for i in shown)
        for row in result.rows[:most]
    )
    rows = tuple(_as_many(all_rows))
    heads = tuple(column_head(variables[i]) for i in shown)
    numeric = tuple(_is_numeric(result, i) for i in shown)
    return Answer(heads, numeric, rows, len(result.rows))


def turtle(triples: Sequence[Triple], prefixes: Mapping[str, str], longest: int) -> str:
    """Return triples as Turtle, as far as a page can hold them."""
    text = write_graph(triples, "turtle", prefixes).decode()
    return text if len(text) <= longest else f"{text[:longest]}\n# … the file has the rest"


def _as_many(rows: Iterable[tuple[Cell, ...]]) -> Iterator[tuple[Cell, ...]]:
    """Yield rows as long as their texts and links fit on a page."""
    letters = 0
    for row in rows:
        letters += sum(len(cell.text) + len(cell.href) + 20 for cell in row)
        if letters > _MOST_LETTERS:
            return
        yield row


def column_head(variable: str) -> str:
    """Return the name of a variable as the head of a column: `replacedName` is Replaced."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", variable).replace("_", " ").lower()
    shorter = re.sub(r" (name|label|title)$", "", words)
    return capital(shorter)


def _name(variable: str, place: int, result: Rows) -> str | None:
    """Return the column that has the names of the things in this one."""
    if not any(isinstance(row[place], NamedNode) for row in result.rows[:ROWS]):
        return None
    wanted = [f"{variable}{name}" for name in _NAMES]
    wanted += _NAMES_OF_FIRST if place == 0 else ()
    return next((name for name in wanted if name in result.variables), None)


def _is_numeric(result: Rows, place: int) -> bool:
    cells = [row[place] for row in result.rows[:ROWS] if row[place] is not None]
    return bool(cells) and all(
        isinstance(cell, Literal)
        and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", cell.value)
        and not cell.datatype.value.endswith("gYear")
        for cell in cells
    )


def _cell(value: Value | None, thing: Value | None, describer: Describer) -> Cell:
    if value is None:
        return Cell("")
    cell = describer.cell(value)
    if isinstance(value, NamedNode) and describer.index.owner(value):
        # A part by itself: what it belongs to is mostly in the column before.
        own = describer.index.name(value) or value.value.partition("#")[2].replace("-", " ")
        return replace(cell, text=own)
    if isinstance(thing, NamedNode | BlankNode):
        link = describer.link(thing)
        return Cell(cell.text or link.text, link.href, link.external, link.mark, sort=cell.sort)
    if isinstance(value, Literal) and len(cell.text) > _LONGEST:
        return Cell(f"{cell.text[:_LONGEST]} …", sort=cell.sort)
    return cell
