"""From a file that the parser refuses to its mistakes, and to what can still be read of it.

The parser is the judge of what is Turtle. The recovering reader says what was meant; what it makes
of the file is parsed again. What the parser still refuses is reported in the parser's words, and
the statement left out; what it would have accepted without a change was no mistake.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cjph_graph.errors import LimitError
from cjph_graph.rdf.lexer import BOM
from cjph_graph.rdf.prefixes import misdeclared
from cjph_graph.rdf.problems import SyntaxProblem
from cjph_graph.rdf.reading import TurtleFile, read_bytes
from cjph_graph.rdf.syntax_errors.cursor import MOST
from cjph_graph.rdf.syntax_errors.declarations import redeclared
from cjph_graph.rdf.syntax_errors.edits import Mended, Mistake, advice, blanked, brief
from cjph_graph.rdf.syntax_errors.encodings import other_encoding
from cjph_graph.rdf.syntax_errors.escapes import escape_mistake
from cjph_graph.rdf.syntax_errors.known_terms import KnownTerms
from cjph_graph.rdf.syntax_errors.recovery import Reader
from cjph_graph.system.tables import clean, measure, shorten

# Reading again takes a second for a million characters; nobody types a larger file.
_LONGEST = 8_000_000
_LONGEST_TRIED = 200_000
_WIDEST = 100  # columns of an excerpt
_line_end = re.compile(r"\r\n|\r|\n")

# Messages of the parser, and what each means to somebody who has never written Turtle.
_PLAIN = (
    (r"(.+) is not a valid RDF object", "“{}” cannot stand here: a value is expected.", ""),
    (r"(.+) is not a valid predicate", "“{}” cannot stand here: a property is expected.", ""),
    (
        r"(.+) is not a valid subject or graph name",
        "A statement cannot begin with “{}”.",
        "The full stop before it may be one too many.",
    ),
    (
        r"A dot is expected at the end of statements",
        "A full stop, a semicolon or a comma is missing before this.",
        "Semicolons stand between properties, commas between the values of one; a full stop ends"
        " the statement.",
    ),
    (
        r"Unexpected end(?: of file)?",
        "The file ends in the middle of a statement.",
        "Complete the last statement and end it with a full stop.",
    ),
    (
        r"Invalid IRI code point (.+)",
        "An address cannot have the character {}.",
        "Write % and its code instead.",
    ),
    (
        r"No scheme found in an absolute IRI",
        "This address is not whole.",
        "Write it with its beginning, such as <https://…>.",
    ),
    (
        r".*(?:language subtag is invalid|subtag may be eight characters).*",
        "This is not the code of a language.",
        "Write @en for English; other codes have two letters as well, such as @es for Spanish.",
    ),
    (
        r"Unexpected (?:string )?escape character.*",
        "This character cannot follow a backslash in a text.",
        "Write two backslashes where one is meant.",
    ),
)


@dataclass(frozen=True)
class SyntaxMistake:
    """What is wrong, what to do about it, and where; lines and columns count from 1.

    `excerpt` is the line, safe for a terminal, and a second one with a caret below the place. What
    is wrong with a file as a whole has line and column 0 and an empty excerpt.
    """

    message: str
    hint: str | None
    line: int
    column: int
    excerpt: str


@dataclass(frozen=True)
class Mending:
    """The mistakes of a file that is not Turtle, and what could be read of it.

    `file` is what the file says once the mistakes are mended, without what nobody can guess; None
    where that isn't Turtle either. `unsure` are the IRIs of things of which something is left out;
    None is among them when the thing itself could not be read.
    """

    mistakes: tuple[SyntaxMistake, ...]
    file: TurtleFile | None = None
    unsure: frozenset[str | None] = frozenset()
    _text: str = field(default="", repr=False)
    _mended: Mended | None = field(default=None, repr=False)

    @property
    def unread(self) -> str:
        """The text of a file where something in it could be about any thing, else empty."""
        return self._text if self.file is None or None in self.unsure else ""

    def place(self, line: int, column: int) -> tuple[int, int]:
        """Return where a place in `file` stands in the file as it was written."""
        if self._mended is None:
            return line, column
        start = _line_start(self._mended.text, line)
        found = self._mended.original(start + column - 1)
        return _line_and_column(self._text, found)


def mend(
    data: bytes, problem: SyntaxProblem, known: KnownTerms | None = None, name: str = ""
) -> Mending:
    """Find the mistakes of a file that the parser refuses for a problem."""
    if problem.line < 1:
        return Mending((SyntaxMistake(f"{problem.message.rstrip('.')}.", None, 0, 0, ""),))
    data = data.removeprefix(BOM)
    text, mistake = other_encoding(data)
    stopped = _offset(text, problem)
    is_other = problem.message.startswith("This is ") and "UTF-16" not in problem.message
    if mistake and not is_other:
        return Mending((_told(text, mistake),), _text=text)
    if len(text) > _LONGEST or is_other:
        return Mending((_told(text, _in_words(problem.message, stopped)),), _text=text)
    return _Judge(text, Reader(text, known or KnownTerms()).read(), name).judge(problem)


def redeclare(file: TurtleFile, right: Mapping[str, str]) -> Mending:
    """Return what a file says with other addresses for some of its prefixes."""
    text = file.data.removeprefix(BOM).decode()
    mistakes = [found for name in right if (found := redeclared(text, name, right[name]))]
    mended = Mended(text, [edit for mistake in mistakes for edit in mistake.edits])
    told = tuple(_told(text, mistake) for mistake in sorted(mistakes, key=lambda m: m.at))
    read = read_bytes(mended.text.encode(), file.path)
    return Mending(told, read, frozenset(), text, mended)


class _Judge:
    """Compares what the reader has found with what the parser says."""

    def __init__(self, text: str, reader: Reader, name: str) -> None:
        self._text = text
        self._reader = reader
        self._name = name
        self._edits = list(reader.edits)
        self._mistakes = list(reader.mistakes)
        self._unsure = set(reader.unsure)
        self._left_out: list[tuple[int, int]] = []

    def judge(self, problem: SyntaxProblem) -> Mending:
        """Return the mistakes, without those that the parser sees no need for."""
        mended, file = self._parsed()
        for _ in range(MOST):
            if file is None or file.problem is None:
                break
            at = mended.original(_offset(mended.text, file.problem))
            self._refused(at, file.problem)
            mended, file = self._parsed()
        if file and not file.problem:
            mended, file = self._with_own_prefix(mended, file)
        if not self._mistakes:
            self._mistakes.append(_in_words(problem.message, _offset(self._text, problem)))
        if self._drop_needless():
            mended, file = self._parsed()
        told = [_told(self._text, m) for m in sorted(self._mistakes, key=lambda m: m.at)]
        if file is None or file.problem or not self._reader.is_complete:
            return Mending(tuple(told[:MOST]), _text=self._text)
        return Mending(tuple(told[:MOST]), file, frozenset(self._unsure), self._text, mended)

    def _with_own_prefix(
        self, mended: Mended, file: TurtleFile
    ) -> tuple[Mended, TurtleFile | None]:
        """Correct the prefix `:` where it was left over from another file."""
        subjects = (subject.value for subject in file.subjects)
        own = misdeclared({"": file.prefixes.get("", "")}, subjects, {}).get("")
        mistake = redeclared(self._text, "", own) if own else None
        if mistake is None:
            return mended, file
        self._mistakes.append(mistake)
        self._edits += mistake.edits
        return self._parsed()

    def _parsed(self) -> tuple[Mended, TurtleFile | None]:
        mended = Mended(self._text, self._edits)
        try:
            return mended, read_bytes(mended.text.encode(), self._name)
        except LimitError:
            return mended, None

    def _refused(self, at: int, problem: SyntaxProblem) -> None:
        """Leave out a statement that the parser still refuses, and say so if nothing else does."""
        parts = [part for part in self._reader.parts if part[0] <= at]
        start, end, subject = parts[-1] if parts else (0, len(self._text), None)
        end = max(end, at)
        if escape := escape_mistake(problem.message, self._text, at):
            self._mistakes.append(escape)
            self._edits += escape.edits
            return
        if not any(start <= mistake.at <= end for mistake in self._mistakes):
            self._mistakes.append(_in_words(problem.message, at))
        self._edits.append(blanked(self._text, start, end))
        self._left_out.append((start, end))
        self._unsure.add(subject)

    def _drop_needless(self) -> bool:
        """Drop the mistakes without whose edits the text is Turtle; return whether there were any.

        With them go their edits, so that what is checked is what was written.
        """
        found = len(self._mistakes)
        if len(self._text) > _LONGEST_TRIED or found < 2:
            return False
        for mistake in [*self._mistakes]:
            left_out = any(start <= mistake.at < end for start, end in self._left_out)
            if mistake.is_turtle or not mistake.edits or left_out:
                continue
            without = [edit for edit in self._edits if edit not in mistake.edits]
            try:
                file = read_bytes(Mended(self._text, without).text.encode(), self._name)
            except LimitError:
                break
            if file.problem is None:
                self._mistakes.remove(mistake)
                self._edits = without
        return len(self._mistakes) < found


def _in_words(message: str, at: int) -> Mistake:
    for pattern, sentence, hint in _PLAIN:
        if match := re.fullmatch(pattern, message, re.DOTALL):
            return Mistake(sentence.format(*map(brief, match.groups())), at, (), hint)
    return Mistake(f"{clean(message[:500]).rstrip('.')}.", at)


def _line_start(text: str, line: int) -> int:
    if line > 1:
        for number, end in enumerate(_line_end.finditer(text), 2):
            if number == line:
                return end.end()
        return len(text)
    return 0


def _offset(text: str, problem: SyntaxProblem) -> int:
    return min(_line_start(text, problem.line) + max(problem.column, 1) - 1, len(text))


def _line_and_column(text: str, at: int) -> tuple[int, int]:
    # Counting is quicker by far than a step for each line.
    before = text[:at]
    line = before.count("\n") + before.count("\r") - before.count("\r\n") + 1
    return line, at - max(before.rfind("\n"), before.rfind("\r"))


def _told(text: str, mistake: Mistake) -> SyntaxMistake:
    line, column = _line_and_column(text, mistake.at)
    start = mistake.at - column + 1
    following = _line_end.search(text, mistake.at)
    tail = text[mistake.at : following.start() if following else None]
    shown = _excerpt(text[start : mistake.at], tail)
    return SyntaxMistake(mistake.message, advice(text, mistake), line, column, shown)


def _excerpt(head: str, tail: str) -> str:
    # A line may have a million characters: only what can be shown is looked at.
    shown, rest = clean(head[-2 * _WIDEST :]), clean(tail[: 2 * _WIDEST])
    if len(head) > 2 * _WIDEST or measure(shown) > _WIDEST * 2 // 3:
        while measure(shown) > _WIDEST // 2:
            shown = shown[1:]
        shown = f"…{shown}"
    line = f"{shown}{shorten(rest, _WIDEST - measure(shown))}".rstrip()
    return f"{line}\n{' ' * measure(shown)}^"
