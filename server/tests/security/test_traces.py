"""What must stay secret leaves no trace: in no log, event, metric, or file that is not sealed."""

from pathlib import Path

import pytest

from hone.identity import Role
from tests.core.facts import wait_for
from tests.fixtures.house import ADMIN_KEY
from tests.security.places import PASSWORD, PROMPT, SECRET, Places

pytestmark = pytest.mark.xdist_group("security")


@pytest.fixture(scope="module")
def secrets(places: Places) -> dict[str, str]:
    """Use every secret once more, also where it is refused; return each by its kind."""
    with places.client(places.elsewhere) as client:
        broken = {"name": SECRET, "kind": PROMPT, "apiKey": f"{SECRET} with spaces"}
        assert client.post("/api/providers", json=broken).status_code == 422
        kind = {"content-type": "application/json"}
        cut = client.post("/api/providers", content=f'{{"{SECRET}', headers=kind)
        assert cut.status_code == 400
        unreadable = {"model": PROMPT, "messages": PROMPT}
        assert client.post("/v1/chat/completions", json=unreadable).status_code == 400
        answer = client.post("/v1/chat/completions", content=PROMPT.encode())
        assert answer.status_code == 400
        assert SECRET not in client.get("/api/providers").text
    with places.client("") as client:
        person = {"email": "admin@localhost", "password": PASSWORD}
        client.post("/api/identity/session", json=person).raise_for_status()
        assert client.get("/api/identity/me").status_code == 200
        cookies = {f"cookie {name}": value for name, value in client.cookies.items()}
    return cookies | {
        "password": PASSWORD,
        "prompt": PROMPT,
        "credential": SECRET,
        "administrator's key": ADMIN_KEY,
        "key": places.keys[Role.ADMIN],
        "revoked key": places.refused["revoked"],
    }


def test_nothing_is_logged(places: Places, secrets: dict[str, str]) -> None:
    log = places.house.log
    assert "DEBUG" in log
    lines = log.splitlines()
    assert [(k, line) for k, secret in secrets.items() for line in lines if secret in line] == []


def test_nothing_is_told_in_events(places: Places, secrets: dict[str, str]) -> None:
    house = places.house
    wait_for(lambda: house.rows("SELECT count(*) FROM event_details")[0][0], 20)
    told = str(house.rows("SELECT e::text FROM events e"))
    told += str(house.rows("SELECT d::text FROM event_details d"))
    assert "provider.created" in told
    assert {kind for kind, secret in secrets.items() if secret in told} == set()


def test_nothing_is_counted(places: Places, secrets: dict[str, str]) -> None:
    with places.client(places.elsewhere) as client:
        text = client.get("/metrics").raise_for_status().text
    assert {kind for kind, secret in secrets.items() if secret in text} == set()


def test_nothing_is_written_to_a_file_in_the_clear(places: Places, secrets: dict[str, str]) -> None:
    # What PostgreSQL and the spool hold is sealed, so not even a copy of the disk tells.
    searched = [path for path in places.house.data_dir.rglob("*") if path.is_file()]
    assert any(path.suffix == ".seg" or "spool" in path.parts for path in searched)
    found = {
        f"{kind} in {path.relative_to(places.house.data_dir)}"
        for path in searched
        for kind, secret in secrets.items()
        if secret.encode() in _content(path)
    }
    assert found == set()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
