"""The server without fork, as on Windows: programs of their own over a store on disk."""

import os
import signal
import subprocess
from pathlib import Path

import pytest
from support.served import COMMAND, running

pytestmark = [pytest.mark.slow]

_PRODUCT = f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'?s{i} ?p{i} ?o{i} .' for i in range(9))} }}"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    path = tmp_path / "home"
    command = [*COMMAND, "init", str(path), "--namespace", "https://w3id.org/harbour/"]
    subprocess.run(command, check=True, capture_output=True)
    return path


def test_it_serves_without_fork(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    log = tmp_path / "log"
    with running(log, "--spawn", "--reload", home=home) as server:
        assert server.ask("ASK {}").json()["boolean"] is True
        # The store is read and never written to; each worker is a child of the server.
        assert len([*temporary.glob("cjph-*/*/store")]) == 1
        (worker,) = server.children()
        page = server.client.get("/examples/first-example.html", timeout=60)
        assert "First example" in page.text
        assert server.client.post("/sparql", data={"query": "CLEAR ALL"}).status_code == 403
        assert server.ask(_PRODUCT).status_code == 503
        assert server.ask("ASK { ?s ?p ?o }").json()["boolean"] is True
        assert server.client.get("/examples/first-example", timeout=60).status_code == 200
        for child in server.children():
            os.kill(child, signal.SIGKILL)
        assert server.ask("ASK { ?s ?p ?o }").json()["boolean"] is True
        assert worker not in server.children()
        file = home / "data" / "examples" / "first-example.ttl"
        file.write_text(file.read_text().replace("First example", "Second example"))
        server.says("loaded again")
        assert "Second example" in server.client.get("/examples/first-example.html").text
    assert not [*temporary.iterdir()]
    assert "Traceback" not in log.read_text()


def test_a_home_that_cannot_be_read(home: Path, tmp_path: Path) -> None:
    (home / "data" / "examples" / "first-example.ttl").write_text("<a> <b> ")
    done = subprocess.run(
        [*COMMAND, "--home", str(home), "serve", "--port", "0", "--spawn"],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "first-example.ttl" in done.stderr
    assert "Traceback" not in done.stderr
    assert not [*tmp_path.glob("cjph-*")]
