"""Carry the ontology, the data, the queries and the examples inside every standard wheel."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class HomeHook(BuildHookInterface[Any]):
    """Put the folders of a home into `cjph_graph/shipped`; an editable wheel reads them here."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the folders to include; raise FileNotFoundError when one is not there."""
        if version == "editable":
            return
        for name in ("ontology", "data", "queries", "site", "tests/examples"):
            folder = Path(self.root) / name
            if not folder.is_dir():
                raise FileNotFoundError(f"{folder} is not there: the wheel would lack it")
            build_data["force_include"][str(folder)] = f"cjph_graph/shipped/{name}"
