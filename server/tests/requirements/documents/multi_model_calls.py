"""Document 1: its requests, SDK examples and statements, written as they must run."""

import json

from tests.core.facts import promised
from tests.fixtures.control import QUESTION
from tests.requirements.checks import ROOT, call, told
from tests.requirements.ledger import Check, Stage

ANSWER = {"choices": [{"message": {"content": str}}], "usage": {"total_tokens": int}}
USAGE = (
    "SELECT model_name, COUNT(*), AVG(cost_usd) \n"
    "FROM ai_requests \n"
    "WHERE created_at > NOW() - INTERVAL '24 hours' \n"
    "GROUP BY model_name;\n"
)
ACTIVITY = "SELECT * FROM pg_stat_activity WHERE state = 'active';"
REVENUE = (
    "\n    SELECT \n"
    "      DATE_TRUNC('day', created_at) as date,\n"
    "      SUM(revenue_usd) as daily_revenue,\n"
    "      COUNT(*) as request_count,\n"
    "      AVG(revenue_usd) as avg_revenue_per_request\n"
    "    FROM ai_requests \n"
    "    WHERE created_at >= $1\n"
    "    GROUP BY DATE_TRUNC('day', created_at)\n"
    "    ORDER BY date\n  "
)
ENGAGEMENT = (
    "\n    SELECT \n"
    "      user_id,\n"
    "      COUNT(*) as total_requests,\n"
    "      SUM(cost_usd) as total_cost,\n"
    "      MAX(created_at) as last_activity,\n"
    "      AVG(satisfaction_score) as avg_satisfaction\n"
    "    FROM ai_requests \n"
    "    WHERE created_at >= NOW() - INTERVAL '30 days'\n"
    "    GROUP BY user_id\n"
    "    ORDER BY total_requests DESC\n  "
)
ALERT = """
- alert: HighAICosts
  expr: rate(ai_multimodel_cost_usd_total[1h]) > 100
  for: 5m
  labels:
    severity: warning
    team: finance
  annotations:
    summary: "AI costs are high"
    description: "Hourly AI costs exceed $100"
"""
ALGORITHMS = (
    "round_robin", "weighted", "least_connections", "response_time", "intelligent", "adaptive",
)  # fmt: skip
WEIGHTED = {
    "name": "printed-weights",
    "policy": "weighted",
    "targets": [
        {"model": "gpt-4", "weight": 0.4},
        {"model": "claude-3.5", "weight": 0.3},
        {"model": "gemini-pro", "weight": 0.3},
    ],
}
INTELLIGENT = {
    "name": "printed-factors",
    "policy": "intelligent",
    "targets": [{"model": "gpt-4"}, {"model": "gemini-pro"}],
    "factors": {"cost": 0.3, "performance": 0.4, "quality": 0.3},
}
CACHED = {
    "name": "printed-cache",
    "policy": "weighted",
    "targets": [{"model": "gpt-4"}],
    "cache": {"ttl": 3600},
}


def query(prompt: str, model: str | None, max_tokens: int | None = None) -> Check:
    """Send what the SDKs' `query` stands for."""
    body: dict[str, object] = {"messages": [{"role": "user", "content": prompt}]}
    if model is not None:
        body["model"] = model
    if max_tokens is not None:
        body["max_tokens"] = max_tokens
    return call("POST", "/v1/chat/completions", body, shape=ANSWER, missing="400")


def stream(prompt: str, model: str) -> Check:
    """Send what the SDKs' `stream` stands for; pieces of text must come, and an end."""

    def run(stage: Stage) -> str:
        body = {"model": model, "messages": [{"role": "user", "content": prompt}], "stream": True}
        with stage.client.stream("POST", "/v1/chat/completions", json=body) as answer:
            if answer.status_code != 200:
                return str(answer.status_code)
            lines = [line for line in answer.iter_lines() if line.startswith("data: ")]
        if lines[-1] != "data: [DONE]":
            return "no end"
        return "" if sum('"content"' in line for line in lines) > 1 else "no pieces"

    return told(run)


def route(policy: str, use: str = "printed") -> Check:
    """Save a route that chooses by an algorithm."""
    body = {"name": f"{use}-{policy}", "policy": policy, "targets": [{"model": "gpt-4"}]}
    return call("POST", "/api/routes", body, status=201, shape={"policy": policy}, missing="422")


def new_model(stage: Stage) -> str:
    """Enter the printed provider and model, and ask it."""
    known = stage.client.get("/api/providers").json()["items"]
    address = next(each["baseUrl"] for each in known if each["name"] == "simulator")
    provider = {
        "name": "provider-name",
        "kind": "compatible",
        "baseUrl": address,
        "apiKey": "bearer-token",
    }
    model = {"name": "new-model-id", "provider": "provider-name", "upstream": "New AI Model"}
    for path, body in (("/api/providers", provider), ("/api/models", model)):
        answer = stage.client.post(path, json=body)
        if answer.status_code != 201:
            return answer.text
    return stage.until(
        lambda: (
            stage.client.post(
                "/v1/chat/completions", json={"model": "new-model-id", "messages": QUESTION}
            ).status_code
            == 200
        )
    )


def priced(stage: Stage) -> str:
    """Enter the printed prices: 0.03 USD per 1,000 tokens are 30 USD per million."""
    for name, usd in (("gpt-4-priced", "30"), ("claude-priced", "25")):
        body = {
            "name": name,
            "provider": "simulator",
            "upstream": name,
            "price": {"input": usd, "output": usd},
        }
        answer = stage.client.post("/api/models", json=body)
        if answer.status_code != 201 or answer.json()["price"]["input"] != usd:
            return answer.text
    return ""


def catalogue(stage: Stage) -> str:
    """Count the models that the catalogue knows, and look for the printed families."""
    known = stage.client.get("/api/models/catalogue").json()["items"]
    families = {each["family"] for each in known}
    printed = {"openai", "anthropic", "gemini", "qwen", "deepseek", "xai", "llama"}
    return "" if len(known) >= 23 and printed <= families else f"{len(known)} of {families}"


def sealed(stage: Stage) -> str:
    """Ask something and look for it in what is stored."""
    canary = "canary-of-the-ledger"
    body = {"modelId": "m", "operationType": "chat", "input": canary, "output": canary}
    made = stage.client.post("/api/ai/operations/log", json=body).json()["id"]
    if not stage.client.get(f"/api/ai/operations/{made}").json()["messages"]:
        return "not readable with a key"
    stored = stage.rows("SELECT sealed FROM operation_contents")
    return "stored openly" if any(canary.encode() in bytes(each) for (each,) in stored) else ""


def permitted(stage: Stage) -> str:
    """Use keys of the printed permissions: each opens its own door, and only that one."""
    doors = {
        "ai:query": ("GET", "/v1/models"),
        "system:monitor": ("GET", "/metrics"),
    }
    for permission in doors:
        token = stage.key(permission)
        for other, (method, path) in doors.items():
            headers = {"authorization": f"Bearer {token}"}
            status = stage.client.request(method, path, headers=headers).status_code
            if (status == 200) != (permission == other):
                return f"{permission} at {path}: {status}"
    return ""


def quick(stage: Stage) -> str:
    """Measure fifty answers; the 95th percentile is under 2 seconds and none fails."""
    body = {"model": "gpt-4", "messages": QUESTION, "max_tokens": 4}
    answers = [stage.client.post("/v1/chat/completions", json=body) for _ in range(50)]
    if any(each.status_code != 200 for each in answers):
        return "an answer failed"
    seconds = sorted(each.elapsed.total_seconds() for each in answers)
    return "" if seconds[47] < promised(2) else f"{seconds[47]:.1f} s"


def audited(stage: Stage) -> str:
    """Make a key and look for that change in the trail, which is sealed a moment later."""
    stage.key("ai:query")
    query = (
        "SELECT 1 FROM event_inbox WHERE name = 'key.created'"
        " UNION ALL SELECT 1 FROM events WHERE name = 'key.created'"
    )
    return "" if stage.rows(query) else "no event"


def explained(stage: Stage) -> str:
    """Provoke an error; the answer says what to do and shows no source."""
    answer = stage.client.post("/api/routes", content=b"{")
    text = answer.text
    good = answer.status_code in {400, 422} and "Traceback" not in text and ".py" not in text
    return "" if good and answer.json()["error"]["message"] else text


def saves(stage: Stage) -> str:
    """Read what learned routing saved on public outcomes, its threshold fixed on other prompts."""
    figures = json.loads((ROOT / "bench/results/routing.json").read_text("utf-8"))
    told = figures["mmlu"]["routers"]["learned"]["fixed"]
    if told["kept"] < 0.95 or told["saved"] < 0.3:
        return f"{told['saved']:.0%} saved at {told['kept']:.1%} of the quality"
    return ""
