"""The server's application: the gateway beside the API, and what one process holds open."""

import asyncio
import contextlib
import json
import logging
import signal
import socket
import threading
import time
from collections.abc import AsyncGenerator, Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import hone
import hone.audit.routes
import hone.batches.routes
import hone.datasets.routes
import hone.experiments.routes
import hone.feedback.routes
import hone.health.routes
import hone.identity.routes
import hone.improvement.routes
import hone.limits.routes
import hone.monitoring.routes
import hone.operations.costs.routes
import hone.operations.routes
import hone.privacy.routes
import hone.registry.routes
import hone.releases.routes
import hone.replay.routes
import hone.routing.routes
import hone.serving.routes
import hone.training.routes
import hone.versions.routes
from hone import batches, feedback, identity, monitoring, training
from hone.core import asgi_server, collector, edge, http, keyring
from hone.core.blobs import Blobs
from hone.core.counters import Counters
from hone.core.db import Database
from hone.core.jobs import Jobs
from hone.core.pages import Pages
from hone.core.settings import Settings
from hone.gateway import (
    Current,
    Gateway,
    Limits,
    Quota,
    Spool,
    create_gateway_app,
    describe,
    run_shadows,
)
from hone.health import Beacon
from hone.llm.transport import Transport
from hone.serving import (
    Following,
    Health,
    Hub,
    Refresher,
    Shelf,
    Uses,
    availability,
    house_of,
)
from hone.serving.idempotency import Store
from hone.serving.leases import Leases
from hone.versions import Predictor

log = logging.getLogger(__name__)

_ROUTERS = (
    # What programs call most often comes first: a route is looked for in this order.
    hone.feedback.routes.router,
    hone.operations.routes.router,
    hone.serving.routes.router,
    hone.identity.routes.router,
    hone.health.routes.router,
    hone.replay.routes.router,
    hone.registry.routes.router,
    hone.limits.routes.router,
    hone.routing.routes.router,
    hone.training.routes.router,
    hone.improvement.routes.router,
    hone.versions.routes.router,
    hone.experiments.routes.router,
    hone.releases.routes.router,
    hone.operations.costs.routes.router,
    hone.audit.routes.router,
    hone.privacy.routes.router,
    hone.batches.routes.router,
    hone.datasets.routes.router,
    hone.monitoring.routes.router,
)
PATIENCE = 4.0
"""Seconds that a request waits for one answer of the database; a search gives up after 3."""
_LAST_WORD = 1.0
_FIRST_LOOK = 5.0
"""Seconds that a new process waits for the database before it takes requests without one."""
_LOOK_AGAIN = 0.2
"""Seconds that a server which ends takes to give quota back and write down what keys were used."""
_KEPT_HERE = ("/v1/files/", "/v1/batches/", "/v1/feedback/", "/v1/fine_tuning/jobs/")
"""What of `/v1` needs the database; what is not ours of it goes on to the gateway."""
_RESERVED = ("/api/", "/ai/", "/v1/", "/ws/")
"""Below these there are no pages of the dashboard."""


class _Api(FastAPI):
    """The API; its document also tells of the gateway, which stands beside it."""

    def setup(self) -> None:
        """Serve the document alone: `/docs` is a page of ours, the framework's loads from other hosts."""
        self._writing = threading.Lock()
        self._written = b""
        self.add_route("/openapi.json", self._tell, include_in_schema=False)

    def _tell(self, _: Request) -> Response:
        """Answer with the document; it takes seconds to write, so in a thread, as what is not `async`."""
        with self._writing:
            if not self._written:
                text = json.dumps(self.openapi(), ensure_ascii=False, separators=(",", ":"))
                self._written = text.encode()
        return Response(self._written, media_type="application/json")

    def openapi(self) -> dict[str, Any]:
        """Return the document, built once."""
        if self.openapi_schema is None:
            # What all routes have in common in it, they have from the application that includes them.
            told = FastAPI(
                title=self.title,
                version=self.version,
                responses=http.ERRORS,
                generate_unique_id_function=lambda route: route.name,
            )
            for each in _ROUTERS:
                told.include_router(each)
            self.openapi_schema = told.openapi()
            describe(self.openapi_schema)
        return self.openapi_schema


def create_api() -> FastAPI:
    """Build the API without what it runs on: its routes, its errors, its OpenAPI document."""
    api = _Api(title="Hone", version=hone.__version__)
    http.install(api)
    http.add_routers(api, *_ROUTERS)
    return api


_prepared: list[FastAPI] = []


def prepare() -> None:
    """Build the API of servers that are forked later: they share the memory of it, and answer at once."""
    api = create_api()
    asyncio.run(_ask_nowhere(api))
    _prepared[:] = [api]


async def _ask_nowhere(api: FastAPI) -> None:
    """Make a call that leads nowhere: the framework makes most of what it needs at the first one."""

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        del message

    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/api/nowhere",
        "raw_path": b"/api/nowhere",
        "root_path": "",
        "query_string": b"",
        "headers": [],
    }
    await api(scope, receive, send)


class Server:
    """One process: `/v1` goes to the gateway, the rest to the API and the dashboard."""

    def __init__(self, settings: Settings, slot: int, *, console: bool = False) -> None:
        self._settings = settings
        self._console = console
        self._metrics = settings.data_dir / "metrics"
        self._api = _prepared.pop() if _prepared else create_api()
        self._api.router.lifespan_context = self._lifespan
        # Not mounted, or it would answer where only the method is wrong.
        self._api.router.default = Pages(_dashboard(), _RESERVED)
        self._pages_and_api = edge.known_hosts(self._api, settings.server)
        self._current = Current()
        self._counters = Counters(self._metrics, f"server-{slot}")
        self._gateway: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        path = f"{scope['path']}/" if scope["type"] == "http" else ""
        if path.startswith(_KEPT_HERE):
            await self._api(scope, receive, send)
        elif path.startswith("/v1/"):
            assert self._gateway is not None
            await self._gateway(scope, receive, send)
        else:
            await self._pages_and_api(scope, receive, send)

    @contextlib.asynccontextmanager
    async def _lifespan(self, api: FastAPI) -> AsyncGenerator[None]:
        settings = self._settings
        ring = keyring.load(settings)
        database = Database.connect(
            settings.app_url, pool_size=settings.database.pool_size, patience=PATIENCE
        )
        blobs = Blobs.open(settings)
        refresher = Refresher(database, ring, self._current, Shelf(blobs), house_of(settings, ring))
        store = Store(database, ring)
        quota = Quota()
        reach = settings.security.private_upstreams
        async with (
            contextlib.aclosing(database),
            contextlib.aclosing(identity.Directory(private=reach)) as openid,
            self._open_gateway(store, quota) as gateway,
            asyncio.TaskGroup() as group,
        ):
            self._gateway = api.state.gateway = create_gateway_app(gateway)
            known = partial(availability.of_models, self._current, database)
            hub, uses = Hub(database, group, known), Uses(database, self._current)
            refresher.on_operations = hub.notify
            api.state.settings = settings
            api.state.keyring = ring
            api.state.database = database
            api.state.blobs = blobs
            api.state.current = self._current
            api.state.desk = self._desk(database, ring)
            api.state.openid = openid
            api.state.hub = hub
            following = _follow(api, settings, database, group)
            api.state.files = batches.Place(
                database, ring, Blobs.open(settings), settings.server.max_upload_bytes
            )
            api.state.predictor = Predictor(refresher.house, gateway.transport)
            api.state.health = Health(
                database,
                self._current,
                refresher,
                gateway.spool.recheck,
                self._metrics,
                api.state.predictor,
                group,
            )
            await _first_look(refresher)
            leases = Leases(database.url, gateway.spool, quota)
            beacon = Beacon(database, gateway.breakers)
            vital = (refresher.run(), uses.run(), leases.run(), beacon.run(), run_shadows(gateway))
            tasks = [group.create_task(_vital(each)) for each in vital]
            collector.relax()
            yield
            for task in tasks:
                task.cancel()
            hub.close()
            following.close()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LAST_WORD):
                    await leases.give_back()
                    await uses.write()
                    await beacon.leave()

    def _desk(self, database: Database, ring: keyring.Keyring) -> identity.Desk:
        """Prepare signing in."""
        settings = self._settings
        by_mail = settings.mail.host is not None
        self._current.tokens = identity.tokens(ring)
        return identity.Desk(
            database,
            ring,
            self._current.tokens,
            count=identity.sign_in_counter(self._counters),
            public_url=settings.public_url,
            way="email" if by_mail else "console" if self._console else "administrator",
            jobs=Jobs.create(database) if by_mail else None,
        )

    @contextlib.asynccontextmanager
    async def _open_gateway(self, store: Store, quota: Quota) -> AsyncGenerator[Gateway]:
        """Open this process's lane of the spool and its way out; close both at the end."""
        settings = self._settings
        limits = Limits(
            settings.server.max_body_bytes,
            settings.server.max_concurrency,
            settings.server.max_inflight_bytes,
        )
        opened = Spool(
            settings.data_dir / "spool",
            segment_bytes=settings.spool.segment_bytes,
            fsync=settings.spool.fsync,
        )
        transport = Transport()
        try:
            yield Gateway(
                self._current, opened, transport, self._counters, limits, store.port(), quota
            )
        finally:
            await transport.close()
            opened.close()


def _follow(
    api: FastAPI, settings: Settings, database: Database, group: asyncio.TaskGroup
) -> Following:
    """Prepare what routes need to keep feedback, to train, to watch it, and to monitor."""
    state = api.state
    state.recorder = feedback.Recorder(database)
    state.monitoring = monitoring.Place(settings, state.keyring, state.blobs)
    state.training = training.Place.open(settings, state.keyring, state.blobs)
    state.following = Following(database, state.training, group)
    return state.following


async def _vital(work: Coroutine[None, None, None]) -> None:
    """End the server in order when this fails, for it cannot do without; it is then started anew."""
    try:
        await work
    except Exception:
        log.exception("this server process cannot go on")
        signal.raise_signal(signal.SIGTERM)


async def _first_look(refresher: Refresher) -> None:
    """Learn the keys and routes before the first request, if the database is there.

    A process that came later than others leaves calls to them for a while; who knows no keys refuses.
    """
    until = time.monotonic() + _FIRST_LOOK
    while True:
        try:
            return await refresher.catch_up()
        except (SQLAlchemyError, psycopg.Error, OSError) as error:
            if time.monotonic() > until:
                log.warning("starting without a database: %s", error)
                return None
            await asyncio.sleep(_LOOK_AGAIN)


def _dashboard() -> Path | None:
    """Find the built dashboard: in the package when installed, in `web/dist` in a checkout."""
    package = Path(hone.__file__).parent
    for folder in (package / "_web", package.parents[2] / "web" / "dist"):
        if (folder / "index.html").is_file():
            return folder
    return None


def serve_app(
    settings: Settings,
    opened: socket.socket,
    slot: int,
    beat: Callable[[], None],
    ready: Callable[[], None],
    *,
    console: bool = False,
) -> int:
    """Run one server process on an inherited socket and return its exit code.

    With `console`, whoever started it reads its console, and nobody else.
    """
    app = edge.stand_before(Server(settings, slot, console=console), settings.server)
    return asgi_server.serve(app, opened, settings, on_ready=ready, beat=beat)
