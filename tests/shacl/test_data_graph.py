"""Files read into a store."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

from cjph_graph.errors import LimitError
from cjph_graph.rdf.reading import read_bytes
from cjph_graph.shacl import loading
from cjph_graph.shacl.data_graph import load_files
from cjph_graph.system.limits import limits

_PREFIX = "@prefix ex: <http://e/> .\n"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_A0 = [("0", "integer"), ("1.00", "decimal")]
_GOOD = [f"{_PREFIX}ex:a{n} ex:p {n}, '{n}', 1.{n}0 .\n" for n in range(30)]


def _written(folder: Path, texts: list[str]) -> list[Path]:
    paths = [folder / f"{number:02}.ttl" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


@pytest.mark.parametrize("at_a_time", [0, 100, 250_000])
@pytest.mark.parametrize(
    ("texts", "problems"),
    [
        (_GOOD, []),
        ([*_GOOD, "ex:b ex:p ex:c ."], [30]),  # its prefix is that of a file before
        ([*_GOOD[:3], "@base <http://e/> .", "<b> <p> <c> .", *_GOOD[3:]], [4]),
        ([*_GOOD[:9], f"{_PREFIX}ex:b ex:p ex:c ; ", *_GOOD[9:]], [9]),
        ([*_GOOD, f"{_PREFIX}ex:b ex:p [ ex:p ex:c ], _:x .", f"{_PREFIX}_:x ex:p ex:b ."], []),
        (["", *_GOOD, "# nothing", ""], []),
        ([], []),
    ],
)
def test_a_store_has_what_each_file_says_by_itself(
    texts: list[str],
    problems: list[int],
    at_a_time: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loading, "_AT_A_TIME", at_a_time)
    paths = _written(tmp_path, texts)
    loaded = load_files(paths)
    assert [n for n, file in enumerate(loaded.files) if file.problem] == problems
    sound = [file for file in loaded.files if not file.problem]
    said = {triple for file in sound for triple in file.stream()}
    found = {
        triple
        for quad in loaded.graph.store
        for triple in loaded.graph.lexical_forms.as_written(quad.triple)
    }
    assert found == said
    assert len(loaded.files) == len(texts)


def test_small_files_are_loaded_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To hand over a file takes as long as to load it."""
    submitted: list[object] = []
    submit = ThreadPoolExecutor.submit

    def noting(pool: ThreadPoolExecutor, work: object, *given: object, **more: object) -> object:
        submitted.append(work)
        return submit(pool, work, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(ThreadPoolExecutor, "submit", noting)
    load_files(_written(tmp_path, _GOOD))
    assert len(submitted) == 1


def test_blank_nodes_have_the_names_that_their_files_know(tmp_path: Path) -> None:
    blank = f"{_PREFIX}ex:b ex:p _:x . _:x ex:p 1 .\n"
    loaded = load_files(_written(tmp_path, [*_GOOD, blank, blank]))
    named = {node for file in loaded.files for node in file.blank_nodes}
    assert len(named) == 2
    assert named == {
        quad.subject for quad in loaded.graph.store if isinstance(quad.subject, BlankNode)
    }


def test_a_file_that_was_read_already_is_taken_as_it_is(tmp_path: Path) -> None:
    given = read_bytes(f"{_PREFIX}ex:b ex:p 01 .".encode(), "given")
    loaded = load_files([*_written(tmp_path, _GOOD), given])
    assert loaded.files[-1] is given
    (triple,) = given.triples
    assert [*loaded.graph.statements([triple.subject], None)] == [triple]  # type: ignore[list-item]


def test_a_file_with_too_much_is_named(tmp_path: Path) -> None:
    paths = _written(tmp_path, [*_GOOD, f"{_PREFIX}ex:a ex:p {', '.join(map(str, range(999)))} ."])
    with limits(max_size=8_000), pytest.raises(LimitError, match=r"30\.ttl has more than"):
        load_files(paths)


def test_what_a_broken_file_says_before_its_problem_counts_for_nothing(tmp_path: Path) -> None:
    broken = f"{_PREFIX}ex:a0 ex:p 00 . oops"
    loaded = load_files(_written(tmp_path, [*_GOOD, broken]))
    written = [str(t.object) for t in loaded.graph.statements([NamedNode("http://e/a0")], None)]
    assert sorted(written) == [str(Literal("0")), *(f'"{n}"^^<{_XSD}{k}>' for n, k in _A0)]
