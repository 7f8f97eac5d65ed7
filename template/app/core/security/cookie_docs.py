"""Completes the documentation with what every change needs in a session."""

from typing import Any

from fastapi import FastAPI

from app.core.openapi import problem_description
from app.core.security.methods import SAFE_METHODS
from app.core.security.session_cookies import CSRF_HEADER, SessionCookies

FORGED = problem_description(
    403, {"error_code": "csrf", "detail": "Pages of this origin may not do this."}
)

CSRF_SCRIPT = """
ui.getConfigs().requestInterceptor = (request) => {
  const csrf = document.cookie.match(/(?:^|; )(?:__Host-)?csrf=(\\w+)/);
  if (csrf) request.headers["X-CSRF-Token"] = csrf[1];
  return request;
};
"""
"""Lets the documentation send the token of whoever has logged in there."""


def document_cookies(app: FastAPI, cookies: SessionCookies) -> None:
    """Add that changes need the session's token, and are refused to pages of other origins."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        document = generate()
        schemes = document["components"]["securitySchemes"]
        schemes["session"]["name"] = cookies.session_name
        schemes["csrf"] = {"type": "apiKey", "in": "header", "name": CSRF_HEADER}
        for path in document["paths"].values():
            for method, operation in path.items():
                if method.upper() not in SAFE_METHODS:
                    operation["responses"].setdefault("403", FORGED)
                    for requirement in operation.get("security", ()):
                        requirement["csrf"] = []
        return document

    app.openapi = openapi  # type: ignore[method-assign]
