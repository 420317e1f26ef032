"""The provider's own endpoints: chat completions, embeddings, models."""

import functools
import hashlib
from dataclasses import dataclass, replace
from typing import Literal

import msgspec

from hone.core import clock, ids
from hone.simulator import answers, delivery, embeddings, errors, grammar, prices, requests, wire
from hone.simulator.behaviours import PRESETS, Behaviour, Fault
from hone.simulator.config import SimulatorConfig
from hone.simulator.errors import Headers, Refused
from hone.simulator.exchange import ClientGone, Exchange
from hone.simulator.ledger import Delivery, Ledger
from hone.simulator.meter import Meter
from hone.simulator.scripts import ALL, Script, Scripts

Endpoint = Literal["chat.completions", "embeddings"]


@dataclass(slots=True)
class Opened:
    """A request that was understood and is being answered."""

    exchange: Exchange
    meter: Meter
    script: Script
    started: float

    @property
    def behaviour(self) -> Behaviour:
        """What the request's model was told to do."""
        return self.script.behaviour

    def headers(self, limits: Headers) -> Headers:
        """Return what every answer carries."""
        spent = int((self.exchange.now() - self.started) * 1000)
        return (
            (b"x-request-id", self.meter.request_id.encode()),
            (b"openai-processing-ms", b"%d" % spent),
            (b"openai-version", b"2020-10-01"),
            *limits,
        )


class Provider:
    """Models, their behaviours, prices and ledger."""

    def __init__(self, config: SimulatorConfig) -> None:
        self.config = config
        self.scripts = Scripts()
        for model, behaviour in config.behaviours.items():
            self.scripts.put(model, behaviour)
        self.prices = dict(config.prices)
        self._rates = {model: prices.rate(price) for model, price in self.prices.items()}
        self._default_rate = prices.rate(config.default_price)
        self.ledger = Ledger(config.ledger_path, config.ledger_rows)

    def authorize(self, exchange: Exchange) -> None:
        """Refuse a caller without one of the accepted keys."""
        accepted = self.config.api_keys
        if not accepted:
            return
        scheme, _, key = (exchange.header(b"authorization") or "").partition(" ")
        if scheme.lower() != "bearer" or key.strip() not in accepted:
            raise errors.wrong_key(key.strip() if scheme.lower() == "bearer" else None)

    async def complete(self, exchange: Exchange, request_id: str) -> None:
        """Answer a chat completion."""
        started = exchange.now()
        request = requests.chat(await exchange.body(self.config.body_bytes))
        opened = self._open(
            exchange, request_id, "chat.completions", request.model, started, bool(request.stream)
        )
        with _Settlement(opened):
            limits = opened.script.admit(started)
            if not await self._before_head(opened):
                call = self._call(opened, request, limits)
                await (delivery.stream(call) if request.stream else delivery.whole(call))

    async def embed(self, exchange: Exchange, request_id: str) -> None:
        """Answer a request for vectors."""
        started = exchange.now()
        request = requests.embeddings(await exchange.body(self.config.body_bytes))
        given = embeddings.inputs(request)
        opened = self._open(exchange, request_id, "embeddings", request.model, started)
        with _Settlement(opened):
            limits = opened.script.admit(started)
            if not await self._before_head(opened):
                model, meter = opened.meter.model, opened.meter
                body = _vectors(self.config.seed, model, request, given)
                await exchange.until(started + opened.behaviour.ttft_ms / 1000)
                meter.begun = True
                meter.prompt_tokens = sum(map(embeddings.token_count, given))
                meter.settle(Delivery.FULL, 200)
                await exchange.answer(200, body, opened.headers(limits))

    def models(self) -> dict[str, object]:
        """List the models that are known by name; any other is served too."""
        names = [*PRESETS, *self.prices, *self.scripts.items()]
        known = [self.model(name) for name in dict.fromkeys(names) if name != ALL]
        return {"object": "list", "data": known}

    def model(self, name: str) -> dict[str, object]:
        """Describe a model."""
        return {"id": name, "object": "model", "created": 1_735_689_600, "owned_by": "simulator"}

    def _open(
        self,
        exchange: Exchange,
        request_id: str,
        endpoint: Endpoint,
        name: str,
        started: float,
        stream: bool = False,
    ) -> Opened:
        try:
            model, script = self.scripts.find(name)
        except grammar.NotABehaviour as error:
            raise Refused(str(error), code="invalid_behaviour", param="model") from None
        rate = self._rates.get(model, self._default_rate)
        meter = Meter(self.ledger, rate, exchange, request_id, clock.now(), endpoint, model, stream)
        return Opened(exchange, meter, script, started)

    async def _before_head(self, opened: Opened) -> bool:
        behaviour, exchange, meter = opened.behaviour, opened.exchange, opened.meter
        if behaviour.status is not None and (behaviour.after_tokens is None or not meter.stream):
            await exchange.until(opened.started + max(behaviour.ttft_ms, behaviour.head_ms) / 1000)
            raise errors.scripted(behaviour.status, behaviour.code, behaviour.retry_after)
        return await delivery.hung_up(exchange, behaviour, meter, self.config.silence_seconds)

    def _call(
        self, opened: Opened, request: requests.ChatRequest, limits: Headers
    ) -> delivery.Call:
        behaviour, meter, seed = opened.behaviour, opened.meter, self.config.seed
        meter.prompt_tokens = request.prompt_tokens()
        meter.cached_tokens = min(behaviour.cached_tokens, meter.prompt_tokens)
        self._check_prompt(behaviour, meter)
        answer = answers.compose(seed, meter.model, request, behaviour)
        if behaviour.fault == Fault.CONTENT_FILTER:
            pieces = answer.pieces[: behaviour.after_tokens]
            answer = replace(answer, pieces=pieces, finish_reason="content_filter")
        meter.reasoning_tokens = answer.reasoning_tokens
        writer = wire.Writer(
            meter.request_id,
            int(meter.time.timestamp()),
            meter.model,
            _fingerprint(seed, meter.model),
        )
        writer.include_usage = request.wants_usage()
        return delivery.Call(
            opened.exchange,
            behaviour,
            meter,
            writer,
            answer,
            opened.headers(limits),
            opened.started,
            self.config.silence_seconds,
        )

    def _check_prompt(self, behaviour: Behaviour, meter: Meter) -> None:
        limit = behaviour.context_tokens
        if limit is None:
            limit = self.config.context_tokens.get(meter.model, self.config.default_context_tokens)
        if behaviour.fault == Fault.CONTEXT_LENGTH or meter.prompt_tokens > limit:
            raise errors.too_long(limit, meter.prompt_tokens)
        if behaviour.fault == Fault.CONTENT_FILTER and behaviour.after_tokens is None:
            raise errors.filtered()


class _Settlement:
    """Writes the row of a request that ends with an error or without its caller."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """Settle what has not been settled."""
        meter = self._opened.meter
        if isinstance(error, Refused):
            meter.settle(Delivery.FULL, error.status, error.code or error.kind)
        elif isinstance(error, ClientGone):
            meter.settle(Delivery.CLIENT_GONE, self._opened.exchange.status)


def new_request_id() -> str:
    """Make the id that an answer's `x-request-id` shows."""
    return ids.public("req", ids.new())


def _vectors(
    seed: int, model: str, request: requests.EmbeddingsRequest, given: list[embeddings.Input]
) -> bytes:
    length = embeddings.dimensions(request, model)
    data: list[dict[str, object]] = []
    for index, item in enumerate(given):
        values = embeddings.vector(seed, model, item, length)
        packed = request.encoding_format == "base64"
        vector = embeddings.packed(values) if packed else values.tolist()
        data.append({"object": "embedding", "index": index, "embedding": vector})
    count = sum(map(embeddings.token_count, given))
    usage = {"prompt_tokens": count, "total_tokens": count}
    return msgspec.json.encode({"object": "list", "data": data, "model": model, "usage": usage})


@functools.lru_cache(maxsize=1024)
def _fingerprint(seed: int, model: str) -> str:
    return f"fp_{hashlib.blake2b(repr((seed, model)).encode(), digest_size=5).hexdigest()}"
