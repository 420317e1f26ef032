"""Releases through the API, with a worker that looks when the test says so."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from hone import operations, releases
from hone.core import events, ids
from hone.core.db import Database
from hone.identity import Permission
from hone.privacy import traces
from hone.privacy.target import Target
from tests.fixtures.database import Urls
from tests.identity.api import told
from tests.operations.frames import land as store
from tests.operations.frames import settled
from tests.releases.conftest import MODELS, NAME, RELEASES, Desk

_VERSIONS = text("SELECT * FROM organization_versions()")
STEPS = [
    {"share": 0.1, "hold": {"seconds": 20}},
    {"share": 0.5, "hold": {"seconds": 20}},
]
GRADUAL: dict[str, Any] = {"strategy": "gradual", "plan": {"steps": STEPS, "guardrails": []}}


async def test_a_gradual_release_goes_step_by_step_and_is_told(desk: Desk, owner: Database) -> None:
    made = await desk.start(**GRADUAL, reason="It is better")
    assert (made["state"], made["share"], made["former"]) == ("preparing", None, "1.0.0")
    assert made["planWords"] == [
        "1.1.0 is made ready beside 1.0.0, and checked.",
        "Step 1: it answers 10 % of the users, always the same ones, for 20 seconds.",
        "Step 2: it answers 50 % of the users, always the same ones, for 20 seconds.",
        "After the last step 1.1.0 is put in force by itself.",
    ]
    await desk.look()
    first = await desk.read(made)
    assert (first["state"], first["step"], first["share"]) == ("running", 0, 0.1)
    await desk.look(4, times=4)
    assert (await desk.read(made))["progress"]["seconds"] == 12
    await desk.look(4, times=2)
    assert (await desk.read(made))["share"] == 0.5
    assert (await desk.live(), await desk.target()) == ("1.0.0", "gpt-0")
    await desk.look(4, times=6)
    promoting = await desk.read(made)
    assert (promoting["state"], promoting["share"]) == ("promoting", 0.5)
    assert (await desk.live(), await desk.target()) == ("1.1.0", "gpt-1")
    await desk.look(4, times=3)
    over = await desk.read(made)
    assert (over["state"], over["share"], over["actions"]) == ("succeeded", None, ["rollback"])
    kinds = [each["kind"] for each in over["timeline"]]
    assert kinds == [
        *("started", "preparing", "step", "step", "promoting", "settling", "succeeded"),
    ]
    names = [name for name, _, _ in await told(owner) if name.startswith("release.")]
    assert names == [
        *("release.started", "release.moved", "release.stepped", "release.stepped"),
        *("release.promoting", "release.moved", "release.succeeded"),
    ]
    history = (await desk.api.get(f"{MODELS}/{NAME}/history")).json()
    assert [each["version"] for each in history["items"]] == ["1.1.0", "1.0.0"]
    assert history["items"][0]["reason"] == "It is better"


async def test_going_back_takes_the_traffic_at_once_and_the_rest_follows(desk: Desk) -> None:
    made = await desk.start(**GRADUAL)
    await desk.look()
    back = await desk.press(made, "rollback", reason="It answers oddly.")
    assert back.status_code == 200, back.text
    assert (back.json()["state"], back.json()["share"]) == ("rolling_back", None)
    await desk.look(2, times=3)
    over = await desk.read(made)
    assert over["state"] == "rolled_back"
    assert over["timeline"][-2]["words"] == "It goes back, as was asked for. It answers oddly."
    assert await desk.live() == "1.0.0"
    again = await desk.press(made, "rollback", reason="again")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "release_over")


async def test_what_has_succeeded_can_still_go_back(desk: Desk) -> None:
    made = await desk.start(strategy="immediate")
    assert (made["state"], await desk.target()) == ("promoting", "gpt-1")
    await desk.look()
    assert (await desk.read(made))["state"] == "succeeded"
    back = await desk.press(made, "rollback", reason="no")
    assert back.json()["state"] == "rolling_back"
    assert (await desk.live(), await desk.target()) == ("1.0.0", "gpt-0")
    await desk.look(2, times=3)
    assert (await desk.read(made))["state"] == "rolled_back"
    # What something else has followed is not taken back with it.
    older = await desk.start(strategy="immediate")
    await desk.look()
    newer = await desk.start("1.2.0", strategy="immediate")
    late = await desk.press(older, "rollback", reason="no")
    assert late.json()["error"]["code"] == "release_superseded"
    await desk.look()
    assert (await desk.read(newer))["state"] == "succeeded"


async def test_two_people_at_once(desk: Desk) -> None:
    made = await desk.start(**GRADUAL)
    await desk.look()
    await desk.api.refresh()
    presses = [desk.press(made, "advance"), desk.press(made, "rollback", reason="stop")]
    answers = await asyncio.gather(*presses, desk.look(1))
    states = [each.json().get("state") for each in answers[:2] if each is not None]
    assert "rolling_back" in states
    # Whoever came first, it ends with the version before, and with nothing in between.
    await desk.look(2, times=4)
    assert (await desk.read(made))["state"] == "rolled_back"
    assert await desk.live() == "1.0.0"
    both = await asyncio.gather(
        *(
            desk.api.post(RELEASES, {"name": NAME, "version": each, **GRADUAL})
            for each in ("1.1.0", "1.2.0")
        )
    )
    assert sorted(each.status_code for each in both) == [201, 409]
    refused = next(each for each in both if each.status_code == 409)
    assert refused.json()["error"]["code"] == "release_under_way"


async def test_a_clock_that_jumps_ends_no_step(desk: Desk) -> None:
    made = await desk.start(**GRADUAL)
    await desk.look()
    for jump in (86_400.0, -90_000.0, 3.0, 86_400.0):
        await desk.look(jump)
    told = await desk.read(made)
    # Counted from the first look: a day forward is 5 seconds, a day back is none.
    assert (told["step"], told["progress"]["seconds"]) == (0, 8)


async def test_people_hold_resume_approve_and_go_on(desk: Desk) -> None:
    steps = [STEPS[0] | {"approval": True}, STEPS[1]]
    made = await desk.start(strategy="gradual", plan={"steps": steps, "promotion": "approval"})
    early = await desk.press(made, "advance")
    assert (early.status_code, early.json()["error"]["code"]) == (409, "release_not_there")
    await desk.look()
    assert (await desk.press(made, "hold")).json()["heldBy"] == "person"
    await desk.look(4, times=9)
    assert (await desk.read(made))["state"] == "holding"
    assert (await desk.press(made, "resume")).json()["state"] == "running"
    await desk.look(4, times=6)
    waits = await desk.read(made)
    assert (waits["heldBy"], waits["step"]) == ("approval", 0)
    assert waits["actions"] == ["advance", "approve", "rollback", "cancel"]
    approved = await desk.press(made, "approve", note="Looks good")
    assert approved.json()["step"] == 1
    assert [each["note"] for each in approved.json()["approvals"]] == ["Looks good"]
    await desk.look(4, times=6)
    assert (await desk.read(made))["heldBy"] == "approval"
    assert (await desk.press(made, "approve", note="Go")).json()["state"] == "promoting"
    await desk.look(4, times=3)
    assert (await desk.read(made))["state"] == "succeeded"


async def test_what_is_done_by_hand_meanwhile_ends_the_release(desk: Desk) -> None:
    made = await desk.start(**GRADUAL)
    await desk.look()
    await desk.act(action="deploy", name=NAME, version="1.2.0")
    await desk.look(2, times=4)
    ended = await desk.read(made)
    assert (ended["state"], await desk.live()) == ("cancelled", "1.2.0")
    assert "Somebody put another version in force" in ended["timeline"][-2]["words"]
    other = await desk.start(**GRADUAL)
    await desk.look()
    await desk.act(action="deprecate", name=NAME, version="1.1.0")
    await desk.look(2, times=4)
    assert (await desk.read(other))["state"] == "cancelled"


async def test_the_calls_of_the_requirements(desk: Desk) -> None:
    deploy = {"action": "deploy", "name": NAME, "version": "v1.1.0"}
    canary = await desk.act(**deploy, strategy="canary", rolloutPercentage=10)
    assert canary.status_code == 200, canary.text
    told = canary.json()["release"]
    assert (told["strategy"], told["state"], told["version"]) == ("canary", "preparing", "1.1.0")
    assert canary.json()["live"]["production"] == "1.0.0"
    await desk.look()
    assert (await desk.read(told))["share"] == 0.1
    back = await desk.act(action="rollback", name=NAME)
    assert back.json()["release"]["state"] == "rolling_back"
    await desk.look(2, times=3)
    for strategy in ("gradual", "blue-green", "shadow"):
        made = (await desk.act(**deploy, strategy=strategy)).json()["release"]
        assert (await desk.press(made, "cancel")).json()["state"] == "rolling_back"
        await desk.look(2, times=3)
    odd = await desk.act(**deploy, strategy="big-bang")
    assert (odd.status_code, odd.json()["error"]["code"]) == (422, "release_plan_wrong")


async def test_a_first_version_takes_everything(desk: Desk) -> None:
    await desk.act(action="register", name="first", version="1.0.0", config={"model": "gpt-0"})
    made = await desk.api.post(RELEASES, {"name": "first", "version": "1.0.0"})
    assert made.json()["state"] == "promoting"
    assert "nothing to compare with" in made.json()["planWords"][0]
    await desk.look()
    over = await desk.read(made.json())
    assert (over["state"], over["actions"]) == ("succeeded", [])
    back = await desk.press(over, "rollback", reason="no")
    assert "Nothing was live before" in back.json()["error"]["message"]


async def test_the_version_before_is_deprecated_where_that_was_wanted(desk: Desk) -> None:
    made = await desk.start(strategy="immediate", plan={"deprecateFormer": True})
    await desk.look()
    assert (await desk.read(made))["state"] == "succeeded"
    former = (await desk.api.get(f"{MODELS}/{NAME}/versions/1.0.0")).json()
    assert former["state"] == "deprecated"


async def test_a_preview_tells_the_plan_and_starts_nothing(desk: Desk) -> None:
    body = {"name": NAME, "version": "1.1.0", "strategy": "canary", "share": 0.05}
    told = (await desk.api.post(f"{RELEASES}/preview", body)).json()
    assert told["words"][1] == (
        "Step 1: it answers 5 % of the users, always the same ones, for 30 minutes and until it has"
        " answered 200 users."
    )
    assert (told["seconds"], told["unitsPerDay"], told["expectedSeconds"]) == (1800, None, None)
    assert told["warnings"] == [
        "There were no calls in the last week: steps that wait for users or conversations wait until"
        " some come."
    ]
    assert (await desk.api.get(RELEASES)).json()["total"] == 0


async def test_a_preview_counts_the_users_of_a_day_since_the_first_call(
    desk: Desk, owner: Database, urls: Urls
) -> None:
    await operations.keep_partitions(owner)
    users = ("ada", "jun", "kim", "kim")
    await store(
        urls.owner, [settled(desk.api.organization_id, route=NAME, user=user) for user in users]
    )
    body = {"name": NAME, "version": "1.1.0", "strategy": "canary", "share": 0.05}
    told = (await desk.api.post(f"{RELEASES}/preview", body)).json()
    assert told["unitsPerDay"] == 3, "a week is not counted of a house that is an hour old"


@pytest.mark.parametrize(
    ("strategy", "plan", "words"),
    [
        ("immediate", {"steps": STEPS}, "no steps"),
        ("gradual", {"steps": []}, "needs a step"),
        ("gradual", {"steps": [*reversed(STEPS)]}, "never falls"),
        ("canary", {"steps": [{"share": 0}]}, "more than 0"),
        ("canary", {"agreement": 0.9}, "Only a shadow"),
        ("blue_green", {"steps": STEPS}, "share 1"),
        ("shadow", {"steps": STEPS}, "share 0"),
    ],
)
async def test_plans_that_cannot_be_followed_are_told(
    desk: Desk, strategy: str, plan: dict[str, Any], words: str
) -> None:
    body = {"name": NAME, "version": "1.1.0", "strategy": strategy, "plan": plan}
    refused = await desk.api.post(RELEASES, body)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "release_plan_wrong")
    assert words in refused.json()["error"]["message"]


async def test_lists_doors_and_permissions(desk: Desk) -> None:
    made = await desk.start(**GRADUAL)
    await desk.press(made, "cancel")
    await desk.look(2, times=3)
    newer = await desk.start("1.2.0", **GRADUAL)
    listed = (await desk.api.get(f"{RELEASES}?limit=1")).json()
    assert (listed["total"], listed["items"][0]["id"]) == (2, newer["id"])
    rest = (await desk.api.get(f"{RELEASES}?limit=1&cursor={listed['next']}")).json()
    assert (rest["items"][0]["state"], rest["next"]) == ("cancelled", None)
    ended = (await desk.api.get(f"{RELEASES}?state=cancelled&name={NAME}")).json()
    assert [each["id"] for each in ended["items"]] == [made["id"]]
    stranger = await desk.api.add_organization("Elsewhere")
    for answer in (
        await desk.api.get(f"{RELEASES}/{made['id']}", key=stranger),
        await desk.api.post(f"{RELEASES}/{made['id']}/cancel", {}, key=stranger),
    ):
        assert answer.status_code == 404
    reader = await desk.api.add_key(Permission.RELEASES_READ)
    assert (await desk.api.get(f"{RELEASES}/{made['id']}", key=reader)).status_code == 200
    body = {"name": NAME, "version": "1.1.0"}
    assert (await desk.api.post(RELEASES, body, key=reader)).status_code == 403


async def test_a_look_that_finds_nothing_to_do_makes_no_new_snapshot(desk: Desk) -> None:
    made = await desk.start(**GRADUAL)
    await desk.look()
    assert (await desk.read(made))["state"] == "running"

    async def version() -> int:
        async with desk.api.database.transaction() as session:
            found = await session.execute(_VERSIONS)
            return dict(tuple(row) for row in found)[desk.api.organization_id]

    before = await version()
    await desk.look(1, times=5)
    assert await version() == before
    await desk.press(made, "advance")
    assert await version() > before
    assert await releases.tick(desk.owner, desk.api.database, None) == 0


async def test_what_an_erased_person_typed_goes_and_what_was_done_stays(
    desk: Desk, owner: Database
) -> None:
    """Reasons lie in releases, their timelines, the history and the trail."""
    person = {"email": "bo@rosewood.example", "name": "Bo", "role": "developer"}
    made_person = (await desk.api.post("/api/identity/people", person)).json()
    bo, needle = made_person["id"], "%told by mole%"
    made = await desk.start(**GRADUAL, reason="told by mole-7")
    await desk.look()
    back = await desk.press(made, "rollback", reason="also told by mole-7")
    assert back.status_code == 200, back.text
    await desk.look(2, times=3)
    other = await desk.start(strategy="immediate", reason="bo@rosewood.example wished it")
    await desk.look()
    path = f"{MODELS}/{NAME}/versions/1.0.0/deprecate"
    gone = await desk.api.post(path, {"reason": "told by mole-7, too"})
    assert gone.status_code == 200, gone.text
    await events.seal(owner)
    tables = ("releases", "release_events", "model_history", "event_details")
    whole = " UNION ALL ".join(f"SELECT t::text AS row FROM {each} t" for each in tables)
    named = text(f"SELECT count(*) FROM ({whole}) AS every WHERE row ILIKE :needle")
    async with owner.transaction() as session:
        assert (await session.scalar(named, {"needle": needle}) or 0) >= 6
        # The key with which all of it was done is theirs.
        await session.execute(
            text("UPDATE api_keys SET person_id = :id"), {"id": ids.parse("person", bo)}
        )
    target = Target("person", bo)
    async with owner.transaction() as session:
        found = await traces.names(session, desk.api.organization_id, target)
        for trace in [*traces.said(target.kind), *traces.known(target.kind)]:
            while await trace.erase(session, found):
                pass
    async with owner.transaction() as session:
        assert await session.scalar(named, {"needle": needle}) == 0
        assert await session.scalar(named, {"needle": "%bo@rosewood%"}) == 0
        with pytest.raises(ProgrammingError, match="only ever added"):
            async with session.begin_nested():
                await session.execute(text("UPDATE model_history SET reason = 'nicer'"))
        with pytest.raises(ProgrammingError, match="only ever added"):
            async with session.begin_nested():
                await session.execute(text("UPDATE release_events SET kind = 'step'"))
        history = await session.execute(
            text("SELECT action, reason FROM model_history ORDER BY sequence")
        )
        assert set(map(tuple, history)) >= {("promoted", "erased"), ("deprecated", "erased")}
        states = await session.execute(text("SELECT id, state FROM releases ORDER BY id"))
        assert [each.state for each in states] == ["rolled_back", "succeeded"]
    assert other["version"] == "1.1.0"
