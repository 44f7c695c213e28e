"""How to cite a dataset: a sentence, CITATION.cff, BibTeX, RIS, and DataCite's JSON.

A figure belongs to whoever published it first. So each form that has room for it says: cite the
source that stands with the figure, then the dataset.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from cjph_graph.publish.dataset.about import About
from cjph_graph.publish.dataset.json_files import Json, as_json
from cjph_graph.publish.dataset.licences import find_licence

ADVICE = (
    "When you repeat a figure, cite first the original source that stands with it,"
    " then the dataset from which you took it."
)


def sentence(about: About) -> str:
    """Return one ready to paste: `Makers (2026). Title, version 1.0. https://…`."""
    makers = " and ".join(agent.name for agent in about.creators)
    year = f"({about.dated[:4]})" if about.dated else ""
    who = " ".join(part for part in (makers, year) if part)
    version = f", version {about.version}" if about.is_versioned else ""
    parts = (f"{who}." if who else "", f"{about.title}{version} [data set].", about.address)
    return " ".join(part for part in parts if part)


def write_text(about: About) -> bytes:
    """Return what to cite and in which order, as plain text."""
    return f"{ADVICE}\n\n{sentence(about)}\n".encode()


def write_cff(about: About) -> bytes:
    """Return a file CITATION.cff, as GitHub and Zenodo read it."""
    licence = find_licence(about.license)
    fields: dict[str, Json] = {
        "cff-version": "1.2.0",
        "message": ADVICE,
        "type": "dataset",
        "title": about.title,
        "abstract": about.description,
        "authors": [{"name": agent.name} for agent in about.creators] or [{"name": about.title}],
        "version": about.version if about.is_versioned else "",
        "date-released": _whole_day(about.dated),
        "license": licence.spdx if licence else "",
        "url": about.address,
        "keywords": [*about.keywords],
    }
    lines: list[str] = []
    for name, said in fields.items():
        if said:
            lines += _yaml(name, said)
    return ("\n".join(lines) + "\n").encode()


def _yaml(name: str, said: Json) -> Iterator[str]:
    """Yield the lines of one entry; texts are written as JSON writes them, which YAML reads."""
    if not isinstance(said, list):
        yield f"{name}: {_text(said)}"
        return
    yield f"{name}:"
    for each in said:
        if isinstance(each, dict):
            yield from (f"  - {key}: {_text(value)}" for key, value in each.items())
        else:
            yield f"  - {_text(each)}"


def _text(said: Json) -> str:
    return json.dumps(said, ensure_ascii=False)


def _whole_day(text: str) -> str:
    return text[:10] if re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else ""


def write_bibtex(about: About) -> bytes:
    """Return an entry for BibTeX: of type misc, which every style knows."""
    fields = {
        "title": about.title,
        "author": " and ".join(f"{{{agent.name}}}" for agent in about.creators),
        "year": about.dated[:4],
        "version": about.version if about.is_versioned else "",
        "howpublished": "Data set",
        "publisher": about.publisher.name if about.publisher else "",
        "url": about.address,
        "note": ADVICE,
    }
    return f"{bibtex_entry(f'{about.name}-{about.version}', fields)}\n".encode()


def bibtex_entry(key: str, fields: Mapping[str, str]) -> str:
    """Return an entry of those fields that are not empty; its key keeps letters and digits."""
    lines = [f"  {name} = {{{_tex(said)}}}" for name, said in fields.items() if said]
    named = re.sub(r"[^A-Za-z0-9]+", "-", key).strip("-")
    return "@misc{" + ",\n".join([named, *lines]) + "\n}"


def _tex(text: str) -> str:
    """Return a text as TeX reads it, with braces only where they are in pairs."""
    text = " ".join(text.replace("\\", "/").split())
    balanced = text.count("{") == text.count("}")
    text = text if balanced else text.replace("{", "(").replace("}", ")")
    return re.sub(r"([&%$#_])", r"\\\1", text) if "://" not in text else text


def write_ris(about: About) -> bytes:
    """Return a record in RIS, as EndNote, Zotero and Mendeley read it."""
    fields = [
        ("TY", "DATA"),
        ("TI", about.title),
        *(("AU", f"{agent.name},") for agent in about.creators),
        ("PY", about.dated[:4]),
        ("DA", _whole_day(about.dated).replace("-", "/")),
        ("ET", about.version if about.is_versioned else ""),
        ("PB", about.publisher.name if about.publisher else ""),
        ("AB", about.description),
        *(("KW", keyword) for keyword in about.keywords),
        ("UR", about.address),
        ("N1", ADVICE),
    ]
    return "".join(f"{line}\r\n" for line in ris_lines(fields)).encode()


def ris_lines(fields: Iterable[tuple[str, str]]) -> list[str]:
    """Return the lines of a record of those fields that are not empty."""
    lines = [f"{tag}  - {' '.join(said.split())}" for tag, said in fields if said]
    return [*lines, "ER  - "]


def write_datacite(about: About) -> bytes:
    """Return metadata by DataCite's schema 4.5; it has no DOI, which a repository gives."""
    dates = {"Created": about.created, "Issued": about.issued, "Updated": about.modified}
    texts = {"Abstract": about.description, "Other": ADVICE}
    found: dict[str, Json] = {
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Data set"},
        "creators": [
            {"name": agent.name, "nameType": "Organizational"} for agent in about.creators
        ],
        "titles": [{"title": about.title, "lang": "en"}],
        "publisher": {"name": about.publisher.name} if about.publisher else None,
        "publicationYear": about.dated[:4],
        "subjects": [{"subject": keyword, "lang": "en"} for keyword in about.keywords],
        "dates": [{"date": day[:10], "dateType": kind} for kind, day in dates.items() if day],
        "language": "en",
        "version": about.version if about.is_versioned else "",
        "rightsList": _rights(about),
        "descriptions": [
            {"description": text, "descriptionType": kind, "lang": "en"}
            for kind, text in texts.items()
            if text
        ],
        "url": about.address,
        "schemaVersion": "http://datacite.org/schema/kernel-4",
    }
    return as_json(found)


def _rights(about: About) -> list[Json]:
    licence = find_licence(about.license)
    if licence is None:
        return []
    said: dict[str, Json] = {"rights": licence.name, "rightsUri": licence.url}
    if licence.spdx:
        said |= {"rightsIdentifier": licence.spdx, "rightsIdentifierScheme": "SPDX"}
    return [said]
