"""Probes, metrics and the one WebSocket."""

import asyncio
import contextlib
from collections.abc import Callable
from functools import partial
from typing import Annotated, Literal, cast
from uuid import UUID

from fastapi import APIRouter, Depends, Response, WebSocket, WebSocketDisconnect
from fastapi.responses import JSONResponse
from pydantic import Field
from starlette.requests import HTTPConnection

from hone import training
from hone.core.counters import CONTENT_TYPE, render
from hone.core.db import Database
from hone.core.errors import AppError, BadRequest, Unauthorized
from hone.core.schemas import Schema
from hone.core.settings import Settings
from hone.gateway import CsrfFailed, Current
from hone.identity import (
    Actor,
    ActorDep,
    Permission,
    SessionDep,
    authenticate,
    bearer,
    visitor_of_socket,
)
from hone.serving.following import CHANNEL, Following
from hone.serving.health import UNAVAILABLE, Health
from hone.serving.live import ALERTS, CHANNELS, Hub, Subscriber
from hone.serving.predictor import PredictorRead, read
from hone.versions import Predictor

router = APIRouter(tags=["platform"])


class Check(Schema):
    """One thing that calls lean on."""

    status: Literal["ready", "degraded", "unavailable"]
    detail: str = Field(description="What works, or what does not and what that means.")


class Readiness(Schema):
    """The worst of all checks, and each of them."""

    status: Literal["ready", "degraded", "unavailable"]
    checks: dict[str, Check]


AUTHENTICATION_SECONDS = 10.0
_UNAUTHORIZED = 4401
_REFUSED = 4400


async def _health(connection: HTTPConnection) -> Health:
    return cast("Health", connection.app.state.health)


async def _current(connection: HTTPConnection) -> Current:
    return cast("Current", connection.app.state.current)


async def _predictor(connection: HTTPConnection) -> Predictor:
    return cast("Predictor", connection.app.state.predictor)


async def _settings(connection: HTTPConnection) -> Settings:
    return cast("Settings", connection.app.state.settings)


@router.get("/health", include_in_schema=False)
@router.get("/healthz")
async def alive() -> dict[str, str]:
    """Tell that the process answers."""
    return {"status": "alive"}


@router.get("/readyz", response_model=Readiness, responses={503: {"model": Readiness}})
async def ready(health: Annotated[Health, Depends(_health)]) -> JSONResponse:
    """Tell whether calls are served, and what is degraded."""
    status, checks = await health.check()
    code = 503 if status == UNAVAILABLE else 200
    return JSONResponse({"status": status, "checks": checks}, code)


@router.get("/api/ai/predictor", tags=["trained models"])
async def get_predictor(
    session: SessionDep, actor: ActorDep, predictor: Annotated[Predictor, Depends(_predictor)]
) -> PredictorRead:
    """Tell whether trained models are served, and which version of each is in memory."""
    return await read(session, actor, predictor)


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def metrics(
    actor: ActorDep,
    settings: Annotated[Settings, Depends(_settings)],
    current: Annotated[Current, Depends(_current)],
) -> Response:
    """Return this machine's metrics, and those of your models, in Prometheus' text format."""
    actor.require(Permission.SYSTEM_MONITOR)
    organization = current.snapshot.organizations.get(actor.organization_id)
    # A model's own name is a route too.
    models = frozenset[str]() if organization is None else frozenset(organization.routes)

    def tells(label: str, value: str) -> bool:
        return label != "model" or value in models

    text = render(settings.data_dir / "metrics", tells)
    return Response(text, media_type=CONTENT_TYPE)


class UnknownMessage(BadRequest):
    """Send {"type": "authenticate", "key": …} or {"type": "subscribe", "channel": …}."""

    code = "unknown_message"


class AuthenticationSlow(Unauthorized):
    """Send {"type": "authenticate", "key": …} first; nothing came in time."""


class _Talk:
    """One WebSocket: who it is, and what it listens to."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._current = cast("Current", socket.app.state.current)
        self._hub = cast("Hub", socket.app.state.hub)
        self._following = cast("Following", socket.app.state.following)
        self._actor: Callable[[], Actor] | None = None
        self._subscriber: Subscriber | None = None

    async def run(self) -> None:
        """Speak until one side ends it; tell why, if it is this one."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._converse(group))
        except* (WebSocketDisconnect, RuntimeError):
            # Gone, maybe while something was being sent.
            pass
        except* AppError as failed:
            await self._refuse(cast("AppError", failed.exceptions[0]))

    async def _converse(self, group: asyncio.TaskGroup) -> None:
        actor = await self._identify()
        try:
            while True:
                message = await self._message()
                channel = str(message.get("channel"))
                if message.get("type") != "subscribe":
                    raise UnknownMessage
                if channel not in CHANNELS and not channel.startswith(CHANNEL):
                    raise UnknownMessage
                actor.require(_needed(channel))
                run_id = await self._run(actor, channel)
                await self._socket.send_json({"type": "subscribed", "channel": channel})
                if self._subscriber is None:
                    self._subscriber = self._hub.join(actor.organization_id)
                    group.create_task(self._push(self._subscriber))
                if run_id is not None:
                    self._following.join(actor.organization_id, run_id, channel, self._subscriber)
                else:
                    await self._hub.subscribe(actor.organization_id, self._subscriber, channel)
        finally:
            if self._subscriber is not None:
                self._hub.leave(actor.organization_id, self._subscriber)
                self._following.leave(self._subscriber)

    async def _run(self, actor: Actor, channel: str) -> UUID | None:
        """Find the training run that a channel is of, in the actor's organization."""
        if not channel.startswith(CHANNEL):
            return None
        database = cast("Database", self._socket.app.state.database)
        async with database.transaction(actor.organization_id) as session:
            return await training.find(session, actor, channel.removeprefix(CHANNEL))

    async def _identify(self) -> Actor:
        self._actor = await _recognised(self._socket)
        if self._actor is None:
            try:
                async with asyncio.timeout(AUTHENTICATION_SECONDS):
                    message = await self._message()
            except TimeoutError as error:
                raise AuthenticationSlow from error
            if message.get("type") != "authenticate":
                raise Unauthorized
            self._actor = partial(authenticate, self._current, str(message.get("key") or ""))
        actor = self._actor()
        await self._socket.send_json({"type": "authenticated"})
        return actor

    async def _push(self, subscriber: Subscriber) -> None:
        while True:
            message = await subscriber.messages.get()
            # Whose key was revoked since, or session ended, or who may no longer read, hears
            # nothing more.
            assert self._actor is not None
            self._actor().require(_needed(str(message.get("type"))))
            await self._socket.send_json(message)

    async def _message(self) -> dict[str, object]:
        try:
            message = await self._socket.receive_json()
        except (ValueError, KeyError, RecursionError) as error:
            raise UnknownMessage from error
        if not isinstance(message, dict):
            raise UnknownMessage
        return cast("dict[str, object]", message)

    async def _refuse(self, error: AppError) -> None:
        code = (
            _UNAUTHORIZED
            if error.status in {401, 503} or isinstance(error, CsrfFailed)
            else _REFUSED
        )
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await self._socket.send_json({"type": "error", **error.body()})
            await self._socket.close(code)


def _needed(channel: str) -> Permission:
    """Say what whoever hears a channel must be allowed to see."""
    if channel == ALERTS:
        return Permission.MONITORS_READ
    of_training = channel.startswith(CHANNEL)
    return Permission.TRAINING_READ if of_training else Permission.OPERATIONS_READ


async def _recognised(socket: WebSocket) -> Callable[[], Actor] | None:
    """Return how to ask who opened a socket, as often as wanted; None for whoever has yet to say.

    A session outlives the access token that opened the socket, so it is the session that counts.
    """
    current = cast("Current", socket.app.state.current)
    token = bearer(socket)
    return partial(authenticate, current, token) if token else await visitor_of_socket(socket)


@router.websocket("/ws")
async def live(socket: WebSocket) -> None:
    """Push live figures to whoever subscribes."""
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        await socket.accept()
        await _Talk(socket).run()
