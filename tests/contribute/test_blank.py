"""A blank Turtle file: what it asks for, and that validation takes it from there."""

from pathlib import Path

import pytest
from support.commands import cjph

from cjph_graph.contribute import HomeContents, blank_file
from cjph_graph.errors import UsageError
from cjph_graph.home.location import Home
from cjph_graph.rdf import read_bytes
from cjph_graph.validation import ValidationOptions, validate

_TEAM = "data/interventions/street-outreach-team.ttl"


def _filled(text: str) -> str:
    for blank, value in {
        'dcterms:description ""@en': 'dcterms:description "Outreach workers step in."@en',
        "    cjph:issue issue:": "    cjph:issue issue:violence",
        "    cjph:setting setting:": "    cjph:setting setting:community",
        "    cjph:replaces replaced-response:": "    cjph:replaces replaced-response:none",
        "    cjph:approach approach:": "    cjph:approach approach:case-management",
        "    cjph:place place:": "    cjph:place place:oakland",
        "    #cjph:evidenceKind evidence-kind:": "    cjph:evidenceKind evidence-kind:none",
        "    dcterms:source source:": "    dcterms:source source:what-is-cahoots",
    }.items():
        text = text.replace(f"{blank} ;", f"{value} ;", 1)
    return text


def test_what_is_needed_is_asked_for_and_the_rest_commented_out(shipped: Home) -> None:
    blank = blank_file(HomeContents(shipped), "intervention", "Street Outreach Team")
    assert blank.path == shipped.path / _TEAM
    file = read_bytes(blank.text.encode(), "blank").sound()
    assert {path.value.split("/")[-1].split("#")[-1] for _, path, _ in file.triples} == {
        *("type", "prefLabel", "description", "issue", "setting", "replaces", "approach"),
        *("place", "source"),
    }
    assert "#cjph:finding :finding-1 ;" in blank.text
    assert "#    cjph:findingKind finding-kind: ;" in blank.text
    assert "One of 35; `cjph list approach` shows all." in blank.text
    assert "approach:street-outreach-and-interruption" in blank.text  # shares a word with the name


def test_validation_asks_for_every_blank(shipped: Home) -> None:
    blank = blank_file(HomeContents(shipped), "intervention", "Street Outreach Team")
    report = validate(ValidationOptions([read_bytes(blank.text.encode(), _TEAM)], shipped))
    asked = {f.path.split("/")[-1].split("#")[-1] for f in report.findings if f.path}
    assert asked == {
        *("description", "issue", "setting", "replaces", "approach", "place", "source"),
        "evidenceKind",
    }
    hints = " ".join(finding.hint or "" for finding in report.findings)
    assert "Nothing stands behind the prefix. `cjph list issue` shows what may." in hints


def test_filled_in_it_is_valid_and_formatting_keeps_what_it_says(shipped: Home) -> None:
    assert cjph(shipped, "new", "intervention", "Street Outreach Team").returncode == 0
    path = shipped.path / _TEAM
    path.write_text(_filled(path.read_text(encoding="utf-8")), encoding="utf-8")
    assert cjph(shipped, "format", _TEAM).returncode == 0
    done = cjph(shipped, "validate", _TEAM)
    assert (done.returncode, "0 errors" in done.stdout or done.stdout.count("error")) == (0, 0)


def test_a_finding_is_given_by_taking_the_signs_away(shipped: Home) -> None:
    text = _filled(blank_file(HomeContents(shipped), "intervention", "Street Outreach Team").text)
    head, mark, rest = text.partition("#:finding-1\n")
    part, full_stop, rest = (mark + rest).partition("#    .\n")
    part = "\n".join(line[1:] for line in (part + full_stop).splitlines())
    head = head.replace("#cjph:finding :finding-1", "cjph:finding :finding-1")
    head = head.replace("evidence-kind:none ;", "evidence-kind:descriptive ;")
    for blank, value in {
        'description ""': 'description "Fewer people were shot."',
        "findingKind finding-kind:": "findingKind finding-kind:outcome",
        'measure ""': 'measure "people shot"',
        "#cjph:evidenceKind evidence-kind:": "cjph:evidenceKind evidence-kind:descriptive",
        "source source:": "source source:what-is-cahoots",
        '#cjph:comparator ""': 'cjph:comparator "the year before"',
    }.items():
        part = part.replace(f"{blank} ;", f"{value} ;", 1)
        part = part.replace(f"{blank}@en ;", f"{value}@en ;", 1)
    report = validate(
        ValidationOptions([read_bytes((head + part + "\n" + rest).encode(), _TEAM)], shipped)
    )
    assert [f.message for f in report.findings if f.severity == "error"] == []


def test_nothing_is_written_over(shipped: Home) -> None:
    path = shipped.data / "interventions" / "cahoots-eugene.ttl"
    before = path.read_bytes()
    done = cjph(shipped, "new", "intervention", "CAHOOTS Eugene")
    assert done.returncode == 2
    assert "There is already intervention:cahoots-eugene" in done.stderr
    assert path.read_bytes() == before
    done = cjph(shipped, "new", "intervention", "Another", "--output", str(path))
    assert (done.returncode, path.read_bytes()) == (2, before)


def test_a_name_that_is_nearly_there_is_pointed_out(shipped: Home) -> None:
    done = cjph(shipped, "new", "intervention", "Healing Hurt Peoples")
    assert "Healing Hurt People (intervention:healing-hurt-people)" in done.stderr
    assert done.returncode == 0


def test_a_thing_of_a_shared_file_is_printed_to_be_put_there(shipped: Home) -> None:
    before = (shipped.data / "sources.ttl").read_bytes()
    done = cjph(shipped, "new", "source", "A new study")
    assert done.stdout.startswith("source:a-new-study\n    a cjph:Source ;")
    assert "at the end of data/sources.ttl" in done.stderr
    assert (shipped.data / "sources.ttl").read_bytes() == before


def test_a_class_that_only_the_shapes_know_has_a_blank_file(grown: Home) -> None:
    blank = blank_file(HomeContents(grown), "campaign", "Treatment First")
    assert blank.path == grown.data / "campaigns" / "treatment-first.ttl"
    assert 'skos:prefLabel "Treatment First"@en ;' in blank.text
    assert "#cjph:startDate" in blank.text


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [("finding", "x", "stands in the file"), ("intervention", "…", "no letter or digit")],
)
def test_what_cannot_be_made_is_refused(shipped: Home, kind: str, name: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        blank_file(HomeContents(shipped), kind, name)


def test_a_blank_goes_where_it_is_sent(shipped: Home, tmp_path: Path) -> None:
    done = cjph(shipped, "new", "policy", "An Act", "--output", str(tmp_path / "act.ttl"))
    assert done.returncode == 0
    assert "policy:an-act" in (tmp_path / "act.ttl").read_text(encoding="utf-8")


def test_a_blank_names_files_from_the_folder_of_the_home(shipped: Home) -> None:
    """It may be put anywhere, also into a page of the site: it has no path of this machine."""
    text = blank_file(HomeContents(shipped), "intervention", "Street Outreach Team").text
    words = text.replace("\n# ", " ")
    assert f"`cjph validate {_TEAM}`" in words
    assert "at the end of data/sources.ttl" in words
    assert str(shipped.path) not in text
