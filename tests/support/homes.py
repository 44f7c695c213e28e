"""Homes for a test: our ontology, and what Turtle the test gives, or a part of what we ship."""

import shutil
from collections import defaultdict
from pathlib import Path

from pyoxigraph import NamedNode, Triple

from cjph_graph.home import Home, find_home
from cjph_graph.rdf import Term, read_turtle

PREFIXES = """\
@prefix cjph: <https://w3id.org/cjph/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shapes: <https://w3id.org/cjph/shapes#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
_BASE = "https://w3id.org/cjph/"


def write_data(home: Home, name: str, text: str) -> None:
    """Write a file into the data of a home, with the usual prefixes."""
    path = home.data / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(PREFIXES + text, encoding="utf-8")


def shipped_part(folder: Path, *names: str) -> Home:
    """Copy our home with only the things named, such as `policies/988-act-2020`.

    What they link to comes with them, and files of many things; the sources that are not linked to
    are left out, since validation warns of them.
    """
    ours = find_home()
    for name in ("ontology", "queries"):
        shutil.copytree(ours.path / name, folder / name)
    shared: defaultdict[str, list[Triple]] = defaultdict(list)
    for path in ours.data.glob("*.ttl"):
        _copy(ours, path, folder)
        for triple in read_turtle(path).triples:
            shared[_name(triple.subject)].append(triple)
    waiting = [*names, *(name for name in shared if not name.startswith("sources/"))]
    reached: set[str] = set()
    while waiting:
        if (name := waiting.pop()) in reached:
            continue
        reached.add(name)
        path = ours.data / f"{name}.ttl"
        if path.exists():
            _copy(ours, path, folder)
        triples = read_turtle(path).triples if path.exists() else shared[name]
        waiting += [_name(t.object) for t in triples if isinstance(t.object, NamedNode)]
    sources = folder / "data" / "sources.ttl"
    blocks = sources.read_text(encoding="utf-8").split("\n\n")
    kept = [b for b in blocks if b[0] == "@" or b.split()[0].replace(":", "s/", 1) in reached]
    sources.write_text("\n\n".join(kept).rstrip() + "\n", encoding="utf-8")
    return Home(folder)


def _name(term: Term) -> str:
    """Return what a thing of ours is called in the folder of data: `places/oregon`."""
    return str(getattr(term, "value", "")).removeprefix(_BASE).partition("#")[0]


def _copy(home: Home, path: Path, folder: Path) -> None:
    copy = folder / path.relative_to(home.path)
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(path, copy)
