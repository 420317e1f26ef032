"""What a browser could be misled by: markup in names, other sites' addresses, other types."""

from html import escape

import pytest

from hone.core.safe_headers import SAFE
from hone.identity import Role
from tests.core.wire import Wire
from tests.security.places import Places

pytestmark = pytest.mark.xdist_group("security")

MARKUP = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    '"><svg/onload=alert(1)>',
    "{{constructor.constructor('alert(1)')()}}",
    "</title><script>alert(1)</script>",
    "‮gnp.exe",
)


@pytest.mark.parametrize("text", MARKUP)
def test_markup_in_a_name_is_text_and_stays_json(places: Places, text: str) -> None:
    with places.client(places.keys[Role.ADMIN]) as client:
        made = client.post("/api/identity/keys", json={"name": text, "permissions": ["ai:query"]})
        assert made.status_code == 201
        for answer in (made, client.get(f"/api/identity/keys/{made.json()['id']}")):
            assert answer.json()["name"] == text
            assert answer.headers["content-type"] == "application/json"
            assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("text", MARKUP)
def test_markup_in_an_address_is_not_given_back_as_a_page(places: Places, text: str) -> None:
    with places.client("") as client:
        for path in (f"/api/{text}", f"/v1/{text}", f"/{text}", f"/assets/{text}"):
            answer = client.get(path, headers={"accept": "text/html"})
            kind = answer.headers["content-type"]
            assert kind == "application/json" or escape(text) not in answer.text
            if kind.startswith("text/html"):
                assert text not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "/\\evil.example",
        "/%2f%2fevil.example",
        "//evil.example/%2e%2e",
        "/assets//evil.example",
        "/docs//evil.example",
        "/https://evil.example",
    ],
)
def test_no_address_leads_to_another_host(places: Places, path: str) -> None:
    with places.client("") as client:
        url = f"{places.house.url}{path}"
        answer = client.get(url, follow_redirects=False)
        assert "evil.example" not in answer.headers.get("location", "")


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/docs", "/docs/docs.js", "/favicon.svg", "/openapi.json"),
        *("/readyz", "/metrics", "/api/none", "/v1/models", "/v1/none"),
    ],
)
def test_every_kind_of_answer_makes_browsers_careful(places: Places, path: str) -> None:
    with places.client("") as client:
        headers = client.get(path).headers
    for name, value in SAFE:
        assert headers.get_list(name.decode()) == [value.decode()]


@pytest.mark.parametrize("path", ["/api/identity/keys", "/v1/chat/completions"])
@pytest.mark.parametrize("size", ["content-length: 99999999999", "transfer-encoding: chunked"])
def test_a_body_that_is_too_large_is_refused_before_it_is_read(
    places: Places, path: str, size: str
) -> None:
    key = places.keys[Role.ADMIN]
    head = (
        f"POST {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {key}\r\n{size}\r\n\r\n"
    )
    with Wire(("127.0.0.1", places.house.port)) as wire:
        wire.send(head.encode())
        if "chunked" in size:
            wire.send_until_answered(b"100000\r\n" + b"x" * (1 << 20) + b"\r\n", 40)
        answer = wire.answer()
        assert (answer.status, answer.error["code"]) == (413, "body_too_large")
