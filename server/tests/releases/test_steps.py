"""Steps of a release differ in who calls: arms are compared within each, and never by pooled sums."""

import random
from dataclasses import dataclass
from statistics import mean

import pytest
from sqlalchemy import text

from hone import operations
from hone.core import ids
from hone.core.db import Database
from hone.experiments import statistics
from hone.experiments.statistics import Kind, Moments
from hone.gateway import Exposure
from hone.operations.routes import router as operations_router
from hone.releases import figures
from hone.releases.figures import Arm
from hone.releases.schemas import Guardrail
from tests.fixtures.database import Urls
from tests.operations.frames import land as store
from tests.operations.frames import settled
from tests.releases.conftest import Desk, Json

HOLD = {"seconds": 60}
RAMP = [{"share": 0.1, "hold": HOLD}, {"share": 0.5, "hold": HOLD}, {"share": 1, "hold": HOLD}]
_UNITS = text("""
INSERT INTO split_units (organization_id, split_id, unit, arm, named, chance, first_at, operations, errors,
    rescued, timed, latency_ms, cost, tokens)
SELECT r.organization_id, r.splits[:step], u, :arm, true, 0.5, now(), 2, u % :each / (:each - 1), 0, 2,
    2 * (:latency + u % 10), 2e9, 100
FROM releases r, generate_series(CAST(:first AS bigint), :last) u WHERE r.id = :release
""")


@dataclass(frozen=True)
class Calls:
    """What the users of one arm did in one step: two calls each."""

    step: int
    arm: str
    first: int
    last: int
    latency: float
    each: int = 1000
    """One in so many users has a failed call."""


async def land(owner: Database, release: Json, *calls: Calls) -> None:
    """Write the sums that the drain writes of such calls."""
    async with owner.transaction() as session:
        for each in calls:
            values = vars(each) | {"release": ids.parse("rel", release["id"])}
            await session.execute(_UNITS, values)


def guard(told: Json, metric: str) -> Json:
    return next(each for each in told["guardrails"] if each["metric"] == metric)


async def ramp(desk: Desk, to: int) -> Json:
    """Start a release that is watched by time, and bring it to a step."""
    guards = [
        {"metric": "latency_ms", "margin": 0.1},
        {"metric": "error_rate", "margin": 0.02},
    ]
    plan = {"steps": RAMP, "guardrails": guards}
    made = await desk.start(strategy="gradual", plan=plan)
    await desk.look()
    for _ in range(to):
        assert (await desk.press(made, "advance")).status_code == 200
    return made


QUIET = (Calls(1, "live", 0, 899, 100), Calls(1, "candidate", 900, 999, 100))
"""Few have the candidate, and all calls are quick."""
BUSY = (Calls(2, "live", 0, 499, 400), Calls(2, "candidate", 500, 999, 400))
"""Half have it, and all calls are slow."""


async def test_a_busy_hour_at_a_larger_share_is_not_the_candidates_doing(
    desk: Desk, owner: Database
) -> None:
    made = await ramp(desk, to=1)
    await land(owner, made, *QUIET, *BUSY)
    await desk.look(3)
    told = await desk.read(made)
    # Pooled, the candidate takes 350 ms and the live version 211: that is the hour, and no harm.
    latency = guard(told, "latency_ms")
    assert latency["state"] == "fine", latency["words"]
    assert latency["low"] <= 0 <= latency["high"]
    assert abs(latency["difference"]) < 10
    assert "step by step" in latency["words"]
    assert guard(told, "error_rate")["state"] == "fine"
    assert told["state"] == "running"
    # Somebody who had it in both steps is one person.
    assert told["progress"]["units"] == 500
    # Each step stands by itself, too: how many met it, both figures, and what they say.
    quiet, busy = told["byStep"]
    assert [(each["step"], each["share"]) for each in (quiet, busy)] == [(0, 0.1), (1, 0.5)]
    assert quiet["candidate"] == {"units": 100, "operations": 200}
    assert busy["live"] == {"units": 500, "operations": 1000}
    for step, about in ((quiet, 104.5), (busy, 404.5)):
        figure = guard(step, "latency_ms")
        for arm in ("live", "candidate"):
            assert figure[arm]["mean"] == pytest.approx(about, abs=0.1)
            assert figure[arm]["low"] < about < figure[arm]["high"]
        assert figure["state"] == "fine"
    arms = {each["name"]: each["metrics"]["latency_ms"]["mean"] for each in told["arms"]}
    assert arms["live"] == pytest.approx(arms["candidate"], rel=0.02)


async def test_a_quiet_hour_at_a_larger_share_hides_no_harm(desk: Desk, owner: Database) -> None:
    made = await ramp(desk, to=1)
    slow = (Calls(1, "live", 0, 899, 400), Calls(1, "candidate", 900, 999, 480))
    quick = (Calls(2, "live", 0, 499, 100), Calls(2, "candidate", 500, 999, 125))
    await land(owner, made, *slow, *quick)
    # Pooled, it takes 184 ms where the live version takes 293.
    await desk.look(3)
    told = await desk.read(made)
    assert told["state"] == "rolling_back", told["guardrails"]
    assert "with the live version, step by step" in told["words"]


_SAID = text("""
INSERT INTO split_feedback (organization_id, split_id, metric, unit, arm, n, total)
SELECT organization_id, split_id, 'resolved', unit, arm, 2, CASE arm WHEN 'live' THEN 2 ELSE unit % 2 END
FROM split_units
""")


async def test_one_that_resolves_little_goes_back_before_a_hundred_users_met_it(
    desk: Desk, owner: Database
) -> None:
    guards = [{"metric": "resolved", "margin": 0.02}]
    plan = {"steps": RAMP, "guardrails": guards}
    made = await desk.start(strategy="gradual", plan=plan)
    await desk.look()
    await desk.press(made, "advance")
    few = (Calls(1, "live", 0, 89, 100), Calls(1, "candidate", 90, 99, 100))
    await land(
        owner, made, *few, Calls(2, "live", 100, 119, 100), Calls(2, "candidate", 120, 139, 100)
    )
    async with owner.transaction() as session:
        await session.execute(_SAID)
    await desk.look(3)
    told = await desk.read(made)
    assert told["state"] == "rolling_back", told["guardrails"]
    said = "The share of conversations resolved: 25.0 % with the candidate, 100.0 %"
    assert said in told["words"]


async def test_with_everybody_on_it_a_candidate_is_held_against_the_steps_before(
    desk: Desk, owner: Database
) -> None:
    made = await ramp(desk, to=2)
    whole = Calls(3, "candidate", 0, 999, 100, each=3)
    await land(owner, made, *QUIET, whole)
    await desk.look(3)
    told = await desk.read(made)
    assert told["state"] == "rolling_back", told["guardrails"]
    assert "the steps before" in told["words"]
    *_, last = told["byStep"]
    assert (last["step"], last["against"]) == (2, "the live version in the steps before")
    assert last["live"] == {"units": 0, "operations": 0}
    failed = guard(last, "error_rate")
    assert failed["state"] == "harmed"
    assert failed["live"]["mean"] < failed["candidate"]["mean"]


async def test_each_step_is_a_split_and_the_log_finds_them_by_the_release(
    desk: Desk, owner: Database
) -> None:
    made = await ramp(desk, to=1)
    async with owner.transaction() as session:
        found = (await session.execute(text("SELECT id, splits FROM releases"))).one()
    assert len(set(found.splits)) == len(RAMP)
    assert found.splits[0] == found.id
    # A release that began before steps were told apart has one split for all.
    async with owner.transaction() as session:
        await session.execute(text("UPDATE releases SET splits = '{}'"))
    await land(owner, made)
    await desk.look(3)
    told = await desk.read(made)
    assert (told["state"], told["byStep"]) == ("running", [])


async def test_a_filter_by_a_release_finds_the_calls_of_all_its_steps(
    desk: Desk, owner: Database, urls: Urls
) -> None:
    await operations.keep_partitions(owner)
    desk.api.app.include_router(operations_router)
    made = await ramp(desk, to=1)
    release_id = ids.parse("rel", made["id"])
    async with owner.transaction() as session:
        splits = await session.scalar(text("SELECT splits FROM releases"))
    other = ids.new()
    calls = [
        (splits[0], "live"), (splits[0], "candidate"), (splits[1], "candidate"),
        (splits[1], "candidate"), (splits[2], "candidate"), (other, "candidate"),
    ]  # fmt: skip
    frames = [
        settled(desk.api.organization_id, exposure=Exposure(split.bytes, arm, 0.5, number))
        for number, (split, arm) in enumerate(calls)
    ]
    frames.append(settled(desk.api.organization_id))
    await store(urls.owner, frames)

    async def found(query: str) -> list[Json]:
        answer = await desk.api.get(f"/api/ai/operations?{query}")
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    of_release = await found(f"split={made['id']}")
    assert len(of_release) == 5, "each step is a split, and all of them are the release"
    assert len(await found(f"split={made['id']}&arm=candidate")) == 4
    assert len(await found(f"split={made['id']}&arm=live")) == 1
    # By pages, it is the same.
    first = (await desk.api.get(f"/api/ai/operations?split={made['id']}&limit=3")).json()
    rest = await found(f"split={made['id']}&limit=3&cursor={first['next']}")
    assert [each["id"] for each in [*first["items"], *rest]] == [each["id"] for each in of_release]
    for each in of_release:
        detail = (await desk.api.get(f"/api/ai/operations/{each['id']}")).json()
        assert detail["split"]["id"] == made["id"]
    assert await found(f"split={ids.public('rel', ids.new())}") == []
    csv = await desk.api.get(f"/api/ai/operations/export?split={made['id']}&format=csv")
    assert len(csv.text.strip().splitlines()) == 6
    assert release_id == splits[0]


def of_calls(units: list[tuple[int, int]]) -> Moments:
    """Add up users: failed calls, and calls."""
    x, y = [float(each[0]) for each in units], [float(each[1]) for each in units]
    return Moments(
        len(units),
        sum(x),
        sum(each * each for each in x),
        sum(y),
        sum(each * each for each in y),
        sum(one * other for one, other in zip(x, y, strict=True)),
    )


Users = dict[int, tuple[int, int]]
"""Of each user, calls that failed and calls."""
Step = tuple[Users, Users]


def across(
    steps: list[Step],
) -> tuple[statistics.Side, statistics.Side]:
    """Compare over steps as the queries do: what a user adds in each step, squared over all of them."""
    pairs = [
        tuple(Arm(name, sums={"error_rate": of_calls(list(arm.values()))}) for name, arm in both)
        for both in (zip(("live", "candidate"), each, strict=True) for each in steps)
    ]
    made = [(one, other) for one, other in pairs]
    terms = figures.terms(made, "error_rate")
    spreads: list[tuple[int, float]] = []
    for place in (0, 1):
        added: dict[int, float] = {}
        for step, both in zip(steps, terms, strict=True):
            term = both[place]
            if term is None:
                continue
            for unit, (above, below) in step[place].items():
                added[unit] = added.get(unit, 0.0) + term.scale * (above - term.ratio * below)
        spreads.append((len(added), sum(each * each for each in added.values())))
    return figures.across(made, "error_rate", (spreads[0], spreads[1]))


def drawn(chance: random.Random, users: range, part: float) -> Users:
    """Draw calls of users, some of whom fail often and some never, whichever step it is."""
    found: Users = {}
    for user in users:
        calls = 1 + chance.randrange(4)
        often = part * (3 if user % 3 == 0 else 0)
        found[user] = sum(chance.random() < often for _ in range(calls)), calls
    return found


def test_one_step_is_what_it_always_was() -> None:
    chance = random.Random(4)
    both = drawn(chance, range(200), 0.1), drawn(chance, range(200, 260), 0.1)
    for found, arm in zip(across([both]), both, strict=True):
        moments = of_calls(list(arm.values()))
        plain = statistics.estimate(moments, Kind.RATE)
        assert plain is not None
        assert found.estimate is not None
        assert found.estimate.mean == pytest.approx(plain.mean)
        assert found.estimate.variance == pytest.approx(plain.variance)
        assert found.shown == pytest.approx(statistics.shown(moments, Kind.RATE))


def test_whoever_comes_back_is_no_second_witness() -> None:
    """Over many drawings the variance told is that which the difference has."""
    chance = random.Random(7)
    told: list[float] = []
    seen: list[float] = []
    for _ in range(150):
        users = list(range(900))
        chance.shuffle(users)
        place = {user: at / 900 for at, user in enumerate(users)}
        steps: list[Step] = []
        for share, part in ((0.1, 0.02), (0.3, 0.1), (0.6, 0.05)):
            everybody = drawn(chance, range(900), part)
            live = {user: said for user, said in everybody.items() if place[user] >= share}
            steps.append((live, {user: everybody[user] for user in everybody.keys() - live.keys()}))
        one, other = across(steps)
        assert one.estimate is not None
        assert other.estimate is not None
        told.append(one.estimate.variance + other.estimate.variance)
        seen.append(other.estimate.mean - one.estimate.mean)
    middle = mean(seen)
    had = mean((each - middle) ** 2 for each in seen)
    assert abs(middle) < 0.004
    # Whoever goes over to the candidate makes the arms alike: what is told is a little too much, never too little.
    assert 0.9 * had < mean(told) < 1.6 * had


def test_a_dead_candidate_is_found_in_whichever_step_it_dies() -> None:
    guard = Guardrail(metric="error_rate", margin=0.02)
    well = Arm("live", 90, 180, 0), Arm("candidate", 10, 20, 0)
    states: list[str] = []
    for dead in range(1, 13):
        now = Arm("live", 20, 40, 0), Arm("candidate", dead, 2 * dead, dead)
        both = Arm("live", 95, 220, 0), Arm("candidate", 10 + dead, 20, dead)
        states.append(figures.judge(guard, *both, steps=[well, now], of=3)["state"])
    assert (states[0], states[-1]) == ("waiting", "harmed")


def test_weights_know_nothing_of_the_outcome() -> None:
    many, few = Moments(300, 0, 0), Moments(100, 0, 0)
    assert statistics.weights([(many, few), (few, few), (many, Moments(0, 0, 0))]) == [
        0.6,
        0.4,
        0.0,
    ]
    assert statistics.weights([(many, Moments(0, 0, 0))]) == [0.0]
