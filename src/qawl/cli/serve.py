"""``qawl serve``: the record in a browser, and its API."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import click

from qawl.cli.options import database
from qawl.errors import MissingExtraError


@click.command()
@database
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=8765,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port to listen on.",
)
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes."
)
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="HOST",
    help="A name under which the server is reached; requests for others are refused. May be repeated.",
)
@click.option(
    "--address",
    default="",
    metavar="URL",
    help="How the server is reached from outside (https://qawl.example.org), behind a proxy.",
)
@click.option(
    "--sign-in/--no-sign-in",
    default=None,
    help="Whether changing something needs a sign-in; needed unless only this machine reaches the server.",
)
@click.option(
    "--origin",
    "origins",
    multiple=True,
    metavar="URL",
    help="A site whose scripts may ask the API.",
)
@click.option(
    "--rate",
    default=240,
    show_default=True,
    type=click.IntRange(1),
    help="Requests that cost, a minute and client.",
)
@click.option("--private", is_flag=True, help="Fetch from private and local addresses, too.")
def serve(
    db: str | None,
    host: str,
    port: int,
    workers: int,
    names: tuple[str, ...],
    address: str,
    sign_in: bool | None,
    origins: tuple[str, ...],
    rate: int,
    private: bool,
) -> None:
    """Open the record in a browser: pages in Arabic and English, and an API under /api/v1.

    Reading is free to whoever reaches the server. Corrections need a sign-in (`qawl editor add NAME`)
    unless the server listens to this machine only. Ends on Ctrl-C or SIGTERM when the requests at hand
    are answered.
    """
    try:
        import uvicorn

        from qawl.web.logs import configuration
        from qawl.web.settings import Settings, is_loopback
    except ModuleNotFoundError as error:
        raise MissingExtraError("the server", "web") from error
    from urllib.parse import urlsplit

    from qawl.cli.options import open_record

    local = is_loopback(host) and not address
    outside = urlsplit(address).hostname or ""
    known = {n.lower() for n in (*names, outside) if n}
    if local or known:  # another site's script must not reach a local server by a name of its own
        known |= {"localhost", "127.0.0.1", "::1"}
    if sign_in is False and not local:
        raise click.UsageError(
            "without a sign-in the server must listen to this machine only (--host 127.0.0.1)."
        )
    open_record(db).close()  # made or brought up to date before the workers ask for it
    with tempfile.TemporaryDirectory(prefix="qawl-", ignore_cleanup_errors=True) as shared:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = shared
        # glibc gives the threads of a process up to eight heaps a core, and each stays as large as its busiest
        # moment; two serve a worker as well. Read where a process begins, so that it holds for several workers.
        os.environ.setdefault("MALLOC_ARENA_MAX", "2")
        settings = Settings(
            db=db,
            hosts=tuple(sorted(known)),
            sign_in=not local if sign_in is None else sign_in,
            secure=address.startswith("https://"),
            rate=rate,
            origins=origins,
            private=private,
            counts=str(Path(shared) / "clients.sqlite"),
            address=address.rstrip("/"),
        )
        settings.to_environment()
        if port:
            shown = "localhost" if local else host
            click.echo(
                f"Qawl opens at {settings.address or f'http://{shown}:{port}'}/ (Ctrl-C ends it)"
            )
        uvicorn.run(
            "qawl.web.app:create",
            factory=True,
            host=host,
            port=port,
            workers=workers,
            log_config=configuration(),
            access_log=False,
            server_header=False,
            proxy_headers=bool(address),
            timeout_graceful_shutdown=10,
            h11_max_incomplete_event_size=64_000,
        )
