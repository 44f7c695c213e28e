"""Words of Turtle as people mistype them: quotes that don't close, addresses without brackets, ….

Every alternative is possessive or ends with its line, so no text makes this slow: no character is
read twice.
"""

import re
from typing import NamedTuple

WIDE_COLONS = "：∶﹕"
CURLY = "“”„‟‘’‚‛«»‹›"
_INVISIBLE = (
    r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\xad\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff"
)
_SPACE = rf"[ \t\r\n{_INVISIBLE}]"
_LETTER = r"[^\W\d_]|[\U00010000-\U000effff]"
IN_NAME = r"\w\u00b7\u0300-\u036f\u203f\u2040\U00010000-\U000effff-"
_LOCAL = rf"(?![.-])(?:[{IN_NAME}:%]++|\\.|\.++(?=[{IN_NAME}:%\\]))++"
# Shows that a quote ends a text and is not inside it.
CLOSES = (
    r"(?=[ \t]*+(?:@|\^|[;.](?:[ \t]*+(?:\#|$)|[ \t]++(?:a[ \t]|[\w-]*+:))"
    r"|,[ \t]*+(?:$|[\"“„«'<]|[\w-]++:)|[\])]|\#|$))"
)
_LONG_TEXT = (
    r'''"""[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*+"""|'''
    r"""'''[^'\\]*+(?:(?:\\.|'(?!''))[^'\\]*+)*+'''|"""
)
# Comments of Turtle and of other languages.
_COMMENT = r"(?:#|//|/\*|<!--|```|-{2,}(?![\d>-]))"
_TOKEN = (
    rf"(?P<gap>{_SPACE}*+(?:{_COMMENT}[^\r\n]*+{_SPACE}*+)*+)(?:"
    r"""(?P<iri><[^\x00-\x20<>"{}|^`\\]*+>)"""
    r"|(?P<badiri><(?![<?!])[^<>\r\n]*+>)"
    r"""|(?P<openiri><(?![<?!])(?=\w)[^\s<>"]*+)"""
    r"|(?P<text>LONG"
    r'''(?!""")"[^"\\\r\n]*+(?:\\[^\r\n][^"\\\r\n]*+)*+"'''
    r"""|(?!''')'[^'\\\r\n]*+(?:\\[^\r\n][^'\\\r\n]*+)*+')"""
    rf"""|(?P<curly>[{CURLY}`][^\r\n]*?[{CURLY}"'`]{CLOSES})"""
    rf"""|(?P<open>["'{CURLY}`][^\r\n]*+)"""
    r"""|(?P<address>(?:https?://|www\.)(?:[^\s<>"“”;,.)\]]++|[;,.)\]](?=[^\s<>"]))++)"""
    rf"|(?P<label>_:[{IN_NAME}]++(?:\.++[{IN_NAME}]++)*+)"
    rf"|(?P<name>(?:(?:{_LETTER})[{IN_NAME}]*+(?:\.++[{IN_NAME}]++)*+)?[:{WIDE_COLONS}](?:{_LOCAL})?+)"
    rf"|(?P<number>[+-]?(?:[0-9]++(?:\.[0-9]++)?+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?+)"
    r"|(?P<tag>@[A-Za-z][A-Za-z0-9-]*+)"
    rf"|(?P<word>(?:{_LETTER})[{IN_NAME}]*+)"
    r"|(?P<mark>\^\^|[][.,;()])"
    r"|(?P<other>.)|(?P<end>\Z))"
)
_FLAGS = re.DOTALL | re.MULTILINE
_token = re.compile(_TOKEN.replace("LONG", _LONG_TEXT), _FLAGS)
_short_token = re.compile(_TOKEN.replace("LONG", ""), _FLAGS)
_odd_gap = re.compile(rf"(?:#|(?P<comment>{_COMMENT}))[^\r\n]*+|(?P<odd>[{_INVISIBLE}])")
_colon = re.compile(f"[:{WIDE_COLONS}]")
_CLOSING = {"/*": "*/", "<!--": "-->"}
_line_end = re.compile(r"\r\n|\r|\n|\Z")


class TurtleToken(NamedTuple):
    """A word, where it starts, and how far it is indented: -1 unless it is the first in its line.

    `spaced` is whether anything stands between it and the word before.
    """

    kind: str
    text: str
    start: int
    indent: int
    spaced: bool

    @property
    def end(self) -> int:
        """Where the word ends."""
        return self.start + len(self.text)

    @property
    def leads(self) -> bool:
        """Whether it is the first in its line."""
        return self.indent >= 0

    def marks(self, choices: str) -> bool:
        """Whether it is one of some marks, such as `;,.`."""
        return self.kind == "mark" and self.text in choices and self.text != "^^"

    @property
    def ends_value(self) -> bool:
        """Whether a value may stand before it: a separator, a closing bracket or the end."""
        return self.marks(";,.])") or self.kind == "end"

    @property
    def declares(self) -> bool:
        """Whether a declaration of a prefix begins here."""
        word = self.text.lower()
        return (self.kind == "tag" and word in ("@prefix", "@base", "@prefixes")) or (
            self.kind == "word" and word in ("prefix", "base")
        )


class Comment(NamedTuple):
    """A comment as other languages have it: where it starts and ends, and the marks around it."""

    start: int
    end: int
    opening: str
    closing: str


class Source:
    """A text and the words in it, each found from where the one before ends."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.invisible: set[int] = set()  # where there are invisible characters
        self.wide: set[int] = set()  # where there are full-width colons
        self.comments: set[Comment] = set()  # those in the form of other languages
        self.read = 0  # how many words were looked for
        self._ahead: dict[int, TurtleToken] = {}
        self._token = _token
        self._last = {mark: text.rfind(mark) for mark in _CLOSING.values()}

    def at(self, position: int) -> TurtleToken:
        """Return the word at or behind a position; at the end one of the kind `end`."""
        if (token := self._ahead.get(position)) is None:
            if len(self._ahead) > 1000:
                self._ahead.clear()
            token = self._ahead[position] = self._match(position)
        return token

    def after(self, token: TurtleToken) -> TurtleToken:
        """Return the next word."""
        return self.at(token.end)

    def line_end(self, position: int) -> int:
        """Return where the line ends that a position is in."""
        match = _line_end.search(self.text, position)
        return match.start() if match else len(self.text)

    def line_start(self, position: int) -> int:
        """Return where the line begins that a position is in."""
        return max(self.text.rfind("\n", 0, position), self.text.rfind("\r", 0, position)) + 1

    def _match(self, position: int) -> TurtleToken:
        self.read += 1
        match = self._token.match(self.text, position)
        while match and (resumed := self._pass_odd(match)):
            match = self._token.match(self.text, resumed)
        if match is None:
            return TurtleToken("end", "", len(self.text), 0, spaced=True)
        kind = match.lastgroup or "end"
        word, start = match[kind], match.start(kind)
        if kind == "open" and word.startswith(('"""', "'''")):
            self._token = _short_token  # the end of the file is known
        if kind == "name" and (wide := _wide_colon(word)) is not None:
            self.wide.add(start + wide)
            word = f"{word[:wide]}:{word[wide + 1 :]}"
        return TurtleToken(kind, word, start, self._indent(position, start), start > position)

    def _indent(self, position: int, start: int) -> int:
        """Return how far a word is indented, if nothing but comments is before it in its line."""
        text = self.text
        lines = (text.rfind("\n", position, start), text.rfind("\r", position, start))
        if position == 0 or max(lines) >= 0:
            return start - self.line_start(start)
        return -1

    def _pass_odd(self, match: re.Match[str]) -> int | None:
        """Note oddities before a word; return where to go on if a comment ends elsewhere.

        One that is closed may end before the end of its line, or some lines below.
        """
        gap = match["gap"]
        if gap.isascii() and not gap.strip(" \r\n\t"):
            return None
        for odd in _odd_gap.finditer(gap):
            start = match.start() + odd.start()
            if odd["odd"]:
                self.invisible.add(start)
            elif opening := odd["comment"]:
                end = match.start() + odd.end()
                closing = _CLOSING.get(opening, "")
                if closing and start + len(opening) <= self._last[closing]:
                    end = self.text.index(closing, start + len(opening)) + len(closing)
                    self.comments.add(Comment(start, end, opening, closing))
                    return end
                self.comments.add(Comment(start, end, opening, ""))
        return None


def _wide_colon(word: str) -> int | None:
    """Return where a name has a colon that is not Turtle's, if it ends the prefix."""
    found = None if word.isascii() else _colon.search(word)
    return found.start() if found and found[0] != ":" else None
