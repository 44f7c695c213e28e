"""Pictures of a site as SVG text, made from plain values.

    from cjph_graph.publish.site.pictures import Tile, draw_tile_map

    figure = draw_tile_map("states", "Interventions by state", [Tile("CO", "Colorado", 4)],
                           ("intervention", "interventions"))

Each is a pure function: the same values give the same bytes. Nothing here knows of RDF, and what
the classes in the SVG look like stands in `static/style.css`.
"""

from cjph_graph.publish.site.pictures.evidence import Approach, draw_evidence
from cjph_graph.publish.site.pictures.indicator import IndicatorPictures, draw_indicator
from cjph_graph.publish.site.pictures.network import NetworkLink, draw_network
from cjph_graph.publish.site.pictures.svg import Figure
from cjph_graph.publish.site.pictures.tiles import Tile, draw_tile_map, draw_value_map
from cjph_graph.publish.site.pictures.timeline import PolicyChange, Span, draw_timeline
from cjph_graph.publish.site.pictures.values import PublishedValue

__all__ = [
    "Approach",
    "Figure",
    "IndicatorPictures",
    "NetworkLink",
    "PolicyChange",
    "PublishedValue",
    "Span",
    "Tile",
    "draw_evidence",
    "draw_indicator",
    "draw_network",
    "draw_tile_map",
    "draw_timeline",
    "draw_value_map",
]
