"""Connections to providers: kept, dropped, checked, encrypted, cancelled."""

import asyncio
import contextlib
import datetime
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hone.llm import transport as module
from hone.llm.errors import (
    AddressRefused,
    Cut,
    Malformed,
    ProviderError,
    Refused,
    Stalled,
    TimedOut,
    Unreachable,
)
from hone.llm.transport import Transport
from hone.llm.types import Call, Deadlines

LOOPBACK = ("127.0.0.0/8", "::1/128")
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Provider:
    """Counts connections and requests, and lets a test speak."""

    def __init__(self, talk: Talk | None = None) -> None:
        self.talk = talk
        self.connections = 0
        self.requests: list[bytes] = []
        self.asked = asyncio.Event()
        self.ended = asyncio.Event()
        self.port = 0
        self._handlers: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []

    def call(self, host: str = "127.0.0.1", scheme: str = "http", **more: str) -> Call:
        headers = tuple(more.items())
        return Call(f"{scheme}://{host}:{self.port}/v1/x?a=b", headers, b"{}", LOOPBACK)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.append(writer)
        handler = asyncio.current_task()
        assert handler is not None
        self._handlers.add(handler)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                self.requests.append(await reader.readuntil(b"\r\n\r\n"))
                self.asked.set()
                await reader.readexactly(2)
                if self.talk is not None:
                    await self.talk(reader, writer)
                else:
                    writer.write(OK)
        self.ended.set()
        writer.close()

    async def close(self) -> None:
        """Hang up on everybody, and wait until that is done."""
        for writer in self._writers:
            writer.transport.abort()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
        await asyncio.gather(*self._handlers)


@contextlib.asynccontextmanager
async def running(
    talk: Talk | None = None, tls: ssl.SSLContext | None = None
) -> AsyncGenerator[Provider]:
    provider = Provider(talk)
    server = await asyncio.start_server(provider.serve, "127.0.0.1", 0, ssl=tls)
    provider.port = server.sockets[0].getsockname()[1]
    try:
        yield provider
    finally:
        server.close()
        await provider.close()


@contextlib.asynccontextmanager
async def using(tls: ssl.SSLContext | None = None) -> AsyncGenerator[Transport]:
    transport = Transport(tls)
    try:
        yield transport
    finally:
        await transport.close()


async def fetch(transport: Transport, call: Call, deadlines: Deadlines | None = None) -> bytes:
    async with transport.request(call, deadlines or Deadlines(), "op_1") as upstream:
        await upstream.head()
        return await upstream.body(1 << 20)


async def test_a_connection_is_used_again() -> None:
    async with running() as provider, using() as transport:
        for _ in range(3):
            assert await fetch(transport, provider.call(authorization="Bearer k")) == b"ok"
        assert provider.connections == 1
    lines = provider.requests[0].decode().split("\r\n")
    assert lines[0] == "POST /v1/x?a=b HTTP/1.1"
    assert {"authorization: Bearer k", "accept-encoding: identity", "x-request-id: op_1"} < {*lines}
    assert f"host: 127.0.0.1:{provider.port}" in lines


async def test_networks_do_not_share_connections() -> None:
    async with running() as provider, using() as transport:
        await fetch(transport, provider.call())
        other = Call(provider.call().url, (), b"{}", ())
        with pytest.raises(AddressRefused):
            await fetch(transport, other)


async def test_an_interrupt_before_the_head_cancels_the_request() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.read() == b""

    class Left(Exception):
        pass

    async with running(silent) as provider, using() as transport:
        async with transport.request(provider.call(), Deadlines(), "op_1") as upstream:
            loop = asyncio.get_running_loop()
            loop.call_later(0.05, upstream.interrupt, Left())
            with pytest.raises(Left):
                await upstream.head()
        await asyncio.wait_for(provider.ended.wait(), 30)
        early = transport.request(provider.call(), Deadlines(), "op_1")
        early.interrupt(Left())
        with pytest.raises(Left):
            await early.head()
        early.close()


@pytest.mark.parametrize(
    ("deadlines", "first", "error"),
    [
        (Deadlines(total=0.1), 9.0, TimedOut),
        (Deadlines(), 0.1, TimedOut),
    ],
)
async def test_silence_has_an_end(
    deadlines: Deadlines, first: float, error: type[ProviderError]
) -> None:
    async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    async with running(silent) as provider, using() as transport:
        async with transport.request(provider.call(), deadlines, "op_1") as upstream:
            with pytest.raises(error):
                await upstream.head(first)
        await asyncio.wait_for(provider.ended.wait(), 30)


async def test_a_deadline_moves_with_each_chunk() -> None:
    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n")
        for _ in range(4):
            await asyncio.sleep(0.1)
            writer.write(b"x")

    async with (
        running(slow) as provider,
        using() as transport,
        transport.request(provider.call(), Deadlines(), "op_1") as upstream,
    ):
        await upstream.head(9.0)
        seen = 0
        with pytest.raises(Stalled):
            while True:
                upstream.within(0.4, Stalled)
                seen += len(await upstream.chunk() or b"")
        assert seen == 4


async def test_an_answer_that_ends_early_is_cut() -> None:
    async def cut(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nx")
        await writer.drain()
        writer.close()

    async with running(cut) as provider, using() as transport:
        with pytest.raises(Cut):
            await fetch(transport, provider.call())


async def test_a_connection_closed_while_idle_is_no_failure() -> None:
    async def once(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(OK)
        if len(provider.requests) % 2 == 0:
            writer.transport.abort()

    async with running(once) as provider, using() as transport:
        # The second answer is written and the connection dropped; a third request is sent anew.
        for _ in range(6):
            with contextlib.suppress(Cut, Unreachable):
                await fetch(transport, provider.call())

    async def dropping(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(provider.requests) == 2:
            writer.transport.abort()
        else:
            writer.write(OK)

    async with running(dropping) as provider, using() as transport:
        assert await fetch(transport, provider.call()) == b"ok"
        assert await fetch(transport, provider.call()) == b"ok"
        assert (provider.connections, len(provider.requests)) == (2, 3)


async def test_a_call_that_may_be_made_again_is_made_once_more() -> None:
    ends = [True, False, True, True]

    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if ends.pop(0):
            writer.transport.abort()
        else:
            writer.write(OK)

    def lost() -> ProviderError:
        return Stalled("It ended twice.")

    async with running(talk) as provider:
        again = replace(provider.call(), lost=lost)
        async with using() as transport:
            assert await fetch(transport, again) == b"ok"
        assert len(provider.requests) == 2
        async with using() as transport:
            with pytest.raises(Stalled):
                await fetch(transport, again)
        assert len(provider.requests) == 4


async def test_what_nobody_asked_for_drops_the_connection() -> None:
    async def chatty(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(OK + b"HTTP/1.1 200 OK\r\n")

    async with running(chatty) as provider, using() as transport:
        assert await fetch(transport, provider.call()) == b"ok"
        with contextlib.suppress(ProviderError):
            await fetch(transport, provider.call())
        assert provider.connections == 2


async def test_an_answer_that_is_too_large_is_refused() -> None:
    async def large(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 9000000\r\n\r\n")
        with contextlib.suppress(OSError):
            for _ in range(900):
                writer.write(b"x" * 10_000)
                await writer.drain()

    async with running(large) as provider, using() as transport:
        with pytest.raises(Malformed):
            await fetch(transport, provider.call())
        async with transport.request(provider.call(), Deadlines(), "op_1") as upstream:
            await upstream.head()
            await asyncio.sleep(0.1)
            assert len(await upstream.body(10_000_000)) == 9_000_000


async def test_idle_connections_are_dropped_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "IDLE_SECONDS", 0.1)
    async with running() as provider, using() as transport:
        await fetch(transport, provider.call())
        await asyncio.wait_for(provider.ended.wait(), 30)
        await fetch(transport, provider.call())
        assert provider.connections == 2


async def test_names_are_looked_up_once_in_a_while_and_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[str] = []
    loop = asyncio.get_running_loop()
    answers = {"mixed.test": ["10.0.0.1", "127.0.0.2", "127.0.0.1"], "inside.test": ["10.0.0.1"]}

    async def lookup(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        looked.append(host)
        if host not in answers:
            raise OSError
        return [(2, 1, 6, "", (address, port)) for address in answers[host]]

    monkeypatch.setattr(loop, "getaddrinfo", lookup)
    async with running() as provider, using() as transport:
        for _ in range(3):
            assert await fetch(transport, provider.call("mixed.test")) == b"ok"
        assert looked == ["mixed.test"]
        with pytest.raises(AddressRefused):
            await fetch(transport, provider.call("inside.test"))
        with pytest.raises(Unreachable):
            await fetch(transport, provider.call("unknown.test"))


async def test_a_provider_that_is_gone_is_looked_up_again() -> None:
    async with using() as transport:
        call = Call("http://127.0.0.1:1/v1", (), b"{}", LOOPBACK)
        for _ in range(2):
            with pytest.raises(Unreachable):
                await fetch(transport, call, Deadlines(connect=0.5))


@pytest.mark.parametrize("value", ["a\r\nx: y", "\u4e2d", "caf\u00e9"])
async def test_a_credential_that_is_no_header_is_refused(value: str) -> None:
    async with using() as transport:
        call = Call("http://127.0.0.1:1/v1", (("authorization", value),), b"{}", LOOPBACK)
        with pytest.raises((Refused, Unreachable)):
            await fetch(transport, call)


async def test_a_closed_transport_serves_nobody() -> None:
    async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    async with running(silent) as provider:
        transport = Transport()
        upstream = transport.request(provider.call(), Deadlines(), "op_1")
        async with asyncio.TaskGroup() as group:
            task = group.create_task(_failing(upstream))
            await provider.asked.wait()
            await transport.close()
        assert task.result()


async def _failing(upstream: module.Upstream) -> bool:
    async with upstream:
        with pytest.raises(Unreachable):
            await upstream.head()
    return True


async def test_certificates_are_checked_against_the_name(tmp_path: Path) -> None:
    server, client = certificates(tmp_path)
    async with running(tls=server) as provider:
        async with using(client) as transport:
            assert await fetch(transport, provider.call("localhost", "https")) == b"ok"
            with pytest.raises(Unreachable):
                await fetch(transport, provider.call("127.0.0.1", "https"))
        async with using() as transport:
            with pytest.raises(Unreachable):
                await fetch(transport, provider.call("localhost", "https"))


def certificates(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Make a certificate for `localhost`, and a client that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName("localhost"), x509.IPAddress(IPv4Address("10.9.9.9"))]
            ),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    chain = folder / "chain.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + secret)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(chain)
    return server, ssl.create_default_context(cafile=str(chain))
