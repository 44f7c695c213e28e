"""Turtle and terms, nothing else.

    from cjph_graph.rdf import Graph, read_turtle

    file = read_turtle(Path("data.ttl")).sound()
    for triple in Graph(file.triples).about(NamedNode("https://example.org/exe")):
        print(triple.predicate, triple.object)

What is needed only after a mistake, or by one command, has a face of its own: `rdf.positions`,
`rdf.prefixes`, `rdf.syntax_errors`, `rdf.dates`, `rdf.diff`, `rdf.lexer`, `rdf.format`, and
`rdf.format.edit` for changing a text in place. What a question needs is imported at once, the rest
when it is first used.
"""

from typing import TYPE_CHECKING

from cjph_graph.rdf.blank_nodes import blank_nodes_in, lastingly_named
from cjph_graph.rdf.datatypes import (
    INTEGERS,
    NUMBERS,
    TIMES,
    form_pattern,
    has_form,
    is_bare,
    is_in_figures,
    is_kept,
    is_plain_number,
    is_well_formed,
    short_datatype,
)
from cjph_graph.rdf.loading import load
from cjph_graph.rdf.problems import SyntaxProblem
from cjph_graph.rdf.terms import (
    BOOLEAN,
    DCTERMS,
    FIRST,
    IN_SCHEME,
    LABEL,
    LANG_STRING,
    NAMES,
    NIL,
    OWL,
    RDF,
    RDFS,
    REST,
    SH,
    SKOS,
    SUBCLASS,
    TRUE,
    TYPE,
    XSD,
    Node,
    Term,
    compact,
    last_part,
    namespace_of,
    natural_order,
    nearest,
    parse_iri,
)
from cjph_graph.system import lazily

if TYPE_CHECKING:
    from cjph_graph.rdf.graph import Graph, is_foreign, reachable
    from cjph_graph.rdf.reading import (
        TurtleFile,
        feed_turtle,
        parsed,
        read_bytes,
        read_turtle,
        scan_turtle,
        turtle_files,
    )

__getattr__ = lazily(
    __name__,
    {
        "graph": "Graph is_foreign reachable",
        "reading": (
            "TurtleFile feed_turtle parsed read_bytes read_turtle scan_turtle turtle_files"
        ),
    },
)
