"""Why a file is not Turtle, explained to somebody who has never written it."""

from cjph_graph.rdf.syntax_errors.known_terms import KnownTerms
from cjph_graph.rdf.syntax_errors.mending import Mending, SyntaxMistake, mend, redeclare
