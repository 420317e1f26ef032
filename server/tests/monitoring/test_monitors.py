"""Monitors that people make, of each kind."""

import json
from datetime import timedelta

from hone.core import clock
from hone.privacy import traces
from hone.privacy.target import Target
from tests.monitoring.conftest import Watch

MONITORS = "/api/monitors"


async def test_a_metric_by_model_finds_the_one_that_fails(watch: Watch) -> None:
    rule = {"metric": "error_rate", "threshold": 0.1, "by": "model", "minimum": 20}
    wanted = {"name": "errors by model", "kind": "metric", "rule": rule}
    made = await watch.post(MONITORS, wanted, 201)
    assert (made["state"], made["rule"]["windowMinutes"]) == ("no_data", 60)
    await watch.post(MONITORS, wanted, 409)
    for model in ("large", "small", "other"):
        await watch.calls(20, failed=16 if model == "small" else 1, modelId=model)
    assert (await watch.check(made))["state"] == "alerting"
    (alert,) = await watch.alerts()
    assert (alert["model"], alert["title"]) == ("small", "Calls fail: small")
    assert "16 of 20 calls failed in 60 minutes (80 %)" in alert["words"]
    points = (await watch.get(f"{MONITORS}/{made['id']}/points"))["items"]
    assert {each["slice"]: each["n"] for each in points} == {"large": 20, "other": 20, "small": 20}
    off = await watch.send("PATCH", f"{MONITORS}/{made['id']}", {"enabled": False, "version": 1})
    assert (off["enabled"], off["version"]) == (False, 2)
    assert (await watch.alerts())[0]["state"] == "resolved"
    await watch.send("PATCH", f"{MONITORS}/{made['id']}", {"name": "x", "version": 1}, 409)
    await watch.send("DELETE", f"{MONITORS}/{made['id']}", status=204)
    assert (await watch.alerts())[0]["monitor"] is None


async def test_slow_calls_and_costly_requests_break_their_objectives(watch: Watch) -> None:
    await watch.past(timedelta(minutes=2), 90, ms=9000, cost=20 * 10**12)
    for preset, words in (
        ("latency", "90 of 90 calls took longer than 2000 ms"),
        ("cost", "cost $0.2222 each on average"),
    ):
        seen = await watch.check(await watch.monitor(preset))
        assert seen["state"] == "alerting"
        (alert,) = await watch.alerts(f"?kind={preset}")
        assert words in alert["words"]


async def test_people_who_are_not_content_are_seen(watch: Watch) -> None:
    rule = {"metric": "accuracy", "threshold": 0.9, "windowMinutes": 1440}
    wanted = {"name": "right", "kind": "metric", "model": "classifier", "rule": rule}
    made = await watch.post(MONITORS, wanted, 201)
    assert (await watch.check(made))["state"] == "no_data"
    for _ in range(40):
        body = {"modelId": "classifier", "operationType": "classification", "output": "billing"}
        call = await watch.post("/api/ai/operations/log", body | {"input": "Hi"}, 201)
        said = {"operationType": "classification", "operationId": call["id"]}
        wrong = {"feedback": "negative", "correctedCategory": "card"}
        await watch.post("/api/ai/feedback", said | wrong, 201)
    await watch.settle()
    await watch.sql("UPDATE feedback SET state = 'accepted'")
    assert (await watch.check(made))["state"] == "alerting"
    (alert,) = await watch.alerts()
    assert alert["evidence"]["value"] == 0.0
    assert len(alert["evidence"]["operations"]) == 20
    sent = await watch.post(f"/api/ai/alerts/{alert['id']}/review")
    assert (sent["name"], sent["calls"]) == ("classifier to review", 20)
    examples = await watch.get(f"/api/datasets/{sent['dataset']}/examples?status=pending")
    assert examples["total"] == sent["added"]


async def test_error_patterns_are_read_on_and_new_ones_are_told(watch: Watch) -> None:
    await watch.calls(6, failed=6)
    await watch.sql("UPDATE operations SET created_at = created_at - interval '10 seconds'")
    made = await watch.monitor("error_patterns")
    seen = [await watch.check(made) for _ in range(2)][-1]
    assert seen["words"] == "1 error patterns were seen in the last day; 1 of them are new."
    (found,) = (await watch.get(f"{MONITORS}/error-patterns"))["items"]
    assert (found["template"], found["seen"]) == ("upstream <number> took too long", 6)
    assert (found["models"], len(found["examples"])) == (["planner"], 6)
    assert found["firstAt"] <= found["lastAt"] < clock.now().isoformat()
    (alert,) = await watch.alerts("?kind=error_patterns")
    assert alert["severity"] == "info"


async def test_who_is_erased_is_named_in_no_pattern_alert_or_channel(watch: Watch) -> None:
    person = {"email": "Ada@venue.example", "name": "Ada", "role": "developer"}
    ada = await watch.post("/api/identity/people", person, 201)
    to = {"name": "mail", "kind": "email", "to": ["ada@venue.example", "jun@venue.example"]}
    await watch.post("/api/alert-channels", to | {"severity": "info"}, 201)
    said = {"errorMessage": "nothing is known of Ada Lovelace"}
    await watch.calls(6, failed=6, userId=ada["id"], **said)
    await watch.sql("UPDATE operations SET created_at = created_at - interval '10 seconds'")
    await watch.check(await watch.monitor("error_patterns"))
    tables = ("error_patterns", "alerts", "alert_deliveries", "alert_channels")
    whole = " UNION ALL ".join(f"SELECT t::text AS row FROM {each} t" for each in tables)
    named = f"SELECT count(*) FROM ({whole}) AS every WHERE row ILIKE :needle"
    assert (await watch.one(named, needle="%lovelace%"))[0] == 3
    mine = watch.api.organization_id
    for target in (Target("user", ada["id"]), Target("person", ada["id"])):
        async with watch.owner.transaction() as session:
            found = await traces.names(session, mine, target)
            for trace in [*traces.said(target.kind), *traces.known(target.kind)]:
                while await trace.erase(session, found):
                    pass
    assert (await watch.one(named, needle="%lovelace%"))[0] == 0
    assert (await watch.one(named, needle="%ada@venue%"))[0] == 0
    (channel,) = (await watch.get("/api/alert-channels"))["items"]
    assert (channel["to"], channel["target"]) == (["jun@venue.example"], "jun@venue.example")


async def test_accuracy_is_estimated_from_confidence(watch: Watch) -> None:
    rule = {"minimum": 30, "threshold": 0.9}
    wanted = {"name": "guess", "kind": "estimated_accuracy", "model": "classifier", "rule": rule}
    made = await watch.post(MONITORS, wanted, 201)
    for number in range(60):
        body = {"modelId": "classifier", "operationType": "classification", "output": "billing"}
        sure = 0.3 + 0.01 * (number % 5)
        made_call = await watch.post("/api/ai/operations/log", body | {"confidence": sure}, 201)
        said = {"operationType": "classification", "operationId": made_call["id"]}
        right = {"feedback": "positive" if number % 3 == 0 else "negative"}
        if number < 10:
            assert (await watch.check(made))["state"] != "alerting", "so few calls say nothing"
        await watch.post("/api/ai/feedback", said | right, 201)
    await watch.settle()
    seen = await watch.check(made)
    assert seen["state"] == "alerting"
    assert 0.25 < seen["value"] < 0.4
    assert "60 answers of the last day" in seen["words"]
    (alert,) = await watch.alerts()
    assert (alert["severity"], alert["evidence"]["judged"]) == ("warning", 60)
    await watch.post(MONITORS, {"name": "d", "kind": "drift"}, 422)


async def test_changed_questions_are_found_by_a_classifier(watch: Watch) -> None:
    wanted = {"name": "d", "kind": "drift", "model": "planner", "rule": {"minimum": 60}}
    made = await watch.post(MONITORS, wanted, 201)
    for number in range(60):
        said = f"Where is my parcel number {number}, please?"
        await watch.calls(1, input=said, output="On its way.")
    assert (await watch.check(made))["words"].startswith("There is too little to compare")
    # What comes now is compared with what was asked so far.
    between = clock.now().isoformat()
    await _remember(watch, {"at": between})
    assert (await watch.check(made))["state"] == "no_data"
    for number in range(60):
        said = f"My card {number} was declined at the till."
        await watch.calls(1, input=said, output="Try again.")
    seen = await watch.check(made)
    assert seen["state"] == "ok", "one look is no drift"
    assert seen["value"] > 0.95
    assert "card" in seen["words"]
    (point,) = (await watch.get(f"{MONITORS}/{made['id']}/points"))["items"]
    assert point["detail"]["p"] == 0.001
    # As if it had been so in the looks before; alone it is for the digest.
    await _remember(watch, {"at": between, "wealth": 9.0})
    await watch.check(made)
    (alert,) = await watch.alerts()
    assert (alert["severity"], alert["title"]) == ("info", "Questions have changed: planner")
    assert len(alert["evidence"]["operations"]) == 20


async def _remember(watch: Watch, held: dict[str, object]) -> None:
    """Let drift have been looked at before."""
    await watch.sql(
        "UPDATE monitors SET memory = CAST(:held AS jsonb) WHERE kind = 'drift'",
        held=json.dumps(held),
    )
