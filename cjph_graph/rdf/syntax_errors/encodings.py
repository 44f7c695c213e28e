"""Files that are not UTF-8."""

from cjph_graph.rdf.syntax_errors.edits import Mistake

_SAVE = "Save the file as UTF-8."


def other_encoding(data: bytes) -> tuple[str, Mistake | None]:
    """Return a file's text, and what is wrong if it isn't UTF-8."""
    if name := _wide(data):
        message = f"This file is saved as {name.upper()[:6]}; Turtle is UTF-8."
        return data.decode(name, errors="replace"), Mistake(message, 0, (), _SAVE)
    try:
        return data.decode(), None
    except UnicodeDecodeError as error:
        return data.decode(errors="replace"), _not_utf_8(data, error.start)


def _wide(data: bytes) -> str | None:
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "utf-32"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if data.count(0) * 3 > len(data):
        return "utf-16-le" if data[1::2].count(0) > data[::2].count(0) else "utf-16-be"
    return None


def _not_utf_8(data: bytes, at: int) -> Mistake:
    meant = data[at : at + 1].decode("cp1252", errors="replace")
    hint = _SAVE
    if meant.isprintable() and meant != "\ufffd":
        hint = f"In Windows-1252 it is “{meant}”, perhaps the text came from there. {_SAVE}"
    before = len(data[:at].decode())
    return Mistake(f"The byte 0x{data[at]:02X} here is not UTF-8 text.", before, (), hint)
