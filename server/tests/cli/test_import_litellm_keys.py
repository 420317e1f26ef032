"""`hone import litellm-keys`: keys go on working, with their limits, and nothing is dropped untold."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from hone.core import clock, ids
from tests.cli.console import Installation, Said, hone
from tests.core.facts import wait_for
from tests.fixtures.house import House, run_hone

CLIENT_KEY = "sk-Xb5uRZo7v4g2qk0FJ3xJ1A"


def _full(key: str = CLIENT_KEY, **more: object) -> dict[str, object]:
    token = hashlib.sha256(key.encode()).hexdigest()
    return {
        "token": token,
        "key_name": f"sk-...{key[-4:]}",
        "key_alias": "billing",
        "spend": 3.2,
        "models": [],
        "metadata": {},
        "blocked": None,
        "expires": None,
        **more,
    }


def _kept(folder: Path, *keys: object) -> Path:
    path = folder / "keys.json"
    path.write_text(json.dumps({"keys": keys, "total_count": len(keys)}), encoding="utf-8")
    return path


def _said(folder: Path, *keys: object) -> Said:
    return hone("import", "litellm-keys", _kept(folder, *keys))


def _answers(house: House, key: str, model: str) -> int:
    headers = {"authorization": f"Bearer {key}"}
    body: dict[str, Any] = {"model": model, "messages": [{"role": "user", "content": "hello"}]}
    url = f"{house.url}/v1/chat/completions"
    return httpx.post(url, headers=headers, json=body, timeout=30).status_code


def test_a_client_keeps_its_key(house: House, tmp_path: Path) -> None:
    path = _kept(tmp_path, _full(models=["assistant"]))
    done = run_hone(
        "import", "litellm-keys", str(path), "--apply", env={"HONE_DATA_DIR": str(house.data_dir)}
    )
    assert done.returncode == 0, done.stderr
    wait_for(lambda: _answers(house, CLIENT_KEY, "assistant") == 200)
    assert _answers(house, CLIENT_KEY, "venue") == 403
    assert _answers(house, CLIENT_KEY + "x", "assistant") == 401


def test_keys_are_shown_first_and_taken_over_once(installed: Installation, tmp_path: Path) -> None:
    later = clock.now() + timedelta(days=3)
    key = _full(
        models=["assistant", "openai/*"],
        max_budget=5,
        budget_duration="1d",
        rpm_limit=60,
        tpm_limit=1000,
        max_parallel_requests=2,
        expires=later.isoformat(),
    )
    command = ("import", "litellm-keys", _kept(tmp_path, key))
    before = installed.rows("SELECT count(*) FROM api_keys")
    assert installed.hone(*command).out == "+ key billing\n"
    assert installed.rows("SELECT count(*) FROM api_keys") == before
    assert installed.hone(*command, "--apply", "--json").document["keys"] == ["billing"]
    assert installed.rows(
        "SELECT hint, permissions, routes, expires_at, person_id FROM api_keys WHERE name = 'billing'"
    ) == [("sk-...xJ1A", ["ai:query"], ["*", "assistant"], later, None)]
    assert installed.rows(
        "SELECT measure, period, amount FROM limits WHERE subject_kind = 'key' ORDER BY measure"
    ) == [
        ("concurrency", None, 2),
        ("cost", "day", 5 * 10**12),
        ("requests", "minute", 60),
        ("tokens", "minute", 1000),
    ]
    assert installed.hone(*command, "--apply").out == "Nothing to change.\n"


def test_a_key_belongs_to_one_organization(installed: Installation, tmp_path: Path) -> None:
    query = "INSERT INTO organizations (id, name, slug) VALUES (%s, 'Keeper', 'keeper')"
    installed.rows(query, ids.new())
    other = _full("sk-another-key-0000000000")
    command = ("import", "litellm-keys", _kept(tmp_path, other, _full()), "--apply")
    (slug,) = (
        row[0] for row in installed.rows("SELECT slug FROM organizations") if row[0] != "keeper"
    )
    path = _kept(tmp_path, _full())
    done = installed.hone("import", "litellm-keys", path, "--apply", "--organization", slug)
    assert done.code == 0, done.error
    _kept(tmp_path, other, _full())
    refused = installed.hone(*command, "--organization", "keeper")
    assert refused.code == 1
    assert "Another organization has this key" in refused.error
    assert installed.rows(
        "SELECT count(*) FROM api_keys k JOIN organizations o ON o.id = k.organization_id "
        "WHERE o.slug = 'keeper'"
    ) == [(0,)]


def test_the_answer_about_one_key_is_read_too(tmp_path: Path) -> None:
    info = _full()
    token = info.pop("token")
    path = tmp_path / "one.json"
    for named in (token, CLIENT_KEY):
        path.write_text(json.dumps({"key": named, "info": info}), encoding="utf-8")
        said = hone("import", "litellm-keys", path)
        assert (said.code, said.out, said.error) == (0, "+ key billing\n", "")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"team_id": "t1"}, "left: keys.0.team_id"),
        ({"team_id": "litellm-dashboard"}, "dashboard, and no key"),
        ({"metadata": {"a": 1}}, "left: keys.0.metadata"),
        ({"max_budget": 5, "budget_duration": "7d"}, "left: keys.0.max_budget"),
        ({"models": ["openai/*"]}, "changed: keys.0.models"),
        ({"blocked": True}, "left: keys.0.blocked"),
        ({"expires": "2020-01-01T00:00:00"}, "left: keys.0.expires"),
        ({"expires": "someday"}, "left: keys.0.expires"),
        ({"models": ["no-default-models"]}, "left: keys.0.models"),
    ],
)
def test_what_is_not_kept_of_a_key_is_told(
    tmp_path: Path, more: dict[str, object], told: str
) -> None:
    said = _said(tmp_path, _full() | more)
    assert said.code == 0
    assert told in said.error


@pytest.mark.parametrize("key", ["abc", {"token": "abc"}, {"token": "A" * 64}, {}])
def test_what_is_no_key_stops_it(tmp_path: Path, key: object) -> None:
    said = _said(tmp_path, key)
    assert said.code == 1
    assert "refused: keys.0" in said.error


@pytest.mark.parametrize("text", ["", "[", "1", "[" * 10_000])
def test_what_is_no_export_is_told_in_a_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(text, encoding="utf-8")
    said = hone("import", "litellm-keys", path)
    assert said.code == 1
    assert said.error.startswith("hone: ")
    assert "Traceback" not in said.error
