"""Which addresses a provider may have: the public internet, and what is allowed by name.

The second lock against server-side request forgery: the first looks at the URL when it is
configured, this one at the address that is about to be connected to.
"""

from collections.abc import Iterator
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_NAT64 = ip_network("64:ff9b::/96")
# Azure's host agent has a public address: Microsoft Learn, "What is IP address 168.63.129.16?".
_METADATA = frozenset({ip_address("168.63.129.16")})


@lru_cache(maxsize=4096)
def permitted(address: str, networks: tuple[str, ...] = ()) -> bool:
    """Tell whether a connection to this address may be made.

    Private, loopback, link-local, shared, reserved, multicast and metadata addresses must lie in
    one of `networks` (CIDR), and so must an IPv4 address that is wrapped in an IPv6 one.
    """
    try:
        given = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(_public(inner) or _listed(inner, networks) for inner in _unwrapped(given))


def _public(address: IPv4Address | IPv6Address) -> bool:
    # Python calls the old site-local networks (RFC 3879) global.
    local = isinstance(address, IPv6Address) and address.is_site_local
    return address.is_global and not (local or address.is_multicast or address in _METADATA)


def _listed(address: IPv4Address | IPv6Address, networks: tuple[str, ...]) -> bool:
    return any(address in ip_network(network, strict=False) for network in networks)


def _unwrapped(address: IPv4Address | IPv6Address) -> Iterator[IPv4Address | IPv6Address]:
    if isinstance(address, IPv4Address):
        yield address
    elif address.ipv4_mapped is not None:
        yield address.ipv4_mapped
    elif address in _NAT64:
        yield IPv4Address(int(address) & 0xFFFFFFFF)
    else:
        yield address
        if address.sixtofour is not None:
            yield address.sixtofour
        if address.teredo is not None:
            yield from address.teredo
