"""Mistakes that people make in Turtle, put into files by a seed."""

import random
import re
from collections.abc import Callable
from typing import NamedTuple


class Mistake(NamedTuple):
    """A kind of mistake, and the line it is in."""

    kind: str
    line: int


# What to look for in a line, and what to write in its place.
_Write = Callable[[random.Random, re.Match[str]], str]
_MONTHS = "January February March April May June July August September October November December"


def _date(rng: random.Random, match: re.Match[str]) -> str:
    year, month, day = [*match[1].split("-"), "", ""][:3]
    if day:
        number, name = int(month), _MONTHS.split()[int(month) - 1]
        return rng.choice(
            [
                match[1],
                f"{year}-{number}-{int(day)}",
                f"{number}/{int(day)}/{year}",
                f"{name} {int(day)}, {year}",
                f"{int(day)} {name} {year}",
                f"{int(day)}.{number}.{year}",
                f"{year}/{month}/{day}",
                f"{match[1]}^^xsd:date",
            ]
        )
    if month:
        name = _MONTHS.split()[int(month) - 1]
        return rng.choice([match[1], f"{name} {year}", f"{month}/{year}", f"{name[:3]}. {year}"])
    return rng.choice([year, f"{year}^^xsd:gYear", f"c. {year}", f"spring {year}"])


def _property(rng: random.Random, match: re.Match[str]) -> str:
    local = match[3]
    words = re.sub(r"(?=[A-Z])", " ", local).lower()
    dropped = rng.randrange(1, len(local) - 1)
    misspelt = match[2] + local[:dropped] + local[dropped + 1 :]
    return match[1] + rng.choice([local, words, match[2] + words, misspelt])


def _slug(rng: random.Random, match: re.Match[str]) -> str:
    return match[1] + rng.choice([match[2], match[2].replace("-", " ").capitalize()])


def _spaced(rng: random.Random, match: re.Match[str]) -> str:
    words = match[3].replace("-", " ")
    return match[1] + match[2] + rng.choice([words, words.title(), words.capitalize()])


def _prefix(rng: random.Random, match: re.Match[str]) -> str:
    prefix = match[2]
    number = rng.randrange(len(prefix) - 1)
    swapped = prefix[:number] + prefix[number + 1] + prefix[number] + prefix[number + 2 :]
    choices = [prefix[:3], f"{prefix}s", prefix[: len(prefix) - 1], prefix.capitalize(), swapped]
    return match[1] + rng.choice([other for other in choices if other != prefix]) + match[3]


def _language(rng: random.Random, match: re.Match[str]) -> str:
    text = match[1]
    return rng.choice(
        [
            f'"{text}@en"',
            f'"{text}"en',
            f'"{text}"@ en',
            f'"{text}" en',
            f'@en "{text}"',
            f'"{text}@en',
        ]
    )


def _curly(rng: random.Random, match: re.Match[str]) -> str:
    text = match[1]
    return rng.choice([f"“{text}”", f'"{text}”', f'“{text}"', f"„{text}“", f"‘{text}’"]) + "@en"


_VALUE = r"([a-z-]+:)"
KINDS: dict[str, tuple[str, _Write]] = {
    "semicolon": (r"(?<=[\w\">]) ;$", lambda rng, match: ""),
    "curly quotes": (r'"([^"\\]+)"@en(?= [;.,])', _curly),
    "property": (r"^( +)(cjph:|dcterms:|skos:|foaf:)([a-zA-Z]{4,})(?= )", _property),
    "unquoted date": (r'"([0-9-]+)"\^\^xsd:[a-zA-Z]+', _date),
    "language": (r'"([^"\\]+)"@en(?= [;.,])', _language),
    "slug": (
        rf"^( +\S+ (?:.* , )?){_VALUE.replace('(', '(?:')}([a-z0-9]+-[a-z0-9-]+)(?= [;,.])",
        _slug,
    ),
    "prefix": (r"^( +\S+ )([a-z]{4,}[a-z-]*)(:[a-z0-9-]+)(?= [;,.])", _prefix),
    "space in a name": (rf"^( +\S+ ){_VALUE}([a-z0-9]+-[a-z0-9-]+)(?= [;,.])", _spaced),
}


def put(
    text: str, rng: random.Random, count: int, kinds: list[str] | None = None
) -> tuple[str, list[Mistake]]:
    """Return a file with some mistakes, in lines and of kinds of their own where possible."""
    lines = text.split("\n")
    order = rng.sample(kinds or [*KINDS], len(kinds or KINDS))
    mistakes: list[Mistake] = []
    for kind in (order * count)[: 6 * len(order)]:
        if len(mistakes) == count:
            break
        pattern, write = KINDS[kind]
        taken = {mistake.line for mistake in mistakes}
        # A mistake in each of two lines that follow each other would be hard to tell apart.
        free = [
            number
            for number, line in enumerate(lines, 1)
            if not {number - 1, number, number + 1} & taken and re.search(pattern, line)
        ]
        if not free:
            continue
        number = rng.choice(free)
        line = lines[number - 1]
        match = rng.choice([*re.finditer(pattern, line)])
        new = line[: match.start()] + write(rng, match) + line[match.end() :]
        if new != line:
            lines[number - 1] = new
            mistakes.append(Mistake(kind, number))
    return "\n".join(lines), mistakes
