"""Monitors that people make, of each kind."""

import itertools
import json
from datetime import timedelta
from pathlib import Path

from hone import experiments, improvement, monitoring, releases
from hone.core import clock, ids
from hone.core.counters import Counters, render
from hone.gateway import SHADOW, Exposure, Status
from hone.monitoring import digesting
from hone.privacy import traces
from hone.privacy.target import Target
from tests.monitoring.conftest import Watch
from tests.operations.frames import attempt, land, settled

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
    assert "16 of 20 calls failed in 60 minutes (80.0 %)" in alert["words"]
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
    assert found["name"] == "Reported failure: upstream <number> took too long"
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
    mine = watch.api.organization_id
    async with watch.api.database.transaction(mine) as session:
        assert await digesting.write(session, mine, clock.now()) == 1
    tables = ("error_patterns", "alerts", "alert_deliveries", "alert_channels")
    whole = " UNION ALL ".join(f"SELECT t::text AS row FROM {each} t" for each in tables)
    named = f"SELECT count(*) FROM ({whole}) AS every WHERE row ILIKE :needle"
    assert (await watch.one(named, needle="%lovelace%"))[0] == 4
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


async def test_a_version_released_into_shifted_traffic_is_seen_by_its_training(
    watch: Watch,
) -> None:
    await watch.post("/api/datasets", {"name": "tickets", "kind": "intent"}, 201)
    asked = itertools.product(
        ("where is", "has somebody", "when comes", "why is"),
        ("my", "our", "the", "their", "his"),
        ("parcel", "box", "letter", "order", "crate", "sack"),
    )
    lines = [
        json.dumps({"input": " ".join(words), "output": ("parcel", "late")[number % 2]})
        for number, words in enumerate(asked)
    ]
    answer = await watch.api.client.post(
        "/api/datasets/tickets/import?format=jsonl&status=validated",
        content="\n".join(lines).encode(),
        headers={"authorization": f"Bearer {watch.api.admin_key}"},
    )
    assert answer.status_code == 200, answer.text
    frozen = await watch.post("/api/datasets/tickets/versions", {}, 201)
    await _goes_live(watch, frozen["id"])
    wanted = {"name": "d", "kind": "drift", "model": "planner", "rule": {"minimum": 60}}
    made = await watch.post(MONITORS, wanted, 201)
    for number in range(60):
        said = f"My card {number} was declined at the till."
        call = {"modelId": "planner", "operationType": "classification", "confidence": 0.55}
        kept = await watch.post(
            "/api/ai/operations/log", call | {"input": said, "output": "parcel"}, 201
        )
        word = {"operationType": "classification", "operationId": kept["id"]}
        right = {"feedback": "positive" if number % 2 else "negative"}
        await watch.post("/api/ai/feedback", word | right, 201)
    await watch.settle()
    seen = await watch.check(made)
    assert seen["words"].startswith(
        "What planner is asked now can be told from what it was trained on (1.0.0)"
    )
    (point,) = (await watch.get(f"{MONITORS}/{made['id']}/points"))["items"]
    assert (point["slice"], point["detail"]["p"]) == ("training", 0.001)
    # As if it had been so in the looks before.
    bets = {"wealth": 9.0, "version": "1.0.0"}
    await _remember(watch, {"training": bets})
    await watch.check(made)
    (alert,) = await watch.alerts("?kind=drift")
    assert alert["title"] == "Questions are not those of training: planner"
    assert (alert["evidence"]["reference"], alert["evidence"]["version"]) == ("training", "1.0.0")
    assert alert["severity"] == "warning", "its test said 97 %, and half is right now"
    assert "where 97.0 % were in its test" in alert["words"]
    # Another version was trained on something else: nothing is held against it.
    await _remember(watch, {"training": bets | {"version": "0.9.0"}})
    await watch.check(made)
    held = (await watch.one("SELECT memory FROM monitors WHERE kind = 'drift'"))[0]
    assert held["training"]["wealth"] < 9


async def _goes_live(watch: Watch, dataset_version: str) -> None:
    """Put a version in force that was trained on a version of a dataset, a minute ago."""
    card = {"figures": {"test": {"accuracy": 0.97, "examples": 500.0}}}
    values = {
        "id": ids.new(),
        "other": ids.new(),
        "mine": watch.api.organization_id,
        "dataset_version": ids.parse("dv", dataset_version),
        "card": json.dumps(card),
    }
    await watch.sql(
        "INSERT INTO model_versions (id, organization_id, name, major, minor, patch, task, engine,"
        " dataset_version_id, digest, size, files, labels, configuration, card, gate, created_by)"
        " VALUES (:id, :mine, 'planner', 1, 0, 0, 'intent', 'linear', :dataset_version, '', 0, '[]',"
        " '{}', '{}', CAST(:card AS jsonb), '{}', 'system')",
        **values,
    )
    await watch.sql(
        "INSERT INTO model_history (id, organization_id, name, environment, action, version_id,"
        " actor, reason) VALUES (:other, :mine, 'planner', 'production', 'promoted', :id, 'system', '')",
        **values,
    )


async def test_copies_that_nobody_met_are_watched_by_nothing(watch: Watch) -> None:
    met = Exposure(ids.new().bytes, SHADOW, 1.0)
    mine, model = watch.api.organization_id, [attempt(model="planner")]
    frames = [
        settled(
            mine,
            status=Status.ERROR,
            error="odd",
            exposure=met,
            attempts=model,
            latency_ms=60_000.0,
        )
        for _ in range(60)
    ]
    sure = [
        settled(mine, endpoint="classify", confidence=0.1, exposure=met, attempts=model)
        for _ in range(60)
    ]
    await land(watch.owner.url, [*frames, *sure])
    rule = {"metric": "error_rate", "threshold": 0.05, "windowMinutes": 60, "by": "model"}
    body = {"name": "each", "kind": "metric", "rule": rule}
    guess = {
        "name": "guess",
        "kind": "estimated_accuracy",
        "model": "planner",
        "rule": {"minimum": 30},
    }
    for wanted in (body, guess):
        made = await watch.post(MONITORS, wanted, 201)
        assert (await watch.check(made))["state"] == "no_data"
    for preset in ("errors", "latency", "availability", "cost"):
        assert (await watch.check(await watch.monitor(preset)))["state"] == "no_data"
    await watch.sql("UPDATE operations SET created_at = created_at - interval '10 seconds'")
    patterns = await watch.monitor("error_patterns")
    assert [await watch.check(patterns) for _ in range(2)][-1][
        "words"
    ] == "No call failed in the last day."
    await watch.calls(3)
    report = await watch.get("/api/ai/metrics?period=day&includeDetails=true")
    assert report["metrics"]["performance"]["requests"] == 3
    spread = report["details"]["distribution"]
    assert [(each["name"], each["count"]) for each in spread["byType"]] == [("chat", 3)]
    assert report["metrics"]["classification"]["confidence"] is None


async def test_availability_is_told_of_the_minutes_since_the_first_call(watch: Watch) -> None:
    await watch.past(timedelta(minutes=10), 3)
    await watch.calls(20, failed=20)
    seen = await watch.check(await watch.monitor("availability"))
    assert seen["n"] in {10, 11}
    assert f"of {seen['n']} minutes were up in 30 days" in seen["words"]
    # One minute of the four that a month may be down; of ten it would be far beyond.
    assert "77 % of the error budget is left" in seen["words"]


async def test_prometheus_hears_how_things_stand(watch: Watch, tmp_path: Path) -> None:
    await watch.calls(30, failed=30)
    await watch.check(await watch.monitor("errors"))
    counters = Counters(tmp_path / "metrics", "standing")
    async with watch.owner.transaction() as session:
        for each in (monitoring, releases, experiments, improvement):
            await each.meter(session, counters)
    told = render(tmp_path / "metrics")
    for line in (
        'hone_alerts_open{severity="critical"} 1.0',
        'hone_alerts_open{severity="info"} 0.0',
        'hone_monitors{state="alerting"} 1.0',
        'hone_monitors{state="ok"} 0.0',
        "hone_alert_messages_waiting 0.0",
        'hone_releases_under_way{state="running"} 0.0',
        'hone_releases_ended_total{outcome="rolled_back"} 0.0',
        'hone_experiments{state="running"} 0.0',
        'hone_improvement_turns_under_way{state="training"} 0.0',
    ):
        assert f"\n{line}\n" in told, told
    late = next(
        each for each in told.splitlines() if each.startswith("hone_monitors_late_seconds ")
    )
    assert float(late.split()[1]) < 60


async def _remember(watch: Watch, held: dict[str, object]) -> None:
    """Let drift have been looked at before."""
    await watch.sql(
        "UPDATE monitors SET memory = CAST(:held AS jsonb) WHERE kind = 'drift'",
        held=json.dumps(held),
    )
