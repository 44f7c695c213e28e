"""Maps, timelines, networks and evidence: where things stand, and that hostile text stays text."""

import pytest
from publish.site.pictures.drawings import (
    SVG,
    boxes,
    drawings,
    of_class,
    outside,
    overlapping,
    words,
)
from publish.site.pictures.test_series import Decimal, draw, value

from cjph_graph.publish.site.pictures import (
    Approach,
    NetworkLink,
    PolicyChange,
    Span,
    Tile,
    draw_evidence,
    draw_network,
    draw_tile_map,
    draw_timeline,
    draw_value_map,
)
from cjph_graph.publish.site.pictures.dates import at, begin, finish
from cjph_graph.publish.site.pictures.scales import (
    in_brief,
    in_figures,
    round_ticks,
    spread,
    year_ticks,
)
from cjph_graph.publish.site.pictures.svg import coordinate, xml_text
from cjph_graph.publish.site.pictures.widths import fitted, text_width, wrapped
from cjph_graph.publish.site.words import date

TAGS = {"svg", "title", "desc", "g", "a", "rect", "line", "polyline"} | {
    *("path", "circle", "text", "tspan"),
}
NOUN = ("intervention", "interventions")
LONG = (
    "A name that goes on and on until nobody could possibly fit it into one row of a picture, " * 3
)
HOSTILE = (
    "</script><script>alert(1)</script>",
    "]]>",
    "{{7*7}}",
    '"><img src=x onerror=alert(1)>',
    "\u202egnp.exe\u202c",
    "\x00\x1b[31m",
    "&amp;",
    "a" * 1_000_000,
)


def every_element(figure):
    return [each for drawing in drawings(figure) for each in drawing.iter()]


def a_map(*tiles):
    return draw_tile_map("map", "Interventions by state", tiles, NOUN)


def a_timeline(*spans):
    return draw_timeline("time", "Policies", spans, "2026-11-26")


def every_kind(text: str):
    """Return a figure of each kind in which a text stands wherever one may."""
    links = [NetworkLink(text, text, "x.html", way) for way in (True, False, True)]
    change = PolicyChange("2019", text, text, undoes=True)
    return [
        draw_tile_map("a", text, [Tile("CO", text, 3, "x.html")], (text, text)),
        draw_timeline("b", text, [Span(text, text, "2018", text, "x", (change,))], "2020-01-01"),
        draw_network("c", text, links),
        draw_evidence("d", text, [text] * 4, [Approach(text, (1, 2, 3, 4), "x.html")]),
        *draw([value(y, 1, g, place=text) for y in (2018, 2019) for g in ("", text)], text).figures,
        *draw([value(2019, 1, g, place=text, caveat=text) for g in ("", text)], text).figures,
    ]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_hostile_text_stays_text(text):
    for figure in every_kind(text):
        found = list(every_element(figure))
        tags = {each.tag.removeprefix(SVG) for each in found}
        assert tags <= TAGS
        assert not any(key.startswith("on") or key == "style" for e in found for key in e.attrib)
        assert len(figure.svg) < 60_000
        assert not set("\x00\x1b\u202e") & set(figure.svg)


@pytest.mark.parametrize("text", ["Short", LONG])
def test_nothing_overlaps_or_leaves_the_view_box(text):
    for figure in every_kind(text):
        for drawing in drawings(figure):
            assert outside(drawing) == []
            assert overlapping(boxes(drawing)) == []


def test_every_picture_has_a_title_and_words_that_its_svg_names():
    for figure in every_kind("Some name"):
        ids = [e.get("id") for d in drawings(figure) for e in d.iter() if e.get("id")]
        assert len(ids) == len(set(ids))
        for drawing in drawings(figure):
            title, words_ = drawing.find(f"{SVG}title"), drawing.find(f"{SVG}desc")
            assert title.text
            assert words_.text
            assert drawing.get("aria-labelledby").split() == [title.get("id"), words_.get("id")]
            linked = any(True for _ in drawing.iter(f"{SVG}a"))
            assert drawing.get("role") == ("group" if linked else "img")


def test_a_map_has_every_state_once_with_its_count():
    (drawing,) = drawings(a_map(Tile("US-CO", "Colorado", 4), Tile("NY", "New York", 22)))
    assert len(of_class(drawing, "code")) == 51
    assert len({(r.get("x"), r.get("y")) for r in drawing.iter(f"{SVG}rect")}) == 51
    assert "CO 4" in words(drawing)
    assert len(of_class(drawing, "tile-4")) == 1
    assert len(of_class(drawing, "tile-0")) == 1


def test_a_map_tells_the_two_largest():
    tiles = [Tile("CO", "Colorado", 4), Tile("NY", "New York", 22), Tile("CA", "California", 22)]
    assert a_map(*tiles).caption == (
        "Interventions by state; most are in California (22) and New York (22)."
    )
    assert a_map().caption == "No interventions yet."


def test_what_has_no_tile_is_left_out():
    assert a_map(Tile("US-PR", "Puerto Rico", 9)).caption == "No interventions yet."


def test_bars_of_a_timeline_reach_from_begin_to_end():
    wide, _ = drawings(
        a_timeline(Span("A", "", "2020", "Repealed", end="2024"), Span("B", "", "2022", "In force"))
    )
    ended, goes_on = of_class(wide, "applied")
    start, end = float(ended.get("x")), float(ended.get("x")) + float(ended.get("width"))
    middle = float(goes_on.get("x"))
    assert middle == pytest.approx((start + end) / 2, abs=0.5)
    assert float(goes_on.get("x")) + float(goes_on.get("width")) == pytest.approx(710, abs=0.5)
    assert len(of_class(wide, "ended")) == 1


def test_what_was_undone_is_crossed_and_counted():
    undone = PolicyChange("2024", "Partly repealed", "A later law.", undoes=True)
    figure = a_timeline(
        Span("A", "Oregon", "2020", "Partly repealed", changes=(undone,)),
        Span("B", "Ohio", "2021", "Amended", changes=(PolicyChange("2023", "Amended"),)),
        Span("C", "Iowa", "", "In force", changes=(PolicyChange("", "Amended"),)),
    )
    wide, _ = drawings(figure)
    assert len(of_class(wide, "undid")) == 1
    thick, thin = of_class(wide, "applied")[0], of_class(wide, "rest")[0]
    end = float(thick.get("x")) + float(thick.get("width"))
    assert float(thin.get("x")) == pytest.approx(end, abs=0.2)
    assert float(thin.get("x")) + float(thin.get("width")) == pytest.approx(710, abs=0.5)
    assert len(of_class(wide, "changed")) == 1
    assert figure.caption == (
        "1 of 3 were undone, wholly or in part. ✕ undone; ◇ changed; thin line: what is left."
    )
    assert "A, Oregon: from 2020; partly repealed in 2024; status: partly repealed." in (
        wide.find(f"{SVG}desc").text
    )
    assert "C, Iowa (beginning not known)" in words(wide)


def test_a_network_is_drawn_from_three_links_on():
    link = NetworkLink("Place", "Denver")
    assert draw_network("n", "STAR", [link, NetworkLink("Issue", "Crisis")]) is None
    wide, narrow = drawings(
        draw_network("n", "STAR", [link, *(NetworkLink("Partner", f"P{i}") for i in range(12))])
    )
    for drawing in (wide, narrow):
        assert "P6 and 5 more" in words(drawing).replace("Partner ", "")
        assert "P7" not in words(drawing)
    assert "P11" in wide.find(f"{SVG}desc").text


def test_what_links_in_stands_on_the_other_side():
    links = [
        NetworkLink("Place", "Denver"),
        NetworkLink("Issue", "Crisis"),
        NetworkLink("Based on it", "Law", "", True),
    ]
    wide, _ = drawings(draw_network("n", "STAR", links))
    at_ = {box.text: box for box in boxes(wide)}
    assert at_["Law"].right < at_["STAR"].left < at_["Denver"].left


def test_evidence_has_a_mark_for_each_intervention_the_strongest_first():
    words = ("Trial", "Comparison", "Before and after", "Figures")
    approaches = [Approach("Weak", (0, 0, 1, 2)), Approach("Strong", (2, 1, 0, 0))]
    figure = draw_evidence("e", "Evidence", words, approaches)
    for drawing in drawings(figure):
        strong, weak = of_class(drawing, "approach")
        marks = [c.get("class") for c in strong.iter(f"{SVG}circle")]
        assert marks == ["mark-0", "mark-0", "mark-1"]
        assert len(list(weak.iter(f"{SVG}circle"))) == 3
        assert drawing.find(f"{SVG}desc").text == (
            "Strong: Trial 2, Comparison 1. Weak: Before and after 1, Figures 2."
        )


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 100, [0, 25, 50, 75, 100]),
        (0, 1.3, [0, 0.5, 1, 1.5]),
        (0, 1_697_070, [0, 500_000, 1_000_000, 1_500_000, 2_000_000]),
        (-3, 4, [-4, -2, 0, 2, 4]),
        (0, 0, [0, 0.25]),
    ],
)
def test_ticks_are_round_and_reach_beyond_the_values(low, high, ticks):
    assert round_ticks(low, high) == pytest.approx(ticks)


def test_years_under_an_axis_are_round_and_few():
    assert year_ticks(2000, 2022, 9) == [2000, 2005, 2010, 2015, 2020]
    assert year_ticks(2018, 2021, 9) == [2018, 2019, 2020, 2021]
    assert year_ticks(2017.2, 2018.4, 9) == [2018]


def test_labels_move_no_further_than_they_must():
    assert spread([10, 50], [10, 10], 0, 100) == [10, 50]
    assert spread([50, 50], [10, 10], 0, 100) == [45, 55]
    assert spread([99, 98], [10, 10], 0, 100) == [95, 85]


def test_dates_in_words_and_on_an_axis():
    assert [date(d) for d in ("2019", "2019-06", "2019-06-30")] == [
        "2019",
        "June 2019",
        "30 June 2019",
    ]
    assert at("2019-12-31", "2019-12-31") == "on 31 December 2019"
    assert at("2018", "2020") == "from 2018 to 2020"
    assert begin("2019") == 2019
    assert (
        finish("2019") == finish("2019-12") == finish("2019-12-31") == begin("2020-01-01") == 2020
    )


def test_numbers_as_people_write_them():
    assert [in_figures(Decimal(n)) for n in ("1096", "3.30", "187700000")] == [
        "1,096",
        "3.30",
        "187,700,000",
    ]
    assert [in_brief(Decimal(n)) for n in ("20.6069", "3.14159", "0.12345", "8.0")] == [
        "20.6",
        "3.14",
        "0.123",
        "8.0",
    ]
    assert [coordinate(n) for n in (1.04, 2.0, -0.01, -3.25)] == ["1", "2", "0", "-3.2"]


def test_text_is_cut_where_there_is_no_room():
    assert fitted("short", 10, 100) == "short"
    cut = fitted("a long name", 10, 40)
    assert cut.endswith("…")
    assert text_width(cut, 10) <= 40
    assert wrapped("one two three four five", 10, 60, 2)[1].endswith("…")
    assert len(wrapped(LONG, 10, 100, 3)) == 3


def test_unfit_letters_are_replaced():
    assert xml_text("a\x00b\u202ec") == "a\ufffdb\ufffdc"


def test_a_map_shows_as_many_decimals_throughout():
    tiles = [
        Tile("US-CO", "Colorado", 8.0),
        Tile("US-UT", "Utah", 8.2),
        Tile("US-TX", "Texas", 1e3),
    ]
    for drawing in drawings(draw_value_map("m", "Rate", tiles, "percent")):
        assert {"8.0", "8.2", "1,000"} <= {box.text for box in boxes(drawing)}
    for drawing in drawings(draw_value_map("m", "Rate", [*tiles[:1], *tiles[2:]], "percent")):
        assert "8" in {box.text for box in boxes(drawing)}


def test_a_long_name_in_a_network_goes_on_in_further_lines():
    name = "Portland State University Homelessness Research & Action Collaborative"
    links = [NetworkLink("partner", name), NetworkLink("place", "Portland")]
    for drawing in drawings(draw_network("n", "PSR", [*links, NetworkLink("lead", "Fire")])):
        assert name in ["".join(each.itertext()) for each in drawing.iter(f"{SVG}text")]
        assert overlapping(boxes(drawing)) == []
