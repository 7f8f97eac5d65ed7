"""Serves the interactive documentation, with its assets, from the application."""

import base64
import hashlib
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import fastapi_offline
from fastapi import FastAPI, Request
from fastapi.openapi.docs import get_redoc_html, get_swagger_ui_html
from fastapi.staticfiles import StaticFiles
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

ASSETS_PATH = "/docs/assets"
POLICY = (
    "default-src 'none'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; worker-src blob:; "
    "base-uri 'none'; frame-ancestors 'none'"
)


class DocsStaticFiles(StaticFiles):
    """Serves whole files: the framework would answer a bad `Range` with plain text."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        headers = [header for header in scope["headers"] if header[0] != b"range"]
        await super().__call__({**scope, "headers": headers}, receive, send)

    def file_response(self, *args: Any, **options: Any) -> Response:
        """Build the answer."""
        response = super().file_response(*args, **options)
        response.headers["Accept-Ranges"] = "none"
        return response


def with_policy(page: HTMLResponse) -> HTMLResponse:
    """Allow exactly the scripts that are written in a page, by their hashes."""
    scripts = re.findall(rb"<script>(.*?)</script>", bytes(page.body), re.DOTALL)
    hashes = [
        base64.b64encode(hashlib.sha256(script).digest()).decode() for script in scripts
    ]
    policy = POLICY.format(hashes=" ".join(f"'sha256-{item}'" for item in hashes))
    page.headers["Content-Security-Policy"] = policy
    return page


def with_scripts(page: HTMLResponse, scripts: Iterable[str]) -> HTMLResponse:
    """Add scripts to the end of a page."""
    tags = "".join(f"<script>{script}</script>" for script in scripts)
    return HTMLResponse(bytes(page.body).decode().replace("</body>", f"{tags}</body>"))


def register_docs(app: FastAPI, *scripts: str) -> None:
    """Add `/docs` (Swagger UI) and `/redoc` (ReDoc), with the assets of a package.

    Args:
        app: The application.
        scripts: What Swagger UI's page runs besides; it finds the interface as `ui`.
    """
    assets = DocsStaticFiles(directory=Path(fastapi_offline.__file__).parent / "static")

    def swagger_ui(root: str) -> HTMLResponse:
        page = get_swagger_ui_html(
            openapi_url=f"{root}{app.openapi_url}",
            title=app.title,
            swagger_js_url=f"{root}{ASSETS_PATH}/swagger-ui-bundle.js",
            swagger_css_url=f"{root}{ASSETS_PATH}/swagger-ui.css",
            swagger_favicon_url=f"{root}{ASSETS_PATH}/favicon.png",
        )
        return with_scripts(page, scripts)

    def redoc(root: str) -> HTMLResponse:
        return get_redoc_html(
            openapi_url=f"{root}{app.openapi_url}",
            title=app.title,
            redoc_js_url=f"{root}{ASSETS_PATH}/redoc.standalone.js",
            redoc_favicon_url=f"{root}{ASSETS_PATH}/favicon.png",
            with_google_fonts=False,
        )

    def serve(page: Callable[[str], HTMLResponse]) -> Callable[[Request], HTMLResponse]:
        return lambda request: with_policy(page(request.scope.get("root_path", "")))

    app.mount(ASSETS_PATH, assets, name="docs-assets")
    app.add_route("/docs", serve(swagger_ui), include_in_schema=False)
    app.add_route("/redoc", serve(redoc), include_in_schema=False)
