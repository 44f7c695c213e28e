"""`cjph query`: what it prints, where, and how it ends."""

import os
import subprocess
import sys
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import CliRunner

import cjph_graph
from cjph_graph.cli.main import cli
from cjph_graph.home.location import Home

_ROOT = Path(__file__).parents[2]
_COMMAND = [sys.executable, "-m", "cjph_graph"]


def _environment(home: Home) -> dict[str, str]:
    return {**os.environ, "CJPH_HOME": str(home.path), "PYTHONPATH": str(_ROOT)}


def cjph(
    home: Home, *arguments: str, stdin: str | bytes = b"", cwd: Path | None = None
) -> tuple[int, str, str]:
    """Run the command and return its exit code and what it wrote to both streams."""
    with chdir(cwd or home.path):
        done = CliRunner(env={"CJPH_HOME": str(home.path)}).invoke(cli, arguments, input=stdin)
    return done.exit_code, done.stdout_bytes.decode(), done.stderr


def test_the_queries_are_listed(home: Home) -> None:
    listed = "anything\n\nwaters-by-use\n    Waters by use\n    -p use -p water -p above\n"
    assert cjph(home, "query") == (0, listed, "")


def test_long_questions_are_wrapped(home: Home) -> None:
    text = f"#+ title: {'What about it? ' * 9}\nSELECT * {{ ?s ?p ?o }}"
    (home.queries / "long.rq").write_text(text, "utf-8")
    listed = cjph(home, "query", "--search", "about it")[1].splitlines()
    assert listed[0] == "long"
    assert len(listed) == 3
    assert all(line.startswith("    What") and len(line) <= 80 for line in listed[1:])


@pytest.mark.parametrize("word", ["USE", "waters  by", "Kilometres it", "with their length"])
def test_queries_are_searched_by_a_word(home: Home, word: str) -> None:
    code, listed, said = cjph(home, "query", "--search", word)
    assert (code, said) == (0, "")
    assert listed.startswith("waters-by-use\n")
    assert "anything" not in listed


def test_a_word_that_no_query_has(home: Home) -> None:
    code, listed, said = cjph(home, "query", "--search", "xyzzy")
    assert (code, listed) == (2, "")
    assert said == "cjph: No saved query says 'xyzzy'.\nRun `cjph query` to see them all.\n"
    assert cjph(home, "query", "anything", "--search", "x")[0] == 2


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xff\xfe", "is not UTF-8 text, from byte 1 on."),
        (b"SELECT * {}" + b" " * 600_000, "characters; 500,000 are allowed."),
        (b"DROP ALL", "changes a graph, and queries here only read."),
        (b"#+ nonsense\nSELECT * {}", "a header line is"),
        (b"", "a query says SELECT, ASK, CONSTRUCT or DESCRIBE here."),
    ],
)
def test_a_file_that_is_no_query_does_not_keep_the_others_from_the_list(
    home: Home, data: bytes, said: str
) -> None:
    (home.queries / "odd-one.rq").write_bytes(data)
    code, listed, complaint = cjph(home, "query")
    assert code == 0
    assert [line for line in listed.splitlines() if line[:1].isalpha()] == [
        "anything",
        "waters-by-use",
    ]
    assert complaint.count("\n") == 1
    assert "odd-one" in complaint
    assert said in complaint
    assert len(cjph_graph.list_queries(home)) == 2
    assert cjph(home, "query", "odd-one")[0] in (2, 3)


def test_a_saved_query_is_answered(home: Home) -> None:
    assert cjph(home, "query", "waters-by-use", "-p", "use=Trade", "--format", "csv") == (
        0,
        "water,km\r\nhttps://example.org/waters/exe,8.5\r\n",
        "",
    )


def test_a_parameter_may_be_given_twice(home: Home) -> None:
    code, out, _ = cjph(home, "query", "waters-by-use", "-p", "use=trade", "-p", "use=leisure")
    assert (code, out) == (0, "water   km\n-----  ---\notter   32\nexe    8.5\n")


def test_a_parameter_without_value_lists_the_values(home: Home) -> None:
    code, out, _ = cjph(home, "query", "waters-by-use", "-p", "water")
    assert (code, out) == (
        0,
        "water  label\n-----  -------------\nexe    Exeter Canal\notter  River Otter\n",
    )
    assert "Kilometres" in cjph(home, "query", "waters-by-use", "-p", "above")[1]


def test_a_file_and_standard_input_are_queries(home: Home, tmp_path: Path) -> None:
    text = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    (tmp_path / "count.rq").write_text(text, encoding="utf-8-sig")
    from_file = cjph(home, "query", "count.rq", "--format", "tsv", cwd=tmp_path)
    assert from_file == (0, "?n\n22\n", "")
    assert cjph(home, "query", "-", "--format", "tsv", stdin=text) == from_file


def test_ask_and_construct(home: Home) -> None:
    assert cjph(home, "query", "anything") == (0, "yes\n", "")
    text = (
        "PREFIX ex: <https://example.org/terms#>\nCONSTRUCT { ?w ex:km ?km } WHERE { ?w ex:km ?km }"
    )
    assert cjph(home, "query", "-", stdin=text) == (
        0,
        "@prefix ex: <https://example.org/terms#> .\n"
        "<https://example.org/waters/exe> ex:km 8.5 .\n"
        "<https://example.org/waters/otter> ex:km 32 .\n",
        "",
    )


@pytest.mark.parametrize(
    ("arguments", "stdin", "code", "said"),
    [
        (["query", "anythin"], "", 2, "did you mean anything?"),
        (["query", "waters-by-use", "-p", "use=trad"], "", 2, "did you mean trade?"),
        (["query", "waters-by-use", "-p", "us=trade"], "", 2, "did you mean use?"),
        (["query", "-p", "use=trade"], "", 2, "-p needs the name of a query."),
        (["query", "anything", "-p", "x=1"], "", 2, "has no parameters"),
        (["query", "anything", "--format", "turtle"], "", 2, "turtle does not fit"),
        (["query", "nowhere.rq"], "", 2, "nowhere.rq cannot be read: No such file"),
        (["query", "-"], "SELECT * { SERVICE <http://127.0.0.1:1/> {} }", 2, "SERVICE"),
        (["query", "-"], b"SELECT \xff", 2, "not UTF-8 text, from byte 8 on"),
        (["query", "-"], "DROP ALL", 2, "queries here only read"),
        (["query", "-"], "SELECT * {" + "{" * 20_000, 3, "nested"),
        (["query", "anything", "--output", "no/where.txt"], "", 2, "no/where.txt cannot be wr"),
        (["--home", "nowhere", "query"], "", 2, "The home nowhere is not a folder."),
        (["query", "anything", "--format", "docx"], "", 2, "'docx' is not one of"),
    ],
)
def test_a_failure_is_one_sentence_on_standard_error(
    home: Home, arguments: list[str], stdin: str | bytes, code: int, said: str
) -> None:
    ended, out, error = cjph(home, *arguments, stdin=stdin)
    assert (ended, out) == (code, "")
    assert said in error
    assert "Traceback" not in error


def test_a_broken_file_is_named_with_its_place(home: Home) -> None:
    (home.data / "bad.ttl").write_text("<http://s> <http://p>\n 1 2", encoding="utf-8")
    code, out, error = cjph(home, "query", "anything")
    assert (code, out) == (2, "")
    assert error.startswith("cjph: data/bad.ttl:2:")
    assert "Run `cjph validate`" in error


def test_debug_shows_where_an_error_came_from(home: Home) -> None:
    code, _, error = cjph(home, "--debug", "query", "anythin")
    assert code == 2
    assert "Traceback" in error


def test_an_unexpected_error_is_one_sentence(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(files: object) -> None:
        raise KeyError("oops")

    monkeypatch.setattr("cjph_graph.home.local.load", load)
    code, _, error = cjph(home, "query", "anything")
    assert code == 2
    assert error.startswith("cjph: Something unexpected went wrong (KeyError: 'oops').")
    assert "Traceback" not in error


def test_output_replaces_a_file_whole(home: Home, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_text("old", encoding="utf-8")
    target.chmod(0o640)
    arguments = ["query", "waters-by-use", "--format", "csv", "--output", str(target)]
    assert cjph(home, *arguments) == (0, "", "")
    assert target.read_bytes().startswith(b"water,km\r\n")
    assert target.stat().st_mode & 0o777 == 0o640
    assert cjph(home, *arguments, "-p", "use=none")[0] == 2
    assert target.read_bytes().startswith(b"water,km\r\n")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_reader_that_leaves_is_no_error(home: Home) -> None:
    values = " ".join(f'"{number:09}"' for number in range(30_000))
    with subprocess.Popen(
        [*_COMMAND, "query", "-", "--format", "tsv"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(home),
    ) as process:
        assert process.stdin and process.stdout and process.stderr  # noqa: PT018
        process.stdin.write(f"SELECT * {{ VALUES ?x {{ {values} }} }}".encode())
        process.stdin.close()
        assert process.stdout.readline() == b"?x\n"
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 0


def test_help_has_examples_and_exit_codes(home: Home) -> None:
    code, out, _ = cjph(home, "query", "--help")
    assert code == 0
    assert "cjph query interventions-by-issue -p issue=substance-use\n" in out
    assert "  3  a limit was hit" in out


def test_a_query_imports_neither_rdflib_nor_a_socket(home: Home) -> None:
    script = (
        "import sys, cjph_graph.cli.main as c\n"
        "c.cli.main(['query', 'waters-by-use', '-p', 'use=trade'], standalone_mode=False)\n"
        "print(sorted({'rdflib', 'pyshacl', 'SPARQLWrapper', 'ssl', 'http.client'}"
        " & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=_environment(home),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.endswith("\n[]\n")


def test_the_library_answers_as_the_command_does(home: Home) -> None:
    rows = cjph_graph.query("waters-by-use", home=home, use=["trade", "leisure"], above="10")
    assert not isinstance(rows, bool)
    assert list(rows) == [{"water": "https://example.org/waters/otter", "km": 32}]
    assert cjph_graph.answer("ASK { ?s ?p ?o }", home=home) is True
    assert [q.name for q in cjph_graph.list_queries(home)] == ["anything", "waters-by-use"]
    assert cjph_graph.open_home(home.path) == home
    assert cjph_graph.__all__ == sorted(cjph_graph.__all__)
