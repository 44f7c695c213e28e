"""What is left out of a file: never a statement about the things asked for, and no line end."""

import random
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Triple

from cjph_graph.rdf import TurtleFile, read_bytes, read_turtle
from cjph_graph.rdf.portions import portions_about
from cjph_graph.rdf.positions import Excerpt, Located

_ROOT = Path(__file__).parents[2]
_HEAD = "@prefix ex: <http://e/> .\n"
_WYE = NamedNode("http://e/wye")


def _located(file: TurtleFile, node: NamedNode, triples: tuple[Triple, ...]) -> Located:
    """Return where a node is described and where it is a value, by the triples of a text."""
    of_node = {n: t for n, t in enumerate(triples) if node in (t.subject, t.object)}
    return Excerpt(file, of_node).locate(of_node.values(), [node])


def _same(file: TurtleFile, node: NamedNode) -> bytes:
    """Return what is left of a file, when that has every statement that names a node."""
    left = read_bytes(portions_about(file, [node]).data, file.path)
    assert left.problem is None
    assert left.prefixes == file.prefixes
    assert _located(left, node, left.triples) == _located(file, node, file.triples)
    return left.data


def test_lines_of_other_statements_are_empty_and_the_last_ones_go() -> None:
    wye = 'ex:wye ex:name "Wye" ;\n ex:near ex:exe .\n'
    text = f'{_HEAD}ex:exe ex:name "Exe" .\n{wye}ex:zed a ex:river .'
    assert _same(read_bytes(text.encode(), "rivers"), _WYE).decode() == f"{_HEAD}\n{wye}"


@pytest.mark.parametrize(
    "text",
    [
        "ex:b ex:c ex:wye .\n",
        "<http://e/wye> ex:c ex:d .\n",
        "ex:b ex:c <http://e/wye> .\n",
        "<http://e/wy\\u0065> ex:c ex:d .\n",
        "ex:b\\.\n ex:c ex:wye .\n",
        "# ex:b .\nex:wye ex:c ex:d .\n",
        "ex:wye # all of it .\n ex:c ex:d .\n",
        "ex:wye ex:c <http://e/#a> .\n",
        'ex:wye ex:c "a # b" .\nex:d ex:e ex:f .\n',
        'ex:a ex:c """b .\nex:wye .\n""" .\nex:wye ex:c ex:d .\n',
        "ex:a ex:c '''b .\n\"\"\" .\n''' .\nex:wye ex:c ex:d .\n",
        "@prefix w: <http://e/w> .\nw:ye ex:c ex:d .\n",
        "@prefix w: <http://e/w>.w:ye ex:c ex:d .\n@prefix w: <http://e/> .\n",
        "PREFIX\n# prefix ex: <http://e/>\nw: <http://e/w>\nw:ye ex:c ex:d .\n",
        "@prefix w: <http://e/wye> .\nw: ex:c ex:d .\n",
        "@base <http://e/wye> .\n<> ex:c ex:d .\n",
        "BASE <http://e/w>\n<wye> ex:c ex:d .\n",
        "@prefix ex: <http://other/> .\nex:wye ex:c ex:d .\n@prefix ex: <http://e/> .\n",
        "ex:wye ex:c ex:d .\r\n# .\rex:b ex:c ex:wye .\n",
        "ex:b ex:c [ ex:d ex:wye ] .\nex:wye ex:c ( ex:b ) .\n",
        "ex:b ex:c ex:d . ex:wye ex:c ex:d . ex:b ex:c ex:f . \nex:wye ex:e ex:f.\nex:g a ex:i .",
    ],
)
def test_no_way_to_write_a_name_hides_it(text: str) -> None:
    for around in ("", "ex:before ex:c ex:d .\n"):
        file = read_bytes(f"{_HEAD}{around}{text}{around}".encode(), "text")
        assert file.problem is None
        _same(file, _WYE)


_PIECES = (
    *("ex:wye", "<http://e/wye>", "ex:b", "<http://e/b#c>", "<http://e/wy\\u0065>", "ex:wy\\-e"),
    *('"a . b"', '"wye # c"', '"\\"" .', "'''d .\n'''", "1.5", "1 .", "ex:a.b"),
    *(" .\n", " .\n", " .\n", ".\n", " ;\n", " ,\n", " # c .\n", "\n", "\n\n", " a "),
    *("@prefix ex: <http://e/> .\n", "@prefix ex: <http://e/w> .\n", "@base <http://e/> .\n"),
)


def test_random_texts() -> None:
    random_ = random.Random(1)
    tried = shorter = 0
    while tried < 300:
        statements = ["ex:b ex:c ex:d .\n", "ex:wye ex:c ex:d ; ex:e ex:f .\n"]
        pieces = [" ".join(random_.choices(_PIECES, k=3)) for _ in range(2)]
        text = _HEAD + "".join(random_.choices([*statements, *pieces], k=8))
        file = read_bytes(text.encode(), "text")
        if file.problem is None:
            tried += 1
            shorter += len(_same(file, _WYE)) < len(file.data)
    assert shorter > 100


def test_every_thing_of_the_shipped_data() -> None:
    shorter = 0
    for path in sorted((_ROOT / "data").rglob("*.ttl"))[::10]:
        file = read_turtle(path)
        for subject in sorted(file.subjects, key=str)[::10]:
            shorter += len(_same(file, subject)) < len(file.data)
    assert shorter > 10
