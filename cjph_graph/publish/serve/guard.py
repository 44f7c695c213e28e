"""What every request passes through: a check of the host's name, headers, refusals, the log."""

import json
import logging
import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from cjph_graph.publish.serve.options import ServerOptions

_LOG = logging.getLogger("cjph.serve")
_SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self';"
    # Where forms may go, each page says for itself.
    " img-src 'self' data:; base-uri 'none'; form-action 'self' https:; frame-ancestors 'none'",
}
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type",
    "Access-Control-Expose-Headers": "Content-Location, ETag, Link, Retry-After",
    "Access-Control-Max-Age": "86400",
}
_RETRY = "2"
_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([0-9A-Za-z._-]+))(?::[0-9]{1,5})?")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class RefusalError(Exception):
    """A request that gets no answer, and why: an HTTP status, a sentence, what to do."""

    def __init__(self, status: int, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.hint = hint


async def refused(request: Request, error: Exception) -> Response:
    """Return why a request gets no answer, in the form that the client reads."""
    assert isinstance(error, RefusalError)  # noqa: S101
    headers = {"Retry-After": _RETRY} if error.status == 503 else {}
    if "json" in request.headers.get("accept", ""):
        said = {"error": error.message, "hint": error.hint}
        return JSONResponse(said, error.status, headers)
    text = f"{error.message}\n{error.hint}".rstrip()
    return PlainTextResponse(f"{text}\n", error.status, headers)


async def refused_by_starlette(request: Request, error: Exception) -> Response:
    """Return one sentence for a request that Starlette refuses."""
    assert isinstance(error, HTTPException)  # noqa: S101
    said = {405: f"{request.method} is not possible here; this server only reads."}
    text = said.get(error.status_code, error.detail)
    return PlainTextResponse(f"{text}\n", error.status_code, error.headers)


class Guard:
    """What every request passes through: a check of the host's name, headers, the log."""

    def __init__(
        self, app: Callable[[Scope, Receive, Send], Awaitable[None]], options: ServerOptions
    ) -> None:
        self._app = app
        self._options = options
        self._hosts = {"localhost", "127.0.0.1", "::1", options.host, *options.hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start = time.monotonic()
        status = 0

        async def answer(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                extra = {**_SAFE_HEADERS, **_CORS}
                message["headers"] = [
                    *message.get("headers", []),
                    *((k.lower().encode(), v.encode()) for k, v in extra.items()),
                ]
            await send(message)

        try:
            await self._passed(scope, receive, answer)
        finally:
            self._note(scope, status, time.monotonic() - start)

    async def _passed(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        name = headers.get(b"host", b"").decode("latin-1")
        # A client that uses the IP address was not led here by a foreign name.
        reached = (scope.get("server") or ("",))[0]
        if _without_port(name) not in {*self._hosts, reached}:
            refusal = PlainTextResponse(
                "This server does not go by that name; start it with --host-name to allow one.\n",
                421,
            )
            await refusal(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            await Response(status_code=204)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        asked = scope.get("query_string", b"").decode("latin-1")
        what = f"?{asked}" if asked and self._options.log_queries else ""
        client = (scope.get("client") or ("-",))[0]
        _LOG.info(
            "%s %s %s%s %s %.0f ms",
            json.dumps(client)[1:-1],
            scope["method"],
            json.dumps(scope["path"])[1:-1],
            json.dumps(what)[1:-1],
            status or "-",
            seconds * 1000,
        )


def _without_port(name: str) -> str:
    """Return the name of a `Host` header; empty where it is not well formed."""
    found = _HOST.fullmatch(name)
    return (found[1] or found[2]).lower() if found else ""
