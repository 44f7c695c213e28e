"""Reading Turtle: what is kept, and how a bad file is reported."""

import os
from pathlib import Path

import pytest
from pyoxigraph import BlankNode

from cjph_graph.errors import InputError, UsageError
from cjph_graph.home.location import Home, home_files
from cjph_graph.rdf.loading import load
from cjph_graph.rdf.problems import SyntaxProblem
from cjph_graph.rdf.reading import read_bytes, read_turtle, turtle_files

_PREFIX = b"@prefix a: <http://e/> .\n"


def test_literals_stay_as_they_are_written() -> None:
    text = _PREFIX + b'a:s a:p 01, 1.50, "yes"^^<http://www.w3.org/2001/XMLSchema#boolean> .'
    read = read_bytes(text, "x.ttl")
    written = [str(triple.object).split('"')[1] for triple in read.triples]
    assert written == ["01", "1.50", "yes"]
    assert (read.path, read.problem, read.prefixes) == ("x.ttl", None, {"a": "http://e/"})


def test_blank_nodes_of_two_files_never_meet() -> None:
    text = _PREFIX + b"_:x a:p _:x ."
    first, second = (read_bytes(text, name).triples[0] for name in ("1.ttl", "2.ttl"))
    assert isinstance(first.subject, BlankNode)
    assert first.subject == first.object
    assert first.subject != second.subject


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        (b"a:b zz:c 1 .", 2, 5, "The prefix zz: has not been declared"),
        (b"a:b a:c 1", 2, 10, "Unexpected end"),
        (b'a:b a:c "\xff" .', 2, 10, "These bytes are not UTF-8 text; save the file as UTF-8"),
        (b"a:b a:c <rel> .", 2, 9, "No scheme found in an absolute IRI"),
    ],
)
def test_a_syntax_problem_has_its_place(text: bytes, line: int, column: int, said: str) -> None:
    assert read_bytes(_PREFIX + text, "x").problem == SyntaxProblem(said, line, column)


def test_triples_before_a_problem_are_kept() -> None:
    assert len(read_bytes(_PREFIX + b"a:s a:p 1, 2 . a:s a:p [", "x").triples) == 2


def test_a_byte_order_mark_is_no_problem(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_bytes(b"\xef\xbb\xbf" + _PREFIX + b"a:s a:p 1 .")
    assert read_turtle(path).problem is None
    assert len(load([path])) == 1


@pytest.mark.parametrize("name", ["missing.ttl", "."])
def test_an_unreadable_file_is_a_result(tmp_path: Path, name: str) -> None:
    problem = read_turtle(tmp_path / name).problem
    assert problem is not None
    assert problem.message.startswith("The file cannot be read: ")
    assert problem.line == 0
    with pytest.raises(InputError, match="cannot be read"):
        load([tmp_path / name])


def test_files_are_named_as_the_reader_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/x.ttl").write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    assert read_turtle(tmp_path / "in/x.ttl").path == os.path.join("in", "x.ttl")  # noqa: PTH118


def test_turtle_files_are_sorted_and_not_hidden(tmp_path: Path) -> None:
    for name in ("b.ttl", "a/z.ttl", ".git/no.ttl", ".no.ttl", "no.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert turtle_files(tmp_path) == [tmp_path / "a/z.ttl", tmp_path / "b.ttl"]
    assert turtle_files(tmp_path / "no.txt") == [tmp_path / "no.txt"]
    with pytest.raises(UsageError, match="does not exist"):
        turtle_files(tmp_path / "nowhere")


def test_the_files_of_a_home(home: Home) -> None:
    graph = [home.vocabularies, home.ontology, home.data / "waters/all.ttl"]
    assert home_files(home) == graph
    assert set(home_files(home, shapes=True)) - set(graph) == {home.shapes}


def test_loading_stops_at_a_bad_file_and_says_where(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home.path)
    (home.data / "bad.ttl").write_bytes(_PREFIX + b"a:b zz:c 1 .")
    with pytest.raises(InputError) as raised:
        load(home_files(home))
    assert raised.value.message == "data/bad.ttl:2:5: The prefix zz: has not been declared."
    assert "cjph validate" in (raised.value.hint or "")


def test_blank_nodes_of_loaded_files_never_meet(tmp_path: Path) -> None:
    for name in ("1.ttl", "2.ttl"):
        (tmp_path / name).write_bytes(_PREFIX + b"_:x a:p 1 .")
    assert len(load(turtle_files(tmp_path))) == 2
