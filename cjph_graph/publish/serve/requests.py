"""Reading requests: the path, the fields of the address and the body, what is cached."""

import asyncio
import re
from urllib.parse import parse_qs

from starlette.requests import Request

from cjph_graph.publish.serve.guard import RefusalError

Fields = dict[str, list[str]]

_FORM, _QUERY = "application/x-www-form-urlencoded", "application/sparql-query"
_UPDATE = "application/sparql-update"
_TAG = re.compile(r'(?:W/)?("[^"]*")')
# Seconds in which a body has to arrive.
_PATIENCE = 20
READ_ONLY = "This server only answers questions; it takes no updates."


def path_of(request: Request) -> str:
    """Return the path that is asked for, without the first slash."""
    raw: bytes = request.scope.get("raw_path", b"")
    path: str = request.scope["path"]
    if b"%2f" in raw.lower():
        # Proxies take this for one name, so it can't be a path of ours.
        raise RefusalError(404, f"There is nothing at {raw.decode('latin-1')}.")
    return path.removeprefix("/")


def form_fields(text: str) -> Fields:
    """Return the fields of a form. Raises RefusalError if they are not UTF-8, or too many."""
    try:
        return parse_qs(text, keep_blank_values=True, errors="strict", max_num_fields=1000)
    except ValueError:
        raise RefusalError(400, "The request's fields cannot be read as UTF-8.") from None


def first(fields: Fields, name: str) -> str:
    """Return the first value of a field; empty where there is none."""
    return fields.get(name, [""])[0]


async def fields_of(request: Request, most: int) -> Fields:
    """Return the fields of an address and, of a POST, those of the form in its body."""
    fields = form_fields(request.url.query)
    if request.method == "POST":
        _add(fields, form_fields(await _body(request, most)))
    return fields


async def protocol_fields(request: Request, most: int) -> Fields:
    """Return what a request says by the SPARQL 1.1 Protocol, in its address or its body.

    Raises RefusalError for a body of more than `most` bytes, or of a type that is not understood.
    """
    fields = form_fields(request.url.query)
    if request.method != "POST":
        return fields
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    kind = kind.strip().lower()
    if "charset" in parameters.lower() and "utf-8" not in parameters.lower():
        raise RefusalError(415, "A query is read as UTF-8 only.")
    if kind == _UPDATE:
        raise RefusalError(403, READ_ONLY)
    body = await _body(request, most)
    if kind == _QUERY:
        _add(fields, {"query": [body]})
    elif kind == _FORM:
        _add(fields, form_fields(body))
    else:
        raise RefusalError(
            415,
            f"A query can't be sent as {kind or 'a body without a type'}.",
            f"Send {_FORM} or {_QUERY}.",
        )
    return fields


def _add(fields: Fields, more: Fields) -> None:
    for name, values in more.items():
        fields.setdefault(name, []).extend(values)


async def _body(request: Request, most: int) -> str:
    found = bytearray()
    try:
        async with asyncio.timeout(_PATIENCE):
            async for piece in request.stream():
                found += piece
                if len(found) > most:
                    raise RefusalError(413, f"A request has {most:,} bytes at most.")
        return found.decode()
    except TimeoutError:
        raise RefusalError(408, "The request did not arrive in time.") from None
    except UnicodeDecodeError:
        raise RefusalError(400, "The request is not UTF-8.") from None


def has_already(request: Request, tag: str) -> bool:
    """Whether the client has the answer of an entity tag (RFC 9110, section 13.1.2)."""
    said = request.headers.get("if-none-match", "")
    return said.strip() == "*" or tag in _TAG.findall(said)
