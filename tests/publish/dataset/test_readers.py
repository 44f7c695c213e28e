"""The shipped dataset, read by the programs that people read such data with."""

import csv
import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import rdflib
from support.readers import NODE_MODULES, program

pytestmark = [pytest.mark.readers, pytest.mark.slow]

_YEAR = re.compile(r"-?[0-9]{4,}(Z|[+-][0-9]{2}:[0-9]{2})?")
_NODE = """
const crypto = require("crypto"), fs = require("fs"), jsonld = require("jsonld");
const text = fs.readFileSync(process.argv[2], "utf8"), isQuads = /[.]n[tq]$/.test(process.argv[2]);
const options = { algorithm: "RDFC-1.0", format: "application/n-quads", safe: false,
  maxWorkFactor: 3, documentLoader: () => { throw new Error("offline"); } };
if (isQuads) options.inputFormat = "application/n-quads";
jsonld.canonize(isQuads ? text : JSON.parse(text), options).then((canonical) => {
  console.log(crypto.createHash("sha256").update(canonical).digest("hex"));
}).catch((error) => { console.error(error); process.exit(1); });
"""
_PANDAS = """
import json, sys, pandas
folder = sys.argv[1]
csv = pandas.read_csv(f"{folder}/tables/observations.csv")
book = pandas.read_excel(sys.argv[2], sheet_name=None)
print(json.dumps({
    "rows": len(csv), "value": str(csv["value"].dtype), "sum": round(float(csv["value"].sum()), 6),
    "sheets": {name: len(sheet) for name, sheet in book.items()},
    "excel": round(float(book["observations"]["value"].sum()), 6),
    "adopted": str(book["policies"]["adopted"].dropna().map(type).value_counts().idxmax()),
}))
"""
_R = """
folder <- commandArgs(trailingOnly = TRUE)[1]
for (name in list.files(folder, pattern = "[.]csv$")) {
  table <- read.csv(file.path(folder, name), encoding = "UTF-8", na.strings = "")
  cat(name, nrow(table), ncol(table), "\\n")
}
observations <- read.csv(file.path(folder, "observations.csv"), encoding = "UTF-8", na.strings = "")
cat("class", class(observations$value), "\\n")
cat("sum", format(sum(observations$value), digits = 15), "\\n")
"""


def _run(*command: str | Path, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*map(str, command)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "NODE_PATH": str(NODE_MODULES), "HOME": str(folder or "/")},
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _json(path: Path) -> Any:
    return json.loads(path.read_bytes())


def test_frictionless_takes_the_package_and_sees_one_byte_that_is_another(
    release: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "tables"
    shutil.copytree(release / "data/tables", folder)
    command = (program("frictionless"), "validate", "datapackage.json")
    done = _run(*command, folder=folder)
    assert done.returncode == 0, done.stdout
    path = folder / "places.csv"
    data = path.read_bytes()
    assert b"Oregon" in data
    path.write_bytes(data.replace(b"Oregon", b"Oregom", 1))
    done = _run(*command, folder=folder)
    assert done.returncode == 1
    assert "hash" in done.stdout


def test_mlcroissant_takes_the_description_and_the_hashes_are_right(release: Path) -> None:
    done = _run(program("mlcroissant"), "validate", "--jsonld", release / "croissant.json")
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    # It passes a false hash itself.
    files = _json(release / "croissant.json")["distribution"]
    assert len(files) > 15
    for file in files:
        data = (release / file["contentUrl"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == file["sha256"]


def test_csvw_takes_the_tables(release: Path) -> None:
    done = _run(program("csvwvalidate"), "-v", release / "data/tables/csv-metadata.json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("OK")


def _not_years(folder: Path) -> Iterator[str]:
    """Yield what stands in columns of years and is none: csvwvalidate takes any text for a year."""
    for table in _json(folder / "csv-metadata.json")["tables"]:
        for column in table["tableSchema"]["columns"]:
            if column["datatype"] == "gYear":
                found = (row[column["name"]] for row in _rows(folder / table["url"]))
                yield from (text for text in found if text and not _YEAR.fullmatch(text))


def test_what_is_said_to_be_a_year_is_one(release: Path, tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    shutil.copytree(release / "data/tables", folder)
    assert list(_not_years(folder)) == []
    path = folder / "findings.csv"
    year = next(row["year"] for row in _rows(path) if row["year"])
    path.write_bytes(path.read_bytes().replace(f",{year},".encode(), b",not-a-year,", 1))
    assert list(_not_years(folder)) == ["not-a-year"]


def test_pandas_reads_numbers_and_dates(release: Path) -> None:
    name = next((release / "data").glob("*.xlsx"))
    done = _run(program("python"), "-c", _PANDAS, release / "data", name)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    rows = _rows(release / "data/tables/observations.csv")
    total = sum(float(row["value"]) for row in rows if row["value"])
    assert said["rows"] == said["sheets"]["observations"] == len(rows)
    assert said["value"] in ("float64", "int64")
    assert said["sum"] == pytest.approx(total)
    assert said["excel"] == pytest.approx(total)
    assert "datetime" in said["adopted"] or "Timestamp" in said["adopted"]
    tables = {path.stem for path in (release / "data/tables").glob("*.csv")} - {"dictionary"}
    assert tables < said["sheets"].keys()


def test_r_reads_every_table_with_all_its_rows(release: Path, tmp_path: Path) -> None:
    script = tmp_path / "read.R"
    script.write_text(_R)
    folder = release / "data/tables"
    done = _run(program("Rscript"), script, folder)
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    read = {line[0]: (int(line[1]), int(line[2])) for line in lines if line[0].endswith(".csv")}
    held = {path.name: _rows(path) for path in folder.glob("*.csv")}
    assert read == {name: (len(rows), len(rows[0])) for name, rows in held.items()}
    said = {line[0]: line[1] for line in lines if len(line) == 2}
    assert said["class"] == "numeric"
    total = sum(float(row["value"]) for row in held["observations.csv"] if row["value"])
    assert float(said["sum"]) == pytest.approx(total)


def _canonical_hash(path: Path, folder: Path) -> str:
    script = folder / "canonize.cjs"
    script.write_text(_NODE)
    done = _run(program("node"), "--max-old-space-size=2000", script, path, folder=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_jsonld_js_gets_the_same_canonical_hash(release: Path, tmp_path: Path) -> None:
    (said,) = (release / "data").glob("*.rdfc10.sha256")
    (data,) = (release / "data").glob("*.nt")
    assert _canonical_hash(data, tmp_path) == said.read_text().split()[0]


@pytest.mark.parametrize("name", ["dcat", "void", "ontology/ontology"])
def test_jsonld_js_and_rdflib_read_the_same_from_both_forms(
    release: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    graph = rdflib.Graph().parse(release / f"{name}.ttl")
    lines = tmp_path / "graph.nt"
    lines.write_text(graph.serialize(format="nt"), encoding="utf-8")
    found = _canonical_hash(release / f"{name}.jsonld", tmp_path)
    assert found == _canonical_hash(lines, tmp_path)


def test_rdflib_reads_every_statement(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    (turtle,) = (release / "data").glob("*.ttl")
    (triples,) = (release / "data").glob("*.nt")
    graph = rdflib.Graph().parse(turtle)
    assert len(graph) == len(triples.read_bytes().splitlines())
    assert {*graph} == {*rdflib.Graph().parse(triples)}
