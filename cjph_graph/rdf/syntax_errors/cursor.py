"""Where a reader is in a file, and what it has found so far."""

from cjph_graph.rdf.syntax_errors.edits import Edit, Mistake, blanked
from cjph_graph.rdf.syntax_errors.known_terms import KnownTerms
from cjph_graph.rdf.syntax_errors.layout import Layout
from cjph_graph.rdf.syntax_errors.names import Names
from cjph_graph.rdf.syntax_errors.tokens import Source, TurtleToken

MOST = 20


class EnoughError(Exception):
    """As many mistakes as are reported have been found, or brackets are nested too deep."""


class Cursor:
    """The word that comes next, the mistakes before it, and the edits that mend them.

    `unsure` are the IRIs of things about which something could not be read. `is_lost` is whether
    the property being read, or its value, could be anything.
    """

    def __init__(self, text: str, known: KnownTerms) -> None:
        self.source = Source(text)
        self.names = Names(self.source, known)
        self.layout = Layout(self.source, self.names)
        self.mistakes: list[Mistake] = []
        self.edits: list[Edit] = []
        self.unsure: set[str | None] = set()
        self.is_lost = False
        self.property_start = 0  # of the property that is being read
        self.token = self.source.at(0)
        self.end = 0  # of what was read last

    def note(self, message: str, at: int, *edits: Edit, hint: str = "") -> None:
        """Note a mistake, and go on as if it were mended."""
        self.add(Mistake(message, at, edits, hint))

    def add(self, mistake: Mistake) -> None:
        """Note a mistake that was found elsewhere."""
        self.mistakes.append(mistake)
        self.edits += mistake.edits
        if len(self.mistakes) >= MOST:
            raise EnoughError

    def lose(self, message: str, at: int, hint: str = "", *edits: Edit) -> None:
        """Note a mistake that only its writer can mend, once for a property.

        The edits are those that take the property away, if it may be.
        """
        if not self.is_lost:
            self.is_lost = True
            self.note(message, at, *edits, hint=hint)

    def without_property(self, end: int) -> Edit:
        """Return the edit that takes away the property being read, up to where its value ends."""
        mark = self.source.at(end)
        return Edit(self.property_start, mark.end if mark.marks(";") else end, "")

    def leave_out(self, start: int, end: int) -> None:
        """Leave out text that says nothing that could be checked."""
        self.edits.append(blanked(self.source.text, start, end))
        self.unsure.add(self.names.subject)

    def advance(self) -> None:
        """Go on to the next word."""
        self.go_to(self.token.end)

    def go_to(self, end: int) -> None:
        """Go on to the word behind a place."""
        self.end = end
        self.token = self.source.at(end)

    def replace(
        self, message: str, token: TurtleToken, new: str, *edits: Edit, hint: str = ""
    ) -> None:
        """Note that a word should be another, and go on behind it."""
        edit = Edit(token.start, token.end, new)
        self.note(message, token.start, *edits, edit, hint=hint)
        self.go_to(token.end)

    def check(
        self,
        token: TurtleToken,
        property_: str | None = None,
        role: str = "value",
        class_: str | None = None,
    ) -> str | None:
        """Look at the prefix of a name, and return the IRI that is meant.

        `class_` is that of a subject, where it is known.
        """
        mistake, iri = self.names.check(token, property_, role, class_)
        if mistake and not mistake.edits:
            self.is_lost = True
            prefix = token.text.partition(":")[0]
            self.edits.append(Edit(0, 0, f"@prefix {prefix}: <urn:x-unknown:> . "))
        if mistake:
            self.add(mistake)
        return iri
