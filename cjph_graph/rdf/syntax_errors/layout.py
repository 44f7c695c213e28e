"""The role of a word by its position: the beginning of a statement, a property or a value."""

import re

from cjph_graph.rdf.syntax_errors.edits import brief
from cjph_graph.rdf.syntax_errors.known_terms import DATES, NUMBERS, TYPE
from cjph_graph.rdf.syntax_errors.names import Names
from cjph_graph.rdf.syntax_errors.tokens import Source, TurtleToken
from cjph_graph.rdf.syntax_errors.values import Wanted
from cjph_graph.rdf.terms import namespace_of

_TERMS = frozenset(
    {"iri", "text", "label", "name", "number", "badiri", "openiri", "address", "curly", "open"}
)
_FARTHEST = 40
STRAY = "{}|&*!；，。：、"  # signs that stand at the end of a line in place of a mark
_BOOLEANS = ("true", "false")
# A property that follows on the same line, behind a mark.
_goes_on = re.compile(r"[;,.][ \t]+(?:a[ \t]|[\w-]*:[\w-]+[ \t]+[^\s;,.])")


class Layout:
    """Judges words by the marks and the indentation around them, and by what other files know."""

    def __init__(self, source: Source, names: Names) -> None:
        self._source = source
        self._names = names
        self._subject_indent = 0
        self._property_indent = -1

    def begin(self, token: TurtleToken) -> None:
        """Begin a statement."""
        self._subject_indent = max(token.indent, 0)
        self._property_indent = -1

    def begin_property(self, token: TurtleToken) -> None:
        """Begin a property."""
        if token.leads:
            self._property_indent = token.indent

    def is_property(self, token: TurtleToken) -> bool:
        """Whether a word by itself is a property, as far as one can tell."""
        if token.kind == "word":
            return token.text == "a"
        iri = self._names.iri(token)
        if iri is None:
            return False
        known = self._names.known
        if known.is_property(iri):
            return True
        if iri in known.things or known.is_class(iri) or token.text.startswith(":"):
            return False
        local = iri.removeprefix(namespace_of(iri))
        return namespace_of(iri) in known.schema_namespaces and local[:1].islower()

    def is_bare_property(self, token: TurtleToken) -> bool:
        """Whether a word is the name of a property without its prefix."""
        if token.kind != "word" or token.text in _BOOLEANS:
            return False
        if token.text in ("a", "is"):
            return True
        return self._names.known.property_named(token.text) is not None

    def is_address_of_property(self, token: TurtleToken) -> bool:
        """Whether a word is the address of a property, without its brackets."""
        return token.kind == "address" and self._names.known.is_property(token.text)

    def quoted_property(self, token: TurtleToken) -> str | None:
        """Return the property that stands in quotes with a colon behind it, as in JSON."""
        following, words = self._source.after(token), token.text.strip("\"'")
        is_named = ":" in words and following.kind in _TERMS and not following.leads
        if token.kind != "text" or not (following.text == ":" or is_named):
            return None
        if words in ("a", "type", "@type"):
            return TYPE
        iri = self._names.iri(token._replace(kind="name", text=words)) if ":" in words else None
        known = self._names.known
        return iri if iri and known.is_property(iri) else known.property_named(words)

    def is_value(self, token: TurtleToken) -> bool:
        """Whether a word is a value as it stands."""
        return token.kind in ("iri", "label", "name", "number") or (
            token.kind == "word" and token.text in _BOOLEANS
        )

    def opens_statement(self, token: TurtleToken) -> bool:
        """Whether a word is the subject of a new statement, or a declaration."""
        if token.declares:
            return True
        following = self._source.after(token)
        at_margin = token.leads and token.indent <= self._subject_indent
        if token.kind == "word":
            return at_margin and not self.is_bare_property(token) and self._has_property(following)
        if token.marks("[("):
            return at_margin
        if token.kind not in ("name", "iri", "label"):
            return False
        if at_margin:
            if self.is_property(token):
                return self.is_property(following)
            return following.leads or self.is_property(following) or self._count(token) > 2
        # Three words on a line, the second of which is a property.
        if following.leads or not self.is_property(following) or self._count(token) < 3:
            return False
        return not self.is_property(token) and (not token.leads or following.text == "a")

    def _has_property(self, token: TurtleToken) -> bool:
        """Whether a property comes after some words on a line, or first in the next line."""
        for _ in range(6):
            if self.is_property(token) or (token.leads and self.is_bare_property(token)):
                return True
            if token.kind != "word" or token.leads:
                return False
            token = self._source.after(token)
        return False

    def opens_property(self, token: TurtleToken) -> bool:
        """Whether a word is a property and what follows is its value."""
        following = self._source.after(token)
        if following.ends_value:
            return False
        if token.kind == "word":
            return self.is_bare_property(token) and (token.leads or token.text == "a")
        if self.quoted_property(token) or self.is_address_of_property(token):
            return True
        if token.kind not in ("name", "iri"):
            return False
        if self.is_property(token):
            return True
        if self._names.iri(token) in self._names.known.things:
            return False
        if following.kind == "word" and following.text not in _BOOLEANS:
            return token.leads and token.indent == self._property_indent and ":" in token.text[1:]
        return self._count(token) == 2 or (token.leads and token.indent == self._property_indent)

    def belongs(self, mark: TurtleToken, following: TurtleToken, inside: str | None) -> str:
        """Return which mark belongs in the place of another; None where no mark does."""
        if mark.text == ",":
            if following.marks(";,.])"):
                return ""
            if following.kind == "end":
                return "."
        elif following.kind == "end" and not inside:
            return "."
        elif following.ends_value:
            return mark.text
        if mark.text == ".":
            return self._after_stop(following)
        if not inside and self.opens_statement(following):
            return "."
        if mark.text == ",":
            return ";" if self.opens_property(following) else ","
        return "," if self._is_lone_value(following) else ";"

    def _after_stop(self, token: TurtleToken) -> str:
        if self.opens_statement(token):
            return "."
        if token.leads and token.indent <= self._subject_indent and not self.is_property(token):
            return "."
        if self.opens_property(token):
            return ";"
        return "," if token.kind in ("text", "curly") or self._is_lone_value(token) else "."

    def _is_lone_value(self, token: TurtleToken) -> bool:
        if token.kind in ("text", "number", "curly", "address"):
            return True
        if token.kind not in ("name", "iri") or self.is_property(token):
            return False
        if not self._source.after(token).ends_value:
            return False
        return self._names.iri(token) in self._names.known.things or not token.text.startswith(":")

    def missing(self, token: TurtleToken, inside: str | None) -> str:
        """Return which mark is missing before a word."""
        if token.declares or (not inside and self.opens_statement(token)):
            return "."
        if self.opens_property(token):
            return ";"
        count = self._count(token)
        if token.leads:
            deeper = token.indent > self._property_indent >= 0
            is_value = token.kind in ("text", "curly", "open", "number", "address")
            alone = count == 1 and self._source.after(token).ends_value
            return "," if alone or deeper or is_value else ";"
        if count > 2 and not inside:
            return "."
        return "," if count == 1 else ";"

    def _count(self, token: TurtleToken) -> int:
        """Return how many values come before a mark; more than a few don't matter."""
        terms = depth = 0
        suffix = False
        for _ in range(_FARTHEST):
            if token.marks("[("):
                terms += depth == 0
                depth += 1
            elif token.marks(")]"):
                depth -= 1
            elif depth == 0 and (token.kind in _TERMS or token.kind == "word"):
                terms += not suffix
            elif token.kind in ("other", "end") or (
                depth == 0 and (token.marks(";,.") or token.declares)
            ):
                break
            suffix = token.text == "^^"
            if depth < 0 or terms > 3:
                break
            token = self._source.after(token)
        return terms

    def runs_on(self, token: TurtleToken, following: TurtleToken) -> bool:
        """Whether a value is only the beginning of what was meant, such as a name with a space."""
        if following.leads or following.kind == "end":
            return False
        after = self._source.after(following)
        if following.marks(","):
            if token.kind == "number" and after.kind == "number" and not after.spaced:
                return not self._source.after(after).ends_value  # thousands, with a unit
            return token.kind == "name" and self._is_plain_word(after)
        if following.kind == "other" and following.text in STRAY and after.leads:
            return False
        if following.marks("."):
            return not following.spaced and not after.leads and after.kind in ("word", "number")
        if following.marks("])["):
            return False
        if following.marks("("):
            return token.kind == "name"
        if following.kind == "word":
            return self._is_plain_word(following) or not following.spaced
        if following.kind in ("text", "curly", "name", "iri", "label"):
            return not following.spaced and token.kind in ("number", "name")
        return following.kind in ("number", "other", "open", "tag") or following.text == "^^"

    def _is_plain_word(self, token: TurtleToken) -> bool:
        if token.kind != "word" or token.leads or token.text == "a" or token.declares:
            return False
        following = self._source.after(token)
        return not self.is_bare_property(token) or following.ends_value or following.kind == "word"

    def extents(self, token: TurtleToken) -> tuple[int, int]:
        """Return where unreadable words end: with the line, or before the next mark in it."""
        text, start = self._source.text, token.start
        line = text[start : self._source.line_end(start)]
        comment = line.find(" #")
        line = (line[:comment] if comment > 0 else line).rstrip()
        if line[-1:] in (";", ",", "."):
            line = line[:-1].rstrip()
        short = self._before_mark(token)
        whole = max(start + len(line), token.start + 1)
        short = min(short, whole)
        return (short, short) if _goes_on.search(line) else (whole, short)

    def _before_mark(self, token: TurtleToken) -> int:
        end = token.end
        stop = self._source.line_end(token.start)
        following = self._source.after(token)
        while not following.ends_value and not following.leads and following.start < stop:
            after = self._source.after(following)
            is_name = following.spaced and following.kind in ("name", "iri")
            if is_name and self.is_property(following):
                break
            if following.text == "a" and after.kind in ("name", "iri"):
                break
            end, following = following.end, after
            after = self._source.after(following)
            if following.marks(".") and not (following.spaced or after.leads or after.spaced):
                end, following = following.end, after
        return min(end, stop)

    def unreadable(self, token: TurtleToken, end: int, wanted: Wanted) -> tuple[str, int, str]:
        """Return the message for words that could be anything."""
        words = brief(self._source.text[token.start : end])
        names, values = self._names, wanted.values
        if values.are_iris and (prefix := names.prefix_of(values.namespaces.most_common(1)[0][0])):
            hint = f"Write the name of one with its prefix, like {prefix}:…"
            return f"Nothing is called “{words}” here.", token.start, f"{hint}."
        if values.are(*DATES):
            hint = 'Write a date in quotes with its kind, like "2021-03-01"^^xsd:date.'
            return f"“{words}” is not a date.", token.start, hint
        if values.are(*NUMBERS):
            return f"“{words}” is not a number.", token.start, "Write digits and a point only."
        hint = 'Write a text in quotes with the language behind, "…"@en, or a name with its prefix.'
        return f"“{words}” is neither a text in quotes nor a name with a prefix.", token.start, hint
