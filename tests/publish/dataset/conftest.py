"""The release of the shipped home, without pages, once for all tests that look at it."""

from pathlib import Path

import pytest

from cjph_graph.home import find_home
from cjph_graph.publish import Publication, all_files, write_release


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    publication = Publication(find_home())
    files = all_files(publication, pages=False)
    folder = tmp_path_factory.mktemp("release")
    return write_release(folder, "1", files, publication.ledger).folder
