"""Versions of trained models over HTTP: registered, promoted, rolled back, deprecated, compared."""

import asyncio
from datetime import datetime
from typing import Any

import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from hone import versions
from hone.core.db import Database
from hone.identity import Permission
from hone.versions.errors import ArtifactWrong, GateUnknown
from tests.identity.test_keys import code
from tests.versions import artifacts
from tests.versions.conftest import MODELS, NAME, Desk

ONE = f"{MODELS}/{NAME}"
BETTER = artifacts.comparison(0.012, 0.003, 0.021)
WORSE = artifacts.comparison(-0.01, -0.03, 0.01)


async def live(desk: Desk) -> Any:
    return (await desk.api.get(ONE)).json()["live"]["production"]


async def test_versions_are_numbered_by_what_changed(desk: Desk) -> None:
    first = await desk.register()
    second = await desk.register()
    warm = await desk.register(warm=True)
    fewer = await desk.register(labels=("billing", "technical"))
    told = [each.version for each in (first, second, warm, fewer)]
    assert told == ["1.0.0", "1.1.0", "1.1.1", "2.0.0"]
    shown = (await desk.api.get(MODELS)).json()
    assert [each["version"] for each in shown["items"][0]["versions"]] == told[::-1]
    assert shown["items"][0]["name"] == NAME
    assert shown["items"][0]["live"] == {"production": None, "staging": None, "abTest": None}
    assert shown["total"] == 1


async def test_a_run_makes_one_version_however_often_it_is_told(desk: Desk) -> None:
    organization_id = desk.api.organization_id
    new = artifacts.new(organization_id, desk.folder)
    made: list[str] = []
    for _ in range(2):
        async with desk.api.database.transaction(organization_id) as session:
            made.append((await versions.register(session, desk.api.app.state.blobs, new)).version)
    assert made == ["1.0.0", "1.0.0"]


async def test_runs_that_end_together_get_numbers_of_their_own(desk: Desk) -> None:
    made = await asyncio.gather(*(desk.register() for _ in range(3)))
    assert sorted(each.version for each in made) == ["1.0.0", "1.1.0", "1.2.0"]


async def test_a_version_shows_its_evidence_and_its_files_come_back_whole(desk: Desk) -> None:
    row = await desk.register()
    shown = (await desk.api.get(f"{ONE}/versions/v1.0.0")).json()
    assert shown["state"] == "candidate"
    assert shown["evidence"]["figures"]["test"]["macroF1"] == 0.9
    assert shown["gate"]["passed"]
    assert shown["dataset"]["digest"] == "d" * 64
    assert {each["name"] for each in shown["files"]} == {"manifest.json", "weights.json"}
    assert (await desk.api.get(f"{ONE}/versions/{shown['id']}")).json() == shown
    back = desk.folder / "back"
    await versions.fetch(desk.api.app.state.blobs, row, back)
    sizes = {each["name"]: (back / each["name"]).stat().st_size for each in shown["files"]}
    assert sizes == {each["name"]: each["size"] for each in shown["files"]}


async def test_the_first_version_is_promoted_and_then_callable_by_its_name(desk: Desk) -> None:
    await desk.register()
    done = (await desk.promote("1.0.0", reason="first")).json()
    assert done["live"]["production"] == "1.0.0"
    assert done["history"]["action"] == "promoted"
    assert done["version"]["state"] == "live"
    model = (await desk.api.get("/api/models")).json()["items"][0]
    assert (model["name"], model["provider"], model["upstream"]) == (NAME, "hone", NAME)
    again = (await desk.promote("1.0.0")).json()
    assert again["history"] is None
    assert (await desk.api.get(f"{ONE}/history")).json()["total"] == 1
    assert (await desk.api.get(ONE)).json()["callableAs"] == NAME


async def test_what_has_not_passed_its_gates_is_released_only_with_a_named_override(
    desk: Desk,
) -> None:
    await desk.register()
    await desk.promote("1.0.0")
    await desk.register(compared=WORSE)
    refused = await desk.promote("1.1.0")
    assert code(refused) == (409, "gate_not_passed")
    checks = refused.json()["error"]["details"]["checks"]
    assert [each["name"] for each in checks] == ["better"]
    assert checks[0]["words"] == (
        "macro F1 fell by 1.0 points (95 %: -3.0 to 1.0); bar: the interval is above 0"
    )
    done = await desk.promote("1.1.0", override={"reason": "the old one does not know refunds"})
    told = (await desk.api.get(f"{ONE}/history")).json()["items"][0]
    assert done.json()["history"] == told
    assert told["override"] == {"reason": "the old one does not know refunds"}
    assert not told["gate"]["passed"]
    assert told["actor"].startswith("key_")
    assert await live(desk) == "1.1.0"


async def test_a_version_must_have_been_compared_with_what_is_live_now(desk: Desk) -> None:
    await desk.register()
    await desk.promote("1.0.0")
    await desk.register(compared=BETTER)
    await desk.register(compared=BETTER)
    assert (await desk.promote("1.1.0")).status_code == 200
    refused = await desk.promote("1.2.0")
    assert code(refused) == (409, "gate_not_passed")
    assert "was compared with 1.0.0, and 1.1.0 is live now" in refused.text
    assert (await desk.promote("1.2.0", environment="staging")).status_code == 200
    assert (await desk.api.get(ONE)).json()["live"]["staging"] == "1.2.0"


async def test_rolling_back_goes_further_back_each_time(desk: Desk) -> None:
    for compared in (None, BETTER, BETTER):
        row = await desk.register(compared=compared)
        await desk.promote(row.version, override={"reason": "test"})
    assert await live(desk) == "1.2.0"
    for expected in ("1.1.0", "1.0.0"):
        done = await desk.api.post(f"{ONE}/rollback", {"reason": "worse at refunds"})
        assert done.json()["live"]["production"] == expected
    none = await desk.api.post(f"{ONE}/rollback", {})
    assert code(none) == (409, "nothing_to_roll_back_to")
    named = await desk.api.post(f"{ONE}/rollback", {"version": "v1.2.0"})
    assert named.json()["live"]["production"] == "1.2.0"
    never = await desk.api.post(f"{ONE}/rollback", {"environment": "staging"})
    assert code(never) == (409, "nothing_live")
    other = await desk.api.post(f"{MODELS}/other/rollback", {})
    assert other.status_code == 404


async def test_what_was_live_at_a_moment_and_why(desk: Desk) -> None:
    await desk.register()
    first = (await desk.promote("1.0.0", reason="first")).json()["history"]["at"]
    await desk.register(compared=BETTER)
    await desk.promote("1.1.0", reason="better")

    async def at(moment: str) -> Any:
        path = f"{ONE}/history?at={moment.replace('+', '%2B')}"
        return (await desk.api.get(path)).json()

    told = await at(first)
    assert told["live"]["production"] == "1.0.0"
    assert [each["reason"] for each in told["because"]] == ["first"]
    before = datetime.fromisoformat(first).replace(year=2020).isoformat()
    assert (await at(before))["live"]["production"] is None
    later = await at("2099-01-01T00:00:00Z")
    assert later["because"][0]["reason"] == "better"


async def test_a_deprecated_version_is_not_released_again(desk: Desk) -> None:
    for compared in (None, BETTER):
        row = await desk.register(compared=compared)
        await desk.promote(row.version)
    refused = await desk.api.post(f"{ONE}/versions/1.1.0/deprecate", {})
    assert code(refused) == (409, "version_live")
    gone = await desk.api.post(f"{ONE}/versions/1.0.0/deprecate", {"reason": "leaks"})
    assert gone.json()["version"]["state"] == "deprecated"
    assert gone.json()["version"]["deprecation"]["reason"] == "leaks"
    back = await desk.api.post(f"{ONE}/rollback", {})
    assert code(back) == (409, "nothing_to_roll_back_to")
    assert code(await desk.promote("1.0.0")) == (409, "version_deprecated")
    retired = await desk.api.post(f"{ONE}/versions/1.1.0/deprecate", {"retire": True})
    assert retired.json()["live"]["production"] is None
    assert [
        each["action"] for each in (await desk.api.get(f"{ONE}/history?limit=2")).json()["items"]
    ] == ["deprecated", "retired"]


async def test_two_versions_side_by_side(desk: Desk) -> None:
    await desk.register()
    await desk.promote("1.0.0")
    await desk.register(
        made=artifacts.card(0.93), compared=BETTER, labels=(*artifacts.LABELS, "refund")
    )
    told = (await desk.api.get(f"{MODELS}/compare?a=v1.0.0&b=v1.1.0")).json()
    rows = {each["name"]: each for each in told["figures"]}
    assert rows["macroF1"]["difference"] == 0.03
    assert (told["labelsAdded"], told["labelsGone"]) == (["refund"], [])
    assert told["paired"]["metrics"]["macroF1"]["low"] == 0.003
    assert told["sameData"]


async def test_the_one_call_of_the_requirements(desk: Desk) -> None:
    async def act(**body: Any) -> Any:
        return await desk.api.post(MODELS, body)

    await desk.api.post("/api/providers", {"name": "openai", "kind": "openai"})
    for name in ("gpt-4o", "gpt-4o-mini"):
        model = {"name": name, "provider": "openai", "upstream": name}
        await desk.api.post("/api/models", model)
    for version, model in (("v1.1.0", "gpt-4o"), ("v1.2.0", "gpt-4o-mini")):
        config = {"model": model}
        made = await act(action="register", name=NAME, version=version, config=config)
        assert made.status_code == 200
    again = await act(action="register", name=NAME, version="v1.1.0", config={"model": "gpt-4o"})
    assert again.status_code == 200
    taken = await act(action="register", name=NAME, version="v1.1.0")
    assert code(taken) == (409, "version_taken")
    assert (await act(action="deploy", version="v1.1.0")).json()["live"]["production"] == "1.1.0"
    assert (await act(action="deploy", version="v1.2.0")).json()["live"]["production"] == "1.2.0"
    route = (await desk.api.get("/api/routes")).json()["items"][0]
    assert (route["name"], route["targets"][0]["model"]) == (NAME, "gpt-4o-mini")
    back = await act(action="rollback", version="v1.1.0")
    assert back.json()["live"]["production"] == "1.1.0"
    route = (await desk.api.get("/api/routes")).json()["items"][0]
    assert (route["name"], route["targets"][0]["model"]) == (NAME, "gpt-4o")
    gone = await act(action="deprecate", version="v1.2.0")
    assert gone.json()["version"]["state"] == "deprecated"
    canary = await act(action="deploy", version="v1.1.0", strategy="canary", rolloutPercentage=10)
    assert code(canary) == (409, "live_already")
    await act(action="register", name="other", version="v1.1.0")
    unclear = await act(action="deploy", version="v1.1.0")
    assert code(unclear) == (422, "name_unclear")
    assert unclear.json()["error"]["details"]["names"] == ["other", NAME]


async def test_a_name_that_something_else_has_is_told(desk: Desk) -> None:
    await desk.api.post("/api/providers", {"name": "openai", "kind": "openai"})
    await desk.api.post("/api/models", {"name": NAME, "provider": "openai", "upstream": "gpt-4o"})
    await desk.register()
    refused = await desk.promote("1.0.0")
    assert code(refused) == (409, "name_taken")
    assert (await desk.api.get(f"{ONE}/history")).json()["total"] == 0


async def test_nothing_rewrites_history(desk: Desk, owner: Database) -> None:
    await desk.register()
    await desk.promote("1.0.0")
    for statement in (
        "UPDATE model_history SET reason = 'other'",
        "DELETE FROM model_history",
        "TRUNCATE model_history",
        "UPDATE model_versions SET card = '{}'",
        "DELETE FROM model_versions",
    ):
        with pytest.raises(ProgrammingError) as refused:
            async with owner.transaction() as session:
                await session.execute(text(statement))
        assert isinstance(refused.value.orig, InsufficientPrivilege)


async def test_the_views_of_analysts(desk: Desk) -> None:
    for compared in (None, BETTER):
        row = await desk.register(compared=compared)
        await desk.promote(row.version)
    async with desk.api.database.transaction(desk.api.organization_id) as session:
        known = await session.execute(
            text(
                "SELECT version, performance -> 'test' ->> 'accuracy', deployment_status"
                " FROM ai_model_versions ORDER BY version"
            )
        )
        assert [tuple(row) for row in known] == [
            ("1.0.0", "0.9", "retired"),
            ("1.1.0", "0.9", "live"),
        ]
        deployed = await session.execute(
            text(
                "SELECT deployment_type, deployment_status, deactivated_at IS NULL"
                " FROM chatbot_model_deployments ORDER BY deployed_at"
            )
        )
        assert [tuple(row) for row in deployed] == [
            ("production", "retired", False),
            ("production", "live", True),
        ]


async def test_what_is_no_artifact_and_no_gate_is_refused(desk: Desk) -> None:
    organization_id = desk.api.organization_id
    new = artifacts.new(organization_id, desk.folder)
    (new.files["manifest.json"]).write_text("[]", "utf-8")
    blobs = desk.api.app.state.blobs
    async with desk.api.database.transaction(organization_id) as session:
        with pytest.raises(ArtifactWrong):
            await versions.register(session, blobs, new)
    with pytest.raises(GateUnknown, match="latencyP95"):
        versions.read_gates([{"latencyP95": 20}])


async def test_others_see_nothing_of_it(desk: Desk) -> None:
    await desk.register()
    stranger = await desk.api.add_organization("Stranger")
    assert (await desk.api.get(ONE, key=stranger)).status_code == 404
    assert (await desk.api.get(MODELS, key=stranger)).json()["total"] == 0
    refused = await desk.api.post(f"{ONE}/promote", {"version": "1.0.0"}, key=stranger)
    assert refused.status_code == 404


async def test_reading_is_not_releasing(desk: Desk) -> None:
    await desk.register()
    reader = await desk.api.add_key(Permission.MODELS_READ, Permission.MODELS_WRITE)
    assert (await desk.api.get(ONE, key=reader)).status_code == 200
    for path, body in (
        (f"{ONE}/promote", {"version": "1.0.0"}),
        (f"{ONE}/rollback", {}),
        (f"{ONE}/versions/1.0.0/deprecate", {}),
        (MODELS, {"action": "deploy", "version": "1.0.0"}),
    ):
        assert (await desk.api.post(path, body, key=reader)).status_code == 403
