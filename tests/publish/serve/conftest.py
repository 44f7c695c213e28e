"""One server for the tests that do it no lasting harm."""

from collections.abc import Iterator

import pytest
from support.served import Server, running


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("server") / "log") as found:
        yield found
