"""Who a request comes from when it came through proxies, as far as they may be believed.

What a proxy says of a request counts only if the operator trusts its address, and then it is read
from the right: each trusted hop tells the one before it, and the first that is not trusted is the
client, whatever it claims of others (RFC 7239, section 8.1; MDN, "X-Forwarded-For").
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import NamedTuple

Network = IPv4Network | IPv6Network
Headers = Iterable[tuple[bytes, bytes]]

_PAIR = re.compile(r'\s*(?P<name>for|proto)\s*=\s*(?P<value>"[^"]*"|[^\s;,"]*)\s*', re.IGNORECASE)
_SCHEMES = frozenset({"http", "https"})


class Origin(NamedTuple):
    """Where a request began."""

    address: str
    scheme: str | None
    """How the client spoke; None where nobody said so."""


class _Hop(NamedTuple):
    address: str | None
    scheme: str | None


@lru_cache(maxsize=4096)
def trusts(networks: tuple[Network, ...], address: str) -> bool:
    """Tell whether an address is one of the trusted ones."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return any(found in network for network in networks)


def origin(peer: str, headers: Headers, networks: tuple[Network, ...]) -> Origin:
    """Find the client behind the trusted proxies; the peer itself where none is trusted.

    Two headers that name different clients are two proxies' word against each other, or one
    client's lie: then neither is believed.
    """
    if not trusts(networks, peer):
        return Origin(peer, None)
    plain, standard = _read(headers)
    told = [_walk(peer, hops, networks) for hops in (plain, standard) if hops]
    if not told or len({each.address for each in told}) > 1:
        return Origin(peer, None)
    return told[0]


def _walk(peer: str, hops: Sequence[_Hop], networks: tuple[Network, ...]) -> Origin:
    found, scheme = peer, None
    for hop in reversed(hops):
        scheme = hop.scheme or scheme
        if hop.address is None:
            break
        found = hop.address
        if not trusts(networks, found):
            break
    return Origin(found, scheme)


def _read(headers: Headers) -> tuple[list[_Hop], list[_Hop]]:
    """Read `X-Forwarded-*` and `Forwarded`, the client's hop first."""
    addresses: list[str] = []
    schemes: list[str] = []
    standard: list[_Hop] = []
    for name, value in headers:
        if name == b"x-forwarded-for":
            addresses += _parts(value)
        elif name == b"x-forwarded-proto":
            schemes += _parts(value)
        elif name == b"forwarded":
            standard += [_element(each) for each in _parts(value)]
    known = [each.lower() if each.lower() in _SCHEMES else None for each in schemes]
    if len(known) != len(addresses):
        # The usual case: only the outermost proxy says it, or each one writes it anew.
        known = [known[-1] if known else None] * len(addresses)
    plain = [_Hop(_address(each), scheme) for each, scheme in zip(addresses, known, strict=True)]
    return plain, standard


def _parts(value: bytes) -> list[str]:
    return [each.strip() for each in value.decode("latin-1").split(",")]


def _element(text: str) -> _Hop:
    pairs = {
        found["name"].lower(): found["value"].strip('"')
        for found in (_PAIR.fullmatch(each) for each in text.split(";"))
        if found is not None
    }
    scheme = pairs.get("proto", "").lower()
    return _Hop(_address(pairs.get("for", "")), scheme if scheme in _SCHEMES else None)


def _address(text: str) -> str | None:
    """Read an address, with or without a port; hidden names ("unknown", "_proxy") are none."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ip_address(text))
    except ValueError:
        return None
