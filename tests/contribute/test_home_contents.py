"""Finding things by what people call them: found, several, none."""

import pytest

from cjph_graph.contribute import HomeContents
from cjph_graph.contribute.home_contents import slug
from cjph_graph.home.location import Home

_CJPH = "https://w3id.org/cjph/"
_PLACE = f"{_CJPH}ontology#Place"


@pytest.mark.parametrize(
    ("text", "target", "found"),
    [
        ("oregon", _PLACE, "places/oregon"),
        ("Oregon", _PLACE, "places/oregon"),
        (" OREGON ", _PLACE, "places/oregon"),
        ("place:oregon", _PLACE, "places/oregon"),
        (f"<{_CJPH}places/oregon>", _PLACE, "places/oregon"),
        ("US-OR", _PLACE, "places/oregon"),
        ("us-or", _PLACE, "places/oregon"),
        ("41", _PLACE, "places/oregon"),
        ("https://sws.geonames.org/5744337", _PLACE, "places/oregon"),
        ("Springfield, OR", _PLACE, "places/springfield-or"),
        ("Springfield, Massachusetts", _PLACE, "places/springfield-ma"),
        ("Substance use", f"{_CJPH}vocabulary/issue", "vocabulary/issue/substance-use"),
        (
            "www.seattle.gov/housing/homeless/1811.htm/",
            f"{_CJPH}ontology#Source",
            "sources/1811-eastlake-study-released-housing-first-saves-lives-and",
        ),
    ],
)
def test_a_thing_is_found(contents: HomeContents, text: str, target: str, found: str) -> None:
    assert [entry.iri for entry in contents.find(text, [target])] == [_CJPH + found]


def test_several_are_told_apart_from_none(contents: HomeContents) -> None:
    several = contents.find("Springfield", [_PLACE])
    assert {entry.slug for entry in several} == {"springfield-or", "springfield-ma"}
    assert contents.find("Orgeon", [_PLACE]) == []
    assert [entry.slug for entry in contents.near("Orgeon", [_PLACE])][:1] == ["oregon"]
    assert contents.near("Timbuktu on the Moon", [_PLACE]) == []


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Street Outreach Team", "street-outreach-team"),
        ("King County's “Café”", "king-countys-cafe"),
        ("U.S. Census", "us-census"),
        ("  a -- b ", "a-b"),
        ("word " * 40, "word-word-word-word-word-word-word-word-word-word-word-word"),
    ],
)
def test_a_name_becomes_a_short_one(name: str, short: str) -> None:
    assert slug(name) == short


def test_forms_follow_from_the_shapes_alone(grown: Home) -> None:
    form = HomeContents(grown).form("campaign")
    assert [(field.column, field.holds, field.required) for field in form.fields] == [
        ("name", "text", True),
        ("issue", "link", True),
        ("start_date", "date", False),
        ("source", "link", True),
    ]
