"""Turns of the loop: what begins one, who is asked, and what comes of it, with the real trainer."""

from typing import Any

from sqlalchemy import text

from hone.identity import Permission
from tests.improvement.conftest import CORRECTED, GATES, JOB, NAME, POLICIES, TURNS, Desk

Json = dict[str, Any]


def story(turn: Json) -> list[str]:
    return [each["decision"] for each in turn["timeline"]]


async def test_corrected_answers_bring_a_better_version_by_themselves(desk: Desk) -> None:
    async with desk.working():
        first = await desk.begin(NAME, gates=[GATES])
        assert (await desk.ended(first["id"]))["state"] == "succeeded"
        promoted = {"version": "1.0.0", "reason": "the first"}
        await desk.post(f"/api/ai/models/{NAME}/promote", promoted)
        policy = await desk.policy()
        assert (policy["words"], policy["turn"]) == ("Nobody has looked yet.", None)
        await desk.tick()
        policy = await desk.get(f"{POLICIES}/{policy['id']}")
        assert policy["words"] == "Nothing to do: 0 of 5 corrected answers since 1.0.0."
        assert await desk.turns() == []
        await desk.corrected()
        await desk.tick()
        [begun] = await desk.turns(model=NAME)
        assert begun["trigger"]["kinds"] == ["feedback_batch"]
        policy = await desk.get(f"{POLICIES}/{policy['id']}")
        assert policy["turn"] == begun["id"]
        ended = await desk.becomes(begun["id"], "releasing", "rejected", "failed")
        assert (ended["state"], ended["versionNumber"]) == ("releasing", "1.1.0"), ended["words"]
    assert story(ended) == [
        "triggered",
        "training_started",
        "trained",
        "release_started",
    ]
    assert [each["who"] for each in ended["timeline"]] == ["system"] * 4
    gated = ended["timeline"][3]["words"]
    assert gated.startswith(f"{NAME} 1.1.0 has passed its")
    live = await desk.get(f"/api/ai/models/{NAME}")
    assert live["live"]["production"] == "1.1.0"
    release = await desk.get(f"/api/releases/{ended['release']}")
    assert release["reason"] == "improved by itself: 6 of 5 corrected answers since 1.0.0."
    policy = await desk.get(f"{POLICIES}/{policy['id']}")
    assert policy["spent"]["runsToday"] == 1
    assert policy["words"].startswith("A turn is under way: ")
    over = await desk.get(f"{TURNS}?state=promoted,failed")
    assert over["total"] == 0
    # Who asks for training by hand does not train beside the policy, past its budget and approvals.
    await desk.learned([("one more crate is lost", "shipping")])
    asked = {"action": "auto-retrain", "thresholds": {"newExamples": 1, "accuracy": 0}}
    found = await desk.post("/api/ai/train", asked)
    assert [(each["shouldRetrain"], each["leftToPolicy"]) for each in found["models"]] == [
        (True, True)
    ]
    assert found["runs"] == []


async def test_somebody_is_asked_before_training_and_before_the_release(desk: Desk) -> None:
    policy = await desk.policy(approvals=["train", "release"])
    begun = await desk.begun(policy)
    refused = await desk.post(f"{POLICIES}/{policy['id']}/run", {"reason": "twice"}, 409)
    assert refused["error"]["code"] == "improvement_turn_under_way"
    waits = await desk.becomes(begun["id"], "awaiting_approval")
    assert (waits["awaiting"], waits["actions"]) == ("train", ["approve", "reject"])
    reader = await desk.api.add_key(Permission.RELEASES_READ)
    path = f"{TURNS}/{begun['id']}/approve"
    assert (await desk.api.post(path, {}, reader)).status_code == 403
    told = await desk.post(path, {"note": "go on", "changes": {"params": {"epochs": 12}}})
    assert story(told)[-1] == "train_approved"
    assert told["timeline"][-1]["who"].startswith("key_")
    async with desk.working():
        waits = await desk.becomes(begun["id"], "awaiting_approval", "failed")
        while waits["awaiting"] == "train":
            waits = await desk.becomes(begun["id"], "awaiting_approval", "failed")
    assert waits["awaiting"] == "release", waits["words"]
    assert waits["evidence"]["gate"]["passed"]
    await desk.post(path, {"note": "the figures are good"})
    ended = await desk.becomes(begun["id"], "releasing", "failed")
    assert story(ended)[-3:] == ["asked", "release_approved", "release_started"]
    refused = await desk.post(path, {}, 409)
    assert refused["error"]["code"] == "improvement_nothing_awaited"


async def test_gates_that_refuse_end_a_turn_until_somebody_answers_for_it(desk: Desk) -> None:
    strict = JOB | {"gates": [GATES | {"latencyP95Ms": 0.000001}]}
    policy = await desk.policy(job=strict)
    async with desk.working():
        ended = await desk.becomes((await desk.begun(policy))["id"])
    assert (ended["state"], story(ended)[-1]) == ("rejected", "gate_refused")
    assert "has not passed its gates" in ended["words"]
    assert ended["actions"] == ["override"]
    why = {"reason": "the bar is wrong"}
    over = await desk.post(f"{TURNS}/{ended['id']}/override", why)
    assert (over["state"], story(over)[-1]) == ("releasing", "overridden")
    history = await desk.get(f"/api/ai/models/{NAME}/history")
    assert history["items"][0]["override"]["reason"] == "the bar is wrong"


async def test_what_was_turned_down_is_not_tried_again_unasked(desk: Desk) -> None:
    policy = await desk.policy(
        triggers=[{"kind": "new_examples", "count": 10}], approvals=["release"]
    )
    async with desk.working():
        await desk.tick()
        [begun] = await desk.turns()
        await desk.becomes(begun["id"], "awaiting_approval")
        rejected = await desk.post(f"{TURNS}/{begun['id']}/reject", {"reason": "worse on refunds"})
        assert rejected["state"] == "rejected"
        await desk.tick()
        assert len(await desk.turns()) == 1, "nothing is new"
        # An example that is there already is new by its date, and yet the same data.
        async with desk.owner.transaction() as session:
            await session.execute(
                text("UPDATE examples SET created_at = now(), reviewed_at = now()")
            )
        await desk.tick()
        [again, _] = await desk.turns()
        again = await desk.becomes(again["id"])
        assert (again["state"], story(again)[-1]) == ("skipped", "blocked")
        assert "were tried before and rejected" in again["words"]
        asked = await desk.begun(policy)
        waits = await desk.becomes(asked["id"], "awaiting_approval")
        assert waits["awaiting"] == "release"


async def test_a_training_that_fails_is_told_and_tried_later(desk: Desk) -> None:
    policy = await desk.policy(
        job=JOB | {"limits": {"wallSeconds": 0.01}},
        triggers=[{"kind": "new_examples", "count": 10}],
    )
    async with desk.working():
        await desk.tick()
        [begun] = await desk.turns()
        ended = await desk.becomes(begun["id"])
    assert (ended["state"], story(ended)[-1]) == ("failed", "training_failed")
    assert ended["evidence"]["error"]["code"]
    await desk.tick()
    policy = await desk.get(f"{POLICIES}/{policy['id']}")
    assert policy["look"]["heldBack"].startswith("The last 1 turns failed; the next may begin at")
    assert len(await desk.turns()) == 1


async def test_the_budget_holds_back_and_says_so(desk: Desk) -> None:
    policy = await desk.policy(
        triggers=[{"kind": "new_examples", "count": 10}], budget={"runsPerDay": 0}
    )
    await desk.tick()
    policy = await desk.get(f"{POLICIES}/{policy['id']}")
    assert policy["words"] == "The budget is used up: 0 of 0 runs in 24 hours."
    assert await desk.turns() == []
    changed = {"version": policy["version"], "budget": {"runsPerDay": 1}, "debounceSeconds": 60}
    answer = await desk.api.call("PATCH", f"{POLICIES}/{policy['id']}", changed)
    assert answer.status_code == 200
    await desk.tick()
    policy = await desk.get(f"{POLICIES}/{policy['id']}")
    assert policy["look"]["beginsAt"] > policy["look"]["at"]
    assert await desk.turns() == [], "a trigger must fire for a while"


async def test_a_poisoned_batch_begins_nothing(desk: Desk) -> None:
    policy = await desk.policy(triggers=[CORRECTED, {"kind": "accuracy_below", "least": 5}])
    for number in range(80):
        asked = f"refund the invoice {number}"
        await desk.answered(asked, "billing", "access", user="u-evil")
    await desk.settle()
    held = await desk.get("/api/ai/feedback?state=held")
    assert held["total"] > 60
    before = 80 - held["total"]
    await desk.tick()
    policy = await desk.get(f"{POLICIES}/{policy['id']}")
    corrected = policy["look"]["triggers"][0]["words"]
    assert corrected.startswith(f"{before} of 5 corrected answers")


async def test_a_policy_is_one_for_a_model_and_changes_by_its_version(desk: Desk) -> None:
    policy = await desk.policy()
    taken = await desk.post(POLICIES, {"model": NAME, "job": JOB}, 409)
    assert taken["error"]["code"] == "improvement_policy_taken"
    unknown = await desk.post(POLICIES, {"model": "nobody"}, 422)
    assert unknown["error"]["code"] == "improvement_policy_wrong"
    stale = await desk.api.call("PATCH", f"{POLICIES}/{policy['id']}", {"version": 9})
    assert stale.json()["error"]["code"] == "improvement_policy_changed"
    assert (await desk.api.delete(f"{POLICIES}/{policy['id']}")).status_code == 204
    assert (await desk.get(POLICIES))["items"] == []
    few = await desk.api.add_key(Permission.RELEASES_WRITE)
    answer = await desk.api.post(POLICIES, {"model": NAME, "job": JOB}, few)
    assert answer.status_code == 403, "who lets it train must be allowed to train"


LEARN = "/api/training/continuous-learning"


async def test_continuous_learning_keeps_what_is_new_and_begins_a_turn(desk: Desk) -> None:
    asked = {"role": "customer", "text": "Where is my parcel?"}
    body: Json = {
        "newConversationData": {
            "conversations": [
                {"messages": [asked, {"role": "bot", "text": "It comes tomorrow."}]},
                {"messages": [{"role": "customer", "text": "Thanks"}]},
            ],
            "userFeedback": [
                {"operationId": 123, "feedback": "negative"},
                {"input": "Who pays?", "correctedAnswer": "The sender does."},
            ],
            "performanceMetrics": [{"name": "accuracy", "value": 0.93}],
        },
        "learningStrategy": {
            "incrementalLearning": True,
            "onlineAdaptation": True,
            "expertGuidance": True,
            "automaticValidation": True,
        },
        "constraints": {
            "maxTrainingTime": 3600,
            "resourceLimits": {"memoryGB": 2},
            "qualityThresholds": {"accuracy": 0.9, "charm": 1},
            "rollbackTriggers": {"accuracy": 0.85},
        },
    }
    refused = await desk.post(LEARN, body, 422)
    assert refused["error"]["code"] == "improvement_bound_unmeasured"
    assert "qualityThresholds.charm is not measured" in refused["error"]["message"]
    del body["constraints"]["qualityThresholds"]["charm"]
    told = await desk.post(LEARN, body, 202)
    assert (told["model"], told["dataset"], told["examples"]) == ("chatbot", "chatbot", 2)
    assert told["words"] == "It learns from 2 new examples now."
    assert told["notes"] == [
        "1 entries of feedbackData have no input and corrected answer: POST /api/ai/feedback makes"
        " examples of corrected operations.",
        "There is no live version to go on from: it learns from everything.",
    ]
    policy = await desk.get(f"{POLICIES}/{told['policy']}")
    assert policy["job"]["limits"]["wallSeconds"] == 3600
    assert policy["job"]["gates"] == [{"atLeast": 90}]
    assert policy["release"]["rollBackWhen"] == {"accuracy": 0.85}
    assert [each["kind"] for each in policy["triggers"]] == ["accuracy_below", "new_examples"]
    assert policy["approvals"] == ["release"]
    turn = await desk.get(f"{TURNS}/{told['turn']}")
    measured = {"performanceMetrics": [{"name": "accuracy", "value": 0.93}]}
    assert turn["timeline"][-1]["evidence"] == measured
    body["learningStrategy"]["onlineAdaptation"] = False
    again = await desk.post(LEARN, body, 202)
    assert (again["examples"], again["policy"]) == (0, told["policy"])
    assert again["turn"] == told["turn"], "one turn at a time"
    nothing = await desk.post(LEARN, {"modelName": "newcomer"}, 202)
    assert (nothing["examples"], nothing["turn"]) == (0, None)
    assert nothing["notes"] == [
        "Nothing in the request has a right answer that could be learned from."
    ]
