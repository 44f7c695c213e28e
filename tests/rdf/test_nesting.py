"""What is known of a file's brackets before it is parsed."""

import pytest

from cjph_graph.rdf import nesting, reading
from cjph_graph.system.limits import BYTES_PER_TRIPLE, limits

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
        ("ex:c ex:p 1 ~ ex:r .", True),
        ("ex:c ex:p '~' , <http://e/~c> ; ex:q ex:b\\~c . # ~", False),
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


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ex:a ex:p 'one, two; three' , 4 ; ex:q 5 .", True),
        ("ex:a ex:p 1,2,3,4,5,6,7,8,9 .", False),
        ("ex:a ex:p 1;ex:q 2;ex:r 3;ex:s 4;ex:t 5;ex:u 6;ex:v 7;ex:w 8 .", False),
        ("ex:a ex:p ( 1 2 3 4 5 6 7 8 9 ) .", False),
        ("ex:a ex:p 1 ~ ex:r .", False),
    ],
)
def test_a_plain_text_has_no_more_triples_than_are_allowed(text: str, plain: bool) -> None:
    with limits(max_size=7 * BYTES_PER_TRIPLE):
        assert nesting.most_triples() == 7
        assert nesting.is_plain(text.encode()) is plain
        assert nesting.may_have_too_many(text.encode()) is not plain


def test_a_large_file_is_loaded_while_it_is_gone_through() -> None:
    """It is not counted beforehand: what ends its statements is few enough."""
    text = f"<urn:a> <urn:p> '{'x' * 1_000}' .".encode()
    begun: list[bytes] = []
    with limits(max_size=2 * BYTES_PER_TRIPLE):
        reading._scan(text, "text", begin=begun.append)
    assert begun == [text]
