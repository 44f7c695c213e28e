"""What was meant by a name that nothing has: by beginnings, words and their spelling."""

import pytest

from cjph_graph.home.suggestions import perhaps, suggest

_KNOWN = [
    *((slug, slug) for slug in ("elm-street-drug-court-of-springfield", "ash", "oak-house")),
    ("Elm Street Drug Court", "elm-street-drug-court-of-springfield"),
    ("Ash Tree Clinic", "ash"),
    ("Clínica del Fresno", "ash"),
    ("Oak House", "oak-house"),
]


@pytest.mark.parametrize(
    ("word", "first"),
    [
        ("elm", "elm-street-drug-court-of-springfield"),  # a slug begins with it
        ("Drug", "elm-street-drug-court-of-springfield"),  # a word is it
        ("spring", "elm-street-drug-court-of-springfield"),  # a word begins with it
        ("clinica", "ash"),
        ("fresno", "ash"),
        ("oak-hause", "oak-house"),  # almost the whole
        ("sprigfield", "elm-street-drug-court-of-springfield"),  # almost a word of a long name
        ("cliinc", "ash"),
        ("curt drugs", "elm-street-drug-court-of-springfield"),  # several words, in any order
        ("tree-clinik", "ash"),
        ("OAK HOSE", "oak-house"),
    ],
)
def test_what_was_meant_comes_first(word: str, first: str) -> None:
    assert suggest(word, _KNOWN)[0] == first


@pytest.mark.parametrize("word", ["", "zebra", "elm-zebra-zebra-zebra-zebra", "x" * 5_000])
def test_nothing_is_made_up(word: str) -> None:
    assert suggest(word, _KNOWN) == []
    assert perhaps(word, _KNOWN) == "."


def test_no_more_than_three_and_each_once() -> None:
    known = [(f"elm-{name}", f"elm-{name}") for name in "abcdef"]
    assert suggest("elm", [*known, *known]) == ["elm-a", "elm-b", "elm-c"]
