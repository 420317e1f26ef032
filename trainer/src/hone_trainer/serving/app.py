"""The predictor's HTTP: labels, entities and chats of trained models, as plain ASGI."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qs

from hone.core import badge
from hone_trainer.artifact import Prediction
from hone_trainer.serving import answers, asks
from hone_trainer.serving.asks import Wrong
from hone_trainer.serving.batches import Full
from hone_trainer.serving.models import Loaded, Models, NotLive, NotLoaded

log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Answer = tuple[int, bytes, bytes]
"""Status, content type, body."""

_JSON: Final = b"application/json"
_EVENTS: Final = b"text/event-stream; charset=utf-8"
_LARGEST_BODY: Final = 32 << 20
_TASKS: Final[Mapping[str, tuple[str, str]]] = {
    "/v1/classify": ("intent", "It does not label texts"),
    "/v1/entities": ("entity", "It does not find entities"),
}
_SERVED: Final = "/v1/served"
_CALLS: Final = frozenset(
    {("GET", _SERVED), *(("POST", each) for each in (*_TASKS, "/v1/chat/completions"))}
)
_ELSEWHERE: Final = {"intent": "/v1/classify", "entity": "/v1/entities"}
_USUAL_LABELS: Final = 3
_STARTING: Final = 5.0
"""Seconds that a call waits for a predictor that is not told yet what is live."""


class Application:
    """Answers calls, and knows which models are live."""

    def __init__(self, begin: Callable[["Application"], Awaitable[None]]) -> None:
        self._begin = begin
        self._background: asyncio.Task[None] | None = None
        self.models: Models | None = None
        """None until it is first told what is live."""
        self._told = asyncio.Event()
        self.secrets: Sequence[bytes] = ()

    def serve(self, models: Models) -> None:
        """Answer calls with these from now on."""
        self.models = models
        self._told.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection's request, or begin and end."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self._background = asyncio.ensure_future(self._begin(self))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._background.cancel()
        await send({"type": "lifespan.shutdown.complete"})

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        retry: list[tuple[bytes, bytes]] = []
        try:
            status, kind, body = await self._answer(scope, headers, receive)
        except Wrong as wrong:
            status, kind = 400, _JSON
            body = answers.error(400, wrong.message, wrong.code, wrong.param)
        except NotLive:
            status, kind = 404, _JSON
            body = answers.error(
                404, "No version of this model is live.", "no_live_version", "model"
            )
        except (Full, NotLoaded) as error:
            status, kind, retry = 503, _JSON, [(b"retry-after", b"1")]
            body = answers.error(503, _why(error), "predictor_busy")
        except Exception:  # the boundary: whatever is wrong with a model, others go on
            log.exception("%s failed", scope["path"])
            status, kind = 500, _JSON
            body = answers.error(500, "The model failed on this input.", "prediction_failed")
        length = (b"content-length", b"%d" % len(body))
        told = [(b"content-type", kind), length, *retry]
        await send({"type": "http.response.start", "status": status, "headers": told})
        await send({"type": "http.response.body", "body": body})

    async def _answer(
        self, scope: Scope, headers: Mapping[bytes, bytes], receive: Receive
    ) -> Answer:
        path, method = scope["path"], scope["method"]
        if path == "/healthz":
            return 200, _JSON, b'{"status":"alive"}'
        if path == "/readyz":
            return self._ready()
        if (method, path) not in _CALLS:
            return 404, _JSON, answers.error(404, "There is nothing here.", "not_found")
        organization = badge.read(_bearer(headers), self.secrets)
        if organization is None:
            return 401, _JSON, answers.error(401, "Show a badge.", "unauthorized")
        if path == _SERVED:
            return await self._served(organization.hex, scope["query_string"])
        body = await _body(receive)
        request = headers.get(b"x-request-id", b"").decode("ascii", "replace")
        if path in _TASKS:
            return 200, _JSON, await self._labelled(path, organization.hex, body, request)
        return await self._chat(organization.hex, body, request)

    async def _labelled(self, path: str, organization: str, body: bytes, request: str) -> bytes:
        asked = asks.texts(body)
        loaded = await self._take(organization, asked.model)
        task, refusal = _TASKS[path]
        if loaded.task != task:
            other = _ELSEWHERE.get(loaded.task, "/v1/chat/completions")
            raise Wrong(f"{refusal}: call {other}.", "model", "wrong_task")
        texts, top = asked.all, asked.top or _USUAL_LABELS
        found = await loaded.batcher.predict(texts, top)
        tokens = sum(map(_tokens, texts))
        if path == "/v1/classify":
            return answers.labels(request, loaded.release, found, top, tokens)
        return answers.entities(request, loaded.release, found, tokens)

    async def _chat(self, organization: str, body: bytes, request: str) -> Answer:
        asked = asks.chat(body)
        loaded = await self._take(organization, asked.model)
        said = asked.said
        found: Prediction = (await loaded.batcher.predict([said], 1))[0]
        tokens = _tokens(said)
        if not asked.stream:
            return 200, _JSON, answers.chat(request, loaded.release, found, tokens)
        usage = bool(asked.stream_options and asked.stream_options.include_usage)
        streamed = answers.stream(request, loaded.release, found, tokens, usage=usage)
        return 200, _EVENTS, streamed

    async def _take(self, organization: str, name: str) -> Loaded:
        if self.models is None:
            # Calls of before it ended have waited for it already, and are the first to come.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), _STARTING)
        if self.models is None:
            raise NotLoaded("The predictor has just started; try again in a moment.")
        return await self.models.take((organization, name))

    async def _served(self, organization: str, query: bytes) -> Answer:
        """Tell which version answers to a name, once it is in memory; without a name, how all are."""
        name = parse_qs(query.decode("ascii", "replace")).get("model", [""])[0]
        if not name:
            states = self.models.states(organization) if self.models else []
            return 200, _JSON, answers.encode({"models": states})
        release, why = None, None
        if self.models is not None and self.models.knows((organization, name)):
            try:
                release = (await self._take(organization, name)).release
            except (NotLive, NotLoaded) as error:
                why = _why(error)
        told = {"id": release and release.id, "version": release and release.version, "why": why}
        return 200, _JSON, answers.encode(told)

    def _ready(self) -> Answer:
        if self.models is None:
            return 503, _JSON, answers.encode({"status": "starting"})
        told = {
            "status": "degraded" if self.models.troubles else "ready",
            "models": self.models.names,
            "loaded": self.models.loaded,
            "bytes": self.models.held,
            "failed": self.models.troubles,
        }
        return 200, _JSON, answers.encode(told)


async def _body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        part: bytes = message.get("body", b"")
        parts.append(part)
        size += len(part)
        if size > _LARGEST_BODY:
            raise Wrong("The request body is too large.", code="body_too_large")
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return b"".join(parts)


def _bearer(headers: Mapping[bytes, bytes]) -> str:
    scheme, _, shown = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    return shown if scheme.lower() == "bearer" else ""


def _tokens(text: str) -> int:
    """Guess tokens as the gateway does: four bytes make one."""
    return (len(text.encode()) + 3) // 4


def _why(error: Exception) -> str:
    return str(error) or "Too many texts wait for this model; try again shortly."
