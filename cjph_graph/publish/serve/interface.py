"""What the server offers to programs, as an OpenAPI 3.1 document made from the saved queries."""

from collections.abc import Mapping, Sequence
from typing import Any

from cjph_graph.home import ANY, Parameter, Query
from cjph_graph.sparql import QueryForm

_ROWS = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
}
_GRAPHS = {"ttl": "text/turtle"}
_TEXT = {"schema": {"type": "string"}}
_PROTOCOL = "SPARQL 1.1 Protocol"


def describe_interface(address: str, title: str, queries: Sequence[Query]) -> dict[str, Any]:
    """Return the document; `address` is that of the server, without a slash at its end."""
    paths = {path: entry for query in queries for path, entry in _of_query(query)}
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1"},
        "servers": [{"url": address}],
        "paths": {"/sparql": _endpoint(), **paths},
    }


def _endpoint() -> dict[str, Any]:
    answers = dict.fromkeys((*_ROWS.values(), *_GRAPHS.values()), _TEXT)
    text = {"name": "query", "in": "query", "required": True, "schema": {"type": "string"}}
    return {
        "get": {
            "operationId": "sparql",
            "summary": f"Answer a query by the {_PROTOCOL}",
            "parameters": [text],
            "responses": {"200": {"description": "The answer", "content": answers}, **_FAILURES},
        }
    }


_FAILURES: Mapping[str, Any] = {
    "400": {"description": "The query is wrong; the sentence says where"},
    "403": {"description": "The query would change something or reach elsewhere"},
    "503": {"description": "It takes too long or too much memory, or the server is busy"},
}


def _of_query(query: Query) -> list[tuple[str, dict[str, Any]]]:
    is_graph = query.form in (QueryForm.CONSTRUCT, QueryForm.DESCRIBE)
    formats = _GRAPHS if is_graph else _ROWS
    return [
        (f"/queries/{query.name}.{ending}", {"get": _operation(query, ending, kind)})
        for ending, kind in formats.items()
    ]


def _operation(query: Query, ending: str, kind: str) -> dict[str, Any]:
    return {
        "operationId": f"{query.name}-{ending}",
        "summary": query.title or query.name,
        "description": query.description,
        "tags": [query.name],
        "parameters": [_parameter(parameter) for parameter in query.parameters],
        "responses": {
            "200": {"description": "The answer", "content": {kind: _TEXT}},
            "404": {"description": "A value names nothing; the sentence says what is near"},
        },
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "array", "items": {"type": "string"}}
    if parameter.default != ANY:
        schema["default"] = [parameter.default]
    found = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.description,
        "schema": schema,
        "explode": True,
    }
    return {**found, "example": [parameter.example]} if parameter.example else found
