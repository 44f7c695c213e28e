"""A small home to test on, which shares nothing with the one that is shipped."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cjph_graph.cli.process import Reason, Watch
from cjph_graph.home.location import Home, home_files
from cjph_graph.rdf.loading import load
from cjph_graph.sparql import LocalEngine

_ONTOLOGY = """\
@prefix ex: <https://example.org/terms#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:Canal a rdfs:Class ; rdfs:subClassOf ex:Water ; rdfs:label "Canal"@en .
"""
_VOCABULARIES = """\
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://example.org/use/trade> skos:inScheme <https://example.org/use> ;
  skos:prefLabel "Trade"@en ; skos:altLabel "Commerce"@en .
<https://example.org/use/leisure> skos:inScheme <https://example.org/use> ;
  skos:prefLabel "Leisure"@en ; skos:altLabel "Pleasure"@en .
<https://example.org/use/pleasure-trips> skos:inScheme <https://example.org/use> ;
  skos:prefLabel "Pleasure"@en .
"""
_DATA = """\
@prefix ex: <https://example.org/terms#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://example.org/waters/otter> a ex:River ; rdfs:label "River Otter"@en ; ex:km 32 ;
  ex:use <https://example.org/use/leisure> ; ex:opened "1799"^^xsd:gYear .
<https://example.org/waters/exe> a ex:Canal ; rdfs:label "Exeter  Canal"@en ; ex:km 8.5 ;
  ex:use <https://example.org/use/trade>, <https://example.org/use/leisure> .
ex:River rdfs:subClassOf ex:Water .
"""
_QUERY = """\
#+ title: Waters by use
#+ description: The waters that serve a use,
#+   with their length.
#+ param: use
#+   type: <https://example.org/use>
#+   default: any
#+   example: trade
#+   description: The use.
#+ param: water
#+   type: ex:Water
#+   default: any
#+   example: River Otter
#+   description: The water.
#+ param: above
#+   type: xsd:decimal
#+   default: 0
#+   example: 10.5
#+   description: Kilometres it is longer than.
PREFIX ex: <https://example.org/terms#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT DISTINCT ?water ?km WHERE {
  VALUES ?use { UNDEF }   # not this: VALUES ?use { 1 }
  VALUES ?water { UNDEF }
  VALUES ?above { "0"^^xsd:decimal }
  ?water ex:use ?use ; ex:km ?km .
  FILTER(?km > ?above)
} ORDER BY DESC(?km) ?water
"""


@pytest.fixture(autouse=True)
def no_limit_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands that run within this process pass over what it holds: other tests fill it.

    A command ends its whole process when it holds too much; that has tests of its own.
    """
    monkeypatch.setattr("cjph_graph.cli.options.Watch", _without_memory)


def _without_memory(end: Callable[[Reason], None], *, seconds: float, memory: int) -> Watch:
    assert memory > 0
    return Watch(end, seconds=seconds)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    folder = tmp_path / "home"
    for name, text in {
        "ontology/cjph.ttl": _ONTOLOGY,
        "ontology/vocabularies.ttl": _VOCABULARIES,
        "ontology/shapes.ttl": "",
        "data/waters/all.ttl": _DATA,
        "queries/waters-by-use.rq": _QUERY,
        "queries/anything.rq": "ASK { ?s ?p ?o }\n",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Home(folder)


@pytest.fixture
def engine(home: Home) -> LocalEngine:
    return LocalEngine(load(home_files(home)))
