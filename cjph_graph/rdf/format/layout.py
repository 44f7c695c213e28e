"""How a Turtle text is laid out: one way to write each thing.

A subject stands on a line of its own, its properties below it, one a line, its class first. Values
stand in order behind their property where they fit into the line, else one a line below it. Where
the order means something it is kept: blocks, the elements of a list, blank nodes.
"""

from collections.abc import Callable, Mapping, Sequence

from cjph_graph.rdf.format.tree import Directive, Item, PropertyNode, SubjectNode, ValueNode
from cjph_graph.rdf.terms import RDF

# The place of each property of a thing, by its IRI, given the IRIs of the thing's classes.
Order = Callable[[frozenset[str]], Mapping[str, int]]

WIDTH = 100
INDENT = 4
TYPE = RDF + "type"
LAST = 1 << 30


def lay_out(items: Sequence[Item], used: frozenset[bytes], order: Order) -> bytes:
    """Return the text of blocks, directives and comments; `used` are the prefixes they need."""
    writer = BlockWriter(order)
    directives = [item for item in items if isinstance(item, Directive)]
    movable = _are_movable(directives)
    parts: list[list[bytes]] = []
    if movable:
        for each in directives:
            writer.declare(each)
        items = _gathered(items, directives, used)
    run = False
    for item in items:
        if isinstance(item, Directive):
            writer.declare(item)
            declaration = b" ".join((item.kind, *item.words, b".")) + _behind(item.behind)
            lines = [*item.before, declaration]
            parts[-1:] = [parts[-1] + lines] if run else [*parts[-1:], lines]
        else:
            parts.append(writer.block(item) if isinstance(item, SubjectNode) else item)
        run = isinstance(item, Directive)
    return b"".join(b"\n".join(part) + b"\n\n" for part in parts)[:-1]


def _are_movable(directives: Sequence[Directive]) -> bool:
    """Say whether directives mean the same in any order."""
    names = [each.words[0] for each in directives]
    return len(names) == len(set(names)) and all(
        each.kind == b"@prefix" and b":" in each.words[1] for each in directives
    )


def _gathered(
    items: Sequence[Item], directives: Sequence[Directive], used: frozenset[bytes]
) -> list[Item]:
    """Put the prefixes that are used, or that a comment is about, where the first one is."""
    rest: list[Item] = []
    for item in items:
        if not isinstance(item, Directive):
            rest.append(item)
        elif item is directives[0]:
            _open(rest, item)
            _open(rest, *_needed(directives, used)[:1])
            rest += _needed(directives, used)
    return rest


def _open(items: list[Item], *first: Directive) -> None:
    """Set a comment that opens the file apart from its first directive: it is about all of it."""
    for directive in first:
        if not items and directive.before:
            items.append(directive.before)
            directive.before = []


def _needed(directives: Sequence[Directive], used: frozenset[bytes]) -> list[Directive]:
    kept = [each for each in directives if each.words[0] in used or each.before or each.behind]
    return sorted(kept, key=lambda each: each.words[0].rstrip(b":"))


class BlockWriter:
    """Writes blocks, given the `prefixes` that have been declared by then, with their colons."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self.prefixes: dict[bytes, str] = {}
        self._iris: dict[bytes, str] = {}
        self._places: dict[frozenset[bytes], Mapping[str, int]] = {}

    def declare(self, item: Directive) -> bool:
        """Note what a prefix stands for from here on; return whether it stood for another."""
        if item.kind != b"@prefix":
            return False
        prefix, iri = item.words[0], item.words[1][1:-1].decode("utf-8", "replace")
        changed = self.prefixes.get(prefix, iri) != iri
        self.prefixes[prefix] = iri
        if changed:
            self._iris.clear()
            self._places.clear()
        return changed

    def block(self, item: SubjectNode) -> list[bytes]:
        """Return the lines of a block."""
        self._arrange_inside(item.subject)
        properties = self._arranged(item.properties)
        subject = _value(item.subject, 0)
        if not properties and not item.ending and not item.behind:
            return [*item.subject.before, subject + b" ." + _behind(item.subject.behind)]
        lines = [*item.subject.before, subject + _behind(item.subject.behind)]
        stop = bool(item.ending or item.behind)
        lines += _properties(properties, INDENT, b" ;" if stop else b" .")
        lines += [b" " * INDENT + comment for comment in item.ending]
        return [*lines, b" " * INDENT + b"." + _behind(item.behind)] if stop else lines

    def _arranged(self, given: Sequence[PropertyNode]) -> list[PropertyNode]:
        """Return each property once and in its place, with its values in order."""
        found: dict[str, PropertyNode] = {}
        for each in given:
            iri = self.iri(each.name)
            if iri == TYPE:
                each.name = b"a"
            if (known := found.setdefault(iri, each)) is not each:
                _merge(known, each)
        for each in found.values():
            for value in each.values:
                self._arrange_inside(value)
            if len(each.values) > 1:
                each.values = _in_order(each.values)
        if len(found) < 2:
            return [*found.values()]
        classes = found[TYPE].values if TYPE in found else ()
        places = self.places(frozenset(value.text for value in classes))
        return [found[iri] for iri in sorted(found, key=lambda iri: places.get(iri, LAST))]

    def _arrange_inside(self, value: ValueNode) -> None:
        if value.opening:
            value.properties = self._arranged(value.properties)
            for element in value.elements:
                self._arrange_inside(element)

    def places(self, classes: frozenset[bytes]) -> Mapping[str, int]:
        """Return the places of the properties of things with some classes, as they are written."""
        if (known := self._places.get(classes)) is None:
            known = {**self._order(frozenset(map(self.iri, classes))), TYPE: -1}
            self._places[classes] = known
        return known

    def iri(self, name: bytes) -> str:
        """Return the IRI that a word stands for."""
        if (known := self._iris.get(name)) is not None:
            return known
        if name == b"a":
            iri = TYPE
        elif name.startswith(b"<"):
            iri = name[1:-1].decode("utf-8", "replace")
        else:
            prefix, colon, local = name.partition(b":")
            iri = self.prefixes.get(prefix + colon, "") + local.decode("utf-8", "replace")
        self._iris[name] = iri
        return iri


def _merge(known: PropertyNode, more: PropertyNode) -> None:
    first = more.values[0]
    first.before = [*more.before, *([more.behind] if more.behind else []), *first.before]
    known.values += more.values


def _in_order(values: Sequence[ValueNode]) -> list[ValueNode]:
    """Sort values as they are written, blank nodes and lists last, and leave out duplicates."""
    distinct: dict[object, ValueNode] = {}
    for number, value in enumerate(values):
        plain = not (value.opening or value.before or value.behind)
        key: object = (value.text, value.rest) if plain else number
        distinct.setdefault(key, value)
    return sorted(distinct.values(), key=lambda v: (bool(v.opening), v.text, v.rest))


def _properties(given: Sequence[PropertyNode], indent: int, end: bytes) -> list[bytes]:
    """Return the lines of the properties of a thing; `end` follows the last one."""
    lines: list[bytes] = []
    last = len(given) - 1
    for number, each in enumerate(given):
        lines += _property(each, indent, end if number == last else b" ;")
    return lines


def _property(each: PropertyNode, indent: int, end: bytes) -> list[bytes]:
    pad, values = b" " * indent, each.values
    lines = [pad + comment for comment in each.before]
    if not each.behind and not any(v.before for v in values):
        if len(values) == 1:
            text = pad + each.name + b" " + _value(values[0], indent) + end
            return [*lines, text + _behind(values[0].behind)]
        if not any(v.behind for v in values[:-1]):
            flat = _flat_values(values)
            text = pad + each.name + b" " + flat + end
            if flat and width(text) <= WIDTH:
                return [*lines, text + _behind(values[-1].behind)]
    lines.append(pad + each.name + _behind(each.behind))
    return lines + _listed(values, indent + INDENT, b" ,", end)


def _listed(values: Sequence[ValueNode], indent: int, between: bytes, end: bytes) -> list[bytes]:
    """Return values on lines of their own."""
    pad, lines, last = b" " * indent, [], len(values) - 1
    for number, value in enumerate(values):
        lines += [pad + comment for comment in value.before]
        mark = end if number == last else between
        lines.append(pad + _value(value, indent) + mark + _behind(value.behind))
    return lines


def _value(value: ValueNode, indent: int) -> bytes:
    """Return the text of a value on a line with an indent; only its first line lacks that."""
    if not value.opening:
        return value.text + value.rest
    flat = _flat(value)
    if flat and indent + width(flat) <= WIDTH - 2 * INDENT:
        return flat
    inside = indent + INDENT
    if value.opening == b"[":
        lines = _properties(value.properties, inside, b" ;" if value.ending else b"")
    else:
        lines = _listed(value.elements, inside, b"", b"")
    lines += [b" " * inside + comment for comment in value.ending]
    closing = b" " * indent + (b"]" if value.opening == b"[" else b")")
    opening = value.opening + _behind(value.inner)
    return b"\n".join((opening, *lines, closing + value.rest))


def _flat(value: ValueNode) -> bytes:
    """Return a value in one line; nothing where a comment or a line end inside forbids it."""
    if not value.opening:
        text = value.text + value.rest
        return b"" if b"\n" in text or b"\r" in text else text
    if value.inner or value.ending:
        return b""
    if value.opening == b"(":
        inside = [_flat(each) for each in value.elements]
        commented = any(each.before or each.behind for each in value.elements)
        if commented or not all(inside):
            return b""
        return b" ".join((b"(", *inside, b")") if inside else (b"()",)) + value.rest
    inside = []
    for each in value.properties:
        flat = _flat_values(each.values)
        commented = any(v.before or v.behind for v in each.values)
        if commented or each.before or each.behind or not flat:
            return b""
        inside.append(each.name + b" " + flat)
    return (b"[ " + b" ; ".join(inside) + b" ]" if inside else b"[]") + value.rest


def _flat_values(values: Sequence[ValueNode]) -> bytes:
    texts = [_flat(value) for value in values]
    return b" , ".join(texts) if all(texts) else b""


def _behind(comment: bytes) -> bytes:
    return b" " + comment if comment else b""


def width(text: bytes) -> int:
    """Return how many characters a text has."""
    return len(text) if text.isascii() else len(text.decode("utf-8", "replace"))
