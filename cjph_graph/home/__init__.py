"""One folder with ontology, data and queries, and what is made of it.

    from cjph_graph.home import find_home, home_files

    for path in home_files(find_home()):
        print(path)

The places of its files are imported at once, any other name when it is first used.
"""

from typing import TYPE_CHECKING

from cjph_graph.home.location import Home, find_home, home_files, shape_files
from cjph_graph.system import lazily

if TYPE_CHECKING:
    from cjph_graph.home.checks import CHECKS, SEVERITIES, Check, list_checks, parse_check
    from cjph_graph.home.labels import Labels
    from cjph_graph.home.local import open_engine
    from cjph_graph.home.parameters import bind, choices
    from cjph_graph.home.saved_queries import (
        ANY,
        ANYTHING,
        Parameter,
        Query,
        get_parameter,
        get_query,
        list_queries,
        parse_query,
    )
    from cjph_graph.home.schema import (
        NAMESPACE,
        Kind,
        Property,
        find_kind,
        property_order,
        read_schema,
        read_shapes,
    )
    from cjph_graph.home.suggestions import LABELS, folded, suggest

__getattr__ = lazily(
    __name__,
    {
        "checks": "CHECKS SEVERITIES Check list_checks parse_check",
        "labels": "Labels",
        "local": "open_engine",
        "parameters": "bind choices",
        "saved_queries": (
            "ANY ANYTHING Parameter Query get_parameter get_query list_queries parse_query"
        ),
        "schema": "NAMESPACE Kind Property find_kind property_order read_schema read_shapes",
        "suggestions": "LABELS folded suggest",
    },
)
