"""The other ways in, as the requirements print them, and schedules that come due."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from hone import training
from tests.training import intents
from tests.training.conftest import RUNS, Desk

START = "/api/training/chatbot/start-training"
ORCHESTRATE = "/api/training/orchestrate"
AUTOMATED = "/api/training/automated/start"
SCHEDULES = "/api/training/schedules"
TRAIN = "/api/ai/train"


async def test_a_chatbot_is_trained_on_what_stands_in_the_request(desk: Desk) -> None:
    body: dict[str, Any] = {
        "modelType": "intent_classification",
        "trainingData": intents.conversations(),
        "hyperparameters": {
            "learningRate": 0.01,
            "batchSize": 32,
            "epochs": 3,
            "validationSplit": 0.2,
            "regularization": {"l2": 0.01},
        },
        "optimization": {
            "costFunction": "focal_loss",
            "optimizer": "adam",
            "learningSchedule": {"warmupSteps": 10},
            "earlyStoppingCriteria": {"patience": 2},
        },
    }
    begun = await desk.post(START, body, 202)
    assert (begun["model"], begun["task"]) == ("chatbot-intents", "intent")
    assert begun["notes"] == ["warmupSteps is read as a share of all steps: 10%."]
    assert begun["spec"]["params"] == {
        "learningRate": 0.01,
        "batchSize": 32,
        "epochs": 3,
        "regularization": {"l2": 0.01},
        "lossFunction": "focal",
        "optimizer": "adam",
        "schedule": {"warmup": 0.1},
        "earlyStopping": {"patience": 2},
    }
    assert begun["spec"]["data"]["split"]["validation"] == 0.2
    again = await desk.post(START, body, 202)
    assert again["dataset"] == begun["dataset"], "the same data is the same version"
    odd = {
        "hyperparameters": {"epochs": 3, "regularization": {"l2": 0.01, "dropConnect": 0.5}},
        "optimization": {"learningSchedule": {"kind": "wavy", "warmup": "long"}},
    }
    annotations = [
        *body["trainingData"]["expertAnnotations"],
        {"conversation": "c900", "label": "x"},
    ]
    data = body["trainingData"] | {"expertAnnotations": annotations}
    told = await desk.post(START, body | odd | {"trainingData": data}, 202)
    assert told["spec"]["params"] == {
        "epochs": 3,
        "optimizer": "adam",
        "regularization": {"l2": 0.01},
    }
    assert [each.split(";")[0].split(",")[0] for each in told["notes"]] == [
        "There is no schedule 'wavy'",
        "The warm-up is no number",
        "Of regularization l2",
        "It learns step by step",
        f"1 of {len(annotations)} entries of expertAnnotations say no label of a message that is there",
    ]
    none: dict[str, list[str]] = {
        "conversationLogs": [],
        "expertAnnotations": [],
        "feedbackData": [],
    }
    for nothing in (none, none | {"domainKnowledge": []}):
        refused = await desk.post(START, body | {"trainingData": nothing}, 422)
        assert refused["error"]["code"] == "INSUFFICIENT_DATA"
        assert refused["error"]["details"] == {
            "required": 2,
            "available": 0,
            "suggestions": [
                "Increase conversation log collection period",
                "Lower quality threshold for data inclusion",
                "Enable data augmentation techniques",
            ],
        }


async def test_training_is_orchestrated_with_wishes(desk: Desk) -> None:
    await desk.dataset()
    start = "2036-12-01T00:00:00Z"
    body: dict[str, Any] = {
        "trainingRequest": {
            "modelType": "intent_classification",
            "datasetId": "tickets",
            "priority": "critical",
            "resourceRequirements": {
                "gpuCount": 2, "memoryGB": 3, "diskSpaceGB": 1, "maxDurationHours": 1,
            },
        },
        "schedulingPreferences": {
            "preferredStartTime": start,
            "maxWaitTime": 60,
            "costOptimization": True,
            "performanceOptimization": False,
        },
    }  # fmt: skip
    begun = await desk.post(ORCHESTRATE, body, 202)
    spec = begun["spec"]
    assert spec["resources"] == {"cpu": 1.0, "memoryGb": 3.0, "gpus": 2, "diskGb": 1.0}
    assert (spec["limits"]["wallSeconds"], spec["limits"]["queueSeconds"]) == (3600, 60)
    assert begun["priority"] == "critical"
    async with desk.working():
        waits = await desk.until(begun["id"], lambda run: run["position"] == 1)
    assert waits["whyWaiting"] == "It begins at 2036-12-01 00:00 UTC, as asked."
    body["trainingRequest"]["resourceRequirements"]["memoryGB"] = 4000
    refused = await desk.post(ORCHESTRATE, body, 422)
    assert "4000 GB of memory; the largest machine gives" in refused["error"]["message"]


async def test_an_automated_training_finds_the_data_and_takes_less_than_it_may(
    desk: Desk,
) -> None:
    await desk.post(
        START,
        {
            "modelType": "intent_classification",
            "modelName": "kept",
            "trainingData": _at(intents.conversations(), "2024-03-01T10:00:00Z"),
        },
        202,
    )
    body: dict[str, Any] = {
        "trainingName": "customer_support_chatbot_v3",
        "modelConfiguration": {
            "baseModel": "gpt-3.5-turbo",
            "customizationLevel": "comprehensive",
            "trainingObjectives": ["conversation_quality_improvement"],
        },
        "trainingData": {
            "conversationLogIds": ["c1", "c2"],
            "expertAnnotationIds": ["annotation_xyz789"],
            "qualityThreshold": 0.1,
            "dateRange": {"from": "2024-01-01T00:00:00Z", "to": "2024-08-30T23:59:59Z"},
        },
        "trainingParameters": {
            "maxTrainingTime": 14400,
            "targetAccuracyImprovement": 0.15,
            "validationSplit": 0.2,
            "earlyStoppingPatience": 100,
        },
        "resourceConfiguration": {"maxGPUs": 8, "memoryLimitGB": 64, "priorityLevel": "high"},
    }
    begun = await desk.post(AUTOMATED, body, 202)
    assert begun["dataset"]["name"] == "kept"
    assert begun["spec"]["gates"] == [{"minEffect": 15.0}]
    assert begun["spec"]["resources"]["gpus"] == 8
    assert begun["spec"]["resources"]["memoryGb"] <= 4
    kept = begun["dataset"]["examples"]
    assert "dateRange" in begun["notes"][1]
    assert "baseModel, customizationLevel, trainingObjectives change nothing" in begun["notes"][2]
    # Of another year there is nothing; what came meanwhile counts by when it was kept.
    data = body["trainingData"] | {"dateRange": {"to": "2023-12-31T00:00:00Z"}}
    refused = await desk.post(AUTOMATED, body | {"trainingData": data}, 422)
    assert refused["error"]["details"]["available"] == 0
    await desk.post(
        "/api/datasets/kept/examples",
        {"input": "Is my invoice paid?", "output": "billing", "status": "validated"},
        201,
    )
    for said, more in (
        (body["trainingData"]["dateRange"], 0),
        ({"from": "2024-01-01T00:00:00Z"}, 1),
    ):
        data = body["trainingData"] | {"dateRange": said}
        again = await desk.post(AUTOMATED, body | {"trainingData": data}, 202)
        assert again["dataset"]["examples"] == kept + more
    backwards = {"from": "2024-02-01T00:00:00Z", "to": "2024-01-01T00:00:00Z"}
    data = body["trainingData"] | {"dateRange": backwards}
    assert "must not be later" in str(
        await desk.post(AUTOMATED, body | {"trainingData": data}, 422)
    )
    elsewhere = body | {"trainingData": {"conversationLogIds": ["log_abc123"]}}
    refused = await desk.post(AUTOMATED, elsewhere, 422)
    assert refused["error"]["code"] == "INSUFFICIENT_DATA"


def _at(data: dict[str, Any], moment: str) -> dict[str, Any]:
    """Say when everything was said."""
    logs = [
        log | {"messages": [each | {"at": moment} for each in log["messages"]]}
        for log in data["conversationLogs"]
    ]
    return data | {"conversationLogs": logs}


async def test_models_are_trained_anew_when_there_is_a_reason(desk: Desk) -> None:
    await desk.dataset()
    assert (await desk.post(TRAIN, {"action": "check"}))["shouldRetrain"] is False
    started = await desk.post(TRAIN, {"action": "train", "name": "tickets"})
    async with desk.working():
        ended = await desk.ended(started["runs"][0]["id"])
        assert ended["state"] == "succeeded", ended["error"]
    state = await desk.get(TRAIN)
    assert state["metrics"]["tickets"] == ended["figures"]
    assert state["dataQuality"][0]["validated"] == 90
    assert [each["id"] for each in state["history"]] == [ended["id"]]
    more = {"input": "an invoice came to the wrong street", "output": "billing"}
    path = "/api/datasets/tickets/examples"
    await desk.post(path, more | {"status": "validated"}, 201)
    easy = {"newExamples": 1, "accuracy": 0}
    advice = await desk.post(TRAIN, {"action": "check", "thresholds": easy})
    assert advice["models"][0]["reasons"] == ["There are 1 new examples; 1 suffice."]
    assert advice["runs"] == []
    again = await desk.post(TRAIN, {"action": "auto-retrain", "thresholds": easy})
    assert again["runs"][0]["kind"] == "retraining"
    assert again["runs"][0]["dataset"]["digest"] != ended["dataset"]["digest"]


async def test_a_schedule_begins_one_run_for_all_that_was_missed(desk: Desk) -> None:
    await desk.dataset()
    job = {"name": "nightly", "data": {"dataset": "tickets"}}
    wanted = {"name": "n", "cron": "0 3 * * *", "timezone": "Europe/Berlin", "job": job}
    made = await desk.post(SCHEDULES, wanted | {"minNewExamples": 50}, 201)
    assert len(made["nextFive"]) == 5
    taken = await desk.post(SCHEDULES, wanted, 409)
    assert taken["error"]["code"] == "schedule_taken"
    for wrong, words in (({"cron": "* *"}, "five fields"), ({"timezone": "Mars"}, "time zone")):
        refused = await desk.post(SCHEDULES, wanted | wrong | {"name": "x"}, 422)
        assert words in refused["error"]["message"]
    await _missed(desk)
    assert await training.tick(desk.owner, desk.api.database, desk.place) == 1
    assert await training.tick(desk.owner, desk.api.database, desk.place) == 0
    shown = await desk.get(f"{SCHEDULES}/{made['id']}")
    assert shown["lastOutcome"] == "started"
    (run,) = (await desk.get(RUNS))["items"]
    assert (run["id"], run["schedule"]) == (shown["lastRun"], made["id"])
    assert datetime.fromisoformat(shown["nextAt"]) > datetime.now(UTC)
    await _missed(desk)
    await training.tick(desk.owner, desk.api.database, desk.place)
    shown = await desk.get(f"{SCHEDULES}/{made['id']}")
    assert shown["lastOutcome"] == "left out: 0 new examples, 50 are wanted"
    stale = await desk.api.call("PATCH", f"{SCHEDULES}/{made['id']}", {"version": 9})
    assert stale.status_code == 409
    off = {"version": 1, "enabled": False, "window": {"from": "22:00", "to": "06:00"}}
    changed = (await desk.api.call("PATCH", f"{SCHEDULES}/{made['id']}", off)).json()
    assert (changed["nextAt"], changed["window"]) == (None, {"from": "22:00", "to": "06:00"})
    assert (await desk.api.delete(f"{SCHEDULES}/{made['id']}")).status_code == 204
    assert (await desk.get(SCHEDULES))["total"] == 0


async def _missed(desk: Desk) -> None:
    """Let the schedules have been due for two days."""
    async with desk.owner.transaction() as session:
        await session.execute(
            text("UPDATE training_schedules SET next_at = :then"),
            {"then": datetime.now(UTC) - timedelta(days=2)},
        )
