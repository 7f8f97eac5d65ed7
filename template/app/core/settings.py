"""Settings of the core, a group per subject."""

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from app.core.addresses import Hosts, Machine, Networks, Origins

DEFAULT_PAGE_SIZE = 20
"""Entries on a page when the client does not say, if so many are allowed."""
PREFIX = re.compile(r"(?!/(?:api|docs|health|redoc)(?:/|$))(?:/[\w.~-]+)*", re.ASCII)


class SettingsGroup(BaseModel):
    """Settings of one feature; a misspelt name is an error, not ignored."""

    model_config = ConfigDict(extra="forbid")


Seconds = Annotated[float, Field(gt=0, le=3600)]


class HttpSettings(SettingsGroup):
    """What is accepted from the network.

    Attributes:
        allowed_hosts: Names in `Host`; `*.example.com` covers subdomains.
        trusted_proxies: Networks whose `X-Forwarded-*` headers are believed.
        https_redirect: Whether plain HTTP is redirected, behind a proxy that has HTTPS.
        max_body_bytes: The size of a request body, where a route says nothing else.
        body_timeout: Seconds in which a request body must arrive, else 408.
        request_timeout: Seconds after which a request is given up with 503.
    """

    allowed_hosts: Hosts = ("*",)
    trusted_proxies: Networks = ()
    https_redirect: bool = False
    max_body_bytes: int = Field(default=131_072, gt=0)
    body_timeout: Seconds = 20
    request_timeout: Seconds = 30


class CorsSettings(SettingsGroup):
    """Which web pages may call the API from a browser.

    Attributes:
        allow_origins: Such as `https://app.example.com`; without any, CORS is off.
        allow_credentials: Whether the browser may send cookies along.
    """

    allow_origins: Origins = ()
    allow_credentials: bool = False

    @field_validator("allow_credentials")
    @classmethod
    def _refuse_everyone(cls, allowed: bool, info: ValidationInfo) -> bool:
        """Any page could act for whoever looks at it otherwise (ASVS 5.0, 3.4.2)."""
        if allowed and "*" in info.data.get("allow_origins", ()):
            raise ValueError("must be off where `*` is among the origins; name them")
        return allowed


class ServerSettings(SettingsGroup):
    """Where and how `python -m app serve` listens.

    Attributes:
        root_path: The prefix that a proxy serves the API below, if it has one.
        keep_alive: Seconds for which an idle connection stays open.
        graceful_timeout: Seconds that requests have to finish at shutdown.
    """

    host: Machine = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    workers: int = Field(default=1, ge=1)
    root_path: str = ""
    keep_alive: Seconds = 5
    graceful_timeout: Seconds = 30

    @field_validator("root_path")
    @classmethod
    def _normalize_prefix(cls, path: str) -> str:
        """Refuse what begins routes: whether it was taken away could not be told."""
        path = f"/{path.strip('/')}".rstrip("/")
        if not PREFIX.fullmatch(path):
            raise ValueError("must be a path such as /shop, and none of the API's own")
        return path


class ApiSettings(SettingsGroup):
    """What the API shows, and what it demands of its clients.

    Attributes:
        docs: Whether `/docs` and the like are served; if unset, not in production.
        max_page_size: The most entries that a client can ask for on a page.
        require_if_match: Whether changes without `If-Match` are refused with 428.
    """

    docs: bool | None = None
    max_page_size: int = Field(default=100, ge=1, le=1000)
    require_if_match: bool = False
