"""Help while Turtle is typed: what may stand at the cursor, marked | in the texts below."""

import pytest

from cjph_graph.contribute import HomeContents
from cjph_graph.contribute.editing import Editing, Suggestion
from cjph_graph.home.location import Home, find_home

_HEAD = """\
@prefix cjph: <https://w3id.org/cjph/ontology#> .
@prefix place: <https://w3id.org/cjph/places/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
# A comment with "quotes' in it.
"""


@pytest.fixture(scope="module")
def editing() -> Editing:
    return Editing(HomeContents(Home(find_home().path)))


def _suggested(editing: Editing, text: str) -> dict[str, Suggestion]:
    before, _, after = (_HEAD + text).partition("|")
    _, found = editing.suggestions(before, before + after)
    return {each.text: each for each in found}


def test_a_class_is_suggested_with_its_label(editing: Editing) -> None:
    found = _suggested(editing, "place:x a |")
    assert (found["cjph:Place"].kind, found["cjph:Place"].label) == ("class", "place")
    assert found["cjph:Place"].meaning == "A country, state, county, city or district."


def test_properties_are_those_of_the_class(editing: Editing) -> None:
    found = _suggested(editing, "place:x a cjph:Place ; cjph:|")
    assert found["cjph:placeKind"].label == "kind of place"
    assert "cjph:adopted" not in found
    assert "a" not in found
    assert "cjph:adopted" in _suggested(editing, "place:x |")


def test_a_property_of_one_value_is_not_suggested_again(editing: Editing) -> None:
    used = "place:x a cjph:Place ; cjph:placeKind <https://w3id.org/k> ; "
    assert "cjph:placeKind" not in _suggested(editing, f"{used}|")
    assert "skos:note" in _suggested(editing, f'{used} skos:note "x"@en ; |')


@pytest.mark.parametrize(
    ("text", "value", "label"),
    [
        ("place:x a cjph:Place ; cjph:placeKind |", "place-kind:city", "City"),
        ("place:x a cjph:Place ; cjph:within place:ore|", "place:oregon", "Oregon"),
        ('place:x a cjph:Place ; skos:note "a . b ; c"@en ; cjph:within |',
         "place:oregon", "Oregon"),
        ("place:x a cjph:Place ; cjph:within place:eugene , |", "place:oregon", "Oregon"),
        ("<x> cjph:placeKind place-kind:c|\n ; a cjph:Place .", "place-kind:city", "City"),
        ("[] a cjph:Place ; cjph:within |", "place:oregon", "Oregon"),
    ],
)  # fmt: skip
def test_values_are_found_with_their_labels(
    editing: Editing, text: str, value: str, label: str
) -> None:
    assert _suggested(editing, text)[value].label == label


def test_what_a_file_does_not_declare_comes_with_its_declaration(editing: Editing) -> None:
    found = _suggested(editing, "place:x a cjph:Place ; cjph:placeKind |")
    kind = found["place-kind:city"].declaration
    assert kind == "@prefix place-kind: <https://w3id.org/cjph/vocabulary/place-kind/> .\n"
    assert found["place:"].declaration == ""


@pytest.mark.parametrize(
    "text",
    [
        'place:x skos:prefLabel "a |',
        'place:x skos:prefLabel """a\n "b |',
        "place:x a cjph:Place . # and |",
        "place:x a <https://w3id.org/|",
        "@prefix cj|",
    ],
)
def test_nothing_is_suggested_inside_a_text_a_comment_or_an_address(
    editing: Editing, text: str
) -> None:
    assert _suggested(editing, text) == {}


def test_a_name_is_explained(editing: Editing) -> None:
    line = "    cjph:within place:oregon ;"
    said = editing.explanation(line, line.index("oregon"), _HEAD)
    assert said == "**Oregon** (place)\n\n<https://w3id.org/cjph/places/oregon>"
    assert "**within**" in editing.explanation(line, line.index("within"), _HEAD)
    assert editing.explanation(line, 0, _HEAD) == ""
    assert editing.explanation("  place:nowhere-at-all", 4, _HEAD) == ""


def test_a_thing_leads_to_its_file(editing: Editing) -> None:
    line = "x <https://w3id.org/cjph/interventions/cahoots-eugene> place:nowhere-at-all"
    found = editing.origin(line, 5, _HEAD)
    assert found is not None
    assert found[0].endswith("data/interventions/cahoots-eugene.ttl")
    assert found[1] > 1
    assert editing.origin(line, len(line), _HEAD) is None
