"""The static site: a page for each thing and each kind, which needs no server and no JavaScript.

from cjph_graph.publish.site import Site

page = Site(publication).render("interventions/cahoots-eugene.html")
"""

from cjph_graph.publish.site.site import Site

__all__ = ["Site"]
