"""Somebody who does to the letter what a message says, and knows nothing else."""

import re
from collections.abc import Iterable
from typing import Protocol

_END = r"(?=\.(?: [A-Z]|$)|, and (?:write|delete))"
_STEP = re.compile(
    r"[Ww]rite at the top: (?P<top>@prefix \S+ <\S+> \.)"
    r"|[Ww]rite (?P<new>\S(?:.*?\S)??) (?P<where>instead of|behind|before) (?P<old>“.*?”|the space)"
    rf"(?:, (?P<times>\d+) times)?{_END}"
    rf"|[Dd]elete (?P<gone>“.*?”|the space)(?:, (?P<all>\d+) times)?{_END}"
    r"|(?P<invisible>write an ordinary space instead)",
)


# What a hint of a shape says: another value for the one that stands there.
_VALUE = re.compile(
    r"Did you mean (?P<meant>\S+)\?$"
    r"|Write (?P<value>\"(?:[^\"\\]|\\.)*\"\S*|\S+?)(?:(?:, | if ).*)?\.(?: |$)"
)
_WRITTEN = re.compile(r'"(?:[^"\\]|\\.)*"(?:@[\w-]+|\^\^[^\s;,]+)?|<[^>]*>|[^\s;,]+')


_THOUSANDS = re.compile(r"If it is one number, write (?P<whole>\d+), without a comma\.")


# What a message of a shape says where there is no hint.
_TAG = re.compile(r"the tag (?P<old>@[\w-]+), .*Write (?P<new>@[\w-]+) ")


class Told(Protocol):
    """What is said of a place in a file."""

    line: int | None
    column: int | None
    message: str
    hint: str | None


def obey(text: str, told: Iterable[Told]) -> str:
    """Return a text after doing what is said, from its end to its beginning."""
    places = sorted(told, key=lambda one: (one.line or 0, one.column or 0), reverse=True)
    tops: dict[str, None] = {}
    done: set[tuple[int | None, int | None]] = set()
    for one in places:
        at = _offset(text, one.line or 1, one.column or 1)
        steps = [*_STEP.finditer(one.hint or "")]
        if not steps and (one.line, one.column) not in done:
            text = _with_value(text, at, one.hint or "")
            if tag := _TAG.search(one.message):
                text = text[:at] + text[at:].replace(tag["old"], tag["new"], 1)
        if steps:
            done.add((one.line, one.column))
        for step in steps:
            if step["top"]:
                tops[step["top"]] = None
            elif step["invisible"]:
                text = text.replace(text[at], " ")
            else:
                for _ in range(int(step["times"] or step["all"] or 1)):
                    text, at = _done(text, at, step)
    return "".join(f"{line}\n" for line in tops) + text


def _with_value(text: str, at: int, hint: str) -> str:
    """Return a text with the value that a hint names in the place of what stands there."""
    if number := _THOUSANDS.search(hint):
        line = text.rfind("\n", 0, at) + 1
        return text[:line] + re.sub(r"\d{1,3},\d{3}", number["whole"], text[line:], count=1)
    named, written = _VALUE.search(hint), _WRITTEN.match(text, at)
    if not named or not written:
        return text
    return text[:at] + (named["meant"] or named["value"]) + text[written.end() :]


def _done(text: str, at: int, step: re.Match[str]) -> tuple[str, int]:
    """Do one thing at a place or behind it; return the text, and the place for the next thing."""
    if "the space" in (step["gone"], step["old"]):
        space = re.compile(r"\s").search(text, at)
        assert space
        new = step["new"] or ""
        return text[: space.start()] + new + text[space.end() :], space.start() + len(new)
    old = (step["gone"] or step["old"])[1:-1]
    start, end = _find(text, at, old, before=step["where"] == "behind")
    if step["gone"]:
        return text[:start] + text[end:], start
    new = step["new"]
    match step["where"]:
        case "instead of":
            return text[:start] + new + text[end:], start + len(new)
        case "behind":
            gap = " " if new in ";,.)]" else ""
            return f"{text[:end]}{gap}{new}{text[end:]}", end + len(new)
        case _:
            return text[:start] + new + text[start:], start + len(new)


def _find(text: str, at: int, old: str, *, before: bool) -> tuple[int, int]:
    """Return where something stands: before a place if it is there, else next after it."""
    if before and text[:at].endswith(old):
        return at - len(old), at
    if old.endswith("…"):
        # What was too long to be shown ends where the line or the value does.
        start = text.index(old[:-1], at)
        end = re.compile(r"\s*[;,.]?\s*$", re.MULTILINE).search(text, start)
        assert end
        return start, end.start()
    pattern = re.compile(r"\s+".join(map(re.escape, old.split())))
    # What is taken away may begin before the place where something is missing.
    match = pattern.search(text, at) or pattern.search(text, text.rfind("\n", 0, at) + 1)
    assert match, (old, text[at : at + 200])
    return match.span()


def _offset(text: str, line: int, column: int) -> int:
    lines = text.splitlines(keepends=True)
    return sum(map(len, lines[: line - 1])) + column - 1
