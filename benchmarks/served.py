"""Serves one target; run as a script inside a rendered project, whose package is `app`.

A target is the bare application, the bare one with some of the rendered project's features, or the
rendered project itself.
"""
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import bare
import bare_accounts
import uvicorn
from fastapi import FastAPI

# The project comes first, as it does for `python -m app`.
sys.path.insert(0, str(Path.cwd()))

from app.config import Settings, load_settings
from app.core.http.errors import register_error_handlers
from app.core.http.middleware import HSTS, SECURITY_HEADERS, ErrorMiddleware, RequestMiddleware
from app.core.http.server import ServerProtocol
from app.core.logging import configure_logging
from app.core.rate_limit.middleware import RateLimitKey, register_rate_limit
from app.main import create_app


class NoLog:
    """Takes the place of the access log."""

    def info(self, *_: object, **__: object) -> None:
        """Write nothing."""


def add_request(app: FastAPI, access_log: Any) -> None:
    """Add request id and security headers, and a log of requests."""
    app.add_middleware(
        RequestMiddleware,
        headers=(*SECURITY_HEADERS, HSTS),
        access_log=access_log,
    )


def build_bare(settings: Settings) -> FastAPI:
    """Make the bare application."""
    app: FastAPI = bare.create_app(settings.database_url.get_secret_value())
    return app


def build_bare_accounts(settings: Settings) -> FastAPI:
    """Make the bare application that has accounts."""
    app: FastAPI = bare_accounts.create_app(
        settings.database_url.get_secret_value(),
        settings.secret_key.get_secret_value(),
        settings.project_name,
    )
    return app


def build_request(settings: Settings) -> FastAPI:
    """Add the outermost middleware without its log."""
    app = build_bare(settings)
    add_request(app, NoLog())
    return app


def build_guard(settings: Settings) -> FastAPI:
    """Add the checks of host, query and body, and the time limit."""
    app = build_bare(settings)
    app.add_middleware(ErrorMiddleware, http=settings.http)
    add_request(app, NoLog())
    return app


def build_access_log(settings: Settings) -> FastAPI:
    """Add the log of requests, as JSON."""
    return add_access_log(build_bare(settings), settings)


def add_access_log(app: FastAPI, settings: Settings) -> FastAPI:
    """Add all middleware but that of limits."""
    access_log = configure_logging("INFO", json=True)
    app.add_middleware(ErrorMiddleware, http=settings.http)
    add_request(app, access_log)
    return app


def build_problems(settings: Settings) -> FastAPI:
    """Add the handlers of errors."""
    return add_problems(build_access_log(settings))


def add_problems(app: FastAPI) -> FastAPI:
    """Add the handlers of errors."""
    register_error_handlers(app)
    return app


def build_limits(settings: Settings) -> FastAPI:
    """Add limits, inside of all other middleware."""
    app = build_bare(settings)
    register_rate_limit(app, settings.rate_limit, RateLimitKey())
    return add_problems(add_access_log(app, settings))


def build_rendered(settings: Settings) -> FastAPI:
    """Make the rendered application, with a route that needs nothing.

    It is the first one, as in the bare application: how long the framework looks for a route
    depends on how many there are before it, not on what the project adds to a request.
    """
    app: FastAPI = create_app(settings)
    app.get("/bench/static")(bare.read_static)
    app.router.routes.insert(0, app.router.routes.pop())
    return app


TARGETS: dict[str, Callable[[Settings], FastAPI]] = {
    "bare": build_bare,
    "bare-accounts": build_bare_accounts,
    "request": build_request,
    "guard": build_guard,
    "access-log": build_access_log,
    "problems": build_problems,
    "limits": build_limits,
    "rendered": build_rendered,
    "served": build_rendered,
}


def main() -> None:
    """Serve with the options of `python -m app serve`; one target has its protocol too."""
    settings = load_settings()
    target, port, core = sys.argv[1:]
    app = TARGETS[target](settings)
    protocol: Any = partial(ServerProtocol, settings=settings)
    os.sched_setaffinity(0, {int(core)})
    uvicorn.run(
        app,
        http=protocol if target == "served" else "auto",
        port=int(port),
        log_config=None,
        access_log=False,
        server_header=False,
        # The rendered application does this itself.
        proxy_headers=target.startswith("bare") and bool(settings.http.trusted_proxies),
        forwarded_allow_ips=list(settings.http.trusted_proxies),
    )


if __name__ == "__main__":
    main()
