"""Parts of a Turtle file that may say something of what is sought, each readable by itself.

One regular expression goes from full stop to full stop, once. A statement is passed over only
where no word of it can mean what is sought: what is in doubt is a passage too. The text must be
one that the parser has accepted.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from cjph_graph.rdf.lexer import BOM, GAP, IRI, LANGUAGE, NAME, NUMBER, PREFIX, STRING, TERM

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
# Terms that are meant where no word for them is written, as by brackets.
_IMPLIED = {NamedNode(_RDF + name) for name in ("first", "nil", "reifies", "rest", "type")}

SMALL = 10_000  # bytes of a file that is sooner read than looked through
_LARGEST = 8_192  # bytes of a passage that is several statements
_MOST_PREFIXES = 100  # to stand before each passage
_MOST_WORDS = 1_000_000  # to make while prefixes change their meaning

_COMMENT = rb"#[^\r\n]*+"
# Of a text that a quotation mark ends which no backslash precedes, none need be looked for inside.
_PLAIN_STRING = rb'"(?!"")[^"]*+"(?<!\\")'
_GOING_ON = rb"(?=[\w:%\\\x80-\xff-])"
# Not a word but what stands between the words that could hold a full stop, which are few. A dot
# belongs to a name when a letter is before it and something of a name behind it. Behind a digit
# or a colon it takes knowing the whole word to tell.
_QUICK = b"|".join(
    (
        rb"[^\"'<#.\\@~]++(?:\.(?<=[A-Za-z_%\x80-\xff-]\.)\.*+" + _GOING_ON
        + rb"|\.(?<=[0-9]\.)(?=[0-9%\\.-]))?+",
        _PLAIN_STRING, STRING, IRI, LANGUAGE, _COMMENT,
        rb"\\.(?:\.++" + _GOING_ON + rb")?+",
        rb"\.(?=[0-9])",
    )
)  # fmt: skip
_QUICK_STOP = rb"\.(?:(?![A-Za-z_:\x80-\xff])|(?<![0-9:]\.))"
_EXACT = b"|".join((TERM, STRING, LANGUAGE, _COMMENT, rb"<<", rb"[] \t\r\n,;[(){}|^~>]++"))
_STATEMENT = (
    GAP + rb"(?:(@)?+(?i:prefix|base|version)(?![\w:.%\\\x80-\xff-])" + GAP
    + rb"(?:(" + PREFIX + rb")" + GAP + rb")?+(?:(" + IRI + rb")|" + STRING + rb")"
    + rb"(?(1)" + GAP + rb"\.)()"
    + rb"|(" + NAME + rb"?+)(?:" + _QUICK + rb")*+" + _QUICK_STOP
    + rb"|(" + NAME + rb"?+)(?:" + _EXACT + rb")*+\."
    + rb"|(\Z)|(.))"
)  # fmt: skip
_DECLARATION, _EASY, _DIFFICULT, _END, _UNKNOWN = range(4, 9)
# Names; of one with an escape, the backslash. From there on what is found no longer matters.
_IN_NAMES = (
    rb"[] \t\r\n,;.[(){}|^~>]*+(?:"
    + b"|".join((_PLAIN_STRING, STRING, _COMMENT, rb"<<", rb"<[^>\\]*+(?=\\)", LANGUAGE, NUMBER))
    + rb"|(<[^>\\]*+>|\\|[A-Za-z_:\x80-\xff][\w:%\x80-\xff-]*+(?:\.++[\w:%\x80-\xff-]++)*+))"
)
# Names, numbers and texts, as they are written.
_IN_WORDS = (
    rb"[] \t\r\n,;[(){}|^~>]*+(?:"
    + b"|".join((_COMMENT, LANGUAGE, rb"<<"))
    + rb"|("
    + b"|".join((_PLAIN_STRING, STRING, TERM))
    + rb"))"
)
_BLANK_NODE = rb"[\[(~]|_:|<<|\{\|"
_BETWEEN_PARTS = rb"[/#?:]"


@cache
def _compiled(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.DOTALL)  # takes 10 ms, which only a mistake is worth


@dataclass(frozen=True)
class Passage:
    """Whole statements of a file, from one offset to another, and what must be declared first."""

    start: int
    end: int
    prologue: bytes


@dataclass(frozen=True)
class Sought:
    """What is sought: things that something is said of, and terms in other places of statements.

    With `blank_nodes`, every statement that may have some is sought too.
    """

    subjects: frozenset[NamedNode] = frozenset()
    others: frozenset[NamedNode | Literal] = frozenset()
    blank_nodes: bool = False


def passages(data: bytes, sought: Sought) -> list[Passage] | None:
    """Return the passages in which there may be what is sought, in the order of the text.

    None when the text is not understood, as it is not if it is not Turtle.
    """
    start = len(BOM) if data.startswith(BOM) else 0
    if len(data) <= SMALL or not _IMPLIED.isdisjoint((*sought.subjects, *sought.others)):
        return [Passage(start, len(data), b"")]
    found: list[Passage] = []
    declared = _Declarations()
    subjects, others = _Words(sought.subjects), _Words(sought.others)
    may_have_blank_nodes = _compiled(_BLANK_NODE).search
    for match in _compiled(_STATEMENT).finditer(data, start):
        kind = match.lastindex or _UNKNOWN
        start, end = match.span()
        if kind == _DECLARATION:
            declared.declare(match[2], match[3])
            subjects.follow(declared)
            others.follow(declared)
            if (
                len(declared.namespaces) > _MOST_PREFIXES
                or subjects.made + others.made > _MOST_WORDS
            ):
                return [*found, Passage(end, len(data), declared.prologue())]
        elif kind == _END:
            return found
        elif kind == _UNKNOWN:
            return None
        elif (
            match[kind] in subjects.words
            or (subjects and subjects.may_be(match[kind]))
            or (subjects and kind == _DIFFICULT and b"~" in match[0])  # names a statement
            or (others and others.may_be_in(data, start, end))
            or (sought.blank_nodes and may_have_blank_nodes(data, start, end))
        ):
            last = found[-1] if found else None
            if last and last.end == start and end - last.start < _LARGEST:
                found[-1] = Passage(last.start, end, last.prologue)
            else:
                found.append(Passage(start, end, declared.prologue()))
    return None


class _Declarations:
    """The prefixes and the base in force."""

    def __init__(self) -> None:
        self.namespaces: dict[bytes, bytes] = {}
        self.base = b""
        self.latest: bytes | None = None  # the prefix that has changed last
        self._absolute: dict[tuple[bytes, bytes, bool], bytes] = {}
        self._prologue: bytes | None = None

    def declare(self, prefix: bytes | None, iri: bytes | None) -> None:
        """Take in a declaration: a prefix with its colon, or none for the base; or of a version."""
        self.latest = None
        if iri is None:
            return
        if prefix is None:
            self.base = self._resolve(iri, base=True)
        else:
            plain = not self.base and b"\\" not in iri
            namespace = iri[1:-1] if plain else self._resolve(iri, base=False)
            if self.namespaces.get(prefix) == namespace:
                return
            self.namespaces[prefix] = namespace
            self.latest = prefix
        self._prologue = None

    def prologue(self) -> bytes:
        """Return Turtle that declares the same."""
        if self._prologue is None:
            lines = [b"PREFIX %b <%b>\n" % pair for pair in self.namespaces.items()]
            self._prologue = b"".join(lines) + self._base()
        return self._prologue

    def _base(self) -> bytes:
        return b"BASE <%b>\n" % self.base if self.base else b""

    def _resolve(self, iri: bytes, *, base: bool) -> bytes:
        key = self.base, iri, base
        if key not in self._absolute:
            text = self._base() + (b"BASE " if base else b"PREFIX : ") + iri
            parser = parse(text, format=RdfFormat.TURTLE)
            list(parser)
            resolved = (parser.base_iri or "") if base else parser.prefixes[""]
            self._absolute[key] = resolved.encode()
        return self._absolute[key]


class _Words:
    """All words that mean some terms: those without escapes that are not relative IRIs."""

    def __init__(self, terms: Iterable[NamedNode | Literal]) -> None:
        self._iris: list[bytes] = []
        self._texts: list[bytes] = []
        self.words = {b"\\"}  # which may be anything
        for term in terms:
            text = term.value.encode()
            if isinstance(term, NamedNode):
                self._iris.append(text)
                self.words.add(b"<%b>" % text)
            else:
                self._texts.append(text)
                self.words |= {text, *(q + text + q for q in (b"'", b'"', b"'''", b'"""'))}
        self._iris.sort()
        self._texts.sort()
        self._last_parts = {b"", b".", b"..", *map(_last_part, self._iris)}
        self._find = _compiled(_IN_WORDS if self._texts else _IN_NAMES).findall
        self._relative = False
        self._of: dict[bytes, list[bytes]] = {}
        self.made = len(self.words) - 1

    def __bool__(self) -> bool:
        return self.made > 0

    def follow(self, declared: _Declarations) -> None:
        """Take in what has been declared last."""
        self._relative = bool(declared.base)
        if (prefix := declared.latest) is None:
            return
        self.words.difference_update(self._of.get(prefix, ()))
        namespace = declared.namespaces[prefix]
        first = bisect_left(self._iris, namespace)
        last = bisect_left(self._iris, namespace + b"\xff")  # is in no text
        words = [prefix + iri[len(namespace) :] for iri in self._iris[first:last]]
        self.words.update(words)
        self.made += len(words)
        self._of[prefix] = words

    def may_be(self, word: bytes) -> bool:
        """Whether a word that is none of these may still mean the same as one of them."""
        if b"\\" in word:
            return word[:1] not in (b'"', b"'") or self._may_begin(word)
        # What a relative IRI ends with, the absolute one ends with.
        return (
            self._relative and word.startswith(b"<") and _last_part(word[1:-1]) in self._last_parts
        )

    def _may_begin(self, word: bytes) -> bool:
        """Whether a text with an escape is, up to there, as one that is sought."""
        quotes = 3 if word[:3] in (b'"""', b"'''") else 1
        beginning = word[quotes : word.index(b"\\")]
        at = bisect_left(self._texts, beginning)
        return at < len(self._texts) and self._texts[at].startswith(beginning)

    def may_be_in(self, data: bytes, start: int, end: int) -> bool:
        """Whether one of the terms may be in a statement."""
        words = self._find(data, start, end)
        if not self.words.isdisjoint(words):
            return True
        escaped = self._texts and data.find(b"\\", start, end) >= 0
        return bool(escaped or self._relative) and any(map(self.may_be, words))


def _last_part(iri: bytes) -> bytes:
    return _compiled(_BETWEEN_PARTS).split(iri)[-1]
