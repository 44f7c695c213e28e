"""Languages and regular expressions: both engines say what SPARQL and XPath say."""

import pytest

from cjph_graph.errors import InputError
from cjph_graph.rdf.reading import read_bytes
from cjph_graph.shacl import Shapes, load_files, validate_graph, validate_with_pyshacl

_PREFIXES = """\
@prefix ex: <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def _broken(constraint: str, *values: str) -> list[str]:
    """Return the values that break a constraint, which both engines have to agree on."""
    shapes = f"{_PREFIXES} ex:S sh:targetNode ex:a ; sh:path ex:p ; {constraint} ."
    data = f"{_PREFIXES} ex:a ex:p {' , '.join(values)} ."
    rules = Shapes(read_bytes(shapes.encode(), "shapes").triples)
    found = [
        sorted(
            str(result.term("value"))
            for result in validate(
                rules, load_files([read_bytes(data.encode(), "d")]).graph
            ).results
        )
        for validate in (validate_graph, validate_with_pyshacl)
    ]
    assert found[0] == found[1]
    return found[0]


@pytest.mark.parametrize(
    ("ranges", "tag", "allowed"),
    [
        ('"de"', "de", True),
        ('"de"', "DE-at", True),
        ('"de"', "de-AT-1996", True),
        ('"de"', "den", False),
        ('"de-AT"', "de", False),
        ('"de-AT"', "de-at-1996", True),
        ('"de-AT"', "de-Latn-AT", False),
        ('"sr-Latn"', "sr-Latn-RS", True),
        ('"sr-Latn"', "sr-Cyrl", False),
        ('"sr-Latn"', "sr-Latnx", False),
        ('"en-GB-oed"', "en-GB-oed-x-y", True),
        ('"en-x"', "en-x-loud", True),
        ('"i-klingon"', "i-klingon", True),
        ('"*"', "fr-CA", True),
        ('"fr" "es-MX"', "es-MX-x-a", True),
        ('"fr" "es-MX"', "es", False),
    ],
)
def test_a_language_is_in_a_range_or_not(ranges: str, tag: str, allowed: bool) -> None:
    broken = _broken(f"sh:languageIn ( {ranges} )", f'"salut"@{tag}')
    assert bool(broken) is not allowed


@pytest.mark.parametrize("ranges", ['"en"', '"*"', '"en" "de"'])
def test_what_has_no_language_is_in_no_range(ranges: str) -> None:
    values = ['"plain"', "5", "ex:b", '"2020"^^xsd:gYear']
    assert len(_broken(f"sh:languageIn ( {ranges} )", *values)) == len(values)


@pytest.mark.parametrize(
    ("pattern", "flags", "text", "found"),
    [
        # `s`: a point is any character; without it none that ends a line.
        ("^one.two$", "s", r"one\ntwo", True),
        ("^one.two$", "", r"one\ntwo", False),
        ("^ONE.two$", "is", r"one\ntwo", True),
        ("^one.*end$", "s", r"one\n\nend", True),
        # `m`: a line begins and ends inside the text.
        ("^two$", "m", r"one\ntwo\nthree", True),
        ("^two$", "", r"one\ntwo\nthree", False),
        ("^T.*O$", "mi", r"one\ntwo", True),
        ("^one.two$", "sm", r"zero\none\ntwo\nthree", True),
        ("e$", "", r"one\n", False),
        # `x`: white space in the pattern is not in the text, but for that in brackets.
        ("^ o n e $", "x", "one", True),
        (r"^one\\ntwo", "x", r"one\ntwo", True),
        ("^one[ ]two$", "x", "one two", True),
        ("^one two$", "x", "one two", False),
        ("^O\tN\tE", "xi", "one", True),
        ("^a#b$", "x", "a#b", True),
        # `q`: no character has a meaning of its own.
        ("1.5", "q", "v1.5", True),
        ("1.5", "q", "v1x5", False),
        ("(a", "q", "b(a", True),
        ("[A]+", "qi", "x[a]+", True),
        ("^a$", "q", "a", False),
        ("a b", "qx", "a b", True),
        # `i`
        ("STRASSE", "i", "strasse", True),
        ("^straße$", "i", "STRASSE", False),
        ("^é$", "i", "É", True),
        ("^Σ$", "i", "σ", True),
        ("^[a-c]$", "i", "B", True),
        ("^[^a-c]$", "i", "B", False),
        # Flags that do not exist are passed over.
        ("^one$", "g", "one", True),
        ("^ONE$", "gi", "one", True),
    ],
)
def test_the_flags_of_a_pattern_are_those_of_xpath(
    pattern: str, flags: str, text: str, found: bool
) -> None:
    broken = _broken(f'sh:pattern "{pattern}" ; sh:flags "{flags}"', f'"{text}"')
    assert bool(broken) is not found


@pytest.mark.parametrize(
    "pattern", ["[^a-z]", "^[^k]$", "^[^s]$", "^k$", "^s$", "^ss$", r"\\W", "^i$"]
)
@pytest.mark.parametrize("text", ["K", "ſ", "ß", "ẞ", "ı", "İ", "i", "I", "s", "ﬁ", "µ", "Ω"])
def test_letters_that_programs_fold_in_different_ways_are_left_to_one(
    pattern: str, text: str
) -> None:
    """What asks the store may say nothing of its own where Rust and Python fold letters apart."""
    _broken(f'sh:pattern "{pattern}" ; sh:flags "i"', f'"{text}"')


@pytest.mark.parametrize(
    ("value", "found"),
    [("ex:abc", True), ("[ ]", False), ("123", True), ('"abc"@en', True), ('"x"', False)],
)
def test_a_pattern_is_sought_in_any_term_but_a_blank_node(value: str, found: bool) -> None:
    assert bool(_broken('sh:pattern "abc|23"', value)) is not found


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("(" * 5_000 + "a" + ")" * 5_000, "is larger than can be followed"),
        ("(" * 5_000, "is larger than can be followed|is not a regular expression"),
        ("a{99999999999999999999}", "is larger than can be followed|is not a regular expression"),
        ("x" * 5_000 + "(", "is not a regular expression"),
    ],
)
def test_a_pattern_that_is_too_much_is_one_sentence(pattern: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as raised:
        _broken(f'sh:pattern "{pattern}"', '"a"')
    assert len(raised.value.message) < 400
