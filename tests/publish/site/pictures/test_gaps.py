"""The gap in a sentence: said where the values support it, and nowhere else."""

import pytest
from publish.site.pictures.test_series import draw, value

PAIR = {"versus": "White people"}


def gap(*values, name="Jail incarceration rate (BJS)"):
    return draw(list(values), name).gap


def pair(year=2019, black=600, white=184, **more):
    return (
        value(year, black, "Black people", **PAIR, **more),
        value(year, white, "White people", **more),
    )


def test_the_sentence_has_time_groups_figures_and_unit():
    assert gap(*pair()) == (
        "In 2019 the jail incarceration rate for Black people was 3.3 times that for white people "
        "(600 against 184 per 100,000 residents)."
    )


def test_the_newest_pair_counts_then_the_widest():
    older = pair(2018, 900, 100)
    asian = value(2019, 30, "Asian people", **PAIR)
    said = gap(*older, *pair(), asian)
    assert said.startswith(
        "In 2019 the jail incarceration rate for Asian people was 84 percent below"
    )


def test_large_ratios_have_no_decimals_and_near_ones_no_number():
    assert "12 times that for" in gap(*pair(black=120, white=10))
    assert "was about that for white people (102 against 100" in gap(*pair(black=102, white=100))


def test_a_name_that_is_no_rate_is_the_figure():
    assert "2019 the figure for Black" in gap(*pair(), name="Deaths in local jails")
    assert "2019 the HIV rate for Black" in gap(*pair(), name="HIV rate")


SILENT = [
    pytest.param({"caveat": "Counted otherwise."}, id="a caveat"),
    pytest.param({"qualifier": "Approximate"}, id="a qualifier"),
    pytest.param({"unit": "People"}, id="a count"),
    pytest.param({"sex": "Female"}, id="one sex"),
    pytest.param({"role": "target"}, id="a target"),
]


@pytest.mark.parametrize("more", SILENT)
def test_no_sentence_where_values_do_not_support_one(more):
    assert gap(*pair(**more)) == ""


def test_no_sentence_across_places_periods_or_units():
    black, _ = pair()
    for change in ({"place": "Ohio"}, {"unit": "Percent"}, {"start": "2018", "end": "2018"}):
        other = value(2019, 184, "White people", **change)
        assert gap(black, other) == "", change
    assert gap(black) == ""
    assert gap(*pair(white=0)) == ""


def test_a_group_is_compared_only_with_the_one_the_graph_names():
    assert gap(value(2019, 6, "Ages 0 to 17"), value(2019, 3, "Ages 18 to 64")) == ""
