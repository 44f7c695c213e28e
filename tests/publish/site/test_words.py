"""Words for readers: dates, spans, numbers and addresses."""

import pytest

from cjph_graph.publish.site import words


@pytest.mark.parametrize(
    ("lexical", "text"),
    [
        ("2020", "2020"),
        ("2020-11", "November 2020"),
        ("2020-11-03", "3 November 2020"),
        ("2020-11-03T10:00:00Z", "3 November 2020"),
        ("2020-13", "2020-13"),
        ("soon", "soon"),
    ],
)
def test_a_date_is_written_as_people_do(lexical: str, text: str) -> None:
    assert words.date(lexical) == text


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        ("1989", "2025", "1989–2025"),
        ("2020-06", "", "since June 2020"),
        ("", "2019", "until 2019"),
        ("2019", "2019", "2019"),
        ("2019-01", "2020", "January 2019 – 2020"),
    ],
)
def test_a_span_says_from_when_to_when(start: str, end: str, text: str) -> None:
    assert words.span(start, end) == text


def test_numbers_have_commas_and_keep_their_decimals() -> None:
    assert words.with_commas("371655") == "371,655"
    assert words.with_commas("-1.50") == "−1.50"
    assert words.with_commas("1e5") == "1e5"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "https://",
        "//example.org/",
        "https://example.org/\u202etxt",
        "java\nscript:alert(1)",
        'https://example.org/"onmouseover=x',
        "https://[",
    ],
)
def test_a_page_links_only_to_the_web(address: str) -> None:
    assert words.web_address(address) == ""


def test_the_web_is_http_and_mail() -> None:
    assert words.web_address("https://example.org/a?b#c")
    assert words.web_address("mailto:somebody@example.org")
    assert words.host("https://www.example.org/a") == "example.org"
