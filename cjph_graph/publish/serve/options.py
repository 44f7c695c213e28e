"""The options of a server, and the bounds it keeps."""

import os
from dataclasses import dataclass

_CORES = os.cpu_count() or 1


@dataclass(frozen=True)
class ServerOptions:
    """Where a server listens and what it allows.

    `seconds` and `megabytes` bound one request, the latter beyond what the graph itself takes. Of
    `workers` requests that run at once, one client has at most `per_client`; `waiting` more wait
    for their turn, for `patience` seconds at most. `largest_request` and `largest_answer` are in
    bytes. `hosts` are the names, beside that of `host`, by which the server may be called. `maker`
    names the function that makes the publication of a home, such as `package.module:function`: it
    is called in another process. `forks` says whether workers are forked or started each anew.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    hosts: tuple[str, ...] = ()
    seconds: float = 10
    megabytes: int = 500
    workers: int = 4 * _CORES
    per_client: int = _CORES
    waiting: int = 128
    patience: float = 20
    largest_request: int = 1_000_000
    largest_answer: int = 20_000_000
    maker: str = ""
    forks: bool = hasattr(os, "fork")
    reload: bool = False
    log_queries: bool = False

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the server."""
        return self.host in ("127.0.0.1", "::1", "localhost") or self.host.startswith("127.")
