"""Work counted, not timed: how many steps of Python a call takes, and how much it holds."""

import gc
import sys
import tracemalloc
from collections.abc import Callable, Iterable
from types import FrameType
from typing import Any


def steps(call: Callable[[], object]) -> int:
    """Return how many bytecodes of the package a call takes; native code counts for nothing."""
    count = 0

    def each(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        if event == "call":
            if "cjph_graph" not in frame.f_code.co_filename:
                return None
            frame.f_trace_opcodes, frame.f_trace_lines = True, False
        count += event == "opcode"
        return each

    before = sys.gettrace()
    sys.settrace(each)
    try:
        call()
    finally:
        sys.settrace(before)
    return count


def grows_evenly(make: Callable[[int], Callable[[], object]], size: int) -> bool:
    """Say whether work grows as what it is done on does, and not as its square.

    `make` returns what does the work on so much. Twice as much more takes twice the steps more,
    four times if they grow with the square.
    """
    make(size)()  # what is imported and worked out once is not counted
    few, more, most = (steps(make(number)) for number in (size, 2 * size, 4 * size))
    return most - more < 2.5 * (more - few)


def peak(pieces: Callable[[], Iterable[bytes]]) -> tuple[int, int]:
    """Return how many bytes are held at most while pieces are made, and how many these have."""
    gc.collect()
    tracemalloc.start()
    try:
        size = sum(map(len, pieces()))
        return tracemalloc.get_traced_memory()[1], size
    finally:
        tracemalloc.stop()
