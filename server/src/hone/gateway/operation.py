"""One call while it is worked on: its attempts, and the frames that tell of it."""

import logging
import time
from contextlib import suppress

from msgspec.structs import replace

from hone.core.errors import AppError
from hone.gateway import complaints, contents
from hone.gateway.breaker import Breaker
from hone.gateway.contents import Content, Kind
from hone.gateway.errors import ClientGone
from hone.gateway.exchange import Exchange, Header, Way
from hone.gateway.idempotency import LONGEST_STREAM, Held, Outcome, Replay
from hone.gateway.kept import Kept
from hone.gateway.limiting import Ticket
from hone.gateway.meters import Meters
from hone.gateway.parsing import Ask
from hone.gateway.record import Attempt, Opened, Settled, Status, tried
from hone.gateway.routing import Plan
from hone.gateway.snapshot import Caller
from hone.gateway.spool import Reservation, Spool, SpoolFull, SpoolUnwritable
from hone.gateway.wording import ascii_name, beside, usd
from hone.llm import pricing
from hone.llm.errors import ProviderError
from hone.llm.formats.base import Told
from hone.llm.types import Target, Usage
from hone.llm.unicode import clean

log = logging.getLogger(__name__)

FRAMES_BYTES = 16 << 10
"""Room for the settled frame without the content that is as large as the request."""
OPENED_BYTES = 9 << 10
"""Room for one opened frame, metadata of 4 KiB and what the provider may say of a failure included."""
CLIENT_CLOSED = 499
"""nginx's status for a client that left before it was answered."""

_NO_USAGE = Usage()
_NONE: list[bytes] = []


class Operation:
    """Opens attempts, closes them, and settles exactly once."""

    __slots__ = (
        "_at",
        "_attempts",
        "_began",
        "_breaker",
        "_first",
        "_held",
        "_key",
        "_meters",
        "_opened",
        "_plan",
        "_reserved",
        "_room",
        "_spool",
        "_upstream_seconds",
        "ask",
        "begun",
        "caller",
        "cost",
        "counted",
        "dropped",
        "durable",
        "exchange",
        "first_token",
        "kept",
        "route",
        "sent",
        "settled",
        "size",
        "target",
        "ticket",
        "usage",
        "way",
    )

    def __init__(
        self,
        exchange: Exchange,
        caller: Caller,
        ask: Ask,
        way: Way,
        plan: Plan,
        spool: Spool,
        meters: Meters,
    ) -> None:
        self.exchange, self.caller, self.ask = exchange, caller, ask
        self.way, self.route = way, way.asked
        self.cost = 0
        """Of all attempts, in pico-dollars."""
        self.settled = False
        self.target: Target | None = None
        """Where the present or last attempt went."""
        self.size = 0
        """Bytes of UTF-8 that the model wrote in this attempt."""
        self.usage: Usage | None = None
        """What the provider said of this attempt."""
        self.begun: Usage | None = None
        """What the provider said of the prompt before it had answered."""
        self.dropped: tuple[str, ...] = ()
        """Parameters that the provider of this attempt does not have."""
        self.ticket: Ticket | None = None
        """What it was promised under its limits; None where none applies."""
        self.counted = _NO_USAGE
        """What the last attempt was billed for."""
        self.sent = True
        """The present attempt has left the process."""
        self.first_token = self._first = 0.0
        """When this attempt's came, and that of the first one, by `perf_counter`; 0 before."""
        self._key = contents.key_for(caller.organization, exchange.id_bytes)
        self.kept = Kept(wanted=self._key is not None)
        self._plan, self._spool, self._meters = plan, spool, meters
        self.durable = spool.synced
        """Waits until the log also survives a power cut; None where it need not."""
        self._attempts: list[Attempt] = []
        self._opened, self._upstream_seconds = 0, 0.0
        self._began = self._at = 0.0
        """When the present attempt began, by the clock of `perf_counter` and by the loop's."""
        self._breaker: Breaker | None = None
        self._held: Held | None = None
        self._room, targets = len(ask.content) + FRAMES_BYTES, len(plan.targets)
        self._reserved: list[Reservation] = [
            spool.reserve(self._room + OPENED_BYTES * targets, count=targets + 1)
        ]

    @property
    def attempts(self) -> int:
        """How many attempts were made."""
        return self._opened

    def hold(self, held: Held) -> None:
        """Take an idempotency key to finish at the end."""
        self._held, self.kept.wanted = held, True

    def begin(self, target: Target, breaker: Breaker, now: float) -> None:
        """Open an attempt: from here on the log knows of it."""
        self.exchange.still()
        ask, price = self.ask, target.price
        principal = self.caller.principal
        if self._opened >= len(self._plan.targets):
            # To go on with the same model was not foreseen.
            self._reserved.append(self._spool.reserve(OPENED_BYTES, count=1))
        self._spool.append(
            Opened(
                self.exchange.id_bytes,
                principal.organization_bytes,
                principal.key_bytes,
                self._opened + 1,
                str(ask.endpoint),
                self.route.name,
                self.route.id_bytes,
                target.model,
                target.provider,
                target.upstream,
                target.model_bytes,
                price.id_bytes if price else None,
                price.input if price else 0,
                price.output if price else 0,
                ask.estimated_tokens,
                ask.stream,
                ask.user or principal.user,
                ask.conversation,
                ask.metadata,
                _NONE if self.ticket is None else self.ticket.limits,
                self.exchange.batch_bytes,
                self.way.exposure,
            )
        )
        self._opened += 1
        self.target, self._breaker = target, breaker
        self.size, self.usage, self.first_token, self.sent = 0, None, 0.0, True
        self.begun, self.dropped = None, ()
        breaker.begin(now)
        breaker.pace.begin()
        self._at = now
        self._began = time.perf_counter()

    def succeed(self, status: int) -> None:
        """Close the attempt: it is the answer."""
        breaker, target = self._breaker, self.target
        assert breaker is not None
        assert target is not None
        if breaker.open_until or breaker.failures:
            breaker.succeed()
            self._meters.available(target.model, yes=True)
        self._close(status, None, self.usage or self._estimate(), True)

    def fail(self, error: ProviderError | ClientGone | AppError, status: int, now: float) -> None:
        """Close the attempt: it failed, or was given up."""
        breaker, target = self._breaker, self.target
        if breaker is None or target is None:
            return
        billed, said = self.size > 0, None
        if isinstance(error, ProviderError):
            # A refusal is not billed, whatever its status says of time.
            billed |= error.billed and not error.upstream_status
            breaker.fail(error, now)
            if breaker.open_until:
                self._meters.available(target.model, yes=False)
            self._meters.failure(target.model, error.code)
            if self._key is not None:
                said = complaints.told(error, self.ask.content)
        else:
            billed |= self.sent
            breaker.leave()
        usage = self.usage or (self._estimate() if billed else _NO_USAGE)
        answered = False if isinstance(error, ProviderError) else None
        self._close(status, error.code, usage, answered, said)

    def settle(
        self,
        status: Status,
        http_status: int,
        error: str | None,
        finish: str | None,
        answer: bytes,
        kind: Kind,
        said: Told | None = None,
    ) -> None:
        """Tell the log how it ended; must be done before the client has all of the answer."""
        if self.settled:
            return
        self.settled = True
        exchange, ask = self.exchange, self.ask
        latency = time.perf_counter() - exchange.started
        overhead = latency - self._upstream_seconds
        key, content = self._content(answer, kind)
        principal, first = self.caller.principal, self._first
        self._spool.append(
            Settled(
                exchange.id_bytes,
                principal.organization_bytes,
                principal.key_bytes,
                str(ask.endpoint),
                self.route.name,
                self.route.id_bytes,
                int(status),
                http_status,
                error,
                finish and clean(finish, 64),
                ask.stream,
                ask.user or principal.user,
                ask.conversation,
                ask.metadata if said is None else beside(ask.metadata, said),
                latency * 1000,
                (first - exchange.started) * 1000 if first else None,
                overhead * 1000,
                self._plan.candidates,
                self._attempts,
                key,
                content,
                _NONE if self.ticket is None else self.ticket.limits,
                self._plan.reason,
                exchange.batch_bytes,
                None if said is None else said.confidence,
                self.way.met(self.target),
            )
        )
        if self.ticket is not None:
            self.ticket.settle(self._attempts)
        if self.target is not None:
            self._meters.answered(self.target.model, latency, overhead)

    async def keep(self, outcome: Replay | Outcome) -> None:
        """Finish the idempotency key that this operation holds."""
        held, self._held = self._held, None
        if held is None:
            return
        try:
            await held.finish(outcome)
        except AppError as error:
            log.warning("an idempotency key was left unfinished: %s", error.code)

    def note_first_token(self) -> None:
        """Note that the model began to write."""
        self.first_token = time.perf_counter()
        if self._first:
            return
        self._first = self.first_token
        assert self.target is not None
        self._meters.first_token(self.target.model, self.first_token - self.exchange.started)

    def passed(self, sent: bytes) -> None:
        """Keep what the client was sent, if anybody will ask for it."""
        self.kept.add(sent)

    def delivered(self) -> bytes:
        """Return what was passed on of a stream, or its beginning."""
        return self.kept.whole()

    async def keep_answer(self, status: int, headers: list[Header], body: bytes) -> None:
        """Keep the answer for a second request with the same idempotency key."""
        if self._held is not None:
            answer = Replay(status, list(headers), body)
            await self.keep(answer if self.kept.size <= LONGEST_STREAM else Outcome.NOT_REPLAYABLE)

    def headers(self, content_type: bytes) -> list[Header]:
        """Write the headers of the answer."""
        latency = time.perf_counter() - self.exchange.started
        waiting = self._upstream_seconds
        if self._breaker is not None:
            waiting += time.perf_counter() - self._began
        told = [
            (b"content-type", content_type),
            *self.exchange.names(),
            (b"x-hone-model", b"none" if self.target is None else ascii_name(self.target.model)),
            (b"x-hone-overhead-ms", b"%.3f" % (max(latency - waiting, 0.0) * 1000)),
            (b"x-hone-cost-usd", usd(self.cost)),
            (b"x-hone-cache", b"none"),
            (b"x-hone-attempts", b"%d" % self._opened),
            *self.way.headers(),
        ]
        if self.dropped:
            told.append((b"x-hone-dropped", ascii_name(",".join(self.dropped))))
        return told if self.ticket is None else told + self.ticket.headers()

    def close(self) -> None:
        """Give back what was reserved, and settle what nothing else has settled."""
        self.exchange.stop()
        try:
            if self._opened and not self.settled:
                if self._breaker is not None:
                    self._breaker.leave()
                    self._close(0, "interrupted", self.usage or self._estimate(), None)
                with suppress(SpoolFull, SpoolUnwritable):
                    self.settle(Status.INTERRUPTED, CLIENT_CLOSED, "interrupted", None, b"", "json")
        finally:
            if self.ticket is not None:
                self.ticket.settle(self._attempts)
            for reservation in self._reserved:
                self._spool.release(reservation)

    def _close(
        self,
        status: int,
        error: str | None,
        usage: Usage,
        answered: bool | None,
        said: str | None = None,
    ) -> None:
        target = self.target
        assert target is not None
        duration = time.perf_counter() - self._began
        self._upstream_seconds += duration
        cost = pricing.cost(usage, target.price, batch=self.exchange.batch is not None)
        self.cost += cost
        self.counted = usage
        first = self.first_token
        self._tell(duration, cost, usage, answered)
        began = (self._began - self.exchange.started) * 1000
        ttft = (first - self._began) * 1000 if first else None
        times = (began, duration * 1000, ttft)
        self._attempts.append(tried(target, status, error, times, usage, cost, said))
        word = "success" if error is None else "cancelled" if error == "client_gone" else "error"
        self._meters.attempt(target.model, target.provider, word, cost)

    def _tell(self, seconds: float, cost: int, usage: Usage, answered: bool | None) -> None:
        """Tell what chooses targets how the attempt went."""
        breaker, self._breaker = self._breaker, None
        assert breaker is not None
        first = self.first_token - self._began if self.first_token else None
        now, tokens = self._at + seconds, usage.output_tokens
        breaker.pace.end(now, seconds, first, answered=answered, output_tokens=tokens)
        lesson = self._plan.lesson
        if lesson is not None and answered is not None and self._opened == 1:
            lesson.end(cost, seconds, first, answered=answered)

    def _estimate(self) -> Usage:
        """Guess tokens where the provider gives none: four bytes of UTF-8 make one."""
        begun = self.begun or Usage(self.ask.estimated_tokens)
        return replace(begun, output_tokens=(self.size + 3) // 4, estimated=True)

    def _content(self, answer: bytes, kind: Kind) -> tuple[bytes | None, bytes | None]:
        key = self._key
        if key is None:
            return None, None
        content = Content(self.ask.content, answer, kind)
        context = self.caller.principal.organization_bytes + self.exchange.id_bytes
        sealed = contents.pack(content, key, context)
        if len(sealed) > self._room - FRAMES_BYTES // 2:
            try:
                self._reserved.append(self._spool.reserve(len(sealed)))
            except (SpoolFull, SpoolUnwritable):
                # What was promised at admission is kept; the content is not worth the record.
                log.warning("there is no room for the content of %s", self.exchange.public_id)
                return None, None
        return key.id.bytes, sealed
