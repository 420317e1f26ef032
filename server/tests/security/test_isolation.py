"""No call of the API tells or changes anything of another organization, whoever makes it.

The calls are made from our OpenAPI document, so none can be forgotten.
"""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from hone.identity import Role
from hone.identity.permissions import PERMISSIONS
from tests.core.facts import wait_for
from tests.security.calls import Call, calls
from tests.security.permissions import ANYONE, BROWSER, NEEDS, PERSON, PUBLIC
from tests.security.places import CANARY, Places

pytestmark = pytest.mark.xdist_group("security")

OURS = "ours"
ROUTE = {"name": OURS, "policy": "weighted", "targets": [{"model": f"{CANARY}-model"}]}
MODEL = {"name": OURS, "provider": f"{CANARY}-provider", "upstream": "venue"}
PROVIDER = {"name": OURS, "kind": "openai"}
OIDC = {"name": OURS, "issuer": "https://accounts.example.com", "clientId": OURS}
VERSION = {"version": 1}
RETENTION = {"rules": [{"kind": "figures", "days": 400, "version": 0}]}
LIMIT = {
    "subject": {"kind": "route", "name": f"{CANARY}-route"},
    "measure": "requests",
    "window": "day",
    "amount": 5,
}
TRAINING = {"name": OURS, "data": {"dataset": f"{CANARY}-data"}}
ARMS = [
    {"name": "control", "kind": "model", "ref": f"{CANARY}-model"},
    {"name": "treatment", "kind": "route", "ref": f"{CANARY}-route"},
]
EXPERIMENT = {"name": OURS, "target": f"{CANARY}-route", "arms": ARMS}
BODIES: dict[str, dict[str, Any]] = {
    "create_provider": PROVIDER,
    "replace_provider": PROVIDER | VERSION,
    "test_unsaved_provider": {"kind": "compatible", "baseUrl": "http://127.0.0.1:9/v1"},
    "create_model": MODEL,
    "replace_model": MODEL | VERSION,
    "create_route": ROUTE,
    "replace_route": ROUTE | VERSION,
    "try_route": ROUTE,
    "create_limit": LIMIT,
    "update_limit": {"amount": 5} | VERSION,
    "tell_outcomes": {
        "outcomes": [{"prompt": OURS, "model": f"{CANARY}-model", "score": 1}],
    },
    "add_training_data": {"dataset": f"{CANARY}-dataset", "input": OURS, "output": OURS},
    "create_dataset": {"name": OURS, "kind": "intent"},
    "give_feedback": {
        "operationType": "classification",
        "operationId": f"{CANARY}-call",
        "feedback": "positive",
    },
    "submit_feedback": {"operationId": f"{CANARY}-call", "feedbackType": "fast", "rating": 5},
    "create_feedback": {"operation_id": f"{CANARY}-call", "value": True},
    "review_feedback": {"ids": [f"{CANARY}-feedback"], "action": "accept"},
    "create_view": {"name": OURS},
    "write_revenue": {"items": [{"operationId": OURS, "revenueUsd": 1}]},
    "replace_view": {"name": OURS} | VERSION,
    "create_oidc_provider": OIDC,
    "replace_oidc_provider": OIDC | VERSION,
    "update_retention": RETENTION,
    "preview_retention": RETENTION,
    "preview_erasure": {"kind": "user", "target": OURS},
    "erase": {"kind": "user", "target": CANARY},
    "create_chat_completion": {
        "model": f"{CANARY}-route",
        "messages": [{"role": "user", "content": "Hello"}],
    },
    "act_on_trained_models": {"action": "register", "name": OURS, "version": "1.0.0"},
    "start_release": {"name": f"{CANARY}-classifier", "version": "1.1.0"},
    "preview_release": {"name": f"{CANARY}-classifier", "version": "1.1.0"},
    "roll_release_back": {"reason": OURS},
    "create_classification": {"model": f"{CANARY}-model", "input": "Hello"},
    "create_entities": {"model": f"{CANARY}-model", "input": "Hello"},
    "create_embeddings": {"model": f"{CANARY}-model", "input": "Hello"},
    "create_completion": {"model": f"{CANARY}-model", "prompt": "Hello"},
    "create_message": {
        "model": f"{CANARY}-route",
        "max_tokens": 9,
        "messages": [{"role": "user", "content": "Hello"}],
    },
    "create_response": {"model": f"{CANARY}-route", "input": "Hello"},
    "create_training_run": TRAINING,
    "estimate_training": TRAINING,
    "learn_continuously": {"modelName": OURS.replace(" ", "-")},
    "create_improvement_policy": {"model": "theirs-as-ours", "job": TRAINING},
    "create_experiment": EXPERIMENT,
    "plan_experiment": {
        "target": OURS,
        "arms": [{"name": each, "kind": "route", "ref": OURS} for each in ("control", "treatment")],
    },
    "create_ab_test": {"name": OURS, "modelA": f"{CANARY}-model", "modelB": f"{CANARY}-route"},
    "create_training_schedule": {"name": OURS, "cron": "0 3 * * *", "job": TRAINING},
    "orchestrate_training": {
        "trainingRequest": {"modelType": "intent", "datasetId": f"{CANARY}-data"}
    },
    "start_chatbot_training": {
        "modelType": "intent_classification",
        "trainingData": {
            "feedbackData": [{"operationId": f"{CANARY}-call", "feedback": "negative"}]
        },
    },
    "start_automated_training": {
        "trainingName": OURS,
        "trainingData": {"conversationLogIds": [CANARY]},
    },
    "act_on_training": {"action": "train", "name": f"{CANARY}-data"},
    "create_monitor": {
        "name": OURS,
        "kind": "metric",
        "rule": {"metric": "error_rate", "threshold": 0.1},
    },
    "update_monitor": {"name": OURS} | VERSION,
    "silence_alert": {"until": "2040-01-01T00:00:00Z", "reason": OURS},
    "create_alert_channel": {"name": OURS, "kind": "email", "to": ["ours@venue.example"]},
    "update_alert_channel": {"name": OURS} | VERSION,
    "create_tuning_job": {"model": "hone:linear", "training_file": "the other organization's"},
    "create_batch": {
        "input_file_id": "the other organization's",
        "endpoint": "/v1/chat/completions",
        "completion_window": "24h",
    },
}
CALLS = {each.name: each for each in calls(BODIES)}
TRIED = {name: call for name, call in CALLS.items() if NEEDS.get(name) != BROWSER}
BY_THING = {
    "start_release",
    "preview_release",
    "create_model",
    "create_route",
    "try_route",
    "create_limit",
    "tell_outcomes",
    "add_training_data",
    "give_feedback",
    "submit_feedback",
    "create_feedback",
    "review_feedback",
    "create_chat_completion",
    "create_embeddings",
    "create_classification",
    "create_entities",
    "compare_model_versions",
    "create_completion",
    "create_message",
    "create_response",
    "create_batch",
    "create_training_run",
    "create_training_schedule",
    "create_improvement_policy",
    "create_experiment",
    "create_ab_test",
    "start_chatbot_training",
    "estimate_training",
    "orchestrate_training",
    "start_automated_training",
    "act_on_training",
    "create_tuning_job",
}
"""What names a thing of the other organization in its body, and so finds nothing."""


def test_every_call_says_what_it_needs() -> None:
    assert set(CALLS) == set(NEEDS), "list new calls in tests/security/permissions.py"


def _make(client: httpx.Client, call: Call, places: Places) -> httpx.Response:
    sent = call.sent()
    if call.name == "create_batch":
        sent["json"]["input_file_id"] = places.ids["file_id"]
    answer = client.request(call.method, call.at(places.ids), params=call.query, **sent)
    told = answer.text.replace(_echoed(answer), "")
    assert CANARY not in told, f"{call.name} told of the other organization: {answer.text}"
    assert CANARY not in str(answer.headers)
    return answer


def _echoed(answer: httpx.Response) -> str:
    """Return the name that an error repeats: the caller's own word, and nobody's secret."""
    if answer.is_success:
        return "\0"
    words = answer.json()["error"]["message"].split("'")
    return next((word for word in words if CANARY in word), "\0")


@pytest.mark.parametrize("role", list(Role))
def test_a_role_does_what_it_may_and_finds_nothing_of_others(places: Places, role: Role) -> None:
    held = PERMISSIONS[role]
    wrong: list[str] = []
    with places.client(places.keys[role]) as client:
        for name, call in TRIED.items():
            needed = NEEDS[name]
            may = needed in {PUBLIC, ANYONE} or needed in held
            status = _make(client, call, places).status_code
            if status not in _expected(call, may=may):
                wrong.append(f"{name}: {status}")
    assert wrong == []


def _expected(call: Call, *, may: bool) -> set[int]:
    if not may:
        return {403}
    if call.parameters:
        return {404}
    if call.name in BY_THING:
        return {404, 422}
    # A second one of the same name, or a grant of more than one holds, is refused.
    return {200, 201, 409} if call.method == "GET" else {200, 201, 202, 204, 403, 409}


def test_an_administrator_is_refused_nothing_for_its_form(places: Places) -> None:
    with places.client(places.keys[Role.ADMIN]) as client:
        wrong = {
            name: _make(client, call, places).text
            for name, call in TRIED.items()
            if name not in BY_THING
            and NEEDS[name] != PERSON
            and _make(client, call, places).status_code in {400, 403, 422}
        }
    assert wrong == {}


@pytest.mark.parametrize("kind", ["nobody", "expired", "revoked", "unknown"])
def test_without_a_key_that_works_only_what_is_public_is_answered(
    places: Places, kind: str
) -> None:
    key = places.refused.get(kind, "")
    with places.client(key) as client:
        statuses = {name: _make(client, call, places).status_code for name, call in TRIED.items()}
    public = {name for name, needed in NEEDS.items() if needed is PUBLIC}
    assert {name: status for name, status in statuses.items() if status != 401} == dict.fromkeys(
        public, 200
    )


@pytest.fixture(scope="module", autouse=True)
def untouched(places: Places) -> Iterator[None]:
    """Hold every row of the other organization against what it was before all calls."""
    wait_for(lambda: _at_rest(places), 30)
    before = _rows(places)
    assert any(CANARY in row for row in before)
    yield
    after = _rows(places)
    assert sorted(set(after) - set(before)) == []
    assert sorted(set(before) - set(after)) == []


BY_ITSELF = {
    "key_uses",
    "feedback_observed",
    "release_watches",
    "monitors",
    "monitor_points",
    "error_patterns",
}
"""When a key was used, and what was looked at and measured: written some time afterwards."""


def _at_rest(places: Places) -> bool:
    """Tell whether corrected answers have become examples: what was said has been followed to its end."""
    ((behind,),) = places.house.rows(
        "SELECT (SELECT count(*) FROM event_inbox) + coalesce((SELECT max(sequence) FROM events), 0)"
        " - coalesce((SELECT sequence FROM event_cursors WHERE consumer = 'datasets'), 0)"
    )
    return behind == 0


def _rows(places: Places) -> list[str]:
    """Return every row of the other organization, in any table."""
    house = places.house
    found = house.rows("SELECT id FROM organizations WHERE name LIKE %s", f"{CANARY}%")
    tables = house.rows(
        "SELECT c.table_name FROM information_schema.columns c JOIN pg_class p"
        " ON p.oid = c.table_name::regclass AND p.relkind IN ('r', 'p') AND NOT p.relispartition"
        " WHERE c.table_schema = 'public' AND c.column_name = 'organization_id' ORDER BY 1"
    )
    return [
        f"{table}: {row}"
        for (table,) in tables
        if table not in BY_ITSELF
        for (row,) in sorted(
            house.rows(f"SELECT t::text FROM {table} t WHERE organization_id = %s", found[0][0]),
            key=str,
        )
    ]
