"""A candidate is watched for as long as its release lasts, and what was said of it ends with that."""

from hone import releases
from hone.core import http
from hone.releases.routes import router
from tests.monitoring.conftest import Json, Watch

MODELS = "/api/ai/models"
RELEASES = "/api/releases"
STATISTICS = "/ai/statistics?period=day"
CANDIDATE = "helper@canary"
RULE = {"metric": "error_rate", "threshold": 0.1, "by": "model", "minimum": 20}


async def begin(watch: Watch) -> Json:
    """Release a version step by step, and let a worker look."""
    plan = {"steps": [{"share": 0.5, "hold": {"seconds": 3600}}], "guardrails": []}
    wanted = {"name": "helper", "version": "1.1.0", "strategy": "gradual", "plan": plan}
    made = await watch.post(RELEASES, wanted, 201)
    await look(watch)
    return made


async def look(watch: Watch) -> None:
    """Let a worker look at all releases, some seconds apart."""
    for _ in range(4):
        await watch.sql("UPDATE release_watches SET looked_at = looked_at - interval '5 seconds'")
        await releases.tick(watch.owner, watch.api.database, None)


async def two_versions(watch: Watch) -> None:
    http.add_routers(watch.api.app, router)
    await watch.post("/api/providers", {"name": "openai", "kind": "openai"}, 201)
    for number in range(2):
        name = f"gpt-{number}"
        model = {"name": name, "provider": "openai", "upstream": name}
        await watch.post("/api/models", model, 201)
        version = {"version": f"1.{number}.0", "config": {"model": name}}
        await watch.post(MODELS, {"action": "register", "name": "helper", **version})
    await watch.post(MODELS, {"action": "deploy", "name": "helper", "version": "1.0.0"})


async def standing(watch: Watch) -> dict[str, str]:
    """Tell how each model is, by what was kept five minutes at most."""
    found = await watch.get(STATISTICS)
    return {each["modelId"]: each["status"]["status"] for each in found["models"]}


async def test_what_is_said_of_a_candidate_ends_with_its_release(watch: Watch) -> None:
    await two_versions(watch)
    monitor = {"name": "errors by model", "kind": "metric", "rule": RULE}
    each, one = [
        await watch.post("/api/monitors", told, 201)
        for told in (
            monitor,
            monitor | {"name": "one", "model": CANDIDATE, "rule": RULE | {"by": None}},
        )
    ]
    release = await begin(watch)
    await watch.calls(40, failed=40, modelId=CANDIDATE)
    await watch.calls(40, modelId="gpt-0")
    for made in (each, one):
        assert (await watch.check(made))["state"] == "alerting"
    alerts = await watch.alerts("?state=open")
    assert [told["model"] for told in alerts] == [CANDIDATE, CANDIDATE]
    assert await standing(watch) == {CANDIDATE: "critical", "gpt-0": "good"}

    await watch.post(f"{RELEASES}/{release['id']}/rollback", {"reason": "it fails"})
    await look(watch)
    assert (await watch.get(f"{RELEASES}/{release['id']}"))["state"] == "rolled_back"
    why = f"Its release is over: {release['id']} was rolled back."
    assert (await watch.check(each))["state"] == "ok"
    ended = await watch.check(one)
    assert (ended["state"], ended["words"]) == ("no_data", why)
    for told in alerts:
        now = await watch.get(f"/api/ai/alerts/{told['id']}")
        assert (now["state"], now["resolvedBy"], now["note"]) == ("resolved", "system", why)
    assert await standing(watch) == {"gpt-0": "good"}, "also where the report was kept"
    details = (await watch.get("/api/ai/metrics?period=day&includeDetails=true"))["details"]
    assert [told["model"] for told in details["models"]] == ["gpt-0"]
    report = await watch.get(f"/api/ai/metrics/{CANDIDATE}?period=day")
    assert (report["status"]["status"], report["status"]["words"]) == ("unknown", why)
    assert report["metrics"]["performance"]["errors"] == 40, "what it did is not forgotten"


async def test_the_next_candidate_of_a_name_is_another_one(watch: Watch) -> None:
    await two_versions(watch)
    monitor = {"name": "errors by model", "kind": "metric", "rule": RULE}
    made = await watch.post("/api/monitors", monitor, 201)
    first = await begin(watch)
    await watch.calls(40, failed=40, modelId=CANDIDATE)
    assert (await watch.check(made))["state"] == "alerting"
    (old,) = await watch.alerts()
    await watch.post(f"{RELEASES}/{first['id']}/rollback", {"reason": "it fails"})
    await look(watch)
    # What the first one did lies some minutes back by now.
    for table in ("operation_minutes", "operation_quarters"):
        await watch.sql(f"UPDATE {table} SET minute = minute - interval '15 minutes'")
    await begin(watch)
    await watch.calls(30, modelId=CANDIDATE)
    assert (await watch.check(made))["state"] == "ok"
    over = await watch.get(f"/api/ai/alerts/{old['id']}")
    assert (over["state"], "another one has begun" in over["note"]) == ("resolved", True)
    assert (await standing(watch))[CANDIDATE] == "good"
    await watch.calls(30, failed=30, modelId=CANDIDATE)
    assert (await watch.check(made))["state"] == "alerting"
    (new,) = await watch.alerts("?state=open")
    assert new["id"] != old["id"], "it rings anew, however short the time between"
    assert (new["evidence"]["n"], new["evidence"]["bad"]) == (60, 30)
