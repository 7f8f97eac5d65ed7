"""Settings of the edge between the network and the API."""

from pydantic import BaseModel, Field

from app.core.settings.types import CommaSeparated, Seconds


class HttpSettings(BaseModel):
    """What is accepted from the network.

    Attributes:
        allowed_hosts: Names that the `Host` header may have; `*.example.com` covers subdomains.
        trusted_proxies: Addresses or networks whose `X-Forwarded-*` headers are believed.
        https_redirect: Whether plain HTTP is redirected; for use behind a proxy that speaks HTTPS.
        hsts_max_age: Seconds for which browsers insist on HTTPS, in production; 0 sends no header.
        max_body_bytes: Size of the largest request body.
        request_timeout: Seconds after which a request is given up with 503.
    """

    allowed_hosts: CommaSeparated = ("*",)
    trusted_proxies: CommaSeparated = ()
    https_redirect: bool = False
    hsts_max_age: int = Field(default=31_536_000, ge=0)
    max_body_bytes: int = Field(default=1_048_576, gt=0)
    request_timeout: Seconds = 30
