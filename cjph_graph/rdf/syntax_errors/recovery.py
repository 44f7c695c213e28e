"""Reading on after a syntax error, so that one run reports all of a file's errors.

A parser stops at the first thing it cannot read, often well behind the mistake that led there: an
unclosed quote is noticed where the next one opens. Somebody who has written a whole file then mends
one mistake after the other, with a run for each. So this reader, once the parser has refused a
file, reads it again as its writer meant it. For every mistake it decides what was meant, notes what
to change in the text, and goes on as if that had been done:

    place:eugene                       # a semicolon is missing behind "Eugene"@en
        skos:prefLabel "Eugene"@en
        cjph:within Oregon ;           # “Oregon” lacks its prefix: place:oregon
        cjph:opened 1 March 1989 .     # a date stands in quotes: "1989-03-01"^^xsd:date

Three kinds of evidence say what was meant:

*Marks.* Between two values there has to be one of `;` `,` `.` or a bracket. How many words come
before the next of these tells whether a value, a property with a value, or a whole statement
follows a gap. `:a :b :c :d ;` lacks a comma, `:a :b :c :d :e ;` a semicolon.

*Layout.* Files are written a property a line, things at the margin, further values deeper. A word
at the margin begins a statement, a word as deep as the other properties is one. It is the layout
that keeps a missing quote from swallowing the lines below: a text with one quote at each end stands
on one line, whatever else is missing.

*Other files.* `KnownTerms` has which names are properties, which are things, and what values a
property has elsewhere. `cjph:within Oregon` can only mean a place, and there is one of that name.

What cannot be guessed is left out: the property with its value, or the statement. The thing that
it belongs to is noted, as nobody can say that it lacks something. Since each mistake leaves the
text as it would be when mended, none is reported that only follows from another, and the rest can
be parsed and checked. Whether it is Turtle then is for the parser to say; see `mending`.

Words are looked up a few ahead and never behind, and what is left out is passed over once, so the
work grows with the file. After MOST mistakes the reader stops.
"""

import unicodedata

from cjph_graph.rdf.syntax_errors.comments import as_comment
from cjph_graph.rdf.syntax_errors.cursor import MOST, Cursor, EnoughError
from cjph_graph.rdf.syntax_errors.declarations import read_declaration
from cjph_graph.rdf.syntax_errors.edits import Edit, Mistake
from cjph_graph.rdf.syntax_errors.known_terms import KnownTerms
from cjph_graph.rdf.syntax_errors.objects import read_link, read_value
from cjph_graph.rdf.syntax_errors.properties import read_property
from cjph_graph.rdf.syntax_errors.separators import (
    CLOSES_NOTHING,
    NOT_CLOSED,
    close,
    missing,
    read_separator,
)
from cjph_graph.rdf.syntax_errors.subjects import read_subject, words_end
from cjph_graph.rdf.syntax_errors.tokens import TurtleToken

_DEEPEST = 100
_LONGEST_ARRAY = 100
_VALUES = ("iri", "text", "name", "number")


class Reader(Cursor):
    """A file as its writer meant it.

    `parts` are its statements and declarations: from where to where, and what they are about.
    `is_complete` is whether the reader came to the end.
    """

    def __init__(self, text: str, known: KnownTerms) -> None:
        super().__init__(text, known)
        self.parts: list[tuple[int, int, str | None]] = []
        self.is_complete = False
        self._depth = 0

    def read(self) -> "Reader":
        """Read to the end, or up to the largest number of mistakes."""
        try:
            while self.token.kind != "end":
                start, self.names.subject = self.token.start, None
                if self.token.declares:
                    read_declaration(self)
                else:
                    self._statement()
                self.parts.append((start, self.end, self.names.subject))
            self.is_complete = True
        except EnoughError:
            pass
        self._note_comments()
        self._note_invisible()
        return self

    def _statement(self) -> None:
        start = self.token.start
        if self.token.marks("."):
            return self.replace("This full stop ends nothing.", self.token, "")
        if self.token.text in ("}", "]", ")") and self.source.after(self.token).indent <= 0:
            return self.replace(CLOSES_NOTHING, self.token, "")
        self.is_lost = False
        self.layout.begin(self.token)
        bracketed = self.token.marks("[(")
        if bracketed:
            self._bracket(None)
        elif not read_subject(self):
            return self._without_subject(start)
        following = self.source.after(self.token)
        stopped = self.token.marks(".") and following.indent > 0
        if self.token.marks(";,") or (stopped and self.layout.is_property(following)):
            self.replace("Nothing stands between a thing and its first property.", self.token, "")
        kept = self._properties(None)
        if not kept and not (bracketed and not self.is_lost):
            self.leave_out(start, self.end)
        return None

    def _without_subject(self, start: int) -> None:
        """Leave out a statement with an unknown subject, after looking for other mistakes in it."""
        self.go_to(words_end(self, self.token))
        if not self.layout.is_property(self.token):
            return self._pass_over(start)
        self._properties(None)
        return self.leave_out(start, self.end)

    def _pass_over(self, start: int) -> None:
        """Leave out a statement with an unreadable beginning, up to the beginning of the next."""
        while self.token.kind != "end":
            token = self.token
            self.advance()
            begins = self.token.indent == 0 or (token.marks(".") and self.token.leads)
            if begins and self.layout.opens_statement(self.token):
                break
        self.leave_out(start, self.token.start)

    def _properties(self, inside: str | None) -> int:
        """Read properties and their values up to what ends them; return how many can be kept."""
        kept = 0
        while True:
            while self.token.marks(";"):
                self.advance()
            if self.token.marks(".]") or self.token.kind == "end":
                close(self, inside)
                return kept
            start, outer, self.is_lost = self.token.start, self.is_lost, False
            self.property_start = start
            self.layout.begin_property(self.token)
            ended = self._values(read_property(self), inside)
            if self.is_lost:
                closed = ended != ";" and self.source.text.startswith(ended, self.end - 1)
                self.leave_out(start, self.end - closed)
            kept += not self.is_lost
            self.is_lost = self.is_lost or outer
            if ended != ";":
                return kept

    def _values(self, property_: str | None, inside: str | None) -> str:
        """Read values and return what ends them."""
        while True:
            if not read_link(self):
                if self.token.marks("[("):
                    self._bracket(property_)
                else:
                    read_value(self, property_)
            if (ended := read_separator(self, inside)) != ",":
                return ended

    def _bracket(self, property_: str | None) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise EnoughError
        opening = self.token
        self.advance()
        if closing := opening.text == "[" and self._end_of_array(property_):
            self._array(opening, closing, property_)
        elif opening.text == "[":
            self._properties("]")
        else:
            self._collection(property_)
        self._depth -= 1

    def _end_of_array(self, property_: str | None) -> TurtleToken | None:
        """Return the bracket that closes values as JSON has them, `[ :a, "b" ]`, if these are."""
        token = self.token
        if property_ is None or self.layout.is_property(token):
            return None
        following = self.source.after(token)
        if following.kind == "tag":
            following = self.source.after(following)
        if not (token.kind in _VALUES and following.marks(",]")):
            return None
        for _ in range(_LONGEST_ARRAY):
            if token.marks("]"):
                return token
            if token.kind not in _VALUES and token.kind != "tag" and not token.marks(","):
                return None
            token = self.source.after(token)
        return None

    def _array(self, opening: TurtleToken, closing: TurtleToken, property_: str | None) -> None:
        """Read values between square brackets, as if there were none."""
        edits = [Edit(mark.start, mark.end, "") for mark in (opening, closing)]
        self.note("Several values have commas between them and no brackets.", opening.start, *edits)
        while self.token.start < closing.start:
            read_value(self, property_)
            if self.token.marks(","):
                self.advance()
            elif self.token.start < closing.start:
                missing(self, ",")
        self.go_to(closing.end)

    def _collection(self, property_: str | None) -> None:
        while not self.token.marks(")"):
            token = self.token
            if token.marks(","):
                self.replace("No commas stand between the values in round brackets.", token, "")
            elif token.marks(";.]") or token.kind == "end":
                return self.note(NOT_CLOSED, self.end, Edit(self.end, self.end, " )"))
            elif token.marks("[("):
                self._bracket(property_)
            else:
                read_value(self, property_, in_list=True)
        return self.advance()

    def _note_comments(self) -> None:
        for comment in sorted(self.source.comments)[:MOST]:
            mistake, edits = as_comment(self.source.text, comment)
            self.edits += edits
            self.mistakes.append(mistake)
        for at in sorted(self.source.wide)[:MOST]:
            edit = Edit(at, at + 1, ":")
            self.edits.append(edit)
            self.mistakes.append(Mistake("This colon is not the one of Turtle.", at, (edit,)))

    def _note_invisible(self) -> None:
        """Note invisible characters, once for each kind."""
        kinds: dict[str, list[int]] = {}
        for at in sorted(self.source.invisible):
            kinds.setdefault(self.source.text[at], []).append(at)
        for char, places in kinds.items():
            name = unicodedata.name(char, "a control character").lower()
            message = f"An invisible character stands here: U+{ord(char):04X}, {name}."
            self.edits += [Edit(at, at + 1, " ") for at in places]
            more = f", in all {len(places):,} places" if len(places) > 1 else ""
            hint = f"Delete it, or write an ordinary space instead{more}."
            self.mistakes.append(Mistake(message, places[0], (), hint))
