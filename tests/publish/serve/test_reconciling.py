"""Matching names, as OpenRefine asks for it."""

import json

import httpx
import pytest
from support.served import Server

pytestmark = [pytest.mark.slow, pytest.mark.checkout]


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
