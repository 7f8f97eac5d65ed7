"""Serves the interactive documentation, with its assets, from the application."""

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

import fastapi_offline
from fastapi import FastAPI, Request
from fastapi.openapi.docs import get_redoc_html, get_swagger_ui_html
from fastapi.staticfiles import StaticFiles
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

ASSETS = Path(fastapi_offline.__file__).parent / "static"
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


def html_page(page: HTMLResponse, *scripts: str) -> HTMLResponse:
    """Add scripts to a page, and allow exactly those in it, by their hashes."""
    tags = "".join(f"<script>{script}</script>" for script in scripts)
    html = bytes(page.body).decode().replace("</body>", f"{tags}</body>")
    found = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    digests = [hashlib.sha256(script.encode()).digest() for script in found]
    hashes = [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
    policy = POLICY.format(hashes=" ".join(hashes))
    return HTMLResponse(html, headers={"Content-Security-Policy": policy})


def register_docs(app: FastAPI) -> None:
    """Add `/docs` (Swagger UI) and `/redoc` (ReDoc), with the assets of a package.

    Swagger UI's page also runs `app.state.docs_scripts`, which find it as `ui`.
    """

    def swagger_ui(request: Request) -> HTMLResponse:
        root = request.scope.get("root_path", "")
        page = get_swagger_ui_html(
            openapi_url=f"{root}{app.openapi_url}",
            title=app.title,
            swagger_js_url=f"{root}{ASSETS_PATH}/swagger-ui-bundle.js",
            swagger_css_url=f"{root}{ASSETS_PATH}/swagger-ui.css",
            swagger_favicon_url=f"{root}{ASSETS_PATH}/favicon.png",
        )
        return html_page(page, *getattr(app.state, "docs_scripts", ()))

    def redoc(request: Request) -> HTMLResponse:
        root = request.scope.get("root_path", "")
        page = get_redoc_html(
            openapi_url=f"{root}{app.openapi_url}",
            title=app.title,
            redoc_js_url=f"{root}{ASSETS_PATH}/redoc.standalone.js",
            redoc_favicon_url=f"{root}{ASSETS_PATH}/favicon.png",
            with_google_fonts=False,
        )
        return html_page(page)

    app.mount(ASSETS_PATH, DocsStaticFiles(directory=ASSETS), name="docs-assets")
    app.add_route("/docs", swagger_ui, include_in_schema=False)
    app.add_route("/redoc", redoc, include_in_schema=False)
