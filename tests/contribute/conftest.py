"""The shipped home: what is known of it, a copy to add to, and a class that needs no Python."""

import shutil
from pathlib import Path

import pytest

from cjph_graph.contribute import HomeContents
from cjph_graph.home import Home, find_home

_CLASS = """
cjph:Campaign a owl:Class ; rdfs:label "Campaign"@en ; rdfs:isDefinedBy
    <https://w3id.org/cjph/ontology> ; skos:definition "Work to change minds."@en .
"""
_SHAPE = """
@prefix cjph: <https://w3id.org/cjph/ontology#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shapes: <https://w3id.org/cjph/shapes#> .

shapes:Campaign
    a sh:NodeShape ;
    sh:targetClass cjph:Campaign ;
    sh:name "campaign"@en ;
    sh:description "A campaign."@en ;
    shapes:namespace "https://w3id.org/cjph/campaigns/" ;
    sh:pattern "^https://w3id[.]org/cjph/campaigns/[a-z0-9]+(-[a-z0-9]+)*$" ;
    sh:closed true ;
    sh:ignoredProperties ( rdf:type ) ;
    sh:property shapes:name , shapes:issue , shapes:startDate , shapes:source ;
    sh:message "A campaign has only the properties of this shape."@en ;
    sh:severity sh:Violation .
"""


@pytest.fixture(scope="session")
def contents() -> HomeContents:
    return HomeContents(find_home())


@pytest.fixture
def shipped(tmp_path: Path) -> Home:
    folder = tmp_path / "graph"
    source = find_home(Path(__file__).resolve().parents[2])
    for name in ("ontology", "data", "queries"):
        shutil.copytree(source.path / name, folder / name)
    return Home(folder)


@pytest.fixture
def grown(shipped: Home) -> Home:
    """Return a home with a class that is not ours."""
    with shipped.ontology.open("a", encoding="utf-8") as file:
        file.write(_CLASS)
    (shipped.shapes / "campaigns.ttl").write_text(_SHAPE, encoding="utf-8")
    return shipped
