"""JSON of descriptions: readable, always in one order, without what is not known."""

import json
from collections.abc import Mapping

from cjph_graph.publish.jsonld import Json

__all__ = ["Json", "as_json", "known"]


def as_json(said: Mapping[str, Json]) -> bytes:
    """Return an object as a document, without the entries that are empty."""
    return (json.dumps(known(said), ensure_ascii=False, indent=2) + "\n").encode()


def known(said: Mapping[str, Json]) -> dict[str, Json]:
    """Return an object without the entries that are empty: None, and texts and lists of nothing."""
    return {name: value for name, value in said.items() if value not in (None, "", [], {})}
