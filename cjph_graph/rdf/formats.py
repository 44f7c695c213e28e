"""The format of a file that is not Turtle, by how it begins."""

import re

_BEGINNINGS = (
    (b"PK\x03\x04", "a packed file, such as a spreadsheet or a document"),
    (b"\xd0\xcf\x11\xe0", "an old spreadsheet or document"),
    (b"\x1f\x8b", "a packed file"),
    (b"%PDF", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"{", "JSON"),
    (b"[{", "JSON"),
    (b"<?xml", "XML"),
    (b"<rdf:RDF", "XML"),
    (b"<!DOCTYPE", "XML"),
    (b"<html", "a web page"),
)
_CELL = rb"(?:\"[^\"\r\n]*\"|[\w /-]+)"
# Two lines with as many cells each, the first of them names.
_TABLES = tuple(
    rb"%b(?:%b%b)+\r?\n[^\r\n]*%b" % (_CELL, mark, _CELL, mark) for mark in (b",", b";", b"\t")
)
_YAML = rb"(?:---\s*\n)?(?:[A-Za-z][\w ]*:(?: [^\r\n]*[^\r\n;.,\s])?\r?\n){2}"


def other_format(data: bytes) -> str:
    """Return what a file seems to be that the parser refuses; nothing if it may be Turtle."""
    start = data[:1000].removeprefix(b"\xef\xbb\xbf").lstrip(b" \r\n")
    for beginning, name in _BEGINNINGS:
        if start.startswith(beginning):
            return name
    if any(re.match(table, start) for table in _TABLES):
        return "a table"
    return "YAML" if re.match(_YAML, start) else ""
