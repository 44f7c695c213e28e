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

from cjph_graph.sparql.tokens import Token, is_ordered, prologue, tokenize, unused

_AGGREGATES = {"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"}
_GROUPING = {"GROUP", "HAVING", "LIMIT", "OFFSET", "VALUES"}
_BEHIND_ORDER = {"LIMIT", "OFFSET", "VALUES"}


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


class PagedQuery:
    """A SELECT with the variables it answers with, and the texts that ask for it in parts.

    It is `ordered` if it asks for an order itself, and `is_one_row` if it counts or sums up all it
    finds; `limit` is how many rows it asks for at most, where it says so. `counter` is the name of
    the one variable of the queries that count.
    """

    def __init__(self, text: str, variables: Sequence[str]) -> None:
        tokens = tokenize(text)
        outside = _outside(tokens)
        words = {token.keyword for token in outside}
        start = tokens[prologue(tokens)[1]].start
        last = (t.start for t in outside if t.start > start and t.keyword in _BEHIND_ORDER)
        end = next(last, len(text))
        self.variables = variables
        self.ordered = is_ordered(tokens)
        self.is_one_row = bool(words & _AGGREGATES) and not words & _GROUPING
        self.limit: int | None = None
        for token, following in itertools.pairwise(outside):
            if token.keyword == "LIMIT" and following.text.isdecimal():
                self.limit = int(following.text)
        self.counter = unused("rows", text)
        self._names = " ".join(f"?{name}" for name in variables)
        # The prefixes, the query up to where its order ends, and what comes after that.
        self._prologue, self._query, self._after = text[:start], text[start:end], text[end:]

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
        return self._counting(self._query + self._after)

    def count_distinct(self) -> str:
        """Return the query that counts the rows that differ from each other."""
        body = f"{self._query}{self._after}"
        return self._counting(f"SELECT DISTINCT {self._names} WHERE {{ {{\n{body}\n}} }}")

    def sliced(self) -> str:
        """Return the same query with its order inside and its LIMIT and OFFSET outside."""
        return f"{self._prologue}{self._inside(self._query)}\n{self._after}"

    def page(self, offset: int, limit: int, manner: Manner) -> str:
        """Return the query for some rows, in an order that is the same for every page."""
        keys = " ".join(
            key for name in self.variables for key in _keys(name, thorough=manner.thorough)
        )
        inside = manner.inside
        if self.ordered:
            # LIMIT and OFFSET of the query itself stay inside.
            inside = inside or bool(self._after)
            ordered = f"{self._query}\n{keys if manner.keys else ''}\n{self._after}"
        else:
            ordered = self._inside(f"{self._query}{self._after}")
            ordered += f" ORDER BY {keys}" if manner.keys else ""
        if inside:
            ordered = self._inside(ordered)
        return f"{self._prologue}{ordered}\nLIMIT {limit} OFFSET {offset}"

    def _inside(self, query: str) -> str:
        return f"SELECT {self._names} WHERE {{ {{\n{query}\n}} }}"

    def _counting(self, body: str) -> str:
        return f"{self._prologue}SELECT (COUNT(*) AS ?{self.counter}) WHERE {{ {{\n{body}\n}} }}"


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
