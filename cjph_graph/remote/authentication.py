"""Authentication to one server: a token, or a user with a password.

They come from the environment or from `.netrc`, never from a command line, where others could
see them. A token is sent at once; a password when the server asks, and in the way it asks for.
"""

import hashlib
import itertools
import os
import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from netrc import NetrcParseError, netrc
from pathlib import Path
from secrets import token_hex

from cjph_graph.errors import InputError, UsageError
from cjph_graph.remote.redaction import Secrets

_TOKEN, _USER, _PASSWORD = "CJPH_ENDPOINT_TOKEN", "CJPH_ENDPOINT_USER", "CJPH_ENDPOINT_PASSWORD"
_PARAMETER = re.compile(r'(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')
_HASHES = {"MD5": "md5", "SHA-256": "sha256"}


@dataclass
class Credentials:
    """What is sent to one host; nothing when neither token nor user is set.

    It remembers the server's challenge, so that the next request answers it at once.
    """

    token: str = field(default="", repr=False)
    user: str = ""
    password: str = field(default="", repr=False)
    _challenge: dict[str, str] | None = field(default=None, repr=False)
    _counter: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1), repr=False)

    def __bool__(self) -> bool:
        return bool(self.token or self.user)

    def header(self, method: str, target: str) -> str | None:
        """Return the value of the header Authorization for a request; None to leave it out."""
        if self.token:
            return f"Bearer {self.token}"
        if self._challenge is None:
            return None
        if not self._challenge:
            pair = f"{self.user}:{self.password}".encode()
            return f"Basic {b64encode(pair).decode()}"
        return self._digest(self._challenge, method, target)

    def learn(self, challenges: Sequence[str]) -> bool:
        """Note a server's challenge; return whether to try again with an answer to it."""
        if not self.user or self.token:
            return False
        offered = {said.partition(" ")[0].lower(): said for said in _split(challenges)}
        if "digest" in offered:
            asked = {
                name.lower(): quoted or bare
                for name, quoted, bare in _PARAMETER.findall(offered["digest"])
            }
            known = asked.get("algorithm", "MD5").upper() in _HASHES and "nonce" in asked
            fresh = self._challenge is None or asked.get("stale", "").lower() == "true"
            if known and (fresh or (self._challenge or {}).get("realm") != asked.get("realm")):
                self._challenge, self._counter = asked, itertools.count(1)
                return True
            return False
        if "basic" in offered and self._challenge is None:
            self._challenge = {}
            return True
        return False

    def secrets(self) -> Secrets:
        """Return the texts that no message may show."""
        pair = b64encode(f"{self.user}:{self.password}".encode()).decode() if self.user else ""
        return Secrets((self.token, self.password, pair))

    def _digest(self, asked: dict[str, str], method: str, target: str) -> str:
        algorithm = asked.get("algorithm", "MD5").upper()

        def hashed(*parts: str) -> str:
            return hashlib.new(_HASHES[algorithm], ":".join(parts).encode()).hexdigest()

        realm, nonce = asked.get("realm", ""), asked["nonce"]
        secret, what = hashed(self.user, realm, self.password), hashed(method, target)
        said = {"username": self.user, "realm": realm, "nonce": nonce, "uri": target}
        count = ""
        if "auth" in re.split(r"[\s,]+", asked.get("qop", "")):
            number, own = f"{next(self._counter):08x}", token_hex(8)
            said |= {"cnonce": own, "response": hashed(secret, nonce, number, own, "auth", what)}
            count = f", qop=auth, nc={number}"
        else:
            said["response"] = hashed(secret, nonce, what)
        if "opaque" in asked:
            said["opaque"] = asked["opaque"]
        listed = ", ".join(f'{name}="{value}"' for name, value in said.items())
        return f"Digest {listed}, algorithm={algorithm}{count}"


def find_credentials(host: str) -> Credentials:
    """Return what the environment, else `.netrc`, has for a host.

    `default` in `.netrc` is passed over: it would be sent to any host. Raises UsageError when a
    part is missing or holds what no header can, InputError when `.netrc` cannot be read.
    """
    token, user, password = (os.environ.get(name, "") for name in (_TOKEN, _USER, _PASSWORD))
    if bool(user) != bool(password):
        given, missing = (_USER, _PASSWORD) if user else (_PASSWORD, _USER)
        raise UsageError(f"${given} is set and ${missing} is not.", "Set both or neither.")
    if not token and not user:
        user, password = _from_netrc(host)
    if not re.fullmatch(r"[!-~]*", token):
        raise UsageError(f"${_TOKEN} may hold only visible ASCII characters.")
    if not (user + password).isprintable() or ":" in user or '"' in user or "\\" in user:
        raise UsageError(
            "The user or the password for the endpoint has characters that cannot be sent."
        )
    return Credentials(token, user, password)


def _from_netrc(host: str) -> tuple[str, str]:
    named = os.environ.get("NETRC")
    try:
        path = Path(named) if named else Path.home() / ".netrc"
        if not named and not path.is_file():
            return "", ""
    except (OSError, RuntimeError):
        return "", ""  # no home folder
    try:
        found = netrc(path).hosts.get(host)
    except NetrcParseError as error:
        # Its message could quote a password.
        where = f", line {error.lineno}" if error.lineno else ""
        raise InputError(f"The file .netrc{where} is not valid.") from None
    except (OSError, UnicodeDecodeError):
        raise InputError("The file .netrc cannot be read.", "Name another one in $NETRC.") from None
    return (found[0], found[2] or "") if found and host else ("", "")


def _split(challenges: Sequence[str]) -> list[str]:
    """Return each challenge by itself; one header may hold several."""
    return [
        part.strip(" ,")
        for said in challenges
        for part in re.split(r"(?:^|,)\s*(?=(?:Basic|Digest|Bearer|Negotiate|NTLM)\b)", said)
        if part.strip(" ,")
    ]
