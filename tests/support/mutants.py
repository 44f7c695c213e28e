"""Mistakes that people make, by name: each corrupts the text of a Turtle file at a seeded place."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """A corrupted text, and the lines of which one has to be reported."""

    text: str
    lines: frozenset[int]


Mutate = Callable[[str, random.Random], Mutant | None]
KINDS: dict[str, Mutate] = {}


def _kind(mutate: Mutate) -> Mutate:
    KINDS[mutate.__name__] = mutate
    return mutate


# Mistakes after which a file is not Turtle any more.
SYNTAX = {
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
    things = list(re.finditer(r"^(\w+):([a-z0-9-]+)\n    a ", text, re.MULTILINE))
    if len(things) != 1:  # where a file has several things, its name says none of theirs
        return None
    (match,) = things
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
