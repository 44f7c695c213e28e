"""A query for a graph as a query for rows, and the graph made of these rows.

A CONSTRUCT is a SELECT with a template; a DESCRIBE is one for the names of things.

A template is Turtle with variables. So each variable gets an IRI that nobody knows, the Turtle
parser reads the template once, and every row puts its terms in the place of these IRIs:

    { ?s ex:km ?o . ?s ex:seen [] }   ->   <urn:x-variable:…:0> ex:km <urn:x-variable:…:1> . …

That keeps each term as the server sent it; a store would write `1.50` as `1.5`.
"""

from collections.abc import Sequence
from secrets import token_hex

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse

from cjph_graph.errors import InputError
from cjph_graph.sparql.answers import Row, Value, made_of
from cjph_graph.sparql.tokens import Token, position, prologue, tokenize, unused


class ConstructTemplate:
    """The template of a CONSTRUCT; `select` is the query whose rows fill it."""

    def __init__(self, text: str) -> None:
        tokens = tokenize(text)
        index = prologue(tokens)[1]
        self._prologue = text[: tokens[index].start]
        short = tokens[index + 1].text != "{"
        opening = next(i for i in range(index, len(tokens)) if tokens[i].text == "{")
        closing = _closing(tokens, opening)
        inside = tokens[opening + 1 : closing]
        self._names = list(dict.fromkeys(t.text[1:] for t in inside if t.kind == "variable"))
        self._mark = f"urn:x-variable:{token_hex(16)}:"
        self._triples = self._read(text, inside)
        rest = text[tokens[index].end if short else tokens[closing].end :]
        # Where each row makes blank nodes of its own, or the query counts rows, each one matters.
        plain = not any(token.kind == "blank" or token.text in "[(" for token in inside)
        plain = plain and not {"LIMIT", "OFFSET"} & {t.keyword for t in tokens[closing:]}
        chosen = " ".join(f"?{name}" for name in self._names) or f"(1 AS ?{unused('any', text)})"
        self.select = f"{self._prologue}SELECT {'DISTINCT ' * plain}{chosen}{rest}"

    def filled(self, rows: Sequence[Row]) -> list[Triple]:
        """Return the graph that the rows of `select` make, each triple once.

        Triples that a row leaves open, or whose subject would be a text, are left out.
        """
        found: dict[Triple, None] = {}
        for row in rows:
            filling = _Filling(self._mark, row)
            for triple in self._triples:
                if made := filling.triple(triple):
                    found[made] = None
        return list(found)

    def _read(self, text: str, inside: Sequence[Token]) -> list[Triple]:
        """Return the template's triples, with a marked IRI for each variable."""
        if not inside:
            return []
        parts, at = [self._prologue], inside[0].start
        for token in inside:
            parts.append(text[at : token.start])
            if token.kind == "variable":
                parts.append(f" <{self._mark}{self._names.index(token.text[1:])}> ")
            else:
                parts.append(token.text)
            at = token.end
        turtle = "".join(parts) + ("" if inside[-1].text.endswith(".") else " .")
        try:
            return [quad.triple for quad in parse(turtle, format=RdfFormat.TURTLE)]
        except SyntaxError as error:
            where = position(text, inside[0].start)
            raise InputError(f"{where}: this template cannot be read: {error}.") from error


class _Filling:
    """Puts the terms of one row into triples; each row has blank nodes of its own."""

    def __init__(self, mark: str, row: Row) -> None:
        self._mark = mark
        self._row = row
        self._blank: dict[BlankNode, BlankNode] = {}

    def triple(self, triple: Triple) -> Triple | None:
        """Return a triple with the row's terms; None when that makes no triple."""
        return made_of(*map(self._term, (triple.subject, triple.predicate, triple.object)))

    def _term(self, term: Value) -> Value | None:
        match term:
            case NamedNode() if term.value.startswith(self._mark):
                return self._row[int(term.value.removeprefix(self._mark))]
            case BlankNode():
                return self._blank.setdefault(term, BlankNode())
            case Triple():
                return self.triple(term)
            case _:
                return term


class Description:
    """What a DESCRIBE is about: `select` asks for things, `named` are those that it names.

    Each is empty when there is nothing to ask.
    """

    def __init__(self, text: str) -> None:
        tokens = tokenize(text)
        index = prologue(tokens)[1]
        before = text[: tokens[index].start]
        iris: list[str] = []
        asked: list[str] = []
        rest = ""
        for token in tokens[index + 1 :]:
            if token.kind in ("iri", "name"):
                iris.append(token.text)
            elif token.kind == "variable" or token.text == "*":
                asked.append(token.text)
            else:
                rest = text[token.start :]
                break
        self.select = f"{before}SELECT DISTINCT {' '.join(asked)} {rest}" if asked and rest else ""
        values = f"VALUES ?thing {{ {' '.join(iris)} }}"
        self.named = f"{before}SELECT ?thing {{ {values} }}" if iris else ""


def _closing(tokens: Sequence[Token], opening: int) -> int:
    depth = 0
    for index in range(opening, len(tokens)):
        depth += (tokens[index].text == "{") - (tokens[index].text == "}")
        if depth == 0:
            return index
    raise ValueError("a brace that is not closed")
