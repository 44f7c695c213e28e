"""Text in columns, safe and fit for a terminal."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence

_TERMINAL_ESCAPE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_].*?(?:\x1b\\|\x07|$)|\x1b.|\x9b[0-?]*[ -/]*[@-~]",
    re.DOTALL,
)
# Joiners make part of words and of emoji; other invisible characters only deceive.
_JOINERS = "\u200c\u200d"
_WHOLE = re.compile(r"`[^`]*`\S*|\S+")
_GAP = "  "
_NARROWEST = 8
_MOST_LINES = 6
_LONGEST_WORD = 40
_WORDS, _PARTS = re.compile(r"\S+"), re.compile(r"[^\s-]+-?")


def aligned(
    header: Sequence[str], rows: Sequence[Sequence[str]], width: int, *, right: Collection[int] = ()
) -> str:
    """Return rows of text as aligned columns no wider than `width`; `right` aligns to the right.

    Long cells are wrapped, very long ones end in `…`; with more columns than fit side by side,
    each row is written as lines of `name  value`, empty ones left out.
    """
    cleaned = [[clean(cell) for cell in row] for row in rows]
    widths = _column_widths([list(header), *cleaned], width)
    if widths is None:
        return _records(header, cleaned, width)
    lines = [*_table_row(header, widths, right), _GAP.join("-" * size for size in widths)]
    for row in cleaned:
        lines += _table_row(row, widths, right)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def clean(text: str) -> str:
    """Return text that is safe on a terminal: one line, no escapes, no direction overrides."""
    if text.isascii() and text.isprintable():
        return text
    text = _TERMINAL_ESCAPE.sub("", text)
    return "".join(
        " " if char.isspace() else char
        for char in text
        if char.isspace() or char in _JOINERS or unicodedata.category(char) not in ("Cc", "Cf")
    )


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: `1 row`, `1,200 rows`."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


def shorten(text: str, size: int) -> str:
    """Return text that takes at most `size` columns, with `…` where something was left out."""
    return text if measure(text) <= size else _cut(text, size - 1) + "…"


def _column_widths(rows: Sequence[Sequence[str]], width: int) -> list[int] | None:
    """Return widths that fit side by side, taken from the widest columns; None if they cannot.

    Words stay whole if there is room for it, else parts of hyphenated words; only very long ones,
    such as addresses, are cut anywhere.
    """
    columns = list(zip(*rows, strict=True))
    room = width - len(_GAP) * (len(columns) - 1)
    if sum(_least([cell], _PARTS) for cell in rows[0]) > room:
        return None  # not even the names of the columns fit
    wanted = [max(1, *(measure(cell) for cell in column)) for column in columns]
    for part in (_WORDS, _PARTS):
        least = [_least(column, part) for column in columns]
        if sum(least) <= room:
            return _shrunk(wanted, least, room)
    return None


def _least(cells: Iterable[str], part: re.Pattern[str]) -> int:
    """Return how narrow a column may be if no part of its words is broken."""
    longest = max((measure(w) for cell in cells for w in part.findall(cell)), default=1)
    return min(longest, _LONGEST_WORD)


def _shrunk(widths: list[int], least: Sequence[int], room: int) -> list[int]:
    """Take from the widest column that may give until all fit."""
    while (excess := sum(widths) - room) > 0:
        giving = [index for index, size in enumerate(widths) if size > least[index]]
        widest = max(giving, key=lambda index: widths[index])
        others = [widths[index] for index in giving if index != widest]
        step = max(1, widths[widest] - max(others, default=0))
        widths[widest] -= min(step, excess, widths[widest] - least[widest])
    return widths


def _table_row(cells: Sequence[str], widths: Sequence[int], right: Collection[int]) -> list[str]:
    columns = [wrap(cell, size, _MOST_LINES) for cell, size in zip(cells, widths, strict=True)]
    return [
        _GAP.join(
            _padded(lines[number] if number < len(lines) else "", size, right=index in right)
            for index, (lines, size) in enumerate(zip(columns, widths, strict=True))
        )
        for number in range(max(map(len, columns)))
    ]


def _records(header: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> str:
    name_width = max(map(measure, header))
    room = max(_NARROWEST, width - name_width - len(_GAP))
    blocks = []
    for row in rows:
        lines = []
        given = [pair for pair in zip(header, row, strict=True) if pair[1]]
        for name, cell in given:
            for number, line in enumerate(wrap(cell, room, _MOST_LINES)):
                label = _padded("" if number else name, name_width)
                lines.append(f"{label}{_GAP}{line}".rstrip() + "\n")
        blocks.append("".join(lines))
    return "\n".join(blocks)


def wrap(text: str, size: int, most: int | None = None, *, whole: bool = False) -> list[str]:
    """Break text into lines, between words where that is possible, else after hyphens.

    With `most` no more lines than that, the last ending in `…` where something was left out. With
    `whole` an address, a path or what stands in backticks is not broken, however long it is, so
    that it can be copied.
    """
    lines, line = [], ""
    for word in _WHOLE.findall(text) if whole else text.split():
        if line and measure(line) + 1 + measure(word) <= size:
            line = f"{line} {word}"
            continue
        if line:
            lines.append(line)
        while measure(word) > size and not (whole and re.search("[/`]", word)):
            head = _cut(word, size)
            # A hyphen is a better place to break than a letter.
            head = head[: head.rfind("-") + 1] or head
            lines.append(head)
            word = word[len(head) :]
        line = word
    lines.append(line)
    if most is not None and len(lines) > most:
        lines = lines[:most]
        lines[-1] = _cut(lines[-1], size - 1) + "…"
    return lines


def _cut(text: str, size: int) -> str:
    """Return the longest beginning that fits, at least one character."""
    taken = 0
    for index, char in enumerate(text):
        taken += measure(char)
        if taken > size:
            return text[: max(1, index)]
    return text


def _padded(text: str, size: int, *, right: bool = False) -> str:
    space = " " * (size - measure(text))
    return space + text if right else text + space


def measure(text: str) -> int:
    """Return how many columns of a terminal text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.category(char) in ("Mn", "Me", "Cf")
        else 2
        if unicodedata.east_asian_width(char) in "WF"
        else 1
        for char in text
    )
