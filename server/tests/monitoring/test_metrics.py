"""Reports of metrics, as documents 4 and 5 print them."""

import csv
import io
from datetime import timedelta

from tests.monitoring.conftest import Watch

METRICS = "/api/ai/metrics"


async def _judged(watch: Watch, right: int, wrong: int) -> None:
    """Have classifications judged, some of them wrong."""
    for number in range(right + wrong):
        call = {"modelId": "classifier", "operationType": "classification", "input": "a card"}
        label = ("billing", "parcel")[number % 2]
        body = call | {"output": label, "confidence": 0.8, "metadata": {"priority": "high"}}
        made = await watch.post("/api/ai/operations/log", body, 201)
        said = {"operationType": "classification", "operationId": made["id"]}
        good = number < right
        verdict = {"feedback": "positive" if good else "negative"}
        correction = {} if good else {"correctedCategory": "technical"}
        await watch.post("/api/ai/feedback", said | verdict | correction, 201)
    await watch.settle()


async def test_metrics_are_true_and_kept_for_five_minutes(watch: Watch) -> None:
    await _judged(watch, 8, 2)
    await watch.calls(3, failed=1)
    found = await watch.get(f"{METRICS}?period=day&includeDetails=true")
    classified = found["metrics"]["classification"]
    assert (classified["total"], classified["accuracy"], classified["confidence"]) == (10, 0.8, 0.8)
    assert classified["accuracyInterval"]["low"] < 0.8 < classified["accuracyInterval"]["high"]
    by_label = {each["label"]: each for each in classified["classes"]}
    assert (by_label["technical"]["recall"], by_label["billing"]["precision"]) == (0.0, 0.8)
    assert by_label["billing"]["f1Score"] == 0.8889
    assert classified["f1Score"] == 0.5926
    assert found["metrics"]["performance"]["errors"] == 1
    assert found["metrics"]["cost"]["totalCostUSD"] == 0.0
    assert found["systemHealth"]["status"] in {"healthy", "degraded", "unhealthy"}
    spread = found["details"]["distribution"]
    assert {each["name"]: each["count"] for each in spread["byType"]} == {
        "classification": 10,
        "chat": 3,
    }
    assert spread["byPriority"][0] == {"name": "high", "count": 10, "share": 1.0}
    await watch.calls(5)
    again = await watch.get(f"{METRICS}?period=day")
    assert (again["asOf"], again["details"]) == (found["asOf"], None)
    assert again["metrics"]["performance"]["requests"] == 13
    anew = await watch.post(METRICS, {"action": "calculate", "period": "day"})
    assert anew["metrics"]["performance"]["requests"] == 18
    await watch.sql("UPDATE metric_reports SET made_at = made_at - interval '6 minutes'")
    assert (await watch.get(METRICS))["asOf"] > anew["asOf"]


async def test_metrics_are_exported_as_a_table(watch: Watch) -> None:
    await watch.calls(2)
    body = {"action": "export", "period": "week", "format": "csv"}
    answer = await watch.api.post(METRICS, body)
    assert answer.headers["content-type"].startswith("text/csv")
    rows = dict(csv.reader(io.StringIO(answer.text)))
    assert rows["metrics.performance.requests"] == "2"
    assert rows["period"] == "week"


async def test_a_model_is_graded_and_where_it_goes_is_foretold(watch: Watch) -> None:
    for day in range(1, 15):
        await watch.past(timedelta(days=day), 1000 - 40 * day, cost=10**9)
    await watch.calls(3)
    found = await watch.get(f"{METRICS}/planner?period=month")
    assert found["status"]["status"] == "excellent"
    assert "of the calls failed" in found["status"]["words"]
    by_name = {each["metric"]: each for each in found["forecasts"]}
    requests = by_name["requests"]
    assert (requests["trend"], round(requests["slopePerDay"])) == ("rising", 40)
    assert requests["low"] <= requests["value"] <= requests["high"]
    assert "in 7 days about" in requests["words"]
    whole = await watch.get("/ai/statistics?period=month")
    (model,) = whole["models"]
    assert (model["modelId"], model["errorRate"]["value"]) == ("planner", 0.0)
    await watch.get(f"{METRICS}/nobody", 404)
