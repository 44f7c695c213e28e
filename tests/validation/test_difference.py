"""What changed in a home since a revision of git: by thing, by label, with findings."""

import json
import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest
from support.canals import EXE, OTTER, committed, write
from support.commands import cjph
from support.repositories import git

from cjph_graph.home.location import Home
from cjph_graph.validation.difference import home_difference
from cjph_graph.validation.reports import difference
from cjph_graph.validation.reports.markdown import LONGEST

pytestmark = pytest.mark.skipif(which("git") is None, reason="git is not installed")


@pytest.fixture
def canals(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    return committed(home, monkeypatch)


def _text(home: Home) -> list[str]:
    """Return what changed since HEAD, a line for each line."""
    return difference.as_text(home_difference(home, "HEAD"), width=200).splitlines()


def test_a_changed_value_is_told_by_label_old_and_new_together(canals: Home) -> None:
    write(canals, exe=EXE.replace("2021", "2022"))
    assert _text(canals) == [
        "Since HEAD: 1 thing was changed; 0 findings brought, 0 mended.",
        "",
        "Exeter Canal (canal): start 2021 → 2022; touches Otter Cut",
    ]


def test_a_file_that_is_only_laid_out_anew_is_no_change(canals: Home) -> None:
    write(
        canals,
        exe='w:exe rdfs:label "Exeter Canal"@en ; # old\n ex:start "2021"^^xsd:gYear; a ex:Canal.',
    )
    assert _text(canals) == ["Nothing changed since HEAD."]
    (canals.data / "otter.ttl").rename(canals.data / "moved.ttl")
    assert _text(canals) == ["Nothing changed since HEAD."]


def test_a_list_is_told_with_short_names_and_its_texts_as_they_are(canals: Home) -> None:
    listed = EXE.replace(" .", ' ; ex:locks ( ex:upper "<ex:lower>" ) .', 1)
    assert listed != EXE
    write(canals, exe=listed)
    _, _, line, *_ = _text(canals)
    assert line.endswith('ex:locks added: ( ex:upper "<ex:lower>" ); touches Otter Cut')


def test_new_things_tell_their_values_in_the_order_of_the_shapes(canals: Home) -> None:
    write(
        canals,
        grand='w:grand ex:start "1805"^^xsd:gYear ; ex:joins w:exe , w:otter ; a ex:Canal ;\n'
        '  rdfs:label "Grand Canal"@en .',
    )
    assert _text(canals)[2:] == [
        "Grand Canal (canal) came in: name: Grand Canal; joins: Exeter Canal, Otter Cut;"
        " start: 1805"
    ]


def test_what_was_taken_away_names_what_still_links_to_it(canals: Home) -> None:
    (canals.data / "exe.ttl").unlink()
    said = _text(canals)
    assert said[0] == "Since HEAD: 1 thing was taken away; 1 finding brought, 0 mended."
    assert said[2] == "Exeter Canal (canal) was taken away: still linked from Otter Cut"
    assert said[4].startswith("brought: error: Otter Cut: ")


def test_what_was_taken_away_touches_nothing_that_it_linked_to(canals: Home) -> None:
    (canals.data / "otter.ttl").unlink()
    assert _text(canals)[2:] == ["Otter Cut (canal) was taken away"]


def test_a_thing_with_another_iri_is_still_the_same(canals: Home) -> None:
    (canals.data / "exe.ttl").unlink()
    write(
        canals,
        exeter=EXE.replace("w:exe", "w:exeter").replace("2021", "2022"),
        otter=OTTER.replace("w:exe", "w:exeter"),
    )
    assert _text(canals) == [
        "Since HEAD: 1 thing was changed; 0 findings brought, 0 mended.",
        "",
        "Exeter Canal (canal): IRI https://example.org/waters/exe →"
        " https://example.org/waters/exeter; start 2021 → 2022; touches Otter Cut",
    ]
    write(canals, otter=OTTER)  # which has been forgotten
    said = _text(canals)
    assert said[0].endswith("2 things were changed; 1 finding brought, 0 mended.")
    exe, exeter = (f"<https://example.org/waters/{name}>" for name in ("exe", "exeter"))
    assert f"Otter Cut (canal): joins {exeter} → {exe}" in said


def test_another_thing_in_its_place_is_not_the_same(canals: Home) -> None:
    (canals.data / "exe.ttl").unlink()
    write(canals, grand=EXE.replace("w:exe", "w:grand").replace("Exeter", "Grand"))
    assert "1 thing came in, 1 thing was taken away" in _text(canals)[0]


def test_parts_stand_below_their_thing_each_with_its_changes(canals: Home) -> None:
    locks = [
        f"w:exe ex:lock <https://example.org/waters/exe#lock-{n}> .\n"
        f"<https://example.org/waters/exe#lock-{n}> a ex:Lock ; ex:rise {n}.5 .\n"
        for n in (1, 2, 3)
    ]
    write(canals, exe=EXE + locks[0] + locks[1])
    git(canals.path, "commit", "--quiet", "--all", "--message", "locks")
    write(canals, exe=EXE + locks[0].replace("1.5", "9") + locks[2])
    assert _text(canals)[2:] == [
        "Exeter Canal (canal):",
        "    lock lock-1: rise in metres 1.5 → 9",
        "    lock lock-2 was taken away",
        "    lock lock-3 came in: rise in metres: 3.5",
        "    touches Otter Cut",
    ]


def test_a_part_is_told_with_its_thing(canals: Home) -> None:
    write(canals, exe=f"{EXE} w:exe ex:lock <https://example.org/waters/exe#lock-1> .\n"
           "<https://example.org/waters/exe#lock-1> a ex:Lock ; ex:rise 2.5 .")  # fmt: skip
    (thing,) = home_difference(canals, "HEAD").things
    assert (thing.name, thing.status, thing.parts) == (
        "Exeter Canal",
        "changed",
        {"lock-1": ("new", "lock")},
    )
    assert [(c.part, c.name, c.after[0].text) for c in thing.changes] == [
        ("lock-1", "rise in metres", "2.5"),
    ]


def test_findings_brought_and_mended(canals: Home) -> None:
    write(canals, exe=EXE.replace('"2021"^^xsd:gYear', '"2021"'))
    found = home_difference(canals, "HEAD")
    assert ([each.message for each in found.brought], found.mended) == (["Write a year."], ())
    said = "\n".join(_text(canals))
    assert 'brought: error: Exeter Canal: start "2021": Write a year.' in said
    unchecked = home_difference(canals, "HEAD", checked=False)
    assert (unchecked.brought, len(unchecked.things)) == ((), 1)


def test_a_language_or_datatype_alone_is_a_change(canals: Home) -> None:
    write(canals, exe=EXE.replace('"2021"^^xsd:gYear', '"2021"^^xsd:string'))
    written = '"2021"^^<http://www.w3.org/2001/XMLSchema#gYear> → "2021"'
    assert any(written in line for line in _text(canals))


def test_markdown_is_no_longer_than_a_comment_may_be(canals: Home) -> None:
    many = "".join(
        f'w:c{n} a ex:Canal ; rdfs:label "Canal @{n} <b>"@en ; ex:joins w:exe .\n'
        for n in range(1500)
    )
    write(canals, many=many)
    text = difference.as_markdown(home_difference(canals, "HEAD"))
    assert len(text) < LONGEST < 65_536
    assert "more: run `cjph diff HEAD` to see all." in text
    git(canals.path, "branch", "a{b}")
    odd = difference.as_markdown(home_difference(canals, "a{b}"))
    assert "more: run `cjph diff a{b}` to see all." in odd
    assert "<b>" not in text
    assert "@1" not in text


def test_json_holds_all_of_it(canals: Home) -> None:
    write(canals, exe=EXE.replace("2021", "2022"))
    done = cjph(canals, "diff", "--format", "json")
    assert done.returncode == 0, done.stderr
    (thing,) = json.loads(done.stdout)["things"]
    (change,) = thing["changes"]
    assert (thing["name"], change["name"], change["before"][0]["text"]) == (
        "Exeter Canal",
        "start",
        "2021",
    )
    assert thing["touches"] == [{"iri": "https://example.org/waters/otter", "name": "Otter Cut"}]


def test_between_two_revisions(canals: Home, tmp_path: Path) -> None:
    write(canals, exe=EXE.replace("2021", "2022"))
    git(tmp_path, "commit", "-qam", "after")
    write(canals, exe=EXE)
    done = cjph(canals, "diff", "HEAD~1", "HEAD")
    assert "start 2021 → 2022" in done.stdout
    assert cjph(canals, "diff", *"abc").returncode == 2
    unknown = cjph(canals, "diff", "nowhere")
    assert (unknown.returncode, "git has no revision 'nowhere'" in unknown.stderr) == (2, True)


def test_what_takes_too_long_names_what_is_quicker(canals: Home) -> None:
    command = [sys.executable, "-m", "cjph_graph", "--home", str(canals.path), "diff"]
    done = subprocess.run(
        [*command, "--timeout", "0.001"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 3, done.stderr
    assert "--no-findings compares things and checks nothing." in done.stderr
