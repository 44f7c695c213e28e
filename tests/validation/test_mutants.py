"""Mistakes that people make, made in our own files: each is reported on its line.

For each kind of mistake a seeded choice of files is corrupted, so that every file has its turn;
several kinds are checked in one run, on one copy of the home. Not caught, because no rule can know
it: a value that is wrong but allowed (another issue, another place, another figure, another
source), a statement left out that may be left out, a text that says something untrue, and a word
in a title.
"""

import random
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass

import pytest

import cjph_graph
from cjph_graph.home.location import Home
from cjph_graph.validation.validation import validate

pytestmark = pytest.mark.checkout

_FILES_FOR_EACH = 15
_RUNS = 4
_SEED = 20150911


@dataclass(frozen=True)
class Mutant:
    """A corrupted text, and the lines of which one has to be reported."""

    text: str
    lines: frozenset[int]


Mutate = Callable[[str, random.Random], Mutant | None]
_KINDS: dict[str, Mutate] = {}


def _kind(mutate: Mutate) -> Mutate:
    _KINDS[mutate.__name__] = mutate
    return mutate


# Mistakes after which a file is not Turtle any more.
_SYNTAX = {
    "a_comma_for_a_semicolon",
    "a_relative_address",
    "a_space_in_an_address",
    "an_unclosed_quote",
    "an_unknown_prefix",
    "curly_quotes",
    "no_full_stop",
    "no_semicolon",
}


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _changed(
    text: str, pattern: str, change: Callable[[re.Match[str]], str], chance: random.Random
) -> Mutant | None:
    """Change one match of a pattern; the mistake is on the line where the match starts."""
    found = list(re.finditer(pattern, text, re.MULTILINE))
    if not found:
        return None
    match = chance.choice(found)
    new = text[: match.start()] + change(match) + text[match.end() :]
    return Mutant(new, frozenset({_line(text, match.start())})) if new != text else None


def _subject_line(text: str, offset: int) -> int:
    """Return the line on which the paragraph around an offset starts."""
    return _line(text, text.rfind("\n\n", 0, offset) + 2)


def _misspelt(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    return word[:at] + word[at + 1 :] if chance.random() < 0.5 else word[:at] + "x" + word[at:]


@_kind
def a_misspelt_class(text: str, chance: random.Random) -> Mutant | None:
    return _changed(text, r"(?<=    a cjph:)\w+", lambda m: _misspelt(m[0], chance), chance)


@_kind
def a_misspelt_property(text: str, chance: random.Random) -> Mutant | None:
    return _changed(text, r"(?<=^    cjph:)\w+", lambda m: _misspelt(m[0], chance), chance)


@_kind
def a_misspelt_value(text: str, chance: random.Random) -> Mutant | None:
    pattern = r" (issue|setting|approach|replaced-response):([a-z]{4,}[a-z-]*)"
    return _changed(text, pattern, lambda m: f" {m[1]}:{_misspelt(m[2], chance)}", chance)


@_kind
def a_link_to_nothing(text: str, chance: random.Random) -> Mutant | None:
    pattern = r" (source|place|organisation):[a-z0-9][a-z0-9-]+(?= [;.,])"
    return _changed(text, pattern, lambda m: m[0] + "-nowhere", chance)


@_kind
def a_link_to_another_kind(text: str, chance: random.Random) -> Mutant | None:
    return _changed(text, r"source:[a-z0-9][a-z0-9-]+(?= [;.,])", lambda _: "cjph:place", chance)


@_kind
def an_unknown_prefix(text: str, chance: random.Random) -> Mutant | None:
    return _changed(text, r"(?<=^    )cjph(?=:\w+ )", lambda _: "cjhp", chance)


@_kind
def a_prefix_for_another_namespace(text: str, chance: random.Random) -> Mutant | None:
    return _changed(text, r"^@prefix source: <[^>]*/(?=> )", lambda m: m[0][:-1] + "s/", chance)


@_kind
def no_source(text: str, chance: random.Random) -> Mutant | None:
    match = re.search(r"^    dcterms:source(?: [^;.\n]+|(?:\n        [^\n]+?)+) ;\n", text, re.M)
    if match is None:
        return None
    new = text[: match.start()] + text[match.end() :]
    return Mutant(new, frozenset({_subject_line(text, match.start())}))


@_kind
def a_second_name(text: str, chance: random.Random) -> Mutant | None:
    return _changed(
        text,
        r'^    skos:prefLabel "[^"]+"@en',
        lambda m: m[0] + ' , "Another name"@en',
        chance,
    )


@_kind
def a_text_without_language(text: str, chance: random.Random) -> Mutant | None:
    return _changed(text, r'(?<=")@en(?= [;.,])', lambda _: "", chance)


@_kind
def a_date_in_words(text: str, chance: random.Random) -> Mutant | None:
    return _changed(text, r'"[0-9-]{4,10}"\^\^xsd:\w+', lambda _: '"last year"', chance)


@_kind
def a_day_that_is_not(text: str, chance: random.Random) -> Mutant | None:
    return _changed(text, r'"[0-9-]{4,10}"\^\^xsd:\w+', lambda _: '"2020-02-30"^^xsd:date', chance)


@_kind
def a_date_to_come(text: str, chance: random.Random) -> Mutant | None:
    pattern = r'(?<=cjph:startDate )"\d{4}"|(?<=cjph:adopted )"\d{4}"|(?<=cjph:founded )"\d{4}"'
    return _changed(text, pattern, lambda _: '"2999"', chance)


@_kind
def an_end_before_the_start(text: str, chance: random.Random) -> Mutant | None:
    if "cjph:endDate" in text:
        return None
    added = '    cjph:endDate "1900"^^xsd:gYear ;\n'
    return _changed(text, r'^(?=    cjph:startDate ")', lambda _: added, chance)


@_kind
def a_number_in_quotes(text: str, chance: random.Random) -> Mutant | None:
    return _changed(text, r"(?<=cjph:value )[0-9.]+(?= ;)", lambda m: f'"{m[0]}"', chance)


@_kind
def more_than_all(text: str, chance: random.Random) -> Mutant | None:
    return _changed(
        text,
        r"(?<=cjph:value )[0-9.]+(?= ;\n    cjph:unit unit:percent ;\n    [^c]*cjph:qual)",
        lambda _: "120",
        chance,
    )


@_kind
def the_same_observation_again(text: str, chance: random.Random) -> Mutant | None:
    found = list(re.finditer(r"^:([\w-]+)\n    a cjph:Observation ;\n.*?\.$", text, re.M | re.S))
    if not found:
        return None
    match = chance.choice(found)
    again = match[0].replace(f":{match[1]}", f":{match[1]}-again", 1)
    new = f"{text}\n{again}\n"
    return Mutant(new, frozenset({_line(text, match.start()), _line(new, len(text) + 1)}))


@_kind
def an_unsafe_homepage(text: str, chance: random.Random) -> Mutant | None:
    return _changed(text, r"(?<=foaf:homepage <)https?://", lambda _: "javascript:", chance)


@_kind
def a_relative_address(text: str, chance: random.Random) -> Mutant | None:
    return _changed(text, r"(?<=dcterms:source )source:[a-z0-9-]+", lambda _: "<source>", chance)


@_kind
def a_space_in_an_address(text: str, chance: random.Random) -> Mutant | None:
    return _changed(text, r"(?<=^@prefix skos: <http://www)\.", lambda _: " .", chance)


@_kind
def curly_quotes(text: str, chance: random.Random) -> Mutant | None:
    return _changed(text, r'"([^"\n]+)"(?=@en)', lambda m: f"\u201c{m[1]}\u201d", chance)


@_kind
def an_unclosed_quote(text: str, chance: random.Random) -> Mutant | None:
    return _changed(text, r'(?<=[a-z.])"(?=@en [;.])', lambda _: "", chance)


@_kind
def no_semicolon(text: str, chance: random.Random) -> Mutant | None:
    return _changed(text, r" ;$(?=\n    [a-z])", lambda _: "", chance)


@_kind
def no_full_stop(text: str, chance: random.Random) -> Mutant | None:
    return _changed(text, r" \.$(?=\n\n|\n\Z)", lambda _: "", chance)


@_kind
def a_comma_for_a_semicolon(text: str, chance: random.Random) -> Mutant | None:
    return _changed(text, r" ;$(?=\n    \w+:)", lambda _: " ,", chance)


@_kind
def a_hidden_character(text: str, chance: random.Random) -> Mutant | None:
    return _changed(text, r'(?<="[A-Z])(?=[a-z][^"\n]*"@en)', lambda _: "\u202e", chance)


@_kind
def a_letter_of_another_script(text: str, chance: random.Random) -> Mutant | None:
    return _changed(text, r'(?<="[A-Z])[aeo](?=[a-z][^"\n]*"@en)', lambda _: "\u0430", chance)


@_kind
def a_label_of_a_person(text: str, chance: random.Random) -> Mutant | None:
    return _changed(text, r'(?<=dcterms:description ")', lambda _: "Inmates are helped. ", chance)


@_kind
def the_name_of_another_thing(text: str, chance: random.Random) -> Mutant | None:
    match = re.search(r"^(\w+):([a-z0-9-]+)\n    a ", text, re.MULTILINE)
    if match is None:
        return None
    new = text.replace(f"{match[1]}:{match[2]}\n", f"{match[1]}:{match[2]}-x\n", 1)
    return Mutant(new, frozenset({_line(text, match.start())}))


@_kind
def words_about_our_terms(text: str, chance: random.Random) -> Mutant | None:
    new = f'{text}\ncjph:Intervention skos:prefLabel "Anything"@en .\n'
    return Mutant(new, frozenset({_line(new, len(new) - 1)}))


@_kind
def a_shape_of_its_own(text: str, chance: random.Random) -> Mutant | None:
    new = f"{text}\n<https://example.org/s> a <http://www.w3.org/ns/shacl#NodeShape> .\n"
    return Mutant(new, frozenset({_line(new, len(new) - 1)}))


@_kind
def a_class_below_ours(text: str, chance: random.Random) -> Mutant | None:
    below = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
    new = f"{text}\n<https://example.org/C> {below} cjph:Intervention .\n"
    return Mutant(new, frozenset({_line(new, len(new) - 1)}))


@_kind
def a_thing_without_an_iri(text: str, chance: random.Random) -> Mutant | None:
    new = f'{text}\n[] a cjph:Source ; skos:prefLabel "Somewhere"@en .\n'
    return Mutant(new, frozenset({_line(new, len(new) - 1)}))


@_kind
def a_thing_of_another_file(text: str, chance: random.Random) -> Mutant | None:
    new = f'{text}\n<https://w3id.org/cjph/places/oregon> skos:note "Elsewhere."@en .\n'
    return Mutant(new, frozenset({_line(new, len(new) - 1)}))


def _made(
    texts: dict[str, str], kinds: list[str], corrupted: set[str]
) -> dict[str, tuple[str, Mutant]]:
    """Return mutants by file, each file with one mistake; files not `corrupted` before first."""
    chance = random.Random(f"{_SEED} {kinds}")
    made: dict[str, tuple[str, Mutant]] = {}
    for kind in kinds:
        names = sorted(texts.keys() - made.keys())
        chance.shuffle(names)
        names.sort(key=corrupted.__contains__)
        count = 0
        for name in names:
            # A shared file that cannot be read would hide what is wrong in all that link to it.
            if count == _FILES_FOR_EACH or (kind in _SYNTAX and name.count("/") == 1):
                continue
            if mutant := _KINDS[kind](texts[name], chance):
                made[name] = kind, mutant
                corrupted.add(name)
                count += 1
    return made


@pytest.fixture(scope="module")
def missed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Return for each kind of mistake the files in which it was not reported on its line."""
    home = cjph_graph.open_home()
    texts = {
        path.relative_to(home.path).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(home.data.rglob("*.ttl"))
    }
    told: dict[str, list[str]] = {}
    corrupted: set[str] = set()
    names = sorted(_KINDS)
    for batch in (names[start::_RUNS] for start in range(_RUNS)):
        folder = tmp_path_factory.mktemp("home")
        for part in ("ontology", "data"):
            shutil.copytree(home.path / part, folder / part)
        made = _made(texts, batch, corrupted)
        for name, (_, mutant) in made.items():
            (folder / name).write_text(mutant.text, encoding="utf-8")
        report = validate([folder / name for name in made], home=Home(folder))
        found: dict[str, set[int | None]] = {}
        for finding in report.findings:
            found.setdefault(finding.file or "", set()).add(finding.line)
        for name, (kind, mutant) in made.items():
            lines = found.get(str(folder / name), set())
            told.setdefault(kind, [])
            if not mutant.lines & lines:
                told[kind].append(f"{name}: {sorted(mutant.lines)}, not {lines}")
    assert corrupted == texts.keys(), "every file has its turn"
    return told


@pytest.mark.parametrize("kind", _KINDS)
def test_a_mistake_is_reported_on_its_line(kind: str, missed: dict[str, list[str]]) -> None:
    assert kind in missed, "a kind of mistake that can be made nowhere says nothing"
    assert missed[kind] == []
