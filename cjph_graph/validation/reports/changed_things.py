"""What a branch brought in and took away, in sentences."""

from collections.abc import Sequence

from cjph_graph.rdf import last_part
from cjph_graph.system.tables import clean
from cjph_graph.validation.changed_things import ByKind, ChangedThings

_MOST_NAMED = 10


def sentences(changes: ChangedThings | None, since: str | None) -> list[str]:
    """Return a sentence each for what came in, was changed and was taken away; or one for nothing.

    Things are named by their slugs, as one types them.
    """
    if changes is None:
        return []
    if not changes:
        return [f"No thing came in, was changed or was taken away since {clean(since or '')}."]
    found = []
    if changes.added:
        found.append(f"Came in since {clean(since or '')}: {_things(changes.added)}.")
        if changes.linked:
            found.append(f"These link to what was there: {_things(changes.linked)}.")
        sources = _few(changes.sources)
        found.append(
            f"They rest on these sources: {sources}." if sources else "They name no source."
        )
    if changes.changed:
        found.append(f"Changed: {_things(changes.changed)}.")
    if changes.removed:
        found.append(f"Taken away: {_things(changes.removed)}.")
    if changes.missing:
        found.append(f"Something still links to what was taken away: {_few([*changes.missing])}.")
    return found


def _things(by_kind: ByKind) -> str:
    return "; ".join(
        f"{len(things):,} {_plural(clean(kind), len(things))} ({_few(things)})"
        for kind, things in by_kind.items()
    )


def _plural(noun: str, count: int) -> str:
    if count == 1:
        return noun
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}s"


def _few(things: Sequence[str]) -> str:
    slugs = [clean(last_part(thing.rstrip("/#"))) for thing in sorted(things)]
    more = len(slugs) - _MOST_NAMED
    return ", ".join(slugs[:_MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
