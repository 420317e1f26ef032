"""Whom a request comes from, behind any proxies and any lies."""

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.core.forwarding import Origin, origin, trusts

PROXY, INNER, CLIENT, LIE = "10.0.0.1", "10.0.0.2", "192.0.2.7", "198.51.100.9"
TRUSTED = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


def _forwarded_for(value: str, scheme: str = "") -> list[tuple[bytes, bytes]]:
    headers = [(b"x-forwarded-for", value.encode())]
    return [*headers, (b"x-forwarded-proto", scheme.encode())] if scheme else headers


@pytest.mark.parametrize(
    ("told", "found"),
    [
        (CLIENT, CLIENT),
        (f"{LIE}, {CLIENT}", CLIENT),
        (f"{LIE}, {CLIENT}, {INNER}", CLIENT),
        (f"{CLIENT}:4711", CLIENT),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        ("2001:db8::7", "2001:db8::7"),
        (f"{INNER}", INNER),
        (f"{LIE}, unknown", PROXY),
        ("", PROXY),
        (f"{LIE}, ", PROXY),
    ],
)
def test_the_first_hop_from_the_right_that_is_not_trusted_is_the_client(
    told: str, found: str
) -> None:
    assert origin(PROXY, _forwarded_for(told), TRUSTED).address == found


def test_several_headers_are_one_list() -> None:
    headers = _forwarded_for(LIE) + _forwarded_for(CLIENT)
    assert origin(PROXY, headers, TRUSTED).address == CLIENT


@pytest.mark.parametrize(
    ("addresses", "schemes", "found"),
    [
        (CLIENT, "https", "https"),
        (f"{CLIENT}, {INNER}", "https", "https"),
        (f"{CLIENT}, {INNER}", "https, http", "https"),
        (f"{LIE}, {CLIENT}", "https, http", "http"),
        (CLIENT, "gopher", None),
    ],
)
def test_the_scheme_is_the_one_of_the_clients_hop(
    addresses: str, schemes: str, found: str | None
) -> None:
    assert origin(PROXY, _forwarded_for(addresses, schemes), TRUSTED) == Origin(CLIENT, found)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (f"for={CLIENT};proto=https", Origin(CLIENT, "https")),
        (f"for={LIE}, for={CLIENT};proto=https;by=10.0.0.1", Origin(CLIENT, "https")),
        ('FOR="[2001:db8::7]:4711"; Proto=HTTP', Origin("2001:db8::7", "http")),
        ("for=unknown;proto=https", Origin(PROXY, "https")),
        ("for=_hidden", Origin(PROXY, None)),
        ("nonsense", Origin(PROXY, None)),
    ],
)
def test_the_standard_header_is_read_too(value: str, found: Origin) -> None:
    assert origin(PROXY, [(b"forwarded", value.encode())], TRUSTED) == found


def test_headers_that_contradict_each_other_are_not_believed() -> None:
    contradiction = [*_forwarded_for(CLIENT), (b"forwarded", f"for={LIE}".encode())]
    assert origin(PROXY, contradiction, TRUSTED).address == PROXY


@given(peer=st.ip_addresses(), value=st.binary(max_size=200), more=st.binary(max_size=200))
def test_nobody_is_believed_who_is_not_trusted_and_nothing_breaks(
    peer: object, value: bytes, more: bytes
) -> None:
    headers = [(b"x-forwarded-for", value), (b"x-forwarded-proto", more), (b"forwarded", more)]
    assert origin(str(peer), headers, ()) == Origin(str(peer), None)
    found = origin(PROXY, headers, TRUSTED)
    assert ip_address(found.address)
    assert found.scheme in {None, "http", "https"}


@given(hops=st.lists(st.ip_addresses().map(str), max_size=6))
def test_a_client_cannot_choose_who_it_is(hops: list[str]) -> None:
    lies = ", ".join([*hops, CLIENT])
    assert origin(PROXY, _forwarded_for(lies), TRUSTED).address == CLIENT


def test_a_mapped_address_is_the_one_inside() -> None:
    assert trusts(TRUSTED, "::ffff:10.1.2.3")
    assert not trusts(TRUSTED, "::ffff:192.0.2.7")
    assert not trusts(TRUSTED, "testclient")
