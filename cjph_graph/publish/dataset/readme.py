"""The texts for people: README, licence, and the first sheet of the workbook."""

from collections.abc import Iterator, Sequence

from cjph_graph.publish.dataset.about import About
from cjph_graph.publish.dataset.citations import ADVICE, sentence
from cjph_graph.publish.dataset.distributions import Distribution
from cjph_graph.publish.dataset.licences import find_licence
from cjph_graph.publish.tables import JOINED_BY, Table
from cjph_graph.system.limits import size_text


def write_licence(about: About) -> bytes:
    """Return the licence by name and address, with whose work the dataset holds."""
    licence = find_licence(about.license)
    if licence is None:
        return f"{about.title} names no licence: ask whoever publishes it.\n".encode()
    paragraphs = [f"{about.title} is under the licence {licence.name}:\n{licence.url}"]
    if licence.spdx:
        paragraphs.append(f"SPDX-License-Identifier: {licence.spdx}")
    paragraphs += [text for label, text in about.remarks if label == "attribution"]
    return ("\n\n".join(paragraphs) + "\n").encode()


def about_rows(about: About) -> list[tuple[str, str]]:
    """Return what a reader of a workbook should know, each text with what it is."""
    licence = find_licence(about.license)
    said = [
        ("description", about.description),
        ("version", about.version if about.is_versioned else ""),
        ("date", about.dated),
        ("licence", f"{licence.name}, {licence.url}" if licence else ""),
        ("cite as", sentence(about)),
        ("citing figures", ADVICE),
        ("address", about.address),
        *about.remarks,
    ]
    return [(label, text) for label, text in said if text]


def write_tables_readme(about: About, tables: Sequence[Table]) -> bytes:
    """Return the README that goes with the tables."""
    parts = [*_beginning(about), *_tables(tables), *_reading(tables), *_ending(about)]
    return ("\n".join(parts).rstrip() + "\n").encode()


def write_readme(about: About, files: Sequence[Distribution], name: str) -> bytes:
    """Return the README of a release; `name` is the path of the list of checksums."""
    parts = [
        *_beginning(about),
        "## Files",
        "",
        "| File | What it is good for | Size |",
        "|---|---|---|",
    ]
    single = [file for file in files if not file.table]
    for file in single:
        use = f"{file.use[0].upper()}{file.use[1:]}"
        parts.append(f"| [{file.path}]({file.path}) | {use} | {size_text(file.size)} |")
    tables = [file for file in files if file.table]
    if tables:
        size = size_text(sum(file.size for file in tables))
        folder = tables[0].path.rpartition("/")[0]
        parts.append(f"| [{folder}]({folder}) | {len(tables)} tables as CSV | {size} |")
    parts += [
        "",
        f"`sha256sum --check {name}` tells whether every file arrived as it was sent.",
        "",
    ]
    parts += _ending(about)
    return ("\n".join(parts).rstrip() + "\n").encode()


def _beginning(about: About) -> Iterator[str]:
    yield from (f"# {about.title}", "")
    facts = [f"Version {about.version}" if about.is_versioned else "", about.dated]
    licence = find_licence(about.license)
    facts.append(f"[{licence.name}]({licence.url})" if licence else "")
    if any(facts):
        yield from (" · ".join(fact for fact in facts if fact), "")
    if about.description:
        yield from (about.description, "")


def _tables(tables: Sequence[Table]) -> Iterator[str]:
    yield from ("## Tables", "", "| File | Rows | Each row is |", "|---|---:|---|")
    for table in tables:
        article = "an" if table.title[:1].casefold() in "aeiou" else "a"
        yield f"| {table.name}.csv | {len(table.rows):,} | {article} {table.title} |"
    yield ""
    yield (
        "`dictionary.csv` says what each column is, what it holds, and in how many rows it is"
        f" filled. Files are UTF-8. Several values in a cell are joined by `{JOINED_BY}`. A date is"
        " as exact as its source: a year, a month or a day. A text that a spreadsheet might run as"
        " a formula has an apostrophe in front."
    )
    yield ""


def _reading(tables: Sequence[Table]) -> Iterator[str]:
    if not tables:
        return
    name = max(tables, key=lambda table: len(table.rows)).name
    yield from ("## Reading them", "", "In R:", "", "```r")
    yield f'{name} <- read.csv("{name}.csv", encoding = "UTF-8", na.strings = "")'
    yield from (f"str({name})", "```", "", "In Python, with pandas:", "", "```python")
    yield "import pandas"
    yield f'{name} = pandas.read_csv("{name}.csv")'
    yield from ("```", "")


def _ending(about: About) -> Iterator[str]:
    labels = list(dict.fromkeys(label for label, _ in about.remarks))
    for label in labels:
        yield from (f"## {label[:1].upper()}{label[1:]}", "")
        for text in (text for other, text in about.remarks if other == label):
            yield from (text, "")
    yield from ("## How to cite", "", ADVICE, "", f"> {sentence(about)}", "")
