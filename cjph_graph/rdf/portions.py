r"""Leaving out of a Turtle file what cannot be about some things, without parsing it.

Of a large file, often a few things are asked about. To parse and walk all of it for them takes
seconds at a million triples; to search its bytes for their names takes hundredths.

    1  @prefix ex: <http://e/> .
    2  ex:exe ex:name "Exe" .             asked about ex:wye:
    3  ex:wye ex:name "Wye" ;             lines 1, 3 and 4 stay as they are,
    4      ex:near ex:exe .               line 2 becomes empty
    5  ex:zed ex:name "Zed" .             and line 5 goes

What is left is Turtle with the same lines, and it has every statement that names one of the things:

1. A name ends as its IRI does, behind the longest of the file's prefixes that the IRI begins with,
   if none of its letters are escaped and there is no base.
2. A full stop behind a space and at the end of a line ends a statement, unless it stands in a
   comment or a text of several lines. So a line with `#` is not relied on.
3. Whatever has a `\`, a declaration or one of the names is kept, from the end of a statement to
   the end of one.

A file of which one of these cannot be said is left as it is.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from pyoxigraph import NamedNode

from cjph_graph.rdf.reading import TurtleFile

# To search for many more takes as long as to parse.
_MOST_NAMES = 100
_END = b" .\n"
_PREFIX = re.compile(rb"prefix[ \t\n]+[\w.\x80-\xff-]*:[ \t\n]*<([^<>\\\s]*)>")
_BASE = re.compile(rb"base\s*[<#]")
_NOT_BY_LINES = (b'"""', b"'''", b"\r")


def portions_about(file: TurtleFile, nodes: Collection[object]) -> TurtleFile:
    """Return what of a file may name some nodes, with the same lines, or the file as it is.

    The number of triples is still that of the file.
    """
    data = file.data
    names = {node.value.encode() for node in nodes if isinstance(node, NamedNode)}
    if file.blank_nodes or not len(nodes) == len(names) <= _MOST_NAMES:
        return file
    if any(sign in data for sign in _NOT_BY_LINES):
        return file
    lower = data.lower()
    declared = [*_PREFIX.finditer(lower)]
    if lower.count(b"prefix") != len(declared) or _BASE.search(lower):
        return file
    prefixes = {data[slice(*match.span(1))] for match in declared}
    parts = {
        min((n[len(p) :] for p in prefixes if n.startswith(p)), key=len, default=n) for n in names
    }
    if b"" in parts:
        return file
    starts = [match.start() for match in declared]
    starts += (at for part in (b"\\", *parts) for at in _found(data, part))
    return replace(file, data=b"".join(_kept(data, sorted(starts))))


def _found(data: bytes, part: bytes) -> Iterator[int]:
    at = data.find(part)
    while at >= 0:
        yield at
        at = data.find(part, at + 1)


def _kept(data: bytes, offsets: Collection[int]) -> Iterator[bytes]:
    """Yield the statements around some offsets, and the line ends before each."""
    done = 0
    for offset in offsets:
        if offset >= done:
            start = end = offset
            while (start := data.rfind(_END, done, start)) >= 0 and not _ends(data, start):
                pass
            start = start + len(_END) if start >= 0 else done
            while (end := data.find(_END, end)) >= 0 and not _ends(data, end):
                end += 1
            end = end + len(_END) if end >= 0 else len(data)
            yield b"\n" * data.count(b"\n", done, start)
            yield data[start:end]
            done = end


def _ends(data: bytes, stop: int) -> bool:
    """Say whether a full stop at the end of a line is certain to end a statement."""
    return b"#" not in data[data.rfind(b"\n", 0, stop) + 1 : stop]
