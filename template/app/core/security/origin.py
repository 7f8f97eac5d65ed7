"""Where a request comes from."""

from dataclasses import dataclass

from app.core.network import network_of

MAX_ADDRESS, MAX_USER_AGENT = 45, 255


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
        """What one client controls of the network."""
        return network_of(self.address)


def describe_origin(address: str, user_agent: str) -> Origin:
    """Make what a client sends harmless and short enough to be kept."""
    printable = "".join(char for char in user_agent if char.isprintable())
    return Origin(address[:MAX_ADDRESS], printable[:MAX_USER_AGENT])
