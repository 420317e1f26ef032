"""Which addresses a provider may be given: the first lock against server-side request forgery.

A base URL is read strictly and written back in one form, so that no other reader can see another
host in it. Its host is resolved, and every address must be on the public internet or be allowed.
What is allowed beyond it is recorded with the provider; the second lock, `hone.llm.addresses`,
holds each connection to that record, so a name that changes its address later gets nowhere.
"""

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from hone.llm.addresses import permitted
from hone.registry.errors import AddressRefused, BaseUrlInvalid, HostUnknown, NetworkRefused

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolve = Callable[["BaseUrl"], Awaitable[Sequence[str]]]

# Loopback (RFC 1122, RFC 4291), private (RFC 1918, RFC 4193) and shared space (RFC 6598).
_LOCAL = tuple(
    ip_network(each)
    for each in (
        *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"),
        *("::1/128", "fc00::/7"),
    )
)
# Where clouds keep a machine's credentials, inside the space above: Alibaba, AWS, Google.
_METADATA = tuple(
    ip_network(each) for each in ("100.100.100.200/32", "fd00:ec2::254/128", "fd20:ce::254/128")
)
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>(?:/[a-z0-9._~!$&'()*+,;=:@%-]*)*)",
    re.ASCII | re.IGNORECASE,
)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_RESOLVE_TIMEOUT = 5.0


class Reach(Enum):
    """How far from the public internet an address may be."""

    PUBLIC = "public"
    PRIVATE = "private"
    """Also loopback and private addresses, as they are found."""
    TRUSTED = "trusted"
    """The command line: as PRIVATE, and any network that is listed by name."""


@dataclass(frozen=True, slots=True)
class BaseUrl:
    """A base URL, taken apart."""

    scheme: str
    host: str
    """In lower case; an address in its usual form, without brackets."""
    port: int | None
    path: str

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port is None else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"

    @property
    def origin(self) -> tuple[str, str, int]:
        """Return what a credential is given to."""
        return self.scheme, self.host, self.port or (443 if self.scheme == "https" else 80)

    @property
    def literal(self) -> Address | None:
        """Return the address, when the host is one."""
        try:
            return ip_address(self.host)
        except ValueError:
            return None


def parse(text: str) -> BaseUrl:
    """Read a base URL: no credentials, query, fragment or unusual character."""
    found = _URL.fullmatch(text)
    if found is None or len(text) > 2048:
        raise BaseUrlInvalid(param="baseUrl")
    path = found["path"].rstrip("/")
    port = None if found["port"] is None else int(found["port"])
    if port is not None and not 0 < port < 65536:
        raise BaseUrlInvalid("The port of a base URL is between 1 and 65535.", param="baseUrl")
    if {".", ".."} & set(path.split("/")):
        raise BaseUrlInvalid("The path of a base URL has no dot segments.", param="baseUrl")
    return BaseUrl(found["scheme"].lower(), _host(found["host"].lower()), port, path)


def _host(raw: str) -> str:
    """Write a host in its usual form; a number in any notation is an IPv4 address (WHATWG URL)."""
    try:
        if raw.startswith("["):
            return str(IPv6Address(raw[1:-1]))
        name = raw.removesuffix(".")
        if _NUMBER.fullmatch(name.rpartition(".")[2]):
            return str(IPv4Address(socket.inet_aton(name)))
    except (ValueError, OSError) as error:
        raise BaseUrlInvalid("The host of this base URL is no address.", param="baseUrl") from error
    if len(name) > 253 or any(not 0 < len(label) < 64 for label in name.split(".")):
        raise BaseUrlInvalid("The host of this base URL is no host name.", param="baseUrl")
    return name


async def resolve(url: BaseUrl) -> Sequence[str]:
    """Ask the system for a host's addresses; none when there are none in time."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(_RESOLVE_TIMEOUT):
            found = await loop.getaddrinfo(url.host, url.origin[2], type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError):
        return []
    return [str(each[4][0]) for each in found]


async def guard(
    url: BaseUrl, listed: Sequence[str] | None, reach: Reach, resolver: Resolve = resolve
) -> tuple[str, ...]:
    """Return the networks beyond the public internet to record with an address, or refuse it.

    `listed` are those that a provider names; None: of such an address none can be named.
    """
    networks = admit(listed or (), reach)
    literal = url.literal
    found = await resolver(url) if literal is None else [str(literal)]
    if not found and not networks:
        hint = (
            "" if listed is None else "; if it is not there yet, name its network under `networks`"
        )
        raise HostUnknown(f"The host {url.host!r} cannot be resolved{hint}.", param="baseUrl")
    try:
        return decide(found, networks, reach)
    except AddressRefused as error:
        raise AddressRefused(
            f"The host {url.host!r} is not on the public internet; {_advice(listed, reach)}",
            param="baseUrl",
        ) from error


_ADVICE = {
    Reach.PUBLIC: "set HONE_SECURITY__PRIVATE_UPSTREAMS, or declare it with `hone apply`.",
    Reach.PRIVATE: "declare it with `hone apply`, and its network under `networks`.",
    Reach.TRUSTED: "name its network under `networks` if you mean it.",
}


def _advice(listed: Sequence[str] | None, reach: Reach) -> str:
    if listed is not None:
        return _ADVICE[reach]
    if reach is Reach.PUBLIC:
        return "HONE_SECURITY__PRIVATE_UPSTREAMS allows private networks."
    return "nor on a private network: what is local to a link, or tells of a machine, is not asked."


def decide(found: Iterable[str], networks: tuple[str, ...], reach: Reach) -> tuple[str, ...]:
    """Judge resolved addresses: add those that are local, refuse all others that are not public."""
    for each in found:
        given = ip_address(each.partition("%")[0])
        if permitted(each, networks) and not _site_local(given, networks):
            continue
        inner = given.ipv4_mapped if isinstance(given, IPv6Address) else None
        address = inner or given
        if reach is Reach.PUBLIC or not _local(address):
            raise AddressRefused
        networks = (*networks, f"{address}/{address.max_prefixlen}")
        if not permitted(each, networks):
            raise AddressRefused
    return tuple(sorted(set(networks)))


def admit(listed: Iterable[str], reach: Reach) -> tuple[str, ...]:
    """Read networks that were listed by name; all but the command line is held to local ones."""
    networks: set[str] = set()
    for each in listed:
        try:
            network = ip_network(each)
        except ValueError as error:
            message = f"{each!r} is not a network such as 10.0.0.0/8."
            raise NetworkRefused(message, param="networks") from error
        allowed = reach is Reach.TRUSTED or (reach is Reach.PRIVATE and _local_network(network))
        if not allowed:
            raise NetworkRefused(
                f"The network {each} may not be allowed from here.", param="networks"
            )
        networks.add(str(network))
    return tuple(sorted(networks))


def _site_local(address: Address, networks: tuple[str, ...]) -> bool:
    """Tell an unlisted site-local address, which Python takes for global (RFC 3879)."""
    inside = isinstance(address, IPv6Address) and address.is_site_local
    return inside and not any(address in ip_network(each) for each in networks)


def _local(address: Address) -> bool:
    return any(address in network for network in _LOCAL) and not any(
        address in network for network in _METADATA
    )


def _local_network(network: Network) -> bool:
    inside = any(_within(network, each) for each in _LOCAL)
    return inside and not any(network.overlaps(each) for each in _METADATA)


def _within(inner: Network, outer: Network) -> bool:
    if isinstance(inner, IPv4Network):
        return isinstance(outer, IPv4Network) and inner.subnet_of(outer)
    return isinstance(outer, IPv6Network) and inner.subnet_of(outer)
