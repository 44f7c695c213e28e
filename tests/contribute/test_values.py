"""What a cell means, and what is said when it may mean anything."""

import pytest

from cjph_graph.contribute import HomeContents
from cjph_graph.contribute.forms import Field
from cjph_graph.contribute.problems import Problem, Reading
from cjph_graph.contribute.values import read_values


def _field(contents: HomeContents, kind: str, column: str) -> Field:
    return next(field for field in contents.form(kind).fields if field.column == column)


def _read(
    contents: HomeContents, kind: str, column: str, text: str, reading: Reading | None = None
) -> list[str]:
    values, problems = read_values(
        contents, _field(contents, kind, column), text, reading or Reading()
    )
    assert not problems, problems
    return [str(value).replace("http://www.w3.org/2001/XMLSchema#", "") for value in values]


def _problem(
    contents: HomeContents, kind: str, column: str, text: str, reading: Reading | None = None
) -> Problem:
    values, problems = read_values(
        contents, _field(contents, kind, column), text, reading or Reading()
    )
    assert not values
    (problem,) = problems
    return problem


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2021", '"2021"^^<gYear>'),
        ("March 2021", '"2021-03"^^<gYearMonth>'),
        ("Mar 2021", '"2021-03"^^<gYearMonth>'),
        ("2021-03", '"2021-03"^^<gYearMonth>'),
        ("03/2021", '"2021-03"^^<gYearMonth>'),
        ("2021-03-01", '"2021-03-01"^^<date>'),
        ("1 Mar 2021", '"2021-03-01"^^<date>'),
        ("March 1st, 2021", '"2021-03-01"^^<date>'),
        ("13/04/2021", '"2021-04-13"^^<date>'),
        ("05/05/2021", '"2021-05-05"^^<date>'),
        ("2021-03-01 00:00:00", '"2021-03-01"^^<date>'),
    ],
)
def test_a_date_is_as_exact_as_it_is_written(contents: HomeContents, text: str, date: str) -> None:
    assert _read(contents, "intervention", "start_date", text) == [date]


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("since 2017", "2017"),
        ("c. 2017", "2017"),
        ("2016-2018", "2016"),
        ("Spring 2021", "2021"),
        ("1990s", "1990"),
        ("03/04/2021", "2021-03-04 or 2021-04-03"),
        ("ongoing", "a date such as 2021-03-01 or 2021-03 or 2021"),
        ("44256", "2021-03-01"),  # as a spreadsheet counts days
        ("2021-02-30", "a date such as 2021-03-01 or 2021-03 or 2021"),
    ],
)
def test_what_is_less_or_more_than_a_date_is_not_guessed_at(
    contents: HomeContents, text: str, suggestion: str
) -> None:
    assert _problem(contents, "intervention", "start_date", text).suggestion == suggestion


def test_the_order_of_day_and_month_may_be_given(contents: HomeContents) -> None:
    read = [
        _read(contents, "intervention", "start_date", "03/04/2021", Reading(dates=order))
        for order in ("us", "eu")
    ]
    assert read == [['"2021-03-04"^^<date>'], ['"2021-04-03"^^<date>']]


def test_a_year_is_no_month(contents: HomeContents) -> None:
    assert _problem(contents, "finding", "year", "March 2021").suggestion == "2021"


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("224", ".", '"224"^^<integer>'),
        ("1,234", ".", '"1234"^^<integer>'),
        ("1,234,567.5", ".", '"1234567.5"^^<decimal>'),
        ("8.90", ".", '"8.90"^^<decimal>'),
        (".5", ".", '"0.5"^^<decimal>'),
        ("15.3%", ".", '"15.3"^^<decimal>'),
        ("15.3 %", ".", '"15.3"^^<decimal>'),
        ("−4", ".", '"-4"^^<integer>'),
        ("$1,000", ".", '"1000"^^<integer>'),
        ("1 234", ".", '"1234"^^<integer>'),
        ("007", ".", '"7"^^<integer>'),
        ("8,9", ",", '"8.9"^^<decimal>'),
        ("8,9", "", '"8.9"^^<decimal>'),
        ("1.234,5", ",", '"1234.5"^^<decimal>'),
        ("1.234", ",", '"1234"^^<integer>'),
        ("1e3", ".", '"1000"^^<integer>'),
    ],
)
def test_numbers(contents: HomeContents, text: str, decimal: str, number: str) -> None:
    assert _read(contents, "finding", "value", text, Reading(decimal=decimal)) == [number]


@pytest.mark.parametrize("text", ["about 20", "20-30", "twelve", "1,23,4", "#DIV/0!", "n/a"])
def test_what_is_no_number_is_never_one(contents: HomeContents, text: str) -> None:
    assert _problem(contents, "finding", "value", text).message


def test_a_number_that_may_be_two_is_asked_about(contents: HomeContents) -> None:
    problem = _problem(contents, "finding", "value", "1,234", Reading(decimal=""))
    assert problem.suggestion == "1234 or 1.234"


def test_links_are_found_by_any_name_and_several_are_divided(contents: HomeContents) -> None:
    said = _read(
        contents, "intervention", "approach", "Call diversion; case management\nharm-reduction"
    )
    base = "https://w3id.org/cjph/vocabulary/approach"
    names = ("call-diversion", "case-management", "harm-reduction")
    assert said == [f"<{base}/{name}>" for name in names]


def test_found_several_and_none_are_told_apart(contents: HomeContents) -> None:
    several = _problem(contents, "intervention", "place", "Springfield")
    assert several.suggestion == "springfield-or or springfield-ma"
    none = _problem(contents, "intervention", "place", "Orgeon")
    assert none.message == "No place is called “Orgeon”."
    assert none.advice.startswith("Did you mean oregon (Oregon)? `cjph list places` shows all.")
    assert "place_name, place_kind" in none.advice
    value = _problem(contents, "intervention", "issue", "violense")
    assert value.advice == (
        "Did you mean violence (Community violence) or domestic-violence (Domestic violence)?"
        " `cjph list issue` shows all."
    )


def test_sentences_are_not_divided_and_names_are(contents: HomeContents) -> None:
    assert _read(contents, "intervention", "alt_name", "PAD; LEAD") == ['"PAD"@en', '"LEAD"@en']
    one = "It began small; later it grew."
    assert _read(contents, "intervention", "note", one) == [f'"{one}"@en']
    assert _read(contents, "intervention", "note", "One. Two.; Three.") == [
        '"One. Two."@en',
        '"Three."@en',
    ]
    assert _read(contents, "intervention", "note", '"Hola"@es') == ['"Hola"@es']


def test_addresses_and_codes_get_what_they_lack_suggested(contents: HomeContents) -> None:
    assert _problem(contents, "source", "url", "www.example.org/a").suggestion == (
        "https://www.example.org/a"
    )
    assert _problem(contents, "source", "url", "https://example.org/a b").suggestion == (
        "https://example.org/a%20b"
    )
    assert _problem(contents, "place", "fips_code", "1003").suggestion == "01003"
    assert _problem(contents, "place", "iso_code", "us-or").suggestion == "US-OR"
    assert _problem(contents, "source", "doi", "https://doi.org/10.1086/700703").suggestion == (
        "10.1086/700703"
    )
    assert _read(contents, "source", "primary", "Yes") == ['"true"^^<boolean>']
    assert _problem(contents, "source", "primary", "maybe").suggestion == "yes or no"
