"""`cjph publish` from the outside."""

from pathlib import Path

import pytest
from support.commands import cjph
from support.saved import HOME

pytestmark = pytest.mark.slow


def test_a_release_is_written_once(tmp_path: Path) -> None:
    first = cjph(HOME, "publish", str(tmp_path))
    assert first.returncode == 0, first.stderr
    assert " are in " in first.stdout
    assert first.stderr == ""
    second = cjph(HOME, "publish", str(tmp_path))
    assert second.stdout.endswith("all as they were.\n")


def test_an_address_must_be_one(tmp_path: Path) -> None:
    done = cjph(HOME, "publish", str(tmp_path), "--base", "ftp://example.org")
    assert done.returncode == 2
    assert "https://" in done.stderr
