"""People who are signed in: known to every server process, and out of each within a second."""

from typing import Any

import httpx
import pytest

from hone.core import ids
from tests.fixtures.control import QUESTION, do, operation
from tests.fixtures.house import House
from tests.serving.lines import Line, lines, soon

PASSWORD = "lavender-teapot-9"
ME = "/api/identity/me"


def joined(house: House, role: str = "developer") -> tuple[str, dict[str, str]]:
    """Invite somebody, let them join, and return their id and what their browser sends."""
    email = f"{ids.new().hex}@venue.example"
    body = {"email": email, "name": "Ana", "role": role}
    made = do(house, "POST", "/api/identity/invitations", body)
    token = made["url"].partition("token=")[2]
    with httpx.Client(base_url=house.url, timeout=30, verify=False) as client:
        answer = client.post(
            "/api/identity/password/token", json={"token": token, "password": PASSWORD}
        )
        assert answer.status_code == 201, answer.text
        cookies = dict(answer.cookies)
    told = "; ".join(f"{name}={value}" for name, value in cookies.items())
    headers = {"cookie": told, "x-csrf-token": cookies["hone_csrf"]}
    return made["person"]["id"], headers


def me(line: Line, headers: dict[str, str]) -> httpx.Response:
    line.client.cookies.clear()
    line.client.headers.pop("authorization", None)
    return line.client.get(ME, headers=headers)


def chat(line: Line, headers: dict[str, str], **more: Any) -> httpx.Response:
    line.client.headers.pop("authorization", None)
    body = {"model": "assistant", "messages": QUESTION, "max_tokens": 2, **more}
    return line.client.post("/v1/chat/completions", json=body, headers=headers)


def test_a_person_is_known_everywhere_and_calls_models_by_cookie(house: House) -> None:
    person_id, headers = joined(house)
    with lines(house) as every:
        soon(lambda: all(me(line, headers).status_code == 200 for line in every))
        answer = chat(every[0], headers)
        assert answer.status_code == 200, answer.text
        refused = chat(every[0], {**headers, "x-csrf-token": ""})
        assert refused.json()["error"]["code"] == "csrf_failed"
        named = chat(every[1], headers, user="guest-7")
    found = operation(house, answer.headers["x-request-id"])
    assert (found["userId"], found["keyId"]) == (person_id, None)
    assert operation(house, named.headers["x-request-id"])["userId"] == "guest-7"


@pytest.mark.parametrize("how", ["signed out", "deactivated"])
def test_who_is_shut_out_is_out_of_every_process(house: House, how: str) -> None:
    person_id, headers = joined(house)
    with lines(house) as every:
        soon(lambda: all(me(line, headers).status_code == 200 for line in every))
        path = f"/api/identity/people/{person_id}"
        do(house, "DELETE", path if how == "deactivated" else f"{path}/sessions")
        soon(lambda: all(me(line, headers).status_code == 401 for line in every))
        for line in every:
            assert chat(line, headers).json()["error"]["code"] == "session_ended"


def test_another_role_counts_in_every_process(house: House) -> None:
    person_id, headers = joined(house)
    with lines(house) as every:
        soon(lambda: all(me(line, headers).status_code == 200 for line in every))
        person = do(house, "GET", f"/api/identity/people/{person_id}")
        change = {"role": "learner", "version": person["version"]}
        do(house, "PATCH", f"/api/identity/people/{person_id}", change)
        soon(lambda: all(chat(line, headers).status_code == 403 for line in every))
