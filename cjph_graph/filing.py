"""Rules about files, which their triples cannot show: one thing, one file, the usual prefixes.

Whether a rule holds in a home, and what is said when it is broken, its shapes say: a rule that
they do not name is not checked.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from pyoxigraph import NamedNode

from cjph_graph.files import shown
from cjph_graph.graph import TurtleFile
from cjph_graph.home import Home
from cjph_graph.positions import Place, locate
from cjph_graph.schema import Kind
from cjph_graph.screening import Shapes

_RULES = "https://w3id.org/cjph/shapes#"
ONE_FILE, OWN_FILE, USUAL_PREFIX = (_RULES + n for n in ("OneFile", "OwnFile", "UsualPrefix"))


_Broken: TypeAlias = tuple[str | None, str, str, Place | None]


@dataclass(frozen=True)
class Misfiling:
    """A broken rule about files: its IRI, the thing it is about, what is right, and where."""

    rule: str
    focus: str | None
    value: str
    file: str
    place: Place | None
    message: str


def misfiled(
    files: Sequence[TurtleFile],
    around: Sequence[TurtleFile],
    *,
    home: Home,
    kinds: Sequence[Kind],
    shapes: Shapes,
) -> list[Misfiling]:
    """Return what is wrong with `files` as files of a home; `around` are its other files."""
    found: list[Misfiling] = []
    for rule, broken in (
        (ONE_FILE, _in_two_files(files, around)),
        (OWN_FILE, _in_another_file(files, home, kinds)),
        (USUAL_PREFIX, _unusual_prefixes(files, around)),
    ):
        if messages := shapes.objects(NamedNode(rule), "message"):
            found += (_told(rule, messages[0].value, *parts) for parts in broken)
    return found


def _told(
    rule: str, message: str, focus: str | None, value: str, file: str, place: Place | None
) -> Misfiling:
    return Misfiling(rule, focus, value, file, place, message.replace("{?value}", value))


def _in_two_files(files: Sequence[TurtleFile], around: Sequence[TurtleFile]) -> Iterator[_Broken]:
    describing: dict[NamedNode, list[str]] = {}
    for file in (*files, *around):
        for subject in _described(file):
            describing.setdefault(subject, []).append(file.path)
    shared = {subject: paths for subject, paths in describing.items() if len(paths) > 1}
    for file in files if shared else ():
        here = [subject for subject in shared if file.path in shared[subject]]
        for subject, place in _places(file, here).items():
            others = ", ".join(path for path in shared[subject] if path != file.path)
            yield subject.value, others, file.path, place


def _in_another_file(
    files: Sequence[TurtleFile], home: Home, kinds: Sequence[Kind]
) -> Iterator[_Broken]:
    namespaces = {kind.namespace: kind.folder for kind in kinds if kind.namespace}
    folder = shown(home.data)
    for file in files:
        if not Path(file.path).is_relative_to(folder):
            continue
        name = Path(file.path).relative_to(folder).with_suffix("").as_posix()
        wrong: dict[NamedNode, str] = {}
        for subject in _described(file):
            thing = subject.value.partition("#")[0]
            for namespace, kind in namespaces.items():
                if thing.startswith(namespace):
                    slug = thing.removeprefix(namespace)
                    if name not in (kind, f"{kind}/{slug}"):
                        wrong[subject] = f"{folder}/{kind}/{slug}.ttl"
        for subject, place in _places(file, wrong).items():
            yield subject.value, wrong[subject], file.path, place


def _unusual_prefixes(
    files: Sequence[TurtleFile], around: Sequence[TurtleFile]
) -> Iterator[_Broken]:
    counts = Counter(
        (name, iri) for file in (*files, *around) for name, iri in file.prefixes.items() if name
    )
    usual: dict[str, str] = {}
    for (name, iri), _ in counts.most_common():
        usual.setdefault(name, iri)
    for file in files:
        for name, iri in file.prefixes.items():
            if name and iri != usual[name]:
                yield None, f"{name}: <{usual[name]}>", file.path, _declaration(file.data, name)


def _described(file: TurtleFile) -> set[NamedNode]:
    return {t.subject for t in file.triples if isinstance(t.subject, NamedNode)}


def _places(file: TurtleFile, subjects: Iterable[NamedNode]) -> Mapping[NamedNode, Place | None]:
    wanted = list(subjects)
    if not wanted:
        return {}
    where = locate(file.data, file.triples, (), wanted).subjects
    return {
        subject: next(iter(where.get(subject, ())), None) for subject in sorted(wanted, key=str)
    }


def _declaration(data: bytes, name: str) -> Place | None:
    text = data.decode("utf-8-sig")
    found = list(re.finditer(rf"(?i)@?\bprefix\s+{re.escape(name)}:", text))
    if not found:
        return None
    start = found[-1].start()
    line = text.rfind("\n", 0, start) + 1
    return Place(text.count("\n", 0, start) + 1, start - line + 1)
