"""Work shared out among copies of the process: in any number, all of it, and nobody left over."""

import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from cjph_graph.errors import LimitError, UsageError
from cjph_graph.system import listening, tell
from cjph_graph.system.workers import begun, processors, shared_out

_ONLY_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="there are no workers elsewhere")


def _square(number: int) -> int:
    return number * number


@pytest.mark.parametrize("processes", [1, 2, 7])
def test_every_job_is_done_once(processes: int) -> None:
    groups = [[partial(_square, n) for n in range(k, k + 3)] for k in range(0, 30, 3)]
    found = list(shared_out(groups, processes=processes))
    assert sorted(found) == [(n, n * n) for n in range(30)]
    assert list(shared_out([], processes=processes)) == []


def test_other_threads_are_no_hindrance() -> None:
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    try:
        assert len([*shared_out([[partial(_square, n)] for n in range(4)], processes=2)]) == 4
    finally:
        over.set()
        thread.join()


@_ONLY_LINUX
def test_a_group_is_done_by_one_process_and_none_stays() -> None:
    before = threading.active_count()
    groups = [[os.getpid] * 4 for _ in range(6)]
    found = dict(shared_out(groups, processes=3))
    numbers = [{found[4 * group + n] for n in range(4)} for group in range(6)]
    assert all(len(each) == 1 for each in numbers)
    assert len(set.union(*numbers)) <= 3
    assert threading.active_count() == before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.parametrize("processes", [1, 2])
def test_what_a_job_raises_is_raised_with_its_hint(processes: int) -> None:
    def refuse() -> int:
        raise UsageError("No.", "Perhaps later.")

    with pytest.raises(UsageError, match=r"No\.\nPerhaps later\."):
        list(shared_out([[refuse], [lambda: 1]], processes=processes))


class _OddError(Exception):
    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"odd {one + two}")


@_ONLY_LINUX
def test_what_cannot_be_sent_is_told_as_text() -> None:
    def fail() -> int:
        raise _OddError(1, 2)

    with pytest.raises(RuntimeError, match="odd 3"):
        list(shared_out([[fail], [lambda: 1]], processes=2))


@_ONLY_LINUX
def test_a_worker_that_is_killed_is_told() -> None:
    own = os.getpid()

    def die() -> int:
        if os.getpid() != own:
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(0.01)
        return 1

    with pytest.raises(LimitError, match="ended from outside"):
        list(shared_out([[die]] * 100, processes=2))


@_ONLY_LINUX
def test_this_process_takes_part_and_has_no_copy_more_than_it_needs() -> None:
    found: dict[int, set[int]] = {}

    def work() -> int:
        time.sleep(0.01)
        return os.getpid()

    for processes in (2, 3):
        done = shared_out([[work]] * 60, processes=processes)
        found[processes] = {process for _, process in done}
    assert {processes: len(each) for processes, each in found.items()} == {2: 2, 3: 3}
    assert all(os.getpid() in each for each in found.values())


@_ONLY_LINUX
def test_where_one_fails_the_others_stop() -> None:
    done: list[int] = []

    def fail() -> int:
        raise UsageError("No.")

    def work() -> int:
        time.sleep(0.01)
        done.append(1)
        return 1

    with pytest.raises(UsageError, match="No"):
        list(shared_out([[fail], *[[work]] * 200], processes=2))
    assert len(done) < 100


def test_a_job_begins_while_others_go_on() -> None:
    told: list[str] = []
    with listening(lambda doing, *_: told.append(doing)), begun(partial(_square, 5)) as result:
        tell("Something else", 1, 1)
        assert result() == 25
    assert told == ["Something else"]
    with pytest.raises(UsageError, match="Stop"), begun(partial(time.sleep, 60)):
        raise UsageError("Stop")


_WORKING = """
import time
from functools import partial
from cjph_graph.system.workers import shared_out
print("on", flush=True)
list(shared_out([[partial(time.sleep, 60)]] * 4, processes=3))
"""


@_ONLY_LINUX
def test_workers_end_with_whom_they_work_for() -> None:
    process = subprocess.Popen([sys.executable, "-c", _WORKING], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "on\n"
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    until = time.monotonic() + 5
    while len(workers := children.read_text().split()) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    assert len(workers) == 2
    process.kill()
    process.wait()
    process.stdout.close()
    while any(map(_is_running, workers)) and time.monotonic() < until:
        time.sleep(0.01)
    assert not any(map(_is_running, workers))


def _is_running(process: str) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_there_is_a_processor() -> None:
    assert processors() >= 1
