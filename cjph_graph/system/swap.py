"""Two folders trade places, at once where the system can."""

import ctypes
import errno
import os
import sys
from pathlib import Path

_HERE = -100  # AT_FDCWD
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux and RENAME_SWAP of macOS have the same number


def swap(one: Path, other: Path) -> bool:
    """Have two paths of one file system trade names; return False where that can't be done at once.

    Then nothing was done. Raises OSError when a path is not there or may not be renamed.
    """
    for name in ("renameat2", "renamex_np"):
        if (call := _call(name)) is None:
            continue
        names = os.fsencode(one), os.fsencode(other)
        arguments = (_HERE, names[0], _HERE, names[1]) if name == "renameat2" else names
        if call(*arguments, ctypes.c_uint(_EXCHANGE)) == 0:
            return True
        number = ctypes.get_errno()
        if not _is_unable(number):
            raise OSError(number, os.strerror(number), str(one))
    return False


def _call(name: str) -> "ctypes._NamedFuncPointer | None":
    """Return a function of the system's library; None where it has none of that name."""
    if sys.platform == "win32":
        return None
    try:
        return getattr(ctypes.CDLL(None, use_errno=True), name, None)
    except OSError:
        return None


def _is_unable(number: int) -> bool:
    return number in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP)
