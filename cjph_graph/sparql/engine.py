"""Answering SPARQL: one small protocol, and the engine that answers from a store in memory.

Every engine refuses the same things before it runs a query, so that a text means the same
wherever it is asked.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Protocol, TypeVar, cast

from pyoxigraph import (
    BlankNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Store,
)

from cjph_graph.errors import InputError, UsageError
from cjph_graph.rdf import lastingly_named
from cjph_graph.sparql.answers import Result, Rows, Triples, steady
from cjph_graph.sparql.tokens import (
    QueryForm,
    Token,
    form_of,
    is_ordered,
    position,
    prologue,
    refuse_unsafe,
    tokenize,
    undeclared_prefix,
)
from cjph_graph.system.limits import max_values, too_many, within_time

_T = TypeVar("_T")

# Every query that is not refused needs less than a quarter of it.
_STACK = 16 * 1024 * 1024
_POSITION = r"error at (\d+):(\d+): "
# The rest of what the parser says it expected are lexical rules, of no use to a reader.
_REASON = r"(?:The SELECT|IRI parsing|Variable|Aggregate)[^,]*"


class Engine(Protocol):
    """Something that answers SPARQL.

    Each method raises RefusedError or LimitError before running an unsafe text, InputError when
    the text is not SPARQL, and UsageError when it is not the kind of query the method answers.
    A query that takes longer than `limits.limits` allows, or has a larger answer, is a LimitError.
    """

    def select(self, text: str) -> Rows:
        """Answer a SELECT: in the order it asks for, else sorted."""

    def scan(self, text: str) -> Rows:
        """Answer a SELECT as it is found: in any order, blank nodes as the engine names them."""

    def ask(self, text: str) -> bool:
        """Answer an ASK."""

    def construct(self, text: str) -> Triples:
        """Answer a CONSTRUCT or a DESCRIBE."""


class LocalEngine:
    """The engine over a store; it opens no socket.

    With `all_graphs`, a question that names no graph is asked of all that the store has, taken
    together, and not of its default graph. FROM may name one of `graphs`.
    """

    def __init__(
        self, store: Store, *, all_graphs: bool = False, graphs: Collection[str] = ()
    ) -> None:
        self._store = store
        self._all_graphs = all_graphs
        self._graphs = graphs

    def _asked(self, text: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        return self._store.query(text, use_default_graph_as_union=self._all_graphs)

    def select(self, text: str) -> Rows:
        """Answer a SELECT: in the order it asks for, else sorted."""
        ordered = is_ordered(admit(text, QueryForm.SELECT, graphs=self._graphs))
        found = self._found(text)
        if any(isinstance(term, BlankNode) for row in found.rows for term in row):
            # A parser makes up their names, so sorting by these gives another order each time.
            found = self._with_lasting_names()._found(text)
        return Rows(found.variables, steady(found.rows, ordered=ordered))

    def scan(self, text: str) -> Rows:
        """Answer a SELECT as it is found: in any order, blank nodes as the store names them."""
        admit(text, QueryForm.SELECT, graphs=self._graphs)
        return self._found(text)

    def _with_lasting_names(self) -> "LocalEngine":
        triples = (quad.triple for quad in self._store.quads_for_pattern(None, None, None))
        store = Store()
        store.bulk_extend(Quad(*triple) for triple in lastingly_named(triples))
        return LocalEngine(store)

    def _found(self, text: str) -> Rows:
        def answer(most: int) -> Rows:
            solutions = cast("QuerySolutions", self._asked(text))
            names = _names(text, solutions)
            # A solution gives a term for a name; by itself it has the order of the store.
            found = (tuple(solution[name] for name in names) for solution in solutions)
            rows = _first(most // max(1, len(names)), "rows", found)
            return Rows(names, tuple(rows))

        return answered(text, answer)

    def ask(self, text: str) -> bool:
        """Answer an ASK."""
        admit(text, QueryForm.ASK, graphs=self._graphs)
        return answered(text, lambda _: bool(self._asked(text)))

    def construct(self, text: str) -> Triples:
        """Answer a CONSTRUCT or a DESCRIBE."""
        admit(text, QueryForm.CONSTRUCT, QueryForm.DESCRIBE, graphs=self._graphs)

        def answer(most: int) -> Triples:
            found = _first(most // 3, "triples", cast("QueryTriples", self._asked(text)))
            return Triples(tuple(dict.fromkeys(found)))

        return answered(text, answer)


def run(engine: Engine, text: str) -> Result:
    """Answer any query: Rows for SELECT, a truth value for ASK, Triples for the other two.

    Raises what the engine's methods raise.
    """
    match form_of(text, tokenize(text)):
        case QueryForm.SELECT:
            return engine.select(text)
        case QueryForm.ASK:
            return engine.ask(text)
        case _:
            return engine.construct(text)


def admit(text: str, *forms: QueryForm, graphs: Collection[str] = ()) -> tuple[Token, ...]:
    """Return the words of a query that may be run and is of one of the forms.

    FROM may name one of `graphs`.

    Raises what every engine raises before it runs a query.
    """
    tokens = tokenize(text)
    form = form_of(text, tokens)
    if form not in forms:
        wanted = " or ".join(form.name for form in forms)
        raise UsageError(f"This is {form.name}, but {wanted} is needed here.")
    refuse_unsafe(text, tokens, graphs)
    return tokens


def answered(text: str, answer: Callable[[int], _T]) -> _T:
    """Return what `answer` returns, which is given the largest number of values allowed.

    It has room on its stack for every query that is not refused. What the store raises becomes an
    InputError with the place in the text.
    """
    try:
        return within_time(lambda: answer(max_values()), "The query", stack=_STACK)
    except SyntaxError as error:
        raise InputError(_syntax_message(text, str(error))) from error
    except (RuntimeError, OSError, ValueError) as error:
        raise InputError(f"The query cannot be answered: {error}.") from error
    except (Exception, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        raise InputError("The query cannot be answered: the engine failed on it.") from error


def refuse_wrong(text: str) -> None:
    """Raise InputError, with the place, for a text that is admitted and yet is not SPARQL 1.1."""

    def parse(_: int) -> None:
        Store().query(text)

    answered(text, parse)


def columns(text: str) -> tuple[str, ...]:
    """Return the names of the columns that a SELECT answers with.

    Those of `SELECT *` come as they first stand in the text. Raises what `refuse_wrong` raises.
    """

    def parse(_: int) -> tuple[str, ...]:
        return _names(text, cast("QuerySolutions", Store().query(text)))

    return answered(text, parse)


def _names(text: str, solutions: QuerySolutions) -> tuple[str, ...]:
    names = [variable.value for variable in solutions.variables]
    tokens = tokenize(text)
    start = prologue(tokens)[1] + 1
    if start < len(tokens) and tokens[start].keyword in ("DISTINCT", "REDUCED"):
        start += 1
    if start < len(tokens) and tokens[start].text == "*":
        # The standard leaves their order open; the store has them in alphabetical order.
        places: dict[str, int] = {}
        for token in tokens:
            if token.kind == "variable":
                places.setdefault(token.text[1:], token.start)
        names.sort(key=lambda name: places.get(name, len(text)))
    return tuple(names)


def _first(most: int, what: str, found: Iterable[_T]) -> Iterator[_T]:
    """Pass on as many as are allowed, then raise LimitError."""
    for number, one in enumerate(found):
        if number == most:
            raise too_many(most, what)
        yield one


def _syntax_message(text: str, message: str) -> str:
    if token := undeclared_prefix(tokenize(text)):
        prefix = token.text.partition(":")[0]
        return f"{position(text, token.start)}: the prefix {prefix}: is not declared."
    if not (match := re.match(_POSITION, message)):
        return f"This is not SPARQL: {message}."
    line, column = int(match[1]), int(match[2])
    where = f"line {line}, column {column}"
    if reason := re.search(_REASON, message):
        return f"{where}: {reason[0].replace('IRI parsing failed', 'this is not an absolute IRI')}."
    lines = text.split("\n")
    # The parser says how far it got, which may be a word or two past the mistake.
    near = lines[line - 1][max(0, column - 21) : column + 19].strip() if line <= len(lines) else ""
    return f"{where}: this is not SPARQL, here or just before" + (
        f", near `{near}`." if near else "."
    )
