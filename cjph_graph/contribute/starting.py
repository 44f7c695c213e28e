"""Starting another alliance's home: a folder with one example of each thing that a home has.

What it begins with stands in `new_home/`, which is a home itself; its namespace is put in place of
the one there, and files are laid out anew, since another prefix has another place in the alphabet.
"""

import re
import tempfile
from pathlib import Path

from cjph_graph.errors import UsageError
from cjph_graph.home import Home, property_order, read_schema, read_shapes
from cjph_graph.rdf import read_turtle
from cjph_graph.rdf.format import format_turtle
from cjph_graph.system import files_below, read, shown, write_atomically

_PATTERN = Path(__file__).parent / "new_home"
_NAMESPACE = "https://example.org/alliance/"
_PREFIX = re.compile(rb"(?<![\w/-])ex:")
_TITLE = "A new graph"
# Some archives drop names that begin with a dot, so the template has them without it.
_DOTTED = ("github", "gitignore")
_FORM = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~-]+)*/")


def start_home(folder: Path, namespace: str, *, prefix: str = "ex", title: str = "") -> int:
    """Write a new home into a folder that is empty or not there; return how many files it has.

    `namespace` is what its IRIs begin with, `prefix` what its own terms are written with. Raises
    UsageError when one of these will not do; the folder then stays as it is.
    """
    _refuse(folder, namespace, prefix)
    paths = [path for path in sorted(_PATTERN.rglob("*")) if path.is_file()]
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        # Inside a folder that is there: it may be the one that people are in.
        place = folder if folder.is_dir() else folder.parent
        with tempfile.TemporaryDirectory(dir=place, prefix=".new-home-") as beside:
            made = Path(beside) / "home"
            for path in paths:
                target = made / _named(path.relative_to(_PATTERN))
                target.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(target, _text(path, namespace, prefix, title or _TITLE))
            _lay_out(Home(made))
            if folder.is_dir():
                for path in made.iterdir():
                    path.rename(folder / path.name)
            else:
                made.rename(folder)
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(f"No home can be started in {shown(folder)}: {reason}.") from error
    return len(paths)


def _refuse(folder: Path, namespace: str, prefix: str) -> None:
    if not _FORM.fullmatch(namespace):
        raise UsageError(
            f"{namespace} is not what IRIs can begin with.",
            "It begins with https://, names a site that is yours, and ends with /, such as"
            " https://w3id.org/your-alliance/.",
        )
    if not re.fullmatch(r"[a-z][a-z0-9-]*", prefix):
        raise UsageError(f"{prefix!r} is not a prefix.", "It has small letters, such as bail.")
    known = {name for path in files_below(_PATTERN, ".ttl") for name in read_turtle(path).prefixes}
    if prefix in known - {"ex"}:
        raise UsageError(f"The prefix {prefix} is taken.", f"So are {', '.join(sorted(known))}.")
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise UsageError(f"{shown(folder)} is not a folder.")
    if folder.is_dir() and any(folder.iterdir()):
        raise UsageError(f"{shown(folder)} is not empty.", "Name a folder that is not there yet.")


def _named(path: Path) -> Path:
    first = path.parts[0]
    return Path(f".{first}", *path.parts[1:]) if first in _DOTTED else path


def _text(path: Path, namespace: str, prefix: str, title: str) -> bytes:
    """Return a file with another namespace, also where a regular expression says it."""
    data = read(path)
    for old, new in ((_NAMESPACE, namespace), (_escaped(_NAMESPACE), _escaped(namespace))):
        data = data.replace(old.encode(), new.encode())
    if path.suffix in (".ttl", ".rq"):
        data = _PREFIX.sub(f"{prefix}:".encode(), data)
        title = title.replace("\\", "\\\\").replace('"', '\\"')
    return data.replace(_TITLE.encode(), " ".join(title.split()).encode())


def _escaped(namespace: str) -> str:
    return namespace.replace(".", "[.]")


def _lay_out(home: Home) -> None:
    order = property_order(read_schema(read_shapes(home)))
    for path in files_below(home.path, ".ttl"):
        write_atomically(path, format_turtle(read(path), order))
