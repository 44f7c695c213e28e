"""The shipped home: what is known of it, a copy to add to, and a class that needs no Python."""

import shutil
from pathlib import Path

import pytest
from support.homes import shipped_part

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
# What tests speak of, take out or come near to.
_INTERVENTIONS = (
    *("becoming-a-man", "cahoots-eugene", "circles-of-peace", "healing-hurt-people"),
    *("lead-seattle", "pad-atlanta"),
)


@pytest.fixture(scope="session")
def contents() -> HomeContents:
    return HomeContents(find_home())


@pytest.fixture(scope="session")
def _part(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shipped_part(
        tmp_path_factory.mktemp("part"),
        *(f"interventions/{name}" for name in _INTERVENTIONS),
        *(f"policies/{name}" for name in ("988-act-2020", "nyc-right-to-counsel")),
        "policies/oregon-measure-110",
        "indicators/prison-population",
        "sources/bjs-prisoners-2019",
        "sources/cdc-atlasplus-hiv-2022",
    ).path


@pytest.fixture
def shipped(_part: Path, tmp_path: Path) -> Home:
    """Return a copy of the shipped home, with few things in it."""
    return Home(Path(shutil.copytree(_part, tmp_path / "graph")))


@pytest.fixture
def whole(tmp_path: Path) -> Home:
    """Return a copy of all that is shipped."""
    folder = tmp_path / "whole"
    for name in ("ontology", "data", "queries"):
        shutil.copytree(find_home().path / name, folder / name)
    return Home(folder)


@pytest.fixture
def grown(shipped: Home) -> Home:
    """Return a home with a class that is not ours."""
    with shipped.ontology.open("a", encoding="utf-8") as file:
        file.write(_CLASS)
    (shipped.shapes / "campaigns.ttl").write_text(_SHAPE, encoding="utf-8")
    return shipped
