"""The listening socket."""

import os
import socket

import pytest

from hone.core.listening import AddressRefused, PortTaken, listen


def test_a_free_port_is_chosen_and_answers() -> None:
    with listen("127.0.0.1", 0) as opened:
        port = opened.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            pass


def test_a_port_in_use_is_reported() -> None:
    with listen("127.0.0.1", 0) as opened:
        port = opened.getsockname()[1]
        with pytest.raises(PortTaken, match=f"Port {port} on 127.0.0.1 is in use"):
            listen("127.0.0.1", port)


def test_a_port_just_left_can_be_taken_again() -> None:
    with listen("127.0.0.1", 0) as opened:
        port = opened.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            opened.setblocking(True)
            opened.accept()[0].close()
    listen("127.0.0.1", port).close()


def test_programs_do_not_inherit_it() -> None:
    with listen("127.0.0.1", 0) as opened:
        assert not os.get_inheritable(opened.fileno())


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_of_another_machine_is_refused(host: str) -> None:
    with pytest.raises(AddressRefused, match=host):
        listen(host, 0)


def test_ipv6_is_an_address_too() -> None:
    if not os.path.exists("/proc/net/if_inet6"):
        pytest.skip("no IPv6 here")
    with listen("::1", 0) as opened:
        assert opened.family == socket.AF_INET6
