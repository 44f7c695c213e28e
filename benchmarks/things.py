"""What one thing costs when the graph is large: run by the interpreter of the command under test.

    python things.py HOME

Reads the home once, and then makes of some interventions the JSON-LD in the frame of their kind and
the page, each on its own. Standard output gets the processor's seconds for one of them, as JSON.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from cjph_graph.home import find_home
from cjph_graph.publish import Publication
from cjph_graph.publish.site import Site
from cjph_graph.system.limits import limits

_CLASS = "https://w3id.org/cjph/ontology#Intervention"
_MANY = 100


def _each(things: list[str], make: Callable[[str], object]) -> float:
    start = time.process_time()
    for thing in things:
        make(thing)
    return (time.process_time() - start) / len(things)


def main() -> None:
    """Measure the home that the command line names."""
    with limits(max_size=10_000_000_000):
        publication = Publication(find_home(Path(sys.argv[1])))
        index, documents, site = publication.things, publication.documents, Site(publication)
        members = index.of_class(_CLASS)
        chosen = members[:: max(1, len(members) // _MANY)][:_MANY]
        nodes = {index.path(node) or "": node for node in chosen}
        paths = [path for path in nodes if path]
        for path in paths[:5]:  # what is made once for all pages
            site.render(f"{path}.html")
        said = {
            "things": len(site.context.things),
            "jsonld": _each(paths, lambda path: documents.jsonld(nodes[path])),
            "page": _each(paths, lambda path: site.render(f"{path}.html")),
        }
    print(json.dumps(said))


if __name__ == "__main__":
    main()
