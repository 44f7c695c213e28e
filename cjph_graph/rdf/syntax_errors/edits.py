"""Edits of a text: applied to read on, and put into words for whoever mends the file.

Both come from the same edits, so the reader goes on with just the text that its advice leads to.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cjph_graph.system.tables import clean, shorten

_WIDEST = 120  # columns of what is quoted
_MOST_WORDS = 8
_LONG = 60  # longer text is not quoted


class Edit(NamedTuple):
    """Text to put in the place of what stands between two offsets."""

    start: int
    end: int
    new: str


@dataclass(frozen=True)
class Mistake:
    """What is wrong at an offset, and the edits that mend it: none where that isn't known.

    `hint` is advice that the edits don't give. `is_turtle` is whether the parser sees nothing wrong
    with it: a prefix that stands for something else, a colon at the end of a name.
    """

    message: str
    at: int
    edits: tuple[Edit, ...] = ()
    hint: str = ""
    is_turtle: bool = False


def brief(words: str) -> str:
    """Return words to quote: on one line, safe and short."""
    return shorten(clean(" ".join(words[:200].split())), 40)


def blanked(text: str, start: int, end: int) -> Edit:
    """Return an edit that removes a piece of text except its spaces and line ends."""
    return Edit(start, end, re.sub(r"[^\r\n]", " ", text[start:end]))


def differing(text: str, start: int, end: int, new: str) -> tuple[Edit, ...]:
    """Return an edit without what stays the same at both ends; none if everything does."""
    old = text[start:end]
    if old == new:
        return ()
    if len(old) > _LONG and old in new:
        before, behind = new.split(old, 1)
        return tuple(e for e in (Edit(start, start, before), Edit(end, end, behind)) if e.new)
    return (Edit(start, end, new),)


def advice(text: str, mistake: Mistake) -> str | None:
    """Return what to do about a mistake, in words."""
    # A declaration ends with a full stop of its own, so it ends the sentence.
    edits = sorted(mistake.edits, key=lambda edit: edit.end == 0)
    steps: Counter[str] = Counter()
    at = mistake.at
    for edit in edits:
        steps[_step(text, edit, at)] += 1
        at = max(at, edit.end)
    sentences = []
    if steps:
        joined = ", and ".join(
            step if count == 1 else f"{step}, {count} times" for step, count in steps.items()
        )
        end = "" if joined.endswith(" .") else "."
        sentences.append(f"{joined[0].upper()}{joined[1:]}{end}")
    return " ".join([*sentences, *filter(None, [mistake.hint])]) or None


def _step(text: str, edit: Edit, at: int) -> str:
    old, new = text[edit.start : edit.end], clean(edit.new.strip())
    if edit.start == edit.end == 0 and edit.new.startswith("@prefix"):
        return f"write at the top: {new}"
    if edit.start == edit.end:
        before = _words_before(text, edit.start, at)
        after = text[edit.start : edit.start + 200].split()
        if before and not _begins(text, edit):
            return f"write {new} behind {_shown(before)}"
        return f"write {new} before {_shown(after[0] if after else '')}"
    if not edit.new.strip():
        return f"delete {_shown(old)}" if old.strip() else "delete the space"
    if not old.strip():
        return f"write {new} instead of the space"
    before = _words_before(text, edit.start, at) if text.find(old, at) < edit.start else ""
    if before and len(old) < _LONG:
        # The same text occurs before it: the word in front makes clear which is meant.
        return f"write {clean(before)}{new} instead of {_shown(before + old)}"
    return f"write {new} instead of {_shown(old)}"


def _words_before(text: str, end: int, at: int) -> str:
    """Return the words before a place, as many as make clear which place behind `at` is meant."""
    words = text[max(0, end - 200) : end].split()
    for count in range(1, _MOST_WORDS):
        tail = " ".join(words[-count:])
        if text.find(tail, at, end) in (-1, end - len(tail)):
            return tail
    return " ".join(words[-_MOST_WORDS:])


def _begins(text: str, edit: Edit) -> bool:
    """Whether inserted text belongs to what follows."""
    follows = edit.start < len(text) and not text[edit.start].isspace()
    return follows and (edit.start == 0 or text[edit.start - 1].isspace())


def _shown(old: str) -> str:
    return f"“{shorten(clean(old.strip()), _WIDEST)}”"


class Mended:
    """A text with edits applied, and where each place in it was in the original text."""

    def __init__(self, text: str, edits: Iterable[Edit]) -> None:
        parts: list[str] = []
        self._new: list[int] = [0]
        self._old: list[int] = [0]
        done = length = 0
        for start, end, new in _apart(edits):
            parts += [text[done:start], new]
            length += start - done + len(new)
            done = end
            self._new.append(length)
            self._old.append(end)
        self.text = "".join([*parts, text[done:]])
        self._length = len(text)

    def original(self, offset: int) -> int:
        """Return where a place in the mended text stands in the original."""
        number = bisect_right(self._new, offset) - 1
        found = self._old[number] + offset - self._new[number]
        if number + 1 < len(self._old):
            found = min(found, self._old[number + 1])
        return min(found, self._length)


def _apart(edits: Iterable[Edit]) -> Sequence[Edit]:
    """Return edits in order, those within a larger one left out."""
    found: list[Edit] = []
    for edit in sorted(edits, key=lambda e: (e.start, e.start == e.end and e.start > 0, -e.end)):
        if found and edit.start < found[-1].end and edit.end > 0:
            continue
        found.append(edit)
    return found
