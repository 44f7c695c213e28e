"""The server under attack: what it refuses, what it outlives, and whom it goes on to serve."""

import os
import signal
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from support.served import COMMAND, SECONDS, Server, running

pytestmark = [pytest.mark.slow, pytest.mark.checkout]
_PRODUCT = "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
_BOMBS = {
    "a product": f"SELECT (COUNT(*) AS ?n) {_PRODUCT}",
    "a product in order": f"SELECT * {_PRODUCT} ORDER BY ?i ?a ?d",
    "braces": "SELECT * " + "{" * 50_000 + "}" * 50_000,
    "parentheses": "SELECT * { FILTER" + "(" * 100_000 + "1" + ")" * 100_000 + " }",
    "paths": "SELECT (COUNT(*) AS ?n) { ?a (!<urn:x>)* ?b . ?b (!<urn:x>)* ?c }",
    "a regular expression": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f"
    ' FILTER(REGEX(CONCAT(STR(?c), STR(?f)), "(a|aa)+$")) }',
    "a huge text": 'SELECT (REPLACE("' + "a" * 50_000 + '", "a", "' + "b" * 40_000 + '") AS ?x) {}',
    "ten megabytes": "SELECT * { ?s ?p '" + "x" * 10_000_000 + "' }",
}


@pytest.mark.parametrize("name", _BOMBS)
def test_a_bomb_harms_nobody(server: Server, name: str) -> None:
    start = time.monotonic()
    answer = server.ask(_BOMBS[name])
    assert time.monotonic() - start < SECONDS + 2
    assert 400 <= answer.status_code < 500 or answer.status_code == 503, answer.text[:200]
    assert "Traceback" not in answer.text
    assert server.answers() < 0.5


def test_what_is_killed_comes_back(tmp_path: Path) -> None:
    with running(tmp_path / "log") as server:
        keeper = server.keeper()
        with ThreadPoolExecutor(1) as pool:
            late = pool.submit(server.ask, _BOMBS["a product"])
            time.sleep(1)
            for worker in server.workers():
                os.kill(worker, signal.SIGKILL)
            assert late.result().status_code == 503
        assert server.answers() < 2
        for process in (keeper, *server.workers()):
            os.kill(process, signal.SIGKILL)
        until = time.monotonic() + 10
        while keeper in server.children() and time.monotonic() < until:
            time.sleep(0.1)  # on a busy machine it takes a moment until it is gone
        assert server.answers() < 10
        assert server.keeper() != keeper


def test_a_client_that_leaves_frees_its_worker(server: Server) -> None:
    for _ in range(10):
        with pytest.raises(httpx.ReadTimeout):
            server.client.post("/sparql", data={"query": _BOMBS["a product"]}, timeout=0.2)
    until = time.monotonic() + 2
    while busy := [worker for worker in server.workers() if _state(worker) == "R"]:
        assert time.monotonic() < until, busy
        time.sleep(0.05)


def _state(process: int) -> str:
    """Return the letter by which the system tells what a process does; empty if it is gone."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def test_ctrl_c_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    with running(tmp_path / "log", "--timeout", "60") as server:
        keeper = server.keeper()
        assert server.client.get("/citation.bib", timeout=60).status_code == 200
        assert [each.name[:5] for each in temporary.iterdir()] == ["cjph-"]
    _wait_until_gone(keeper)
    assert not [*temporary.iterdir()]
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_ctrl_c_while_it_starts(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen([*COMMAND, "serve", "--port", "0"], stderr=log)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) in (0, -signal.SIGINT)
    assert "Traceback" not in (tmp_path / "log").read_text()


@pytest.mark.parametrize("also_its_keeper", [False, True])
def test_a_server_that_is_killed_takes_its_processes_along(
    tmp_path: Path, also_its_keeper: bool
) -> None:
    command = [*COMMAND, "serve", "--port", "0", "--timeout", "0.5"]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(command, stderr=log)
    server = Server(process, httpx.Client(), tmp_path / "log")
    server.client.base_url = server.says(r"http://\S+", 60)
    try:
        server.answers()
        with suppress(httpx.ReadTimeout):
            # Who leaves has his worker ended; another is idle.
            server.client.post("/sparql", data={"query": _BOMBS["a product"]}, timeout=0.2)
        server.answers()
        keeper, *workers = numbers = [server.keeper(), *server.workers()]
        assert workers
        if also_its_keeper:
            os.kill(keeper, signal.SIGKILL)
    finally:
        process.kill()
        process.wait()
        server.client.close()
    for number in numbers:
        _wait_until_gone(number)


def _wait_until_gone(process: int) -> None:
    until = time.monotonic() + 5
    while _state(process) not in ("", "Z"):
        assert time.monotonic() < until
        time.sleep(0.05)


def test_two_servers_at_once(server: Server, tmp_path: Path) -> None:
    with running(tmp_path / "log") as other:
        assert other.answers() + server.answers() < 5
        port = other.client.base_url.port
        third = subprocess.run(
            [*COMMAND, "serve", "--port", str(port)], capture_output=True, text=True, check=False
        )
    assert third.returncode == 2
    assert f"Port {port} of 127.0.0.1 cannot be used: Address already in use." in third.stderr


_RAW = {
    "a foreign name": ("Host: evil.example", "421"),
    "a name with more in it": ('Host: 127.0.0.1:80"><script>', "421"),
    "two names": ("Host: 127.0.0.1\r\nHost: evil.example", "400"),
    "no name": ("X: y", "400"),
    "a line break in a value": ("Host: 127.0.0.1\r\nAccept: a\rb", "400"),
    "much": ("Host: 127.0.0.1\r\nX: " + "y" * 200_000, "400"),
    "two lengths": ("Host: 127.0.0.1\r\nContent-Length: 1\r\nContent-Length: 2", "400"),
}


@pytest.mark.parametrize("name", _RAW)
def test_heads_that_are_not_as_they_should_be(server: Server, name: str) -> None:
    head, status = _RAW[name]
    with _connected(server) as connection:
        with suppress(OSError):
            connection.sendall(f"GET / HTTP/1.1\r\n{head}\r\n\r\n".encode())
        assert connection.recv(1000).decode().split()[1] == status
    assert server.answers() < 1


def test_who_sends_slowly_is_sent_away(server: Server) -> None:
    many = [_connected(server) for _ in range(100)]
    start = time.monotonic()
    for connection in many[1:]:
        connection.sendall(b"GET / HTTP/1.1\r\n")
    post = "POST /sparql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n"
    many[0].sendall(f"{post}Content-Type: application/sparql-query\r\n\r\nASK".encode())
    assert server.answers() < 1
    said = [_last(connection) for connection in many]
    assert time.monotonic() - start < 40
    assert "408" in said[0]
    assert not any(said[1:])


def _last(connection: socket.socket) -> str:
    with connection:
        connection.settimeout(30)
        try:
            return connection.recv(1000).decode()
        except ConnectionError:
            return ""


def _connected(server: Server) -> socket.socket:
    address = server.client.base_url
    return socket.create_connection((address.host, address.port or 80), timeout=10)
