"""A part of the shipped home, one of places alone, and a browser."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.homes import shipped_part
from support.readers import program
from support.saved import HOME

from cjph_graph.home import Home

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a copy of the shipped home with few things, of every kind, in it."""
    return shipped_part(
        tmp_path_factory.mktemp("part"),
        "indicators/988-answer-rate",
        "indicators/five-year-rearrest",
        "interventions/cahoots-eugene",
        "interventions/hc-on-ice-2022",
        "policies/988-act-2020",
        "policies/oregon-measure-110",
    )


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program("chromium"))
        yield browser
        browser.close()


@pytest.fixture
def small(tmp_path: Path) -> Home:
    """Return a home with our ontology, and of our data only the places."""
    shutil.copytree(HOME.ontology.parent, tmp_path / "ontology")
    (tmp_path / "data").mkdir()
    shutil.copy(HOME.data / "places.ttl", tmp_path / "data")
    return Home(tmp_path)
