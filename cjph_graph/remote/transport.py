"""HTTP to one server, within bounds: of time, of size, and of where a request may go.

An answer is read as it comes and never further than is allowed; a redirect leads to no other host;
what may be temporary is tried again a few times.
"""

import re
import socket
import threading
import time
import weakref
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection, IncompleteRead
from urllib.parse import SplitResult, urljoin, urlsplit

from cjph_graph.errors import EndpointError, LimitError, QueryError
from cjph_graph.remote.authentication import find_credentials
from cjph_graph.remote.protocol import Request
from cjph_graph.remote.responses import Reply, read_body
from cjph_graph.remote.urls import checked_url
from cjph_graph.system.limits import remaining, within_time

_BUSY = (429, 502, 503)
_MOVED = (301, 302, 307, 308)
_HOPS = 5
_NAME = "The endpoint"


class UncertainError(EndpointError):
    """A server did not say whether it did what it was asked: it may have, or may still do it."""


@dataclass(frozen=True)
class Retries:
    """How often a request is tried again and how long before each, in seconds.

    A server that is busy may ask for another time, up to `longest`. `pause` waits for an event or
    for so many seconds, and returns whether the event came; `now` is in seconds since 1970.
    """

    waits: tuple[float, ...] = (0.5, 1.0, 2.0)
    longest: float = 60.0
    pause: Callable[[threading.Event, float], bool] = threading.Event.wait
    now: Callable[[], float] = time.time


@dataclass(frozen=True)
class Exchange:
    """A request under way: its connections, and whether it was given up."""

    request: Request
    connections: list[HTTPConnection] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def give_up(self) -> None:
        """Close the connections, whatever is being sent."""
        self.over.set()
        for connection in [*self.connections]:
            with suppress(OSError, AttributeError):  # it never existed, or is closed already
                connection.sock.shutdown(socket.SHUT_RDWR)


class Transport:
    """A way to one URL; it may be used from several threads."""

    def __init__(self, url: str, *, insecure: bool = False, retries: Retries | None = None) -> None:
        self.url = url
        self._insecure = insecure
        self._retries = retries or Retries()
        self._origin = checked_url(url, insecure=insecure)
        self._credentials = find_credentials(self._origin.hostname or "")
        self.hide = self._credentials.secrets().hide
        self._idle: list[HTTPConnection] = []
        weakref.finalize(self, _close_all, self._idle)

    def send(
        self, request: Request, *, repeatable: bool = True, allowed: Collection[int] = ()
    ) -> Reply:
        """Send a request and return what was answered with success, or with an `allowed` status.

        Only a `repeatable` one is sent again when it may have been carried out already. Raises
        LimitError when it takes too long or the answer is too large, UncertainError when it is not
        known whether the server did it, EndpointError for all else that can go wrong.
        """
        exchange = Exchange(request)

        def work() -> Reply:
            reply = self._insist(exchange, repeatable)
            return reply if reply.status in allowed else self._judged(reply)

        try:
            return within_time(work, _NAME)
        except LimitError:
            exchange.give_up()
            raise

    def _insist(self, exchange: Exchange, repeatable: bool) -> Reply:
        for wait in (*self._retries.waits, None):
            reused = bool(self._idle)
            try:
                reply = self._follow(exchange)
            except (ConnectionError, IncompleteRead) as error:
                if isinstance(error, ConnectionRefusedError):
                    raise EndpointError(
                        f"{_NAME} {self._host} refuses the connection.",
                        "Does the server run, and at this port?",
                    ) from error
                if wait is None or not repeatable:
                    raise UncertainError(
                        f"The connection to the endpoint {self._host} broke off."
                    ) from error
                if not reused:  # otherwise the server only closed an idle connection
                    self._pause(exchange, wait)
                _close_all(self._idle)
                continue
            except HTTPException as error:
                raise EndpointError(
                    f"{_NAME} {self._host} answers with something that cannot be read as HTTP.",
                    "Look at the URL and its port.",
                ) from error
            except TimeoutError as error:
                raise LimitError(f"{_NAME} {self._host} does not answer in time.") from error
            except (OSError, UnicodeError) as error:
                reason = getattr(error, "strerror", None) or error
                raise EndpointError(f"{_NAME} {self._host} cannot be reached: {reason}.") from error
            again = reply.status in _BUSY if repeatable else reply.status == 429
            if again and wait is not None:
                self._pause(exchange, self._asked_wait(reply, wait))
                continue
            return reply
        raise AssertionError("the last try returns or raises")

    def _pause(self, exchange: Exchange, seconds: float) -> None:
        """Wait before the next try; there is none once the caller has stopped waiting."""
        if self._retries.pause(exchange.over, seconds):
            raise EndpointError("The request was given up.")

    @property
    def _host(self) -> str:
        return self._origin.netloc

    def _follow(self, exchange: Exchange) -> Reply:
        """Handle a challenge to authenticate, and a redirect within the host."""
        url, asked = exchange.request.url, 0
        hops = 0
        while True:
            reply, challenges = self._send_once(url, exchange)
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

    def _send_once(self, url: str, exchange: Exchange) -> tuple[Reply, list[str]]:
        parts, request = urlsplit(url), exchange.request
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        headers = {**request.headers, "Accept-Encoding": "gzip"}
        if authorization := self._credentials.header(request.method, target):
            headers["Authorization"] = authorization
        try:
            connection = self._idle.pop()
        except IndexError:
            kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
            connection = kind(parts.hostname or "", parts.port)
        exchange.connections.append(connection)
        try:
            left = remaining()
            connection.timeout = left or None
            if connection.sock:
                connection.sock.settimeout(left or None)
            with suppress(BrokenPipeError, ConnectionResetError):
                # A server that closes early may have said why before.
                connection.request(request.method, target, request.body, headers)
            with connection.getresponse() as response:
                names = {name.lower(): value for name, value in response.getheaders()}
                challenges = response.headers.get_all("WWW-Authenticate") or []
                reply = Reply(response.status, names, read_body(response))
                whole = response.isclosed() and not response.will_close
        except BaseException:
            connection.close()
            raise
        finally:
            exchange.connections.remove(connection)
        if whole and (parts.scheme, parts.port) == _way(self._origin):
            self._idle.append(connection)
        else:
            connection.close()
        return reply, challenges

    def _judged(self, reply: Reply) -> Reply:
        """Return a reply that is a success, else raise what it means in one sentence."""
        if 200 <= reply.status < 300 and reply.status != 206:
            return reply
        words = reply.words(self.hide)
        reason = f": {words}" if words else "."
        match reply.status:
            case 206:
                raise LimitError(f"{_NAME} gave only a part of its answer.")
            case 401 | 403:
                who = "your user or token" if self._credentials else "anonymous users"
                raise EndpointError(
                    f"{_NAME} {self._host} does not allow this to {who} ({reply.status}){reason}",
                    "Set $CJPH_ENDPOINT_TOKEN, or $CJPH_ENDPOINT_USER and"
                    " $CJPH_ENDPOINT_PASSWORD, or write them in .netrc.",
                )
            case 404 | 405 | 410:
                raise EndpointError(
                    f"There is no such service at {self._host} ({reply.status}){reason}",
                    "Look at the URL.",
                )
            case 408 | 504:
                raise LimitError(f"{_NAME} took longer than it allows itself{reason}")
            case 429:
                raise EndpointError(
                    f"{_NAME} {self._host} is too busy (429){reason}", "Try again later."
                )
            case 502 | 503:
                raise UncertainError(
                    f"{_NAME} {self._host} is too busy ({reply.status}){reason}",
                    "Try again later.",
                )
            case _:
                raise QueryError(f"{_NAME} answered with the error {reply.status}{reason}")

    def _asked_wait(self, reply: Reply, usual: float) -> float:
        """Return how many seconds to wait for a server that is busy."""
        said = reply.headers.get("retry-after", "")
        wait = usual
        if re.fullmatch(r"[0-9]{1,6}", said):
            wait = float(said)
        elif said:
            with suppress(ValueError, OverflowError):
                wait = max(0.0, parsedate_to_datetime(said).timestamp() - self._retries.now())
        left = remaining()
        if wait > self._retries.longest or (left is not None and wait > left):
            words = reply.words(self.hide)
            raise EndpointError(
                f"{_NAME} is busy and asks to be left alone for {wait:.0f} seconds"
                + (f": {words}" if words else "."),
                "Try again after that.",
            )
        return wait


def _close_all(connections: list[HTTPConnection]) -> None:
    while connections:
        connections.pop().close()


def _way(parts: SplitResult) -> tuple[str, int | None]:
    return parts.scheme, parts.port
