"""How to cite a page: a sentence, BibTeX and RIS."""

from collections.abc import Sequence
from dataclasses import dataclass

from cjph_graph.publish.dataset.about import About
from cjph_graph.publish.dataset.citations import bibtex_entry, ris_lines


@dataclass(frozen=True)
class Citation:
    """A page in the three forms in which people cite it."""

    sentence: str
    bibtex: str
    ris: str


def cite(
    title: str, about: About, collection: str, address: str, originals: Sequence[str]
) -> Citation:
    """Return the citations of a page of a collection, the site of a dataset.

    `originals` are the sources that the page's figures come from: they are named first.
    """
    authors = ", ".join(agent.name for agent in about.creators)
    dated = about.modified or about.issued
    when = f" ({dated[:4]})" if dated else ""
    version = f", version {about.version}" if about.version else ""
    within = "" if collection == title else f" {collection}{version}."
    sentence = f"{authors or collection}{when}. {_stopped(title)}{within} {address}"
    if originals:
        sentence = f"{' '.join(map(_stopped, originals))} As gathered in: {sentence}"
    bibtex = {
        "title": title,
        "author": f"{{{authors}}}" if authors else "",
        "year": dated[:4],
        "howpublished": collection,
        "version": about.version,
        "url": address,
        "note": f"Figures from: {'; '.join(originals)}" if originals else "",
    }
    ris = [
        ("TY", "DATA"),
        ("TI", title),
        ("AU", authors),
        ("PY", dated[:4]),
        ("DA", dated[:10].replace("-", "/")),
        ("T2", collection),
        ("ET", about.version),
        ("UR", address),
        *(("N1", f"Figures from: {original}") for original in originals),
    ]
    key = address.partition("://")[2]
    return Citation(sentence, bibtex_entry(key, bibtex), "\n".join(ris_lines(ris)))


def _stopped(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
