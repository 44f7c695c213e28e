"""A long table of statistics: who turns it into observations.

    python figures.py TABLE.csv OUTPUT.ttl

is what a programmer would write for this very table and no other: a loop from csv to Turtle, which
knows each place, each date and each number to be right.
"""

import csv
import datetime
import hashlib
import json
import shutil
import sys
from pathlib import Path

from entrants import OURS, REPOSITORY, Answer, Entrant, Group, Setting
from pyoxigraph import RdfFormat, parse

COLUMNS = 100
_FIRST = datetime.date(1700, 1, 1)
_INDICATOR = "prison-population"
_PLACES = "https://w3id.org/cjph/places/"
_SAID = {
    "cjph:indicator": _INDICATOR,
    "qb:dataSet": "cjph-observations",
    "cjph:group": "total",
    "cjph:sex": "all",
    "cjph:unit": "people",
    "cjph:qualifier": "exact",
    "dcterms:source": "bjs-prisoners-2019",
}


def table(cjph: str, folder: Path, size: str, figures: int) -> Group:
    """Return who turns a table with so many figures into observations; make it if need be."""
    folder = folder / "figures" / size
    home = folder / "home"
    path, mapping, bare = folder / "table.csv", folder / "mapping.json", folder / "bare.ttl"
    if not path.is_file():
        for name in ("ontology", "data", "queries"):
            shutil.copytree(REPOSITORY / name, home / name)
        _make(home, path, mapping, figures // COLUMNS)
    ours = home / "data" / "indicators" / f"{_INDICATOR}.ttl"
    before = (REPOSITORY / "data" / "indicators" / f"{_INDICATOR}.ttl").read_bytes()

    def restore() -> None:
        ours.write_bytes(before)

    setting = Setting(cjph, folder, size)
    said = setting.ours("new", "observation", "--from", path, "--mapping", mapping)
    loop = [sys.executable, Path(__file__).resolve(), path, bare]
    return Group(
        "statistics",
        "table",
        size,
        [
            Entrant("a loop for this table", loop),
            Entrant(
                OURS,
                said,
                lambda: _same(ours, bare, figures),
                before=restore,
            ),
        ],
    )


def _make(home: Path, path: Path, mapping: Path, rows: int) -> None:
    triples = parse((home / "data" / "places.ttl").read_bytes(), format=RdfFormat.TURTLE)
    names = {str(triple.subject.value) for triple in triples}
    places = sorted(name.removeprefix(_PLACES) for name in names if name.startswith(_PLACES))
    places = places[:COLUMNS]
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["day", *places])
        for row in range(rows):
            values = ((row * 7 + at * 13) % 100_000 for at in range(COLUMNS))
            day = (_FIRST + datetime.timedelta(row)).isoformat()
            out.writerow([day, *(f"{v}.5" if at % 3 else v for at, v in enumerate(values))])
    columns: list[dict[str, object]] = [{"titles": "day", "propertyUrl": "cjph:period"}]
    columns += [
        {"titles": place, "propertyUrl": "cjph:value", "cjph:with": {"cjph:place": place}}
        for place in places
    ]
    columns += [
        {"virtual": True, "propertyUrl": path, "default": value} for path, value in _SAID.items()
    ]
    mapping.write_text(json.dumps({"tableSchema": {"columns": columns}}), "utf-8")


def _same(ours: Path, bare: Path, figures: int) -> Answer:
    """Compare the end of our file with what the loop wrote, byte for byte."""
    size = bare.stat().st_size
    same = _digest(ours, size) == _digest(bare, size)
    return Answer(figures if same else 0, figures, same)


def _digest(path: Path, last: int) -> str:
    with path.open("rb") as file:
        file.seek(-last, 2)
        return hashlib.file_digest(file, "sha256").hexdigest()


def main(path: str, output: str) -> None:
    """Write the observations of a table."""
    with (
        Path(path).open(encoding="utf-8", newline="") as table_,
        Path(output).open("w", encoding="utf-8") as turtle,
    ):
        rows = csv.reader(table_)
        _, *places = next(rows)
        for day, *values in rows:
            for place, value in zip(places, values, strict=True):
                turtle.write(
                    f"\n:prison-population-{place}-{day}\n    a cjph:Observation ;\n"
                    "    cjph:indicator indicator:prison-population ;\n"
                    f"    qb:dataSet dataset:cjph-observations ;\n    cjph:place place:{place} ;\n"
                    "    cjph:group population-group:total ;\n    cjph:sex sex:all ;\n"
                    f'    cjph:periodStart "{day}"^^xsd:date ;\n'
                    f'    cjph:periodEnd "{day}"^^xsd:date ;\n    cjph:value {value} ;\n'
                    "    cjph:unit unit:people ;\n    cjph:qualifier qualifier:exact ;\n"
                    "    dcterms:source source:bjs-prisoners-2019 .\n"
                )


if __name__ == "__main__":
    main(*sys.argv[1:])
