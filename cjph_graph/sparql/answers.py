"""What queries answer: rows of terms, a truth value, or triples."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cjph_graph.rdf import BOOLEAN, INTEGERS, NUMBERS, Term, is_in_figures

# What a cell of an answer or the object of a triple may be: a term, or a triple as a term.
Value: TypeAlias = Term | Triple
Row: TypeAlias = tuple[Value | None, ...]


@dataclass(frozen=True)
class Rows:
    """The answer to a SELECT: names of variables, and for each row its terms or None.

    Iterating gives each row as a dict from name to a plain Python value: text, number, truth
    value, or None where nothing is bound.
    """

    variables: tuple[str, ...]
    rows: tuple[Row, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, str | int | float | bool | None]]:
        for row in self.rows:
            yield {
                name: None if term is None else python_value(term)
                for name, term in zip(self.variables, row, strict=True)
            }


@dataclass(frozen=True)
class Triples:
    """The answer to a CONSTRUCT or a DESCRIBE, each triple once."""

    triples: tuple[Triple, ...]

    def __len__(self) -> int:
        return len(self.triples)

    def __iter__(self) -> Iterator[Triple]:
        return iter(self.triples)


Result: TypeAlias = Rows | Triples | bool


def made_of(subject: Value | None, predicate: Value | None, value: Value | None) -> Triple | None:
    """Return the triple of three terms; None where they make no triple."""
    if not isinstance(subject, NamedNode | BlankNode) or not isinstance(predicate, NamedNode):
        return None
    return None if value is None else Triple(subject, predicate, value)


def written(term: Value) -> str:
    """Return a term as N-Triples and SPARQL write it."""
    return f"<<( {term} )>>" if isinstance(term, Triple) else str(term)


def plain_text(term: Value | None) -> str:
    """Return the text of a literal or an IRI, any other term as it is written, else nothing."""
    match term:
        case None:
            return ""
        case Literal() | NamedNode():
            return term.value
        case _:
            return written(term)


def is_number(term: Value | None) -> bool:
    """Say whether a term is a number, and written as one."""
    return (
        isinstance(term, Literal) and term.datatype.value in NUMBERS and is_in_figures(term.value)
    )


def python_value(term: Value) -> str | int | float | bool:
    """Return a literal as a Python number or truth value where it is one, else a term's text."""
    if not isinstance(term, Literal):
        return written(term) if isinstance(term, Triple) else term.value
    datatype = term.datatype.value
    try:
        if datatype in INTEGERS:
            return int(term.value)
        if datatype in NUMBERS:
            return float(term.value)
    except ValueError:
        return term.value
    if term.datatype == BOOLEAN:
        return {"true": True, "1": True, "false": False, "0": False}.get(term.value, term.value)
    return term.value


def steady(rows: Iterable[Row], *, ordered: bool) -> tuple[Row, ...]:
    """Name blank nodes b0, b1, … and order rows, the same on every run."""
    if not ordered:
        rows = sorted(rows, key=lambda row: [_sort_key(term) for term in row])
    names: dict[str, BlankNode] = {}

    def renamed(term: Value | None) -> Value | None:
        if isinstance(term, BlankNode):
            return names.setdefault(term.value, BlankNode(f"b{len(names)}"))
        return term

    return tuple(tuple(renamed(term) for term in row) for row in rows)


def _sort_key(term: Value | None) -> tuple[int, str]:
    if term is None:
        return 0, ""
    if isinstance(term, BlankNode):
        return 1, ""  # its name differs from run to run
    return 2, str(term)
