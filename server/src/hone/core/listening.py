"""The listening socket, opened once and shared by every server process."""

import errno
import socket

from hone.core.errors import Conflict, Invalid

_BACKLOG = 2048


class PortTaken(Conflict):
    """This port is in use."""

    code = "port_taken"


class AddressRefused(Invalid):
    """This address cannot be listened on."""

    code = "address_refused"


def listen(host: str, port: int) -> socket.socket:
    """Open the socket that the children inherit; a busy port is reported before anything starts.

    Forked children share it, so connections that wait in its backlog outlive any one of them.
    Programs do not: it is closed on exec. SO_REUSEPORT is left out, for with it a second instance
    would take part of the connections instead of failing.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror as error:
        raise AddressRefused(
            f"{host} is not an address of this machine: {error.strerror}"
        ) from error
    opened = socket.socket(family, kind, protocol)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(address)
        opened.listen(_BACKLOG)
        opened.setblocking(False)
    except OSError as error:
        opened.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(
                f"Port {port} on {host} is in use. Stop the program that holds it, or choose "
                "another port with --port."
            ) from error
        raise AddressRefused(f"Cannot listen on {host} port {port}: {error.strerror}") from error
    return opened
