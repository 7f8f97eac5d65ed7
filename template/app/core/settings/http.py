"""Settings of the edge between the network and the API."""

from ipaddress import ip_network

from pydantic import Field, field_validator

from app.core.settings.types import CommaSeparated, Seconds, SettingsGroup


class HttpSettings(SettingsGroup):
    """What is accepted from the network.

    Attributes:
        allowed_hosts: Names that the `Host` header may have; `*.example.com` covers subdomains.
        trusted_proxies: Addresses or networks whose `X-Forwarded-*` headers are believed.
        https_redirect: Whether plain HTTP is redirected; for use behind a proxy that speaks HTTPS.
        hsts_max_age: Seconds for which browsers insist on HTTPS, in production; 0 sends no header.
        max_body_bytes: Size of the largest request body.
        body_timeout: Seconds in which a request body must arrive; a slower one is refused with 408.
        request_timeout: Seconds after which a request is given up with 503.
    """

    allowed_hosts: CommaSeparated = ("*",)
    trusted_proxies: CommaSeparated = ()
    https_redirect: bool = False
    hsts_max_age: int = Field(default=31_536_000, ge=0)
    max_body_bytes: int = Field(default=1_048_576, gt=0)
    body_timeout: Seconds = 20
    request_timeout: Seconds = 30

    @field_validator("allowed_hosts")
    @classmethod
    def _ignore_case(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(host.lower() for host in hosts)

    @field_validator("trusted_proxies")
    @classmethod
    def _refuse_what_is_no_address(cls, proxies: tuple[str, ...]) -> tuple[str, ...]:
        """Who is believed can choose its own address: `*` would let everybody do so."""
        try:
            for proxy in proxies:
                ip_network(proxy)
        except ValueError:
            raise ValueError("must be addresses or networks, such as 10.0.0.0/8") from None
        return proxies
