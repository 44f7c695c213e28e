"""The static site: a page for each thing and each kind, which needs no server and no JavaScript.

    from cjph_graph.publish.site import Site

    page = Site(publication).render("interventions/cahoots-eugene.html")

A page is made when it is asked for, the same bytes each time.
"""

from cjph_graph.publish.site.site import Site
