"""`cjph list`: look values up, to write or choose them: slugs and labels."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cjph_graph.cli.options import epilog, format_option, limited, written_to
from cjph_graph.cli.output import Output, terminal_width
from cjph_graph.errors import UsageError
from cjph_graph.home import find_home

if TYPE_CHECKING:
    from cjph_graph.contribute import Entry, HomeContents


@click.command(
    "list",
    epilog=epilog(
        "cjph list",
        "cjph list approach",
        "cjph list places spring",
        "cjph list organisations health --format csv",
    ),
)
@click.argument("name", required=False, metavar="[KIND|VOCABULARY]")
@click.argument("words", nargs=-1, metavar="[WORD]...")
@format_option("table", "csv")
@written_to
@limited(seconds=60, memory=20)
@click.pass_obj
def command(
    folder: Path | None, name: str | None, words: Sequence[str], form: str, output: Path | None
) -> Output:
    """List the things of a kind, or the values of a vocabulary.

    Each has its slug and its label. With words, only those that have each of them in a name.
    Without a name, the kinds and vocabularies there are.
    """
    from cjph_graph.contribute import HomeContents, find_vocabulary_or_kind

    known = HomeContents(find_home(folder))
    if name is None:
        return Output(_written(("list", "label", "entries"), _all(known), form, output), output)
    target, called = find_vocabulary_or_kind(known, name)
    found = [entry for entry in known.entries(target) if _has(entry, words)]
    if not found:
        raise UsageError(
            f"{' and '.join(words)} is in none of the names of {called}."
            if words
            else f"There are no {called} yet.",
            f"`cjph list {name}` shows all." if words else None,
        )
    rows = sorted((entry.slug, entry.label) for entry in found)
    return Output(_written(("slug", "label"), rows, form, output), output)


def _all(known: "HomeContents") -> list[tuple[str, str, str]]:
    """Return a row for each kind and each vocabulary that has entries."""
    names = [(kind.folder, kind.name, kind.iri) for kind in known.kinds if kind.folder]
    names += [(name, known.label(iri), iri) for name, iri in known.vocabularies.items()]
    return [(name, label, str(len(known.entries(iri)))) for name, label, iri in names]


def _has(entry: "Entry", words: Sequence[str]) -> bool:
    from cjph_graph.home import folded

    text = folded(" ".join((entry.slug, *entry.names)))
    return all(folded(word) in text for word in words)


def _written(
    header: Sequence[str], rows: Sequence[Sequence[str]], form: str, output: Path | None
) -> str:
    if form == "csv":
        from cjph_graph.sparql import csv_line

        return "".join(csv_line(row) for row in (header, *rows))
    from cjph_graph.system.tables import aligned

    return aligned(header, rows, terminal_width(output), right=(2,))
