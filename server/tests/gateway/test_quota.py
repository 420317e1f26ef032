"""The bookkeeping of quota, against a store in memory that does what PostgreSQL's does."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from hone.core import ids
from hone.gateway import Asking, Granting, Limit, Measure, Quota, Subject, Window
from hone.gateway.blocks import Block, Verdict, Waiter
from hone.gateway.limiting import duration
from hone.gateway.limits import bounds

ORGANIZATION = ids.new()
AT = 1_790_000_000_000
HORIZON = 10**6


@dataclass
class Store:
    """What each holder of one window is known to own."""

    amount: int
    leases: dict[int, tuple[int, int]] = field(default_factory=dict[int, tuple[int, int]])
    """By holder: its turn, and what it owns."""

    @property
    def granted(self) -> int:
        return sum(owned for _, owned in self.leases.values())

    def lease(self, holder: int, turn: int, asking: Asking) -> Granting | None:
        known, before = self.leases.get(holder, (0, 0))
        if known >= turn:
            return None
        taken = self.granted - before + asking.owned
        free = max(self.amount - taken, 0)
        if free <= asking.least:
            given = free - free % asking.unit
        else:
            given = asking.least + min(asking.most - asking.least, (free - asking.least) // 8)
        self.leases[holder] = (turn, asking.owned + given)
        return Granting(given, max(self.amount - taken - given, 0))


@dataclass
class Call:
    """A call that is promised units, or waits for them."""

    block: Block
    need: int
    waiter: Waiter | None = None


@dataclass
class Process:
    """A server process: its quota, its calls, and a statement that is on its way."""

    number: int
    limit: Limit
    quota: Quota = field(default_factory=Quota)
    calls: list[Call] = field(default_factory=list[Call])
    turn: int = 0
    late: list[tuple[int, list[Asking]]] = field(default_factory=list[tuple[int, list[Asking]]])

    @property
    def block(self) -> Block:
        return self.quota.account(self.limit).at(AT)

    def call(self, need: int, now: float) -> None:
        block = self.block
        if self.quota.take(block, need, now):
            self.calls.append(Call(block, need))
        else:
            self.calls.append(Call(block, need, self.quota.queue(block, need, now)))

    def settle(self, share: float) -> None:
        """End the oldest call that was promised its units, which used a share of them."""
        for call in self.calls:
            if call.waiter is None or _verdict(call.waiter) is Verdict.PROMISED:
                used = 0 if self.limit.window is None else int(call.need * share)
                self.quota.settle(call.block, call.need, used)
                self.calls.remove(call)
                return

    def ask(self, store: Store, now: float, *, beat: bool, fate: str) -> None:
        asking = self.quota.asking(AT, now, beat=beat)
        self.turn += 1
        match fate:
            case "answered":
                self.answer(store, asking, now)
            case "answer lost":
                self.apply(store, self.turn, asking)
                self.quota.lose()
            case "late":
                self.late.append((self.turn, asking))
                self.quota.lose()
            case _:
                self.quota.lose()

    def answer(self, store: Store, asking: Sequence[Asking], now: float) -> None:
        answers = self.apply(store, self.turn, asking)
        self.quota.granted(zip(asking, answers, strict=True), now, now)

    def apply(self, store: Store, turn: int, asking: Sequence[Asking]) -> list[Granting | None]:
        return [store.lease(self.number, turn, each) for each in asking]

    def forget_refused(self) -> None:
        self.calls = [
            each
            for each in self.calls
            if each.waiter is None or _verdict(each.waiter) in {None, Verdict.PROMISED}
        ]

    def promised(self) -> int:
        """Add up what calls in progress were promised."""
        return sum(
            each.need
            for each in self.calls
            if each.waiter is None or _verdict(each.waiter) is Verdict.PROMISED
        )


def _verdict(waiter: Waiter) -> Verdict | None:
    return waiter.verdict.result() if waiter.verdict.done() else None


FATES = st.sampled_from(["answered"] * 4 + ["answer lost", "late", "failed"])
STEPS = st.one_of(
    st.tuples(st.just("call"), st.integers(1, 9)),
    st.tuples(st.just("call"), st.integers(1, 9)),
    st.tuples(st.just("settle"), st.floats(0, 1)),
    st.tuples(st.just("ask"), FATES),
    st.tuples(st.just("beat"), FATES),
    st.tuples(st.just("late"), st.none()),
    st.tuples(st.just("wait"), st.floats(0.01, 12)),
)
WORLDS = st.lists(st.tuples(st.integers(0, 1), STEPS), min_size=20, max_size=120)
MEASURES = st.sampled_from([Measure.REQUESTS, Measure.COST, Measure.CONCURRENCY])


@settings(max_examples=300)
@given(amount=st.integers(0, 200), measure=MEASURES, steps=WORLDS)
def test_processes_never_promise_more_than_there_is_whatever_answers_are_lost(
    amount: int, measure: Measure, steps: list[tuple[int, tuple[str, object]]]
) -> None:
    asyncio.run(_live(amount, measure, steps))


async def _live(amount: int, measure: Measure, steps: list[tuple[int, tuple[str, object]]]) -> None:
    window = None if measure is Measure.CONCURRENCY else Window.DAY
    limit = Limit(ids.new(), ORGANIZATION, Subject.KEY, ids.new(), measure, window, amount)
    store = Store(amount)
    processes = [Process(number, limit) for number in range(2)]
    now = 100.0
    for index, (word, value) in steps:
        process = processes[index]
        match word, value:
            case "call", int(need):
                process.call(1 if measure is not Measure.COST else need, now)
            case "settle", float(share):
                process.settle(share if measure is Measure.COST else 1.0)
            case (("ask" | "beat"), str(fate)):
                process.ask(store, now, beat=word == "beat", fate=fate)
            case "late", _:
                for turn, asking in process.late:
                    process.apply(store, turn, asking)
                process.late.clear()
            case _, float(seconds):
                now += seconds
            case _:
                raise AssertionError(word)
        process.forget_refused()
        _check(store, processes, amount)
    _settle_all(store, processes, now, amount)


def _check(store: Store, processes: Sequence[Process], amount: int) -> None:
    used = sum(each.block.spent + each.block.promised for each in processes)
    assert used <= amount
    assert store.granted <= amount
    for each in processes:
        assert each.block.promised == each.promised()
        assert each.block.owned == each.block.spent + each.block.promised + each.block.free
        _, known = store.leases.get(each.number, (0, 0))
        # What the store knows of is never less than what calls may use of it.
        assert each.block.owned <= known or each.late


def _settle_all(store: Store, processes: Sequence[Process], now: float, amount: int) -> None:
    """When all has ended and been told, what is leased is what was spent."""
    for process in processes:
        process.late.clear()
        process.ask(store, now, beat=True, fate="failed")
        process.forget_refused()
        while process.calls:
            process.settle(1.0)
        process.turn += 1
        asking = process.quota.empty()
        process.answer(store, asking, now)
    assert store.granted == sum(each.block.spent for each in processes) <= amount


def test_calls_beyond_their_promise_are_charged_and_make_the_next_wait() -> None:
    async def run() -> None:
        limit = Limit(
            ids.new(), ORGANIZATION, Subject.KEY, ids.new(), Measure.COST, Window.DAY, 100
        )
        store = Store(100)
        process = Process(1, limit)
        process.call(10, 1.0)
        process.ask(store, 1.0, beat=False, fate="answered")
        (call,) = process.calls
        process.quota.settle(call.block, 10, 95)
        process.calls.clear()
        process.call(10, 1.0)
        process.ask(store, 1.0, beat=False, fate="answered")
        (waiting,) = process.calls
        assert waiting.waiter is not None
        assert _verdict(waiting.waiter) is Verdict.REFUSED
        assert store.granted == 95
        assert process.block.remaining == 5

    asyncio.run(run())


def test_a_limit_that_was_deleted_holds_nobody() -> None:
    async def run() -> None:
        limit = Limit(
            ids.new(), ORGANIZATION, Subject.KEY, ids.new(), Measure.REQUESTS, Window.DAY, 0
        )
        process = Process(1, limit)
        process.call(1, 1.0)
        asking = process.quota.asking(AT, 1.0, beat=False)
        process.quota.granted([(each, Granting(0, None)) for each in asking], 1.0, 1.0)
        process.call(1, 1.0)
        verdicts = [each.waiter and _verdict(each.waiter) for each in process.calls]
        assert verdicts == [Verdict.PROMISED] * 2
        assert process.quota.asking(AT, 2.0, beat=True) == []

    asyncio.run(run())


def test_a_call_that_comes_late_does_not_hide_what_was_spent_before() -> None:
    async def run() -> None:
        limit = Limit(
            ids.new(), ORGANIZATION, Subject.KEY, ids.new(), Measure.REQUESTS, Window.MINUTE, 9
        )
        account = Quota().account(limit)
        blocks = [account.at(AT + 60_000 * minute) for minute in range(6)]
        account.close(blocks[:2])
        assert account.at(AT) is blocks[0]
        assert account.at(AT - 60_000).owned == 0
        account.close(blocks[:5])
        assert account.at(AT + 60_000 * 3) is blocks[3]
        # What was spent in that window is forgotten, so the call counts in the present one.
        assert account.at(AT) is blocks[5]

    asyncio.run(run())


@given(st.sampled_from(Window), st.integers(0, 4_102_444_800_000))
def test_windows_follow_each_other_without_a_gap(window: Window, at: int) -> None:
    start, end = bounds(window, at)
    assert start <= at < end
    assert bounds(window, end)[0] == end
    assert bounds(window, start) == bounds(window, end - 1) == (start, end)


def test_times_are_written_as_openai_does() -> None:
    told = [duration(each) for each in (-5, 17, 1000, 1500, 360_000, 86_399_001)]
    assert told == [b"0ms", b"17ms", b"1s", b"1.5s", b"6m0s", b"23h59m59.001s"]
