"""Which of some things a misspelt IRI or name most likely means."""

from collections.abc import Collection, Iterator

from pyoxigraph import NamedNode, Triple

from cjph_graph.home import Labels
from cjph_graph.rdf import SH, SKOS, Node, last_part, nearest
from cjph_graph.shacl import Shapes

_HIDDEN_LABEL, _PATH = NamedNode(SKOS + "hiddenLabel"), NamedNode(SH + "path")
# Comparing a word with more names than this takes longer than a hint is worth.
_MOST_KNOWN = 10_000


class NearNames:
    """Finds things by names that are nearly theirs: the last part of an IRI, or a label."""

    def __init__(self, labels: Labels) -> None:
        self._labels = labels
        self._written: dict[frozenset[str], dict[str, str]] = {}

    def find(self, value: str, known: Collection[str]) -> str | None:
        """Return the IRI that a misspelt one, or a name, most likely means."""
        if len(known) > _MOST_KNOWN:
            return None
        names = self._known_as(frozenset(known))
        word = (last_part(value) if "://" in value else value).casefold()
        near = nearest(word, names)
        if not near:  # a name with something more behind it, such as `portland-oregon`
            near = sorted((n for n in names if n[3:] and word.startswith(f"{n}-")), key=len)[-1:]
        if not near:  # the beginning of one name, or one that begins like it
            near = [n for n in names if word[3:] and n.startswith(word)]
            near = near or [n for n in names if n[3:] and word.startswith(n)]
            near = near if len({names[n] for n in near}) == 1 else []
        return names[near[0]] if near else None

    def _known_as(self, known: frozenset[str]) -> dict[str, str]:
        """Return the IRIs by what people may write for them; looked up once for each choice."""
        if (names := self._written.get(known)) is None:
            names = self._written[known] = {}
            for iri in sorted(known):
                names.setdefault(last_part(iri).casefold(), iri)
                if label := self._labels.of(iri):
                    names.setdefault(label.casefold(), iri)
        return names


def other_names(shapes: Shapes) -> dict[str, str]:
    """Return properties by the words that people use who do not know their names."""
    return {
        words: path.value
        for node, path in sorted(property_shapes(shapes), key=str)
        for words in shapes.texts(node, _HIDDEN_LABEL)
    }


def property_shapes(shapes: Shapes) -> Iterator[tuple[Node, NamedNode]]:
    """Yield the shapes that are about one property, each with it."""
    for triple in shapes.triples:
        node, path = triple.subject, triple.object
        if triple.predicate != _PATH or not isinstance(path, NamedNode):
            continue
        if not isinstance(node, Triple):
            yield node, path
