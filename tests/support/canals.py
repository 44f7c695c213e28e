"""A home of two canals in a repository of git, for what compares a home with what it was."""

import os

import pytest

from cjph_graph.home.location import Home
from support.repositories import git

_SHAPES = """\
@prefix ex: <https://example.org/terms#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shapes: <https://w3id.org/cjph/shapes#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:CanalShape a sh:NodeShape ; sh:targetClass ex:Canal ; sh:closed true ; sh:name "canal"@en ;
  sh:ignoredProperties ( rdf:type ) ; shapes:namespace "https://example.org/waters/" ;
  sh:property ex:p1 , ex:p2 , ex:p3 , ex:p4 .
ex:p1 sh:path rdfs:label ; sh:name "name"@en ; sh:order 1 .
ex:p2 sh:path ex:start ; sh:name "start"@en ; sh:order 3 ; sh:datatype xsd:gYear ;
  sh:message "Write a year."@en .
ex:p3 sh:path ex:joins ; sh:name "joins"@en ; sh:order 2 ; sh:class ex:Canal .
ex:p4 sh:path ex:lock ; sh:name "lock"@en ; sh:order 4 ; sh:class ex:Lock .
ex:LockShape a sh:NodeShape ; sh:targetClass ex:Lock ; sh:closed true ; sh:name "lock"@en ;
  sh:ignoredProperties ( rdf:type ) ; sh:property ex:p5 .
ex:p5 sh:path ex:rise ; sh:name "rise in metres"@en ; sh:order 5 .
"""
_HEAD = """\
@prefix ex: <https://example.org/terms#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix w: <https://example.org/waters/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
EXE = 'w:exe a ex:Canal ; rdfs:label "Exeter Canal"@en ; ex:start "2021"^^xsd:gYear .\n'
OTTER = 'w:otter a ex:Canal ; rdfs:label "Otter Cut"@en ; ex:joins w:exe .\n'


def committed(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Make a home one of two canals, and commit it."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    home.shapes.write_text(_SHAPES, encoding="utf-8")
    for path in home.data.rglob("*.ttl"):
        path.unlink()
    write(home, exe=EXE, otter=OTTER)
    for words in (["init", "--quiet"], ["add", "home"], ["commit", "--quiet", "-m", "before"]):
        git(home.path.parent, *words)
    return home


def write(home: Home, **files: str) -> None:
    """Write files of data, each with the prefixes that they need."""
    for name, text in files.items():
        (home.data / f"{name}.ttl").write_text(_HEAD + text, encoding="utf-8")
