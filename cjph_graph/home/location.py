"""Where the ontology, the data and the queries are.

A home is a folder that holds `ontology/`, `data/` and `queries/`. The package knows that layout
and nothing of what is written inside, so that another alliance's home works as well as ours.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from cjph_graph.errors import UsageError
from cjph_graph.system import files_below, refuse_leaving


@dataclass(frozen=True)
class Home:
    """A folder with an ontology, data and queries, and the places in it."""

    path: Path

    @property
    def ontology(self) -> Path:
        """The classes and properties: `ontology.ttl` or, in our own home, `cjph.ttl`."""
        file = self.path / "ontology" / "ontology.ttl"
        return file if file.is_file() else file.with_name("cjph.ttl")

    @property
    def vocabularies(self) -> Path:
        """The controlled values."""
        return self.path / "ontology" / "vocabularies.ttl"

    @property
    def shapes(self) -> Path:
        """The rules that data keep: a folder of Turtle files or, in a small home, one file."""
        folder = self.path / "ontology" / "shapes"
        return folder if folder.is_dir() else folder.with_suffix(".ttl")

    @property
    def checks(self) -> Path:
        """The folder of rules that look at the whole graph."""
        return self.path / "ontology" / "checks"

    @property
    def review(self) -> Path:
        """The folder of what a steward should look at though it breaks no rule."""
        return self.path / "ontology" / "review"

    @property
    def context(self) -> Path:
        """The JSON-LD context."""
        return self.path / "ontology" / "context.jsonld"

    @property
    def data(self) -> Path:
        """The folder of Turtle files."""
        return self.path / "data"

    @property
    def queries(self) -> Path:
        """The folder of saved queries."""
        return self.path / "queries"


def find_home(explicit: Path | None = None) -> Home:
    """Return the home to work on.

    The first of: `explicit`, `$CJPH_HOME`, the nearest folder from the current one upwards that
    is a home, the copy inside the installed package, the folder the package stands in.
    Raises UsageError when a home that was named lacks a part, or when there is none at all.
    """
    if explicit is not None:
        return _named(explicit, str(explicit))
    if variable := os.environ.get("CJPH_HOME"):
        return _named(Path(variable), f"$CJPH_HOME ({variable})")
    here, package = _here(), Path(__file__).resolve().parent.parent
    for folder in (here, *here.parents, package / "shipped", package.parent):
        if not _missing(folder):
            return Home(folder)
    raise UsageError(
        "There is no home here: no folder with ontology/shapes/ and data/.",
        "Name one with --home DIR or $CJPH_HOME.",
    )


def _here() -> Path:
    try:
        return Path.cwd()
    except OSError as error:
        raise UsageError(
            f"The folder you are in cannot be used: {error.strerror or error}.",
            "Go to another one with cd, or name a home with --home DIR.",
        ) from error


def _missing(folder: Path) -> list[str]:
    home = Home(folder)
    parts = {"ontology/shapes/": home.shapes, "data/": home.data}
    return [name for name, path in parts.items() if not path.exists()]


def _named(folder: Path, name: str) -> Home:
    if not folder.is_dir():
        raise UsageError(f"The home {name} is not a folder.")
    if missing := _missing(folder):
        raise UsageError(
            f"The home {name} has no {' and no '.join(missing)}.",
            "A home is a folder with ontology/, data/ and queries/.",
        )
    return Home(folder.resolve())


def home_files(home: Home, *, shapes: bool = False) -> list[Path]:
    """Return the files that make a home's graph: vocabularies, ontology and data, in this order.

    With `shapes` the shapes come as well, before the data. Raises RefusedError when a link leads
    out of the home.
    """
    ontology = (home.vocabularies, home.ontology)
    for path in ontology:
        refuse_leaving(path, home.path)
    rules = shape_files(home) if shapes else []
    data = files_below(home.data, ".ttl", within=home.path)
    return [*(path for path in ontology if path.is_file()), *rules, *data]


def shape_files(home: Home) -> list[Path]:
    """Return the files of a home's shapes; raise RefusedError when a link leads out of it."""
    refuse_leaving(home.shapes, home.path)
    if home.shapes.is_dir():
        return files_below(home.shapes, ".ttl", within=home.path)
    return [home.shapes] if home.shapes.is_file() else []
