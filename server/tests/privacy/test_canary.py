"""Nothing of somebody who was erased is left: not in a table, a file, an export, or a new backup."""

import shutil
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from hone.core import ids, keyring
from tests.cli.console import hone
from tests.core.facts import wait_for
from tests.fixtures.house import House, open_house
from tests.fixtures.postgres import open_folder
from tests.privacy.canary import in_files, in_tables

pytestmark = pytest.mark.xdist_group("privacy")

CANARY = "canary-7f3a9"
EMAIL = f"{CANARY}@venue.example"
OTHER = "sparrow-51c20"


@pytest.fixture(scope="module")
def planted() -> Iterator[House]:
    """Plant the word in every place that takes one, and another user's beside it."""
    with open_house(workers=1) as house:
        with httpx.Client(base_url=house.url, headers=house.headers, timeout=30) as client:
            person = _made(client, "/api/identity/people", _person())
            key = {"name": f"{CANARY} key", "permissions": ["ai:query"]}
            made = _made(client, "/api/identity/keys", key)
            _give(house, made["id"], person["id"])
            view = {"name": f"{CANARY} view", "query": {"user": [CANARY]}}
            _made(client, "/api/ai/operations/views", view)
            _made(client, "/api/ai/operations/log", _logged())
            wait_for(lambda: _ask(house, CANARY).status_code == 200)
            wait_for(lambda: _ask(house, None, made["key"]).status_code == 200)
            _ask(house, OTHER)
        wait_for(lambda: house.rows("SELECT count(*) FROM operations")[0][0] == 4)
        yield house


def _person() -> dict[str, str]:
    return {"email": EMAIL, "name": f"{CANARY} name", "role": "developer"}


def _logged() -> dict[str, Any]:
    return {
        "modelId": "venue",
        "operationType": "suggestion",
        "userId": CANARY,
        "externalId": f"{CANARY}-external",
        "success": False,
        "errorMessage": f"{CANARY} said too much",
        "metadata": {"label": CANARY},
    }


def _give(house: House, key_id: str, person_id: str) -> None:
    """Make a key a person's own, as one that they make when they are signed in."""
    key, person = ids.parse("key", key_id), ids.parse("person", person_id)
    given = "UPDATE api_keys SET person_id = %s WHERE id = %s RETURNING id"
    assert house.rows(given, person, key)


def _made(client: httpx.Client, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def _ask(house: House, user: str | None, key: str | None = None) -> httpx.Response:
    word = user or CANARY
    body = {
        "model": "assistant",
        "messages": [{"role": "user", "content": f"{word} prompt"}],
        "metadata": {"label": word},
        **({} if user is None else {"user": user}),
    }
    headers = house.headers if key is None else {"authorization": f"Bearer {key}"}
    headers |= {"x-hone-conversation-id": f"{word}-talk", "idempotency-key": f"{word}-{user}"}
    return httpx.post(f"{house.url}/v1/chat/completions", json=body, headers=headers, timeout=30)


def _erase(house: House, *whom: str) -> Any:
    return hone("erase", *whom, "--json", "--data-dir", house.data_dir).document


def test_nothing_is_left_and_the_others_stay(planted: House) -> None:
    house = planted
    assert set(in_tables(house, CANARY)) >= {"people", "api_keys", "operation_views"}
    assert any(name.startswith("spool/") for name in in_files(house.data_dir, CANARY))
    old = house.folder / "old.tar.zst"
    assert hone("backup", old, "--data-dir", house.data_dir).code == 0

    counted = _erase(house, "--user", CANARY)
    assert counted["counts"]["operations"] == 2
    assert counted["counts"]["contents"] == 2, "one was recorded without"
    assert [each["file"] for each in counted["backups"]] == ["old.tar.zst"]
    assert in_tables(house, CANARY), "it was only counted"
    done = _erase(house, "--user", CANARY, "--yes")
    assert done["state"] == "done"
    assert done["counts"]["operations"] == 2
    again = _erase(house, "--user", CANARY, "--yes")
    assert again["id"] == done["id"], "there was nothing more to erase"
    person = _erase(house, EMAIL, "--yes")
    assert (person["counts"]["keys"], person["counts"]["person"]) == (1, 1)

    _nothing(house)
    _others_stay(house)
    verified = hone("audit", "verify", "--json", "--data-dir", house.data_dir)
    assert verified.document["broken"] is None
    for kind in ("csv", "jsonl"):
        said = hone("audit", "export", "--format", kind, "--data-dir", house.data_dir)
        assert said.code == 0
        assert CANARY not in said.out
    assert CANARY not in house.log

    new = house.folder / "new.tar.zst"
    assert hone("backup", new, "--data-dir", house.data_dir).code == 0
    for file, listed in ((new, False), (old, True)):
        with _restored(house, file, listed=listed) as other:
            _nothing(other)
            _others_stay(other)


def _nothing(house: House) -> None:
    assert in_tables(house, CANARY) == []
    assert in_files(house.data_dir, CANARY) == []


def _others_stay(house: House) -> None:
    rows = house.rows(
        "SELECT metadata ->> 'label', conversation_id, c.id IS NOT NULL FROM operations o"
        " LEFT JOIN operation_contents c USING (created_at, id) WHERE user_id = %s",
        OTHER,
    )
    assert rows == [(OTHER, f"{OTHER}-talk", True)]


@contextmanager
def _restored(house: House, file: Path, *, listed: bool) -> Generator[House]:
    """Restore a backup elsewhere and start it; with the list of erasures beside it, if `listed`."""
    with open_folder() as folder:
        other = House(folder, house.simulator, workers=1)
        other.data_dir.mkdir(mode=0o755)
        kept = ["erasures.jsonl"] if listed else []
        for name in [keyring.key_file(house.data_dir).name, *kept]:
            shutil.copy(house.data_dir / name, other.data_dir / name)
        said = hone("restore", file, "--data-dir", other.data_dir, "--json").document
        assert said["erasedAgain"] == (2 if listed else 0)
        other.start()
        try:
            yield other
            assert other.stop() == 0
        finally:
            other.kill()
