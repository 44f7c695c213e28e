"""A rule in SPARQL joined to its targets, put so that a store is quick with it.

The answers stay what they are, but that they may come more than once.
"""

from collections.abc import Iterator, Mapping, Sequence

from cjph_graph.rdf.terms import Node
from cjph_graph.shacl.targets import THIS, Targets
from cjph_graph.sparql.patterns import Pattern
from cjph_graph.sparql.tokens import Token, tokenize

NAMES_OF_THIS = ("$this", "?this")
PATH = "?path"


def joined(
    text: str,
    found: Sequence[Pattern],
    narrowed: Sequence[str],
    targets: Targets,
    roots: tuple[Node, ...],
) -> tuple[str, str]:
    """Return a SELECT whose `?this` are targets of some shapes, in two parts.

    What binds `?this` beforehand may be put between them. `found` are the triple patterns of the
    text, if they are known, and `narrowed` what `predicates_left` says.
    """
    tokens = tokenize(text)
    opening = next(number for number, token in enumerate(tokens) if token.text == "{")
    start, end = tokens[opening].end, tokens[-1].start
    by_path = [p for p in found if narrowed and p.depth == 1 and p.predicates == PATH]
    first = ""
    edits: list[tuple[int, int, str]] = []
    if not any(token.text in NAMES_OF_THIS for token in tokens[opening:]):
        # Nothing of this has to do with a target, so that one does for all.
        edits = [*_subtracted(tokens, found), (end, end, f" {{ {targets.found(roots)} }}")]
    elif _is_rare(found, by_path):
        # Whether it is a target can be asked of the little that is left.
        edits = [_tested(text, tokens, targets.tested(roots))]
    else:
        first = f"{{ {targets.found(roots)} }}"
    if by_path:
        # A filter is tried on each statement, where a store can look the few predicates up.
        first += f" VALUES {PATH} {{ {' '.join(f'<{iri}>' for iri in narrowed)} }}"
    after = text[start:]
    for begin, stop, instead in reversed(edits):
        after = f"{after[: begin - start]}{instead}{after[stop - start :]}"
    return text[:start], f"{first}{after}"


def _is_rare(found: Sequence[Pattern], by_path: Sequence[Pattern]) -> bool:
    """Say whether a rule looks at statements by themselves, few of which will pass."""
    if not found or found[0].subject != THIS or found[0].depth != 1:
        return False
    return len(found) == 1 or found[0] in by_path


def _tested(text: str, tokens: Sequence[Token], test: str) -> tuple[int, int, str]:
    """Return what to put where, so that a rule holds only where a test does.

    Of two filters a store may try the costlier first, of IF it can't.
    """
    filters = [
        number + 1
        for number in _outermost(tokens)
        if tokens[number].keyword == "FILTER" and tokens[number + 1].text == "("
    ]
    depth = 0
    for token in tokens[filters[-1] :] if filters else ():
        depth += (token.text == "(") - (token.text == ")")
        if not depth:
            begin, stop = tokens[filters[-1]].end, token.start
            return begin, stop, f"IF({text[begin:stop]}, {test}, false)"
    return tokens[-1].start, tokens[-1].start, f" FILTER({test})"


def _subtracted(
    tokens: Sequence[Token], found: Sequence[Pattern]
) -> Iterator[tuple[int, int, str]]:
    """Yield what to put where, so that what must not be there is found once and not for each.

    That pays where each statement of the graph is looked at.
    """
    subject = found[0].subject if found else ""
    if not subject.startswith("?") or found[0].depth != 1:
        return
    if not isinstance(found[0].predicates, str) or not found[0].object.startswith("?"):
        return
    words = [token.text for token in tokens]
    for at in _outermost(tokens):
        keywords = [token.keyword for token in tokens[at : at + 3]]
        inside = tokens[at + 4 : at + 7]
        if (
            keywords == ["FILTER", "NOT", "EXISTS"]
            and (words[at + 3], *words[at + 7 : at + 8]) == ("{", "}")
            and inside[0].kind == inside[2].kind == "variable"
            and f"?{inside[0].text[1:]}" == subject
            and inside[1].kind != "variable"
            and [word[1:] for word in words].count(inside[2].text[1:]) == 1
        ):
            yield tokens[at].start, tokens[at + 2].end, "MINUS"


def _outermost(tokens: Sequence[Token]) -> Iterator[int]:
    """Yield the numbers of those tokens that stand in the outermost group, braces left out."""
    depth = 0
    for number, token in enumerate(tokens):
        depth += (token.text == "{") - (token.text == "}")
        if depth == 1 and token.text not in "{}":
            yield number


def predicates_left(tokens: Sequence[Token], prefixes: Mapping[str, str]) -> tuple[str, ...]:
    """Return the IRIs that `FILTER (?path IN (…))` leaves for `?path` in all answers of a SELECT.

    There are none where it does not stand in the outermost group, and by itself.
    """
    words = [token.text for token in tokens]
    depth = 0
    for at, token in enumerate(tokens):
        depth += (token.text == "{") - (token.text == "}")
        if token.keyword == "FILTER" and depth == 1 and words[at + 1 : at + 3] == ["(", PATH]:
            break
    else:
        return ()
    if tokens[at + 3].keyword != "IN" or ")" not in words[at:]:
        return ()
    end = words.index(")", at)
    if words[at + 4] != "(" or words[end + 1 : end + 2] != [")"]:
        return ()
    found: list[str] = []
    for token in tokens[at + 5 : end : 2]:
        prefix, _, local = token.text.partition(":")
        if token.kind == "iri" and "\\" not in token.text:
            found.append(token.text[1:-1])
        elif token.kind == "name" and prefix in prefixes and "\\" not in token.text:
            found.append(prefixes[prefix] + local)
        else:
            return ()
    return tuple(dict.fromkeys(found))
