"""What a steward would refuse in good Turtle of the right form: each is found, in our own files.

The mistakes are made in one copy of the home, none of them where another is looked for.
"""

import re
import shutil
from typing import NamedTuple

import pytest

import cjph_graph
from cjph_graph.home.location import Home
from cjph_graph.validation import Finding, ValidationOptions, validate

pytestmark = [pytest.mark.checkout, pytest.mark.slow]

_INTERVENTION, _POLICY = "interventions/{}.ttl", "policies/{}.ttl"


class _Mistake(NamedTuple):
    """A file, what replaces its first match, and what is reported at that line."""

    file: str
    old: str
    new: str
    said: str


_MISTAKES = {
    "the same fipsCode twice": _Mistake(
        "places.ttl",
        r'(?<=cjph:isoCode "US-CO" ;\n    cjph:fipsCode ")08(?=")',
        "35",
        "has the same code",
    ),
    "the same isoCode twice": _Mistake(
        "places.ttl", r'(?<=cjph:isoCode ")US-OR(?=")', "US-NY", "has the same code"
    ),
    "modified before it was created": _Mistake(
        "datasets.ttl", r'(?<=dcterms:modified ")[0-9-]+', "2019-01-01", "before the creation"
    ),
    "one address of two sources": _Mistake(
        "sources.ttl",
        r"(?<=cjph:url <)http://www.seattle.gov/housing/homeless/1811.htm",
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC9176742",
        "has the same address",
    ),
    "an address that is no host": _Mistake(
        "organisations/access-living.ttl", r"(?<=homepage <)[^>]+", "http://www", "address"
    ),
    "an address of one's own machine": _Mistake(
        "organisations/apha.ttl", r"(?<=homepage <)[^>]+", "http://localhost/x", "address"
    ),
    "a currency that is none": _Mistake(
        "convenings.ttl", r'(?<=cjph:currency ")USD', "ZZZ", "currency"
    ),
    "a name that is still to be written": _Mistake(
        _INTERVENTION.format("arches-nyc"), r'(?<=prefLabel ")[^"]+', "TODO", "stands in for"
    ),
    "HTML in a name": _Mistake(
        _INTERVENTION.format("austin-emcot"), r'(?<=prefLabel ")(\w+)', r"<b>\1</b>", "HTML"
    ),
    "a name in the wrong encoding": _Mistake(
        _INTERVENTION.format("b-heard-nyc"), r'(?<=prefLabel ")(\w+)', r"\1 CafÃ©", "encoding"
    ),
    "the year 0": _Mistake(
        _INTERVENTION.format("choose-180"),
        r'(?<=cjph:startDate ")[0-9-]+"\^\^xsd:\w+',
        '0000"^^xsd:gYear',
        "Write the date",
    ),
    "the lead as a partner": _Mistake(
        _INTERVENTION.format("cahoots-eugene"),
        "(?<=cjph:partner )organisation:city-of-eugene",
        "organisation:white-bird-clinic",
        "lead",
    ),
    "a status older than the policy": _Mistake(
        _POLICY.format("new-york-drug-law-reform-2009"),
        '(?<=statusAsOf ")2015',
        "2005",
        "before the adoption",
    ),
    "two names of a publisher": _Mistake(
        "sources.ttl",
        '(?<=cjph:publisherName "Science Advances"@en)',
        ' , "Science"@en',
        "publisher",
    ),
    "@english": _Mistake(
        _INTERVENTION.format("circles-of-peace"), '(?<=")@en(?= ;)', "@english", "@en for English"
    ),
    "an empty text": _Mistake(
        _POLICY.format("utah-clean-slate"), r'(?<=description ")[^"]+', "", "is empty"
    ),
    "a space at the end": _Mistake(
        _POLICY.format("vermont-act-176"), r'(?<=prefLabel ")([^"]+)', r"\1 ", "space"
    ),
    "none and something else": _Mistake(
        _INTERVENTION.format("adult-drug-courts"),
        r"(?<=cjph:replaces )(?=replaced-response:\w)",
        "replaced-response:none , ",
        "none",
    ),
    "almost the same name": _Mistake(
        "organisations/addiction-services-council.ttl",
        r'(?<=prefLabel ")[^"]+',
        "The Advance Peace, Inc.",
        "almost the same name",
    ),
    "a year of two centuries ago by a slip": _Mistake(
        _INTERVENTION.format("albuquerque-community-safety"),
        r'(?<=cjph:startDate ")2',
        "1",
        "too long ago",
    ),
    "a comparator that is the measure": _Mistake(
        _INTERVENTION.format("one-summer-chicago-plus"),
        '(?<=cjph:comparator ")the control group',
        "violent-crime arrests",
        "The same text is the measure",
    ),
    "a city's law of a state": _Mistake(
        _POLICY.format("california-proposition-47"),
        "(?<=policyLevel policy-level:)state",
        "city",
        "is a state",
    ),
    "a thing related to itself": _Mistake(
        _INTERVENTION.format("becoming-a-man"),
        "(?=cjph:issue )",
        "cjph:related intervention:becoming-a-man ; ",
        "links to itself",
    ),
    "fewer than no deaths": _Mistake(
        "indicators/local-jail-deaths.ttl", r"(?<=cjph:value )(?=\d)", "-", "never below 0"
    ),
    "evidence called none": _Mistake(
        _INTERVENTION.format("nyc-court-text-reminders"),
        r"(?<=cjph:evidenceKind evidence-kind:)rct(?= ;\n    dcterms:source)",
        "none",
        "has evidence",
    ),
    "two spaces": _Mistake(
        _INTERVENTION.format("project-reset-nyc"), "(?<=Project )(?=Reset)", " ", "Two spaces"
    ),
    "a description of a word": _Mistake(
        _INTERVENTION.format("mncosa"), '(?<=dcterms:description ")[^"]*', "Good.", "too little"
    ),
    "a name in capitals": _Mistake(
        _INTERVENTION.format("living-room-skokie"),
        '(?<=skos:prefLabel ")[^"]*',
        "THE LIVING ROOM OF SKOKIE",
        "all in capitals",
    ),
    "news as first-hand": _Mistake(
        "sources.ttl", r"(?<=source-kind:news ;\n    cjph:primary )false", "true", "others found"
    ),
    "a code of another state": _Mistake(
        "places.ttl", r'(?<=cjph:fipsCode ")06(?=0)', "42", "that of its state"
    ),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, int], list[Finding]]:
    """Return the findings by file and line, of a home with all mistakes."""
    folder = tmp_path_factory.mktemp("home")
    home = cjph_graph.open_home()
    for part in ("ontology", "data"):
        shutil.copytree(home.path / part, folder / part)
    for mistake in _MISTAKES.values():
        path = folder / "data" / mistake.file
        text, count = re.subn(mistake.old, mistake.new, path.read_text(encoding="utf-8"), count=1)
        assert count == 1, mistake
        path.write_text(text, encoding="utf-8")
    findings: dict[tuple[str, int], list[Finding]] = {}
    for finding in validate(ValidationOptions(home=Home(folder))).findings:
        name = (finding.file or "").removeprefix(f"{folder}/data/")
        findings.setdefault((name, finding.line or 0), []).append(finding)
    return findings


@pytest.mark.parametrize("name", _MISTAKES)
def test_it_is_found_at_its_line(name: str, found: dict[tuple[str, int], list[Finding]]) -> None:
    mistake = _MISTAKES[name]
    text = (cjph_graph.open_home().data / mistake.file).read_text(encoding="utf-8")
    match = re.search(mistake.old, text)
    assert match
    line = text.count("\n", 0, match.start()) + 1
    said = [f.message for f in found.get((mistake.file, line), [])]
    assert any(mistake.said in message for message in said), said


def test_nothing_else_is_accused(found: dict[tuple[str, int], list[Finding]]) -> None:
    files = {mistake.file for mistake in _MISTAKES.values()}
    # What is alike is reported at both, and nothing links any more to a partner that was replaced.
    others = {file for file, _ in found} - files
    assert others == {"organisations/advance-peace.ttl", "organisations/city-of-eugene.ttl"}
    assert sum(map(len, found.values())) < 2 * len(_MISTAKES)
