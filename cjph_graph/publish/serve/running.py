"""Running the server until it is told to end."""

import asyncio
import contextlib
import socket
from collections.abc import Callable

import uvicorn

from cjph_graph.errors import UsageError
from cjph_graph.home import Home, home_files
from cjph_graph.publish.serve.app import make_app
from cjph_graph.publish.serve.guard import Guard
from cjph_graph.publish.serve.options import Options
from cjph_graph.publish.serve.pool import Pool

_LOOK = 1.0


def run_server(home: Home, options: Options, say: Callable[[str], None] = print) -> None:
    """Serve a home until a signal ends the process.

    `say` is called with the address as soon as the server can be asked. Raises UsageError when the
    port is taken, and what a home that cannot be loaded raises.
    """
    asyncio.run(_serve(home, options, say))


async def _serve(home: Home, options: Options, say: Callable[[str], None]) -> None:
    listener = _listen(options)
    port = listener.getsockname()[1]
    name = f"[{options.host}]" if ":" in options.host else options.host
    address = f"http://{name}:{port}/"
    pool = Pool(home.path, options)
    watching: asyncio.Task[None] | None = None
    try:
        triples = await pool.start()
        say(f"{triples:,} triples are served at {address} until Ctrl-C.\n")
        if options.reload:
            watching = asyncio.create_task(_watch(home, pool, say))
        server = uvicorn.Server(
            uvicorn.Config(
                Guard(make_app(pool, options), options),
                log_config=None,
                access_log=False,
                server_header=False,
                lifespan="off",
                timeout_keep_alive=5,
                limit_concurrency=1000,
                h11_max_incomplete_event_size=65_536,
                timeout_graceful_shutdown=2,
            )
        )
        await server.serve(sockets=[listener])
    finally:
        if watching:
            watching.cancel()
        pool.stop()
        listener.close()


def _listen(options: Options) -> socket.socket:
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    listener = socket.socket(family)
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
    """Let the pool take the home anew whenever its files have changed."""
    before = _state(home)
    while True:
        await asyncio.sleep(_LOOK)
        if (now := _state(home)) != before:
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
