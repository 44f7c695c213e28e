"""Files that are read while others are used."""

import threading
from collections.abc import Iterator
from contextvars import ContextVar

import pytest

from cjph_graph.system import ahead

# So that one file is a portion, some are, and none is one but all.
SIZES = (0, 1000, 70_000)
FEW, MANY = 3, 300


def files(number: int, size: int) -> Iterator[tuple[int, bytes]]:
    for name in range(number):
        yield name, bytes(size)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("number", [0, 1, FEW, MANY])
def test_all_come_in_order(number: int, size: int) -> None:
    assert [*ahead(files(number, size))] == [*files(number, size)]


def failing_at(place: int, size: int) -> Iterator[tuple[int, bytes]]:
    yield from files(place, size)
    raise OSError("unreadable")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("place", [0, 1, FEW, 66, MANY])
def test_an_error_comes_behind_what_was_read_before_it(place: int, size: int) -> None:
    got: list[tuple[int, bytes]] = []
    with pytest.raises(OSError, match="unreadable"):
        got.extend(ahead(failing_at(place, size)))
    assert got == [*files(place, size)]


def test_files_are_read_in_a_thread_that_knows_the_context() -> None:
    limit = ContextVar("limit", default=0)
    limit.set(FEW)
    found = ahead(
        ((limit.get(), threading.current_thread()), data) for _, data in files(MANY, 1000)
    )
    seen = {name for name, _ in found}
    assert {value for value, _ in seen} == {FEW}
    assert threading.current_thread() not in {thread for _, thread in seen}


def test_no_more_is_read_than_is_soon_used_and_no_thread_is_left() -> None:
    taken = []
    threads = threading.active_count()

    def noted() -> Iterator[tuple[int, bytes]]:
        for name, data in files(MANY, 70_000):
            taken.append(name)
            yield name, data

    found = ahead(noted())
    assert [name for name, _ in (next(found) for _ in range(FEW))] == [0, 1, 2]
    while threading.active_count() > threads:
        pass
    found.close()  # type: ignore[attr-defined]
    assert FEW < len(taken) < MANY // 2
