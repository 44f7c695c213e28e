"""HTTP to a server that is slow, busy, broken, endless or elsewhere."""

import gzip
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from support.serving import YES, Answer, Asked, alone, serving

from cjph_graph.errors import CjphError, EndpointError, LimitError, UsageError
from cjph_graph.remote.endpoint import EndpointEngine
from cjph_graph.system.limits import limits

_SECRET = "s3cret-and-l0ng"  # noqa: S105


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    alone(monkeypatch, tmp_path)


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        (Answer(status=206), LimitError, "only a part"),
        (Answer(headers={"X-SQL-State": "S1TAT"}), LimitError, "only a part of the answer"),
        (
            Answer(b"no", 403),
            EndpointError,
            r"anonymous users \(403\): no[.]",
        ),
        (Answer(b"no", 401), EndpointError, r"\(401\): no[.]"),
        (Answer(b"no", 404), EndpointError, "no such service"),
        (Answer(b"slow", 504), LimitError, "longer than it allows itself"),
        (
            Answer(
                b"Virtuoso 37000 Error SP030\n\nSPARQL query:\nSELECT",
                400,
                {"Content-Type": "text/plain"},
            ),
            EndpointError,
            "the error 400: Virtuoso 37000 Error SP030[.]$",
        ),
        (
            Answer(
                b"<html><head><title>x</title></head><body>Bad &amp;\n <b>worse</b>\x1b[31m",
                500,
                {"Content-Type": "text/html"},
            ),
            EndpointError,
            "the error 500: Bad & worse \ufffd\\[31m[.]$",
        ),
        (
            Answer(b'{"message": "It broke"}', 500, {"Content-Type": "application/json"}),
            EndpointError,
            "the error 500: It broke[.]$",
        ),
        (
            Answer(b"<head" * 100_000, 500, {"Content-Type": "text/html"}),
            EndpointError,
            "the error 500",
        ),
        (Answer(b"x" * 500_000, 500), EndpointError, f"the error 500: {'x' * 300}…$"),
        (Answer(b"\xff", 418, {"Content-Encoding": "br"}), EndpointError, "not asked for"),
    ],
)
def test_an_error_is_one_sentence(answer: Answer, error: type[CjphError], said: str) -> None:
    with serving(lambda asked: answer) as server, pytest.raises(error, match=said) as caught:
        server.engine().ask("ASK {}")
    assert "\n" not in caught.value.message
    assert len(caught.value.message) < 450


@pytest.mark.parametrize("status", [429, 502, 503])
def test_a_busy_server_is_asked_again(status: int) -> None:
    answers = [Answer(b"", status), Answer(b"", status, {"Retry-After": "0"}), Answer()]
    with serving(lambda asked: answers.pop(0)) as server:
        assert server.engine().ask("ASK {}")
    assert len(server.asked) == 3
    assert server.waits == [0.5, 0.0]


def test_a_busy_server_is_not_asked_for_ever() -> None:
    with (
        serving(lambda asked: Answer(b"later", 503)) as server,
        pytest.raises(EndpointError, match=r"too busy \(503\)"),
    ):
        server.engine().ask("ASK {}")
    assert len(server.asked) == 4
    assert server.waits == [0.5, 1.0, 2.0]


@pytest.mark.parametrize("wait", ["86400", "Fri, 31 Dec 2199 23:59:59 GMT"])
def test_a_long_wait_is_told_and_not_waited(wait: str) -> None:
    busy = Answer(b"", 503, {"Retry-After": wait})
    with (
        serving(lambda asked: busy) as server,
        pytest.raises(EndpointError, match="asks to be left alone for"),
    ):
        server.engine().ask("ASK {}")
    assert len(server.asked) == 1


def _breaking(raw: bytes) -> Answer:
    return Answer(raw=lambda stream: stream.write(raw))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + YES,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(YES, mtime=0)[:-12],
    ],
)
def test_a_broken_connection_is_tried_again(raw: bytes) -> None:
    answers = [_breaking(raw), Answer()]
    with serving(lambda asked: answers.pop(0)) as server:
        assert server.engine().ask("ASK {}")
    with (
        serving(lambda asked: _breaking(raw)) as server,
        pytest.raises(EndpointError, match="broke off"),
    ):
        server.engine().ask("ASK {}")
    assert len(server.asked) == 4


_LINES = b"".join(b"X-%d: y\r\n" % n for n in range(300))


@pytest.mark.parametrize(
    "raw",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        YES,
        b"HTTP/1.1 200 OK\r\n" + _LINES + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX-Big: " + b"y" * 100_000 + b"\r\n\r\n",
    ],
)
def test_what_is_not_http_is_told_at_once(raw: bytes) -> None:
    with (
        serving(lambda asked: _breaking(raw)) as server,
        pytest.raises(EndpointError, match="cannot be read as HTTP"),
    ):
        server.engine().ask("ASK {}")
    assert len(server.asked) == 1
    assert server.waits == []


def test_nobody_there() -> None:
    with serving(lambda asked: Answer()) as server:
        url = server.url
    with pytest.raises(EndpointError, match="refuses the connection"):
        EndpointEngine(url).ask("ASK {}")


def test_connections_are_used_again() -> None:
    with serving(lambda asked: Answer()) as server:
        engine = server.engine()
        for _ in range(5):
            engine.ask("ASK {}")
        assert len(engine._transport._idle) == 1


def _dripping(stream: object) -> None:
    stream.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")  # type: ignore[attr-defined]
    for _ in range(200):
        stream.write(b" ")  # type: ignore[attr-defined]
        time.sleep(0.05)


def _dripping_headers(stream: object) -> None:
    for _ in range(200):
        stream.write(b"H")  # type: ignore[attr-defined]
        time.sleep(0.05)


def _silent(_: object) -> None:
    time.sleep(10)


@pytest.mark.parametrize("raw", [_dripping, _dripping_headers, _silent])
def test_time_is_time_however_slowly_a_server_speaks(raw: Callable[[object], None]) -> None:
    start = time.monotonic()
    with serving(lambda asked: Answer(raw=raw)) as server:
        with limits(timeout=0.1), pytest.raises(LimitError):
            server.engine().ask("ASK {}")
        assert 0.1 < time.monotonic() - start < 5


def _endless(stream: object) -> None:
    stream.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")  # type: ignore[attr-defined]
    while True:
        stream.write(b"x" * 65_536)  # type: ignore[attr-defined]


def _bomb(stream: object) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n\r\n"
    stream.write(head + gzip.compress(b" " * 20_000_000, 1))  # type: ignore[attr-defined]


@pytest.mark.parametrize("raw", [_endless, _bomb])
def test_an_answer_without_end_is_not_read_to_the_end(raw: Callable[[object], None]) -> None:
    with (
        serving(lambda asked: Answer(raw=raw)) as server,
        limits(max_size=1_000_000),
        pytest.raises(LimitError, match="The endpoint's answer is larger than 1 MB"),
    ):
        server.engine().ask("ASK {}")


def test_a_packed_answer_is_unpacked() -> None:
    packed = Answer(gzip.compress(YES), headers={"Content-Encoding": "gzip"})
    with serving(lambda asked: packed) as server:
        assert server.engine().ask("ASK {}")
    assert server.asked[0].headers["accept-encoding"] == "gzip"


def test_a_packed_answer_has_nothing_behind_it() -> None:
    answer = Answer(gzip.compress(YES) + b"rubbish", headers={"Content-Encoding": "gzip"})
    with serving(lambda asked: answer) as server, pytest.raises(EndpointError, match="packed"):
        server.engine().ask("ASK {}")


def test_a_redirect_on_the_same_host_is_followed() -> None:
    def answer(asked: Asked) -> Answer:
        if asked.target.startswith("/sparql"):
            return Answer(b"", 308, {"Location": asked.target.replace("/sparql", "/new")})
        return Answer()

    with serving(answer) as server:
        assert server.engine().ask("ASK {}")
    assert [asked.target.partition("?")[0] for asked in server.asked] == ["/sparql", "/new"]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_to_another_host_is_refused(
    status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CJPH_ENDPOINT_TOKEN", _SECRET)
    with serving(lambda asked: Answer()) as other:
        away = Answer(b"", status, {"Location": other.url.replace("127.0.0.1", "localhost")})
        with serving(lambda asked: away) as server:
            for location in (other.url, other.url.replace("127.0.0.1", "localhost"), "file:///x"):
                away.headers["Location"] = location
                with pytest.raises(EndpointError, match="sends us on to another server"):
                    server.engine().ask("ASK {}")
        assert other.asked == []


def test_a_redirect_in_a_circle_ends() -> None:
    round_and_round = Answer(b"", 307, {"Location": "/sparql"})
    with (
        serving(lambda asked: round_and_round) as server,
        pytest.raises(EndpointError, match="307"),
    ):
        server.engine().ask("ASK {}")
    assert len(server.asked) == 6


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://example.org/sparql", "not encrypted.*\nUse https, or say --insecure"),
        ("http://10.0.0.1/sparql", "not encrypted"),
        ("http://localhost.example.org/", "not encrypted"),
        ("https://user:pass@example.org/", "refused: others could see it"),
        ("https://user@example.org/", "refused"),
        ("ftp://example.org/", "starts with https://"),
        ("example.org/sparql", "starts with https://"),
        ("https:///sparql", "starts with https://"),
        ("https://example.org/ sparql", "no spaces"),
        ("https://example.org/\r\nX: y", "no spaces"),
        ("https://example.org:99999/", "cannot be used"),
        ("https://example.org/#part", "no #"),
        ("", "starts with https://"),
    ],
)
def test_a_url_that_will_not_do(url: str, said: str) -> None:
    with pytest.raises(UsageError, match=f"(?s){said}") as caught:
        EndpointEngine(url)
    assert "pass@" not in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1:1", "127.8.8.8", "localhost:8890", "[::1]:80"])
def test_this_machine_needs_no_encryption(host: str) -> None:
    assert EndpointEngine(f"http://{host}/sparql")
    assert EndpointEngine("http://example.org/", insecure=True)


def test_a_graph_that_is_no_iri() -> None:
    with pytest.raises(UsageError, match="is not an IRI"):
        EndpointEngine("https://example.org/", graph="my graph")
