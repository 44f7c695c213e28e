"""HTTP to one server, within bounds: of time, of size, and of where a request may go.

An answer is read as it comes and never further than is allowed; a redirect leads to no other
host; what may pass by itself is tried again a few times.
"""

import re
import threading
import time
import weakref
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urljoin, urlsplit

from cjph_graph.errors import EndpointError, LimitError, QueryError, UsageError
from cjph_graph.remote.authentication import find_credentials
from cjph_graph.remote.responses import Reply, read_body
from cjph_graph.system.limits import beside, remaining

if TYPE_CHECKING:
    from http.client import HTTPConnection
    from urllib.request import Request

# Seconds before each new try, unless the server says how long.
WAITS = (0.5, 1.0, 2.0)
LONGEST_WAIT = 60.0
_BUSY = (429, 502, 503)
_MOVED = (301, 302, 307, 308)
_HOPS = 5
_NAME = "The endpoint"


@dataclass(frozen=True)
class _Errand:
    """A request under way: the connections that are at it, and whether it is given up."""

    request: "Request"
    connections: "list[HTTPConnection]" = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def pause(self, seconds: float) -> None:
        """Wait before the next try; there is none when nobody waits for it any more."""
        if self.over.wait(seconds):
            raise EndpointError("Nobody waits for this any more.")

    def give_up(self) -> None:
        """Hang up, whatever is being said."""
        import socket

        self.over.set()
        for connection in [*self.connections]:
            with suppress(OSError, AttributeError):  # it was never there, or is gone already
                connection.sock.shutdown(socket.SHUT_RDWR)


class Transport:
    """A way to one URL; it may be used from several threads."""

    def __init__(self, url: str, *, insecure: bool = False) -> None:
        self.url = url
        self._insecure = insecure
        self._origin = _checked(url, insecure)
        self._credentials = find_credentials(self._origin.hostname or "")
        self._idle: list[HTTPConnection] = []
        weakref.finalize(self, _close_all, self._idle)

    def send(
        self, request: "Request", *, repeatable: bool = True, allowed: Collection[int] = ()
    ) -> Reply:
        """Send a request and return what was answered with success, or with an `allowed` status.

        Only a `repeatable` one is sent again when it may have been carried out already. Raises
        LimitError when it takes too long or the answer is too large, EndpointError for all that a
        server or the way to it can do wrong.
        """
        errand = _Errand(request)

        def work() -> Reply:
            reply = self._insist(errand, repeatable)
            return reply if reply.status in allowed else self._judged(reply)

        try:
            return beside(work, _NAME)
        except LimitError:
            errand.give_up()
            raise

    def _insist(self, errand: "_Errand", repeatable: bool) -> Reply:
        from http.client import HTTPException

        for wait in (*WAITS, None):
            reused = bool(self._idle)
            try:
                reply = self._follow(errand)
            except (ConnectionError, HTTPException, TimeoutError) as error:
                if isinstance(error, ConnectionRefusedError):
                    raise EndpointError(f"{_NAME} {self._host} refuses the connection.") from error
                if isinstance(error, TimeoutError):
                    raise LimitError(f"{_NAME} {self._host} does not answer in time.") from error
                if wait is None or not repeatable:
                    raise EndpointError(
                        f"The connection to the endpoint {self._host} broke off."
                    ) from error
                if not reused:  # else the server only tired of waiting
                    errand.pause(wait)
                _close_all(self._idle)
                continue
            except (OSError, UnicodeError) as error:
                reason = getattr(error, "strerror", None) or error
                raise EndpointError(f"{_NAME} {self._host} cannot be reached: {reason}.") from error
            again = reply.status in _BUSY if repeatable else reply.status == 429
            if again and wait is not None:
                errand.pause(_asked_wait(reply, wait))
                continue
            return reply
        raise AssertionError("the last try returns or raises")

    @property
    def _host(self) -> str:
        return self._origin.netloc

    def _follow(self, errand: "_Errand") -> Reply:
        """Answer what is asked on the way: who is asking, and to ask elsewhere on the host."""
        url, asked = errand.request.full_url, 0
        hops = 0
        while True:
            reply, challenges = self._exchange(url, errand)
            if reply.status == 401 and asked < 2 and self._credentials.learn(challenges):
                asked += 1
            elif reply.status in _MOVED and hops < _HOPS and "location" in reply.headers:
                hops += 1
                url = self._moved(url, reply.headers["location"])
            else:
                return reply

    def _moved(self, url: str, location: str) -> str:
        try:
            there = urlsplit(urljoin(url, location))
            same = there.hostname == self._origin.hostname and not there.username
            upgraded = self._origin.scheme == "http" and there.scheme == "https"
            same = same and (upgraded or (there.scheme, there.port) == _way(self._origin))
        except ValueError:
            same = False
        if not same:
            raise EndpointError(
                f"{_NAME} {self._host} sends us on to another server, which is refused.",
                "If that is the right one, name it yourself.",
            )
        return there.geturl()

    def _exchange(self, url: str, errand: "_Errand") -> tuple[Reply, list[str]]:
        parts, request = urlsplit(url), errand.request
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        method = request.get_method()
        headers = dict(request.header_items()) | {"Accept-encoding": "gzip"}
        if authorization := self._credentials.header(method, target):
            headers["Authorization"] = authorization
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = _connect(parts)
        errand.connections.append(connection)
        try:
            left = remaining()
            connection.timeout = left or None
            if connection.sock:
                connection.sock.settimeout(left or None)
            with suppress(BrokenPipeError, ConnectionResetError):
                # A server that has heard enough may have said why before it hung up.
                connection.request(method, target, request.data, headers)
            with connection.getresponse() as response:
                names = {name.lower(): value for name, value in response.getheaders()}
                challenges = response.headers.get_all("WWW-Authenticate") or []
                reply = Reply(response.status, names, read_body(response))
                whole = response.isclosed() and not response.will_close
        except BaseException:
            connection.close()
            raise
        finally:
            errand.connections.remove(connection)
        if whole and (parts.scheme, parts.port) == _way(self._origin):
            self._idle.append(connection)
        else:
            connection.close()
        return reply, challenges

    def _judged(self, reply: Reply) -> Reply:
        """Return a reply that is a success, else raise what it means in one sentence."""
        said = self._credentials.hide(reply.reason())
        reason = f": {said}" if said else "."
        match reply.status:
            case 401 | 403:
                who = "whoever asks" if self._credentials else "somebody it does not know"
                raise EndpointError(
                    f"{_NAME} {self._host} does not let {who} do this ({reply.status}).",
                    "Set $CJPH_ENDPOINT_TOKEN, or $CJPH_ENDPOINT_USER and"
                    " $CJPH_ENDPOINT_PASSWORD, or write them in .netrc.",
                )
            case 404 | 405 | 410:
                raise EndpointError(
                    f"There is no such service at {self._host} ({reply.status}){reason}",
                    "Look at the URL.",
                )
            case 206:
                raise LimitError(f"{_NAME} gave only a part of its answer.")
            case status if 200 <= status < 300:
                return reply
            case 408 | 504:
                raise LimitError(f"{_NAME} took longer than it allows itself{reason}")
            case 429 | 502 | 503:
                raise EndpointError(
                    f"{_NAME} {self._host} is too busy ({reply.status}){reason}",
                    "Try again later.",
                )
            case _:
                raise QueryError(f"{_NAME} answered with the error {reply.status}{reason}")


def _checked(url: str, insecure: bool) -> SplitResult:
    """Return the parts of a URL that a request may go to."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UsageError(f"The endpoint's URL is none: {error}.") from error
    if re.search(r"[^!-~]", url) or parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError("An endpoint's URL starts with https:// and has no spaces.")
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            "A user or a password in the endpoint's URL is refused: others could see it.",
            "Set $CJPH_ENDPOINT_USER and $CJPH_ENDPOINT_PASSWORD, or write them in .netrc.",
        )
    if parts.fragment or port == 0:
        raise UsageError("An endpoint's URL has no # and no port 0.")
    if parts.scheme == "http" and not insecure and not _is_loopback(parts.hostname):
        raise UsageError(
            f"http://{parts.netloc} is not encrypted: anybody on the way could read and change it.",
            "Use https, or say --insecure.",
        )
    return parts


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _way(parts: SplitResult) -> tuple[str, int | None]:
    return parts.scheme, parts.port


def _connect(parts: SplitResult) -> "HTTPConnection":
    from http.client import HTTPConnection, HTTPSConnection

    host = parts.hostname or ""
    return (HTTPSConnection if parts.scheme == "https" else HTTPConnection)(host, parts.port)


def _close_all(connections: "list[HTTPConnection]") -> None:
    while connections:
        connections.pop().close()


def _asked_wait(reply: Reply, usual: float) -> float:
    """Return how many seconds to wait for a server that is busy."""
    said = reply.headers.get("retry-after", "")
    wait = usual
    if re.fullmatch(r"[0-9]{1,6}", said):
        wait = float(said)
    elif said:
        from email.utils import parsedate_to_datetime

        with suppress(ValueError, OverflowError):
            wait = max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    left = remaining()
    if wait > LONGEST_WAIT or (left is not None and wait > left):
        raise EndpointError(
            f"{_NAME} is busy and asks to be left alone for {wait:.0f} seconds.",
            "Try again after that.",
        )
    return wait
