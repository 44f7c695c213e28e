"""The stylesheet and the scripts: contrast, size, and nothing from elsewhere."""

import hashlib
import re
from pathlib import Path

import pytest

import cjph_graph.publish.site
from cjph_graph.publish.site.assets import slim

STATIC = Path(cjph_graph.publish.site.__file__).parent / "static"
STYLE = (STATIC / "style.css").read_text(encoding="utf-8")
SCRIPTS = sorted(path for path in STATIC.glob("*.js") if path.name != "minisearch.js")
TEXT, LINE = 4.5, 3.0
# What is read on what, and how much contrast WCAG 2.2 AA asks for there.
PAIRS = [
    *((name, ground, TEXT) for name in ("text", "quiet") for ground in ("ground", "faint")),
    *((name, ground, TEXT) for name in ("accent", "accent-2") for ground in ("ground", "faint")),
    *((f"line-{number}", "ground", TEXT) for number in range(1, 8)),
    *(("on-light", f"shade-{step}", TEXT) for step in range(3)),
    *(("on-deep", f"shade-{step}", TEXT) for step in (3, 4)),
    ("shade-3", "ground", LINE),
    ("ground", "accent", TEXT),
]


def colours(dark: bool) -> dict[str, str]:
    light, _, rest = STYLE.partition("@media (prefers-color-scheme: dark)")
    block = rest.partition("}\n}")[0]
    found = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6});", light))
    return found | (dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", block)) if dark else {})


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_wcag_defines_it():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("one", "other", "least"), PAIRS)
def test_colours_can_be_told_apart(one, other, least, dark):
    known = colours(dark)
    assert contrast(known[one], known[other]) >= least


def test_dark_gives_every_colour_again():
    assert set(colours(dark=True)) == set(colours(dark=False))
    light, dark = colours(dark=False), colours(dark=True)
    assert [name for name in light if light[name] == dark[name]] == []


def test_every_custom_property_that_is_used_is_set():
    assert set(re.findall(r"var\(--([a-z0-9-]+)\)", STYLE)) <= set(
        re.findall(r"--([a-z0-9-]+):", STYLE)
    )


def test_nothing_comes_from_elsewhere():
    for path in STATIC.iterdir():
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".css":
            assert "url(" not in text
            assert "@import" not in text
        if path in SCRIPTS:
            assert not re.search(
                r"https?:|fetch\(|XMLHttpRequest|\beval\(|innerHTML|import\(", text
            )


def test_the_search_library_is_the_one_that_was_chosen():
    written, name = (STATIC / "minisearch.js.sha256").read_text(encoding="ascii").split()
    assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == written
    assert "Permission is hereby granted" in (STATIC / "LICENSE-minisearch.txt").read_text()


def test_the_files_are_small():
    """A page may have 200 KB with its scripts: this leaves 60 for itself."""
    sizes = {path: len(slim(path)) for path in STATIC.iterdir()}
    assert sum(sizes.values()) < 140_000
    assert all(sizes[path] < 20_000 for path in SCRIPTS)


def test_slim_files_say_the_same():
    for path in (*SCRIPTS, STATIC / "style.css"):
        slimmed = slim(path).decode()
        assert "`" not in slimmed  # a text over several lines would lose spaces
        assert not re.search(r"^(\s|/\*)|\n\n", slimmed, re.MULTILINE)
        whole = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert "".join(re.sub(r"/\*.*?\*/", "", slimmed).split()) == "".join(whole.split())
    assert slim(STATIC / "minisearch.js") == (STATIC / "minisearch.js").read_bytes()
