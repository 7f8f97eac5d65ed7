"""The cookies that hold a session, and what keeps other pages from using them."""

import hashlib
import hmac
import re
from collections.abc import Collection
from typing import Any, Literal
from uuid import UUID

import structlog
from fastapi import FastAPI
from starlette.requests import HTTPConnection
from starlette.responses import Response

from app.core.errors import AppError
from app.core.http.request import SAFE_METHODS
from app.core.openapi import extend_openapi, operations, problem_description
from app.core.security.opaque_tokens import derive_key, new_token

MAX_ORIGIN = 255
OUR_SITE = frozenset({"same-origin", "none"})

logger = structlog.get_logger()


class ForgedRequestError(AppError, status=403, code="csrf"):
    """The request can come from a page that has no right to make it."""


def check_origin(request: HTTPConnection, trusted: Collection[str]) -> None:
    """Refuse a change that a browser says comes from another origin.

    What is no browser says nothing, and has no cookies that others could make use of.
    Pages of trusted origins may make changes, and open WebSockets, which browsers let
    any page do.

    Raises:
        ForgedRequestError: If `Origin` (RFC 6454) or `Sec-Fetch-Site` (Fetch Metadata)
            says so.
    """
    scope = request.scope
    if scope["type"] == "http" and scope["method"] in SAFE_METHODS:
        return
    origin = request.headers.get("Origin")
    if origin in trusted:
        return
    is_ours = origin is None or origin.lower() in origins_of(request)
    if not is_ours or request.headers.get("Sec-Fetch-Site", "none") not in OUR_SITE:
        logger.warning("foreign_origin_refused", origin=(origin or "")[:MAX_ORIGIN])
        raise ForgedRequestError("Pages of this origin may not do this.")


def origins_of(request: HTTPConnection) -> tuple[str, str]:
    """Return the origins of our own pages; a proxy may have ended the TLS."""
    host = request.headers.get("Host", "").lower()
    return f"http://{host}", f"https://{host}"


CSRF_HEADER = "X-CSRF-Token"
SHAPE = re.compile(r"([\w-]{43}\.([0-9a-f]{32}))\.([0-9a-f]{64})", re.ASCII)


def session_id_of(secret: str) -> UUID:
    """Return the id of the session that a secret opens: 122 bits of its SHA-256 digest.

    The secret itself is stored nowhere, and so many bits are too many for finding
    another that fits. The rest makes it a UUID by RFC 9562: some databases take no
    others.
    """
    return UUID(bytes=hashlib.sha256(secret.encode()).digest()[:16], version=4)


def user_id_of(secret: str) -> UUID:
    """Return the user for whom a secret was made."""
    return UUID(hex=secret.split(".")[1])


class SessionCookies:
    """Writes and reads the cookies.

    Where they are for HTTPS alone, their names say so (`__Host-`, RFC 6265bis, section
    4.1.3.2): nobody else, neither a subdomain nor plain HTTP, can set them. Their path
    must be `/` then, so it is the names that keep APIs below prefixes of a host apart.
    """

    def __init__(
        self,
        key: str,
        *,
        is_secure: bool,
        same_site: Literal["strict", "lax"],
        max_age: int,
        root_path: str,
    ) -> None:
        self._key = derive_key(key, "csrf")
        self._signing_key = derive_key(key, "session cookie")
        self._is_secure = is_secure
        self._same_site = same_site
        self._max_age = max_age
        prefix, suffix = "__Host-" if is_secure else "", root_path.replace("/", "-")
        self.session_name = f"{prefix}session{suffix}"
        self.csrf_name = f"{prefix}csrf{suffix}"

    def mint(self, user_id: UUID) -> str:
        """Create the secret of a new session of a user."""
        signed = f"{new_token()}.{user_id.hex}"
        return f"{signed}.{self._sign(signed)}"

    def read(self, request: HTTPConnection) -> str | None:
        """Return the secret that a request shows, if it has one and it is ours."""
        secret = request.cookies.get(self.session_name, "")
        parts = SHAPE.fullmatch(secret)
        is_ours = parts is not None and hmac.compare_digest(
            self._sign(parts[1]), parts[3]
        )
        return secret if is_ours else None

    def _sign(self, text: str) -> str:
        return hmac.digest(self._signing_key, text.encode(), "sha256").hex()

    def csrf_token(self, secret: str) -> str:
        """Return the token that must come with every change in a session."""
        return hmac.digest(self._key, secret.encode(), "sha256").hex()

    def fits(self, secret: str, csrf_token: str) -> bool:
        """Return whether a token is that of the session."""
        return hmac.compare_digest(
            self.csrf_token(secret).encode(), csrf_token.encode()
        )

    def csrf_token_of(self, request: HTTPConnection) -> str:
        """Return the token of the session that a request is made in."""
        return self.csrf_token(self.read(request) or "")

    def write(self, response: Response, secret: str) -> str:
        """Make the browser keep a session; return its token against forgery."""
        csrf_token = self.csrf_token(secret)
        self._set(response, self.session_name, secret, httponly=True)
        self._set(response, self.csrf_name, csrf_token, httponly=False)
        return csrf_token

    def delete(self, response: Response) -> None:
        """Make the browser forget its session."""
        for name in (self.session_name, self.csrf_name):
            response.delete_cookie(
                name, secure=self._is_secure, samesite=self._same_site
            )

    def _set(
        self, response: Response, name: str, value: str, *, httponly: bool
    ) -> None:
        response.set_cookie(
            name,
            value,
            max_age=self._max_age,
            secure=self._is_secure,
            httponly=httponly,
            samesite=self._same_site,
        )


FORGED = problem_description(
    403, {"error_code": "csrf", "detail": "Pages of this origin may not do this."}
)

CSRF_SCRIPT = """
ui.getConfigs().requestInterceptor = (request) => {
  const csrf = document.cookie.split("; ").find((one) => one.startsWith("%s="));
  if (csrf) request.headers["X-CSRF-Token"] = csrf.split("=")[1];
  return request;
};
"""
"""Lets the documentation send the token, from a cookie, of who has logged in there."""


def document_cookies(app: FastAPI, cookies: SessionCookies) -> None:
    """Add that changes need the session's token, and a page of ours."""

    def add_csrf(document: dict[str, Any]) -> None:
        schemes = document["components"]["securitySchemes"]
        schemes["session"]["name"] = cookies.session_name
        schemes["csrf"] = {"type": "apiKey", "in": "header", "name": CSRF_HEADER}
        for _, method, operation in operations(document):
            if method.upper() not in SAFE_METHODS:
                operation["responses"].setdefault("403", FORGED)
                for requirement in operation.get("security", ()):
                    requirement["csrf"] = []

    extend_openapi(app, add_csrf)
