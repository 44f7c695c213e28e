"""Secrets that a server repeats: hidden in every form, and before anything is cut off."""

import base64
import html
import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from support.serving import Answer, alone, serving

from cjph_graph.errors import EndpointError
from cjph_graph.remote.redaction import WITHHELD, Secrets

_TOKEN = "tok/en+5f.&a-" + "0123456789abcdef" * 30
_PASSWORD = "p/w+=&x <7>"  # noqa: S105


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    alone(monkeypatch, tmp_path)


def _percent(secret: str) -> str:
    return quote(secret, safe="")


def _numbered(secret: str) -> str:
    return "".join(f"&#{ord(char)};" if not char.isalnum() else char for char in secret)


def _tagged(secret: str) -> str:
    return "<i></i>".join(html.escape(char) for char in secret)


_FORMS: list[Callable[[str], str]] = [
    str,
    _percent,
    lambda secret: _percent(secret).lower(),
    lambda secret: _percent(_percent(secret)),
    html.escape,
    _numbered,
    lambda secret: "".join(f"&#x{ord(char):x};" for char in secret),
    lambda secret: json.dumps(secret)[1:-1].replace("/", "\\/"),
    lambda secret: "".join(f"\\u{ord(char):04X}" for char in secret),
    _tagged,
    lambda secret: "\n".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
    lambda secret: base64.b64encode(secret.encode()).decode(),
    str.upper,
]


@pytest.mark.parametrize("secret", [_TOKEN, _PASSWORD])
@pytest.mark.parametrize("form", _FORMS)
def test_a_secret_is_hidden_in_every_form(form: Callable[[str], str], secret: str) -> None:
    text = Secrets([secret, ""]).hide(f"You said {form(secret)}, did you?")
    assert text in ("You said …, did you?", WITHHELD)


@pytest.mark.parametrize("part", [slice(0, 20), slice(100, 120), slice(-15, None)])
def test_a_part_of_a_long_secret_is_hidden(part: slice) -> None:
    assert Secrets([_TOKEN]).hide(f"Token {_TOKEN[part]}… is unknown") == WITHHELD


@pytest.mark.parametrize("text", ["", "The token is unknown", "a b c < d & e %2 \\u12", "pass"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert Secrets([_TOKEN, _PASSWORD]).hide(text) == text
    assert Secrets(["", ""]).hide(text) == text


_ECHOES: list[Callable[[str], Answer]] = [
    lambda said: Answer(b"x" * 280 + said.encode(), 500, {"Content-Type": "text/plain"}),
    lambda said: Answer(b"x" * 8_000 + said.encode() * 9, 500, {"Content-Type": "text/plain"}),
    lambda said: Answer(_tagged(said).encode(), 500, {"Content-Type": "text/html"}),
    lambda said: Answer(json.dumps({"message": f"No: {said}"}).encode(), 403),
    lambda said: Answer(_percent(said).encode(), 404, {"Content-Type": "text/plain"}),
    lambda said: Answer(said.encode(), 200, {"Content-Type": "text/plain"}),
    lambda said: Answer(b"{}", 200, {"Content-Type": f"text/{_percent(said)}"}),
    lambda said: Answer(json.dumps({"error": said}).encode()),
    lambda said: Answer(json.dumps({"head": {"vars": [said]}, "results": {}}).encode()),
    lambda said: Answer(json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": [
        {"x": {"type": said, "value": ""}}]}}).encode()),
    lambda said: Answer(json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": [
        {"x": {"type": "uri", "value": said}}]}}).encode()),
]  # fmt: skip


@pytest.mark.parametrize("echo", _ECHOES)
def test_no_message_has_what_a_server_repeats(
    echo: Callable[[str], Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CJPH_ENDPOINT_TOKEN", _TOKEN)

    def answer(asked: object) -> Answer:
        return echo(_TOKEN)

    with serving(answer) as server, pytest.raises(EndpointError) as caught:
        server.engine().scan("SELECT ?x { ?x ?p ?o }")
    shown = str(caught.value) + repr(caught.value.__cause__)
    for start in range(len(_TOKEN) - 8):
        assert _TOKEN[start : start + 8] not in shown
