"""Two engines for one question: which one answers, and what becomes of the other."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from cjph_graph.errors import InputError, LimitError
from cjph_graph.sparql.engine import Rows, Triples
from cjph_graph.sparql.standby import Standby
from cjph_graph.system.limits import Reason, Watch, limits, max_size

_QUESTION = "SELECT * {}"


class Fake:
    """An engine that answers with its name, once `ready`, or fails."""

    def __init__(self, name: str, error: Exception | None = None, *, ready: bool = True) -> None:
        self.name = name
        self.error = error
        self.ready = threading.Event()
        self.asked = 0
        if ready:
            self.ready.set()

    def select(self, text: str) -> Rows:
        """Answer with the name, as the one variable."""
        self.asked += 1
        assert self.ready.wait(10)
        if self.error:
            raise self.error
        return Rows((self.name,), ())

    scan = select

    def ask(self, text: str) -> bool:
        """Answer yes."""
        return bool(self.select(text).variables)

    def construct(self, text: str) -> Triples:
        """Answer with nothing."""
        self.select(text)
        return Triples(())


@pytest.fixture
def broken() -> list[str]:
    return []


@pytest.fixture
def pair(broken: list[str]) -> Callable[[Fake, Fake, float | None], Standby]:
    def make(first: Fake, other: Fake, patience: float | None) -> Standby:
        return Standby(
            first, lambda: other, patience=patience, broken=lambda: broken.append("broken")
        )

    return make


Pair = Callable[[Fake, Fake, float | None], Standby]


def _failure(cause: BaseException) -> InputError:
    error = InputError("It fails.")
    error.__cause__ = cause
    return error


@contextmanager
def _released(*engines: Fake) -> Iterator[None]:
    try:
        yield
    finally:
        for engine in engines:
            engine.ready.set()


def test_the_first_answers_alone_when_it_is_quick(pair: Pair, broken: list[str]) -> None:
    first, other = Fake("first"), Fake("other")
    engine = pair(first, other, 10)
    assert engine.select(_QUESTION).variables == ("first",)
    assert engine.scan(_QUESTION).variables == ("first",)
    assert engine.ask(_QUESTION)
    assert len(engine.construct(_QUESTION)) == 0
    assert (first.asked, other.asked, broken) == (4, 0, [])


def test_the_other_answers_when_the_first_is_slow_and_from_then_on(pair: Pair) -> None:
    first, other = Fake("first", ready=False), Fake("other")
    engine = pair(first, other, 0.05)
    with _released(first):
        assert engine.select(_QUESTION).variables == ("other",)
        assert engine.select(_QUESTION).variables == ("other",)
        assert first.asked == 1


def test_the_first_may_still_be_quicker(pair: Pair) -> None:
    first, other = Fake("first", ready=False), Fake("other", ready=False)
    with _released(first, other):
        threading.Timer(0.3, first.ready.set).start()
        assert pair(first, other, 0.05).select(_QUESTION).variables == ("first",)
        assert other.asked == 1


def test_without_patience_the_first_has_all_the_time(pair: Pair) -> None:
    first, other = Fake("first", ready=False), Fake("other")
    with _released(first):
        threading.Timer(0.3, first.ready.set).start()
        assert pair(first, other, None).select(_QUESTION).variables == ("first",)
        assert other.asked == 0


@pytest.mark.parametrize("cause", [OSError("gone"), RuntimeError("sum"), BaseException("panic")])
def test_the_other_answers_when_the_first_is_broken(
    pair: Pair, broken: list[str], cause: BaseException
) -> None:
    engine = pair(Fake("first", _failure(cause)), Fake("other"), None)
    assert engine.select(_QUESTION).variables == ("other",)
    assert broken == ["broken"]


def test_the_other_answers_when_the_first_breaks_late(pair: Pair, broken: list[str]) -> None:
    first = Fake("first", _failure(OSError("gone")), ready=False)
    other = Fake("other", ready=False)
    with _released(first, other):
        threading.Timer(0.2, first.ready.set).start()
        threading.Timer(0.5, other.ready.set).start()
        assert pair(first, other, 0.05).select(_QUESTION).variables == ("other",)
        assert broken == ["broken"]


def test_a_wrong_question_is_asked_once(pair: Pair, broken: list[str]) -> None:
    other = Fake("other")
    with pytest.raises(InputError, match="no question"):
        pair(Fake("first", InputError("This is no question.")), other, None).ask(_QUESTION)
    assert (other.asked, broken) == (0, [])


def test_when_the_other_fails_the_first_goes_on(pair: Pair) -> None:
    first = Fake("first", ready=False)
    with _released(first):
        threading.Timer(0.3, first.ready.set).start()
        engine = pair(first, Fake("other", LimitError("Too much.")), 0.05)
        assert engine.select(_QUESTION).variables == ("first",)


def test_when_both_fail_it_is_said(pair: Pair) -> None:
    engine = pair(Fake("first", _failure(OSError())), Fake("other", LimitError("Both.")), None)
    with pytest.raises(LimitError, match="Both"):
        engine.select(_QUESTION)


@pytest.mark.parametrize("patience", [None, 0.05])
def test_both_keep_the_time(pair: Pair, patience: float | None) -> None:
    first, other = Fake("first", ready=False), Fake("other", ready=False)
    with _released(first, other), limits(timeout=0.2), pytest.raises(LimitError, match="longer"):
        pair(first, other, patience).select(_QUESTION)


def test_both_know_the_size() -> None:
    seen: list[int] = []

    class Sized(Fake):
        def select(self, text: str) -> Rows:
            seen.append(max_size())
            return super().select(text)

    first, other = Sized("first", _failure(OSError())), Sized("other")
    with limits(max_size=123):
        Standby(first, lambda: other, patience=None, broken=lambda: None).select(_QUESTION)
    assert seen == [123, 123]


def test_how_much_memory_is_left_is_known_under_a_watch() -> None:
    assert Watch.room() is None
    ended: list[Reason] = []
    with Watch(ended.append, memory=10**12):
        room = Watch.room()
    assert room is not None
    assert 10**11 < room <= 10**12
    assert not ended
