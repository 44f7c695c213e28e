"""Several files: all of them or none."""

from pathlib import Path

import pytest

from cjph_graph.errors import UsageError
from cjph_graph.system import write_all


def test_files_and_their_folders_are_written(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "a").chmod(0o640)
    write_all({tmp_path / "a": b"1", tmp_path / "new" / "b": b"2"})
    assert ((tmp_path / "a").read_bytes(), (tmp_path / "new" / "b").read_bytes()) == (b"1", b"2")
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "new"]


def test_if_one_cannot_be_written_none_is(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "b").write_bytes(b"a file where a folder should be")
    with pytest.raises(UsageError, match="cannot be written"):
        write_all({tmp_path / "a": b"1", tmp_path / "b" / "c": b"2"})
    assert (tmp_path / "a").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_what_was_renamed_is_put_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"old")
    renamed = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if Path(target).name == "b":
            raise PermissionError(13, "Permission denied")
        return renamed(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(UsageError, match="Permission denied"):
        write_all({tmp_path / "a": b"1", tmp_path / "b": b"2"})
    assert (tmp_path / "a").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
