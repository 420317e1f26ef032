"""Every call that changes something leaves an event that says who, and what was before and after.

The calls are those of our OpenAPI document, so none can be forgotten: a new one is done here, or
listed with the reason why it leaves none.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest_asyncio
from sqlalchemy import text

from hone import feedback, monitoring, releases
from hone import improvement as improvement_of
from hone import training as training_of
from hone.audit.routes import router as audit
from hone.batches import Place
from hone.batches.routes import router as batches_router
from hone.core import events, http, ids
from hone.core.blobs import Blobs
from hone.core.db import Database
from hone.core.settings import Settings
from hone.datasets.routes import router as datasets_router
from hone.experiments.routes import router as experiments_router
from hone.feedback.routes import router as feedback_router
from hone.improvement.routes import router as improvement_router
from hone.limits.routes import router as limits_router
from hone.monitoring.routes import router as monitoring_router
from hone.operations import keep_partitions
from hone.operations.routes import router as operations
from hone.privacy.routes import router as privacy
from hone.releases.routes import router as releases_router
from hone.routing.routes import router as routing_router
from hone.training.routes import router as training_router
from hone.versions.routes import router as trained_router
from tests.fixtures import learned
from tests.identity.api import Api, open_api
from tests.identity.browser import PASSWORD, Browser, signed_in
from tests.security.calls import DOCUMENT
from tests.training import intents

Json = dict[str, Any]
CHANGES = {
    operation["operationId"]
    for methods in DOCUMENT["paths"].values()
    for method, operation in methods.items()
    if method != "get"
}
SILENT = {
    "refresh_session": "goes on with a session whose start was told",
    "forgot_password": "is done without anybody being known; the link that follows is told",
    "test_provider": "only asks",
    "test_alert_channel": "only sends a message that says it is a test",
    "test_unsaved_provider": "only asks",
    "test_oidc_provider": "only asks",
    "estimate_training": "only tells what would be",
    "plan_experiment": "only tells what would be",
    "preview_route": "only tells what would be",
    "preview_release": "only tells what would be",
    "try_route": "only tells what would have been",
    "preview_erasure": "only tells what would go",
    "preview_retention": "only tells what would go",
    "log_operation": "is a call, and in the log of calls",
    "create_chat_completion": "is a call, and in the log of calls",
    "create_classification": "is a call, and in the log of calls",
    "create_entities": "is a call, and in the log of calls",
    "create_embeddings": "is a call, and in the log of calls",
    "create_completion": "is a call, and in the log of calls",
    "create_message": "is a call, and in the log of calls",
    "create_response": "is a call, and in the log of calls",
}
PATHS = {
    operation["operationId"]: (method.upper(), path)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}
FORM = "multipart/form-data; boundary=-"
NEW_PASSWORD = "umbrella-violin-17"


@dataclass
class Story:
    """An administrator at work, and what the trail said of each step."""

    api: Api
    owner: Database
    browser: Browser
    told: dict[str, list[tuple[str, Json]]] = field(
        default_factory=dict[str, list[tuple[str, Json]]]
    )
    seen: int = 0

    async def do(
        self, name: str, body: Json | bytes | None = None, query: str = "", **where: str
    ) -> Json:
        """Make one call, which must succeed, and note the events that it leaves."""
        method, path = PATHS[name]
        kind = {"content-type": FORM} if isinstance(body, bytes) else {}
        answer = await self.browser.send(method, path.format(**where) + query, body, **kind)
        assert answer.is_success, f"{name}: {answer.text}"
        found = await self.catch_up()
        self.told.setdefault(name, []).extend(found)
        return answer.json() if answer.content else {}

    async def catch_up(self) -> list[tuple[str, Json]]:
        """Read the events that are new."""
        while await feedback.settle(self.owner, self.api.keyring):
            pass
        await events.seal(self.owner)
        page = (await self.api.get("/api/audit/events?limit=50")).json()["items"]
        fresh = [each for each in page if each["position"] > self.seen]
        self.seen = max([self.seen, *(each["position"] for each in page)])
        return [(each["name"], each) for each in fresh]


@pytest_asyncio.fixture
async def story(database: Database, owner: Database, tmp_path: Path) -> AsyncIterator[Story]:
    """Open every domain's API, with an administrator who is signed in."""
    async with open_api(database, private_upstreams=True) as api:
        http.add_routers(
            api.app,
            audit,
            experiments_router,
            limits_router,
            routing_router,
            trained_router,
            releases_router,
            operations,
            privacy,
            feedback_router,
            batches_router,
            datasets_router,
            training_router,
            improvement_router,
        )
        settings = Settings(data_dir=tmp_path)
        place = training_of.Place.open(settings, api.keyring, api.app.state.blobs)
        api.app.state.training = place
        http.add_routers(api.app, monitoring_router)
        api.app.state.monitoring = monitoring.Place(settings, api.keyring, api.app.state.blobs)
        blobs = Blobs.open(Settings(data_dir=tmp_path))
        api.app.state.files = Place(database, api.keyring, blobs, 1 << 20)
        made = Story(api, owner, await signed_in(api))
        await made.catch_up()
        yield made


async def registry(story: Story) -> None:
    provider = {"name": "main", "kind": "openai", "apiKey": "sk-secret"}
    made = await story.do("create_provider", provider)
    given = provider | {"name": "primary", "version": made["version"]}
    await story.do("replace_provider", given, provider_id=made["id"])
    model = {"name": "large", "provider": "primary", "upstream": "large-1"}
    first = await story.do("create_model", model)
    await story.do(
        "replace_model", model | {"upstream": "large-2", "version": 1}, model_id=first["id"]
    )
    route = {"name": "assistant", "targets": [{"model": "large"}]}
    made_route = await story.do("create_route", route)
    where = {"route_id": made_route["id"]}
    changed = route | {"name": "helper", "version": made_route["version"]}
    second = await story.do("replace_route", changed, **where)
    third = await story.do("undo_route", {"version": second["version"]}, **where)
    await story.do("restore_route", {"version": third["version"]}, version="2", **where)
    await story.do("delete_route", **where)
    await story.do("delete_model", model_id=first["id"])
    await story.do("delete_provider", provider_id=made["id"])


async def experiments(story: Story) -> None:
    made = await story.api.post("/api/providers", {"name": "third", "kind": "openai"})
    assert made.is_success
    for name in ("one", "other"):
        model = {"name": name, "provider": "third", "upstream": name}
        assert (await story.api.post("/api/models", model)).is_success
    await story.catch_up()
    arms = [{"name": "control", "ref": "one"}, {"name": "treatment", "ref": "other"}]
    wanted = {"name": "other instead", "target": "one", "arms": arms}
    spare = await story.do("create_experiment", wanted)
    await story.do("delete_experiment", experiment_id=spare["id"])
    made = await story.do("create_experiment", wanted)
    there = {"experiment_id": made["id"]}
    await story.do("update_experiment", {"hypothesis": "it is better", "version": 1}, **there)
    for name in ("start", "pause", "resume"):
        await story.do(f"{name}_experiment", **there)
    await story.do("decide_experiment", {"arm": "treatment", "reason": "better"}, **there)
    await story.do("stop_experiment", {"reason": "not that much better"}, **there)
    await story.do("create_ab_test", {"name": "again", "modelA": "one", "modelB": "other"})


async def limits(story: Story) -> None:
    wanted = {"subject": {"kind": "organization"}, "measure": "cost", "window": "month"}
    made = await story.do("create_limit", wanted | {"amount": "25"})
    where = {"limit_id": made["id"]}
    await story.do("update_limit", {"amount": "30", "version": made["version"]}, **where)
    await story.do("delete_limit", **where)


async def routing(story: Story) -> None:
    provider = await story.api.post("/api/providers", {"name": "second", "kind": "openai"})
    assert provider.is_success
    wanted = {"name": "small", "provider": "second", "upstream": "small-1"}
    assert (await story.api.post("/api/models", wanted)).is_success
    await story.catch_up()
    outcome = {"prompt": "Why?", "model": "small", "score": 1}
    await story.do("tell_outcomes", {"outcomes": [outcome]})
    await story.do("delete_outcomes")
    await story.do("begin_fit", {})
    predictor = learned.constant({ids.new().hex: 1.0})
    blobs, mine = story.api.app.state.blobs, story.api.organization_id
    kept = await learned.keep(story.api.database, blobs, mine, predictor)
    named = ids.public("rm", kept)
    await story.do("activate_routing_model", routing_model_id=named)
    await story.do("retire_routing_model", routing_model_id=named)
    await story.do("activate_routing_model", routing_model_id=named)
    await story.do("undo_routing")


async def datasets(story: Story) -> None:
    made = await story.do("create_dataset", {"name": "tickets", "kind": "intent"})
    where = {"dataset": made["id"]}
    await story.do("update_dataset", {"description": "What came in"}, **where)
    said = {"input": "Where is my card?", "status": "validated"}
    await story.do("add_example", said | {"output": "card"}, **where)
    await story.do("import_examples", b'{"text": "Where?", "intent": "place"}', **where)
    await story.do("add_training_data", {"dataset": "tickets", "input": "Hi", "output": "hello"})
    await story.do("freeze_dataset", {}, **where)
    begun = await story.do("begin_dataset_check", {}, **where)
    await story.do("cancel_dataset_check", check=begun["id"], **where)
    await story.do("augment_dataset", {}, **where)
    other = await story.do("add_example", said | {"output": "parcel"}, **where)
    found = await story.api.get("/api/datasets/tickets/findings")
    (finding,) = found.json()["items"]
    await story.do("decide_finding", {"action": "dismiss"}, finding=finding["id"], **where)
    here = {"example": other["id"], **where}
    await story.do("update_example", {"status": "rejected"}, **here)
    await story.do("review_examples", {"ids": [other["id"]], "action": "undo"}, **where)
    await story.do("delete_example", **here)
    await story.do("delete_dataset", **where)


async def knowledge(story: Story) -> None:
    made = await story.api.post("/api/datasets", {"name": "answers", "kind": "response"})
    where = {"dataset": made.json()["id"]}
    await story.catch_up()
    page = await story.do("add_knowledge", {"url": "http://127.0.0.1:9/help"}, **where)
    here = where | {"knowledge_id": page["id"]}
    await story.do("update_knowledge", {"name": "Help"}, **here)
    await story.do("sync_knowledge", **here)
    await story.do("remove_knowledge", **here)
    await story.do("upload_knowledge", b"Dogs may not come.", "?name=rules.txt", **where)


async def trained(story: Story) -> None:
    name = "classifier"
    for version in ("1.0.0", "2.0.0"):
        register = {"action": "register", "name": name, "version": version}
        await story.do("act_on_trained_models", register | {"config": {"model": "small"}})
        await story.do("promote_model_version", {"version": version}, model_name=name)
    await story.do("roll_model_back", {"reason": "worse"}, model_name=name)
    await released(story, name)
    where = {"model_name": name, "model_version": "2.0.0"}
    await story.do("deprecate_model_version", {"reason": "worse"}, **where)


async def released(story: Story, name: str) -> None:
    steps = [{"share": 0.1, "approval": True}, {"share": 0.5}]
    wanted = {"name": name, "version": "2.0.0", "plan": {"steps": steps, "guardrails": []}}
    for ends in ("roll_release_back", "cancel_release"):
        made = await story.do("start_release", wanted)
        where = {"release_id": made["id"]}
        for _ in range(2):
            await _look(story)
        await story.do("approve_release", {"note": "go on"}, **where)
        await story.do("hold_release", {}, **where)
        await story.do("resume_release", {}, **where)
        await story.do(ends, {"reason": "enough"}, **where)
        await _end(story, made["id"])
    made = await story.do("start_release", wanted)
    await _look(story)
    await story.do("advance_release", {}, release_id=made["id"])
    await story.do("cancel_release", {}, release_id=made["id"])
    await _end(story, made["id"])


async def _look(story: Story) -> None:
    """Let releases move; what they tell by themselves is no step of anybody's."""
    await releases.tick(story.owner, story.api.database, None)
    await story.catch_up()


async def _end(story: Story, release_id: str) -> None:
    """Say that the seconds have passed which a way back takes, and look."""
    await _look(story)
    async with story.owner.transaction() as session:
        await session.execute(text("UPDATE release_watches SET seconds = 60"))
    await _look(story)
    told = (await story.api.get(f"/api/releases/{release_id}")).json()
    assert told["endedAt"] is not None


async def batches(story: Story) -> None:
    head = b"---\r\ncontent-disposition: form-data; name="
    given = b'%b"purpose"\r\n\r\nbatch\r\n%b"file"; filename="a.jsonl"\r\n\r\n{}\r\n-----\r\n'
    kept = await story.do("create_file", given % (head, head))
    wanted = {"input_file_id": kept["id"], "endpoint": "/v1/embeddings"}
    for cancel in ("cancel_batch", "cancel_any_batch"):
        made = await story.do("create_batch", wanted | {"completion_window": "24h"})
        await story.do(cancel, batch_id=made["id"])
    other = await story.do("create_file", given % (head, head))
    await story.do("delete_file", file_id=other["id"])


async def training(story: Story) -> None:
    data = intents.conversations(30)
    begun = {"modelType": "intent_classification", "modelName": "parcels", "trainingData": data}
    await story.do("start_chatbot_training", begun)
    job = {"name": "parcels", "data": {"dataset": "parcels"}}
    made = await story.do("create_training_run", job)
    where = {"run_id": made["id"]}
    await story.do("pause_training_run", **where)
    await story.do("resume_training_run", **where)
    await story.do("cancel_training_run", **where)
    await story.do("retry_training_run", **where)
    wanted = {"trainingRequest": {"modelType": "intent", "datasetId": "parcels"}}
    await story.do("orchestrate_training", wanted)
    chosen = {"trainingName": "parcels", "trainingData": {"conversationLogIds": ["c1"]}}
    await story.do("start_automated_training", chosen)
    await story.do("act_on_training", {"action": "train", "name": "parcels"})
    nightly = {"name": "nightly", "cron": "0 3 * * *", "job": job}
    schedule = await story.do("create_training_schedule", nightly)
    there = {"schedule_id": schedule["id"]}
    await story.do("update_training_schedule", {"cron": "0 4 * * *", "version": 1}, **there)
    await story.do("delete_training_schedule", **there)
    tuning = {"model": "hone:linear", "training_file": made["dataset"]["id"]}
    job = await story.do("create_tuning_job", tuning)
    await story.do("pause_tuning_job", job_id=job["id"])
    await story.do("resume_tuning_job", job_id=job["id"])
    await story.do("cancel_tuning_job", job_id=job["id"])


async def improvement(story: Story) -> None:
    wanted = {"model": "parcels", "job": {"name": "parcels", "data": {"dataset": "parcels"}}}
    policy = await story.do("create_improvement_policy", wanted | {"approvals": ["train"]})
    where = {"policy_id": policy["id"]}
    await story.do("update_improvement_policy", {"leastNew": 5, "version": 1}, **where)
    turn = await story.do("begin_improvement_turn", {"reason": "to see"}, **where)
    there = {"turn_id": turn["id"]}
    await improvement_of.tick(story.owner, story.api.database, story.api.app.state.training)
    await story.catch_up()
    await story.do("approve_improvement_turn", {"note": "go on"}, **there)
    await story.do("reject_improvement_turn", {"reason": "not now"}, **there)
    turn = await story.do("begin_improvement_turn", {"reason": "again"}, **where)
    async with story.owner.transaction() as session:
        await session.execute(
            text(
                "UPDATE improvement_turns SET state = 'awaiting_approval', awaiting = 'release',"
                " gate = 'refused' WHERE finished_at IS NULL"
            )
        )
    await story.do("override_improvement_turn", {"reason": "it will do"}, turn_id=turn["id"])
    await story.do("reject_improvement_turn", {"reason": "no"}, turn_id=turn["id"])
    await story.do("delete_improvement_policy", **where)
    told = {"input": "Who pays?", "correctedAnswer": "The sender."}
    await story.do("learn_continuously", {"newConversationData": {"userFeedback": [told]}})


async def watching(story: Story) -> None:
    await story.do("act_on_metrics", {"action": "calculate"})
    rule = {"metric": "error_rate", "threshold": 0.1}
    made = await story.do("create_monitor", {"name": "errors", "kind": "metric", "rule": rule})
    where = {"monitor_id": made["id"]}
    await story.do("update_monitor", {"name": "failures", "version": 1}, **where)
    await story.do("check_monitor", **where)
    await story.do("delete_monitor", **where)
    to: Json = {"to": ["grace@venue.example"]}
    channel = await story.do("create_alert_channel", {"name": "mail", "kind": "email"} | to)
    there = {"channel_id": channel["id"]}
    await story.do("update_alert_channel", {"digest": False, "version": 1}, **there)
    await story.do("delete_alert_channel", **there)
    await keep_partitions(story.owner)
    call = {"modelId": "large", "operationType": "chat", "input": "Why?", "output": "Because."}
    logged = (await story.api.post("/api/ai/operations/log", call)).json()["id"]
    evidence = {"operations": [logged]}
    cause = monitoring.Cause("of ours", "release", "warning", "Errors", "So", "Look", evidence)
    mine = story.api.organization_id
    async with story.api.database.transaction(mine) as session:
        alert = await monitoring.open_alert(session, mine, cause)
    assert alert is not None
    await story.catch_up()
    here: Json = {"alert_id": ids.public("alert", alert.id)}
    await story.do("acknowledge_alert", **here)
    until: Json = {"until": "2040-01-01T00:00:00Z", "reason": "known"}
    await story.do("silence_alert", until, **here)
    await story.do("review_alert", {}, **here)
    await story.do("resolve_alert", {"note": "over"}, **here)


async def people(story: Story) -> None:
    await story.do("update_organization", {"name": "Theatre"})
    person = {"email": "grace@venue.example", "name": "Grace", "role": "developer"}
    made = await story.do("create_person", person)
    who = {"person_id": made["id"]}
    await story.do("update_person", {"role": "analyst", "version": made["version"]}, **who)
    await story.do("make_password_link", **who)
    await story.do("deactivate_person", **who)
    await story.do("reactivate_person", **who)
    invited = await story.do("invite_person", person | {"email": "noor@venue.example"})
    guest = {"person_id": invited["person"]["id"]}
    await story.do("renew_invitation", **guest)
    await story.do("withdraw_invitation", **guest)
    joining = await story.do("invite_person", person | {"email": "jun@venue.example"})
    token = parse_qs(urlsplit(str(joining["url"])).query)["token"][0]
    stranger, story.browser = story.browser, Browser(story.api)
    await story.do("set_password", {"token": token, "password": NEW_PASSWORD})
    story.browser = stranger
    await story.do("end_person_sessions", person_id=joining["person"]["id"])
    team = await story.do("create_team", {"name": "website"})
    where = {"team_id": team["id"]}
    await story.do("add_team_member", **where, **who)
    await story.do("remove_team_member", **where, **who)
    now = await story.api.get(f"/api/identity/teams/{team['id']}")
    renamed = {"name": "site", "version": now.json()["version"]}
    await story.do("update_team", renamed, **where)
    await story.do("delete_team", **where)


async def doors(story: Story) -> None:
    key = await story.do("create_key", {"name": "website", "permissions": ["ai:query"]})
    await story.do("revoke_key", key_id=key["id"])
    oidc = {"name": "ID", "issuer": "https://id.example.com", "clientId": "hone"}
    made = await story.do("create_oidc_provider", oidc)
    where = {"oidc_id": made["id"]}
    await story.do(
        "replace_oidc_provider", oidc | {"name": "Ours", "version": made["version"]}, **where
    )
    await story.do("delete_oidc_provider", **where)
    view = await story.do("create_view", {"name": "failed"})
    there = {"view_id": view["id"]}
    await story.do("replace_view", {"name": "broken", "version": view["version"]}, **there)
    await story.do("delete_view", **there)
    await keep_partitions(story.owner)
    call = {"modelId": "large", "operationType": "chat", "externalId": "sale-7"}
    await story.api.post("/api/ai/operations/log", call)
    earned = {"items": [{"operationId": "sale-7", "revenueUsd": 1.5}]}
    await story.do("write_revenue", earned)
    said = {"operationType": "classification", "operationId": "sale-7", "feedback": "positive"}
    given = await story.do("give_feedback", said)
    rating = {"operationId": "sale-7", "feedbackType": "fast", "rating": 5}
    await story.do("submit_feedback", rating)
    await story.do("create_feedback", {"operation_id": "sale-7", "value": True})
    await story.do("review_feedback", {"ids": [given["id"]], "action": "reject"})
    await story.do("verify_chain")
    rules = (await story.api.get("/api/retention")).json()["rules"]
    rule = next(each for each in rules if each["kind"] == "operations")
    shorter = {"kind": "operations", "days": 90, "version": rule["version"]}
    await story.do("update_retention", {"rules": [shorter]})
    await story.do("erase", {"kind": "user", "target": "guest-204"})


async def oneself(story: Story) -> None:
    await story.do("update_me", {"name": "Ana M."})
    other = Browser(story.api)
    mine, story.browser = story.browser, other
    await story.do("sign_in_by_password", {"email": "ana@venue.example", "password": PASSWORD})
    story.browser = mine
    sessions = (await story.browser.send("GET", "/api/identity/sessions")).json()["items"]
    elsewhere = next(each for each in sessions if not each["current"])
    await story.do("end_session", session_id=elsewhere["id"])
    assert (await other.sign_in("ana@venue.example")).is_success
    await story.do("end_other_sessions")
    await story.do("change_password", {"current": PASSWORD, "new": NEW_PASSWORD})
    await story.do("sign_out")


PARTS = (
    registry,
    limits,
    experiments,
    datasets,
    knowledge,
    batches,
    routing,
    training,
    improvement,
    trained,
    watching,
    people,
    doors,
    oneself,
)


async def test_every_change_is_in_the_trail(story: Story) -> None:
    for part in PARTS:
        await part(story)
    assert set(story.told) | SILENT.keys() == CHANGES, "do new calls here, or say why not"
    assert {name for name, found in story.told.items() if not found} == set()
    ana = (await story.api.get("/api/identity/people?q=ana@")).json()["items"][0]["id"]
    strangers = {
        (name, event["actor"]["id"])
        for name, found in story.told.items()
        for _, event in found
        if event["actor"]["id"] != ana and name != "set_password"
    }
    assert strangers == set()
    assert _halves(story) == set()


def _halves(story: Story) -> set[str]:
    """List the updates that do not say both what was and what is; a name is a personal fact."""
    updates = [
        (name, event["personal"] or event)
        for found in story.told.values()
        for name, event in found
        if name.endswith(".updated")
    ]
    return {name for name, facts in updates if not (facts["before"] and facts["after"])}


def test_silence_has_its_reasons() -> None:
    assert SILENT.keys() <= CHANGES
