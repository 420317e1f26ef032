"""One careful look at a provider, step by step: for people who want to know why it does not answer.

It goes where a call would go: through the same guard over addresses, with the same certificates.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import cast
from urllib.parse import urlsplit

from hone.llm import addresses
from hone.llm.connection import Connection
from hone.llm.errors import ProviderError

BODY_LIMIT = 2 << 20
STEP_SECONDS = 5.0


class Step(StrEnum):
    """What has to work, in this order."""

    NAME = "name"
    CONNECTION = "connection"
    ENCRYPTION = "encryption"
    ANSWER = "answer"


class Fault(StrEnum):
    """Why a step did not work."""

    UNRESOLVABLE = "host_unknown"
    FORBIDDEN = "address_refused"
    REFUSED = "connection_refused"
    UNREACHABLE = "unreachable"
    SLOW = "timeout"
    CERTIFICATE = "certificate"
    NOT_TLS = "not_encrypted"
    CUT = "cut"
    TOO_LARGE = "too_large"


@dataclass(slots=True)
class Probed:
    """What was found."""

    took_ms: dict[Step, float] = field(default_factory=dict[Step, float])
    failed: Step | None = None
    fault: Fault | None = None
    detail: str = ""
    """In the words of the system; of a certificate only."""
    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list[tuple[bytes, bytes]])
    body: bytes = b""

    def header(self, name: bytes) -> bytes | None:
        """Return one header of the answer."""
        return next((value for key, value in self.headers if key == name), None)


class _Failed(Exception):
    def __init__(self, fault: Fault, detail: str = "") -> None:
        self.fault = fault
        self.detail = detail
        super().__init__(fault.value)


async def probe(
    url: str,
    headers: tuple[tuple[str, str], ...],
    networks: tuple[str, ...],
    tls: ssl.SSLContext | None = None,
    body: bytes | None = None,
) -> Probed:
    """Send a GET, or a POST of some JSON, and tell what happened; each step has five seconds."""
    parts = urlsplit(url)
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    found = Probed()
    try:
        async with _step(found, Step.NAME):
            candidates = await _resolve(host, port, networks)
        async with _step(found, Step.CONNECTION):
            transport, connection = await _connect(candidates, port)
        try:
            if secure:
                async with _step(found, Step.ENCRYPTION):
                    await _encrypt(transport, connection, host, tls)
            async with _step(found, Step.ANSWER):
                path = parts.path + (f"?{parts.query}" if parts.query else "")
                head = _head(path, parts.netloc, headers, body)
                await _ask(found, connection, head + (body or b""))
        finally:
            connection.abort()
    except _Failed as error:
        found.fault, found.detail = error.fault, error.detail
    return found


@asynccontextmanager
async def _step(found: Probed, step: Step) -> AsyncGenerator[None]:
    """Measure a step, and hold it to its time."""
    clock = asyncio.get_running_loop().time
    begun = clock()
    found.failed = step
    try:
        async with asyncio.timeout(STEP_SECONDS):
            yield
    except TimeoutError as error:
        raise _Failed(Fault.SLOW) from error
    finally:
        found.took_ms[step] = round((clock() - begun) * 1000, 1)
    found.failed = None


async def _resolve(host: str, port: int, networks: tuple[str, ...]) -> list[str]:
    try:
        infos = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise _Failed(Fault.UNRESOLVABLE) from error
    known = dict.fromkeys(str(info[4][0]) for info in infos)
    allowed = [each for each in known if addresses.permitted(each, networks)]
    if not allowed:
        raise _Failed(Fault.FORBIDDEN)
    return allowed


async def _connect(candidates: list[str], port: int) -> tuple[asyncio.Transport, Connection]:
    loop = asyncio.get_running_loop()
    fault = Fault.UNREACHABLE
    for candidate in candidates:
        try:
            return await loop.create_connection(Connection, candidate, port)
        except ConnectionRefusedError:
            fault = Fault.REFUSED
        except TimeoutError:
            raise
        except OSError:
            continue
    raise _Failed(fault)


async def _encrypt(
    transport: asyncio.Transport, connection: Connection, host: str, tls: ssl.SSLContext | None
) -> None:
    loop = asyncio.get_running_loop()
    context = tls or ssl.create_default_context()
    try:
        secured = await loop.start_tls(transport, connection, context, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        raise _Failed(Fault.CERTIFICATE, error.verify_message) from error
    except (ssl.SSLError, ConnectionError) as error:
        raise _Failed(Fault.NOT_TLS) from error
    connection.connection_made(cast("asyncio.BaseTransport", secured))


def _head(path: str, host: str, headers: tuple[tuple[str, str], ...], body: bytes | None) -> bytes:
    lines = [
        f"{'GET' if body is None else 'POST'} {path} HTTP/1.1",
        f"host: {host}",
        *(f"{name}: {value}" for name, value in headers),
        "accept: application/json",
        "accept-encoding: identity",
        "connection: close",
    ]
    if body is not None:
        lines += ("content-type: application/json", f"content-length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


async def _ask(found: Probed, connection: Connection, request: bytes) -> None:
    try:
        connection.start(request)
        await connection.head()
        found.status, found.headers = connection.status, list(connection.headers)
        parts: list[bytes] = []
        while (chunk := await connection.chunk()) is not None:
            parts.append(chunk)
            if sum(map(len, parts)) > BODY_LIMIT:
                raise _Failed(Fault.TOO_LARGE)
        found.body = b"".join(parts)
    except (ProviderError, ConnectionError) as error:
        raise _Failed(Fault.CUT) from error
