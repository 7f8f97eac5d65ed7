"""Where a request comes from."""

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

MAX_ADDRESS, MAX_USER_AGENT = 45, 255
IPV6_PREFIX = 64


@dataclass(frozen=True)
class Origin:
    """Who sent a request, as far as the network tells.

    Attributes:
        address: The client's address; with `HTTP__TRUSTED_PROXIES`, what the last of them saw.
        user_agent: What the client calls itself.
    """

    address: str = ""
    user_agent: str = ""

    @property
    def network(self) -> str:
        """What one client controls: an IPv4 address, or a /64 of IPv6 (RFC 6177)."""
        try:
            address = ip_address(self.address.partition("%")[0])
        except ValueError:
            return self.address
        if isinstance(address, IPv6Address):
            if address.ipv4_mapped:
                return str(address.ipv4_mapped)
            return str(ip_network((address, IPV6_PREFIX), strict=False))
        return str(address)


def describe_origin(address: str, user_agent: str) -> Origin:
    """Make what a client sends harmless and short enough to be kept."""
    printable = "".join(char for char in user_agent if char.isprintable())
    return Origin(address[:MAX_ADDRESS], printable[:MAX_USER_AGENT])
