"""What is known of a file's brackets before it is parsed."""

import pytest

from cjph_graph.rdf import nesting

_LONG = "".join(
    f"ex:a{n} ex:p 'text (of {n}) [a]' ; # ( a comment [\n ex:q ex:b .\n" for n in range(20)
)


@pytest.mark.parametrize(
    ("end", "has_some"),
    [
        ("", False),
        ("ex:c ex:p <http://e/(a)> .", False),
        ("ex:c ex:p [ ] .", True),
        ("ex:c ex:p ( ) .", True),
        ("ex:c ex:p _:x .", True),
        ("ex:c ex:p '[ .", True),  # never closed: the parser will say so
        ("<< ex:c ex:p 1 >> ex:q 2 .", True),
    ],
)
def test_brackets_of_a_long_text_count_only_outside_texts(
    end: str, has_some: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nesting, "_SHORT", 100)
    assert nesting.may_have_blank_nodes((_LONG + end).encode()) is has_some


def test_a_short_text_with_brackets_is_not_looked_at_closely() -> None:
    assert nesting.may_have_blank_nodes(b"ex:a ex:p '(a)' .")
    assert not nesting.may_have_blank_nodes(b"ex:a ex:p 'a' .")
