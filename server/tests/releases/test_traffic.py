"""Releases under fire: a real predictor, two real models, and calls that nobody fails."""

import os
import signal
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from tests.core.facts import promised, wait_for
from tests.fixtures.control import add_model, chat, desk, do, everywhere
from tests.fixtures.house import House, open_house, run_hone
from tests.releases.traffic import OVER, RELEASES, Traffic, read, started, until
from tests.versions import trained

NAME = "ticket-classifier"
MODELS = f"/api/ai/models/{NAME}"
OLD, NEW = "1.0.0", "2.0.0"


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """Give a Hone with a trained model that is live, and a second version of it."""
    with open_house(workers=1) as opened:
        found = opened.rows("SELECT id FROM organizations ORDER BY created_at LIMIT 1")
        ours = UUID(str(found[0][0]))
        for folder in (trained.train(), trained.train(pin="secret")):
            trained.register(opened, ours, folder, NAME)
        do(opened, "POST", f"{MODELS}/promote", {"version": OLD})
        everywhere(opened, lambda client: client.get(f"/v1/models/{NAME}").status_code == 200)
        yield opened


def test_a_name_that_nobody_released_says_what_there_is_and_is_waited_for(house: House) -> None:
    ours = UUID(str(house.rows("SELECT id FROM organizations ORDER BY created_at LIMIT 1")[0][0]))
    trained.register(house, ours, trained.train(card="parcel"), "parcels")
    body = {"model": "parcels", "input": trained.PIN}
    with desk(house) as client:
        words = (
            "No version of parcels is live; the newest is 1.0.0. Promote it"
            " (`hone models promote parcels 1.0.0`), or release it step by step."
        )
        wait_for(lambda: client.post("/v1/classify", json=body).json()["error"]["message"] == words)
        do(house, "POST", "/api/ai/models/parcels/promote", {"version": "1.0.0"})
        # At once: the server may not have heard of the promotion, nor the predictor.
        answer = client.post("/v1/classify", json=body)
    assert answer.status_code == 200, answer.text


def plan(*steps: dict[str, Any], **told: Any) -> dict[str, Any]:
    """Write a plan."""
    return {"plan": {"steps": list(steps), "guardrails": [], **told}}


def newest(house: House) -> str:
    return do(house, "GET", MODELS)["versions"][0]["version"]


def test_steps_keep_who_is_where_and_no_call_fails(house: House) -> None:
    assert newest(house) == NEW
    traffic = Traffic(house, NAME)
    hold = {"units": 3, "seconds": 2}
    with traffic.firing():
        wait_for(lambda: len(traffic.said) > 20)
        steps = ({"share": 0.3, "hold": hold}, {"share": 0.7, "hold": hold})
        release = started(house, NAME, NEW, strategy="gradual", **plan(*steps))
        told = until(house, release, "succeeded", within=60)
        count = len(traffic.said)
        wait_for(lambda: len(traffic.said) > count + 40)
    assert {each.status for each in traffic.said} == {200}
    assert traffic.versions() == {OLD, NEW}
    assert traffic.versions(count) == {NEW}, "somebody is still with the former version"
    # Whoever has had the candidate keeps it: raising a share takes nobody back.
    for user in {each.user for each in traffic.said}:
        had = [each.version for each in traffic.said if each.user == user]
        assert had == sorted(had), user
    arms = {each["name"]: each for each in told["arms"]}
    assert arms["candidate"]["units"] + arms["live"]["units"] >= traffic.users
    assert arms["candidate"]["metrics"]["error_rate"]["mean"] == 0
    assert arms["candidate"]["metrics"]["latency_ms"]["mean"] > 0
    # And back, from a release that was over.
    asked = time.monotonic()
    do(house, "POST", f"{RELEASES}/{release}/rollback", {"reason": "back for the next test"})
    wait_for(lambda: _answers(house, "guest-1") == OLD)
    assert time.monotonic() - asked < promised(10)
    until(house, release, "rolled_back")


def _answers(house: House, user: str) -> str:
    with desk(house) as client:
        return Traffic(house, NAME).call(client, user).version


@pytest.mark.promise
def test_going_back_takes_less_than_five_seconds(house: House) -> None:
    traffic = Traffic(house, NAME)
    with traffic.firing(4):
        hold = {"seconds": 600}
        release = started(
            house, NAME, NEW, strategy="blue_green", **plan({"share": 1, "hold": hold})
        )
        until(house, release, "running")
        wait_for(lambda: {each.version for each in traffic.said[-10:]} == {NEW})
        clicked = time.monotonic()
        do(house, "POST", f"{RELEASES}/{release}/rollback", {"reason": "measured"})
        wait_for(lambda: {each.version for each in traffic.said[-10:]} == {OLD})
        until(house, release, "rolled_back")
    last = max(each.begun for each in traffic.said if each.version == NEW)
    assert last - clicked < promised(5)
    assert {each.status for each in traffic.said} == {200}


def staged(house: House) -> str | None:
    """Return the version that predictors keep loaded beside the live one."""
    rows = house.rows(
        "SELECT v.major || '.' || v.minor || '.' || v.patch FROM model_history h"
        " LEFT JOIN model_versions v ON v.id = h.version_id"
        f" WHERE h.environment = 'canary' AND h.name = '{NAME}' ORDER BY sequence DESC LIMIT 1"
    )
    return None if rows[0][0] is None else str(rows[0][0])


def test_going_back_after_the_end_is_as_quick_while_the_former_version_is_kept(
    house: House,
) -> None:
    step = plan({"share": 1, "hold": {"seconds": 1}}, keepFormer=600)
    release = started(house, NAME, NEW, strategy="blue_green", **step)
    told = until(house, release, "succeeded")
    assert told["keptUntil"] is not None
    assert staged(house) == OLD
    traffic = Traffic(house, NAME)
    with traffic.firing(4):
        wait_for(lambda: {each.version for each in traffic.said[-10:]} == {NEW}, 20)
        clicked = time.monotonic()
        do(house, "POST", f"{RELEASES}/{release}/rollback", {"reason": "measured"})
        wait_for(lambda: {each.version for each in traffic.said[-10:]} == {OLD}, 20)
        assert until(house, release, "rolled_back")["keptUntil"] is None
    assert max(each.begun for each in traffic.said if each.version == NEW) - clicked < 5
    assert {each.status for each in traffic.said} == {200}
    assert staged(house) is None
    # Kept for a second only, it is let go of by itself.
    short = plan({"share": 1, "hold": {}}, keepFormer=1)
    release = started(house, NAME, NEW, strategy="blue_green", **short)
    until(house, release, "succeeded")
    wait_for(lambda: staged(house) is None, 20)
    assert read(house, release)["timeline"][-1]["kind"] == "let_go"
    do(house, "POST", f"{RELEASES}/{release}/rollback", {"reason": "for the next test"})
    until(house, release, "rolled_back")


def test_going_back_needs_no_predictor(house: House) -> None:
    release = started(house, NAME, NEW, **plan({"share": 1, "hold": {"seconds": 600}}))
    until(house, release, "running")
    wait_for(lambda: _answers(house, "guest-2") == NEW)
    predictors = house.pids("predictor")
    for pid in predictors:
        os.kill(pid, signal.SIGSTOP)
    try:
        told = do(house, "POST", f"{RELEASES}/{release}/rollback", {"reason": "it is away"})
        assert told["state"] == "rolling_back"
        assert until(house, release, "rolled_back", within=60)["share"] is None
    finally:
        for pid in predictors:
            os.kill(pid, signal.SIGCONT)
    wait_for(lambda: _answers(house, "guest-2") == OLD)


def test_a_shadow_is_compared_and_seen_by_nobody(house: House) -> None:
    traffic = Traffic(house, NAME)
    steps = {"share": 0, "hold": {"units": 5, "seconds": 1}}
    with traffic.firing():
        release = started(house, NAME, NEW, strategy="shadow", **plan(steps, agreement=0.9))
        told = wait_for(
            lambda: found if (found := read(house, release)).get("agreement") is not None else None,
            40,
        )
        assert told is not None
        held = until(house, release, "holding")
    assert traffic.versions() == {OLD}
    # The new version has another word for a topic, so not one copy is answered alike.
    assert (held["heldBy"], held["agreement"]) == ("signal", 0.0)
    assert "were answered alike" in held["words"]
    do(house, "POST", f"{RELEASES}/{release}/cancel", {})
    until(house, release, "cancelled")


def test_a_candidate_that_fails_goes_back_by_itself_and_users_notice_nothing(
    house: House,
) -> None:
    good, bad = add_model(house), add_model(house, "status=500")
    for version, model in (("1.0.0", good), ("1.1.0", bad)):
        config = {"model": model}
        body = {"action": "register", "name": "helper", "version": version, "config": config}
        do(house, "POST", "/api/ai/models", body)
    do(house, "POST", f"{MODELS.replace(NAME, 'helper')}/promote", {"version": "1.0.0"})
    everywhere(house, lambda client: client.get("/v1/models/helper").status_code == 200)
    made = do(
        house,
        "POST",
        RELEASES,
        {"name": "helper", "version": "1.1.0", "share": 0.5},
    )
    until(house, made["id"], "running")
    for number in range(120):
        assert chat(house, "helper", user=f"guest-{number}").status_code == 200
        if read(house, made["id"])["state"] not in {"running", "holding"}:
            break
    over = until(house, made["id"], *OVER)
    assert over["state"] == "rolled_back"
    (harmed,) = [each for each in over["timeline"] if each["kind"] == "harmed"]
    assert "failed calls" in harmed["words"]
    assert "that is not chance" in harmed["words"]
    guard = next(each for each in over["guardrails"] if each["metric"] == "error_rate")
    assert (guard["state"], guard["difference"] > 0.5) == ("harmed", True)


def test_the_command_line_starts_shows_and_takes_back(house: House) -> None:
    env = {"HONE_DATA_DIR": str(house.data_dir)}
    told = run_hone("release", "start", NAME, NEW, "--preview", "--override", "x", env=env)
    assert "2.0.0 is made ready beside 1.0.0, and checked." in told.stdout, told.stderr
    told = run_hone("release", "start", NAME, NEW, "--share", "0.2", "--override", "x", env=env)
    release = told.stdout.partition(":")[0]
    assert release.startswith("rel_"), told.stdout + told.stderr
    until(house, release, "running")
    assert "20 %" in run_hone("release", "list", env=env).stdout
    back = run_hone("release", "rollback", release, "--reason", "enough", env=env)
    assert "rolling_back: It goes back" in back.stdout, back.stderr
    until(house, release, "rolled_back")
