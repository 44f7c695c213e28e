"""Where a home is looked for, and in which order."""

from pathlib import Path

import pytest

from cjph_graph.errors import UsageError
from cjph_graph.home.location import Home, find_home


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CJPH_HOME", raising=False)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")


def _another(tmp_path: Path) -> Path:
    (tmp_path / "other/ontology").mkdir(parents=True)
    (tmp_path / "other/data").mkdir()
    (tmp_path / "other/ontology/shapes.ttl").touch()
    return tmp_path / "other"


def test_a_named_home_goes_before_the_variable(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CJPH_HOME", str(_another(tmp_path)))
    assert find_home(home.path) == home
    assert find_home().path == tmp_path / "other"


def test_the_variable_goes_before_the_checkout(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home.path)
    monkeypatch.setenv("CJPH_HOME", str(_another(tmp_path)))
    assert find_home().path == tmp_path / "other"


def test_the_checkout_is_found_from_a_folder_inside(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home.data / "waters")
    assert find_home() == home


def test_the_copy_in_the_package_is_the_last_resort(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site/cjph_graph"
    (package / "shipped/ontology/shapes").mkdir(parents=True)
    (package / "shipped/data").mkdir()
    monkeypatch.setattr("cjph_graph.home.location.__file__", str(package / "home/location.py"))
    assert find_home().path == package / "shipped"


def test_there_may_be_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "cjph_graph.home.location.__file__", str(tmp_path / "site/cjph_graph/home/location.py")
    )
    with pytest.raises(UsageError, match="There is no home here"):
        find_home()


@pytest.mark.parametrize(
    ("missing", "said"),
    [("ontology/shapes.ttl", r"has no ontology/shapes/\."), ("data", r"has no data/\.")],
)
def test_a_named_home_says_what_it_lacks(tmp_path: Path, missing: str, said: str) -> None:
    folder = _another(tmp_path)
    path = folder / missing
    path.rmdir() if path.is_dir() else path.unlink()
    with pytest.raises(UsageError, match=said):
        find_home(folder)


def test_a_variable_that_names_nothing_is_not_passed_over(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home.path)
    monkeypatch.setenv("CJPH_HOME", str(tmp_path / "nowhere"))
    with pytest.raises(UsageError, match=r"\$CJPH_HOME .* is not a folder"):
        find_home()
