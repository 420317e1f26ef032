"""Nothing of somebody who was erased is left: not in a table, a file, an export, or a new backup."""

import json
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
        with httpx.Client(
            base_url=house.url, headers=house.headers, timeout=30, verify=False
        ) as client:
            person = _made(client, "/api/identity/people", _person())
            key = {"name": f"{CANARY} key", "permissions": ["ai:query"]}
            made = _made(client, "/api/identity/keys", key)
            _give(house, made["id"], person["id"])
            view = {"name": f"{CANARY} view", "query": {"user": [CANARY]}}
            _made(client, "/api/ai/operations/views", view)
            _made(client, "/api/ai/operations/log", _logged())
            outcome = {"prompt": f"{CANARY} asked", "model": "venue", "score": 1, "user": CANARY}
            told = client.post("/api/routing/outcomes", json={"outcomes": [outcome]})
            assert told.status_code == 200, told.text
            _curate(client)
            said = {"operation_id": f"{CANARY}-external", "value": False, "user": CANARY}
            said |= {"comment": f"{CANARY} said", "correction": f"{CANARY} would say"}
            assert client.post("/v1/feedback", json=said).status_code == 200
            wait_for(lambda: _ask(house, CANARY).status_code == 200)
            wait_for(lambda: _ask(house, None, made["key"]).status_code == 200)
            _ask(house, OTHER)
            for word in (CANARY, OTHER):
                _run_batch(client, word)
        wait_for(lambda: house.rows("SELECT count(*) FROM operations")[0][0] == 6)
        yield house


def _curate(client: httpx.Client) -> None:
    """Leave examples of two users in a dataset and in a version of it."""
    wanted = {"name": "curated", "kind": "intent", "trusted": [CANARY, OTHER]}
    _made(client, "/api/datasets", wanted)
    for word in (CANARY, OTHER):
        said = {"input": f"{word} asks", "output": f"{word} label", "user": word}
        _made(client, "/api/datasets/curated/examples", said | {"status": "validated"})
    _made(client, "/api/datasets/curated/versions", {})


def _run_batch(client: httpx.Client, word: str) -> None:
    """Leave a file that names a user, and another that was never run; see the first answered."""
    messages = [{"role": "user", "content": f"{word} asks"}]
    body = {"model": "assistant", "messages": messages, "user": word, "metadata": {"label": word}}
    line = {"custom_id": word, "method": "POST", "url": "/v1/chat/completions", "body": body}
    form = {"file": (f"{word}.jsonl", json.dumps(line))}
    file = client.post("/v1/files", data={"purpose": "batch"}, files=form).json()
    alone = {"file": ("alone.jsonl", json.dumps([word]))}
    client.post("/v1/files", data={"purpose": "evals"}, files=alone).raise_for_status()
    wanted = {
        "input_file_id": file["id"],
        "endpoint": "/v1/chat/completions",
        "completion_window": "24h",
        "metadata": {"label": word},
    }
    made = client.post("/v1/batches", json=wanted).raise_for_status().json()
    over = f"/v1/batches/{made['id']}"
    wait_for(lambda: client.get(over).json()["status"] == "completed")


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
    return httpx.post(
        f"{house.url}/v1/chat/completions", json=body, headers=headers, timeout=30, verify=False
    )


def _erase(house: House, *whom: str) -> Any:
    return hone("erase", *whom, "--json", "--data-dir", house.data_dir).document


def test_nothing_is_left_and_the_others_stay(planted: House) -> None:
    house = planted
    assert set(in_tables(house, CANARY)) >= {
        "people",
        "api_keys",
        "operation_views",
        "routing_outcomes",
        "datasets",
        "feedback",
    }
    assert any(name.startswith("examples_") for name in in_tables(house, CANARY))
    assert any(name.startswith("spool/") for name in in_files(house.data_dir, CANARY))
    old = house.folder / "old.tar.zst"
    assert hone("backup", old, "--data-dir", house.data_dir).code == 0
    told = "SELECT 1 FROM events WHERE name = 'backup.written'"
    wait_for(lambda: house.rows(told), 10)

    counted = _erase(house, "--user", CANARY)
    assert counted["counts"]["operations"] == 3
    assert counted["counts"]["contents"] == 3, "one was recorded without"
    assert counted["counts"]["files"] == 2, "what was asked, and what was answered"
    assert [each["file"] for each in counted["backups"]] == ["old.tar.zst"]
    assert in_tables(house, CANARY), "it was only counted"
    done = _erase(house, "--user", CANARY, "--yes")
    assert done["state"] == "done"
    assert done["counts"]["operations"] == 3
    assert done["counts"]["files"] == 3, "one that no batch has run was looked into"
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
    assert set(rows) == {(OTHER, None, True), (OTHER, f"{OTHER}-talk", True)}
    with httpx.Client(
        base_url=house.url, headers=house.headers, timeout=30, verify=False
    ) as client:
        version = client.get("/api/datasets/curated/export?version=1").text
        assert [json.loads(each)["input"] for each in version.splitlines()] == [f"{OTHER} asks"]
        files = client.get("/v1/files").json()["data"]
        read = [client.get(f"/v1/files/{each['id']}/content").text for each in files]
    assert len(read) == 3
    assert all(OTHER in text for text in read), "files come back as they were"


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
