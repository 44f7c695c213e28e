"""A SELECT asked in parts, and why the parts together are the whole answer.

A server that cuts an answer short may not say so: it gives its first rows, and a status of success.
So the rows are counted there as well, by the same query inside another one:

    SELECT ?place ?name { … }                                              10,000 rows come
    SELECT (COUNT(*) AS ?rows) WHERE { { SELECT ?place ?name { … } } }     23,117 are there

The rest is asked for by LIMIT and OFFSET. These mean something only in an order that leaves nothing
open, so the query goes inside one that sorts by all of its columns:

    SELECT ?place ?name WHERE { { SELECT ?place ?name { … } } }
    ORDER BY ?place ?name LIMIT 10000 OFFSET 10000

The rows are those of the query, as nothing in it has changed. An ORDER BY of its own comes first,
and the columns decide only what it leaves open; a LIMIT or OFFSET of its own stays inside, since it
chooses the rows. The prefixes stay in front of it all, where alone they are allowed.

Servers differ in what they can sort, so there are several manners to ask, the cheapest first, and
none is trusted: parts are the answer only if they have as many rows as were counted, as many
different ones, and the rows that came first among them. `endpoint` checks that.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from cjph_graph.sparql.tokens import Token, is_ordered, prologue, tokenize

_AGGREGATES = {"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"}
_GROUPING = {"GROUP", "HAVING", "LIMIT", "OFFSET", "VALUES"}


@dataclass(frozen=True)
class Manner:
    """How parts are asked for: where the rows are sorted, and by what.

    With `inside` it is done in a query inside the one that takes the rows; the standard promises
    nothing of the order then, and Virtuoso may mix up rows unless it is done so. `keys` are the
    terms of each row, after its own order; with `thorough` also what tells apart terms
    that a server may think equal, such as 1 and 1.0.
    """

    inside: bool
    keys: bool = True
    thorough: bool = False


@dataclass(frozen=True)
class PagedQuery:
    """A SELECT with the variables it answers with, and the texts that ask for it in parts."""

    text: str
    variables: tuple[str, ...]

    @property
    def ordered(self) -> bool:
        """Whether the query asks for an order itself."""
        return is_ordered(tokenize(self.text))

    @property
    def limit(self) -> int | None:
        """How many rows the query asks for at most, when it says so itself."""
        for token, following in itertools.pairwise(_outside(tokenize(self.text))):
            if token.keyword == "LIMIT" and following.text.isdecimal():
                return int(following.text)
        return None

    @property
    def is_one_row(self) -> bool:
        """Whether the query counts or sums up all it finds, so that it answers with one row."""
        outside = {token.keyword for token in _outside(tokenize(self.text))}
        return bool(outside & _AGGREGATES) and not outside & _GROUPING

    def manners(self, *, inside: bool, different: bool) -> list[Manner]:
        """Return the ways to ask for parts, the likeliest to work first.

        `inside` says that the server is known to need it, and `different` that no two rows are the
        same: then parts may come in no order at all, as it shows when one came twice.
        """
        return [
            Manner(within, keys, thorough)
            for keys, thorough in ((False, False), (True, False), (True, True))
            for within in ([True] if inside else [False, True])
            if keys or self.ordered or different
        ]

    def count(self) -> str:
        """Return the query that counts the rows."""
        return self._counting(self._body())

    def count_distinct(self) -> str:
        """Return the query that counts the rows that differ from each other."""
        return self._counting(f"SELECT DISTINCT {self._names} WHERE {{ {{\n{self._body()}\n}} }}")

    def sliced(self) -> str:
        """Return the same query with its order inside and its LIMIT and OFFSET outside."""
        body, after = self._cut()
        return f"{self._prologue()}{self._inside(body)}\n{after}"

    def page(self, offset: int, limit: int, manner: Manner) -> str:
        """Return the query for some rows, in an order that is the same for every page."""
        keys = " ".join(
            key for name in self.variables for key in _keys(name, thorough=manner.thorough)
        )
        inside = manner.inside
        body, after = self._cut()
        if self.ordered:
            # LIMIT and OFFSET of the query itself stay inside.
            inside = inside or bool(after)
            ordered = f"{body}\n{keys if manner.keys else ''}\n{after}"
        else:
            ordered = self._inside(f"{body}{after}")
            ordered += f" ORDER BY {keys}" if manner.keys else ""
        if inside:
            ordered = self._inside(ordered)
        return f"{self._prologue()}{ordered}\nLIMIT {limit} OFFSET {offset}"

    @property
    def _names(self) -> str:
        return " ".join(f"?{name}" for name in self.variables)

    def _inside(self, query: str) -> str:
        return f"SELECT {self._names} WHERE {{ {{\n{query}\n}} }}"

    @property
    def counter(self) -> str:
        """The name of the one variable of the queries that count."""
        name = "rows"
        while name in self.text:
            name += "_"
        return name

    def _counting(self, body: str) -> str:
        return f"{self._prologue()}SELECT (COUNT(*) AS ?{self.counter}) WHERE {{ {{\n{body}\n}} }}"

    def _start(self) -> int:
        tokens = tokenize(self.text)
        return tokens[prologue(tokens)[1]].start

    def _prologue(self) -> str:
        return self.text[: self._start()]

    def _body(self) -> str:
        return self.text[self._start() :]

    def _cut(self) -> tuple[str, str]:
        """Return the query up to where its order ends, and what comes after that."""
        start = self._start()
        for token in _outside(tokenize(self.text)):
            if token.start > start and token.keyword in ("LIMIT", "OFFSET", "VALUES"):
                return self.text[start : token.start], self.text[token.start :]
        return self.text[start:], ""


def _outside(tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens that stand in no braces."""
    depth, found = 0, []
    for token in tokens:
        depth += token.text == "{"
        if depth == 0:
            found.append(token)
        depth -= token.text == "}"
    return found


def _keys(name: str, *, thorough: bool) -> list[str]:
    key = f"?{name}"
    return [key, f"STR({key})", f"LANG({key})", f"STR(DATATYPE({key}))"] if thorough else [key]
