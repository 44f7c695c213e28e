"""Running the server until it is stopped."""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Callable

import uvicorn

from cjph_graph.errors import UsageError
from cjph_graph.home import Home, home_files
from cjph_graph.publish.serve.app import make_app
from cjph_graph.publish.serve.bounds import allow_files
from cjph_graph.publish.serve.connections import Connection
from cjph_graph.publish.serve.guard import Guard
from cjph_graph.publish.serve.options import ServerOptions
from cjph_graph.publish.serve.pool import Pool

_LOOK = 1.0
_CONNECTIONS = 1000
# The last one comes when a terminal is closed; Windows does not have it.
_SIGNALS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]


def run_server(home: Home, options: ServerOptions, say: Callable[[str], None] = print) -> None:
    """Serve a home until a signal ends the process.

    `say` is called with the address as soon as the server can be asked. Raises UsageError when the
    port is taken, and what a home that cannot be loaded raises.
    """
    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(_serve(home, options, say))


async def _serve(home: Home, options: ServerOptions, say: Callable[[str], None]) -> None:
    listener = _listen(options)
    port = listener.getsockname()[1]
    name = f"[{options.host}]" if ":" in options.host else options.host
    address = f"http://{name}:{port}/"
    allow_files(2 * _CONNECTIONS)
    pool = Pool(home.path, options)
    watching: asyncio.Task[None] | None = None
    _end_by_signals()
    try:
        triples = await pool.start()
        say(f"{triples:,} triples are served at {address} until Ctrl-C.\n")
        if options.reload:
            watching = asyncio.create_task(_watch(home, pool, say))
        server = uvicorn.Server(
            uvicorn.Config(
                Guard(make_app(pool, options), options),
                http=Connection,
                ws="none",
                log_config=None,
                access_log=False,
                server_header=False,
                lifespan="off",
                timeout_keep_alive=5,
                limit_concurrency=_CONNECTIONS,
                h11_max_incomplete_event_size=65_536,
                timeout_graceful_shutdown=2,
            )
        )
        # uvicorn handles signals, ends, and raises them again for earlier handlers.
        _pass_over_signals()
        await server.serve(sockets=[listener])
    finally:
        if watching:
            watching.cancel()
        await pool.stop()
        listener.close()


def _end_by_signals() -> None:
    """Let signals end this task, so that what it has started is ended as well."""
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    for number in _SIGNALS:
        signal.signal(number, lambda *_: task and loop.call_soon_threadsafe(task.cancel))


def _pass_over_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    for number in set(_SIGNALS) - {signal.SIGINT, signal.SIGTERM}:
        signal.signal(number, lambda *_: signal.raise_signal(signal.SIGTERM))


def _listen(options: ServerOptions) -> socket.socket:
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    listener = socket.socket(family)
    if os.name == "posix":  # elsewhere it would let two servers have one port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((options.host, options.port))
        listener.listen(1024)
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or error
        raise UsageError(
            f"Port {options.port} of {options.host} cannot be used: {reason}.",
            "Choose another with --port; 0 takes any that is free.",
        ) from error
    return listener


async def _watch(home: Home, pool: Pool, say: Callable[[str], None]) -> None:
    """Have the pool reload the home whenever its files have changed."""
    before = _state(home)
    while True:
        await asyncio.sleep(_LOOK)
        if (now := await asyncio.to_thread(_state, home)) != before:
            before = now
            try:
                await pool.renew()
                say("The files have changed and were loaded again.\n")
            except Exception as error:
                say(
                    f"The files have changed and can't be served; the old ones still are: {error}\n"
                )


def _state(home: Home) -> frozenset[tuple[str, int, int]]:
    found = []
    for path in [*home_files(home), *home.path.glob("queries/*.rq"), *home.path.glob("site/*")]:
        with contextlib.suppress(OSError):
            stat = path.stat()
            found.append((str(path), stat.st_mtime_ns, stat.st_size))
    return frozenset(found)
