"""Asking for a thing field by field."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from support.commands import cjph

from cjph_graph.contribute import HomeContents
from cjph_graph.contribute.ask import Answers, ask_for, read_answers
from cjph_graph.errors import InputError, UsageError
from cjph_graph.home.location import Home
from cjph_graph.system import write_all
from cjph_graph.validation import ValidationOptions, validate

_ANSWERS = {
    "description": ["", "Outreach workers step in before someone is shot."],
    "issue": ["violense", "?", "violence"],
    "setting": ["Community"],
    "replaced response": ["none"],
    "approach": ["case management; street-outreach-and-interruption"],
    "place": ["Toledo"],
    "Is “Toledo” new?": ["y"],
    "kind of place": ["city"],
    "larger place": ["Ohio"],
    "source": ["A study of outreach", "A study of outreach"],
    "Is “A study of outreach” new?": ["y"],
    "name of the publisher": ["A Journal"],
    "kind of source": ["peer-reviewed"],
    "primary source": ["yes"],
    "address": ["", "https://example.org/outreach"],
    "kind of evidence": ["rct"],
    "start": ["03/04/2021", "March 2021"],
    "Add a finding?": ["y", "n"],
    "measure": ["people shot"],
    "kind of finding": ["outcome"],
    "comparator": ["the year before"],
    "value": ["12.5%"],
    "unit": ["percent"],
}


class _Scripted:
    """Answers by what is asked, each answer once; then with nothing."""

    def __init__(self, answers: dict[str, list[str]], most: int = 1000) -> None:
        self._left = {question: [*given] for question, given in answers.items()}
        self._most = most
        self.heard: list[str] = []

    def tell(self, text: str) -> None:
        self.heard.append(text)

    def ask(self, question: str, choices: Sequence[str]) -> str:
        self._most -= 1
        if self._most < 0:
            raise EOFError
        self.heard.append(question)
        for known, left in self._left.items():
            if left and question.startswith((f"{known}>", f"{known} (", f"{known} A ")):
                return left.pop(0)
        return ""


def _answers(folder: Path) -> Answers:
    return Answers("intervention", "Street Outreach Team", folder / "answers.json")


def _script() -> dict[str, list[str]]:
    again = "Fewer people were shot."
    return {**_ANSWERS, "description": [*_ANSWERS["description"], again]}


@pytest.mark.slow
def test_the_answers_end_in_valid_files(shipped: Home, tmp_path: Path) -> None:
    person = _Scripted(_script())
    outcome = ask_for(HomeContents(shipped), _answers(tmp_path), person)
    assert [f.message for f in outcome.findings if f.severity == "error"] == []
    names = {path.relative_to(shipped.data).as_posix() for path in outcome.files}
    assert names == {"interventions/street-outreach-team.ttl", "places.ttl", "sources.ttl"}
    text = outcome.files[shipped.data / "interventions" / "street-outreach-team.ttl"].decode()
    assert 'cjph:startDate "2021-03"^^xsd:gYearMonth ;' in text
    assert "cjph:value 12.5 ;" in text
    write_all(outcome.files)
    report = validate(ValidationOptions((), shipped))
    assert [f.message for f in report.findings if f.severity == "error"] == []
    heard = "\n".join(person.heard)
    assert "No value of the vocabulary issue is called “violense”." in heard
    assert "“03/04/2021” may be 2021-03-04 or 2021-04-03." in heard
    # A source that nobody can find is asked about again, though each answer was right.
    assert "Add where the source can be read" in heard


@pytest.mark.slow
def test_who_stops_goes_on_where_it_was(shipped: Home, tmp_path: Path) -> None:
    answers = _answers(tmp_path)
    with pytest.raises(EOFError):
        ask_for(HomeContents(shipped), answers, _Scripted(_script(), most=6))
    kept = json.loads(answers.path.read_text(encoding="utf-8"))
    assert kept["sheets"]["interventions"][0]["issue"] == "violence"
    again = read_answers(answers.path, "intervention", "Street Outreach Team")
    script = {**_script(), "description": ["Fewer people were shot."], "issue": []}
    person = _Scripted(script)
    outcome = ask_for(HomeContents(shipped), again, person)
    assert outcome.errors == 0
    assert "issue> " not in person.heard


def test_answers_that_cannot_be_read_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "answers.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="has answers"):
        read_answers(tmp_path / "answers.json", "intervention", "X")


def test_the_command_keeps_what_was_answered(shipped: Home, tmp_path: Path) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "cjph_graph", "--home", str(shipped.path)),
            *("new", "intervention", "Team A", "--ask"),
        ],
        input="A team that steps in.\nviolence\n",
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "kept in team-a.intervention.json" in done.stderr
    kept = json.loads((tmp_path / "team-a.intervention.json").read_text(encoding="utf-8"))
    assert kept["sheets"]["interventions"][0]["issue"] == "violence"
    assert cjph(shipped, "new", "intervention", "--ask").returncode == 2


@pytest.mark.slow
def test_the_address_of_a_source_that_is_new_goes_where_addresses_stand(
    shipped: Home, tmp_path: Path
) -> None:
    script = _script()
    for name in ("address", "Is “A study of outreach” new?"):
        del script[name]
    script["source"] = ["county.example/outreach", "https://county.example/outreach"]
    script["No source has this address. Is it new?"] = ["y"]
    script["name"] = ["A study of outreach"]
    script["source"] += ["A study of outreach"]
    person = _Scripted(script)
    outcome = ask_for(HomeContents(shipped), _answers(tmp_path), person)
    assert "Write: https://county.example/outreach" in person.heard
    text = outcome.files[shipped.data / "sources.ttl"].decode()
    assert "cjph:url <https://county.example/outreach>" in text
    assert 'skos:prefLabel "A study of outreach"@en' in text


@pytest.mark.parametrize(
    ("kind", "name", "message"),
    [
        ("finding", "A result", "stands in the file of what it belongs to"),
        ("place", "Oregon", "There is already place:oregon"),
    ],
)
def test_what_can_be_no_new_thing_is_said_before_anything_is_asked(
    contents: HomeContents, tmp_path: Path, kind: str, name: str, message: str
) -> None:
    person = _Scripted({})
    with pytest.raises(UsageError, match=message):
        ask_for(contents, Answers(kind, name, tmp_path / "answers.json"), person)
    assert person.heard == []
