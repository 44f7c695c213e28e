"""The triple patterns of a SPARQL text: which statements an answer is made of.

This is no parser: whoever asks has to take everything into account where it finds nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from cjph_graph.rdf import TYPE
from cjph_graph.sparql.tokens import Token

# What begins something that is no triple pattern; what is in brackets behind it is looked at too.
_CLAUSES = {"FILTER", "BIND", "OPTIONAL", "UNION", "GRAPH", "MINUS", "NOT", "EXISTS", "WHERE"}
_PATH_SIGNS = {"/", "|", "^", "*", "+", "?", "!"}


class UnclearError(Exception):
    """A text that has something else than plain triple patterns."""


class Pattern(NamedTuple):
    """A triple pattern: its terms as they stand there, variables as `?name`.

    `predicates` are the IRIs of its path or, for a variable, its name as `?name`; `depth` is how
    many groups it is in.
    """

    subject: str
    predicates: frozenset[str] | str
    object: str
    depth: int


def patterns(tokens: Sequence[Token], prefixes: Mapping[str, str]) -> list[Pattern]:
    """Return the triple patterns of a query, from its first brace on.

    Raises UnclearError where blank nodes with brackets, lists, SELECT or anything unknown stands.
    """
    return list(_Reader(tokens, prefixes).read())


class _Reader:
    def __init__(self, tokens: Sequence[Token], prefixes: Mapping[str, str]) -> None:
        self._tokens = tokens
        self._prefixes = prefixes
        self._at = next((n for n, token in enumerate(tokens) if token.text == "{"), len(tokens))

    def read(self) -> Iterator[Pattern]:
        # Whether each open bracket is that of a group, whose patterns count.
        brackets: list[bool] = []
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token.text in ("{", "("):
                brackets.append(token.text == "{")
                self._at += 1
            elif token.text in ("}", ")"):
                if not brackets:
                    raise UnclearError
                brackets.pop()
                self._at += 1
            elif token.text == "." or not (brackets and brackets[-1]):
                if token.keyword in ("SELECT", "VALUES", "SERVICE", "MINUS"):
                    raise UnclearError
                self._at += 1
            elif token.keyword in _CLAUSES:
                self._at += 1
            elif token.keyword and self._next_is("("):
                self._at += 1  # a function, as in FILTER REGEX(…)
            else:
                yield from self._statements(sum(brackets))

    def _statements(self, depth: int) -> Iterator[Pattern]:
        subject = self._term()
        while True:
            predicates = self._path()
            while True:
                yield Pattern(subject, predicates, self._term(), depth)
                if not self._skip(","):
                    break
            if not self._skip(";"):
                return
            if self._text() in (".", "}", ";"):
                return

    def _path(self) -> frozenset[str] | str:
        """Read a predicate; return the IRIs in it, or the name of a variable."""
        if self._tokens[self._at].kind == "variable":
            return self._term()
        found: set[str] = set()
        depth, complete = 0, False
        while True:
            token = self._tokens[self._at] if self._at < len(self._tokens) else None
            if token is None:
                raise UnclearError
            if token.text == "(":
                depth += 1
            elif token.text == ")" and depth:
                depth -= 1
            elif token.text in _PATH_SIGNS:
                complete = token.text in ("*", "+", "?")
                if token.text == "!":
                    raise UnclearError
                self._at += 1
                continue
            elif (not complete and token.kind in ("iri", "name")) or token.text == "a":
                if complete and not depth:
                    return frozenset(found)
                found.add(self._iri(token))
                complete = True
                self._at += 1
                continue
            elif complete and not depth:
                return frozenset(found)
            else:
                raise UnclearError
            self._at += 1

    def _iri(self, token: Token) -> str:
        if token.text == "a":
            return TYPE.value
        if token.kind == "iri" and "\\" not in token.text:
            return token.text[1:-1]
        prefix, _, local = token.text.partition(":")
        if prefix not in self._prefixes or "\\" in token.text:
            raise UnclearError
        return self._prefixes[prefix] + local

    def _term(self) -> str:
        if self._at >= len(self._tokens):
            raise UnclearError
        token = self._tokens[self._at]
        self._at += 1
        if token.kind == "string":
            while self._at < len(self._tokens) and self._tokens[self._at].kind == "language":
                self._at += 1
            if self._text() == "^":  # ^^ is two signs here
                self._at += 3
            return token.text
        if token.kind == "variable":
            return f"?{token.text[1:]}"
        if token.kind in ("iri", "name", "number", "blank"):
            return token.text
        if token.keyword in ("TRUE", "FALSE"):
            return token.text
        raise UnclearError

    def _text(self) -> str:
        return self._tokens[self._at].text if self._at < len(self._tokens) else ""

    def _next_is(self, text: str) -> bool:
        return self._at + 1 < len(self._tokens) and self._tokens[self._at + 1].text == text

    def _skip(self, text: str) -> bool:
        if self._text() == text:
            self._at += 1
            return True
        return False
