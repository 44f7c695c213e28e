"""Turtle files into a store."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import RdfFormat, Store, parse

from cjph_graph.rdf.lexer import BOM
from cjph_graph.rdf.nesting import bounded, may_have_too_many, refuse_nesting, too_long
from cjph_graph.rdf.problems import not_turtle, problem_of, unreadable
from cjph_graph.system import ahead, read, shown, tell


def load(files: Iterable[Path]) -> Store:
    """Load files into a new store in memory.

    Raises InputError at the first file that is unreadable or not Turtle, LimitError at one that
    is too large.
    """
    store = Store()
    paths = tuple(files)
    for number, (path, data) in enumerate(ahead(_texts(paths))):
        tell("Reading files", number, len(paths))
        _load_into(store, path, data)
    tell("Reading files", len(paths), len(paths))
    return store


def _texts(paths: Iterable[Path]) -> Iterator[tuple[Path, bytes]]:
    for path in paths:
        try:
            data = read(path)
        except OSError as error:
            raise not_turtle(shown(path), unreadable(error)) from error
        refuse_nesting(data, path)
        yield path, data


def _load_into(store: Store, path: Path, data: bytes) -> None:
    text = data.removeprefix(BOM)
    try:
        if may_have_too_many(data):
            quads = parse(text, format=RdfFormat.TURTLE, rename_blank_nodes=True)
            store.bulk_extend(bounded(quads, path))
        else:
            store.load(text, format=RdfFormat.TURTLE)
    except SyntaxError as error:
        raise not_turtle(shown(path), problem_of(error, data)) from error
    except MemoryError as error:
        raise too_long(shown(path)) from error
