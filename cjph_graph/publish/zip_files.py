"""Zip files that are the same, byte for byte, for the same contents."""

import io
import zipfile
from collections.abc import Iterable

# A zip file dates each of its files, and knows no day before this.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o100644 << 16
_UNIX = 3


def zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return files with their names as a zip file, which on every system is as on Unix."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name, data in files:
            info = zipfile.ZipInfo(name, _NO_TIME)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, _READABLE
            info.create_system = _UNIX
            package.writestr(info, data)
    return target.getvalue()
