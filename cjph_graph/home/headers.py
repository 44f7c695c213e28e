"""The headers of saved queries and checks: comment lines at the top of a SPARQL file.

A header line is `#+ key: value`. A line `#+ …` without a key goes on with the value before it.
"""

import re
from collections.abc import Collection
from typing import NamedTuple

from cjph_graph.errors import InputError


class HeaderLine(NamedTuple):
    """A key with its value, continued lines joined by spaces, and the number of its first line."""

    number: int
    key: str
    value: str

    def put_into(self, said: dict[str, str], known: Collection[str], name: str) -> None:
        """Note what the line says; raise InputError when its key is not known, or was there."""
        if self.key not in known or self.key in said:
            raise InputError(
                f"{name}, line {self.number}: {self.key!r} does not belong here.",
                f"Each of these may stand here once: {', '.join(known)}.",
            )
        said[self.key] = self.value


def read_header(text: str, name: str) -> list[HeaderLine]:
    """Return the header of a query; `name` is what messages call it.

    Raises InputError when a header begins with a line that has no key.
    """
    found: list[HeaderLine] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#+"):
            continue
        body = line[2:].strip()
        if match := re.match(r"([a-z]+):(?:\s+|$)", body):
            found.append(HeaderLine(number, match[1], body[match.end() :]))
        elif found:
            last = found[-1]
            found[-1] = last._replace(value=f"{last.value} {body}".strip())
        else:
            raise InputError(f"{name}, line {number}: a header line is `#+ key: value`.")
    return found
