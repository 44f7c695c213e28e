"""How to cite a page: a sentence, BibTeX and RIS."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Citation:
    """A page in the three forms in which people cite it."""

    sentence: str
    bibtex: str
    ris: str


@dataclass(frozen=True)
class Cited:
    """What a citation is made of; `dated` is a date as machines write it, empty if not known.

    `originals` are the sources that the page's figures come from: they are named first.
    """

    title: str
    authors: str
    collection: str
    version: str
    dated: str
    address: str
    originals: tuple[str, ...] = ()


def cite(page: Cited) -> Citation:
    """Return the citations of a page."""
    return Citation(_sentence(page), _bibtex(page), _ris(page))


def _sentence(page: Cited) -> str:
    when = f" ({page.dated[:4]})" if page.dated else ""
    version = f", version {page.version}" if page.version else ""
    within = "" if page.collection == page.title else f" {page.collection}{version}."
    own = f"{page.authors or page.collection}{when}. {_stopped(page.title)}{within} {page.address}"
    if not page.originals:
        return own
    return f"{' '.join(_stopped(each) for each in page.originals)} As gathered in: {own}"


def _stopped(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _bibtex(page: Cited) -> str:
    fields = {
        "title": page.title,
        "author": f"{{{page.authors}}}" if page.authors else "",
        "year": page.dated[:4],
        "howpublished": page.collection,
        "version": page.version,
        "url": page.address,
        "note": f"Figures from: {'; '.join(page.originals)}" if page.originals else "",
    }
    key = re.sub(r"[^A-Za-z0-9]+", "-", page.address.partition("://")[2]).strip("-")
    lines = [f"  {name} = {{{_tex(said)}}}" for name, said in fields.items() if said]
    return "@misc{" + ",\n".join([key, *lines]) + "\n}"


def _tex(text: str) -> str:
    text = " ".join(text.replace("\\", "/").split())
    balanced = text.count("{") == text.count("}")
    text = text if balanced else text.replace("{", "(").replace("}", ")")
    return re.sub(r"([&%$#_])", r"\\\1", text) if "://" not in text else text


def _ris(page: Cited) -> str:
    fields = [
        ("TY", "DATA"),
        ("TI", page.title),
        ("AU", page.authors),
        ("PY", page.dated[:4]),
        ("DA", page.dated[:10].replace("-", "/")),
        ("T2", page.collection),
        ("ET", page.version),
        ("UR", page.address),
        *(("N1", f"Figures from: {original}") for original in page.originals),
    ]
    lines = [f"{tag}  - {' '.join(said.split())}" for tag, said in fields if said]
    return "\n".join([*lines, "ER  - "])
