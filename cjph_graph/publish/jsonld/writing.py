"""From trees to JSON: one ordered walk, the same bytes on every run, and nothing lost.

Two forms come out of the same trees. JSON-LD is exact: what reads it gets the graph's triples, with
each literal as it was written. Plain JSON has no context: a decimal is a number, a date a text, and
nothing says which datatype it had.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from decimal import Decimal
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode

from cjph_graph.home import Kind
from cjph_graph.publish.index import LANGUAGE, Index
from cjph_graph.publish.jsonld.context import NATIVE, Context, ContextTerm, Json
from cjph_graph.publish.jsonld.json_text import Number, Shared
from cjph_graph.publish.jsonld.trees import Shown, Tree, in_order
from cjph_graph.rdf import TYPE, XSD, is_well_formed, natural_order
from cjph_graph.sparql import Value

# Larger whole numbers lose digits in programs that read JSON numbers as floating point.
_MOST_DIGITS = 15
_INTEGER = re.compile(r"0|-?[1-9][0-9]*", re.ASCII)
_NUMBERS = frozenset({XSD + "integer", XSD + "decimal"})
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_NO_TERM = ContextTerm("", "")
# The largest number of texts that are kept because they occur in many places.
_MOST_KEPT = 5_000

# The datatypes that terms have at some place of a document, by their properties, where a context
# inside the document says otherwise than that at its top.
_Local = Mapping[str, str]


class NodeWriter:
    """Turns trees into node objects under one context; with `plain` into JSON without one.

    Blank nodes in `unnamed` are written without an identifier.
    """

    def __init__(
        self,
        context: Context,
        kinds: Sequence[Kind],
        *,
        plain: bool = False,
        unnamed: Iterable[BlankNode] = (),
    ) -> None:
        self._context = context
        self._plain = plain
        self._unnamed = frozenset(unnamed)
        self._properties = {
            kind.iri: [(entry.path, entry.inverse) for entry in kind.properties] for kind in kinds
        }
        self._places: dict[tuple[str, ...], dict[tuple[str, bool], int]] = {}
        self._orders: dict[tuple[object, ...], list[tuple[str, bool]]] = {}
        self._shared: dict[Tree, Shared] = {}

    def node(self, tree: Tree, local: _Local | None = None) -> dict[str, Json]:
        """Return the node object of a thing, with what stands inside it.

        `local` are the datatypes that contexts around it have changed.
        """
        if not tree.shared or local:
            return self._node(tree, local or {})
        if (known := self._shared.get(tree)) is None:
            _keep_few(self._shared)
            known = self._shared[tree] = Shared(self._node(tree, {}))
        return known

    def _node(self, tree: Tree, local: _Local) -> dict[str, Json]:
        written: dict[str, Json] = {}
        if changed := {} if self._plain else self._changed(tree, local):
            written["@context"] = {
                term.name: self._local_definition(term, datatype)
                for path, datatype in sorted(changed.items())
                for term in [self._context.terms[path]]
            }
            local = {**local, **changed}
        if not (isinstance(tree.node, BlankNode) and (self._plain or tree.node in self._unnamed)):
            written["id"] = _id(tree.node)
        classes = [v for v in tree.values.get(TYPE.value, ()) if isinstance(v, NamedNode)]
        if classes and len(classes) == len(tree.values[TYPE.value]):
            names = sorted(self._context.classes.get(v.value, v.value) for v in classes)
            written["type"] = one_or_all(names)
        for path, back in self._ordered(tree, classes):
            if back:
                self._add_back(path, tree.back[path], local, written)
            elif path != TYPE.value or "type" not in written:
                self._add(path, tree.values[path], local, written)
        return written

    def _ordered(self, tree: Tree, classes: Sequence[NamedNode]) -> Sequence[tuple[str, bool]]:
        """Return the properties of a tree in the order of the shapes of some classes.

        With each goes whether it is followed backwards.
        """
        key = (*(each.value for each in classes), None, *tree.values, None, *tree.back)
        if (known := self._orders.get(key)) is None:
            _keep_few(self._orders)
            places = self._placed(classes)
            known = self._orders[key] = sorted(
                [*((path, False) for path in tree.values), *((path, True) for path in tree.back)],
                key=lambda each: (places.get(each, len(places)), each),
            )
        return known

    def _placed(self, classes: Sequence[NamedNode]) -> Mapping[tuple[str, bool], int]:
        """Return the places of properties, in the order of the shapes of some classes."""
        iris = tuple(sorted(each.value for each in classes))
        if iris not in self._places:
            known = [each for iri in iris for each in self._properties.get(iri, ())]
            self._places[iris] = {each: n for n, each in enumerate(dict.fromkeys(known))}
        return self._places[iris]

    def _changed(self, tree: Tree, local: _Local) -> dict[str, str]:
        """Return the datatypes that the terms of a thing must have other than around it."""
        found: dict[str, str] = {}
        for path, values in tree.values.items():
            term = self._context.terms.get(path)
            if term is None or not term.choices:
                continue
            datatypes = {value.datatype.value for value in values if isinstance(value, Literal)}
            if len(datatypes) == 1 and datatypes <= term.choices:
                (datatype,) = datatypes
                wanted = "" if datatype in NATIVE else datatype
                if wanted != local.get(path, term.coerced):
                    found[path] = wanted
        return found

    def _local_definition(self, term: ContextTerm, datatype: str) -> Json:
        said: dict[str, Json] = {"@id": term.path}
        if datatype:
            said["@type"] = self._context.datatype(datatype)
        return said | ({"@container": "@set"} if term.several else {})

    def _add_back(
        self, path: str, trees: Sequence[Tree], local: _Local, written: dict[str, Json]
    ) -> None:
        found: list[Json] = [self._thing(tree, "", local) for tree in sorted(trees, key=natural)]
        if term := self._context.backwards.get(path):
            written[term.name] = found if term.several else one_or_all(found)
            return
        name = self._context.terms.get(path, _NO_TERM).name or path
        turned = written.setdefault("@reverse", {})
        if isinstance(turned, dict):
            turned[name] = found

    def _add(
        self, path: str, values: Sequence[Shown], local: _Local, written: dict[str, Json]
    ) -> None:
        """Write the values of one property; texts in other languages go into a map of their own."""
        term = self._context.terms.get(path, _NO_TERM)
        coerced = local.get(path, term.coerced)
        ordered = sorted(values, key=natural) if len(values) > 1 else values
        texts: dict[str, list[Json]] = {}
        others: list[Json] = []
        for value in ordered:
            if not isinstance(value, Literal):
                others.append(self._thing(value, coerced, local))
            elif coerced != "@language" or not self._is_elsewhere(value):
                others.append(plainly(value) if self._plain else self._literal(value, coerced))
            else:
                texts.setdefault(str(value.language), []).append(value.value)
        name = term.name or path
        if others:
            written[name] = others if term.several else one_or_all(others)
        if texts:
            written[term.map_name] = {
                tag: found if term.several else one_or_all(found)
                for tag, found in sorted(texts.items())
            }

    def _is_elsewhere(self, text: Literal) -> bool:
        """Say whether a text stands in the map of other languages; no map holds directions."""
        if text.language in (None, LANGUAGE):
            return False
        return self._plain or not text.direction

    def _thing(self, value: Shown, coerced: str, local: _Local) -> Json:
        """Return another thing: its IRI, or a node object with what is written about it."""
        if isinstance(value, Tree):
            if value.values or value.back or value.node in self._unnamed:
                return self.node(value, local)
            value = value.node
        iri = _id(value)
        return iri if self._plain or coerced == "@id" else {"id": iri}

    def _literal(self, literal: Literal, coerced: str) -> Json:
        """Return a literal as it may be written where the context reads strings as `coerced`."""
        text, language = literal.value, literal.language
        if language:
            if coerced == "@language" and language == LANGUAGE and not literal.direction:
                return text
            said: dict[str, Json] = {"@value": text, "@language": language}
            return said | ({"@direction": literal.direction.value} if literal.direction else {})
        datatype = literal.datatype.value
        if coerced == datatype:
            return text
        if not coerced:
            if datatype == XSD + "string":
                return text
            if datatype == XSD + "boolean" and text in ("true", "false"):
                return text == "true"
            if datatype == XSD + "integer" and _is_native(text):
                return int(text)
        if datatype == XSD + "string":
            return {"@value": text}
        return {"@value": text, "@type": self._context.datatype(datatype)}


def _keep_few(known: MutableMapping[Any, Any]) -> None:
    if len(known) >= _MOST_KEPT:
        known.clear()


def plainly(literal: Literal) -> Json:
    """Return a literal as JSON without RDF has it: a number, a truth value or a text."""
    text, datatype = literal.value, literal.datatype.value
    if datatype == XSD + "boolean" and text in _BOOLEANS:
        return _BOOLEANS[text]
    if datatype in _NUMBERS and is_well_formed(text, XSD + "decimal"):
        plain = re.fullmatch(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?", text, re.ASCII)
        return Number(text if plain else format(Decimal(text), "f"))
    return text


def _is_native(text: str) -> bool:
    return _INTEGER.fullmatch(text) is not None and len(text) <= _MOST_DIGITS


def _id(node: Value) -> str:
    return node.value if isinstance(node, NamedNode) else str(node)


def one_or_all(values: Sequence[Json]) -> Json:
    """Return the only value, or all in a list."""
    return values[0] if len(values) == 1 else [*values]


def natural(value: Shown) -> tuple[list[str | int], str]:
    """Return a sort key that puts finding-2 before finding-10."""
    text = str(value.node if isinstance(value, Tree) else value)
    return natural_order(text), text


def expanded(index: Index) -> Iterator[dict[str, Json]]:
    """Yield each thing of a graph in expanded form: whole IRIs, and every value an object."""
    for subject in sorted(index, key=in_order):
        node: dict[str, Json] = {"@id": _id(subject)}
        values: dict[str, list[Json]] = {}
        for property_, value in sorted(index.about(subject), key=lambda pair: str(pair[1])):
            if property_ == TYPE and isinstance(value, NamedNode | BlankNode):
                values.setdefault("@type", []).append(_id(value))
            elif isinstance(value, Literal):
                values.setdefault(property_.value, []).append(_expanded(value))
            else:
                values.setdefault(property_.value, []).append({"@id": _id(value)})
        yield node | dict(sorted(values.items()))


def _expanded(literal: Literal) -> Json:
    text, datatype = literal.value, literal.datatype.value
    said: dict[str, Json] = {"@value": text}
    if literal.language:
        said["@language"] = literal.language
        if literal.direction:
            said["@direction"] = literal.direction.value
    elif datatype == XSD + "boolean" and text in ("true", "false"):
        said["@value"] = text == "true"
    elif datatype == XSD + "integer" and _is_native(text):
        said["@value"] = int(text)
    elif datatype != XSD + "string":
        said["@type"] = datatype
    return said
