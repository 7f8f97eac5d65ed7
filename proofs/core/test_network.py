"""What one client controls of the network counts as one."""

import pytest

from app.core.http.client import network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
        ("", ""),
        ("unix:", "unix:"),
        ("198.51.100.1, 203.0.113.9", "198.51.100.1, 203.0.113.9"),
    ],
)
def test_an_address_belongs_to_the_network_of_one_client(
    address: str, network: str
) -> None:
    assert network_of(address) == network
