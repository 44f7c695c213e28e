"""The rules behind findings: what, why, and examples out of the tests' own files."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from cjph_graph.cli.main import cli
from cjph_graph.home.checks import CHECKS, list_checks
from cjph_graph.home.location import Home, find_home
from cjph_graph.home.schema import read_shapes
from cjph_graph.rdf.reading import read_bytes
from cjph_graph.validation import Finding
from cjph_graph.validation.explanations import Explanation, examples_of, explain, rule_of

_SH = "http://www.w3.org/ns/shacl#"
_EX = "https://example.org/shapes#"
_FINDING = Finding(
    id="0",
    severity="error",
    file="a.ttl",
    line=1,
    column=1,
    focus="https://example.org/waters/otter",
    path="https://example.org/terms#km",
    value="far",
    constraint=f"{_SH}MaxCountConstraintComponent",
    shape=f"{_EX}length",
    message="Give one length.",
    hint=None,
)
_SHAPES = b"""
@prefix ex: <https://example.org/terms#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix s: <https://example.org/shapes#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
s:length sh:path ex:km ; sh:name "longueur"@fr, "length"@en ; sh:description "How long it is."@en ;
  sh:message "Give one length."@en .
s:tributary sh:path [ sh:inversePath ex:flowsInto ] ; sh:message "Name what flows into it." .
s:Water sh:name "water"@en ; sh:description "A water."@en ; sh:message "Look at the water."@en .
s:UphillNot rdfs:label "not uphill"@en ; sh:message "{?value} is above {$this}."@en ;
  sh:select "SELECT $this ?value { $this ex:from ?a ; ex:to ?value FILTER(?value > ?a) }" .
"""
_PREFIXES = "@prefix ex: <https://example.org/terms#> .\n# a comment\n\n"


def _explain(examples: Path | None = None, **changes: str | None) -> Explanation:
    (found,) = explain(
        [replace(_FINDING, **changes)], read_bytes(_SHAPES, "shapes.ttl").triples, examples
    )
    return found


def _write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_PREFIXES + text, encoding="utf-8")


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({}, "length/max-count"),
        ({"constraint": f"{_EX}UphillNot", "shape": f"{_EX}Water"}, "Water/uphill-not"),
        ({"shape": "_:b1"}, "km/max-count"),
        ({"shape": None, "path": None}, "max-count"),
        ({"shape": None, "path": None, "constraint": None}, "syntax"),
    ],
)
def test_a_rule_has_a_name(changes: dict[str, str | None], rule: str) -> None:
    assert rule_of(replace(_FINDING, **changes)) == rule


def test_what_and_why_come_from_the_shape() -> None:
    assert _explain() == Explanation(
        "length/max-count", "length: Give one length.", "How long it is.", "", ""
    )


def test_a_rule_in_sparql_speaks_for_itself() -> None:
    found = _explain(constraint=f"{_EX}UphillNot", shape=f"{_EX}Water")
    assert (found.what, found.why) == ("water, not uphill: … is above ….", "A water.")


def test_what_no_shape_says_is_what_the_finding_says() -> None:
    for changes in ({"shape": None}, {"shape": "_:b1"}, {"shape": "https://a.b/#unknown"}):
        assert _explain(**changes).what == "Give one length."


def test_examples_show_what_matters(tmp_path: Path) -> None:
    folder = tmp_path / "properties" / "length"
    lines = '    a ex:River ;\n    ex:name "Otter" ;\n    ex:km 32 {};\n    ex:deep 1 .\n'
    _write(folder, "max-count.ttl", "ex:otter\n" + lines.format(", 33 "))
    _write(folder, "right.ttl", "ex:exe\n" + lines.format("") + "\nex:x\n    ex:y ex:z .\n")
    found = _explain(tmp_path)
    assert found.wrong == "ex:otter\n    a ex:River ;\n    …\n    ex:km 32 , 33 ;\n    …"
    assert found.right == "ex:exe\n    a ex:River ;\n    …\n    ex:km 32 ;\n    …"


def test_examples_without_the_property_show_how_they_differ(tmp_path: Path) -> None:
    folder = tmp_path / "nodes" / "Water"
    _write(folder, "closed.ttl", "ex:a\n    a ex:River ;\n    ex:b 1 ;\n    ex:c 2 .\n")
    _write(folder, "right.ttl", "ex:d\n    a ex:River ;\n    ex:b 1 .\n")
    found = _explain(tmp_path, shape=f"{_EX}Water", constraint=f"{_SH}ClosedConstraintComponent")
    assert found.wrong == "ex:a\n    a ex:River ;\n    …\n    ex:c 2 ."
    assert found.right == "ex:d\n    a ex:River ;\n    …"


def test_examples_show_what_a_rule_in_sparql_asks_about(tmp_path: Path) -> None:
    folder = tmp_path / "nodes" / "Water"
    lines = "    a ex:River ;\n    ex:b 1 ;\n    ex:from 1 ;\n    ex:to {} .\n"
    _write(folder, "uphill-not.ttl", "ex:a\n" + lines.format(2))
    _write(folder, "right.ttl", "ex:d\n" + lines.format(0))
    found = _explain(tmp_path, shape=f"{_EX}Water", constraint=f"{_EX}UphillNot")
    assert found.wrong == "ex:a\n    a ex:River ;\n    …\n    ex:from 1 ;\n    ex:to 2 ."


def test_examples_go_backwards_and_over_lines(tmp_path: Path) -> None:
    folder = tmp_path / "properties" / "tributary"
    _write(folder, "min-count.ttl", "ex:a\n    a ex:River .\n")
    _write(
        folder,
        "right.ttl",
        "ex:a\n    ex:x 1 ;\n    ex:flowsInto\n        ex:c ,\n        ex:d .\n",
    )
    found = _explain(
        tmp_path, shape=f"{_EX}tributary", constraint=f"{_SH}MinCountConstraintComponent"
    )
    assert found.wrong == "ex:a\n    a ex:River ."
    assert found.right == "ex:a\n    …\n    ex:flowsInto\n        ex:c ,\n        ex:d ."


def test_examples_are_short_and_safe(tmp_path: Path) -> None:
    folder = tmp_path / "properties" / "length"
    _write(folder, "max-count.ttl", "".join(f"ex:a{n} ex:x \x1b[31m{n} .\n" for n in range(90)))
    found = _explain(tmp_path)
    assert len(found.wrong.split("\n")) == 25
    assert found.wrong.endswith("\n    …")
    assert "\x1b" not in found.wrong
    assert found.right == ""


def test_names_do_not_climb_out_of_the_examples(tmp_path: Path) -> None:
    _write(tmp_path, "secret.ttl", "ex:a ex:b ex:c .\n")
    (tmp_path / "examples" / "properties").mkdir(parents=True)
    for shape in ("https://a.b/x#..", "https://a.b/#..\\..", "https://a.b/#%2e%2e"):
        found = _explain(tmp_path / "examples", shape=shape, constraint="https://a.b/#../secret")
        assert (found.wrong, found.right) == ("", "")


def test_each_kind_of_rule_is_explained_once() -> None:
    findings = [_FINDING, replace(_FINDING, file="b.ttl"), replace(_FINDING, shape=f"{_EX}Water")]
    found = explain(findings, read_bytes(_SHAPES, "shapes.ttl").triples)
    assert [each.rule for each in found] == ["length/max-count", "Water/max-count"]
    assert explain([], []) == ()


def test_every_rule_that_has_a_test_is_explained_with_examples() -> None:
    home = find_home()
    examples = examples_of(home)
    shapes = read_shapes(home)
    said = {t.subject.value for t in shapes if hasattr(t.subject, "value")}
    shape_iris = {iri.rpartition("#")[2]: iri for iri in said if "/shapes#" in iri}
    kebab = {rule_of(replace(_FINDING, shape=None, path=None, constraint=i)): i for i in said}
    findings = []
    for path in sorted(examples.glob("*/*/*.ttl")):
        if path.stem != "right":
            camel = "".join(part.capitalize() for part in path.stem.split("-"))
            component = f"{_SH}{camel}ConstraintComponent"
            if path.is_relative_to(examples / "checks"):
                rule = {"shape": None, "constraint": f"{CHECKS}{path.parent.name}"}
            else:
                constraint = kebab.get(path.stem, component)
                rule = {"shape": shape_iris[path.parent.name], "constraint": constraint}
            findings.append(replace(_FINDING, **rule))
    assert len(findings) > 200
    for each in explain(findings, shapes, examples, list_checks(home)):
        assert each.wrong, each.rule
        assert each.right, each.rule
        assert each.why, each.rule
        assert "{?" not in each.what


@pytest.fixture
def lengthy(home: Home) -> Home:
    home.shapes.write_bytes(
        _SHAPES
        + b"s:Water a sh:NodeShape ; sh:targetClass ex:Canal ; sh:property s:length ."
        + b"s:length a sh:PropertyShape ; sh:maxCount 0 ."
    )
    return home


def test_the_command_explains(lengthy: Home) -> None:
    _write(lengthy.path / "tests/examples/properties/length", "max-count.ttl", "ex:a ex:km 1, 2 .")
    words = ["--home", str(lengthy.path), "validate", "--explain"]
    result = CliRunner().invoke(cli, words)
    assert result.exit_code == 1
    assert (
        "length/max-count\n  what:  length: Give one length.\n  why:   How long it is.\n"
        "  wrong:\n    ex:a ex:km 1, 2 .\n" in result.stdout
    )
    assert result.stdout.splitlines()[-1].endswith("1 error.")
    result = CliRunner().invoke(cli, [*words, "--format", "markdown"])
    assert "### length/max-count\n\nlength: Give one length.\n" in result.stdout
    assert "```turtle\nex:a ex:km 1, 2 .\n```" in result.stdout


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_without_findings_there_is_nothing_to_explain(lengthy: Home, form: str) -> None:
    lengthy.shapes.write_bytes(
        lengthy.shapes.read_bytes().replace(b"sh:maxCount 0", b"sh:maxCount 9")
    )
    words = ["--home", str(lengthy.path), "validate", "--explain", "--format", form]
    result = CliRunner().invoke(cli, words)
    assert result.exit_code == 0
    assert "There is nothing to explain." in result.stdout


@pytest.mark.checkout
def test_the_wheel_carries_the_examples() -> None:
    root = Path(__file__).parents[2]
    sys.path.insert(0, str(root))
    try:
        from hatch_build import HomeHook
    finally:
        sys.path.remove(str(root))
    build_data: dict[str, dict[str, str]] = {"force_include": {}}
    hook = HomeHook(str(root), {}, None, None, "", "wheel")  # type: ignore[arg-type]
    hook.initialize("standard", build_data)
    included = {
        Path(k).relative_to(root).as_posix(): v for k, v in build_data["force_include"].items()
    }
    assert included["tests/examples"] == "cjph_graph/shipped/tests/examples"
    assert examples_of(Home(root)) == root / "tests" / "examples"
