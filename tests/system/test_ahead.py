"""Things that are got while others are used."""

import threading
from collections.abc import Iterator
from contextvars import ContextVar

import pytest

from cjph_graph.system import ahead

FEW, MANY = 3, 1000


@pytest.mark.parametrize("number", [0, 1, FEW, 4, 12, 13, 64, 128, MANY])
def test_all_come_in_order(number: int) -> None:
    assert [*ahead(range(number))] == [*range(number)]


def failing_at(place: int) -> Iterator[int]:
    yield from range(place)
    raise OSError("unreadable")


@pytest.mark.parametrize("place", [0, FEW, 4, 12, 13, 64, 128, MANY])
def test_an_error_comes_behind_what_was_got_before_it(place: int) -> None:
    got: list[int] = []
    with pytest.raises(OSError, match="unreadable"):
        got.extend(ahead(failing_at(place)))
    assert got == [*range(place)]


def test_what_is_got_is_got_in_a_thread_that_knows_the_context() -> None:
    limit = ContextVar("limit", default=0)
    limit.set(FEW)
    seen = {*ahead((limit.get(), threading.current_thread()) for _ in range(MANY))}
    assert {value for value, _ in seen} == {FEW}
    assert threading.current_thread() not in {thread for _, thread in seen}


def test_no_more_is_got_than_is_soon_used_and_no_thread_is_left() -> None:
    taken = []
    threads = threading.active_count()
    items = ahead(taken.append(number) or number for number in range(MANY))  # type: ignore[func-returns-value]
    assert [next(items) for _ in range(FEW)] == [0, 1, 2]
    while threading.active_count() > threads:
        pass
    items.close()  # type: ignore[attr-defined]
    assert FEW < len(taken) < MANY // 2
