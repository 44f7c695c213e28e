"""Reading what a SPARQL server answers: the W3C's results in JSON, taken strictly.

What differs from the standard and yet is plain is put right: Virtuoso writes blank nodes as
addresses of its own and the truth as a number.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cjph_graph.errors import EndpointError, LimitError
from cjph_graph.remote.responses import Reply
from cjph_graph.sparql.engine import Row, Term
from cjph_graph.system.limits import BYTES_PER_VALUE, max_size, raised

_MEDIA_TYPES = (
    "application/sparql-results+json",
    "application/json",
    "text/javascript",
    "application/javascript",
)
_XSD_BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"
_TRUTH = {"1": "true", "0": "false"}
# Virtuoso's names for blank nodes, which stay the same from one request to the next.
_LASTING = "nodeID://"
_LABEL = re.compile(r"[A-Za-z0-9]+", re.ASCII)


@dataclass(frozen=True)
class Answer:
    """Rows, or for an ASK the truth.

    `lasting` is false where the rows have blank nodes whose names hold for this answer only.
    `virtuoso` says which server it is from.
    """

    variables: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    truth: bool | None = None
    lasting: bool = True
    virtuoso: bool = False


def read_answer(reply: Reply) -> Answer:
    """Return what a reply says.

    Raises EndpointError when it is no SPARQL result, LimitError when it is a part of one, or has
    more values than are allowed.
    """
    if reply.headers.get("x-sql-state", "").startswith("S1T"):
        raise LimitError(
            "The endpoint ran out of time and gave only a part of the answer.",
            "Ask for less, or have the server take more time.",
        )
    if reply.media_type not in _MEDIA_TYPES:
        what = {"text/html": "a web page"}.get(reply.media_type, reply.media_type or "something")
        raise EndpointError(
            f"The endpoint answered with {what}, where a SPARQL result is wanted.",
            "Look at the URL; a server that asks people to log in shows a page as well.",
        )
    from json import loads

    try:
        said = loads(reply.body)
        if isinstance(said.get("boolean"), bool):
            return Answer(truth=said["boolean"])
        variables = tuple(map(str, said["head"]["vars"]))
        found = said["results"]["bindings"]
        if len(found) * max(1, len(variables)) > max_size() // BYTES_PER_VALUE:
            raise LimitError(
                f"The answer has more than {max_size() // BYTES_PER_VALUE:,} values.",
                f"Add a LIMIT. {raised()}",
            )
        blank: set[str] = set()
        rows = tuple(
            tuple(_term(binding[name], blank) if name in binding else None for name in variables)
            for binding in found
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise EndpointError(
            f"The endpoint's answer is broken: it is no whole SPARQL result ({_reason(error)})."
        ) from error
    virtuoso = reply.headers.get("server", "").startswith("Virtuoso")
    virtuoso = virtuoso or "x-sparql-default-graph" in reply.headers
    lasting = all(label.startswith(_LASTING) for label in blank)
    return Answer(variables, rows, None, lasting, virtuoso)


def _term(said: Mapping[str, Any], blank: set[str]) -> Term:
    kind, value = said["type"], said["value"]
    if kind != "triple" and not isinstance(value, str):
        raise TypeError("a term that is no text")
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
            if language := said.get("xml:lang"):
                return Literal(value, language=language)
            if datatype := said.get("datatype"):
                text = _TRUTH.get(value, value) if datatype == _XSD_BOOLEAN else value
                return Literal(text, datatype=NamedNode(datatype))
            return Literal(value)
        case "triple":
            parts = (_term(value[part], blank) for part in ("subject", "predicate", "object"))
            return Triple(*parts)  # type: ignore[arg-type]
    raise ValueError(f"the type {kind!r} of a term")


def _blank_node(label: str) -> BlankNode:
    # A label that could not be written is spelt out, with a sign no other label here has.
    return BlankNode(label if _LABEL.fullmatch(label) else f"_{label.encode().hex()}")


def _reason(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text[:100] if isinstance(error, ValueError) else type(error).__name__
