"""Licences by their addresses: the short names of SPDX, which programs ask for, and full names."""

import re
from dataclasses import dataclass

_CREATIVE_COMMONS = re.compile(
    r"https?://creativecommons\.org/(?:licenses/([a-z-]+)|publicdomain/(zero|mark))/([0-9.]+)"
    r"(?:/[a-z.]*)?"
)
_PARTS = {
    "by": "Attribution",
    "nc": "NonCommercial",
    "nd": "NoDerivatives",
    "sa": "ShareAlike",
}
_OTHERS = {
    "opendatacommons.org/licenses/by": ("ODC-By-1.0", "Attribution License 1.0"),
    "opendatacommons.org/licenses/odbl": ("ODbL-1.0", "Open Database License 1.0"),
    "opendatacommons.org/licenses/pddl": ("PDDL-1.0", "Public Domain Dedication and License 1.0"),
}


@dataclass(frozen=True)
class Licence:
    """A licence: its address, its name, and its identifier in SPDX's list if that is known."""

    url: str
    name: str
    spdx: str = ""


def find_licence(url: str) -> Licence | None:
    """Return the licence at an address, named by it if nothing else is known; None for none."""
    if not url:
        return None
    if found := _CREATIVE_COMMONS.fullmatch(url):
        return _creative_commons(url, found[1], found[2], found[3])
    for address, (spdx, name) in _OTHERS.items():
        if address in url:
            return Licence(url, f"Open Data Commons {name}", spdx)
    return Licence(url, url)


def _creative_commons(url: str, kind: str | None, domain: str | None, version: str) -> Licence:
    if domain == "zero":
        return Licence(url, f"Creative Commons Zero {version} Universal", f"CC0-{version}")
    if kind is None:
        return Licence(url, f"Public Domain Mark {version}")
    parts = [_PARTS.get(part, part) for part in kind.split("-")]
    name = f"Creative Commons {'-'.join(parts)} {version}"
    international = " International" if version == "4.0" else ""
    return Licence(url, name + international, f"CC-{kind.upper()}-{version}")
