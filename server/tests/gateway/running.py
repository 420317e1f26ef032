"""A gateway that really runs: uvicorn in a thread, its spool and counters in a folder."""

import contextlib
import functools
import json
import os
import socket
import threading
import time
from collections.abc import Generator, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, cast
from uuid import UUID

import anthropic
import httpx
import openai
import uvicorn
import uvloop

from hone.core import crypto, ids
from hone.core.counters import Counters, render
from hone.core.guard import Guard
from hone.core.protocol import GuardedProtocol
from hone.core.settings import Server as Settings
from hone.gateway import (
    Content,
    ContentMode,
    Current,
    DataKey,
    Deadlines,
    Frame,
    Gateway,
    Idempotency,
    Limits,
    Opened,
    Organization,
    Policy,
    Principal,
    Route,
    Settled,
    Snapshot,
    Weighted,
    content_context,
    create_gateway_app,
    unpack_content,
)
from hone.gateway.spool import Damaged, Lanes, Spool
from hone.llm.transport import Transport
from hone.llm.types import Price, Profile, Target
from tests.core.facts import wait_for

KEY = "sk-test-0123456789"
LOOPBACK = ("127.0.0.0/8",)
DEADLINE_SECONDS = 10
PRICE = Price(ids.new(), input=2_500_000, output=10_000_000)
"""The simulator's default price."""

Answer = httpx.Response


def target(
    model: str,
    base_url: str,
    *,
    upstream: str | None = None,
    price: Price | None = PRICE,
    kind: str = "compatible",
    addresses: tuple[str, ...] = LOOPBACK,
    credential: str = "sk-upstream-secret",
    profile: Profile | None = None,
) -> Target:
    return Target(
        ids.new(),
        model,
        "sim",
        kind,
        upstream or model,
        base_url,
        credential,
        price,
        addresses,
        profile or Profile(),
    )


def route(
    name: str,
    *targets: Target,
    weights: Sequence[float] = (),
    fallbacks: Iterable[Target] = (),
    deadlines: Deadlines | None = None,
    policy: Policy = Policy.WEIGHTED,
    **more: Any,
) -> Route:
    shares = weights or [1.0] * len(targets)
    weighted = tuple(Weighted(each, share) for each, share in zip(targets, shares, strict=True))
    limits = deadlines or Deadlines()
    return Route(ids.new(), name, policy, weighted, tuple(fallbacks), limits, **more)


@dataclass
class House:
    """A running gateway, and what it was set up with."""

    directory: Path
    current: Current
    organization: Organization
    key: DataKey
    gateway: Gateway = field(init=False)
    url: str = ""
    http: httpx.Client = field(init=False)
    closing: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    @property
    def api(self) -> str:
        return f"{self.url}/v1"

    def ask(self, model: str = "sim-chat", text: str = "Hello", **more: Any) -> Answer:
        headers = {"authorization": f"Bearer {KEY}", **more.pop("headers", {})}
        body = {"model": model, "messages": [{"role": "user", "content": text}], **more}
        return self.http.post("/v1/chat/completions", json=body, headers=headers)

    def send(self, content: bytes, path: str = "/v1/chat/completions", **headers: str) -> Answer:
        given = {"authorization": f"Bearer {KEY}", **headers}
        return self.http.post(path, content=content, headers=given)

    @contextlib.contextmanager
    def streaming(
        self, model: str = "sim-chat", text: str = "Hello", **more: Any
    ) -> Generator[Answer]:
        headers = {"authorization": f"Bearer {KEY}", **more.pop("headers", {})}
        messages = [{"role": "user", "content": text}]
        body = {"model": model, "stream": True, "messages": messages, **more}
        with self.http.stream("POST", "/v1/chat/completions", json=body, headers=headers) as answer:
            yield answer

    def events(self, model: str = "sim-chat", text: str = "Hello", **more: Any) -> list[str]:
        with self.streaming(model, text, **more) as answer:
            assert answer.status_code == 200, answer.read()
            return [line[6:] for line in answer.iter_lines() if line.startswith("data: ")]

    def client(self, **options: Any) -> openai.OpenAI:
        client = openai.OpenAI(base_url=self.api, api_key=KEY, max_retries=0, **options)
        return self.closing.enter_context(client)

    def anthropic(self, key: str = KEY) -> Any:
        client = anthropic.Anthropic(api_key=key, base_url=self.url, max_retries=0)
        return self.closing.enter_context(client)

    def frames(self) -> list[Frame]:
        """Read what is on disk."""
        found: list[Frame] = []
        for lane in Lanes(self.directory / "spool").list():
            entries, _ = lane.read()
            for _, frame in entries:
                assert not isinstance(frame, Damaged)
                found.append(frame)
            lane.close()
        return found

    def settled(self) -> list[Settled]:
        return [frame for frame in self.frames() if isinstance(frame, Settled)]

    def opened(self) -> list[Opened]:
        return [frame for frame in self.frames() if isinstance(frame, Opened)]

    def one(self) -> Settled:
        """Return the only settled frame, as soon as there is one."""
        (frame,) = wait_for(self.settled)
        return frame

    def content(self, frame: Settled) -> Content:
        assert frame.content is not None
        assert frame.content_key == self.key.id.bytes
        context = content_context(self.organization.id, UUID(bytes=frame.id))
        return unpack_content(frame.content, self.key.secret, context)

    def metrics(self) -> dict[str, float]:
        lines = render(self.directory / "counters").splitlines()
        pairs = [line.rsplit(" ", 1) for line in lines if line and not line.startswith("#")]
        return {name: float(value) for name, value in pairs}


def codes(answer: Answer) -> tuple[int, str]:
    """Return status and error code, after checking the envelope."""
    error = answer.json()["error"]
    assert set(error) >= {"message", "type", "code", "param"}
    assert answer.headers["x-request-id"].startswith("op_")
    return answer.status_code, error["code"]


def organization(
    routes: Iterable[Route],
    content: ContentMode = ContentMode.FULL,
    principals: Mapping[str, Principal] | None = None,
    automatic: Route | None = None,
) -> tuple[Organization, DataKey]:
    organization_id = ids.new()
    month = ids.month(time.time_ns() // 1_000_000)
    key = DataKey(ids.new(), month, os.urandom(32))
    plain = Principal(ids.new(), organization_id, "test", frozenset({"ai:query"}))
    holders = {KEY: plain} | {
        token: replace(each, organization_id=organization_id)
        for token, each in (principals or {}).items()
    }
    part = Organization(
        organization_id,
        1,
        {crypto.digest(token): holder for token, holder in holders.items()},
        {each.name: each for each in routes},
        {month: key},
        content,
        automatic=automatic,
    )
    return part, key


@contextlib.contextmanager
def house(
    directory: Path,
    *routes: Route,
    content: ContentMode = ContentMode.FULL,
    principals: Mapping[str, Principal] | None = None,
    automatic: Route | None = None,
    limits: Limits | None = None,
    idempotency: Idempotency | None = None,
    fsync: Literal["off", "group"] = "off",
) -> Generator[House]:
    part, key = organization(routes, content, principals, automatic)
    made = House(directory, Current(Snapshot().with_part(part), ready=True), part, key)
    started: Future[int] = Future()
    server = _Server(started)

    async def work() -> None:
        transport = Transport()
        made.gateway = Gateway(
            made.current,
            Spool(directory / "spool", segment_bytes=1 << 20, fsync=fsync),
            transport,
            Counters(directory / "counters", "one"),
            limits or Limits(),
            idempotency,
        )
        server.install(create_gateway_app(made.gateway))
        with socket.create_server(("127.0.0.1", 0)) as listener:
            await server.serve([listener])
        await transport.close()
        made.gateway.spool.close()

    thread = threading.Thread(target=lambda: uvloop.run(work()))
    thread.start()
    port = started.result(DEADLINE_SECONDS)
    made.url = f"http://127.0.0.1:{port}"
    try:
        with (
            made.closing,
            httpx.Client(
                base_url=made.url, timeout=DEADLINE_SECONDS, trust_env=False, verify=False
            ) as http,
        ):
            made.http = http
            yield made
    finally:
        server.should_exit = True
        thread.join(DEADLINE_SECONDS)
        assert not thread.is_alive()


class _Server(uvicorn.Server):
    def __init__(self, started: Future[int]) -> None:
        super().__init__(uvicorn.Config("none", log_config=None))
        self._started = started

    def install(self, app: Any) -> None:
        self.config = uvicorn.Config(
            app,
            http=cast("Any", functools.partial(GuardedProtocol, guard=Guard(Settings()))),
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=3,
        )

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        assert sockets is not None
        self._started.set_result(sockets[0].getsockname()[1])


@contextlib.contextmanager
def leaving(url: str, body: Mapping[str, Any]) -> Generator[socket.socket]:
    """Send a chat request on a socket of one's own, to be closed at will."""
    host, port = url.removeprefix("http://").split(":")
    content = json.dumps(body).encode()
    head = (
        f"POST /v1/chat/completions HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {KEY}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(content)}\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=DEADLINE_SECONDS) as connection:
        connection.sendall(head.encode() + content)
        yield connection
