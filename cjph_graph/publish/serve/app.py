"""The web application: it reads requests, hands the work to a pool, and answers with what comes.

It never runs a query or renders a page itself, so that no request can keep it from others.
"""

import asyncio
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from cjph_graph.publish.serve.guard import RefusalError, refused, refused_by_starlette
from cjph_graph.publish.serve.media import media_type
from cjph_graph.publish.serve.options import ServerOptions
from cjph_graph.publish.serve.pool import BusyError, LateError, LostError, NotYetError, Pool
from cjph_graph.publish.serve.requests import (
    READ_ONLY,
    fields_of,
    first,
    form_fields,
    has_already,
    path_of,
    protocol_fields,
)

_READING = ("GET", "HEAD")
_VARY = {"Vary": "Accept"}
_MOST_KEPT = 32_000_000


class Service:
    """The handlers of the server's addresses."""

    def __init__(self, pool: Pool, options: ServerOptions) -> None:
        self._pool = pool
        self._options = options
        self._kept: dict[tuple[int, str], Response] = {}

    async def sparql(self, request: Request) -> Response:
        """Answer by the SPARQL 1.1 Protocol."""
        fields = await protocol_fields(request, self._options.largest_request)
        if "update" in fields:
            raise RefusalError(403, READ_ONLY)
        if "query" not in fields:
            if request.method in _READING and not request.url.query:
                address = f"{_address(request)}/sparql"
                return await self._do(request, {"task": "describe", "address": address})
            raise RefusalError(400, "There is no query.", "Send it as query=… or as the body.")
        if len(fields["query"]) > 1:
            raise RefusalError(400, "There are two queries.", "Send one.")
        job = {
            "task": "sparql",
            "address": f"{_address(request)}/sparql",
            "query": fields["query"][0],
            "default": fields.get("default-graph-uri", []),
            "named": fields.get("named-graph-uri", []),
            "format": first(fields, "format") or first(fields, "output"),
        }
        return await self._do(request, job)

    async def saved(self, request: Request) -> Response:
        """Answer a saved query: as a page, or in the format of the address's ending."""
        name, dot, ending = request.path_params["name"].rpartition(".")
        values = form_fields(request.url.query)
        if not dot:
            job = {"task": "console", "name": ending, "values": values}
            return await self._do(request, {**job, "address": _address(request)})
        if ending in ("html", "rq") or name == "index":
            return await self.page(request)
        return await self._do(
            request, {"task": "saved", "name": name, "ending": ending, "values": values}
        )

    async def reconcile(self, request: Request) -> Response:
        """Answer by the Reconciliation Service API: say what this is, or match a batch of names."""
        fields = await fields_of(request, self._options.largest_request)
        queries = first(fields, "queries")
        what = "queries" if queries else "manifest"
        return await self._match(request, what, queries)

    async def suggest(self, request: Request) -> Response:
        """Complete the name of an entity, a type or a property, or preview an entity."""
        fields = form_fields(request.url.query)
        what = request.path_params["what"].removeprefix("suggest/")
        if what not in ("entity", "type", "property", "preview"):
            raise RefusalError(404, f"There is nothing at {request.url.path}.")
        return await self._match(
            request, what, first(fields, "id" if what == "preview" else "prefix")
        )

    async def _match(self, request: Request, what: str, text: str) -> Response:
        job = {"task": "reconcile", "what": what, "text": text, "address": _address(request)}
        return await self._do(request, job)

    async def interface(self, request: Request) -> Response:
        """Return the OpenAPI document."""
        return await self._do(request, {"task": "interface", "address": _address(request)})

    async def page(self, request: Request) -> Response:
        """Return a page, a file, or a thing in the form that the client wants."""
        path = path_of(request)
        if not path or path.endswith("/"):
            path += "index.html"
        kept = self._kept.get((self._pool.generation, path))
        if kept is None:
            response = await self._made(request, path)
            if response.status_code != 200 or "content-location" in response.headers:
                return response
            kept = self._keep((self._pool.generation, path), response)
        return _unless_known(request, Response(kept.body, 200, dict(kept.headers)))

    async def _made(self, request: Request, path: str) -> Response:
        """Return a page or, where there is none, a file of the dataset."""
        missing: RefusalError | None = None
        try:
            response = await self._do(request, {"task": "page", "path": path})
            if response.status_code != 404:
                return response
        except RefusalError as error:
            if error.status != 404:
                raise
            missing = error
        if file := await self._file(path):
            # The file is not kept in memory, as it may be large.
            headers = {**_VARY, "Content-Location": f"/{path}"}
            found = FileResponse(file, 200, headers, media_type(path), stat_result=file.stat())
            return _unless_known(request, found)
        if missing:
            raise missing
        return response

    async def _file(self, path: str) -> Path | None:
        try:
            return await self._pool.file(path)
        except NotYetError:
            raise RefusalError(
                503, "The files of the dataset are being made.", "Try again in a minute."
            ) from None

    def _keep(self, key: tuple[int, str], response: Response) -> Response:
        """Keep a page for the next request, up to a bound on the bytes of all."""
        self._kept[key] = response
        while sum(len(each.body) for each in self._kept.values()) > _MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        return response

    async def _do(self, request: Request, job: dict[str, Any]) -> Response:
        job["accept"] = request.headers.get("accept", "")
        client = request.client.host if request.client else ""
        work = asyncio.ensure_future(self._pool.do(job, client))
        left = asyncio.ensure_future(_until_gone(request))
        try:
            await asyncio.wait({work, left}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                raise ClientDisconnect
            body, about = work.result()
        except BusyError:
            raise RefusalError(503, "The server is busy.", "Try again in a moment.") from None
        except LateError:
            seconds = f"{self._options.seconds:g}"
            raise RefusalError(
                503, f"This takes longer than {seconds} seconds.", "Ask for less, or add a LIMIT."
            ) from None
        except LostError:
            raise RefusalError(
                503,
                f"This needs more than {self._options.megabytes} MB of memory, or is nested too"
                " deep.",
                "Ask for less.",
            ) from None
        finally:
            for task in (work, left):
                task.cancel()
            await asyncio.gather(work, left, return_exceptions=True)
        return _response(request, body, about)


async def _until_gone(request: Request) -> None:
    """Return when the client has left."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _response(request: Request, body: bytes, about: dict[str, Any]) -> Response:
    if about["status"] >= 400 and "type" not in about:
        raise RefusalError(about["status"], about["message"], about.get("hint") or "")
    kind: str = about["type"]
    if kind.startswith("text/") or kind in ("application/json", "application/xml"):
        kind = f"{kind}; charset=utf-8"
    headers = dict(_VARY)
    if target := about.get("redirect"):
        headers["Location"] = target
    if tag := about.get("tag"):
        headers["ETag"] = f'"{tag}"'
    if location := about.get("location"):
        headers["Content-Location"] = f"/{location}"
        headers["Link"] = ", ".join(
            f'</{path}>; rel="alternate"; type="{each}"'
            for each, path in about["alternates"].items()
        )
    return _unless_known(request, Response(body, about["status"], headers, kind))


def _unless_known(request: Request, response: Response) -> Response:
    """Return a response, or that the client has it already."""
    tag = response.headers.get("etag")
    if tag and request.method in _READING and has_already(request, tag):
        return Response(status_code=304, headers={"ETag": tag, **_VARY})
    return response


def _address(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def make_app(pool: Pool, options: ServerOptions) -> Starlette:
    """Return the application over a pool."""
    service = Service(pool, options)
    reading = ["GET", "HEAD"]
    return Starlette(
        routes=[
            Route("/sparql", service.sparql, methods=["GET", "HEAD", "POST"]),
            Route("/openapi.json", service.interface, methods=reading),
            Route("/reconcile", service.reconcile, methods=["GET", "HEAD", "POST"]),
            Route("/reconcile/{what:path}", service.suggest, methods=reading),
            Route("/queries/{name}", service.saved, methods=reading),
            Route("/{path:path}", service.page, methods=reading),
        ],
        exception_handlers={
            RefusalError: refused,
            HTTPException: refused_by_starlette,
            ClientDisconnect: _left,
        },
    )


async def _left(_request: Request, _error: Exception) -> Response:
    return Response(status_code=499)
