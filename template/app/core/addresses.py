"""Lists and addresses in settings, read in the forms in which people write them."""

import re
from ipaddress import ip_address, ip_network
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BeforeValidator
from pydantic_settings import NoDecode

QUOTES = "\"'"
HOST = re.compile(r"(?:https?://)?((?:\*\.)?[\w-]+(?:\.[\w-]+)*)\.?(?::\d{1,5})?/?")
ORIGIN = re.compile(
    r"([a-z][a-z0-9+.-]*)://([\w-]+(?:\.[\w-]+)*|\[[0-9a-f:.]+\])(?::(\d{1,5}))?/?"
)
LISTENER = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*", re.ASCII | re.IGNORECASE)
DEFAULT_PORTS = {"http": "80", "https": "443"}
SHORTEST_PREFIX = 7
"""Of a network whose addresses are believed: larger ones are nobody's own."""


def unquote(value: str) -> str:
    """Take away quotes around a value: not all that reads a `.env` does so."""
    is_quoted = len(value) > 1 and value[0] in QUOTES and value[-1] == value[0]
    return value[1:-1] if is_quoted else value


def split_list(value: Any) -> Any:
    """Turn `a, b` into its parts; a list as JSON, or in quotes, is read alike."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if text.startswith("[") and text[1:].lstrip()[:1] in ("]", *QUOTES):
        text = text[1:].removesuffix("]")
    parts = (part.strip().strip(QUOTES) for part in re.split("[,\n]", text))
    return [part for part in parts if part]


T = TypeVar("T")
Listed = Annotated[tuple[T, ...], NoDecode, BeforeValidator(split_list)]
"""Several values in one variable."""


def normalize_host(name: str) -> str:
    """Return a name as the `Host` header has it; `ValueError` if it is none."""
    if name == "*":
        return name
    match = HOST.fullmatch(name.lower())
    try:
        if match is None:
            address = ip_address(name.strip("[]"))
            return f"[{address}]" if ":" in name else str(address)
        return match[1].encode("idna").decode()
    except ValueError:
        message = f"must be names such as api.example.com or *.example.com, not {name}"
        raise ValueError(message) from None


def normalize_origin(origin: str) -> str:
    """Return an origin as browsers send it (RFC 6454, 6.2), or raise `ValueError`."""
    if origin == "null":
        raise ValueError("`null` is the origin of any sandboxed page; remove it")
    if origin == "*":
        return origin
    match = ORIGIN.fullmatch(origin.lower())
    if match is None:
        raise ValueError(f"must be whole, as https://app.example.com, not {origin}")
    scheme, host, port = match.groups()
    shown = f":{port}" if port and port != DEFAULT_PORTS.get(scheme) else ""
    return f"{scheme}://{host.encode('idna').decode()}{shown}"


def normalize_network(network: str) -> str:
    """Return an address or a network; `ValueError` if it is none, or has all addresses.

    Who is believed can choose its own address: so everybody could.
    """
    try:
        parsed = ip_network(network.strip("[]"), strict=False)
    except ValueError:
        message = f"must be addresses or networks, such as 10.0.0.0/8, not {network}"
        raise ValueError(message) from None
    if parsed.prefixlen < SHORTEST_PREFIX:
        raise ValueError(f"must not have all addresses, as {network} has")
    single = parsed.num_addresses == 1
    return str(parsed.network_address if single else parsed)


def normalize_listener(host: str) -> str:
    """Return the name or address of a machine; `ValueError` if it is none, or more."""
    try:
        return str(ip_address(host.strip("[]")))
    except ValueError:
        if not LISTENER.fullmatch(host):
            message = "must be a name or an address, without scheme and port"
            raise ValueError(message) from None
    return host


Hosts = Listed[Annotated[str, AfterValidator(normalize_host)]]
Origins = Listed[Annotated[str, AfterValidator(normalize_origin)]]
Networks = Listed[Annotated[str, AfterValidator(normalize_network)]]
Machine = Annotated[str, AfterValidator(normalize_listener)]
