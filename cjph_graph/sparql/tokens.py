"""The tokens of a SPARQL text: enough to judge a query and to edit it, without a grammar.

A query is split as SPARQL's own lexical rules say, so that a keyword inside a string, a comment
or an IRI is not taken for one.
"""

import itertools
import re
import sys
from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from cjph_graph.errors import InputError, LimitError, RefusedError

MAX_LENGTH = 500_000
MAX_NESTING = 100
MAX_SYMBOLS = 5_000

# A name is defined by the characters it can't have: that compiles 60 ms sooner than the grammar's
# ranges. It lets through a few characters more, which no parser accepts outside strings and
# comments. Nothing is tried twice, and a prefix has an end, so that no text takes long to split.
_LETTER = r"[^\x00-@\[-`{-\xbf]"
_NAME = r"[^\x00-/:-@\[-^`{-\xb6\xb8-\xbf]"
_DASHED = r"[^\x00-,./:-@\[-^`{-\xb6\xb8-\xbf]"
_LOCAL = rf"(?:{_DASHED}|:|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?#@%])"
_TOKEN = re.compile(
    rf"""
      (?P<skip>     [ \t\r\n]+ | \#[^\r\n]* )
    | (?P<string>   '''(?:'{{0,2}}+(?:[^'\\]++|\\.))*+'''
                  | \"\"\"(?:"{{0,2}}+(?:[^"\\]++|\\.))*+\"\"\"
                  | '(?:[^'\\\r\n]++|\\.)*+' | "(?:[^"\\\r\n]++|\\.)*+" )
    | (?P<unclosed> ['"].* )
    | (?P<iri>      <(?:[^<>"{{}}|^`\\\x00-\x20]++|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*+> )
    | (?P<variable> [?$]{_NAME}+ )
    | (?P<language> @[A-Za-z]+(?:-[A-Za-z0-9]+)* )
    | (?P<blank>    _:{_NAME}(?:\.*{_DASHED})* )
    | (?P<name>     (?:{_LETTER}(?:\.*{_DASHED}){{0,64}}+)?:(?:{_LOCAL}(?:\.*{_LOCAL})*)? )
    | (?P<number>   (?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)? )
    | (?P<word>     [A-Za-z][A-Za-z0-9_]* )
    | (?P<symbol>   << | >> | . )
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_OPENING, _CLOSING = ("(", "[", "{", "<<"), (")", "]", "}", ">>")
_UPDATES = ("ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE", "WITH")


class QueryForm(StrEnum):
    """The form of a query, as SPARQL calls it: what it answers with."""

    SELECT = "select"
    ASK = "ask"
    CONSTRUCT = "construct"
    DESCRIBE = "describe"


class Token(NamedTuple):
    """One word of a query: its kind (the name of a lexical rule), its text and where it starts."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the text after it starts."""
        return self.start + len(self.text)

    @property
    def keyword(self) -> str:
        """The word in capitals; empty for anything that is not a bare word."""
        return self.text.upper() if self.kind == "word" else ""


class ValuesBlock(NamedTuple):
    """The values a text gives one variable: `VALUES ?name { … }`, from brace to brace."""

    name: str
    start: int
    end: int


@lru_cache(maxsize=64)
def tokenize(text: str) -> tuple[Token, ...]:
    """Split a query; white space and comments are left out.

    From a quotation mark that is never closed, all is one token, `unclosed`. Raises LimitError
    when the text is longer than MAX_LENGTH.
    """
    if len(text) > MAX_LENGTH:
        raise LimitError(
            f"The query has {len(text):,} characters; {MAX_LENGTH:,} are allowed.",
            "Put what it lists into the graph, or ask in several parts.",
        )
    return tuple(
        Token(match.lastgroup or "", match.group(), match.start())
        for match in _TOKEN.finditer(text)
        if match.lastgroup != "skip"
    )


def position(text: str, offset: int) -> str:
    """Say where an offset is, as `line 3, column 7`."""
    line_start = text.rfind("\n", 0, offset) + 1
    return f"line {text.count(chr(10), 0, offset) + 1}, column {offset - line_start + 1}"


def prologue(tokens: Sequence[Token]) -> tuple[dict[str, str], int]:
    """Return the declared prefixes and the index of the first token after the declarations."""
    prefixes: dict[str, str] = {}
    index = 0
    while index < len(tokens):
        kinds = [token.kind for token in tokens[index + 1 : index + 3]]
        if tokens[index].keyword == "PREFIX" and kinds == ["name", "iri"]:
            prefixes[tokens[index + 1].text[:-1]] = tokens[index + 2].text[1:-1]
            index += 3
        elif tokens[index].keyword == "BASE" and kinds[:1] == ["iri"]:
            index += 2
        else:
            break
    return prefixes, index


def form_of(text: str, tokens: Sequence[Token]) -> QueryForm:
    """Return what kind of query this is.

    Raises RefusedError for an update and InputError for a text that is not a query.
    """
    index = prologue(tokens)[1]
    keyword = tokens[index].keyword if index < len(tokens) else ""
    if keyword in QueryForm.__members__:
        return QueryForm[keyword]
    where = position(text, tokens[index].start if index < len(tokens) else len(text))
    if keyword in _UPDATES:
        raise RefusedError(f"{where}: {keyword} changes a graph, and queries here only read.")
    raise InputError(f"{where}: a query says SELECT, ASK, CONSTRUCT or DESCRIBE here.")


def refuse_unsafe(
    text: str, tokens: Sequence[Token], graphs: Collection[str] = frozenset()
) -> None:
    r"""Refuse a query that would reach outside the graph or overflow a parser's stack.

    Raises RefusedError for SERVICE, FROM and a `<` that may hide them, LimitError for nesting
    deeper than MAX_NESTING or more than MAX_SYMBOLS keywords, operators and brackets, InputError
    for a quotation mark that is not closed, as it may hide anything.

    Some parsers replace `\u0053` by `S` before they read, even if it makes a keyword or ends a
    string; so what they would read is judged as well.

    FROM may name one of `graphs`, by its IRI in full.
    """
    if "\\u" in text or "\\U" in text:
        read = _ESCAPE.sub(lambda match: _character(match[1] or match[2]), text)
        _refuse_unsafe(read, tokenize(read), graphs)
    _refuse_unsafe(text, tokens, graphs)


def _character(digits: str) -> str:
    number = int(digits, 16)
    return chr(number) if number <= sys.maxunicode else "\ufffd"


def _refuse_unsafe(text: str, tokens: Sequence[Token], graphs: Collection[str]) -> None:
    depth = symbols = 0
    for number, token in enumerate(tokens):
        following = tokens[number + 1] if number + 1 < len(tokens) else None
        word = token.keyword
        # Parsers accept keywords with nothing between them and the next word, even a name.
        if token.kind == "name" and following and following.text == "{":
            word = token.text.partition(":")[0].upper()
        if "SERVICE" in word:
            raise RefusedError(
                f"{position(text, token.start)}: SERVICE asks another server, which is refused."
            )
        if "FROM" in word and not _names_one_of(graphs, tokens[number : number + 3]):
            raise RefusedError(
                f"{position(text, token.start)}: FROM names another graph to read, which is"
                " refused: a query reads the graph it is given."
            )
        symbols += token.kind in ("symbol", "word")
        depth += (token.text in _OPENING) - (token.text in _CLOSING)
        if depth > MAX_NESTING:
            raise LimitError(
                f"{position(text, token.start)}: brackets are nested more than {MAX_NESTING} deep."
            )
    if symbols > MAX_SYMBOLS:
        raise LimitError(
            f"The query has {symbols} keywords, operators and brackets; {MAX_SYMBOLS} are allowed."
        )
    for token in _ambiguous(tokens):
        raise RefusedError(
            f"{position(text, token.start)}: this `<` can be read as less-than or as the start of"
            " an IRI.",
            "Put a space after it, or use a prefixed name for the IRI.",
        )
    if tokens and tokens[-1].kind == "unclosed":
        where = position(text, tokens[-1].start)
        raise InputError(f"{where}: this quotation mark is not closed.")


def _names_one_of(graphs: Collection[str], words: Sequence[Token]) -> bool:
    """Whether `FROM <iri>` or `FROM NAMED <iri>` names one of the graphs."""
    rest = [word for word in words[1:] if word.keyword != "NAMED"]
    return words[0].keyword == "FROM" and bool(rest) and rest[0].text[1:-1] in graphs


def is_ordered(tokens: Sequence[Token]) -> bool:
    """Say whether the query as a whole, not a query inside it, has an ORDER BY."""
    depth = 0
    for token, following in itertools.pairwise(tokens):
        depth += (token.text == "{") - (token.text == "}")
        if depth == 0 and token.keyword == "ORDER" and following.keyword == "BY":
            return True
    return False


def values_blocks(tokens: Sequence[Token]) -> list[ValuesBlock]:
    """Return every block `VALUES ?name { … }` of one variable, in order."""
    blocks: list[ValuesBlock] = []
    closing: Token | None = None
    # Backwards, so that at each word the next closing brace is known.
    for index in range(len(tokens) - 1, -1, -1):
        if tokens[index].text == "}":
            closing = tokens[index]
        elif closing and tokens[index].keyword == "VALUES" and index + 2 < len(tokens):
            variable, brace = tokens[index + 1 : index + 3]
            if variable.kind == "variable" and brace.text == "{":
                blocks.append(ValuesBlock(variable.text[1:], brace.start, closing.end))
    return blocks[::-1]


def undeclared_prefix(tokens: Sequence[Token]) -> Token | None:
    """Return the first name whose prefix the query does not declare."""
    prefixes, index = prologue(tokens)
    for token in tokens[index:]:
        if token.kind == "name" and token.text.partition(":")[0] not in prefixes:
            return token
    return None


def unused(name: str, text: str) -> str:
    """Return a name for a variable that a text does not have."""
    while name in text:
        name += "_"
    return name


def _ambiguous(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield the IRIs that a parser may take for `<`, and whose inside it would then read.

    `?a<b:c#>` is an IRI to one reader and a comparison with a comment to another, and what the
    second reads on could be anything. It happens only inside the parentheses of an expression,
    after a value; only a comment, a quotation mark or a bracket inside makes a difference.
    """
    # For each open bracket: whether it holds an expression.
    brackets = [False]
    closed = False
    previous = Token("symbol", "{", 0)
    for token in tokens:
        if token.text == "(":
            starts_list = (
                previous.text in ("{", "}", ".", ";", "[")
                or previous.keyword == "VALUES"
                or (previous.text == "(" and not brackets[-1])
                or (previous.text == ")" and not closed)
            )
            brackets.append(not starts_list)
        elif token.text in _OPENING:
            brackets.append(False)
        elif token.text in _CLOSING and len(brackets) > 1:
            closed = brackets.pop()
        elif (
            token.kind == "iri"
            and brackets[-1]
            and (previous.kind not in ("symbol", "word") or previous.text == ")")
            and re.search(r"[#'()\[\]]", token.text)
        ):
            yield token
        previous = token
