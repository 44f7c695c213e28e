"""Results on their way out: what waits for its reader, and where."""

import io
from collections.abc import Iterable, Iterator
from typing import cast

import pytest
from support.work import peak

from cjph_graph.cli import output
from cjph_graph.cli.output import Output, hand_over, settled
from cjph_graph.errors import UsageError


def _pieces(many: int) -> Iterator[bytes]:
    return (bytes([65 + number % 26]) * 100_000 for number in range(many))


def _held(many: int) -> int:
    """Return how many bytes are held at most while so many pieces wait and are read."""
    return peak(lambda: cast("Iterable[bytes]", settled(Output(_pieces(many))).data))[0]


def test_a_result_waits_for_its_reader_outside_of_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(output, "_standard_output", lambda: written)
    assert _held(400) < _held(100) + 2_000_000
    hand_over(settled(Output(_pieces(200))))
    assert written.getvalue() == b"".join(_pieces(200))


def test_where_a_result_cannot_wait_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> io.BytesIO:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", full)
    with pytest.raises(UsageError, match="temporary file: No space left") as raised:
        settled(Output(_pieces(100)))
    assert "--output FILE" in str(raised.value.hint)


def test_what_fails_half_way_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing() -> Iterator[bytes]:
        yield from _pieces(100)
        raise UsageError("No more.")

    monkeypatch.setattr(output, "_standard_output", lambda: pytest.fail("something was written"))
    with pytest.raises(UsageError, match="No more"):
        settled(Output(failing()))
