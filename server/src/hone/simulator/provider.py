"""The provider's models: what each request is answered with, in whichever format it came."""

from collections.abc import Awaitable, Callable

import msgspec
from msgspec.structs import replace

from hone.core import clock, ids
from hone.simulator import answers, delivery, embeddings, errors, grammar, prices
from hone.simulator.asks import HOUR, Ask
from hone.simulator.behaviours import PRESETS, Behaviour, Fault
from hone.simulator.config import SimulatorConfig
from hone.simulator.errors import Headers, Refused
from hone.simulator.exchange import ClientGone, Exchange
from hone.simulator.formats.base import (
    JSON,
    Details,
    Embedding,
    Endpoint,
    Generation,
    Inbound,
    Keys,
    Lookup,
    Measure,
    Stored,
    encode,
)
from hone.simulator.ledger import Delivery, Ledger
from hone.simulator.memory import PromptCache, Shelf
from hone.simulator.meter import Meter
from hone.simulator.scripts import ALL, Allowance, Script, Scripts


class Opened(msgspec.Struct):
    """A request that was understood and is being answered."""

    exchange: Exchange
    endpoint: Endpoint
    inbound: Inbound
    meter: Meter
    script: Script
    behaviour: Behaviour
    """What the request's model was told to do, as it holds now."""
    started: float
    allowance: Allowance | None = None

    def headers(self) -> Headers:
        """Return what every answer carries."""
        spent = int((self.exchange.now() - self.started) * 1000)
        return self.endpoint.dialect.headers(self.meter.request_id, spent, self.allowance)


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
        self._keys = Keys(config.api_keys, config.signing_keys)
        self._shelf: Shelf[Stored] = Shelf()
        self._cache = PromptCache()
        self.ledger = Ledger(config.ledger_path, config.ledger_rows)

    async def answer(
        self, exchange: Exchange, request_id: str, endpoint: Endpoint, name: str
    ) -> None:
        """Answer a request to one of the formats' endpoints."""
        started = exchange.now()
        inbound = Inbound(
            exchange.method,
            exchange.path,
            exchange.raw_path,
            exchange.query,
            exchange.headers,
            await exchange.body(self.config.body_bytes),
            request_id,
            self._shelf,
            name,
        )
        endpoint.dialect.admit(inbound, self._keys)
        does = endpoint.does
        if isinstance(does, Generation):
            ask = does.read(inbound)
            opened = self._open(exchange, endpoint, inbound, ask.model, started, ask.stream)
            await self._settled(opened, lambda: self._generate(opened, does, ask))
        elif isinstance(does, Embedding):
            await self._embed(exchange, endpoint, does, inbound)
        elif isinstance(does, Measure):
            await self._consider(exchange, endpoint, does, inbound)
        else:
            await self._look_up(exchange, endpoint, does, inbound)

    def models(self) -> list[str]:
        """List the models that are known by name; any other is served too."""
        names = [*PRESETS, *self.prices, *self.scripts.items()]
        return [name for name in dict.fromkeys(names) if name != ALL]

    async def _look_up(
        self, exchange: Exchange, endpoint: Endpoint, does: Lookup, inbound: Inbound
    ) -> None:
        found = does.find(inbound, self.models())
        headers = endpoint.dialect.headers(inbound.request_id, 0, None)
        body = found if isinstance(found, bytes) else encode(found)
        await exchange.answer(200, body, (JSON, *headers))

    def _open(
        self,
        exchange: Exchange,
        endpoint: Endpoint,
        inbound: Inbound,
        name: str,
        started: float,
        stream: bool = False,
    ) -> Opened:
        try:
            model, script = self.scripts.find(name)
        except grammar.NotABehaviour as error:
            raise Refused(str(error), code="invalid_behaviour", param="model") from None
        rate = self._rates.get(model, self._default_rate)
        meter = Meter(
            self.ledger,
            rate,
            exchange,
            inbound.request_id,
            clock.now(),
            endpoint.name,
            model,
            stream,
        )
        behaviour = script.current(started)
        return Opened(exchange, endpoint, inbound, meter, script, behaviour, started)

    async def _settled(self, opened: Opened, work: Callable[[], Awaitable[None]]) -> None:
        """Do the work; write the row also where it ends with an error or without its caller."""
        meter = opened.meter
        try:
            opened.allowance = opened.script.admit(opened.started)
            if not await self._before_head(opened):
                await work()
        except Refused as refusal:
            problem = opened.endpoint.dialect.problem(refusal, meter.request_id, opened.inbound)
            meter.settle(Delivery.FULL, problem.status, problem.name)
            await opened.exchange.answer(problem.status, problem.body, problem.headers)
        except ClientGone:
            meter.settle(Delivery.CLIENT_GONE, opened.exchange.status)

    async def _before_head(self, opened: Opened) -> bool:
        behaviour, exchange, meter = opened.behaviour, opened.exchange, opened.meter
        if behaviour.status is not None and (behaviour.after_tokens is None or not meter.stream):
            await exchange.until(opened.started + max(behaviour.ttft_ms, behaviour.head_ms) / 1000)
            raise errors.scripted(behaviour.status, behaviour.code, behaviour.retry_after)
        return await delivery.hung_up(exchange, behaviour, meter, self.config.silence_seconds)

    async def _generate(self, opened: Opened, does: Generation, ask: Ask) -> None:
        behaviour, meter = opened.behaviour, opened.meter
        self._measure(opened, ask)
        answer = answers.compose(self.config.seed, meter.model, ask, behaviour)
        if behaviour.fault == Fault.CONTENT_FILTER:
            pieces = answer.pieces[: behaviour.after_tokens]
            answer = replace(answer, pieces=pieces, finish_reason="content_filter", stop=None)
        meter.reasoning_tokens = answer.reasoning_tokens
        details = Details(
            meter.request_id,
            meter.time.timestamp(),
            meter.model,
            self.config.seed,
            opened.inbound,
            ask,
            meter.prompt_tokens,
            meter.cached_tokens,
            meter.written_tokens,
            meter.written_hour_tokens,
        )
        call = delivery.Call(
            opened.exchange,
            behaviour,
            meter,
            opened.endpoint.dialect,
            does.writer(details),
            answer,
            opened.headers(),
            opened.started,
            self.config.silence_seconds,
        )
        await (delivery.stream(call) if ask.stream else delivery.whole(call))

    def _measure(self, opened: Opened, ask: Ask) -> None:
        """Count the prompt, and refuse one that the model does not take."""
        behaviour, meter = opened.behaviour, opened.meter
        if not behaviour.prefill and ask.messages[-1].role == "assistant":
            raise errors.no_prefill()
        count = meter.prompt_tokens = ask.prompt_tokens()
        limit = behaviour.context_tokens
        if limit is None:
            limit = self.config.context_tokens.get(meter.model, self.config.default_context_tokens)
        if behaviour.fault == Fault.CONTEXT_LENGTH or count > limit:
            raise errors.too_long(limit, count)
        if behaviour.fault == Fault.CONTENT_FILTER and behaviour.after_tokens is None:
            raise errors.filtered()
        read, written = 0, 0
        if ask.marks:
            read, written = self._cache.use(meter.model, ask.marks, opened.started)
        meter.cached_tokens = min(max(read, behaviour.cached_tokens), count)
        meter.written_tokens = min(written, count - meter.cached_tokens)
        until = max((mark.tokens for mark in ask.marks if mark.seconds >= HOUR), default=0)
        meter.written_hour_tokens = min(max(until - read, 0), meter.written_tokens)

    async def _embed(
        self, exchange: Exchange, endpoint: Endpoint, does: Embedding, inbound: Inbound
    ) -> None:
        started = exchange.now()
        ask = does.read(inbound)
        opened = self._open(exchange, endpoint, inbound, ask.model, started)
        model = opened.meter.model

        def body() -> bytes:
            opened.meter.prompt_tokens = ask.prompt_tokens()
            seed, length = self.config.seed, ask.length
            vectors = [embeddings.vector(seed, model, each, length) for each in ask.inputs]
            return does.write(replace(ask, model=model), vectors)

        more = does.headers(ask)
        await self._settled(opened, lambda: self._reply(opened, body, more))

    async def _consider(
        self, exchange: Exchange, endpoint: Endpoint, does: Measure, inbound: Inbound
    ) -> None:
        ask = does.read(inbound)
        opened = self._open(exchange, endpoint, inbound, ask.model, exchange.now())
        known = replace(ask, model=opened.meter.model)
        await self._settled(
            opened,
            lambda: self._reply(opened, lambda: encode(does.write(known, inbound.request_id))),
        )

    async def _reply(self, opened: Opened, write: Callable[[], bytes], more: Headers = ()) -> None:
        """Send an answer that is made at once."""
        body = write()
        await opened.exchange.until(opened.started + opened.behaviour.ttft_ms / 1000)
        opened.meter.begun = True
        opened.meter.settle(Delivery.FULL, 200)
        await opened.exchange.answer(200, body, (JSON, *opened.headers(), *more))


def new_request_id() -> str:
    """Make the id that an answer's headers show."""
    return ids.public("req", ids.new())
