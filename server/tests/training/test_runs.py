"""From a data set to a version of a model: what a run tells on its way, and how it ends."""

from tests.training.conftest import RUNS, Desk


async def test_a_run_learns_from_a_data_set_and_makes_a_version(desk: Desk) -> None:
    await desk.dataset()
    begun = await desk.begin()
    assert begun["state"] == "queued"
    assert begun["whyWaiting"] == "No worker has looked at it yet."
    assert begun["dataset"]["examples"] == 90
    assert begun["estimate"]["durationSeconds"]["likely"] > 0
    async with desk.working():
        ended = await desk.ended(begun["id"])
    assert ended["state"] == "succeeded", ended["error"]
    assert ended["progress"] == 1
    assert ended["figures"]["accuracy"] > 0.5
    assert ended["resources"]["cpuSeconds"] > 0
    assert ended["resources"]["peakMemoryBytes"] > 10 << 20
    made = await desk.get("/api/ai/models/ticket-classifier/versions/1.0.0")
    assert made["id"] == ended["version"]
    assert made["run"] == begun["id"]
    assert made["dataset"]["digest"] == begun["dataset"]["digest"]
    metrics = await desk.get(f"{RUNS}/{begun['id']}/metrics")
    assert {each["name"] for each in metrics["items"]}
    later = await desk.get(f"{RUNS}/{begun['id']}/metrics?after={metrics['next']}")
    assert later["items"] == []
    events = await desk.get(f"{RUNS}/{begun['id']}/events")
    assert {"stage", "milestone"} <= {each["kind"] for each in events["items"]}
    listed = await desk.get(f"{RUNS}?state=succeeded&model=ticket-classifier")
    assert [each["id"] for each in listed["items"]] == [begun["id"]]
    left = (desk.place.settings.data_dir / "training").glob("*/*")
    assert {each.name for each in left} <= {"cache"}


LONG = {"optimizer": "adam", "epochs": 400, "earlyStopping": {"patience": 0}, "batchSize": 4}


async def test_a_paused_run_goes_on_from_its_checkpoint(desk: Desk) -> None:
    await desk.dataset()
    undisturbed = await desk.begin(params=LONG)
    async with desk.working():
        calm = await desk.ended(undisturbed["id"])
        begun = await desk.begin(params=LONG)
        assert begun["specHash"] == undisturbed["specHash"]
        await desk.until(begun["id"], lambda run: run["state"] == "running")
        paused = await desk.post(f"{RUNS}/{begun['id']}/pause")
        assert paused["state"] == "pausing"
        await desk.until(begun["id"], lambda run: run["state"] == "paused")
        await desk.post(f"{RUNS}/{begun['id']}/resume")
        ended = await desk.ended(begun["id"])
    assert calm["state"] == ended["state"] == "succeeded", (calm["error"], ended["error"])
    assert ended["figures"] == calm["figures"]
    assert await _values(desk, ended["id"]) == await _values(desk, calm["id"])
    first, second = [await _weights(desk, number) for number in ("1.0.0", "1.1.0")]
    assert first == second


async def _values(desk: Desk, run_id: str) -> list[tuple[object, ...]]:
    """Read every measured value but those of time."""
    found = (await desk.get(f"{RUNS}/{run_id}/metrics"))["items"]
    return sorted(
        (each["name"], each["split"], each["step"], each["epoch"] or 0, each["value"])
        for each in found
        if "latency" not in each["name"].lower()
    )


async def _weights(desk: Desk, number: str) -> dict[str, str]:
    """Read the checksums of what was learned."""
    found = await desk.get(f"/api/ai/models/ticket-classifier/versions/{number}")
    return {each["name"]: each["sha256"] for each in found["files"] if "tensors" in each["name"]}


async def test_a_run_is_cancelled_while_it_waits_and_while_it_works(desk: Desk) -> None:
    await desk.dataset()
    waiting = await desk.begin(params=LONG)
    cancelled = await desk.post(f"{RUNS}/{waiting['id']}/cancel")
    assert (cancelled["state"], cancelled["endedAt"] is not None) == ("cancelled", True)
    again = await desk.post(f"{RUNS}/{waiting['id']}/cancel", status=409)
    assert again["error"]["code"] == "training_run_over"
    async with desk.working():
        repeated = await desk.post(f"{RUNS}/{waiting['id']}/retry", status=201)
        assert repeated["retryOf"] == waiting["id"]
        await desk.until(repeated["id"], lambda run: run["state"] == "running")
        wanted = await desk.post(f"{RUNS}/{repeated['id']}/cancel")
        assert wanted["cancelRequested"]
        ended = await desk.ended(repeated["id"])
    assert ended["state"] == "cancelled"
    models = await desk.get("/api/ai/models")
    assert models["items"] == []


async def test_a_run_that_uses_too_much_fails_and_says_so(desk: Desk) -> None:
    await desk.dataset()
    async with desk.working():
        small = await desk.begin(params=LONG, resources={"memoryGb": 0.02})
        short = await desk.begin(params=LONG, limits={"wallSeconds": 0.5})
        full = await desk.begin(resources={"diskGb": 0.000002})
        ended = [await desk.ended(each["id"]) for each in (small, short, full)]
    assert [each["state"] for each in ended] == ["failed"] * 3
    codes = [each["error"]["code"] for each in ended]
    assert codes[:2] == ["OUT_OF_MEMORY", "TOOK_TOO_LONG"]
    assert "GB of memory" in ended[0]["error"]["message"]
    assert ended[2]["error"]["details"]["lastLines"]


async def test_the_same_idempotency_key_begins_one_run(desk: Desk) -> None:
    await desk.dataset()
    body = {"name": "a", "data": {"dataset": "tickets"}}
    headers = {"authorization": f"Bearer {desk.api.admin_key}", "idempotency-key": "one"}
    answers = [
        await desk.api.client.post(RUNS, json=body | more, headers=headers)
        for more in ({}, {}, {"seed": 8})
    ]
    assert [each.status_code for each in answers] == [201, 201, 409]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert answers[2].json()["error"]["code"] == "idempotency_key_reused"


async def test_what_cannot_be_trained_is_refused_in_words(desk: Desk) -> None:
    await desk.dataset(each=2)
    asked = {"name": "a", "data": {"dataset": "tickets"}}
    for more, words in (
        ({"engine": "liner"}, "There is no engine 'liner'"),
        ({"engine": "entity"}, "does not learn the task 'intent'"),
        ({"params": {"epoch": 3}}, "Did you mean 'epochs'?"),
        ({"params": {"epochs": "many"}}, "params.epochs: 'many' is not a whole number"),
        ({"params": {"schedule": {"kind": "wavy"}}}, "params.schedule.kind: 'wavy' is none of"),
        ({"params": {"learningRate": 0}}, "must be at least"),
    ):
        refused = await desk.post(RUNS, asked | more, 422)
        assert words in refused["error"]["message"], refused
    few = await desk.post(RUNS, asked, 422)
    assert few["error"]["code"] == "INSUFFICIENT_DATA"
    details = few["error"]["details"]
    assert (details["required"], len(details["suggestions"])) == (10, 3)
    assert details["available"] < 10
    missing = await desk.post(RUNS, {"name": "a", "data": {"dataset": "nothing"}}, 404)
    assert "'nothing'" in missing["error"]["message"]


async def test_an_estimate_begins_nothing(desk: Desk) -> None:
    await desk.dataset()
    told = await desk.post(
        "/api/training/estimate",
        {"name": "a", "data": {"dataset": "tickets"}, "params": {"epoch": 1}},
    )
    assert told["examples"] == 90
    assert told["durationSeconds"]["low"] < told["durationSeconds"]["high"]
    assert told["problems"] == ["There is no parameter 'epoch'. Did you mean 'epochs'?"]
    assert told["whyWaiting"] == "No worker that trains is running."
    assert (await desk.get(RUNS))["items"] == []
