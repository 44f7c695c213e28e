"""Asking on a terminal: one line at a time, completed by tab where the system can do that."""

import sys
from collections.abc import Sequence
from contextlib import suppress

from cjph_graph.cli.output import say


class Terminal:
    """Asks on standard error and reads standard input, which may be a file of answers."""

    def tell(self, text: str) -> None:
        """Write a line or more."""
        say(f"{text}\n")

    def ask(self, question: str, choices: Sequence[str]) -> str:
        """Return one line; raise EOFError when there is none."""
        if sys.stdin is None:
            raise EOFError
        question = question if question.endswith(" ") else f"{question} "
        with suppress(ImportError):
            _complete(choices)
        say(question)
        line = input() if sys.stdin.isatty() else sys.stdin.readline()
        if not line and not sys.stdin.isatty():
            raise EOFError
        return line.rstrip("\n")


def _complete(choices: Sequence[str]) -> None:
    """Let the tab key complete one of some words, several of them divided by `;`."""
    import readline  # Windows has none

    def complete(text: str, state: int) -> str | None:
        found = [choice for choice in choices if text.strip().casefold() in choice.casefold()]
        found.sort(key=lambda choice: not choice.startswith(text.strip()))
        return found[state] if state < len(found) else None

    readline.set_completer_delims(";")
    readline.set_completer(complete)
    readline.parse_and_bind("tab: complete")
