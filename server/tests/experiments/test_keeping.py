"""What is done for experiments by itself: killed, done again, early, late, it comes to the same."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import text

from hone.core import clock, events, ids
from hone.privacy import traces
from hone.privacy.target import Target
from tests.experiments.conftest import Bench, Json

LATENCY = [{"key": "latency_ms", "role": "primary"}, {"key": "error_rate", "role": "guardrail"}]
USERS = [f"guest-{number}" for number in range(300)]


def habit(user: str) -> float:
    """Tell how slow somebody's calls are, always: some ask for more."""
    return 200.0 + 40 * (int(user.rpartition("-")[2]) % 20)


def chance(user: str) -> float:
    """Tell what nobody knows beforehand."""
    return float(int(user.rpartition("-")[2]) * 7919 % 31 - 15)


async def rows(bench: Bench, query: str) -> list[Any]:
    async with bench.owner.transaction() as session:
        return list((await session.execute(text(query))).all())


def of(results: Json, metric: str) -> Json:
    return next(each for each in results["comparisons"] if each["metric"] == metric)


async def test_what_units_did_before_sharpens_the_difference(bench: Bench) -> None:
    await bench.before(USERS, habit)
    path = await bench.started(metrics=LATENCY)
    faster = {"control": 0.0, "treatment": -15.0}
    await bench.land(path, USERS, lambda user, arm: habit(user) + chance(user) + faster[arm])
    plain = of(await bench.get(f"{path}/results"), "latency_ms")
    assert not plain["cuped"]["used"]
    await bench.keep()
    sharp = of(await bench.get(f"{path}/results"), "latency_ms")
    assert sharp["cuped"]["used"]
    assert sharp["cuped"]["varianceReduction"] > 0.9
    assert sharp["high"] - sharp["low"] < (plain["high"] - plain["low"]) / 3
    assert sharp["low"] <= -15 <= sharp["high"]
    assert sharp["significant"]
    assert sharp["better"]


_SAY = """
INSERT INTO feedback (id, organization_id, digest, said, state, kind, metric, operation_id, actor, user_id,
    rating, positive, created_at)
SELECT gen_random_uuid(), organization_id, uuid_send(id), '', 'received', 'response', 'rating', id, 'app',
    user_id, stars, stars > 2, created_at
FROM (SELECT *, n % 4 + 1 + (arm IS NOT DISTINCT FROM 'treatment')::int - (n % {odd} = 0 AND n % 4 > 0)::int AS stars
    FROM (SELECT *, split_part(user_id, '-', 2)::int AS n FROM operations) each) each
WHERE (split_id IS NULL) = {before} RETURNING 1
"""
"""Users are about as strict as ever; whoever has the treatment gives a star more."""


async def test_what_people_said_before_sharpens_what_they_say(bench: Bench) -> None:
    await bench.before(USERS, habit)
    await rows(bench, _SAY.format(before=True, odd=7))
    await rows(bench, "UPDATE feedback SET state = 'accepted' RETURNING 1")
    metrics = [{"key": "rating", "role": "primary"}, {"key": "positive_feedback"}]
    path = await bench.started(metrics=metrics)
    await bench.land(path, USERS, lambda user, arm: 100.0)
    await rows(bench, _SAY.format(before=False, odd=5))
    await rows(bench, "UPDATE feedback SET state = 'accepted' WHERE state = 'received' RETURNING 1")
    plain = await bench.get(f"{path}/results")
    await bench.keep()
    sharp = await bench.get(f"{path}/results")
    for metric, least in (("rating", 0.7), ("positive_feedback", 0.2)):
        before, after = of(plain, metric), of(sharp, metric)
        assert not before["cuped"]["used"]
        assert after["cuped"]["varianceReduction"] > least, (metric, after)
        assert after["high"] - after["low"] < before["high"] - before["low"]
        assert after["better"], metric
    assert of(sharp, "rating")["low"] < 1 < of(sharp, "rating")["high"]


_DISLIKE = """
INSERT INTO feedback (id, organization_id, digest, said, state, kind, metric, operation_id, actor, user_id,
    positive, created_at)
SELECT gen_random_uuid(), organization_id, uuid_send(id), '', 'received', 'response', 'thumbs', id, 'app',
    user_id, arm = 'control', created_at
FROM operations WHERE split_id IS NOT NULL RETURNING 1
"""
"""Everybody likes the control, and nobody the treatment."""


async def test_a_guardrail_of_what_people_say_does_not_wait_for_a_hundred_of_them(
    bench: Bench,
) -> None:
    liked = {"key": "positive_feedback", "role": "guardrail", "margin": 0.1}
    path = await bench.started(metrics=[LATENCY[0], liked])
    await bench.land(path, USERS[:40], lambda user, arm: 100.0)
    await rows(bench, _DISLIKE)
    await rows(bench, "UPDATE feedback SET state = 'accepted' RETURNING 1")
    await bench.keep()
    found = await bench.get(f"{path}/results")
    assert all(arm["units"] < 30 for arm in found["arms"])
    guard = of(found, "positive_feedback")
    assert guard["broken"], guard["words"]
    assert "more than 10.0 points worse, and that is not chance" in guard["words"]


@pytest.mark.parametrize("how", ["stop", "decide"])
async def test_why_somebody_ended_it_goes_with_them(bench: Bench, how: str) -> None:
    person = {"email": "bo@rosewood.example", "name": "Bo", "role": "developer"}
    bo = (await bench.post("/api/identity/people", person, 201))["id"]
    said = "bo@rosewood.example thinks that it is faster"
    path = await bench.started(metrics=LATENCY, hypothesis=said)
    why = {"reason": "as mole-7 told me"}
    await bench.post(f"{path}/{how}", why | ({"arm": "treatment"} if how == "decide" else {}))
    await events.seal(bench.owner)
    tables = ("experiments", "event_details")
    whole = " UNION ALL ".join(f"SELECT t::text AS row FROM {each} t" for each in tables)
    named = f"SELECT count(*) FROM ({whole}) AS every WHERE row ILIKE '%mole-7%'"
    assert (await rows(bench, named))[0][0] == 2
    # The key with which it was done is theirs.
    key = f"UPDATE api_keys SET person_id = '{ids.parse('person', bo)}' RETURNING 1"
    await rows(bench, key)
    async with bench.owner.transaction() as session:
        found = await traces.names(session, bench.organization_id, Target("person", bo))
        for trace in traces.said("person"):
            while await trace.erase(session, found):
                pass
    assert (await rows(bench, named))[0][0] == 0
    left = await bench.get(path)
    assert (left["endedReason"], left["hypothesis"]) == ("erased", "erased")
    assert left["state"] == ("stopped" if how == "stop" else "decided"), "what was done stays"


async def test_done_again_it_comes_to_the_same(bench: Bench) -> None:
    path = await bench.started(metrics=LATENCY)
    await bench.land(path, USERS, lambda user, arm: habit(user))
    await bench.keep()
    first = await rows(bench, "SELECT * FROM split_units ORDER BY unit, arm")
    await bench.keep()
    # A clock that went back, and one that is set right again.
    await bench.keep(clock.now() - timedelta(days=2))
    assert await rows(bench, "SELECT * FROM split_units ORDER BY unit, arm") == first
    assert len(await rows(bench, "SELECT FROM experiment_looks")) == 1
    await bench.land(path, ["late-1"], lambda user, arm: 1.0)
    await bench.keep(clock.now() + timedelta(hours=2))
    found = await bench.get(f"{path}/results")
    assert len({each["at"] for each in found["history"]}) == 2
    assert sum(arm["units"] for arm in found["arms"]) == len(USERS) + 1


async def test_a_winner_is_told_and_takes_the_name(bench: Bench) -> None:
    path = await bench.started(metrics=LATENCY)
    many = [f"guest-{number}" for number in range(600)]
    await bench.land(path, many, lambda user, arm: habit(user) - 200 * (arm == "treatment"))
    found = await bench.get(f"{path}/results")
    assert found["verdict"]["state"] == "winner"
    assert found["verdict"]["arm"] == "treatment"
    assert found["sampleRatio"]["ok"]
    decided = await bench.post(f"{path}/decide", {"arm": "treatment", "reason": "it is faster"})
    assert decided["decided"]["standing"]
    views = await rows(bench, "SELECT winner, status FROM ab_tests")
    assert [tuple(each) for each in views] == [("treatment", "decided")]


async def test_units_that_did_not_come_as_they_should_spoil_it(bench: Bench) -> None:
    path = await bench.started(metrics=LATENCY)
    await bench.land(path, USERS, lambda user, arm: 100.0 + len(user))
    await rows(bench, "DELETE FROM split_units WHERE arm = 'control' AND unit % 4 <> 0 RETURNING 1")
    found = await bench.get(f"{path}/results")
    assert found["verdict"]["state"] == "sample_ratio_mismatch"


async def test_looks_of_a_planned_kind_come_by_units(bench: Bench) -> None:
    await bench.before(USERS, habit)
    path = await bench.started(metrics=LATENCY, method="sequential", minimumEffect=0.05, power=0.9)
    planned = (await bench.get(path))["plan"]["unitsPerArm"]
    assert planned > 300
    few = [f"guest-{number}" for number in range(20)]
    await bench.land(path, few, lambda user, arm: habit(user))
    await bench.keep()
    assert await rows(bench, "SELECT FROM experiment_looks") == []
    await bench.land(path, USERS, lambda user, arm: habit(user))
    await bench.keep()
    await bench.keep(clock.now() + timedelta(days=1))
    assert len(await rows(bench, "SELECT FROM experiment_looks")) == 1


async def test_a_bandit_gives_more_to_what_does_better(bench: Bench) -> None:
    path = await bench.started(metrics=LATENCY, mode="bandit")
    await bench.land(path, USERS, lambda user, arm: habit(user) - 100 * (arm == "treatment"))
    await bench.keep()
    assert [each["share"] for each in (await bench.get(path))["arms"]] == [0.5, 0.5]
    await bench.keep(clock.now() + timedelta(hours=1))
    shares = {each["name"]: each["share"] for each in (await bench.get(path))["arms"]}
    assert sum(shares.values()) == pytest.approx(1)
    assert 0.05 <= shares["control"] < 0.5 < shares["treatment"]


async def test_an_experiment_ends_when_its_time_is_over(bench: Bench) -> None:
    path = await bench.started(maxDays=3)
    await bench.keep(clock.now() + timedelta(days=2))
    assert (await bench.get(path))["state"] == "running"
    await bench.keep(clock.now() + timedelta(days=3, minutes=1))
    ended = await bench.get(path)
    assert ended["state"] == "stopped"
    assert ended["endedReason"] == "It has run for 3 days."
    await bench.started(name="the next one")


async def test_a_plan_is_reckoned_from_what_is_called_now(bench: Bench) -> None:
    arms = [{"name": "control", "ref": "one"}, {"name": "treatment", "ref": "other"}]
    asked: Json = {"target": "one", "arms": arms, "metrics": LATENCY, "minimumEffect": 0.1}
    nothing = await bench.post("/api/experiments/plan", asked)
    assert nothing["unitsPerArm"] is None
    await bench.before(USERS, habit)
    told = await bench.post("/api/experiments/plan", asked)
    # Welch's formula by hand: 2 s² (z + z)² / effect², and more for a look at any time.
    values = [habit(user) for user in USERS]
    mean = sum(values) / len(values)
    variance = sum((each - mean) ** 2 for each in values) / (len(values) - 1)
    once = 2 * variance * 7.849 / (0.1 * mean) ** 2
    assert told["baseline"] == pytest.approx(mean)
    fixed = await bench.post("/api/experiments/plan", asked | {"method": "fixed"})
    assert fixed["unitsPerArm"] == pytest.approx(once, rel=0.05)
    assert told["unitsPerArm"] > fixed["unitsPerArm"]
    assert told["days"] > 0
    assert fixed["bounds"] == told["bounds"] == [], "neither is planned look by look"
    looks = (await bench.post("/api/experiments/plan", asked | {"method": "sequential"}))["bounds"]
    assert [each["part"] for each in looks] == pytest.approx([each / 10 for each in range(1, 11)])
    assert all(one["shows"] > two["shows"] for one, two in pairwise(looks))
    assert all(one["futile"] < two["futile"] for one, two in pairwise(looks))
    assert looks[0]["futile"] < -2, "early, hardly anything is hopeless"
    assert looks[-1]["futile"] == looks[-1]["shows"], "in the end it is shown, or it is not"
