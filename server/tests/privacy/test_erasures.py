"""Erasure as its API tells it: counted, done, done again, refused, and resumed."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import pytest

from hone.core import events, ids
from hone.core.db import Database, Session
from hone.core.keyring import Keyring, MasterKey, MasterKeyMissing
from hone.identity import Permission
from hone.privacy import carry_out, ledger
from hone.privacy.ledger import Noted
from hone.privacy.target import Target
from tests.privacy.conftest import Desk

ERASURES = "/api/audit/erasures"
USER = {"kind": "user", "target": "ada"}


class Killed(Exception):
    """The worker is gone."""


@dataclass
class Worker:
    """Dies within its fifth transaction, unless it is the last."""

    owner: Database
    last: bool
    steps: int = 0

    @asynccontextmanager
    async def step(self) -> AsyncGenerator[Session]:
        self.steps += 1
        async with self.owner.transaction() as session:
            yield session
            if self.steps == 5 and not self.last:
                raise Killed


async def person(desk: Desk, role: str = "developer") -> Any:
    body = {"email": "ada@venue.example", "name": "Ada", "role": role}
    answer = await desk.api.post("/api/identity/people", body)
    assert answer.status_code == 201
    return answer.json()


async def test_a_preview_counts_and_changes_nothing(desk: Desk) -> None:
    await desk.land("ada", "ada", "jun")
    answer = await desk.api.post(f"{ERASURES}/preview", USER)
    assert answer.status_code == 200
    found = answer.json()
    assert (found["target"], found["name"], found["backups"]) == ("ada", None, [])
    counts = {name: number for name, number in found["counts"].items() if number}
    assert counts == {"contents": 2, "operations": 2}
    assert sorted(filter(None, await desk.users())) == ["ada", "ada", "jun"]
    assert (await desk.api.get(ERASURES)).json()["items"] == []


async def test_an_end_user_is_erased_and_another_stays(desk: Desk) -> None:
    await desk.land("ada", "jun", "ada")
    begun = await desk.ask(**USER)
    assert (begun["state"], begun["planned"]["operations"]) == ("running", 2)
    await desk.work()
    done = (await desk.api.get(f"{ERASURES}/{begun['id']}")).json()
    assert (done["state"], done["counts"]["operations"]) == ("done", 2)
    assert "ada" not in str(done)
    rows = await desk.rows("SELECT user_id, conversation_id, metadata FROM operations")
    assert sorted(map(str, rows)) == sorted(
        ["(None, None, None)"] * 2 + ["('jun', 'talk-jun', {'a': 1})"]
    )
    assert len(await desk.rows("SELECT 1 FROM operation_contents")) == 1
    assert (await desk.api.get(ERASURES)).json()["items"] == [done]


async def test_what_others_were_sent_of_a_conversation_goes_with_it(desk: Desk) -> None:
    await desk.land("ada", "jun", conversation="together")
    await desk.land("jun", conversation="apart")
    await desk.ask(**USER)
    await desk.work()
    kept = (
        "SELECT o.conversation_id FROM operations o JOIN operation_contents USING (created_at, id)"
    )
    assert await desk.rows(kept) == [("apart",)]
    assert sorted(filter(None, await desk.users())) == ["jun", "jun"]


async def test_a_person_is_shut_out_at_once_and_then_forgotten(desk: Desk) -> None:
    made = await person(desk)
    begun = await desk.ask(kind="person", target="ADA@venue.example")
    shut = (await desk.api.get(f"/api/identity/people/{made['id']}")).json()
    assert shut["state"] == "deactivated"
    await desk.work()
    assert (await desk.api.get(f"/api/identity/people/{made['id']}")).status_code == 404
    assert await desk.rows("SELECT 1 FROM data_keys WHERE purpose = 'person'") == []
    await events.seal(desk.owner)
    async with desk.owner.transaction() as session:
        _, broken = await events.verify(session, desk.api.organization_id)
    assert broken is None
    assert (await desk.ask(kind="person", target=made["id"]))["id"] == begun["id"]
    gone = await desk.api.post(ERASURES, {"kind": "person", "target": "ada@venue.example"})
    assert gone.status_code == 404


async def test_the_same_erasure_twice_is_one(desk: Desk) -> None:
    await desk.land("ada")
    first = await desk.ask(**USER)
    assert (await desk.ask(**USER))["id"] == first["id"], "while it runs"
    await desk.work()
    assert (await desk.ask(**USER))["id"] == first["id"], "when nothing came since"
    await desk.land("ada")
    assert (await desk.ask(**USER))["id"] != first["id"], "who came back is erased again"


async def test_it_goes_on_where_it_was_killed(desk: Desk) -> None:
    await desk.land(*["ada"] * 1100)
    begun = await desk.ask(**USER)
    organization_id, erasure_id = desk.api.organization_id, ids.parse("erasure", begun["id"])
    assert erasure_id is not None
    for deaths in range(5):
        worker = Worker(desk.owner, last=deaths == 4)
        with pytest.raises(Killed) if not worker.last else nullcontext():
            await carry_out(desk.place, organization_id, erasure_id, worker.step)
    done = (await desk.api.get(f"{ERASURES}/{begun['id']}")).json()
    assert (done["state"], done["counts"]["operations"]) == ("done", 1100)
    assert done["counts"]["contents"] == 1100
    assert set(await desk.users()) == {None}
    await desk.work()
    assert (await desk.api.get(f"{ERASURES}/{begun['id']}")).json() == done


async def test_the_last_administrator_is_not_erased(desk: Desk) -> None:
    made = await person(desk, "admin")
    for path in (ERASURES, f"{ERASURES}/preview"):
        answer = await desk.api.post(path, {"kind": "person", "target": made["id"]})
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "last_admin")


@pytest.mark.parametrize("target", ["person_0", "nobody@venue.example", "person_" + "0" * 32])
async def test_nobody_is_not_erased(desk: Desk, target: str) -> None:
    answer = await desk.api.post(ERASURES, {"kind": "person", "target": target})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "nobody_to_erase")


async def test_another_organization_sees_and_loses_nothing(desk: Desk) -> None:
    await desk.land("ada")
    made = await person(desk)
    begun = await desk.ask(**USER)
    stranger = await desk.api.add_organization("Stranger")
    assert (await desk.api.get(f"{ERASURES}/{begun['id']}", stranger)).status_code == 404
    assert (await desk.api.get(ERASURES, stranger)).json()["items"] == []
    theirs = {"kind": "person", "target": made["id"]}
    assert (await desk.api.post(ERASURES, theirs, stranger)).status_code == 404
    found = (await desk.api.post(f"{ERASURES}/preview", USER, stranger)).json()
    assert set(found["counts"].values()) == {0}


async def test_it_needs_the_permission(desk: Desk) -> None:
    key = await desk.api.add_key(*(set(Permission) - {Permission.DATA_ERASE}))
    for method, path, body in (
        ("POST", ERASURES, USER),
        ("POST", f"{ERASURES}/preview", USER),
        ("GET", ERASURES, None),
        ("GET", f"{ERASURES}/erasure_0", None),
    ):
        assert (await desk.api.call(method, path, body, key)).status_code == 403


async def test_a_target_is_a_name(desk: Desk) -> None:
    for target in ("", " ", "a\x00b", "x" * 513):
        answer = await desk.api.post(ERASURES, {"kind": "user", "target": target})
        assert answer.status_code == 422


async def test_the_list_outside_the_database_tells_only_who_has_the_key(desk: Desk) -> None:
    ring, target = desk.api.keyring, Target("user", "ada-lovelace")
    noted = Noted(ids.new(), desk.api.organization_id, target)
    for _ in range(2):
        ledger.note(desk.data_dir, ring, noted, "2026-01-01T00:00:00Z")
    assert ledger.read(desk.data_dir, ring) == [noted]
    assert b"lovelace" not in ledger.file(desk.data_dir).read_bytes()
    after = Keyring(MasterKey.generate(), (ring.active,))
    assert [ledger.rewrap(desk.data_dir, after) for _ in range(2)] == [1, 0]
    assert ledger.read(desk.data_dir, Keyring(after.active)) == [noted]
    with pytest.raises(MasterKeyMissing):
        ledger.read(desk.data_dir, ring)


async def test_a_page_has_a_size_that_makes_sense(desk: Desk) -> None:
    for limit in (0, -925, 501, 14618775527100908568576):
        answer = await desk.api.get(f"/api/audit/erasures?limit={limit}")
        assert answer.status_code == 422, answer.text
