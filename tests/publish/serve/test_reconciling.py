"""Matching names, as OpenRefine asks for it."""

import json
import os
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7
from support.served import Server

pytestmark = [pytest.mark.slow, pytest.mark.checkout]

# The schemas of the API are not part of this repository: a checkout of reconciliation-api/specs.
_BESIDE = Path(__file__).parents[4] / "shared" / "reconciliation-specs"
_SCHEMAS = Path(os.environ.get("CJPH_RECONCILIATION_SPECS", _BESIDE)) / "0.2" / "schemas"


def _matched(server: Server, **query: Any) -> list[dict[str, Any]]:
    queries = json.dumps({"q": query})
    answer = server.client.post("/reconcile", data={"queries": queries})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["q"]["result"]
    return found


def test_names_are_matched(server: Server) -> None:
    queries = {
        "same": {"query": "eugene", "type": "places"},
        "nearly": {"query": "Vera Institut of Justice", "type": "organisations"},
        "within": {"query": "CAHOOTS", "type": "interventions"},
        "code": {"query": "US-OR"},
        "nothing": {"query": "zzzz"},
    }
    answer = server.client.post("/reconcile", data={"queries": json.dumps(queries)}).json()
    first = {key: found["result"][:1] for key, found in answer.items()}
    assert first["same"][0]["id"] == "places/eugene"
    assert first["same"][0]["match"] is True
    assert first["nearly"][0]["id"] == "organisations/vera-institute-of-justice"
    assert first["nearly"][0]["match"] is False
    assert first["within"][0]["id"] == "interventions/cahoots-eugene"
    assert first["code"][0]["id"] == "places/oregon"
    assert first["nothing"] == []


def test_the_matching_service_says_what_it_is(server: Server) -> None:
    found = server.client.get("/reconcile").json()
    assert found["identifierSpace"] == "https://w3id.org/cjph/"
    assert {"id": "organisations", "name": "organisation"} in found["defaultTypes"]
    suggest = found["suggest"]["entity"]
    address = f"{suggest['service_url']}{suggest['service_path']}?prefix=cahoots"
    names = [each["name"] for each in httpx.get(address).json()["result"]]
    assert names[0].startswith("CAHOOTS")
    preview = found["preview"]["url"].replace("{{id}}", "interventions/cahoots-eugene")
    assert "CAHOOTS" in httpx.get(preview).text
    assert server.client.post("/reconcile", data={"queries": "[1]"}).status_code == 400


def test_other_columns_tell_namesakes_apart(server: Server) -> None:
    eugene = {"pid": "place", "v": "Eugene"}
    first, *rest = _matched(server, query="CAHOOTS", type="interventions", properties=[eugene])
    assert first["id"] == "interventions/cahoots-eugene"
    assert first["features"] == [{"id": "place", "value": True}]
    assert all(each["score"] < first["score"] for each in rest)
    for wrong in ("Denver", ["Denver", {"id": "places/oregon"}]):
        found = _matched(server, query="CAHOOTS", properties=[{"pid": "place", "v": wrong}])
        assert not any(each["match"] for each in found)
    by_place = _matched(server, type="interventions", properties=[eugene])
    assert "interventions/cahoots-eugene" in [each["id"] for each in by_place]
    assert all(each["features"][0]["value"] for each in by_place)


@pytest.mark.parametrize(
    "queries",
    [
        "[1]",
        "{",
        '{"q": 1}',
        '{"q": {"query": "x", "limit": 1e999}}',
        '{"q": {"query": "x", "limit": "many"}}',
        '{"q": {"query": "x", "properties": [{"pid": "place"}]}}',
        '{"q": {"query": "x", "properties": 1}}',
        "[" * 100_000,
    ],
)
def test_what_is_no_batch(server: Server, queries: str) -> None:
    answer = server.client.post("/reconcile", data={"queries": queries})
    assert answer.status_code == 400
    assert "not a batch" in answer.text


@pytest.mark.parametrize("limit", [-3, 0, 1, 1000])
def test_a_limit_is_kept(server: Server, limit: int) -> None:
    found = _matched(server, query="county", limit=limit)
    assert len(found) <= max(limit, 5)
    assert len(found) <= 50


_ANSWERS = {
    "manifest": "/reconcile",
    "reconciliation-result-batch": "/reconcile?queries="
    '{"q0":{"query":"oregon"},"q1":{"query":"CAHOOTS","type":"interventions","limit":3,'
    '"properties":[{"pid":"place","v":"Eugene"}]},"q2":{"query":"zzz"}}',
    "suggest-entities-response": "/reconcile/suggest/entity?prefix=ca",
    "suggest-types-response": "/reconcile/suggest/type?prefix=",
    "suggest-properties-response": "/reconcile/suggest/property?prefix=p",
}


@pytest.mark.skipif(not _SCHEMAS.is_dir(), reason=f"the API's schemas are not at {_SCHEMAS}")
@pytest.mark.parametrize("name", _ANSWERS)
def test_answers_keep_to_the_schemas(server: Server, name: str) -> None:
    schemas = [json.loads(path.read_text("utf-8")) for path in _SCHEMAS.glob("*.json")]
    registry: Registry[Any] = Registry().with_resources(
        (schema["$id"], Resource(schema, DRAFT7)) for schema in schemas if "$id" in schema
    )
    schema = json.loads((_SCHEMAS / f"{name}.json").read_text("utf-8"))
    answer = server.client.get(_ANSWERS[name]).json()
    assert answer
    validator = Draft7Validator(schema, registry=registry)
    assert [error.message for error in validator.iter_errors(answer)] == []
