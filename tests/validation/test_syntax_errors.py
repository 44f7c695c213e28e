"""Files that are not Turtle: all that is wrong in them at once, beside what shapes find."""

import random
import re
from pathlib import Path

import pytest
from support.homes import shipped_part
from support.mistakes import put
from support.obeying import obey

from cjph_graph.errors import InputError
from cjph_graph.home.location import Home
from cjph_graph.rdf.reading import read_bytes
from cjph_graph.system.files import shown
from cjph_graph.validation import Finding, ValidationOptions, validate
from cjph_graph.validation.reports import FORMATS, write

_ROOT = Path(__file__).parents[2]
_CONTRIBUTIONS = sorted((Path(__file__).parent / "contributions").glob("*.ttl"))
_FILES = 12
_MISTAKES = 5
_MOST_ROUNDS = 3


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return shipped_part(
        tmp_path_factory.mktemp("part"),
        "indicators/community-supervision-rate",
        "interventions/cahoots-eugene",
        "interventions/dope-project-sf",
        "sources/access-living-cessa",
    )


def _findings(home: Home, text: str, path: Path) -> list[Finding]:
    """Check a text as if it were a file of a home."""
    file = read_bytes(text.encode(), shown(path))
    return list(validate(ValidationOptions([file], home=home)).findings)


@pytest.mark.slow
@pytest.mark.checkout
def test_mistakes_in_shipped_files_are_reported_in_the_first_run() -> None:
    files = [path for path in sorted(_ROOT.glob("data/*/*.ttl")) if path.stat().st_size > 2000]
    told = 0
    for number in range(_FILES):
        rng = random.Random(f"slips {number}")
        path = rng.choice(files)
        text, mistakes = put(path.read_text(encoding="utf-8"), rng, _MISTAKES)
        lines = {finding.line for finding in _findings(Home(_ROOT), text, path)}
        wrong = {mistake.line for mistake in mistakes}
        told += len(wrong & lines)
        assert len(lines - wrong) <= 1, (path, sorted(lines - wrong, key=str))
    assert told >= 0.9 * _FILES * _MISTAKES


def _rounds(paths: list[Path]) -> dict[str, int]:
    """Return how often one has to run the check when one does what it says, and nothing else.

    Files that are not yet right are checked together, as each run reads the whole home.
    """
    texts = {shown(path): path.read_text(encoding="utf-8") for path in paths}
    rounds: dict[str, int] = {}
    for number in range(_MOST_ROUNDS + 1):
        files = [read_bytes(text.encode(), name) for name, text in texts.items()]
        errors: dict[str | None, list[Finding]] = {}
        for finding in validate(ValidationOptions(files, home=Home(_ROOT))).findings:
            if finding.severity == "error":
                errors.setdefault(finding.file, []).append(finding)
        rounds |= {name: number for name in texts if name not in errors}
        texts = {name: obey(text, errors[name]) for name, text in texts.items() if name in errors}
        if not texts:
            return rounds
    raise AssertionError(errors, texts)


@pytest.mark.slow
@pytest.mark.checkout
def test_doing_what_is_said_mends_a_file_in_two_rounds() -> None:
    rounds = _rounds(_CONTRIBUTIONS)
    assert len(rounds) >= _FILES
    assert sum(rounds.values()) / len(rounds) <= 2, rounds


_TWO = """\
@prefix cjph: <https://w3id.org/cjph/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix organisation: <https://w3id.org/cjph/organisations/> .
@prefix organisation-kind: <https://w3id.org/cjph/vocabulary/organisation-kind/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix source: <https://w3id.org/cjph/sources/> .

organisation:broken-things
    a cjph:Organisation ;
    skos:prefLabel “Broken things”@en ;
    cjph:organisationKind organisation-kind:nonprofits ;
    wibble-wobble-wubble 3 ;
    dcterms:source source:access-living-cessa .

organisation:whole-things
    a cjph:Organisation ;
    skos:prefLabel "Whole things"@en ;
    dcterms:source source:access-living-cessa .
"""


def test_what_can_be_read_is_checked_and_nothing_else_is_accused(
    part: Home, tmp_path: Path
) -> None:
    found = _findings(part, _TWO, tmp_path / "two.ttl")
    told = {(f.line, f.column): f.message for f in found}
    assert told[10, 20] == "This is a curly quote; Turtle has straight ones."
    assert told[12, 5] == "“wibble-wobble-wubble” is not the name of a property."
    # A wrong value is wrong whatever else there is, and stands where it stands in the file.
    kind = next(f for f in found if (f.line, f.column) == (11, 27))
    assert kind.hint == "Did you mean organisation-kind:nonprofit?"
    # The one lacks its kind for certain; of the other one property could not be read.
    lacking = {f.line for f in found if f.hint and f.hint.startswith("There is no ")}
    assert lacking == {15}
    # What links to it may be what could not be read.
    assert not [f for f in found if "links to this" in f.message]
    without = _TWO.replace("    cjph:organisationKind organisation-kind:nonprofits ;\n", "")
    found = _findings(part, without, tmp_path / "two.ttl")
    lacking = {f.line for f in found if f.hint and f.hint.startswith("There is no ")}
    assert lacking == {14}


def test_several_mistakes_of_one_kind_are_several_findings(part, tmp_path: Path) -> None:
    text = _TWO.replace('"Whole things"@en', "“Whole things”@en")
    found = [f for f in _findings(part, text, tmp_path / "two.ttl") if "curly" in f.message]
    assert [f.line for f in found] == [10, 17]
    assert len({f.id for f in found}) == 2


@pytest.mark.checkout
def test_every_format_shows_all_mistakes_of_a_file() -> None:
    path = Path(__file__).parent / "contributions" / "bay-legal-aid.ttl"
    report = validate(ValidationOptions([path], home=Home(_ROOT)))
    errors = [finding for finding in report.findings if finding.severity == "error"]
    assert len(errors) == 5
    with pytest.raises(InputError, match="at 6:21, 11:1, 12:25, 15:19, 17:18 that"):
        write(report, "turtle")
    for form in {*FORMATS} - {"turtle"}:
        text = write(report, form).decode()
        text = re.sub(r"\s+", " ", text.replace("&lt;", "<").replace("&gt;", ">"))
        for finding in errors:
            assert finding.message in text, form


def test_a_misspelt_property_is_one_finding(part: Home) -> None:
    path = part.data / "interventions/cahoots-eugene.ttl"
    text = path.read_text(encoding="utf-8")
    for right, wrong in (("cjph:finding ", "cjph:fnding "), ("cjph:approach\n", "cjph:aproach\n")):
        (found,) = _findings(part, text.replace(right, wrong), path)
        assert found.hint == f"Did you mean {right.strip()}?"


def test_a_rule_about_several_properties_is_quiet_when_one_is_misspelt(part: Home) -> None:
    path = part.data / "interventions/dope-project-sf.ttl"
    text = path.read_text(encoding="utf-8")
    assert "cjph:unit unit:percent" in text
    (found,) = _findings(
        part, text.replace("cjph:unit unit:percent", "cjph:unt unit:percent"), path
    )
    assert found.hint == "Did you mean cjph:unit?"


def test_a_thing_of_the_broken_file_itself_is_recognised_by_its_name(part: Home) -> None:
    path = part.data / "indicators/community-supervision-rate.ttl"
    name = "cjph:indicator indicator:community-supervision-rate ;"
    text = path.read_text(encoding="utf-8")
    broken = text.replace(name, "cjph:indicator indicator:Community supervision rate ;", 1)
    (found,) = _findings(part, broken, path)
    assert "Write indicator:community-supervision-rate instead" in (found.hint or "")


def test_a_prefix_left_over_from_another_file_is_one_finding(part: Home) -> None:
    path = part.data / "interventions/cahoots-eugene.ttl"
    text = path.read_text(encoding="utf-8")
    for wrong in ("interventions/arches-nyc#", "interventions/cahoots-eugene"):
        left = re.sub(r"(@prefix : <.*cjph/)[^>]*", rf"\g<1>{wrong}", text)
        (found,) = _findings(part, left, path)
        assert (found.line, found.column) == (1, 11)
        assert obey(left, [found]) == text
    other = text.replace("<http://purl.org/dc/terms/>", "<http://purl.org/dc/elements/1.1/>")
    (found,) = _findings(part, other, path)
    assert found.message == "The prefix dcterms: stands for another address in the other files."
    assert obey(other, [found]) == text
