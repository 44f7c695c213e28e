"""Charts of values over time: that every mark stands where its value belongs, and can be read."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from publish.site.pictures.drawings import (
    SVG,
    boxes,
    drawings,
    of_class,
    outside,
    overlapping,
    words,
)

from cjph_graph.publish.site.pictures import PublishedValue, draw_indicator

UNIT = "Per 100,000 residents"


def value(year: int | str, number: float, group: str = "", **more) -> PublishedValue:
    when = str(year)
    known = {"place": "United States", "sex": "", "unit": UNIT, "start": when, "end": when}
    return PublishedValue(group=group, number=Decimal(str(number)), **{**known, **more})


def draw(values, name="Imprisonment rate"):
    return draw_indicator("rate", name, values, everybody="Everybody")


def first(values):
    return drawings(draw(values).figures[0])


def points(drawing, line: int) -> list[tuple[float, float]]:
    (found,) = of_class(drawing, f"line-{line}")
    return [(float(c.get("cx")), float(c.get("cy"))) for c in found.iter(f"{SVG}circle")]


def pieces(drawing, line: int) -> list[int]:
    (found,) = of_class(drawing, f"line-{line}")
    return [len(each.get("points").split()) for each in found.iter(f"{SVG}polyline")]


def test_values_stand_at_their_height_and_year():
    wide, narrow = first([value(2000, 100), value(2005, 50), value(2010, 0)])
    for drawing in (wide, narrow):
        (x0, y0), (x1, y1), (x2, y2) = points(drawing, 0)
        assert x1 - x0 == pytest.approx(x2 - x1, abs=0.2)
        assert y1 - y0 == pytest.approx(y2 - y1, abs=0.2)
        zero = float(of_class(drawing, "zero")[0].get("y1"))
        assert y2 == pytest.approx(zero, abs=0.2)


def test_ticks_stand_at_their_values():
    wide, _ = first([value(2000, 100), value(2010, 40)])
    (grid,) = of_class(wide, "grid")
    at = {t.text: float(line.get("y1")) for line, t in pairwise(grid) if t.tag == f"{SVG}text"}
    assert at["100"] == pytest.approx(points(wide, 0)[0][1], abs=0.2)
    assert list(at) == ["0", "25", "50", "75", "100"]


def test_the_axis_of_values_begins_at_zero():
    wide, _ = first([value(2000, 990), value(2001, 1000)])
    assert "0" in [box.text for box in boxes(wide)]


def test_everybody_is_the_main_line_and_groups_are_named_at_their_ends():
    wide, _ = first(
        [value(y, n, g) for y in (2018, 2019) for g, n in (("", 5), ("Black people", 9))]
    )
    names = [
        " ".join(t.text.strip() for t in n.iter(f"{SVG}tspan")) for n in of_class(wide, "name")
    ]
    assert names == ["Everybody", "Black people"]


def test_a_group_without_everybody_is_not_the_main_line():
    wide, _ = first([value(2018, 1, "Black people"), value(2019, 2, "Black people")])
    assert not of_class(wide, "line-0")
    assert of_class(wide, "line-1")


APART = [
    pytest.param({"starts_series": True}, id="a new series"),
    pytest.param({"start": "2020", "end": "2021"}, id="a longer period"),
]


@pytest.mark.parametrize("more", APART)
def test_what_cannot_be_compared_is_not_joined(more):
    values = [value(2018, 1), value(2019, 2), value(2020, 3, **more), value(2022, 4)]
    wide, _ = first(values)
    assert pieces(wide, 0)[0] == 2
    assert len(pieces(wide, 0)) == (1 if "end" in more else 2)


def test_years_that_are_missing_leave_a_gap():
    wide, _ = first([value(y, y - 2000) for y in (2001, 2002, 2003, 2010, 2011)])
    assert pieces(wide, 0) == [3, 2]


def test_a_break_is_said_in_the_caption():
    figure = draw([value(y, 1) for y in (2001, 2002, 2003, 2010)]).figures[0]
    assert "A line is broken where" in figure.caption
    assert "broken" not in draw([value(2001, 1), value(2002, 1)]).figures[0].caption


def test_units_are_never_on_one_chart():
    values = [value(y, 1) for y in (2018, 2019, 2020)]
    other = [value(y, 900000, unit="People") for y in (2018, 2019)]
    figures = draw(values + other).figures
    assert len(figures) == 2
    assert "Per 100,000" in words(drawings(figures[0])[0])
    assert "People" in words(drawings(figures[1])[0])


def test_a_target_is_a_dashed_line_at_its_value_with_its_year():
    wide, _ = first([value(2018, 10), value(2019, 10), value(2030, 5, role="target")])
    (target,) = of_class(wide, "target")
    top, zero = points(wide, 0)[0][1], float(of_class(wide, "zero")[0].get("y1"))
    assert float(target.get("y1")) == pytest.approx((top + zero) / 2, abs=0.3)
    assert "Target for 2030: 5" in words(wide)


def test_a_range_is_a_bar_between_its_ends():
    wide, _ = first([value(2018, 10), value(2019, 5, upper=Decimal(10))])
    (bar,) = of_class(wide, "range")
    assert float(bar.get("y2")) == pytest.approx(points(wide, 0)[0][1], abs=0.2)
    assert "5 to 10" in words(wide)


def test_a_value_with_a_caveat_is_hollow_and_explained():
    figure = draw([value(2018, 1, caveat="Counted twice."), value(2019, 2)]).figures[0]
    wide, _ = drawings(figure)
    assert len(of_class(wide, "hollow")) == 1
    assert "(a) Counted twice." in figure.caption


def test_a_period_of_years_is_a_stroke_as_long_as_it():
    wide, _ = first([value(2010, 1, end="2014"), value(2015, 2, end="2019")])
    one, other = of_class(wide, "period")
    assert float(one.get("x2")) == pytest.approx(float(other.get("x1")), abs=0.3)


def test_one_value_alone_has_no_chart():
    assert draw([value(2018, 1)]).figures == ()


def test_groups_at_one_time_are_bars_as_long_as_their_values():
    (figure,) = draw([value(2018, 4), value(2018, 1, "Women")]).figures
    wide, _ = drawings(figure)
    lengths = [float(r.get("width")) for r in wide.iter(f"{SVG}rect")]
    assert lengths[0] == pytest.approx(4 * lengths[1], abs=0.5)


def test_the_words_say_first_and_newest():
    wide, _ = first([value(2000, 100), value(2010, 40)])
    assert wide.find(f"{SVG}desc").text == (
        "Per 100,000 residents. Everybody: 100 in 2000, 40 in 2010. All values stand in the table."
    )
    assert wide.find(f"{SVG}title").text == "Imprisonment rate, United States"


def test_states_of_one_period_are_a_map():
    codes = ["AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "FL", "GA"]
    states = [
        value(2019, 10 + n, place=f"State {code}", place_code=f"US-{code}")
        for n, code in enumerate(codes)
    ]
    figures = draw([value(2018, 9), value(2019, 9), *states]).figures
    assert "Highest: State GA (19); lowest: State AL (10)." in figures[1].caption
    assert len(draw([value(2018, 9), value(2019, 9), *states[:9]]).figures) == 1


GROUPS = st.sampled_from(
    ["", "Black people", "American Indian or Alaska Native people, not Hispanic", "Ages 0 to 17"]
    + [f"Group number {n} with a name of some length" for n in range(12)]
)
VALUES = st.lists(
    st.builds(
        value,
        st.integers(1990, 2024),
        st.floats(0, 10**9) | st.integers(0, 50),
        GROUPS,
        caveat=st.sampled_from(["", "", "Counted twice."]),
        role=st.sampled_from(["value", "value", "value", "target"]),
    ),
    min_size=1,
    max_size=60,
    unique_by=lambda v: (v.group, v.start, v.role),
)


@settings(max_examples=60, deadline=None)
@given(VALUES)
def test_labels_never_overlap_and_nothing_leaves_the_view_box(values):
    values = [v for v in values if v.role == "value"] + [v for v in values if v.role != "value"][:2]
    for figure in draw(values).figures:
        for drawing in drawings(figure):
            assert outside(drawing) == []
            (names,) = of_class(drawing, "names") or [drawing]
            assert overlapping(boxes(names)) == []


def test_the_same_values_give_the_same_bytes():
    values = [value(y, y % 7, g) for y in range(2000, 2020) for g in ("", "A", "B")]
    assert draw(values) == draw(list(reversed(values)))
