"""Where a request comes from."""

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

IPV6_PREFIX = 64
MAX_ADDRESS, MAX_USER_AGENT = 45, 255


@dataclass(frozen=True)
class ClientInfo:
    """Who sent a request, as far as the network tells.

    With `HTTP__TRUSTED_PROXIES`, the address is what the last of them saw.
    """

    address: str = ""
    user_agent: str = ""

    @property
    def network(self) -> str:
        """What one client controls of the network."""
        return network_of(self.address)


def client_info(address: str, user_agent: str) -> ClientInfo:
    """Make what a client sends harmless and short enough to be kept."""
    printable = "".join(char for char in user_agent if char.isprintable())
    return ClientInfo(address[:MAX_ADDRESS], printable[:MAX_USER_AGENT])


def network_of(address: str) -> str:
    """Return an address of IPv4 as it is, or the /64 of one of IPv6 (RFC 6177)."""
    # IPv6 can be written in many ways, IPv4 in one way only.
    return network_of_ipv6(address) if ":" in address else address


@lru_cache(maxsize=4096)
def network_of_ipv6(address: str) -> str:
    """Return it for what may be IPv6."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ip_network((parsed, IPV6_PREFIX), strict=False))
