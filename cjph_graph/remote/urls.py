"""The URLs of endpoints that requests may go to."""

import re
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from cjph_graph.errors import UsageError


def checked_url(url: str, *, insecure: bool) -> SplitResult:
    """Return the parts of a URL that a request may go to. Raises UsageError when it may not."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UsageError(f"The endpoint's URL cannot be used: {error}.") from error
    if re.search(r"[^!-~]", url) or parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError("An endpoint's URL starts with https:// and has no spaces.")
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            "A user or a password in the endpoint's URL is refused: others could see it.",
            "Set $CJPH_ENDPOINT_USER and $CJPH_ENDPOINT_PASSWORD, or write them in .netrc.",
        )
    if parts.fragment or port == 0:
        raise UsageError("An endpoint's URL has no # and no port 0.")
    if parts.scheme == "http" and not insecure and not _is_loopback(parts.hostname):
        raise UsageError(
            f"http://{parts.netloc} is not encrypted: anybody on the way could read and change it.",
            "Use https, or say --insecure.",
        )
    return parts


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
