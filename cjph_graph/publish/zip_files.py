"""Zip files that are the same, byte for byte, for the same contents."""

import io
import zipfile
from collections.abc import Mapping

# A zip file dates each of its files, and knows no day before this.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o100644 << 16
_UNIX = 3


class Zip:
    """A zip file that is being filled, on every system as on Unix."""

    def __init__(self) -> None:
        self._target = io.BytesIO()
        self._zip = zipfile.ZipFile(self._target, "w", zipfile.ZIP_DEFLATED)

    def add(self, name: str, data: bytes) -> None:
        """Add a file."""
        info = zipfile.ZipInfo(name, _NO_TIME)
        info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, _READABLE
        info.create_system = _UNIX
        self._zip.writestr(info, data)

    def done(self) -> bytes:
        """Return the whole; nothing can be added then."""
        self._zip.close()
        return self._target.getvalue()


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return files by name as a zip file."""
    package = Zip()
    for name, data in files.items():
        package.add(name, data)
    return package.done()
