"""What two graphs say differently: by thing and property, whatever blank nodes are called."""

import random

import pytest
from pyoxigraph import NamedNode

from cjph_graph.rdf import read_bytes
from cjph_graph.rdf.diff import Difference, differences

_PREFIX = "@prefix e: <http://e/> .\n"


def _said(before: str, after: str) -> list[tuple[str, str, list[str], list[str]]]:
    """Return differences as texts, with e: for the namespace."""

    def short(term: object) -> str:
        return str(term).replace("http://e/", "")

    return [
        (
            short(each.subject),
            short(each.property),
            [*map(short, each.before)],
            [*map(short, each.after)],
        )
        for each in _differences(before, after)
    ]


def _differences(before: str, after: str) -> list[Difference]:
    sides = [
        read_bytes((_PREFIX + text).encode(), name).sound().triples
        for name, text in (("old", before), ("new", after))
    ]
    return differences(*sides)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("e:a e:b 1 ; e:c 2 .", "e:a e:c 2 .\ne:a e:b 1 ."),
        ("e:a e:b [ e:c 1 ; e:d 2 ] .", "e:a e:b _:x . _:x e:d 2 ; e:c 1 ."),
        ("e:a e:b ( 1 [ e:c 2 ] 3 ) .", "_:y e:c 2 . e:a e:b ( 1 _:y 3 ) ."),
        ("[] e:b 1 . [] e:b 2 .", "_:q e:b 2 . _:p e:b 1 ."),
        ("_:a e:to _:b . _:b e:to _:a . e:x e:to _:a .",
         "_:b e:to _:a . e:x e:to _:b . _:a e:to _:b ."),
    ],
)  # fmt: skip
def test_the_same_said_otherwise_is_no_difference(before: str, after: str) -> None:
    assert _said(before, after) == []


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("e:a e:b 1 , 2 .", "e:a e:b 2 , 3 .", [("<a>", "<b>", ["\"1\""], ["\"3\""])]),
        ('e:a e:b "x"@en .', 'e:a e:b "x"@fr .', [("<a>", "<b>", ['"x"@en'], ['"x"@fr'])]),
        ("e:a e:b e:c .", "", [("<a>", "<b>", ["<c>"], [])]),
        ("", "e:z e:b e:c . e:a e:d e:e .",
         [("<z>", "<b>", [], ["<c>"]), ("<a>", "<d>", [], ["<e>"])]),
        ("e:a e:b [ e:c e:x ] .", "e:a e:b [ e:c e:y ] .",
         [("<a>", "<b>", ["[ <c> <x> ]"], ["[ <c> <y> ]"])]),
        ("e:a e:b ( e:x e:y ) .", "e:a e:b ( e:y e:x ) .",
         [("<a>", "<b>", ["( <x> <y> )"], ["( <y> <x> )"])]),
        ("e:a e:b [ e:c [ e:d ( [ e:e e:x ] ) ] ] .", "e:a e:b [ e:c [ e:d ( [ e:e e:y ] ) ] ] .",
         [("<a>", "<b>", ["[ <c> [ <d> ( [ <e> <x> ] ) ] ]"],
           ["[ <c> [ <d> ( [ <e> <y> ] ) ] ]"])]),
        ("[] e:b e:c .", "", [("[ <b> <c> ]", "<b>", ["<c>"], [])]),
    ],
)  # fmt: skip
def test_what_is_said_otherwise(before: str, after: str, said: object) -> None:
    found = [
        (s, p, [v.replace("^^<http://www.w3.org/2001/XMLSchema#integer>", "") for v in b],
         [v.replace("^^<http://www.w3.org/2001/XMLSchema#integer>", "") for v in a])
        for s, p, b, a in _said(before, after)
    ]  # fmt: skip
    assert found == said


def test_a_difference_deep_down_is_one_of_the_thing_above() -> None:
    before, after = ("e:a e:b " + "[ e:c " * 60 + f"e:{end}" + " ]" * 60 + " ." for end in "xy")
    (found,) = _differences(before, after)
    assert found.subject == NamedNode("http://e/a")


def test_nodes_that_lead_to_the_same_in_turn_do_not_take_for_ever() -> None:
    doubled = "".join(f"_:n{n} e:l _:n{n + 1} ; e:r _:n{n + 1} .\n" for n in range(200))
    before, after = (f"e:a e:b _:n0 .\n{doubled}_:n200 e:b e:{end} .\n" for end in "xy")
    assert len(_differences(before, after)) == 1
    assert _differences(before, before) == []


def test_the_order_of_statements_says_nothing() -> None:
    chance = random.Random(7)
    lines = [f"e:s{n % 40} e:p{n % 7} {n} , [ e:q {n} ] ." for n in range(300)]
    shuffled = chance.sample(lines, len(lines))
    assert _differences("\n".join(lines), "\n".join(shuffled)) == []
    changed = [line.replace(" 250 ", " 999 ") for line in shuffled]
    assert len(_differences("\n".join(lines), "\n".join(changed))) == 1
