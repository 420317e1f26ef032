"""Amazon Bedrock as a provider over HTTP: the form of its credentials, and what a test tells."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from hone.core.db import Database
from hone.llm.providers import CREDENTIALS
from hone.registry import DocumentInvalid
from hone.simulator import SimulatorConfig
from tests.identity.api import Api, open_api
from tests.identity.test_keys import code
from tests.registry.test_declare import applied
from tests.registry.test_provider_tests import TEST, answering, serving, states
from tests.simulator.running import in_thread

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
SIGNED = f"AKIDEXAMPLE@eu-central-1:{SECRET}"
BEARER = "ABSKQmVkcm9ja0FQSUtleQ=="
FRANKFURT = "https://bedrock-runtime.eu-central-1.amazonaws.com"
PRIVATE = "https://bedrock.example.com/aws"


@pytest_asyncio.fixture
async def api(database: Database) -> AsyncIterator[Api]:
    """Open an API that lets providers be on this machine."""
    async with open_api(database, private_upstreams=True) as opened:
        yield opened


@pytest.mark.parametrize(
    ("url", "credential"),
    [
        (FRANKFURT, f"AKIDEXAMPLE:{SECRET}"),
        (FRANKFURT, f"AKIDEXAMPLE:{SECRET}:session/token+=="),
        (FRANKFURT, SIGNED),
        (FRANKFURT, BEARER),
        ("https://bedrock-runtime-fips.us-gov-west-1.amazonaws.com", f"AKIDEXAMPLE:{SECRET}"),
        ("https://vpce-1.bedrock-runtime.eu-west-1.vpce.amazonaws.com", f"AKIDEXAMPLE:{SECRET}"),
        (PRIVATE, f"{SIGNED}:session/token+=="),
        (PRIVATE, BEARER),
    ],
)
def test_a_credential_has_one_of_two_forms(url: str, credential: str) -> None:
    assert CREDENTIALS["bedrock"](url, credential) is None


@pytest.mark.parametrize(
    ("url", "credential", "words"),
    [
        (FRANKFURT, "AKIDEXAMPLE:", "ACCESS_KEY_ID:SECRET_ACCESS_KEY"),
        (FRANKFURT, f":{SECRET}", "ACCESS_KEY_ID:SECRET_ACCESS_KEY"),
        (FRANKFURT, f"AKIDEXAMPLE:{SECRET}:a:b", "SESSION_TOKEN"),
        (PRIVATE, f"AKIDEXAMPLE:{SECRET}", "does not tell the region"),
    ],
)
async def test_a_credential_of_another_form_is_refused(
    api: Api, url: str, credential: str, words: str
) -> None:
    body = {"name": "aws", "kind": "bedrock", "baseUrl": url, "apiKey": credential}
    networks = {"networks": ["127.0.0.0/8"]}
    for answer in (
        await api.post("/api/providers", body | networks),
        await api.post(TEST, {"kind": "bedrock", "baseUrl": url, "apiKey": credential}),
    ):
        assert code(answer) == (422, "credential_malformed"), answer.text
        error = answer.json()["error"]
        assert words in error["message"]
        assert error["param"] == "apiKey"
        assert SECRET not in answer.text


async def test_bedrock_needs_an_address(api: Api) -> None:
    answer = await api.post("/api/providers", {"name": "aws", "kind": "bedrock"})
    assert code(answer) == (422, "base_url_missing")


async def test_a_credential_is_tested_without_asking_a_model(api: Api) -> None:
    config = SimulatorConfig(signing_keys={"AKIDEXAMPLE": SECRET}, api_keys={BEARER})
    with in_thread(config) as amazon:

        async def look(credential: str | None) -> tuple[bool, str | None]:
            body = {"kind": "bedrock", "baseUrl": amazon.url, "apiKey": credential}
            answer = await api.post(TEST, body)
            assert answer.status_code == 200, answer.text
            assert SECRET not in answer.text
            found = answer.json()
            assert states(found)["answer"] == "passed"
            return found["ok"], found["code"]

        assert await look(SIGNED) == (True, None)
        assert await look(BEARER) == (True, None)
        assert await look(SIGNED[:-1] + "X") == (False, "credential_refused")
        assert await look("ABSKwrong") == (False, "credential_refused")
        assert await look(None) == (False, "credential_needed")
        assert amazon.ledger() == []


async def test_a_file_declares_bedrock_with_a_credential_from_the_environment(api: Api) -> None:
    text = """
providers:
  - {name: aws, kind: bedrock, base_url: "http://127.0.0.1:9001", api_key: env:KEY}
models:
  - name: claude
    provider: aws
    upstream: eu.anthropic.claude-sonnet-4-5-20250929-v1:0
    price: {input: 3, output: 15, cached_input: 0.3, cache_write: 3.75}
"""
    with pytest.raises(DocumentInvalid) as refused:
        await applied(api, text, {"KEY": f"AKIDEXAMPLE:{SECRET}"})
    assert "provider 'aws': The base URL does not tell the region" in refused.value.message
    assert SECRET not in refused.value.message
    await applied(api, text, {"KEY": SIGNED})
    (model,) = (await api.get("/api/models")).json()["items"]
    assert (model["price"]["cachedInput"], model["price"]["cacheWrite"]) == ("0.3", "3.75")


async def test_a_saved_provider_is_tested_with_its_credential(api: Api) -> None:
    with in_thread(SimulatorConfig(signing_keys={"AKIDEXAMPLE": SECRET})) as amazon:
        body = {"name": "aws", "kind": "bedrock", "baseUrl": amazon.url, "apiKey": SIGNED}
        made = await api.post("/api/providers", body)
        assert made.status_code == 201, made.text
        found = await api.post(f"/api/providers/{made.json()['id']}/test", {})
    assert found.json()["ok"], found.text


@pytest.mark.parametrize(
    ("status", "kind", "credential", "expected"),
    [
        ("403 Forbidden", "AccessDeniedException", SIGNED, ("models", "access_denied")),
        ("403 Forbidden", "AccessDeniedException", BEARER, ("credential", "credential_refused")),
        ("403 Forbidden", "ExpiredTokenException", SIGNED, ("credential", "credential_refused")),
        ("404 Not Found", "UnknownOperationException", SIGNED, ("models", "not_bedrock")),
        ("404 Not Found", "", SIGNED, ("models", "not_bedrock")),
        ("200 OK", "", SIGNED, ("models", "not_bedrock")),
        ("404 Not Found", "ResourceNotFoundException", SIGNED, (None, None)),
        ("429 Too Many Requests", "ThrottlingException", SIGNED, ("models", "rate_limited")),
        ("503 Service Unavailable", "", SIGNED, ("models", "provider_failing")),
    ],
)
async def test_a_refusal_is_told_in_words(
    api: Api, status: str, kind: str, credential: str, expected: tuple[str | None, str | None]
) -> None:
    heard: list[bytes] = []
    handler = answering(status, b"{}", heard, f"x-amzn-errortype: {kind}")
    async with serving(handler) as port:
        body = {"kind": "bedrock", "baseUrl": f"http://127.0.0.1:{port}", "apiKey": credential}
        found = (await api.post(TEST, body)).json()
    failed = [name for name, state in states(found).items() if state == "failed"]
    step, told = expected
    assert (failed, found["code"]) == ([step] if step else [], told)
    assert heard[0].startswith(b"POST /model/none/converse HTTP/1.1\r\n")
