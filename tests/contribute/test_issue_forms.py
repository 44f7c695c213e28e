"""Issue forms: made from the shapes, and read back as a row that the importer takes."""

import csv
import io
import re
from pathlib import Path

import pytest
from support.commands import cjph

from cjph_graph.contribute import HomeContents
from cjph_graph.contribute.issue_forms import issue_forms, issue_row
from cjph_graph.errors import InputError
from cjph_graph.home.location import Home, find_home

_FOLDER = Path(__file__).parents[2] / ".github" / "ISSUE_TEMPLATE"
_FILLED = """\
### Kind of thing

source

### Name

A report on
clinics

### Name of the publisher

Example Press

### Publisher

_No response_

### Date of publication

2021

### Address

https://example.org/clinics

### Kind of source

News

### Primary source

No
"""


@pytest.mark.checkout
def test_the_forms_of_the_repository_are_those_of_the_shapes() -> None:
    done = cjph(find_home(), "forms", "--check", str(_FOLDER))
    assert (done.returncode, done.stderr) == (0, "")


def test_a_stale_form_is_named_and_written_anew(shipped: Home, tmp_path: Path) -> None:
    folder = tmp_path / "forms"
    write = ("forms", str(folder))
    assert cjph(shipped, *write).returncode == 0
    (folder / "policies.yml").write_text("name: old\n", encoding="utf-8")
    stale = cjph(shipped, *write, "--check")
    assert (stale.returncode, "policies.yml" in stale.stderr) == (1, True)
    assert "1 written" in cjph(shipped, *write).stdout
    assert cjph(shipped, *write, "--check").returncode == 0


def test_yes_and_no_are_texts_and_no_option_is_none(contents: HomeContents) -> None:
    texts = [data.decode() for data in issue_forms(contents).values()]
    assert any('- "Yes"\n        - "No"' in text for text in texts)
    for text in texts:
        assert not re.search(r"^ +- (?!\"|type:)", text, re.MULTILINE)
        assert '- "None"' not in text


def test_a_filled_form_becomes_a_row(contents: HomeContents) -> None:
    labels = re.findall(r'label: "(.*)"', issue_forms(contents)["sources.yml"].decode())
    assert set(re.findall(r"^### (.*)$", _FILLED, re.MULTILINE)) <= set(labels), labels
    kind, row = issue_row(contents, _FILLED)
    (cells,) = csv.DictReader(io.StringIO(row.decode()))
    assert kind.name == "source"
    assert cells["name"] == "A report on clinics"
    assert "publisher" not in cells
    assert _FILLED.replace("\n", "\r\n") != _FILLED
    assert issue_row(contents, _FILLED.replace("\n", "\r\n"))[1] == row


def test_several_chosen_values_may_have_commas_of_their_own(contents: HomeContents) -> None:
    form = contents.form("intervention")
    field = next(f for f in form.fields if f.column == "issue")
    chosen = [each.label for each in contents.allowed(field)][:3]
    body = f"### Kind of thing\n\nintervention\n\n### {field.label.capitalize()}\n\n"
    _, row = issue_row(contents, body + ", ".join(chosen))
    (cells,) = csv.DictReader(io.StringIO(row.decode()))
    assert [part.strip() for part in cells["issue"].split(";")] == chosen


def test_what_is_no_filled_form_is_refused(contents: HomeContents) -> None:
    for text in ("", "Hello", "### Kind of thing\n\nspaceship\n"):
        with pytest.raises(InputError, match="not a filled-in form"):
            issue_row(contents, text)


_HOSTILE = """$(touch pwned) `touch pwned` "quoted" 'so', | a ; b\\
```
### Not a field
=1+1 \u202e <script> @everyone #1 """


def test_what_stands_in_an_answer_stays_in_it(contents: HomeContents) -> None:
    body = _FILLED.replace("A report on\nclinics", _HOSTILE)
    _, row = issue_row(contents, body)
    (cells,) = csv.DictReader(io.StringIO(row.decode()))
    assert cells["name"] == " ".join(_HOSTILE.split())
    assert [*cells] == [
        *next(csv.DictReader(io.StringIO(issue_row(contents, _FILLED)[1].decode())))
    ]


@pytest.mark.parametrize("heading", ["Address", "Name", "Kind of thing"])
def test_a_field_that_is_answered_twice_is_refused(contents: HomeContents, heading: str) -> None:
    body = _FILLED.replace("clinics", f"clinics\n\n### {heading}\n\nhttps://example.org/other")
    with pytest.raises(InputError, match=f"The heading “{heading}” stands twice"):
        issue_row(contents, body)


def test_a_filled_form_becomes_turtle(shipped: Home, tmp_path: Path) -> None:
    out = tmp_path / "out"
    read = cjph(shipped, "forms", "--read", str(out), stdin=_FILLED)
    assert (read.returncode, read.stdout) == (0, "sources\n"), read.stderr
    new = cjph(shipped, "new", "sources", "--from", str(out / "row.csv"))
    assert new.returncode == 0, new.stderr
    text = (shipped.data / "sources.ttl").read_text(encoding="utf-8")
    assert 'skos:prefLabel "A report on clinics"@en' in text
