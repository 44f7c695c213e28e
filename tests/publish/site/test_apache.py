"""The `.htaccess` of a site in a real Apache: content negotiation, and permanent addresses."""

import http.client
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.readers import program
from support.saved import HOME

from cjph_graph.publish.publication import Publication
from cjph_graph.publish.site import Site

pytestmark = [pytest.mark.slow, pytest.mark.readers]

_MODULES = Path("/usr/lib/apache2/modules")
_NAMES = ("mpm_event", "authz_core", "dir", "mime", "negotiation", "headers", "rewrite", "alias")
_SLUG = "interventions/cahoots-eugene"


@pytest.fixture(scope="module")
def apache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Serve a few files of the site at a port, with its `.htaccess`."""
    folder = tmp_path_factory.mktemp("apache")
    site = Site(Publication(HOME, base="https://example.org/site/"))
    for path in (*(f"{_SLUG}.{e}" for e in ("html", "ttl", "jsonld", "json")), "index.html"):
        target = folder / "site" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(site.render(path) or b"")
    (folder / "site" / ".htaccess").write_bytes(site.render(".htaccess") or b"")
    (folder / "w3id").mkdir()
    (folder / "w3id" / ".htaccess").write_bytes(site.render("w3id/.htaccess") or b"")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    modules = "".join(
        f"LoadModule {name}_module {_MODULES}/mod_{name}.so\n"
        for name in _NAMES
        if (_MODULES / f"mod_{name}.so").exists()
    )
    config = folder / "apache.conf"
    config.write_text(
        f"""ServerRoot "{folder}"
ServerName localhost
Listen 127.0.0.1:{port}
PidFile "{folder}/apache.pid"
ErrorLog "{folder}/error.log"
Mutex file:{folder}
{modules}TypesConfig /dev/null
DocumentRoot "{folder}/site"
Alias /cjph "{folder}/w3id"
<Directory "{folder}">
  AllowOverride All
  Require all granted
</Directory>
"""
    )
    server = subprocess.Popen([program("apache2"), "-f", str(config), "-DFOREGROUND"])
    try:
        _wait(port, server, folder / "error.log")
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(100):
        assert server.poll() is None, log.read_text() if log.exists() else "no log"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("Apache does not answer.")


def _get(port: int, path: str, accept: str) -> tuple[int, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Accept": accept})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}


_BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "type_"),
    [
        (_BROWSER, "text/html"),
        ("*/*", "text/html"),
        ("text/turtle", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
        ("application/json", "application/json"),
        ("text/turtle;q=0.5, application/ld+json;q=0.9", "application/ld+json"),
        ("application/rdf+xml, text/turtle;q=0.9, */*;q=0.1", "text/turtle"),
    ],
)
def test_a_thing_comes_as_it_is_asked_for(apache: int, accept: str, type_: str) -> None:
    status, headers = _get(apache, f"/{_SLUG}", accept)
    assert status == 200
    assert headers["content-type"].partition(";")[0] == type_
    assert "accept" in headers["vary"].lower()


def test_what_there_is_no_form_of_is_not_given(apache: int) -> None:
    assert _get(apache, f"/{_SLUG}", "image/png")[0] == 406


@pytest.mark.parametrize(
    ("accept", "ending"),
    [
        (_BROWSER, "html"),
        ("text/turtle", "ttl"),
        ("application/ld+json", "jsonld"),
        ("*/*", "html"),
    ],
)
def test_a_permanent_address_leads_to_the_site(apache: int, accept: str, ending: str) -> None:
    status, headers = _get(apache, f"/cjph/{_SLUG}", accept)
    assert status == 303
    assert headers["location"] == f"https://example.org/site/{_SLUG}.{ending}"


def test_other_addresses_lead_there_too(apache: int) -> None:
    assert _get(apache, "/cjph/", "*/*")[1]["location"] == "https://example.org/site/"
    found = _get(apache, "/cjph/ontology", "text/html")[1]["location"]
    assert found == "https://example.org/site/ontology/index.html"
    found = _get(apache, "/cjph/ontology", "text/turtle")[1]["location"]
    assert found == "https://example.org/site/ontology/cjph.ttl"
