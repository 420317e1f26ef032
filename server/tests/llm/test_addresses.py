"""Where a provider may be."""

import pytest

from hone.llm.addresses import permitted


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.100.100.200",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "168.63.129.16", "::1", "::", "fe80::1",
        "fe80::1%eth0", "fd00:ec2::254", "ff02::1", "fec0::1", "::ffff:10.0.0.1", "64:ff9b::a00:1",
        "2002:a00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "not an address", "",
    ],
)  # fmt: skip
def test_what_is_not_on_the_public_internet_is_refused(address: str) -> None:
    assert not permitted(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_the_public_internet_is_allowed(address: str) -> None:
    assert permitted(address)


def test_networks_are_allowed_by_name() -> None:
    networks = ("10.0.0.0/8", "fd00::/8")
    assert permitted("10.1.2.3", networks)
    assert permitted("::ffff:10.1.2.3", networks)
    assert permitted("fd00::1", networks)
    assert not permitted("192.168.0.1", networks)
    assert not permitted("169.254.169.254", networks)
