"""Testing a provider over HTTP, against servers that fail in the usual ways."""

import asyncio
import json
import ssl
import subprocess
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from hone.core.db import Database
from hone.identity import Permission
from hone.llm import probe
from hone.llm.probe import Probed
from hone.llm.providers import PROVIDERS
from hone.registry.addresses import parse
from hone.registry.diagnosis import diagnose
from tests.fixtures.house import free_port
from tests.identity.api import Api, open_api
from tests.identity.test_keys import code

TEST = "/api/providers/test"
SECRET = "sk-very-secret-000"
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest_asyncio.fixture
async def api(database: Database) -> AsyncIterator[Api]:
    """Open an API that lets providers be on this machine."""
    async with open_api(database, private_upstreams=True) as opened:
        yield opened


def answering(status: str, body: bytes, heard: list[bytes] | None = None, *rest: str) -> Handler:
    """Answer every request like this."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        if heard is not None:
            heard.append(request)
        head = [f"HTTP/1.1 {status}", f"content-length: {len(body)}", *rest]
        writer.write("\r\n".join(head).encode() + b"\r\n\r\n" + body)
        await writer.drain()
        writer.close()

    return handle


@asynccontextmanager
async def serving(handler: Handler, tls: ssl.SSLContext | None = None) -> AsyncGenerator[int]:
    server = await asyncio.start_server(handler, "127.0.0.1", 0, ssl=tls)
    async with server:
        yield int(server.sockets[0].getsockname()[1])


async def look(api: Api, url: str, **rest: Any) -> dict[str, Any]:
    answer = await api.post(TEST, {"kind": "compatible", "baseUrl": url} | rest)
    assert answer.status_code == 200, answer.text
    assert SECRET not in answer.text
    return answer.json()


def states(test: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: each["state"] for each in test["steps"]}


def models(*names: str) -> bytes:
    return json.dumps({"object": "list", "data": [{"id": each} for each in names]}).encode()


async def test_a_provider_that_answers_tells_its_models_and_each_step_its_time(api: Api) -> None:
    heard: list[bytes] = []
    async with serving(answering("200 OK", models("b", "a"), heard)) as port:
        found = await look(api, f"http://127.0.0.1:{port}/v1", apiKey=SECRET)
    assert (found["ok"], found["models"], found["problem"]) == (True, ["a", "b"], None)
    assert states(found) == {
        "name": "passed",
        "connection": "passed",
        "encryption": "skipped",
        "answer": "passed",
        "credential": "passed",
        "models": "passed",
    }
    assert all(each["ms"] is not None for each in found["steps"][:2])
    assert heard[0].startswith(b"GET /v1/models HTTP/1.1\r\n")
    assert f"authorization: Bearer {SECRET}".encode() in heard[0]


@pytest.mark.parametrize(
    ("status", "body", "expected", "words"),
    [
        ("401 Unauthorized", b"{}", "credential_refused", "credential is refused"),
        ("403 Forbidden", b"{}", "credential_refused", "credential is refused"),
        ("404 Not Found", b"nothing", "no_models", "lacks `/v1`"),
        ("200 OK", b"<html><body>Welcome</body></html>", "not_json", "lacks `/v1`"),
        ("200 OK", b'{"object": "list"}', "not_json", "list of models"),
        ("429 Too Many Requests", b"{}", "rate_limited", "no more requests"),
        ("502 Bad Gateway", b"", "provider_failing", "failure of its own"),
        ("301 Moved Permanently", b"", "moved", "another address"),
    ],
)
async def test_a_refusal_is_told_in_words(
    api: Api, status: str, body: bytes, expected: str, words: str
) -> None:
    async with serving(answering(status, body)) as port:
        found = await look(api, f"http://127.0.0.1:{port}", apiKey=SECRET)
    assert (found["ok"], found["code"]) == (False, expected)
    assert words in found["problem"] + found["advice"]
    assert found["status"] == int(status[:3])


@pytest.mark.parametrize(
    ("kind", "path", "line", "headers", "answer"),
    [
        (
            "anthropic",
            "/v1",
            "GET /v1/models?limit=1000 ",
            [f"x-api-key: {SECRET}", "anthropic-version: 2023-06-01"],
            {"data": [{"type": "model", "id": "a"}], "has_more": False},
        ),
        (
            "google",
            "/v1beta",
            "GET /v1beta/models?pageSize=1000 ",
            [f"x-goog-api-key: {SECRET}"],
            {"models": [{"name": "models/a", "version": "1"}]},
        ),
        (
            "ollama",
            "",
            "GET /api/tags ",
            [f"authorization: Bearer {SECRET}"],
            {"models": [{"name": "a", "model": "a"}]},
        ),
        (
            "ollama",
            "/v1",
            "GET /api/tags ",
            [f"authorization: Bearer {SECRET}"],
            {"models": [{"name": "a"}]},
        ),
        ("azure", "/openai/v1", "GET /openai/v1/models ", [f"api-key: {SECRET}"], None),
    ],
)
async def test_every_kind_is_asked_for_its_models_in_its_own_way(
    api: Api, kind: str, path: str, line: str, headers: list[str], answer: Any
) -> None:
    heard: list[bytes] = []
    body = models("a") if answer is None else json.dumps(answer).encode()
    async with serving(answering("200 OK", body, heard)) as port:
        found = await look(api, f"http://127.0.0.1:{port}{path}", kind=kind, apiKey=SECRET)
    assert (found["ok"], found["models"]) == (True, ["a"])
    request = heard[0].decode()
    assert request.startswith(line)
    sent = request.split("\r\n")
    assert set(headers) <= set(sent)
    assert sum(SECRET in each for each in sent) == 1


async def test_a_wrong_key_is_told_in_googles_words_too(api: Api) -> None:
    error = {"code": 400, "status": "INVALID_ARGUMENT", "details": [{"reason": "API_KEY_INVALID"}]}
    body = json.dumps({"error": error}).encode()
    async with serving(answering("400 Bad Request", body)) as port:
        url = f"http://127.0.0.1:{port}/v1beta"
        refused = await look(api, url, kind="google", apiKey=SECRET)
        needed = await look(api, url, kind="google")
    assert (refused["code"], needed["code"]) == ("credential_refused", "credential_needed")
    async with serving(answering("404 Not Found", b"nothing")) as port:
        lost = await look(api, f"http://127.0.0.1:{port}", kind="google")
    assert lost["advice"] == "The base URL probably lacks `/v1beta` at its end."


async def test_a_provider_that_wants_a_credential_says_so(api: Api) -> None:
    async with serving(answering("401 Unauthorized", b"{}")) as port:
        found = await look(api, f"http://127.0.0.1:{port}/v1")
    assert found["code"] == "credential_needed"


async def test_what_cannot_be_reached_is_told_at_its_step(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = await look(api, f"http://127.0.0.1:{free_port()}/v1")
    assert (refused["code"], states(refused)["connection"]) == ("connection_refused", "failed")
    assert states(refused)["answer"] == "skipped"
    unknown = await look(api, "https://nobody.invalid/v1")
    assert (unknown["code"], states(unknown)["name"]) == ("host_unknown", "failed")

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async def rude(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    monkeypatch.setattr(probe, "STEP_SECONDS", 0.2)
    async with serving(silent) as port:
        assert (await look(api, f"http://127.0.0.1:{port}/v1"))["code"] == "timeout"
    async with serving(rude) as port:
        assert (await look(api, f"http://127.0.0.1:{port}/v1"))["code"] == "cut"


async def test_a_certificate_that_is_not_accepted_is_named(api: Api, tmp_path: Path) -> None:
    _certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    async with serving(answering("200 OK", models("a")), context) as port:
        found = await look(api, f"https://127.0.0.1:{port}/v1")
    assert (found["code"], states(found)["encryption"]) == ("certificate", "failed")
    assert "self-signed" in found["problem"]
    async with serving(answering("200 OK", models("a"))) as port:
        found = await look(api, f"https://127.0.0.1:{port}/v1")
    assert states(found)["encryption"] == "failed"


def _certificate(folder: Path) -> None:
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "2", "-subj", "/CN=test"),
            *("-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")),
        ],
        check=True,
        capture_output=True,
    )


async def test_an_address_inside_is_not_looked_at_from_the_public(database: Database) -> None:
    heard: list[bytes] = []
    async with (
        open_api(database) as api,
        serving(answering("200 OK", models("a"), heard)) as port,
    ):
        for host in ("127.0.0.1", "localhost", "169.254.169.254"):
            found = await look(api, f"http://{host}:{port}/v1")
            assert (found["ok"], found["code"]) == (False, "address_refused")
        bad = await api.post(TEST, {"kind": "compatible", "baseUrl": "ftp://h"})
        assert code(bad) == (422, "base_url_invalid")
    assert heard == []


async def test_a_saved_provider_is_tested_with_its_credential_and_only_there(api: Api) -> None:
    heard: list[bytes] = []
    async with (
        serving(answering("200 OK", models("a"), heard)) as port,
        serving(answering("200 OK", models("b"), heard)) as elsewhere,
    ):
        url = f"http://127.0.0.1:{port}/v1"
        body = {"name": "own", "kind": "compatible", "baseUrl": url, "apiKey": SECRET}
        made = (await api.post("/api/providers", body)).json()
        found = await api.post(f"/api/providers/{made['id']}/test", None)
        assert found.json()["models"] == ["a"]
        again = await look(api, url, provider=made["id"])
        assert again["ok"]
        moved = {"kind": "compatible", "baseUrl": f"http://127.0.0.1:{elsewhere}/v1"}
        refused = await api.post(TEST, moved | {"provider": made["id"]})
        assert code(refused) == (422, "credential_needed")
    assert len(heard) == 2
    assert all(SECRET.encode() in each for each in heard)


async def test_another_organization_tests_no_provider(api: Api) -> None:
    made = (await api.post("/api/providers", {"name": "openai", "kind": "openai"})).json()
    foreign = await api.add_organization("Elsewhere")
    probe_body = {"kind": "openai", "provider": made["id"]}
    answers = [
        await api.post(f"/api/providers/{made['id']}/test", None, foreign),
        await api.post(TEST, probe_body, foreign),
    ]
    assert [code(each) for each in answers] == [(404, "not_found")] * 2


async def test_testing_needs_the_permission_to_write(api: Api) -> None:
    made = (await api.post("/api/providers", {"name": "openai", "kind": "openai"})).json()
    reader = await api.add_key(Permission.PROVIDERS_READ)
    kinds = (await api.get("/api/providers/kinds", reader)).json()["items"]
    for kind, url in {
        "openai": "https://api.openai.com/v1",
        "anthropic": "https://api.anthropic.com/v1",
        "google": "https://generativelanguage.googleapis.com/v1beta",
        "ollama": "http://127.0.0.1:11434",
        "azure": None,
    }.items():
        assert {"kind": kind, "baseUrl": url} in kinds
    answers = [
        await api.post(f"/api/providers/{made['id']}/test", None, reader),
        await api.post(TEST, {"kind": "openai"}, reader),
    ]
    assert [code(each) for each in answers] == [(403, "forbidden")] * 2


@given(
    st.sampled_from(sorted(PROVIDERS)),
    st.integers(100, 599),
    st.binary(max_size=200),
    st.booleans(),
)
def test_whatever_comes_is_told_in_words(
    kind: str, status: int, body: bytes, credential: bool
) -> None:
    url, provider = parse("https://h.test/v1"), PROVIDERS[kind]
    listing = provider.listing(str(url), "")
    found = diagnose(
        Probed(status=status, body=body), url, provider, listing, credential=credential
    )
    assert (found.problem is None) == (found.code is None) == (found.advice is None)
