"""Where a request comes from: an address, and the network that counts as one client."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address
from typing import Any


def address_of(scope: Mapping[str, Any]) -> str:
    """The client of an ASGI scope. Behind a proxy that is trusted, whom the proxy names."""
    client: tuple[str, int] | None = scope.get("client")
    return client[0] if client else "unknown"


def network_of(address: str) -> str:
    """An address, or the network of one of IPv6: who has one of them has 2⁶⁴.

    >>> network_of("192.0.2.7"), network_of("2001:db8::1:2:3"), network_of("::ffff:192.0.2.7")
    ('192.0.2.7', '2001:db8::', '192.0.2.7')
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:100]
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    # A socket for both families shows IPv4 so.
    return str(parsed.ipv4_mapped or IPv6Address(int(parsed) >> 64 << 64))
