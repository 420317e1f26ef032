"""Versions: what they pour out, what is erased from them, and what has had its time."""

import json
from pathlib import Path

import pytest_asyncio
from sqlalchemy import text

from hone import datasets
from hone.core.blobs import Blobs
from hone.core.db import Database
from hone.datasets import erasing
from tests.datasets.conftest import Desk, Json, lines

PATH = "/api/datasets/tickets/versions"


@pytest_asyncio.fixture
async def filled(desk: Desk) -> Desk:
    await desk.dataset()
    rows = [
        {"text": f"question {word} here", "intent": f"label {number % 3}", "user": f"u{number % 2}"}
        for number, word in enumerate(["one", "two", "six", "ten", "red", "blue", "green", "pink"])
    ]
    await desk.send("/api/datasets/tickets/import", lines(*rows))
    return desk


async def _poured(desk: Desk, version: Json, folder: Path) -> list[Json]:
    api = desk.api
    async with api.database.transaction(api.organization_id) as session:
        poured = await datasets.pour(
            session,
            _blobs(desk),
            api.keyring,
            api.organization_id,
            version["id"],
            folder / "data.jsonl",
        )
    rows = [json.loads(each) for each in (folder / "data.jsonl").read_bytes().splitlines()]
    assert poured.examples == len(rows)
    assert sum(poured.splits.values()) == len(rows)
    return rows


def _blobs(desk: Desk) -> Blobs:
    return desk.api.app.state.blobs


async def test_a_version_is_poured_out_as_a_run_reads_it(filled: Desk, tmp_path: Path) -> None:
    version = await filled.made(PATH, {})
    rows = await _poured(filled, version, tmp_path)
    assert len(rows) == 8
    assert set(rows[0]) == {"id", "input", "output", "split", "weight", "group", "source"}
    api = filled.api
    async with api.database.transaction(api.organization_id) as session:
        row = await datasets.version(session, api.organization_id, version["id"])
        found = datasets.enough(row, "intent")
        assert (await datasets.dataset_of(session, row)).name == "tickets"
    assert (found.fits, found.required) == (False, 10)
    assert "at least 10 are needed" in found.words


async def test_an_example_never_moves_to_another_split(filled: Desk, tmp_path: Path) -> None:
    first = await _poured(filled, await filled.made(PATH, {}), tmp_path)
    more = [{"text": f"more {each} words", "intent": "x"} for each in "abcdefgh"]
    same = [{"text": "QUESTION one, here!", "intent": "label 0"}]
    await filled.send("/api/datasets/tickets/import", lines(*more, *same))
    asked = {"seed": 99, "splits": {"train": 0.4, "validation": 0.3, "test": 0.3}}
    second = await _poured(filled, await filled.made(PATH, asked), tmp_path)
    before = {each["id"]: each["split"] for each in first}
    after = {each["id"]: each["split"] for each in second}
    assert {name: after[name] for name in before} == before
    by_text = {each["input"]: each for each in second}
    near, far = by_text["QUESTION one, here!"], by_text["question one here"]
    assert (near["split"], near["group"]) == (far["split"], far["group"])


async def _marked(owner: Database, person: str) -> None:
    """Mark examples as an erasure does."""
    async with owner.transaction() as session:
        await session.execute(
            text(
                "UPDATE examples SET erased_at = now(), sealed = '', person = NULL"
                " WHERE person = :person"
            ),
            {"person": person},
        )


async def test_an_erasure_takes_examples_out_of_every_version(
    filled: Desk, owner: Database, tmp_path: Path
) -> None:
    version = await filled.made(PATH, {})
    stored = {path async for path in _blobs(filled).paths()}
    await _marked(owner, "u1")
    assert len(await filled.examples()) == 4
    assert (await filled.get("/api/datasets/tickets"))["examples"] == 4
    for expected in (4, 0):
        done = await erasing.erase_marked(owner, filled.api.keyring, _blobs(filled))
        assert done == expected
    rows = await _poured(filled, version, tmp_path)
    assert len(rows) == 4
    now = await filled.get(f"{PATH}/1")
    assert now["digest"] == version["digest"], "a model was trained on that"
    assert [each["examples"] for each in now["erasures"]] == [4]
    async with owner.transaction() as session:
        removed = set((await session.execute(text("SELECT digest FROM blob_removals"))).scalars())
    assert removed == {path.rpartition("/")[2] for path in stored}
    assert (await filled.made(PATH, {}))["number"] == 2, "what is there now is another content"


async def test_what_has_had_its_time_goes_and_the_manifest_stays(
    filled: Desk, owner: Database
) -> None:
    await filled.made(PATH, {})
    await filled.api.call("PATCH", "/api/datasets/tickets", {"retentionDays": 30})
    async with owner.transaction() as session:
        await session.execute(text("UPDATE datasets SET retention_days = 1"))
        await session.execute(
            text("UPDATE dataset_versions SET created_at = now() - interval '2 days'")
        )
    await erasing.apply_retention(owner)
    assert len(await filled.examples()) == 8, "these are young"
    kept = await filled.get(f"{PATH}/1")
    assert (kept["available"], kept["examples"]) == (False, 8)
    gone = await filled.api.get("/api/datasets/tickets/export?version=1")
    assert (gone.status_code, gone.json()["error"]["code"]) == (404, "dataset_version_gone")


async def test_a_version_that_is_deleted_leaves_nothing_in_the_storage(
    filled: Desk, owner: Database
) -> None:
    await filled.made(PATH, {})
    assert (await filled.api.delete("/api/datasets/tickets")).status_code == 204
    async with owner.transaction() as session:
        for table in ("examples", "dataset_versions", "dataset_counts"):
            assert await session.scalar(text(f"SELECT count(*) FROM {table}")) == 0
        assert await session.scalar(text("SELECT count(*) FROM blob_removals")) == 1
