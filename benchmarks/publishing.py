"""Publishing: what is run, how its outcome is read, and how the page shows it."""

import json
import shlex
import shutil
import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entrants import HERE, OURS, REPOSITORY, Answer, Entrant, Group, Setting

if TYPE_CHECKING:
    from page import Row

PUBLISH, THING = "publish", "thing"
_ALONE = f"{OURS}, data alone"

_PUBLISHING = """\
## Publishing

`cjph publish` into an empty folder: checking, every format, the tables, what describes them, and
the site. *Data alone* is `--data-only`. The site is written by one process for each core, for a
large graph by two, and once more by one. Above 20 thousand things the files with the data of single
things and the answers on the pages of queries are left out. Memory is the sum over processes: what
they share is counted for each. On a machine that has other work to do the time of all processors
says more than that of the clock."""

_THINGS = """\
### One thing

What one intervention takes once the graph has been read: its JSON-LD in the frame of its kind, and
its page. Each is the processor's time for one, the mean of a hundred."""


@dataclass(frozen=True)
class Release(Answer):
    """What a release holds: `count` files, so many of them pages, and bytes."""

    pages: int
    size: int


@dataclass(frozen=True)
class Cost(Answer):
    """What one of `count` things costs, in seconds."""

    jsonld: float
    page: float


def shipped(cjph: str, folder: Path) -> Group:
    """Return the release of the home that comes with the package: data alone, and the whole."""
    setting = Setting(cjph, folder, "shipped")
    entrants = [
        _release(setting, _ALONE, "--data-only"),
        _release(setting, OURS),
        _release(setting, f"{OURS}, one process", "--jobs", "1"),
    ]
    return Group(PUBLISH, "release", "shipped", entrants)


def publish(setting: Setting) -> Group:
    """Return the release of made data: data alone, and the whole."""
    entrants = [
        _release(setting, _ALONE, "--data-only", "--even-if-broken"),
        _release(setting, OURS, "--even-if-broken"),
        _release(setting, f"{OURS}, one process", "--even-if-broken", "--jobs", "1"),
    ]
    return Group(PUBLISH, "release", setting.size, entrants)


def things(setting: Setting) -> Group:
    """Return what one thing costs in made data."""
    python = Path(shlex.split(setting.cjph)[0]).with_name("python")
    name = f"{OURS}, one thing"
    # Where the harness puts what a run says.
    said = setting.output / f"cjph-one-thing-thing-cost-{setting.size}.out"
    command = [python, HERE / "things.py", setting.folder / "home"]
    return Group(THING, "cost", setting.size, [Entrant(name, command, lambda: _cost(said))])


def _cost(path: Path) -> Cost:
    said = json.loads(path.read_text("utf-8"))
    return Cost(said["things"], said["things"], True, said["jsonld"], said["page"])


def _release(setting: Setting, name: str, *options: str) -> Entrant:
    folder = setting.output / "releases" / name.replace(" ", "-").replace(",", "")
    place = setting if (setting.folder / "home").is_dir() else None
    command = setting.ours("publish", folder, *options) if place else _of_ours(setting, folder)
    return Entrant(
        name,
        command if place else [*command, *options],
        lambda: _counted(folder / "latest"),
        before=partial(_empty, folder),
    )


def _of_ours(setting: Setting, folder: Path) -> list[str | Path]:
    return [*shlex.split(setting.cjph), "--home", REPOSITORY, "publish", folder]


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)


def _counted(folder: Path) -> Release:
    files = [path for path in folder.resolve().rglob("*") if path.is_file()]
    listed = len((folder / "SHA256SUMS").read_text("utf-8").splitlines()) + 1
    pages = sum(path.suffix == ".html" for path in files)
    size = sum(path.stat().st_size for path in files)
    return Release(len(files), listed, len(files) == listed, pages, size)


def section(
    releases: Mapping[str, Mapping[str, "Row"]], costs: Mapping[str, "Row"]
) -> Iterator[str]:
    """Yield the lines on publishing; both mappings are by what a size is called in words."""
    yield f"\n{_PUBLISHING}"
    for size, rows in releases.items():
        yield f"\n### {size[0].upper()}{size[1:]}\n"
        yield "| | time | of all processors | files | size | pages | pages a second | memory |"
        yield "|---|---:|---:|---:|---:|---:|---:|---:|"
        for row in rows.values():
            yield f"| {row.name} | {' | '.join(_cells(row))} |"
    if costs:
        yield f"\n{_THINGS}\n"
        yield "| | things | JSON-LD | page |"
        yield "|---|---:|---:|---:|"
        for size, row in costs.items():
            answer = row.found["answer"]
            if answer:
                thousandths = (f"{answer[name] * 1000:.2f} ms" for name in ("jsonld", "page"))
                yield f"| {size} | {answer['count']:,} | {' | '.join(thousandths)} |"


def _cells(row: "Row") -> Iterator[str]:
    answer: dict[str, Any] | None = row.found["answer"]
    yield row.time()
    spent = row.found.get("processors")
    yield f"{statistics.median(spent):.1f} s" if spent else ""
    if answer is None:
        yield from [""] * 4
    else:
        yield f"{answer['count']:,}"
        yield f"{answer['size'] / 1_000_000:,.0f} MB"
        yield f"{answer['pages']:,}" if answer["pages"] else ""
        seconds = statistics.median(row.found["seconds"])
        yield f"{answer['pages'] / seconds:,.0f}" if answer["pages"] else ""
    yield row.memory()
