"""Namespaces, and operations on terms: once, for every folder."""

import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode

Node: TypeAlias = NamedNode | BlankNode
Term: TypeAlias = Node | Literal

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SH = "http://www.w3.org/ns/shacl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"

TYPE = NamedNode(RDF + "type")
LABEL, SUBCLASS = NamedNode(RDFS + "label"), NamedNode(RDFS + "subClassOf")
IN_SCHEME = NamedNode(SKOS + "inScheme")
FIRST, REST, NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))
LANG_STRING = RDF + "langString"
BOOLEAN = NamedNode(XSD + "boolean")
TRUE = Literal("true", datatype=BOOLEAN)
# The properties that name a thing, the best one first.
NAMES = (SKOS + "prefLabel", RDFS + "label", DCTERMS + "title")

# From 0 to 100. Two words of eight letters that share six in the same order have 75.
_LIKE = 70
_LONGEST = 100


def parse_iri(text: str) -> NamedNode | None:
    """Return the IRI that a text is, with or without angle brackets; None if it is not one."""
    text = text.strip()
    try:
        return NamedNode(text[1:-1] if text.startswith("<") and text.endswith(">") else text)
    except ValueError:
        return None


def last_part(iri: str) -> str:
    """Return what an IRI has after its last `/` or `#`; the whole when that is nothing."""
    return re.split(r"[/#]", iri)[-1] or iri


def namespace_of(iri: str) -> str:
    """Return an IRI up to its last `/` or `#`."""
    return iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]


def natural_order(text: str) -> list[str | int]:
    """Return a key that sorts finding-2 before finding-10."""
    parts: list[str | int] = [*re.split(r"([0-9]+)", text)]
    parts[1::2] = [int(part) for part in parts[1::2]]
    return parts


def compact(iri: str, prefixes: Mapping[str, str]) -> str | None:
    """Return an IRI as `prefix:name`, by the longest namespace that fits; None if none does."""
    longest, found = 0, None
    for prefix, namespace in prefixes.items():
        if len(namespace) > longest and iri.startswith(namespace):
            name = iri[len(namespace) :]
            if re.fullmatch(r"\w[\w-]*", name, re.ASCII):
                longest, found = len(namespace), f"{prefix}:{name}"
    return found


def nearest(word: str, names: Iterable[str], *, most: int = 1, least: float = _LIKE) -> list[str]:
    """Return those names that are nearly written as `word`, the nearest first.

    `least` is how much they have in common, from 0 to 100. Capitals count: fold them before where
    they should not. Nothing is near to a word that is empty or very long.
    """
    from rapidfuzz.fuzz import ratio  # takes 20 ms, so it is imported after a mistake only
    from rapidfuzz.process import extract

    if not word or len(word) > _LONGEST:
        return []
    found = extract(word, list(names), scorer=ratio, limit=most, score_cutoff=least)
    return [name for name, _, _ in found]
