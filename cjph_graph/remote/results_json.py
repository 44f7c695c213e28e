"""Reading what a SPARQL server answers: the W3C's results in JSON, taken strictly.

What differs from the standard and is still clear is corrected: Virtuoso writes blank nodes as
addresses of its own, and truth values as numbers.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from json import loads
from typing import Any

from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, Triple

from cjph_graph.errors import EndpointError, LimitError, QueryError
from cjph_graph.rdf import BOOLEAN
from cjph_graph.remote.responses import Reply, told_in_json
from cjph_graph.sparql import Row, Value
from cjph_graph.system.limits import max_values, too_many
from cjph_graph.system.tables import shorten

_TRUTH = {"1": "true", "0": "false"}
# Virtuoso's names for blank nodes, which stay the same from one request to the next.
_LASTING = "nodeID://"
_SHOWN = 100  # characters of what is quoted
_LABEL = re.compile(r"[A-Za-z0-9]+", re.ASCII)


@dataclass(frozen=True)
class ServerResult:
    """Rows, or the truth value of an ASK.

    `lasting` is false where the rows have blank nodes whose names hold for this answer only.
    `virtuoso` says which server it is from.
    """

    variables: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    truth: bool | None = None
    lasting: bool = True
    virtuoso: bool = False


def read_result(
    reply: Reply, columns: Sequence[str] | None, hide: Callable[[str], str] = str
) -> ServerResult:
    """Return what a reply says: rows with just these columns, in order; without any, a truth value.

    `hide` takes secrets out of what is quoted. Raises EndpointError when it is another kind of
    answer, QueryError when it is the server's report of an error, LimitError when it is a part of
    an answer or has more values than are allowed.
    """
    if reply.headers.get("x-sql-state", "").startswith("S1T"):
        raise LimitError(
            "The endpoint ran out of time and gave only a part of the answer.",
            "Ask for less, or have the server take more time.",
        )
    said = _parsed(reply, hide)
    try:
        answer = _read(said, columns, hide)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise EndpointError(
            "The endpoint's answer is broken: it is not a complete SPARQL result"
            f" ({hide(_reason(error))})."
        ) from None  # the rest of the message may quote a secret
    virtuoso = reply.headers.get("server", "").startswith("Virtuoso")
    return replace(answer, virtuoso=virtuoso or "x-sparql-default-graph" in reply.headers)


def _parsed(reply: Reply, hide: Callable[[str], str]) -> dict[str, Any]:
    """Return the JSON of a reply, whatever media type it claims."""
    try:
        said = loads(reply.body)
    except (ValueError, RecursionError) as error:
        words = reply.words(hide)
        if not words:
            raise EndpointError(
                "The endpoint answered with nothing.", "Look at the URL, or try again later."
            ) from None
        if "json" in reply.media_type:
            raise EndpointError(
                "The endpoint's answer is broken: it is not a complete SPARQL result"
                f" ({hide(_reason(error))}), and begins: {shorten(words, _SHOWN)}"
            ) from None
        what = {"text/html": "a web page", "": "something without a type"}
        raise EndpointError(
            f"The endpoint answered with {what.get(reply.media_type, hide(reply.media_type))} and"
            f" not with a SPARQL result in JSON{f': {words}' if words else '.'}",
            "Look at the URL; a server that asks people to log in shows a page as well.",
        ) from None
    if not isinstance(said, dict):
        raise EndpointError("The endpoint's answer is broken: it is not a complete SPARQL result.")
    if not {"boolean", "results"} & said.keys() and told_in_json(reply.text):
        raise QueryError(f"The endpoint answered with an error: {reply.words(hide)}")
    return said


def _read(
    said: Mapping[str, Any], columns: Sequence[str] | None, hide: Callable[[str], str]
) -> ServerResult:
    if columns is None:
        if not isinstance(said["boolean"], bool):
            raise ValueError("a truth value that is neither true nor false")
        return ServerResult(truth=said["boolean"])
    if "boolean" in said:
        raise EndpointError("The endpoint answered with yes or no to a query for rows.")
    variables = said["head"]["vars"]
    if sorted(map(str, variables)) != sorted(columns):
        found = ", ".join(hide(str(name)) for name in variables)
        raise EndpointError(
            f"The endpoint answered with other columns ({shorten(found, _SHOWN) or 'none'}) than"
            f" the query asks for ({shorten(', '.join(columns), _SHOWN) or 'none'})."
        )
    bindings = said["results"]["bindings"]
    if len(bindings) * max(1, len(columns)) > max_values():
        raise too_many(max_values(), "values")
    known, blank = set(columns), set[str]()
    for binding in bindings:
        if not known.issuperset(binding):
            raise ValueError("a row with a column that is not in its head")
    rows = tuple(
        tuple(_term(row[name], blank) if name in row else None for name in columns)
        for row in bindings
    )
    return ServerResult(tuple(columns), rows, None, all(b.startswith(_LASTING) for b in blank))


def _term(said: Mapping[str, Any], blank: set[str]) -> Value:
    kind, value = said["type"], said["value"]
    if kind != "triple" and not isinstance(value, str):
        raise ValueError("a term that is not text")
    match kind:
        case "uri":
            if value.startswith(_LASTING):
                blank.add(value)
                return BlankNode(value.removeprefix(_LASTING))
            return NamedNode(value)
        case "bnode":
            blank.add(value)
            return _blank_node(value.removeprefix(_LASTING))
        case "literal" | "typed-literal":
            if language := said.get("xml:lang", said.get("lang")):
                direction = said.get("its:dir")
                direction = None if direction is None else BaseDirection(direction)
                return Literal(value, language=language, direction=direction)
            if datatype := said.get("datatype"):
                text = _TRUTH.get(value, value) if datatype == BOOLEAN.value else value
                return Literal(text, datatype=NamedNode(datatype))
            return Literal(value)
        case "triple":
            parts = (_term(value[part], blank) for part in ("subject", "predicate", "object"))
            return Triple(*parts)  # type: ignore[arg-type]
    raise ValueError(f"the type {kind!r} of a term")


def _blank_node(label: str) -> BlankNode:
    # A label that Turtle can't write is spelt out, with a character that no other label has.
    return BlankNode(label if _LABEL.fullmatch(label) else f"_{label.encode().hex()}")


def _reason(error: Exception) -> str:
    text = " ".join(str(error).split())[:_SHOWN]
    if isinstance(error, KeyError):
        return f"it has no {text}"
    return text if isinstance(error, ValueError) else "a part of it is of another kind"
