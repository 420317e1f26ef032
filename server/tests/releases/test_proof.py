"""A winner of an experiment and its release: who answers, what the history says, and that the two agree."""

import pytest
from sqlalchemy import text

from hone import experiments, releases
from hone.core import clock, http
from hone.core.db import Database, Session
from hone.experiments.routes import router
from hone.gateway import Policy, Route
from tests.identity.api import told
from tests.releases.conftest import MODELS, NAME, RELEASES, Desk, Json

EXPERIMENTS = "/api/experiments"
ARMS = [
    {"name": "control", "kind": "version", "ref": "1.0.0"},
    {"name": "treatment", "kind": "version", "ref": "1.1.0"},
]


async def decided(desk: Desk, arm: str = "treatment", **how: object) -> Json:
    """Compare the live version with another, and decide."""
    if not any(getattr(each, "path", "") == EXPERIMENTS for each in desk.api.app.routes):
        http.add_routers(desk.api.app, router)
    body = {"name": "kinder words", "target": NAME, "arms": ARMS}
    made = (await desk.api.post(EXPERIMENTS, body)).json()
    await desk.api.post(f"{EXPERIMENTS}/{made['id']}/start", None)
    why = {"arm": arm, "reason": "People say so.", **how}
    answer = await desk.api.post(f"{EXPERIMENTS}/{made['id']}/decide", why)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def answers(session: Session, desk: Desk) -> str:
    """Return what answers the calls of the name: what a split says, or else what is live."""
    organization_id = desk.api.organization_id
    known = [NAME, "gpt-0", "gpt-1", "gpt-2"]
    routes = {each: Route(None, each, Policy.WEIGHTED, ()) for each in known}
    splits = {
        **await experiments.splits(session, organization_id, routes),
        **await releases.splits(session, organization_id, routes),
    }
    if NAME not in splits:
        return await desk.target()
    (arm,) = splits[NAME].arms
    return arm.route.name


async def test_a_version_that_is_decided_for_is_promoted_unless_it_is_to_stand(desk: Desk) -> None:
    done = await decided(desk)
    assert (done["decided"]["standing"], await desk.live()) == (False, "1.1.0")
    await desk.act(action="rollback", name=NAME)
    done = await decided(desk, stand=True)
    assert (done["decided"]["standing"], await desk.live()) == (True, "1.0.0")
    again = await decided_for_what_is_live(desk)
    assert not again["decided"]["standing"]


async def decided_for_what_is_live(desk: Desk) -> Json:
    """Decide for what answers anyhow: nothing stands, whatever was asked for."""
    newest = (await desk.api.get(EXPERIMENTS)).json()["items"][0]
    await desk.api.post(f"{EXPERIMENTS}/{newest['id']}/stop", {"reason": "the next one"})
    return await decided(desk, "control", stand=True)


async def test_the_winner_answers_from_the_decision_until_it_is_released_and_after(
    desk: Desk, owner: Database
) -> None:
    done = await decided(desk, stand=True)
    async with owner.transaction() as session:
        assert await answers(session, desk) == "gpt-1"
    # Nothing else can be released over it, and the winner only at once.
    other = await desk.api.post(RELEASES, {"name": NAME, "version": "1.2.0"})
    assert (other.status_code, other.json()["error"]["code"]) == (409, "name_split_already")
    assert "winner of the experiment" in other.json()["error"]["message"]
    wanted = {"name": NAME, "version": "1.1.0", "experiment": done["id"]}
    slow = await desk.api.post(f"{RELEASES}/preview", wanted)
    assert (slow.status_code, slow.json()["error"]["code"]) == (422, "release_plan_wrong")
    made = await desk.start(experiment=done["id"], strategy="immediate")
    assert made["experiment"] == {"id": done["id"], "name": "kinder words"}
    async with owner.transaction() as session:
        assert await answers(session, desk) == "gpt-1"
    await experiments.keep(owner)
    await desk.look(4, times=2)
    assert (await desk.read(made))["state"] == "succeeded"
    after = (await desk.api.get(f"{EXPERIMENTS}/{done['id']}")).json()
    assert not after["decided"]["standing"]
    assert after["release"] == {"id": made["id"], "version": "1.1.0", "state": "succeeded"}
    async with owner.transaction() as session:
        assert await answers(session, desk) == "gpt-1"
    assert await desk.live() == "1.1.0"
    assert "experiment.released" in [name for name, _, _ in await told(owner)]
    # The name is free: the next version comes as any other, and the way back is open.
    await desk.press(made, "rollback", reason="after all")
    await desk.look(4, times=2)
    assert await desk.live() == "1.0.0"
    assert (await desk.start(version="1.2.0"))["experiment"] is None


async def test_a_release_that_goes_back_gives_the_name_to_the_winner_again(
    desk: Desk, owner: Database
) -> None:
    done = await decided(desk, stand=True)
    made = await desk.start(experiment=done["id"], strategy="immediate")
    await desk.press(made, "rollback", reason="not today")
    await desk.look(4, times=2)
    assert (await desk.read(made))["state"] == "rolled_back"
    async with owner.transaction() as session:
        assert await answers(session, desk) == "gpt-1"
        held = await session.execute(text("SELECT kind FROM traffic_splits"))
        assert held.scalars().all() == ["experiment"]
    again = await desk.start(experiment=done["id"], strategy="immediate")
    await desk.api.post(f"{EXPERIMENTS}/{done['id']}/stop", {"reason": "Both, at once."})
    await desk.look(4, times=2)
    assert (await desk.read(again))["state"] == "succeeded"
    async with owner.transaction() as session:
        assert await answers(session, desk) == "gpt-1"


async def test_what_somebody_puts_in_force_by_hand_wins_over_what_stands(
    desk: Desk, owner: Database
) -> None:
    done = await decided(desk, stand=True)
    await experiments.keep(owner, clock.now())
    async with owner.transaction() as session:
        assert await answers(session, desk) == "gpt-1"
    await desk.api.post(f"{MODELS}/{NAME}/promote", {"version": "1.2.0"})
    await experiments.keep(owner, clock.now())
    async with owner.transaction() as session:
        assert await answers(session, desk) == "gpt-2"
    assert not (await desk.api.get(f"{EXPERIMENTS}/{done['id']}")).json()["decided"]["standing"]
    assert (await desk.start(version="1.0.0"))["state"] == "preparing"


@pytest.mark.parametrize("version", ["1.0.0", "1.2.0"])
async def test_a_release_names_no_experiment_that_proved_another_version(
    desk: Desk, version: str
) -> None:
    done = await decided(desk)
    wanted = {"name": NAME, "version": version, "experiment": done["id"]}
    refused = await desk.api.post(RELEASES, wanted)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "winner_other")
    gone = await desk.api.post(RELEASES, wanted | {"experiment": "exp_0"})
    assert gone.status_code == 404
