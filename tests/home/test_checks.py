"""Checks as files: what their headers say, and which are refused."""

import pytest

from cjph_graph.errors import InputError
from cjph_graph.home.checks import CHECKS, Check, list_checks, parse_check
from cjph_graph.home.location import Home

_TEXT = """\
#+ title: hills below the sea
#+ message: {?value} metres is below the sea.
#+   Correct the height.
#+ severity: warning
#+ why: Hills rise above the sea.

SELECT ?this ?value { ?this <http://e/height> ?value FILTER(?value < 0) }
"""


def test_a_check_is_a_header_and_a_select() -> None:
    found = parse_check(_TEXT, "low-hill")
    assert found == Check(
        "low-hill",
        "hills below the sea",
        "{?value} metres is below the sea. Correct the height.",
        "warning",
        "Hills rise above the sea.",
        _TEXT,
    )
    assert found.iri == f"{CHECKS}low-hill"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("#+ why: Hills rise above the sea.\n", "", "has no why in its header"),
        ("#+ title: hills below the sea\n", "", "has no title"),
        ("severity: warning", "severity: bad", "a severity other than error, warning, info"),
        ("#+ why", "#+ colour", "'colour' does not belong here"),
        ("#+ why", "#+ title", "'title' does not belong here"),
        ("#+ title: hills", "#+ hills", "line 1: a header line is `#+ key: value`"),
        ("SELECT ?this ?value", "ASK", "low-hill cannot be used: This is ASK"),
        ("{ ?this", "{ SERVICE <http://e/> { } ?this", "low-hill cannot be used"),
    ],
)
def test_a_broken_check_is_refused_with_its_name(old: str, new: str, said: str) -> None:
    assert old in _TEXT
    with pytest.raises(InputError, match="low-hill") as raised:
        parse_check(_TEXT.replace(old, new), "low-hill")
    assert said in raised.value.message


def test_a_home_has_its_checks_in_a_folder(home: Home) -> None:
    assert list_checks(home) == []
    home.checks.mkdir()
    (home.checks / "low-hill.rq").write_text(_TEXT, encoding="utf-8")
    (home.checks / "note.txt").write_text("not a check", encoding="utf-8")
    assert [check.name for check in list_checks(home)] == ["low-hill"]
    (home.checks / "odd.rq").write_bytes(b"#+ title: \xff")
    with pytest.raises(InputError, match=r"odd\.rq is not UTF-8 text"):
        list_checks(home)
