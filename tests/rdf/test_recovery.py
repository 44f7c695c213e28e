"""Reading on after a syntax error: what was meant, as other files show it."""

from collections.abc import Callable

import pytest

from cjph_graph.rdf.reading import read_bytes
from cjph_graph.rdf.syntax_errors import KnownTerms, Mending, mend
from cjph_graph.rdf.syntax_errors.recovery import Reader
from tests.support.obeying import obey

_HEAD = """\
@prefix ex: <https://example.org/terms#> .
@prefix river: <https://example.org/rivers/> .
@prefix use: <https://example.org/uses/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
# What another file says: which names there are, and what values properties have.
_OTHER = (
    _HEAD
    + """\
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix page: <https://example.org/pages/> .
river:exe a ex:River ; rdfs:label "Exe"@en ; ex:opened "1950-05-01"^^xsd:date ; ex:depth 3.5 ;
  ex:into river:severn-estuary ; ex:use use:trade , use:drinking-water ; ex:isTidal true ;
  ex:described "It rises on Exmoor."@en ; ex:source page:the-exe .
river:severn-estuary a ex:River ; rdfs:label "Severn Estuary"@en ; ex:source page:the-exe .
use:trade a ex:Use ; rdfs:label "Trade"@en .
use:drinking-water a ex:Use ; rdfs:label "Drinking water"@en .
page:the-exe a ex:Page ; rdfs:label "The Exe"@en ; ex:address <https://rivers.example/exe/> .
"""
)


def _known() -> KnownTerms:
    other = read_bytes(_OTHER.encode(), "other")
    assert other.problem is None, other.problem
    return KnownTerms(other.prefixes, other.triples)


def _mend(text: str) -> Mending:
    problem = read_bytes(text.encode(), "text").problem
    assert problem is not None, text
    return mend(text.encode(), problem, _known())


# A statement as people write it, and what it was meant to be.
_MEANT = [
    # Values among which one is as it should be
    ("ex:use use:trade , drinking-water", "ex:use use:trade , use:drinking-water"),
    ("ex:use [use:trade, use:drinking-water]", "ex:use use:trade, use:drinking-water"),
    ("ex:described ['It rises.'@en]", "ex:described 'It rises.'@en"),
    ("ex:into river-exe", "ex:into river:exe"),
    ("ex:into river-taw", "ex:into river:river-taw"),
    # Dates
    ("ex:opened 2021-03-01", 'ex:opened "2021-03-01"^^xsd:date'),
    ("ex:opened 2021-3-1", 'ex:opened "2021-03-01"^^xsd:date'),
    ("ex:opened 3/15/2021", 'ex:opened "2021-03-15"^^xsd:date'),
    ("ex:opened 15.3.2021", 'ex:opened "2021-03-15"^^xsd:date'),
    ("ex:opened 1/2/2021", 'ex:opened "2021-01-02"^^xsd:date'),
    ("ex:opened 2021/03/01", 'ex:opened "2021-03-01"^^xsd:date'),
    ("ex:opened March 2021", 'ex:opened "2021-03"^^xsd:gYearMonth'),
    ("ex:opened Mar. 2021", 'ex:opened "2021-03"^^xsd:gYearMonth'),
    ("ex:opened March 1, 2021", 'ex:opened "2021-03-01"^^xsd:date'),
    ("ex:opened 1st of March 2021", 'ex:opened "2021-03-01"^^xsd:date'),
    ("ex:opened 2021-03", 'ex:opened "2021-03"^^xsd:gYearMonth'),
    ("ex:opened 2021–03–01", 'ex:opened "2021-03-01"^^xsd:date'),
    ("ex:opened 2021-03-01^^xsd:date", 'ex:opened "2021-03-01"^^xsd:date'),
    ("ex:opened c. 1950", 'ex:opened "1950"^^xsd:gYear'),
    ("ex:opened 1950-1955", 'ex:opened "1950"^^xsd:gYear'),
    ('ex:opened "2021-03-01"^^date', 'ex:opened "2021-03-01"^^xsd:date'),
    ('ex:opened "2021-03-01"^xsd:date', 'ex:opened "2021-03-01"^^xsd:date'),
    ("ex:opened '99", 'ex:opened "1999"^^xsd:gYear'),
    # Names
    ("ex:into river:Exe (Devon)", "ex:into river:exe"),
    ("ex:into river:Severn Estuary", "ex:into river:severn-estuary"),
    ("ex:into Severn Estuary", "ex:into river:severn-estuary"),
    ("ex:into severn-estuary", "ex:into river:severn-estuary"),
    ("ex:into river: severn-estuary", "ex:into river:severn-estuary"),
    ("ex:into rivers:severn-estuary", "ex:into river:severn-estuary"),
    ("ex:into riv:severn-estuary", "ex:into river:severn-estuary"),
    ("ex:into :severn-estuary", "ex:into river:severn-estuary"),
    ("ex:into <severn-estuary>", "ex:into river:severn-estuary"),
    ("ex:use Trade, Drinking water", "ex:use use:trade, use:drinking-water"),
    ("ex:use drinking water , use:trade", "ex:use use:drinking-water , use:trade"),
    ("ex:use Drinking-Watr", "ex:use use:drinking-water"),
    # Properties
    ("opened 2021-03-01", 'ex:opened "2021-03-01"^^xsd:date'),
    ("Opened: 2021-03-01", 'ex:opened "2021-03-01"^^xsd:date'),
    ("is tidal true", "ex:isTidal true"),
    ("ex:is tidal true", "ex:isTidal true"),
    ("into river:exe", "ex:into river:exe"),
    ("ex:into = river:exe", "ex:into river:exe"),
    ("ex:into -> river:exe", "ex:into river:exe"),
    ("is a ex:River", "a ex:River"),
    ("a River", "a ex:River"),
    ("a: ex:River", "a ex:River"),
    ("is ex:River", "a ex:River"),
    ("ex:into == river:exe", "ex:into river:exe"),
    ("ex:into => river:exe", "ex:into river:exe"),
    ("ex:into river：exe", "ex:into river:exe"),
    ("ex:River", "a ex:River"),
    ("ex:opened present ; ex:depth 3", "ex:depth 3"),
    ('"ex:depth": 3', "ex:depth 3"),
    ("ex:use use:trade. use:drinking-water", "ex:use use:trade, use:drinking-water"),
    ("ex:use use:trade and use:drinking-water", "ex:use use:trade, use:drinking-water"),
    ("ex:use use:trade & use:drinking-water", "ex:use use:trade, use:drinking-water"),
    ("- ex:depth 3", "ex:depth 3"),
    ("ex.depth 3", "ex:depth 3"),
    ("ex/depth 3", "ex:depth 3"),
    ("ex :depth 3", "ex:depth 3"),
    ("https://example.org/terms#depth 3", "ex:depth 3"),
    ('ex:described, "It is wide"@en', 'ex:described "It is wide"@en'),
    ('ex:described "It is wide\\"@en', 'ex:described "It is wide"@en'),
    ("ex:use use/trade", "ex:use use:trade"),
    ("ex:into data/rivers/exe.ttl", "ex:into river:exe"),
    ("ex:opened Mar-21", 'ex:opened "2021-03"^^xsd:gYearMonth'),
    ("ex:opened 2021-Q1", 'ex:opened "2021"^^xsd:gYear'),
    ("ex:opened 1950's", 'ex:opened "1950"^^xsd:gYear'),
    ("ex:use - use:trade", "ex:use use:trade"),
    # Numbers, truth and addresses
    ("ex:depth 1 200", "ex:depth 1200"),
    ("ex:depth 1,200 m", "ex:depth 1200"),
    ("ex:depth 12%", "ex:depth 12"),
    ("ex:isTidal Yes", "ex:isTidal true"),
    ("ex:isTidal FALSE", "ex:isTidal false"),
    ("ex:address https://a.example/b", "ex:address <https://a.example/b>"),
    ("ex:address www.a.example", "ex:address <https://www.a.example>"),
    ("ex:address <www.a.example>", "ex:address <https://www.a.example>"),
    ("ex:address <https://a.example/b", "ex:address <https://a.example/b>"),
    ("ex:address <https://a.example/ b>", "ex:address <https://a.example/b>"),
    ("ex:address [the page](https://a.example/b)", "ex:address <https://a.example/b>"),
    # Texts
    ('ex:described "It is wide"^^en', 'ex:described "It is wide"@en'),
    ("ex:described It is wide", 'ex:described "It is wide"@en'),
    ("ex:described It's wide, and deep; mostly", 'ex:described "It\'s wide, and deep; mostly"@en'),
    ("ex:described It is wide@fr", 'ex:described "It is wide"@fr'),
    ('ex:described "It is wide"en', 'ex:described "It is wide"@en'),
    ('ex:described "It is wide" en', 'ex:described "It is wide" @en'),
    ('ex:described "It is wide"@ en', 'ex:described "It is wide"@en'),
    ('ex:described "It is wide"@@en', 'ex:described "It is wide"@en'),
    ('ex:described @en "It is wide"', 'ex:described "It is wide"@en'),
    ('ex:described "It is wide@en', 'ex:described "It is wide"@en'),
    ("ex:described “It is “wide””@en", 'ex:described "It is “wide”"@en'),
    ('ex:described “It is "wide"”@en', 'ex:described "It is \\"wide\\""@en'),
    ('ex:described "It is "wide", and deep"@en', 'ex:described "It is \\"wide\\", and deep"@en'),
    ("ex:described ''It is wide''@en", 'ex:described "It is wide"@en'),
    ('ex:described ""It is wide""@en', 'ex:described "It is wide"@en'),
    ('ex:described "It is wide"@en_US', 'ex:described "It is wide"@en-US'),
    ('ex:described "It is wide"@En_us', 'ex:described "It is wide"@en-us'),
    ('ex:described "It is wide"@e', 'ex:described "It is wide"@en'),
    ('ex:described "It is wide"@theenglishlanguage', 'ex:described "It is wide"@en'),
    ('ex:described "It is wide"@"en"', 'ex:described "It is wide"@en'),
    ('ex:described "It is wide"@(en)', 'ex:described "It is wide"@en'),
    ('ex:described "It is wide" (fr)', 'ex:described "It is wide" @fr'),
    ('ex:described "It is wide" [en]', 'ex:described "It is wide" @en'),
    ('ex:described "It is wide":en', 'ex:described "It is wide"@en'),
    ('ex:described "It is wide"lang=en', 'ex:described "It is wide"@en'),
    ('ex:described "It is wide"@en^^xsd:string', 'ex:described "It is wide"@en'),
    ('ex:described "It is wide"^^xsd:string@en', 'ex:described "It is wide"@en'),
    ("ex:described `It is wide`@en", 'ex:described "It is wide"@en'),
    ("ex:described \"It's wide'@en", 'ex:described "It\'s wide"@en'),
    ("ex:described 'It's wide'@en", "ex:described 'It\\'s wide'@en"),
    ('ex:described "A\\Bank"@en', 'ex:described "A\\\\Bank"@en'),
]


_TWICE = ("opened 2021-03-01", "Opened: 2021-03-01", "ex:use Trade, Drinking water")


@pytest.mark.parametrize(("written", "meant"), _MEANT)
@pytest.mark.parametrize(
    "frame", ["river:otter {} .\n", "river:otter\n    {} ;\n    a ex:River .\n"]
)
def test_what_was_meant(written: str, meant: str | None, frame: str) -> None:
    text = _HEAD + frame.format(written)
    mending = _mend(text)
    obeyed = obey(text, mending.mistakes)
    read = read_bytes(obeyed.encode(), "text")
    assert read.problem is None, (obeyed, mending.mistakes)
    assert len(mending.mistakes) == (2 if written in _TWICE else 1), mending.mistakes
    if meant is not None:
        assert obeyed.split() == (_HEAD + frame.format(meant)).split()
        # What is checked is what the file says once it is mended.
        assert mending.file is not None
        assert set(mending.file.triples) == set(read.triples)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("// The otter\nriver:otter ex:into river:exe .\n", 5),
        ("river:The Otter a ex:River ; ex:into river:exe .\n", 5),
        ("the-otter a ex:River ; ex:into river:exe .\n", 5),
        ("river:otter ex:into river:exe . // its mouth\n", 5),
        ("river:otter ex:into river:exe ;\u00a0\n ex:use\u00a0use:trade .\n", 5),
        ("@prefix page <https://example.org/pages/> .\nriver:otter ex:source page:the-exe .\n", 5),
        ("@prefix page; <https://example.org/pages/> .\nriver:otter ex:source page:the-exe .\n", 5),
        ("river:otter a ex:River .\n}\n", 6),
        ("river:otter .\n    a ex:River ; ex:depth 3 .\n", 5),
        ("<otter>\n    a ex:River ; ex:depth 3 .\n", 5),
        ("https://example.org/rivers/otter\n    a ex:River ; ex:depth 3 .\n", 5),
        ('river:otter ex:described "wide"@en and\n    ex:depth 3 .\n', 5),
        ("river:otter ex:depth 3 :\n    ex:use use:trade .\n", 5),
        ("@prefix page: https://example.org/pages/ .\nriver:otter ex:source page:the-exe .\n", 5),
        ("@prefix page : <https://example.org/pages/>.\nriver:otter ex:source page:the-exe .\n", 5),
        ("@prefix page: <https://example.org/pages/>;\nriver:otter ex:source page:the-exe .\n", 5),
        ("@Prefix page: <https://example.org/pages/> .\nriver:otter ex:source page:the-exe .\n", 5),
        ("@prefix page: .\nriver:otter ex:source page:the-exe .\n", 5),
        ("river:otter ex:source page:the-exe .\n", 5),
        ("/* The otter */ river:otter a ex:River .\n", 5),
        ("/* The otter,\n   a river */\nriver:otter a ex:River .\n", 5),
        ("<!-- The otter -->\nriver:otter a ex:River .\n", 5),
        ("river:otter a ex:River ; -- or a canal?\n    ex:depth 3 .\n", 5),
        ("```turtle\nriver:otter a ex:River .\n", 5),
        ('"The Otter"\n    a ex:River ; ex:depth 3 .\n', 5),
        ("rvr:otter a ex:River ; ex:depth 3 .\n", 5),
        ("river:otter;\n    ex:depth 3 .\n", 5),
        ("river:otter\n    ex:depth 3 }\n    ex:into river:exe .\n", 6),
        ("river:otter\n    ex:depth 3 ；\n    ex:into river:exe .\n", 6),
        ("river:otter ex:part :part-1 .\n:part-1 ex:depth 3 .\n", 5),
        ('river:otter ex:described "One\ntwo"@en ;\n    ex:depth 3 .\n', 5),
    ],
)
def test_other_mistakes_are_mended_as_told(text: str, line: int) -> None:
    text = _HEAD + text
    mending = _mend(text)
    (mistake,) = mending.mistakes
    assert mistake.line == line
    assert mending.file is not None
    read = read_bytes(obey(text, [mistake]).encode(), "text")
    assert read.problem is None
    assert set(read.triples) == set(mending.file.triples)


def test_a_source_by_its_address_is_named() -> None:
    text = f"{_HEAD}river:otter ex:source http://www.rivers.example/exe ."
    (mistake,) = _mend(text).mistakes
    assert mistake.message == "This is the address of page:the-exe."
    assert "page:the-exe" in obey(text, [mistake])


def test_what_nobody_can_guess_is_left_out() -> None:
    text = _HEAD + (
        "river:otter ex:into Neverland ;\n  ex:depth 4 ;\n  wibble wobble .\n"
        "river:tale ex:depth 5 .\n"
    )
    mending = _mend(text)
    assert [m.line for m in mending.mistakes] == [5, 7]
    assert mending.file is not None
    assert mending.file.count == 2
    assert mending.unsure == {"https://example.org/rivers/otter"}


def test_at_most_twenty_are_told_and_then_nothing_is_said_of_the_rest() -> None:
    mending = _mend(_HEAD + "river:otter ex:depth 3 % .\n" * 30)
    assert len(mending.mistakes) == 20
    assert mending.file is None


def _work(text: str) -> int:
    """Return how many words the reader looks at."""
    reader = Reader(text, _known()).read()
    return reader.source.read


_GROWING: dict[str, Callable[[int], str]] = {
    "mistakes": lambda n: "river:otter ex:into Neverland ;\n" * n,
    "quotes": lambda n: 'river:otter ex:described "open ;\n' * n,
    "long quotes": lambda n: 'river:otter ex:described \\""" ;\n' * n,
    "curly": lambda n: "river:otter ex:described “" * n,
    "brackets": lambda n: "[ ex:into " * n,
    "lists": lambda n: "river:otter ex:into " + "( " * n,
    "addresses": lambda n: "<http://a" * n,
    "names": lambda n: "river:otter ex:into " + "a" * n,
    "words": lambda n: "river:otter ex:into " + "a " * n,
    "marks": lambda n: "river:otter ex:into river:exe " + ", " * n,
    "stops": lambda n: ". " * n,
    "lines": lambda n: "\n" * n + "x",
    "invisible": lambda n: "\u00a0" * n + "x",
    "backslashes": lambda n: 'river:otter ex:described "' + "\\p" * n + '" .',
    "spaces": lambda n: 'river:otter ex:described "x' + " " * n + "y ; x",
    "gaps": lambda n: "river:otter ex:described “x" + " ” " * n + "y ; x",
    "comments": lambda n: "x /* x " * n,
    "carets": lambda n: "river:otter ex:opened 2020" + " " * n + "^x",
    "tags": lambda n: 'river:otter ex:described "x"y ' + "@a" * n,
    "sound": lambda n: "river:otter ex:into river:exe .\n" * n + "x",
}


@pytest.mark.parametrize("name", _GROWING)
def test_the_work_grows_with_the_file(name: str) -> None:
    make = _GROWING[name]
    few, many = (_work(_HEAD + make(number)) for number in (500, 5000))
    assert many <= 12 * few + 500


@pytest.mark.slow
@pytest.mark.parametrize("name", _GROWING)
def test_a_hundred_thousand_mistakes_take_no_longer_than_reading(name: str) -> None:
    text = _HEAD + _GROWING[name](100_000)
    problem = read_bytes(_HEAD.encode() + b"x", "text").problem
    assert problem is not None
    assert 1 <= len(mend(text.encode(), problem, _known()).mistakes) <= 20
