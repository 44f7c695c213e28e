"""Files that change while they are served: taken in whole, or not at all."""

import subprocess
import time
from pathlib import Path

import pytest
from support.served import COMMAND, Server, running

pytestmark = [pytest.mark.slow]

_NAME = """SELECT ?name { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?name
  FILTER(?name = "%s"@en) }"""


def _is_named(server: Server, name: str) -> bool:
    answer = server.ask(_NAME % name)
    assert answer.status_code == 200, answer.text
    return bool(answer.json()["results"]["bindings"])


def _wait_until_named(server: Server, name: str) -> None:
    until = time.monotonic() + 20
    while not _is_named(server, name):
        assert time.monotonic() < until
        time.sleep(0.1)


def test_changes_are_taken_in_whole_or_not_at_all(tmp_path: Path) -> None:
    home = tmp_path / "home"
    command = [*COMMAND, "init", str(home), "--namespace", "https://w3id.org/harbour/"]
    subprocess.run(command, check=True, capture_output=True)
    file = home / "data" / "examples" / "first-example.ttl"
    text = file.read_text("utf-8")
    log = tmp_path / "log"
    with running(log, "--reload", home=home) as server:
        page = "/examples/first-example.html"
        assert _is_named(server, "First example")
        tag = server.client.get(page).headers["etag"]
        keeper = server.keeper()
        file.write_text(text.replace("First example", "Second example"), "utf-8")
        _wait_until_named(server, "Second example")
        changed = server.client.get(page, headers={"If-None-Match": tag})
        assert (changed.status_code, "Second example" in changed.text) == (200, True)
        file.write_text(text.replace("First example", 'Third" example'), "utf-8")
        server.says("can't be served; the old ones still are: .*first-example.ttl")
        assert _is_named(server, "Second example")
        assert "Second example" in server.client.get(page).text
        assert "Traceback" not in log.read_text()
        file.write_text(text.replace("First example", "Fourth example"), "utf-8")
        _wait_until_named(server, "Fourth example")
        (home / "data" / "examples" / "other.ttl").write_text(
            text.replace("first-example", "other").replace("First example", "Other example"),
            "utf-8",
        )
        _wait_until_named(server, "Other example")
        assert server.client.get("/examples/other").status_code == 200
        # The keeper of before goes when the last of its work may be over.
        until = time.monotonic() + 20
        while Path(f"/proc/{keeper}").exists():
            assert time.monotonic() < until
            time.sleep(0.1)
