"""The prefixes of one file, and what a name without its right prefix was meant to be."""

import re
from collections.abc import Collection, Mapping

from cjph_graph.rdf.syntax_errors.edits import Edit, Mistake, brief
from cjph_graph.rdf.syntax_errors.known_terms import TYPE, KnownTerms, nearest_of, slugified
from cjph_graph.rdf.syntax_errors.tokens import Source, TurtleToken
from cjph_graph.rdf.terms import last_part

_LONGEST_PREFIX = 100
_SUBJECT = re.compile(r"^([\w-]+):([\w-]++)(?=[ \t]*+$|[ \t]++a[ \t])", re.MULTILINE)
_PLAIN_NAME = re.compile(r"[\w-]+(?:\.[\w-]+)*")


class Names:
    """Names of one file as IRIs, and IRIs as names that this file may use.

    `subject` is the thing whose statement is being read.
    """

    def __init__(self, source: Source, known: KnownTerms) -> None:
        self.known = known
        self.declared: dict[str, str] = {}
        self.subject: str | None = None
        self.thing: str | None = None  # the first subject that isn't part of another thing
        self._source = source
        self._at_margin = {slugified(m[2]): m.groups() for m in _SUBJECT.finditer(source.text)}

    def own_thing(self, words: str, namespaces: Collection[str]) -> str | None:
        """Return the thing that this file describes and that has a name, in one of namespaces."""
        prefix, local = self._at_margin.get(slugified(words), ("", ""))
        namespace = self.declared.get(prefix)
        return f"{namespace}{local}" if local and namespace in namespaces else None

    def iri(self, token: TurtleToken) -> str | None:
        """Return the IRI of a name or address, by prefixes of other files where this has none."""
        if token.kind == "iri":
            return token.text[1:-1]
        if token.kind != "name":
            return TYPE if (token.kind, token.text) == ("word", "a") else None
        prefix, _, local = token.text.partition(":")
        namespace = self.declared.get(prefix, self.known.prefixes.get(prefix))
        return None if namespace is None else namespace + local.replace("\\", "")

    def short(self, iri: str) -> tuple[str, tuple[Edit, ...]]:
        """Return an IRI as this file may write it, with the declaration that it then needs."""
        local = last_part(iri)
        namespace = iri[: len(iri) - len(local)]
        prefix = self.prefix_of(namespace)
        if prefix is None or not _PLAIN_NAME.fullmatch(local):
            return f"<{iri}>", ()
        return f"{prefix}:{local}", self.declaring(prefix, namespace)

    def declaring(self, prefix: str, namespace: str) -> tuple[Edit, ...]:
        """Return the edit that declares a prefix, and none if it is declared by now."""
        if prefix in self.declared:
            return ()
        self.declared[prefix] = namespace
        return (Edit(0, 0, f"@prefix {prefix}: <{namespace}> . "),)

    def prefix_of(self, namespace: str | None) -> str | None:
        """Return the prefix for a namespace, here or in other files."""
        for prefixes in (self.declared, self.known.prefixes):
            for prefix, same in prefixes.items():
                if same == namespace:
                    return prefix
        return None

    def check(
        self, token: TurtleToken, property_: str | None, role: str, class_: str | None = None
    ) -> tuple[Mistake | None, str | None]:
        """Return what is wrong with the prefix of a name, if anything is, and the IRI it means.

        `role` is what the name stands for: a `subject`, `property` or `datatype`, or a `value` of
        `property_`. A subject is called as others of its `class_` are.
        """
        prefix, _, local = token.text.partition(":")
        if token.kind != "name" or prefix in self.declared:
            return None, self.iri(token)
        message = f"The prefix {brief(prefix)}: is not declared in this file."
        if len(prefix) > _LONGEST_PREFIX:
            return self._unknown(message, token, prefix), None
        if namespace := self._further_down(token, prefix):
            hint = f"Its line stands further down: move it above the first {prefix}:."
            declared = self.declaring(prefix, namespace)
            return Mistake(message, token.start, declared, hint), namespace + local
        namespace = self.known.prefixes.get(prefix) if prefix else self.own_namespace()
        usual = self._usual(property_, role, class_)
        is_known = bool(namespace) and self.known.is_known(f"{namespace}{local}")
        meant = self.known.other_name(local) if role == "property" else None
        if not meant or meant == f"{namespace}{local}":
            meant = None if is_known else self._meant(local, property_, role)
        if meant:
            name, edits = self.short(meant)
            edit = Edit(token.start, token.end, name)
            return Mistake(message, token.start, (*edits, edit)), meant
        if namespace and (is_known or not (usual and prefix and namespace not in usual)):
            declared = self.declaring(prefix, namespace)
            return Mistake(message, token.start, declared), namespace + local
        return self._other_prefix(message, token, usual)

    def _usual(
        self, property_: str | None, role: str, class_: str | None
    ) -> Mapping[str, int] | None:
        """Return where what a name stands for is usually called; None if nobody can say."""
        if role == "value":
            return self.known.values(property_ or "").namespaces
        members = self.known.namespace_of_members(class_ or "")
        return {members: 1} if members and role == "subject" else None

    def _other_prefix(
        self, message: str, token: TurtleToken, usual: Mapping[str, int] | None
    ) -> tuple[Mistake, str | None]:
        prefix, _, local = token.text.partition(":")
        near = None
        for prefixes in (self.declared, self.known.prefixes):
            near = near or nearest_of(prefix, {name: name for name in prefixes if name})
        if not near and usual:
            near = self.prefix_of(max(usual, key=lambda namespace: usual[namespace]))
        if not near:
            return self._unknown(message, token, prefix), None
        namespace = self.declared.get(near) or self.known.prefixes[near]
        edits = self.declaring(near, namespace)
        edit = Edit(token.start, token.start + len(prefix) + 1, f"{near}:")
        return Mistake(message, token.start, (*edits, edit)), namespace + local

    def _unknown(self, message: str, token: TurtleToken, prefix: str) -> Mistake:
        hint = f"Write at the top what it stands for: @prefix {brief(prefix)}: <https://…> ."
        self.declared[prefix] = "urn:x-unknown:"
        return Mistake(message, token.start, (), hint)

    def _meant(self, local: str, property_: str | None, role: str) -> str | None:
        known = self.known
        if not local:
            return None
        if role == "property":
            found = known.property_called(local)
            return found if found and last_part(found) == local else None
        if role == "value" and property_ == TYPE:
            return known.class_called(local)
        if role == "value":
            return known.thing_called(local, known.values(property_ or "").namespaces or None)
        return None

    def part(self, iri: str, own: str) -> tuple[str, tuple[Edit, ...]]:
        """Return the IRI of a part of the file's own thing as `:name`, and what that needs."""
        prefix = next((p for p, same in self.declared.items() if same == own), "")
        if self.declared.get(prefix, own) != own:
            return f"<{iri}>", ()
        return f"{prefix}:{iri.removeprefix(own)}", self.declaring(prefix, own)

    def own_namespace(self) -> str | None:
        """Return where the parts of the file's own thing are called."""
        thing = self.thing or self.subject
        return f"{thing.partition('#')[0]}#" if thing else None

    def _further_down(self, token: TurtleToken, prefix: str) -> str | None:
        declaration = re.compile(
            rf"^[ \t]*+@?prefix[ \t]++{re.escape(prefix)}:[ \t]*+<([^<>\s]++)>", re.I | re.M
        )
        match = declaration.search(self._source.text, token.end)
        return match[1] if match else None
