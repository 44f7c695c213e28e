"""Who is asking: tokens and passwords, sent as they should be and never shown."""

import base64
import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from support.serving import Answer, Asked, alone, serving

from cjph_graph.errors import EndpointError, InputError, UsageError
from cjph_graph.remote.endpoint import EndpointEngine

_SECRET = "s3cret-and-l0ng"  # noqa: S105


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    alone(monkeypatch, tmp_path)


def test_a_token_is_sent_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CJPH_ENDPOINT_TOKEN", _SECRET)

    def answer(asked: Asked) -> Answer:
        return Answer(f"You said {asked.headers['authorization']}".encode(), 403 + 97)

    with serving(answer) as server, pytest.raises(EndpointError) as caught:
        server.engine().ask("ASK {}")
    assert server.asked[0].headers["authorization"] == f"Bearer {_SECRET}"
    assert _SECRET not in str(caught.value) + repr(vars(caught.value))
    assert "You said Bearer …" in str(caught.value)


def _asks(challenge: str, right: Callable[[Asked], bool]) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        if right(asked):
            return Answer()
        return Answer(b"", 401, {"WWW-Authenticate": challenge})

    return answer


def _is_basic(asked: Asked) -> bool:
    pair = base64.b64encode(f"ada:{_SECRET}".encode()).decode()
    return asked.headers.get("authorization") == f"Basic {pair}"


def _digest(algorithm: str, qop: str) -> Callable[[Asked], bool]:
    def hashed(*parts: str) -> str:
        name = {"MD5": "md5", "SHA-256": "sha256"}[algorithm]
        return hashlib.new(name, ":".join(parts).encode()).hexdigest()

    def right(asked: Asked) -> bool:
        said = asked.headers.get("authorization", "")
        if not said.startswith("Digest "):
            return False
        found = re.findall(r'(\w+)=(?:"([^"]*)"|(\w[\w-]*))', said)
        told = {name: quoted or bare for name, quoted, bare in found}
        between = [told["nc"], told["cnonce"], "auth"] if qop else []
        ours = hashed(
            hashed("ada", "R S", _SECRET), "n0", *between, hashed(asked.method, asked.target)
        )
        return told["response"] == ours and told["opaque"] == "o"

    return right


@pytest.mark.parametrize(
    ("challenge", "right"),
    [
        ('Basic realm="R"', _is_basic),
        ('Digest realm="R S", nonce="n0", opaque="o", qop="auth"', _digest("MD5", "auth")),
        ('Digest realm="R S", nonce="n0", opaque="o", algorithm=MD5', _digest("MD5", "")),
        (
            'Basic realm="R", Digest realm="R S", nonce="n0", opaque="o", qop="auth,auth-int",'
            " algorithm=SHA-256",
            _digest("SHA-256", "auth"),
        ),
    ],
)
@pytest.mark.parametrize("netrc", [False, True])
def test_a_password_is_sent_in_the_way_the_server_asks_for(
    challenge: str,
    right: Callable[[Asked], bool],
    netrc: bool,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    if netrc:
        path = tmp_path / "netrc"
        path.write_text(f"machine 127.0.0.1 login ada password {_SECRET}\n")
        path.chmod(0o600)
        monkeypatch.setenv("NETRC", str(path))
    else:
        monkeypatch.setenv("CJPH_ENDPOINT_USER", "ada")
        monkeypatch.setenv("CJPH_ENDPOINT_PASSWORD", _SECRET)
    with serving(_asks(challenge, right)) as server:
        engine = server.engine()
        engine.ask("ASK {}")
        engine.ask("ASK {}")
    # Asked once, it is told at once the next time.
    assert ["authorization" in asked.headers for asked in server.asked] == [False, True, True]
    assert _SECRET not in str(server.asked)


@pytest.mark.parametrize("challenge", ['Basic realm="R"', 'Digest realm="R", nonce="n"'])
def test_a_wrong_password_is_sent_once(challenge: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CJPH_ENDPOINT_USER", "ada")
    monkeypatch.setenv("CJPH_ENDPOINT_PASSWORD", _SECRET)
    with (
        serving(_asks(challenge, lambda asked: False)) as server,
        pytest.raises(EndpointError, match="does not allow this to your user or token"),
    ):
        server.engine().ask("ASK {}")
    assert len(server.asked) == 2


def test_netrc_is_for_the_host_it_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "netrc"
    path.write_text(f"machine example.org login a password b\ndefault login x password {_SECRET}\n")
    path.chmod(0o600)
    monkeypatch.setenv("NETRC", str(path))
    with (
        serving(_asks('Basic realm="R"', lambda asked: False)) as server,
        pytest.raises(EndpointError, match="anonymous users"),
    ):
        server.engine().ask("ASK {}")
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [(f"machine x password {_SECRET} nonsense", "netrc, line 1"), (b"\xff\xff", "netrc")],
)
def test_a_netrc_that_is_none(
    text: str | bytes, said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "netrc"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    monkeypatch.setenv("NETRC", str(path))
    with pytest.raises(InputError, match=said) as caught:
        EndpointEngine("https://example.org/")
    assert _SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"USER": "ada"}, "CJPH_ENDPOINT_PASSWORD is not"),
        ({"PASSWORD": _SECRET}, "CJPH_ENDPOINT_USER is not"),
        ({"TOKEN": f"{_SECRET}\r\nX-Other: 1"}, "may hold only visible ASCII"),
        ({"USER": "a:b", "PASSWORD": _SECRET}, "cannot be sent"),
        ({"USER": "ab", "PASSWORD": f"{_SECRET}\n"}, "cannot be sent"),
    ],
)
def test_settings_that_will_not_do(
    settings: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(f"CJPH_ENDPOINT_{name}", value)
    with pytest.raises(UsageError, match=said) as caught:
        EndpointEngine("https://example.org/")
    assert _SECRET not in str(caught.value)
