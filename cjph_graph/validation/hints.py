"""What to write instead: the nearest allowed value, property, class or thing for a mistake.

A shape's message says what is right in general; a hint says what this statement should have been.
Hints are worked out for what is wrong only, from the graph and the shapes it was checked against.
"""

import re
from collections.abc import Callable, Collection, Iterable
from functools import cached_property

from pyoxigraph import Literal, NamedNode

from cjph_graph.home import NAMESPACE, Labels
from cjph_graph.rdf import (
    IN_SCHEME,
    LANG_STRING,
    TYPE,
    XSD,
    Node,
    Term,
    compact,
    last_part,
    parse_iri,
)
from cjph_graph.shacl import Result
from cjph_graph.validation.collect import Collected
from cjph_graph.validation.file_rules import newer_terms
from cjph_graph.validation.literals import date_form, iri_form, text_form, truth_form
from cjph_graph.validation.near_names import NearNames, other_names
from cjph_graph.validation.surplus import SURPLUS, surplus

_DATE_LENGTHS = {4: "gYear", 7: "gYearMonth", 10: "date"}
_NOTHING = "The graph has nothing at"
_MOST_NAMED = 12  # values in a hint
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


class Hints:
    """Looks up what was probably meant; `names` are what things are called."""

    def __init__(self, collected: Collected, names: Labels) -> None:
        # Looked up one by one, which takes long where every question is a request.
        self._graph = collected.graph.at_hand((TYPE, IN_SCHEME))
        self._shapes = collected.shapes
        self._names = names
        self._near = NearNames(names)
        self._known: dict[tuple[str, frozenset[str]], frozenset[str]] = {}
        self._prefixes = collected.prefixes  # a hint can be copied into a file
        self._newer = newer_terms(collected.terms)
        self._by_component: dict[str, Callable[[Result, NamedNode], str | None]] = {
            "ClassConstraintComponent": self._other_kind,
            "NodeConstraintComponent": self._other_value,
            "ClosedConstraintComponent": self._other_property,
            "InConstraintComponent": self._other_member,
            "DatatypeConstraintComponent": self._other_form,
            "OrConstraintComponent": self._other_form,
            "PatternConstraintComponent": self._other_spelling,
            "NodeKindConstraintComponent": self._other_spelling,
        }

    def hint(self, result: Result) -> str | None:
        """Return what to write instead, as one sentence; None where nothing is near."""
        component = last_part(result.constraint)
        if component in SURPLUS:
            return surplus(result, self._graph, self._shapes, self._short)
        if result.shape.startswith("_:"):
            return None
        if component == "MinCountConstraintComponent":
            return self._missing(result)
        find = self._by_component.get(component)
        if find is None or result.value is None or result.value.startswith("_:"):
            return None  # nobody wrote a blank node's name
        prefix, _, name = result.value.partition(":")
        if prefix in self._prefixes and re.fullmatch(r"\w[\w-]*", name):
            return f"Write {result.value}, without quotation marks or angle brackets."
        return find(result, NamedNode(result.shape))

    def named(self, message: str) -> str:
        """Return a message with the labels of the things that it names by IRI."""

        def told(match: re.Match[str]) -> str:
            label, short = self._names.of(match[0]), self._short(match[0])
            if label is None:
                return match[0]
            return short if label in message else f"{label} ({short})"

        return re.sub(r"https?://[^\s<>]*[^\s<>.,;:!?]", told, message)

    def _missing(self, result: Result) -> str | None:
        """Tell a missing value from a wrong one: a shape's message is for both."""
        counts = self._shapes.objects(NamedNode(result.shape), "minCount")
        if not re.match("https?:", result.path or "") or [c.value for c in counts] != ["1"]:
            return None
        return f"There is no {self._short(result.path or '')} here."

    def _other_kind(self, result: Result, shape: NamedNode) -> str | None:
        wanted = self._iris(shape, "class")
        found = self._instead(result, self._having(TYPE, wanted), _names(wanted))
        is_new = found is not None and found.startswith(_NOTHING)
        return f"{found}{self._how_to_add(wanted)}" if is_new else found

    def _how_to_add(self, wanted: Collection[str]) -> str:
        """Say how a thing is added, where it has a class and a place of its own."""
        owners = [
            shape
            for shape in self._shapes.targeting()
            if {kind.value for kind in self._shapes.target_classes(shape)} & set(wanted)
            and self._shapes.texts(shape, NAMESPACE)
        ]
        if len(wanted) != 1 or not owners:
            return ""
        (iri,) = wanted
        return f' If it is new, `cjph new {last_part(iri).lower()} "ITS NAME"` begins it.'

    def _other_value(self, result: Result, shape: NamedNode) -> str | None:
        schemes = frozenset(
            scheme
            for node in self._shapes.nodes(shape, "node")
            for inner in self._shapes.nodes(node, "property")
            for scheme in self._iris(inner, "hasValue")
        )
        known = self._having(IN_SCHEME, schemes)
        return self._instead(result, known, f"value of {_names(schemes)}" if schemes else "")

    def _instead(self, result: Result, known: Collection[str], wanted: str) -> str | None:
        """Name the nearest of what would fit, else what kind of thing stands there."""
        value = result.value or ""
        if value.endswith("/") and any(iri.startswith(value) for iri in known):
            name = last_part(value[:-1])
            return f"Nothing stands behind the prefix. `cjph list {name}` shows what may."
        about = list(self._about(value))
        if not about and (thing := self._thing_at(value, known, result.path)):
            return f"Write {self._short(thing)}, which has this address."
        if "#" in value:  # the part of one thing is never meant to be that of another
            known = [iri for iri in known if iri.startswith(f"{value.partition('#')[0]}#")]
        if near := self._nearest(value, known):
            return f"Did you mean {near}?"
        schemes = [v.value for p, v in about if p == IN_SCHEME]
        kinds = [v.value for p, v in about if p == TYPE]
        if wanted and (schemes or kinds):
            found = self._names.of(value) or self._short(value)
            kind = f"value of {_names(schemes)}" if schemes else _names(kinds)
            return f"{found} is of another kind ({kind}). What belongs here: {wanted}."
        if "://" in value and not about:
            choices = self._choices(known) if wanted.startswith("value of ") else ""
            return f"{_NOTHING} {self._short(value)}.{choices}"
        return None

    def _choices(self, known: Collection[str]) -> str:
        if len(known) > _MOST_NAMED:
            name = last_part(next(iter(known)).rpartition("/")[0])
            return f" `cjph list {name}` shows what there is."
        return f" These are there: {', '.join(sorted(map(self._short, known)))}." if known else ""

    def _thing_at(self, value: str, known: Collection[str], path: str | None) -> str | None:
        """Return the one of some things that has a web page as its address, not by `path`."""
        address = re.fullmatch(r"(?:https?://)?(?:www\.)?(\S+?\.\S+?)/?", value)
        if not address or value in known:
            return None
        forms = [
            f"{scheme}{www}{address[1]}{slash}"
            for scheme in ("https://", "http://")
            for www in ("", "www.")
            for slash in ("", "/")
        ]
        nodes = [NamedNode(form) for form in forms if not re.search(r'[\s<>"{}|^`\\]', form)]
        found = self._graph.statements(nodes, None, inverse=True)
        linking = (t.subject for t in found if t.predicate.value != path)
        things = (thing.value for thing in linking if isinstance(thing, NamedNode))
        return next((thing for thing in things if thing in known), None)

    def meant_property(self, result: Result) -> str | None:
        """Return the property of a shape that an unknown one is nearest to."""
        if last_part(result.constraint) != "ClosedConstraintComponent" or not result.path:
            return None
        return self._near_property(result.path, NamedNode(result.shape))

    def _near_property(self, path: str, shape: NamedNode) -> str | None:
        """Return the property of a shape whose label is an unknown name, or the nearest to it."""
        properties = self._properties(shape)
        called = self._other_names.get(last_part(path).casefold())
        return called if called in properties else self._near.find(path, properties)

    @cached_property
    def _other_names(self) -> dict[str, str]:
        return other_names(self._shapes)

    def _properties(self, shape: NamedNode) -> set[str]:
        return {
            path.value
            for node in self._shapes.nodes(shape, "property")
            for path in self._shapes.nodes(node, "path")
            if isinstance(path, NamedNode)
        }

    def _other_property(self, result: Result, shape: NamedNode) -> str | None:
        if not result.path:
            return None
        if near := self._near_property(result.path, shape):
            return f"Did you mean {self._short(near)}?"
        owners = sorted(
            name.value
            for kind in self._shapes.targeting()
            for node in self._shapes.nodes(kind, "property")
            for path in self._shapes.nodes(node, "path")
            if path.value == result.path
            for name in self._shapes.objects(kind, "name")
        )
        if owners:
            return f"{self._short(result.path)} belongs to: {', '.join(dict.fromkeys(owners))}."
        if newer := self._newer.get(result.path):
            return f"{self._short(result.path)} is deprecated: write {self._short(newer)}."
        return f"The graph has no property {self._short(result.path)}."

    def _other_member(self, result: Result, shape: NamedNode) -> str | None:
        members = [n.value for n in self._members(shape, "in") if isinstance(n, NamedNode)]
        near = self._nearest(result.value or "", members)
        return f"Did you mean {near}?" if near else None

    def _other_form(self, result: Result, shape: NamedNode) -> str | None:
        value = result.value or ""
        choices = [shape, *self._members(shape, "or")]
        datatypes = {iri for node in choices for iri in self._iris(node, "datatype")}
        if LANG_STRING in datatypes and "://" not in value:
            return f"Write {text_form(value, 'en')}."
        if datatypes & {XSD + name for name in _DATE_LENGTHS.values()}:
            return date_form(value, datatypes)
        if datatypes & {XSD + "decimal", XSD + "integer"} and _NUMBER.fullmatch(value):
            return f"Write {value}, without quotation marks."
        if datatypes == {XSD + "boolean"}:
            return f"Write {word}." if (word := truth_form(value)) else None
        if datatypes == {XSD + "string"}:
            return f"Write {Literal(value)}, with nothing behind it."
        return None

    def _other_spelling(self, result: Result, shape: NamedNode) -> str | None:
        value = result.value or ""
        patterns = [pattern.value for pattern in self._shapes.objects(shape, "pattern")]
        namespaces = self._shapes.texts(shape, NAMESPACE)
        if re.match(r"https?://", value) and any(re.search(p, value) for p in patterns):
            return f"Write <{value}>, in angle brackets and without quotation marks."
        if isinstance(term := result.term("value"), Literal) and value.strip() != value:
            return f"Write {text_form(value, term.language)}."
        tried = iri_form(value, patterns, namespaces)
        return f"Write {self._short(tried) if '://' in tried else tried}." if tried else None

    def _nearest(self, value: str, known: Collection[str]) -> str | None:
        """Return the one that a misspelt IRI or name is nearest to, as a file would write it."""
        near = self._near.find(value, known)
        return self._short(near) if near else None

    def _short(self, iri: str) -> str:
        return compact(iri, self._prefixes) or f"<{iri}>"

    def _having(self, property_: NamedNode, values: frozenset[str]) -> frozenset[str]:
        """Return the things that have one of some values; looked up once for each question."""
        key = (property_.value, values)
        if (found := self._known.get(key)) is None:
            nodes = [NamedNode(value) for value in sorted(values)]
            found = frozenset(
                triple.subject.value
                for triple in self._graph.statements(nodes, property_, inverse=True)
                if isinstance(triple.subject, NamedNode)
            )
            self._known[key] = found
        return found

    def _about(self, iri: str) -> Iterable[tuple[NamedNode, Term]]:
        node = parse_iri(iri)
        for triple in self._graph.statements([node], None) if node else ():
            yield triple.predicate, triple.object  # type: ignore[misc]

    def _iris(self, node: Node, name: str) -> frozenset[str]:
        found = self._shapes.nodes(node, name)
        return frozenset(value.value for value in found if isinstance(value, NamedNode))

    def _members(self, shape: NamedNode, name: str) -> list[Node]:
        heads = self._shapes.nodes(shape, name)
        members = [member for head in heads for member in self._shapes.listed(head)]
        return [member for member in members if not isinstance(member, Literal)]


def _names(iris: Iterable[str]) -> str:
    return " or ".join(sorted(last_part(iri) for iri in iris))
