"""Choosing a form by the `Accept` header."""

import pytest

from cjph_graph.publish.serve.negotiation import Offer, choose

_HTML = Offer("html", ("text/html", "application/xhtml+xml"))
_TURTLE = Offer("ttl", ("text/turtle", "application/x-turtle"))
_JSONLD = Offer("jsonld", ("application/ld+json", "application/json"))
_OFFERS = (_HTML, _TURTLE, _JSONLD)
_BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, _HTML),
        ("", _HTML),
        ("*/*", _HTML),
        (_BROWSER, _HTML),
        ("text/turtle", _TURTLE),
        ("TEXT/Turtle", _TURTLE),
        ("application/x-turtle", _TURTLE),
        ("application/json", _JSONLD),
        ("text/turtle;q=0.5, application/ld+json", _JSONLD),
        ("text/turtle; q=0.5, application/ld+json; q=0.4", _TURTLE),
        ("text/*", _HTML),
        ("text/*, text/html;q=0", _TURTLE),
        ('*/*;q=0.1, application/ld+json;profile="http://www.w3.org/ns/json-ld#framed"', _JSONLD),
        ("application/rdf+xml, text/turtle;q=0.9, */*;q=0.1", _TURTLE),
        ("image/png", None),
        ("text/html;q=0", None),
        ("nonsense", None),
        ("text/turtle;q=2", _TURTLE),
    ],
)
def test_the_best_offer(accept: str | None, expected: Offer | None) -> None:
    assert choose(accept, _OFFERS) is expected
