"""Holding a call to its limits: promised before it starts, settled when it is known what it used.

All limits that apply hold: those of the key, its person, their teams, the organization and the
route for the whole call, those of a model for each attempt at it.
"""

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from uuid import UUID

import msgspec

from hone.core import clock, ids
from hone.gateway.blocks import Account, Block, Verdict, Waiter
from hone.gateway.errors import BudgetExceeded, LimitExceeded, RateLimitExceeded
from hone.gateway.limits import Limit, LimitBook, Measure
from hone.gateway.meters import Meters
from hone.gateway.parsing import Ask
from hone.gateway.quota import Quota
from hone.gateway.record import Attempt
from hone.gateway.snapshot import Organization, Principal, Route
from hone.llm.types import WORDLESS, Target

PATIENCE: Final = 2.0
"""Seconds that a call waits for the store of limits."""
OUTPUT_TOKENS: Final = 4096
"""What a model may write that says nothing of it, for a call that says nothing either."""
MOST_APPLIED: Final = 100_000
PICO: Final = 10**12
_CAPS: Final = ("max_completion_tokens", "max_tokens", "max_output_tokens")
_REQUESTS: Final = (
    b"x-ratelimit-limit-requests",
    b"x-ratelimit-remaining-requests",
    b"x-ratelimit-reset-requests",
)
_TOKENS: Final = (
    b"x-ratelimit-limit-tokens",
    b"x-ratelimit-remaining-tokens",
    b"x-ratelimit-reset-tokens",
)
_UNREAD: Final = -1
_NOWHERE: Final[list[tuple[Block, int]]] = []

_count = msgspec.json.Decoder(int).decode


@dataclass(frozen=True, slots=True)
class _Applied:
    """The limits on a caller and a route, and on the route's models."""

    accounts: tuple[Account, ...]
    models: Mapping[UUID, tuple[Account, ...]]
    ids: list[bytes]
    told: bool
    """Answers tell how much is left: something limits requests or tokens."""


class Ticket:
    """What one call was promised under each of its limits."""

    __slots__ = (
        "_applied", "_ask", "_at", "_held", "_meters", "_output", "_quota", "blocks", "limits",
        "models",
    )  # fmt: skip

    def __init__(self, quota: Quota, applied: _Applied, meters: Meters, ask: Ask, at: int) -> None:
        self._quota = quota
        self._applied = applied
        self._meters = meters
        self._ask = ask
        self._at = at
        self._output: int | None = _UNREAD
        self._held: list[tuple[Block, int]] = []
        self.blocks: list[Block] = []
        """Every block that this call had to do with."""
        self.limits = applied.ids
        """The ids of the limits that hold this call."""
        self.models = applied.models
        """The limits on models that may answer."""

    def take(self, targets: Sequence[Target], now: float) -> list[tuple[Block, int]]:
        """Promise the call its share of every limit; return where it has to `wait` for more."""
        return self._take(self._applied.accounts, targets, now)

    async def enter(self, target: Target, now: float) -> LimitExceeded | None:
        """Promise an attempt its share of the model's limits; return why it may not be made."""
        accounts = self.models.get(target.model_id)
        if accounts is None:
            return None
        before = len(self._held)
        short = self._take(accounts, (target,), now)
        try:
            if short:
                await self.wait(short, now, before)
        except LimitExceeded as refused:
            return refused
        self.limits = [*self.limits, *(each.limit.id.bytes for each in accounts)]
        return None

    def settle(self, attempts: Sequence[Attempt]) -> None:
        """Give back what the call did not use, and note what it used beyond; once."""
        held, self._held = self._held, []
        for block, need in held:
            self._quota.settle(block, need, _used(block.account, attempts))

    def headers(self) -> list[tuple[bytes, bytes]]:
        """Tell how much is left of the limit on requests, and of that on tokens, that binds most."""
        if not self._applied.told:
            return []
        blocks = self.blocks
        if len(blocks) == 1 and blocks[0].account.tells:
            block = blocks[0]
            return _told(block, _REQUESTS if block.account.counts else _TOKENS)
        telling = [each for each in blocks if each.account.tells]
        requests = [each for each in telling if each.account.counts]
        tokens = [each for each in telling if not each.account.counts]
        told = _told(min(requests, key=_share), _REQUESTS) if requests else []
        return told + _told(min(tokens, key=_share), _TOKENS) if tokens else told

    def _take(
        self, accounts: Iterable[Account], targets: Sequence[Target], now: float
    ) -> list[tuple[Block, int]]:
        """Promise what is leased; return where more is needed."""
        at, held, short = self._at, self._held, _NOWHERE
        for account in accounts:
            block = account.block
            if not block.start <= at < block.end:
                block = account.at(at)
            need = 1 if account.counts else self._need(account, targets)
            self.blocks.append(block)
            if self._quota.take(block, need, now):
                held.append((block, need))
            else:
                short = [*short, (block, need)]
        return short

    def _need(self, account: Account, targets: Sequence[Target]) -> int:
        """Estimate upwards what a call will use at the dearest of its targets."""
        if self._output == _UNREAD:
            self._output = 0 if self._ask.endpoint in WORDLESS else _output(self._ask)
        if len(targets) == 1:
            return self._need_at(account, targets[0])
        return max((self._need_at(account, each) for each in targets), default=0)

    def _need_at(self, account: Account, target: Target) -> int:
        ask, output, price = self._ask, self._output, target.price
        if output is None:
            output = (target.profile.output_tokens or OUTPUT_TOKENS) * ask.choices
        if not account.costs:
            return ask.estimated_tokens + output
        if price is None:
            return 0
        return ask.estimated_tokens * price.dearest_input + output * price.output

    async def wait(self, short: list[tuple[Block, int]], now: float, keep: int = 0) -> None:
        """Wait until the store has answered for each; where one refuses, let go of all."""
        waiters = [self._quota.queue(block, need, now) for block, need in short]
        refused: LimitExceeded | None = None
        try:
            for (block, need), waiter in zip(short, waiters, strict=True):
                verdict = await _verdict(waiter)
                if verdict is Verdict.LOST and block.limit.allow_on_loss:
                    block.promise(need)
                    self._meters.unchecked(block.limit.measure)
                elif verdict is not Verdict.PROMISED:
                    refused = refused or _refusal(block, away=verdict is Verdict.LOST)
                    continue
                self._held.append((block, need))
        except BaseException:
            self._drop(short, waiters)
            raise
        if refused is not None:
            self._let_go(keep)
            raise refused

    def _drop(self, short: list[tuple[Block, int]], waiters: list[Waiter]) -> None:
        """Give back what came for a call that waits no more."""
        held = [block for block, _ in self._held]
        for (block, need), waiter in zip(short, waiters, strict=True):
            if not waiter.verdict.cancel() and not waiter.verdict.cancelled():
                promised = waiter.verdict.result() is Verdict.PROMISED
                if promised and block not in held:
                    self._quota.settle(block, need, 0)

    def _let_go(self, keep: int) -> None:
        """Give back all promises but the first so many."""
        for block, need in self._held[keep:]:
            self._quota.settle(block, need, 0)
        del self._held[keep:]


def ticket(
    quota: Quota,
    organization: Organization,
    principal: Principal,
    route: Route,
    meters: Meters,
    ask: Ask,
    operation_id: UUID,
) -> Ticket | None:
    """Return what holds a call to its limits; None where none applies."""
    book = organization.limits
    if book is None:
        return None
    applied = book.applied.get((principal.key_id or principal.person_id, route.name))
    if applied is None:
        applied = _apply(quota, book, principal, route)
    assert isinstance(applied, _Applied)
    if not applied.accounts and not applied.models:
        return None
    return Ticket(quota, applied, meters, ask, operation_id.int >> 80)


def _apply(quota: Quota, book: LimitBook, principal: Principal, route: Route) -> _Applied:
    """Find the limits on a caller and a route, once for each snapshot."""
    found = book.on(
        principal.key_id,
        principal.person_id,
        *principal.teams,
        principal.organization_id,
        route.id,
    )
    targets = (*(each.target for each in route.targets), *route.fallbacks)
    models = {each.model_id: book.on(each.model_id) for each in targets}
    applied = _Applied(
        tuple(quota.account(limit) for limit in found),
        {
            model: tuple(quota.account(limit) for limit in limits)
            for model, limits in models.items()
            if limits
        },
        [limit.id.bytes for limit in found],
        any(
            quota.account(limit).tells
            for limit in (*found, *(each for limits in models.values() for each in limits))
        ),
    )
    if len(book.applied) >= MOST_APPLIED:
        book.applied.clear()
    book.applied[principal.key_id or principal.person_id, route.name] = applied
    return applied


def duration(milliseconds: int) -> bytes:
    """Write a time as OpenAI does: `6m0s`, `1.5s`, `17ms`."""
    if milliseconds < 1000:
        return b"%dms" % max(milliseconds, 0)
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    last = f"{seconds}.{rest:03d}".rstrip("0").rstrip(".") + "s"
    if hours:
        return f"{hours}h{minutes}m{last}".encode()
    return (f"{minutes}m{last}" if minutes else last).encode()


def _output(ask: Ask) -> int | None:
    """Read how much the model may write; None where the call does not say."""
    for name in _CAPS:
        raw = ask.body.get(name)
        if raw is not None:
            try:
                return max(_count(raw), 0) * ask.choices
            except msgspec.DecodeError:
                continue
    return None


def _used(account: Account, attempts: Sequence[Attempt]) -> int:
    """Count what a call used of a limit: all of it, or its attempts at the one model."""
    if account.places:
        return 0
    model = account.model
    if model is not None:
        attempts = [each for each in attempts if each.model_id == model]
    if account.counts:
        return len(attempts) if model is not None else min(len(attempts), 1)
    used = 0
    for each in attempts:
        used += each.cost if account.costs else each.input_tokens + each.output_tokens
    return used


def _told(block: Block, names: tuple[bytes, bytes, bytes]) -> list[tuple[bytes, bytes]]:
    """Tell how a block stands."""
    limit, remaining, reset = names
    until = block.end // 1000 - int(time.time())
    return [
        (limit, block.account.amount),
        (remaining, b"%d" % block.remaining),
        (reset, _until(max(until, 0))),
    ]


@lru_cache(maxsize=4096)
def _until(seconds: int) -> bytes:
    return duration(seconds * 1000)


async def _verdict(waiter: Waiter) -> Verdict:
    try:
        async with asyncio.timeout(PATIENCE):
            return await waiter.verdict
    except TimeoutError:
        return Verdict.LOST


def _share(block: Block) -> float:
    return block.remaining / block.limit.amount if block.limit.amount else 0.0


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _refusal(block: Block, *, away: bool) -> LimitExceeded:
    """Say which limit is reached, and until when."""
    limit = block.limit
    kind = BudgetExceeded if limit.measure is Measure.COST else RateLimitExceeded
    left_ms = block.end - _now_ms()
    seconds = 1 if away or limit.window is None else -(-left_ms // 1000)
    details: dict[str, object] = {
        "limit": ids.public("limit", limit.id),
        "subject": {"kind": limit.subject.value, "id": _subject_id(limit)},
        "measure": limit.measure.value,
        "window": limit.window and limit.window.value,
        "amount": _amount(limit),
        "resetsAt": limit.window and clock.of_ms(block.end).isoformat().replace("+00:00", "Z"),
    }
    if away:
        details["storeAway"] = True
    return kind(_message(limit, away=away), seconds, limit, details)


def _subject_id(limit: Limit) -> str:
    prefix = limit.subject.value
    return (
        str(limit.subject_id) if prefix == "organization" else ids.public(prefix, limit.subject_id)
    )


def _amount(limit: Limit) -> str:
    if limit.measure is not Measure.COST:
        return str(limit.amount)
    whole, part = divmod(limit.amount, PICO)
    return f"{whole}.{part:012d}".rstrip("0").rstrip(".")


def _message(limit: Limit, *, away: bool) -> str:
    amount, subject = _amount(limit), limit.subject.value
    unit = {
        Measure.COST: f"{amount} USD",
        Measure.CONCURRENCY: f"{amount} calls at a time",
    }.get(limit.measure, f"{amount} {limit.measure.value}")
    each = f" a {limit.window.value}" if limit.window else ""
    if away:
        return f"Whether {unit}{each} are left for this {subject} cannot be told right now."
    return f"This {subject} is limited to {unit}{each}, and that is reached."
