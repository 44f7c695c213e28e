"""Things as Turtle text, and where in a home they belong."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from cjph_graph.home import Home, Kind
from cjph_graph.rdf import XSD, compact, is_bare

_PREFIXED = re.compile(r"(?<![\w<\"/:-])([a-z][\w-]*):(?=[\w;, .]|$)", re.MULTILINE)


def place_of(home: Home, kind: Kind, slug: str) -> tuple[Path, bool]:
    """Return the file in which a thing belongs, and whether other things stand there as well."""
    shared = home.data / f"{kind.folder}.ttl"
    if shared.is_file() and not (home.data / kind.folder).is_dir():
        return shared, True
    return home.data / kind.folder / f"{slug}.ttl", False


def as_turtle(term: Literal | NamedNode, prefixes: Mapping[str, str], own: str = "") -> str:
    """Return a term as Turtle; `own` is the namespace of the empty prefix, if there is one."""
    if isinstance(term, NamedNode):
        return compact(term.value, {"": own, **prefixes} if own else prefixes) or str(term)
    datatype = term.datatype.value
    if is_bare(term.value, datatype):
        return term.value
    quoted = str(Literal(term.value))
    if term.language:
        return f"{quoted}@{term.language}"
    if datatype == XSD + "string":
        return quoted
    return f"{quoted}^^{compact(datatype, prefixes) or f'<{datatype}>'}"


def block(
    subject: str,
    kind: str,
    statements: Iterable[tuple[str, Literal | NamedNode]],
    prefixes: Mapping[str, str],
    own: str = "",
) -> str:
    """Return the paragraph about a thing of a class; `cjph format` puts it in order."""
    lines = [
        f"    {as_turtle(NamedNode(path), prefixes)} {as_turtle(value, prefixes, own)} ;"
        for path, value in statements
    ]
    name = as_turtle(NamedNode(subject), prefixes, own)
    head = f"{name}\n    a {as_turtle(NamedNode(kind), prefixes)} ;"
    return "\n".join((head, *lines, "    .", ""))


def declarations(prefixes: Mapping[str, str], own: str = "") -> str:
    """Return the lines that declare prefixes, in order."""
    declared = {"": own, **prefixes} if own else dict(prefixes)
    return "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in sorted(declared.items()))


def used_prefixes(text: str, prefixes: Mapping[str, str]) -> dict[str, str]:
    """Return those prefixes that stand in a text, comments included."""
    found = set(_PREFIXED.findall(text))
    return {name: iri for name, iri in prefixes.items() if name in found}
