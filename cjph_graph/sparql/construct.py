"""A query for a graph as a query for rows, and the graph made of these rows.

A CONSTRUCT is a SELECT with a template; a DESCRIBE is one for the names of things.
"""

from collections.abc import Iterator, Sequence
from secrets import token_hex
from typing import cast

from pyoxigraph import BlankNode, NamedNode, QueryTriples, Store, Triple

from cjph_graph.sparql.engine import Row, Rows, Term
from cjph_graph.sparql.tokens import Token, prologue, tokenize

_ROWS_AT_ONCE = 500


class Template:
    """The template of a CONSTRUCT; `select` is the query whose rows fill it."""

    def __init__(self, text: str) -> None:
        tokens = tokenize(text)
        index = prologue(tokens)[1]
        self._prologue = text[: tokens[index].start]
        short = tokens[index + 1].text != "{"
        opening = next(i for i in range(index, len(tokens)) if tokens[i].text == "{")
        closing = _closing(tokens, opening)
        inside = tokens[opening + 1 : closing]
        self._template = text[tokens[opening].start : tokens[closing].end]
        self._names = list(dict.fromkeys(t.text[1:] for t in inside if t.kind == "variable"))
        rest = text[tokens[index].end if short else tokens[closing].end :]
        # Where each row makes blank nodes of its own, or the query counts rows, each one matters.
        plain = not any(token.kind == "blank" or token.text in "[(" for token in inside)
        plain = plain and not {"LIMIT", "OFFSET"} & {t.keyword for t in tokens[closing:]}
        chosen = " ".join(f"?{name}" for name in self._names) or f"(1 AS ?{_new(text)})"
        self.select = f"{self._prologue}SELECT {'DISTINCT ' * plain}{chosen}{rest}"

    def filled(self, rows: Sequence[Row]) -> list[Triple]:
        """Return the graph that the rows of `select` make, each triple once."""
        found: dict[Triple, None] = {}
        # A blank node cannot be written in a query: while there it has an IRI that nobody knows.
        stand_in = f"urn:x-blank:{token_hex(16)}:"
        names = " ".join(f"?{name}" for name in self._names)
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            values = " ".join(
                f"({' '.join(_written(term, stand_in) for term in row[: len(self._names)])})"
                for row in rows[start : start + _ROWS_AT_ONCE]
            )
            pattern = f"WHERE {{ VALUES ({names}) {{ {values} }} }}"
            made = Store().query(f"{self._prologue}CONSTRUCT {self._template} {pattern}")
            for triple in cast("QueryTriples", made):
                found[_with_blank_nodes(triple, stand_in)] = None
        return list(found)


class Description:
    """What a DESCRIBE is about: `select` asks for things, and `named` for those it names itself.

    Each is empty when there is nothing to ask.
    """

    def __init__(self, text: str) -> None:
        tokens = tokenize(text)
        index = prologue(tokens)[1]
        before = text[: tokens[index].start]
        end = next(
            (
                i
                for i in range(index + 1, len(tokens))
                if tokens[i].kind not in ("variable", "iri", "name") and tokens[i].text != "*"
            ),
            len(tokens),
        )
        listed = tokens[index + 1 : end]
        iris = [token.text for token in listed if token.kind in ("iri", "name")]
        asked = [token.text for token in listed if token.text == "*" or token.kind == "variable"]
        rest = text[tokens[end].start :] if end < len(tokens) else ""
        self.select = f"{before}SELECT DISTINCT {' '.join(asked)} {rest}" if asked and rest else ""
        self.named = f"{before}SELECT ?thing {{ VALUES ?thing {{ {' '.join(iris)} }} }}" * bool(
            iris
        )


def things_in(rows: Rows) -> Iterator[NamedNode | BlankNode]:
    """Yield whatever in rows can be described."""
    for row in rows.rows:
        for term in row:
            if isinstance(term, NamedNode | BlankNode):
                yield term


def _closing(tokens: Sequence[Token], opening: int) -> int:
    depth = 0
    for index in range(opening, len(tokens)):
        depth += (tokens[index].text == "{") - (tokens[index].text == "}")
        if depth == 0:
            return index
    raise ValueError("a brace that is not closed")


def _new(text: str) -> str:
    name = "any"
    while name in text:
        name += "_"
    return name


def _written(term: Term | None, stand_in: str) -> str:
    match term:
        case None:
            return "UNDEF"
        case BlankNode():
            return f"<{stand_in}{term.value}>"
        case _:
            return str(term)


def _with_blank_nodes(triple: Triple, stand_in: str) -> Triple:
    def meant(term: Term) -> Term:
        if isinstance(term, NamedNode) and term.value.startswith(stand_in):
            return BlankNode(term.value.removeprefix(stand_in))
        return term

    return Triple(meant(triple.subject), triple.predicate, meant(triple.object))  # type: ignore[arg-type]
