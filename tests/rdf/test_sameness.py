"""Whether two Turtle texts say the same: blank nodes by what they say, whatever they are called."""

import time

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

from cjph_graph.rdf.format import sameness
from cjph_graph.rdf.format.sameness import are_the_same, lines_of, say_the_same

_PREFIX = b"@prefix e: <http://e/> .\n"
_SAME = [
    ("e:a e:b [ e:c 1 ; e:d [ e:f 2 ] ] .", "e:a e:b [ e:d [ e:f 2 ] ; e:c 1 ] ."),
    ("e:a e:b [] , [] .", "e:a e:b [], [] ."),
    ("[ e:c 1 ] . [] e:b 2 .", "[] e:b 2 . [ e:c 1 ] ."),
    ("e:a e:b ( 1 [ e:c 2 ] ( ) ) .", "e:a e:b ( 1 [ e:c 2 ] () ) ."),
    ("e:a e:b _:x . _:x e:c [ e:d _:x ] .", "_:x e:c [ e:d _:x ] . e:a e:b _:x ."),
    ("e:a e:b e:c {| e:d [ e:f 1 ] |} .", "e:a e:b e:c {| e:d [ e:f 1 ] |} ."),
    ("e:a e:b <<( [] e:c 1 )>> , <<( [] e:c 2 )>> .", "e:a e:b <<( [] e:c 2 )>>,<<( [] e:c 1 )>>."),
    ("_:x e:b 1 .", "_:y e:b 1 ."),
]
_OTHER = [
    ("e:a e:b [ e:c 1 ; e:d [ e:f 2 ] ] .", "e:a e:b [ e:c 1 ; e:d [ e:f 3 ] ] ."),
    ("e:a e:b [] , [] .", "e:a e:b [] ."),
    ("e:a e:b [ e:c 1 ] , [ e:c 2 ; e:d 3 ] .", "e:a e:b [ e:c 1 ; e:d 3 ] , [ e:c 2 ] ."),
    ("e:a e:b ( 1 2 [] ) .", "e:a e:b ( 2 1 [] ) ."),
    ("e:a e:b [ e:c 1 ] . e:d e:b [] .", "e:a e:b [] . e:d e:b [ e:c 1 ] ."),
    ("e:a e:b _:x . e:c e:b _:x .", "e:a e:b [] . e:c e:b [] ."),
    ("e:a e:b [ e:c _:x ] . _:x e:d 1 .", "e:a e:b [ e:c _:x ] . _:y e:d 1 ."),
    ('e:a e:b [ e:c "1" ] .', "e:a e:b [ e:c 1 ] ."),
    ("e:a e:b e:c {| e:d [ e:f 1 ] |} .", "e:a e:b e:c {| e:d [ e:f 2 ] |} ."),
]


def _canonical(text: bytes) -> set[object]:
    dataset = Dataset(parse(text, format=RdfFormat.TURTLE))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {*dataset}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [(*pair, True) for pair in _SAME] + [(*pair, False) for pair in _OTHER],
)
def test_it_is_what_the_standard_says(one: str, other: str, same: bool) -> None:
    before, after = (_PREFIX + text.encode() for text in (one, other))
    assert say_the_same(before, after) is same
    assert say_the_same(after, before) is same
    assert (_canonical(before) == _canonical(after)) is same


def test_many_brackets_take_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sameness, "_named", None)  # this is not needed
    members = b" ".join(b"[ e:c %d ]" % number for number in range(3_000))
    blocks = b"".join(b"e:a%d e:b [ e:c 1 ; e:d ( 1 2 ) ] .\n" % n for n in range(1_000))
    text = _PREFIX + b"e:a e:b (" + members + b") .\n" + blocks
    start = time.process_time()
    assert say_the_same(text, text)
    assert time.process_time() - start < 3


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("e:a e:b 1 , 2 .", "e:a e:b 1 , 2 .", True),
        ("e:a e:b 1 , 2 , 1 .", "e:a e:b 2 , 1 .", True),
        ("e:a e:b 1.0 .", "e:a e:b 1.00 .", False),
        ("e:a e:b 1 , 2 .", "e:a e:b 1 .", False),
    ],
)
def test_lines_are_compared_in_any_order(before: str, after: str, same: bool) -> None:
    one, other = (lines_of(_PREFIX + text.encode()) for text in (before, after))
    assert are_the_same(one, other) is same
