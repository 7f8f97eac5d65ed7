"""The command that serves the API."""

import signal
import sys
from functools import partial
from typing import cast

import click
import uvicorn

from app.config import load_settings
from app.core.logging import configure_logging
from app.core.patience import Patience
from app.core.server import ServerProtocol


@click.command()
@click.option("--reload", is_flag=True, help="Restart when a file changes.")
def serve(*, reload: bool) -> None:
    """Serve the API."""
    settings = load_settings()
    configure_logging(settings.log_level, json=settings.log_as_json)
    server = settings.server
    patience = Patience(
        server.header_timeout, settings.http.body_timeout, settings.http.request_timeout
    )
    # When it has shut down, uvicorn raises the signal again: an ordered end is no failure.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    uvicorn.run(
        "app.main:app",
        # Said to be a class, but whatever makes a protocol will do.
        http=cast("type[ServerProtocol]", partial(ServerProtocol, patience=patience)),
        ws="none",
        # Else the server would go on when something cannot start, and answer everybody with 500.
        lifespan="on",
        host=server.host,
        port=server.port,
        workers=None if reload else server.workers,
        reload=reload,
        reload_dirs=["app"] if reload else None,
        log_config=None,
        access_log=False,
        server_header=False,
        # Whom to believe is decided by HTTP__TRUSTED_PROXIES alone.
        proxy_headers=False,
        timeout_keep_alive=round(server.keep_alive),
        timeout_graceful_shutdown=round(server.graceful_timeout),
    )
