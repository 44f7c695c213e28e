"""The shipped home, and a browser."""

from typing import TYPE_CHECKING

import pytest
from support.readers import program

import cjph_graph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from cjph_graph.home import Home


@pytest.fixture(scope="session")
def shipped() -> "Home":
    return cjph_graph.open_home()


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program("chromium"))
        yield browser
        browser.close()
