"""The guard against server-side request forgery, as pure functions."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hone.llm.addresses import permitted
from hone.registry.addresses import BaseUrl, Reach, admit, decide, guard, parse, resolve
from hone.registry.errors import AddressRefused, BaseUrlInvalid, HostUnknown, NetworkRefused

METADATA = ["169.254.169.254", "100.100.100.200", "fd00:ec2::254", "fd20:ce::254", "168.63.129.16"]
NOWHERE = [
    *("0.0.0.0", "0.1.2.3", "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1"),
    *("169.254.1.1", "::", "fe80::1", "ff02::1", "2001:db8::1", "fec0::1", "2002:7f00:1::"),
    *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "::ffff:169.254.169.254"),
]
LOCAL = [
    *("127.0.0.1", "127.9.9.9", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "::1"),
    *("fd12::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
]
PUBLIC = ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8"]

addresses = st.one_of(st.ip_addresses(), st.sampled_from([ip_address(a) for a in LOCAL + METADATA]))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("https://api.example.com/v1/", "https://api.example.com/v1"),
        ("HTTPS://API.Example.COM./v1", "https://api.example.com/v1"),
        ("http://127.0.0.1:9001/v1", "http://127.0.0.1:9001/v1"),
        ("http://2130706433/v1", "http://127.0.0.1/v1"),
        ("http://0x7f.1/", "http://127.0.0.1"),
        ("http://0X7F000001", "http://127.0.0.1"),
        ("http://0177.0.0.1", "http://127.0.0.1"),
        ("http://127.1.", "http://127.0.0.1"),
        ("http://[::FFFF:127.0.0.1]:80", "http://[::ffff:7f00:1]:80"),
        ("http://[0:0::1]", "http://[::1]"),
        ("http://ollama_1:11434/v1", "http://ollama_1:11434/v1"),
        ("https://h/openai/deployments/a%20b", "https://h/openai/deployments/a%20b"),
    ],
)
def test_a_base_url_is_read_in_one_way(text: str, read: str) -> None:
    made = parse(text)
    assert str(made) == read
    assert parse(str(made)) == made


@pytest.mark.parametrize(
    "text",
    [
        "",
        "api.example.com",
        "ftp://h/v1",
        "file:///etc/passwd",
        "http://",
        "http:///v1",
        "http://user:secret@h/v1",
        "http://user@h/v1",
        "http://h@evil/v1",
        "http://h\\@evil/v1",
        "http://h/v1?x=1",
        "http://h/v1#part",
        "http://h/v 1",
        "http://h\n/v1",
        "http://h/v1\n",
        "http://h\x00/v1",
        "http://h:0/v1",
        "http://h:65536/v1",
        "http://h:/v1",
        "http://h:80:80/v1",
        "http://h/../admin",
        "http://h/./v1",
        "http://①②⑦.⓪.⓪.①/v1",
        "http://localhost\uff0fv1",
        "http://exämple/v1",
        "http://[fe80::1%25eth0]/v1",
        "http://[::1/v1",
        "http://[not]/v1",
        "http://1.2.3.4.5/v1",
        "http://256.1.1.1/v1",
        "http://4294967296/v1",
        "http://a..b/v1",
        "http://.../v1",
        "http://" + "a" * 64 + ".example/v1",
        "http://" + "a." * 130 + "example/v1",
        "http://h/" + "a" * 2048,
    ],
)
def test_what_two_readers_could_read_in_two_ways_is_refused(text: str) -> None:
    with pytest.raises(BaseUrlInvalid):
        parse(text)


@given(st.text(max_size=40), st.sampled_from(["http://", "https://", "http://127.0.0.1", ""]))
def test_any_text_is_read_in_one_form_or_refused(text: str, start: str) -> None:
    try:
        made = parse(start + text)
    except BaseUrlInvalid:
        return
    assert parse(str(made)) == made


@given(st.ip_addresses(v=4), st.sampled_from(["{}", "0x{:x}", "0{:o}"]))
def test_an_ipv4_address_is_seen_in_every_notation(address: IPv4Address, notation: str) -> None:
    assume(int(address) > 0)
    made = parse(f"http://{notation.format(int(address))}/v1")
    assert made.literal == address


@pytest.mark.parametrize("address", PUBLIC)
@pytest.mark.parametrize("reach", Reach)
def test_the_public_internet_is_open_and_leaves_no_record(address: str, reach: Reach) -> None:
    assert decide([address], (), reach) == ()


@pytest.mark.parametrize("address", LOCAL + METADATA + NOWHERE)
def test_the_api_reaches_nothing_else(address: str) -> None:
    with pytest.raises(AddressRefused):
        decide([address], (), Reach.PUBLIC)


@pytest.mark.parametrize("reach", [Reach.PRIVATE, Reach.TRUSTED])
@pytest.mark.parametrize("address", LOCAL)
def test_local_addresses_are_recorded_one_by_one(address: str, reach: Reach) -> None:
    (network,) = decide([address, "8.8.8.8", address], (), reach)
    assert ip_network(network).num_addresses == 1
    assert permitted(address, (network,))


@pytest.mark.parametrize("reach", [Reach.PRIVATE, Reach.TRUSTED])
@pytest.mark.parametrize("address", METADATA + NOWHERE)
def test_metadata_and_link_local_addresses_are_never_taken_by_themselves(
    address: str, reach: Reach
) -> None:
    with pytest.raises(AddressRefused):
        decide(["8.8.8.8", address], (), reach)


@pytest.mark.parametrize("address", METADATA)
def test_the_command_line_may_name_any_network(address: str) -> None:
    networks = admit([address], Reach.TRUSTED)
    assert decide([address], networks, Reach.TRUSTED) == networks


@given(addresses, st.sampled_from(Reach))
def test_what_is_accepted_is_what_the_connection_will_permit(
    address: IPv4Address | IPv6Address, reach: Reach
) -> None:
    try:
        networks = decide([str(address)], (), reach)
    except AddressRefused:
        site_local = isinstance(address, IPv6Address) and address.is_site_local
        assert site_local or not permitted(str(address))
        return
    assert permitted(str(address), networks)
    if networks:
        assert reach is not Reach.PUBLIC
        assert not permitted("169.254.169.254", networks)


@pytest.mark.parametrize(
    "network",
    [
        *("0.0.0.0/0", "169.254.0.0/16", "100.64.0.0/10", "8.8.8.0/24", "10.0.0.0/7"),
        *("::/0", "fc00::/7", *METADATA),
    ],
)
def test_the_api_may_not_name_networks_that_are_not_local(network: str) -> None:
    with pytest.raises(NetworkRefused):
        admit([network], Reach.PRIVATE)


@pytest.mark.parametrize("network", ["nonsense", "10.0.0.1/8", "10.0.0.0/33", ""])
@pytest.mark.parametrize("reach", Reach)
def test_what_is_no_network_is_refused(network: str, reach: Reach) -> None:
    with pytest.raises(NetworkRefused):
        admit([network], reach)


def test_networks_are_named_only_where_private_addresses_are_allowed() -> None:
    assert admit(["10.0.0.0/8", "fd12::/16"], Reach.PRIVATE) == ("10.0.0.0/8", "fd12::/16")
    with pytest.raises(NetworkRefused):
        admit(["10.0.0.0/8"], Reach.PUBLIC)


def resolving(*found: str) -> "Resolver":
    return Resolver(found)


class Resolver:
    """A name service with one answer."""

    def __init__(self, found: Sequence[str]) -> None:
        self._found = found

    async def __call__(self, url: BaseUrl) -> Sequence[str]:
        return self._found


async def test_one_bad_address_among_good_ones_spoils_a_host() -> None:
    url = parse("https://models.example/v1")
    assert await guard(url, [], Reach.PUBLIC, resolving("8.8.8.8")) == ()
    with pytest.raises(AddressRefused) as refused:
        await guard(url, [], Reach.PUBLIC, resolving("8.8.8.8", "10.0.0.1"))
    assert "10.0.0.1" not in refused.value.message
    assert "models.example" in refused.value.message


async def test_a_host_without_an_address_needs_a_named_network() -> None:
    url = parse("http://later.internal/v1")
    with pytest.raises(HostUnknown):
        await guard(url, [], Reach.TRUSTED, resolving())
    assert await guard(url, ["10.1.0.0/16"], Reach.TRUSTED, resolving()) == ("10.1.0.0/16",)


async def test_the_system_resolves_localhost_and_nothing_invalid() -> None:
    assert {"127.0.0.1", "::1"} & set(await resolve(parse("http://localhost:80")))
    assert await resolve(parse("http://nothing.invalid")) == []


async def test_an_address_needs_no_name_service() -> None:
    assert await guard(parse("http://127.0.0.1:1"), [], Reach.TRUSTED) == ("127.0.0.1/32",)
    assert await guard(parse("http://[::1]:1"), [], Reach.TRUSTED) == ("::1/128",)
