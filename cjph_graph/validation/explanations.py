"""The rules behind findings: what each asks, why, and an example each of wrong and right.

A rule is a constraint of a shape, or a check. What it asks and why stands in the shapes or in the
header of the check; the examples are the files that the tests break it with,
`nodes|properties/SHAPE/CONSTRAINT.ttl` and `right.ttl`, or `checks/NAME/wrong.ttl` and `right.ttl`.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Triple

from cjph_graph.home import CHECKS, Check, Home
from cjph_graph.rdf import LABEL, SH, TYPE, last_part, parse_iri, read_turtle
from cjph_graph.shacl import Shapes
from cjph_graph.system.tables import clean
from cjph_graph.validation.findings import Finding

_MESSAGE, _TITLE, _DESCRIPTION, _SELECT = (
    NamedNode(SH + name) for name in ("message", "name", "description", "select")
)
_NAME = re.compile(r"[A-Za-z][\w-]*:[A-Za-z][\w-]*")
_DIRECTIVE = re.compile(r"@?(prefix|base)\b|#", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\{[?$]\w+\}")
_LONGEST_EXAMPLE = 24
_CUT = "    …"

SYNTAX = "syntax"


@dataclass(frozen=True)
class Explanation:
    """A rule: `what` it asks, `why`, and Turtle that breaks it and that keeps it.

    `rule` is its name, such as `founded/max-count`. What is not known is an empty text.
    """

    rule: str
    what: str
    why: str
    wrong: str
    right: str


def rule_of(finding: Finding) -> str:
    """Return the name of the rule that a finding breaks, the same on every run."""
    if (finding.constraint or "").startswith(CHECKS):
        return f"checks/{_local(finding.constraint or '')}"
    shape = _local(finding.shape or "") or _local(finding.path or "")
    constraint = _kebab(_local(finding.constraint or "").removesuffix("ConstraintComponent"))
    return "/".join(part for part in (shape, constraint) if part) or SYNTAX


def examples_of(home: Home) -> Path:
    """Return where a home has its examples, if it has any."""
    return home.path / "tests" / "examples"


def explain(
    findings: Iterable[Finding],
    shapes: Iterable[Triple],
    examples: Path | None = None,
    checks: Iterable[Check] = (),
) -> tuple[Explanation, ...]:
    """Explain each kind of rule that is broken, once, in the order of the findings."""
    kinds: dict[str, Finding] = {}
    for finding in findings:
        kinds.setdefault(rule_of(finding), finding)
    if not kinds:
        return ()
    known = Shapes(shapes)
    by_iri = {check.iri: check for check in checks}
    return tuple(
        _explained_check(check, examples)
        if (check := by_iri.get(finding.constraint or ""))
        else _explanation(rule, finding, known, examples)
        for rule, finding in kinds.items()
    )


def _path(shapes: Shapes, shape: NamedNode | None) -> tuple[str, ...]:
    """Return the properties in the path of a shape."""
    paths = shapes.nodes(shape, "path") if shape else []
    inside = shapes.reached(path for path in paths if not isinstance(path, NamedNode))
    nodes = (*paths, *(triple.object for triple in inside))
    return tuple(node.value for node in dict.fromkeys(nodes) if isinstance(node, NamedNode))


def _explained_check(check: Check, examples: Path | None) -> Explanation:
    wrong = right = ""
    if examples:
        place = examples / "checks" / check.name
        relevant = _Relevant((), tuple(_NAME.findall(check.text)))
        wrong, right = _pair(place / "wrong.ttl", place / "right.ttl", relevant)
    what = f"{check.title}: {_PLACEHOLDER.sub('…', check.message)}"
    return Explanation(f"checks/{check.name}", what, check.why, wrong, right)


def _explanation(rule: str, finding: Finding, shapes: Shapes, examples: Path | None) -> Explanation:
    shape, constraint = (
        parse_iri(iri) if iri and not iri.startswith("_:") else None
        for iri in (finding.shape, finding.constraint)
    )
    message = shapes.text(constraint, _MESSAGE) or shapes.text(shape, _MESSAGE)
    titles = (shapes.text(shape, _TITLE), shapes.text(constraint, LABEL))
    title = ", ".join(filter(None, titles))
    why = (shapes.text(node, _DESCRIPTION) for node in (constraint, shape))
    what = _PLACEHOLDER.sub("…", message) or finding.message
    relevant = _Relevant(
        _path(shapes, shape), tuple(_NAME.findall(shapes.text(constraint, _SELECT)))
    )
    wrong = right = ""
    for folder in ("nodes", "properties") if examples else ():
        place = Path(examples or "", folder, _local(finding.shape or ""))
        if place.is_dir():
            wrong, right = _pair(
                place / f"{rule.partition('/')[2]}.ttl", place / "right.ttl", relevant
            )
    return Explanation(
        rule, f"{title}: {what}" if title else what, next(filter(None, why), ""), wrong, right
    )


@dataclass(frozen=True)
class _Relevant:
    """What matters in an example: properties by IRI, and names as Turtle writes them."""

    properties: tuple[str, ...]
    names: tuple[str, ...]


def _pair(wrong: Path, right: Path, relevant: _Relevant) -> tuple[str, str]:
    """Return what matters of two examples: what is relevant to the rule, else where they differ."""
    texts = [_paragraphs(path) for path in (wrong, right)]
    alike = set.intersection(*({_bare(line) for lines in text for line in lines} for text in texts))
    return _smallest(wrong, texts[0], relevant, alike), _smallest(right, texts[1], relevant, alike)


def _paragraphs(path: Path) -> list[list[str]]:
    """Return the statements of a file by the empty lines between them, prefixes left out."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    kept = "\n".join(clean(line).rstrip() for line in lines if not _DIRECTIVE.match(line))
    return [block.split("\n") for block in re.split(r"\n{2,}", kept.strip("\n")) if block]


def _smallest(path: Path, paragraphs: list[list[str]], relevant: _Relevant, alike: set[str]) -> str:
    if not paragraphs:
        return ""
    names = {*relevant.names, *_written(relevant.properties, read_turtle(path).prefixes)}
    having = [lines for lines in paragraphs if names & {_start(line) for line in lines[1:]}]
    if having:
        found = [_thinned(lines, lambda line: _start(line) in names) for lines in having]
    else:
        found = [_thinned(lines, lambda line: _bare(line) not in alike) for lines in paragraphs]
    shown = "\n\n".join("\n".join(lines) for lines in found).split("\n")
    return "\n".join(shown if len(shown) <= _LONGEST_EXAMPLE else [*shown[:_LONGEST_EXAMPLE], _CUT])


def _thinned(lines: list[str], keep: Callable[[str], bool]) -> Iterator[str]:
    """Yield of a statement its first line, its class and the lines to keep."""
    deep = min((_indent(line) for line in lines[1:]), default=0)
    keeping = cut = False
    for number, line in enumerate(lines):
        if number == 0 or _indent(line) <= deep:  # else it belongs to the line before
            keeping = number == 0 or _start(line) == "a" or keep(line)
        if keeping:
            yield line
        elif not cut:
            yield _CUT
        cut = not keeping


def _start(line: str) -> str:
    return line.split(maxsplit=1)[0] if line.strip() else ""


def _bare(line: str) -> str:
    return line.strip().rstrip(" ;.,")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _written(iris: Iterable[str], prefixes: dict[str, str]) -> Iterator[str]:
    """Yield how a file may write each IRI as a property."""
    for iri in iris:
        yield "a" if iri == TYPE.value else f"<{iri}>"
        for prefix, namespace in prefixes.items():
            if iri.startswith(namespace):
                yield f"{prefix}:{iri.removeprefix(namespace)}"


def _local(iri: str) -> str:
    # A blank node has another name on every run: it names nothing.
    return "" if iri.startswith("_:") else re.sub(r"[^\w-]+", "-", last_part(iri)).strip("-")


def _kebab(name: str) -> str:
    return re.sub(r"\B([A-Z])", r"-\1", name).lower()
