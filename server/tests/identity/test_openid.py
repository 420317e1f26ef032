"""Signing in at a real OpenID provider, and everything that must not be believed."""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from hone.core import ids
from hone.identity.openid import (
    Client,
    Flow,
    FlowUnknown,
    Outward,
    Provider,
    ProviderMisconfigured,
    ProviderRefused,
    ProviderUnreachable,
    TokenRefused,
    begin,
    finish,
    own_path,
)
from hone.identity.openid.tokens import believed
from tests.identity.openid import CALLBACK, SECRET, walk

ALGORITHMS = ["RS256", "ES256", "EdDSA"]

pytestmark = pytest.mark.xdist_group("openid")


def mac(text: str) -> bytes:
    return b"mac of " + text[-16:].encode()


def client_of(algorithm: str) -> Client:
    return Client(f"hone-{algorithm}", SECRET)


@pytest_asyncio.fixture
async def provider(issuer: str) -> AsyncIterator[Provider]:
    outward = Outward(private=True)
    yield Provider(issuer, outward, again_seconds=0)
    await outward.close()


@dataclass
class Visited:
    """What a browser comes back with."""

    flow: Flow
    answer: dict[str, str]


async def visit(
    provider: Provider, client: Client, who: str = "ada@venue.example", *, consent: bool = True
) -> Visited:
    """Go to the provider as a browser does, sign in there, and come back."""
    url, flow = await begin(
        provider, client, "openid email profile", ids.new(), CALLBACK, "/routes"
    )
    return Visited(flow, await walk(provider.issuer, url, who, consent=consent))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
async def test_somebody_signs_in_at_a_real_provider(provider: Provider, algorithm: str) -> None:
    client = client_of(algorithm)
    visited = await visit(provider, client)
    found = await finish(provider, client, visited.flow, visited.answer)
    assert found.issuer == provider.issuer
    assert (found.subject, found.email, found.name) == (
        "ada@venue.example",
        "ada@venue.example",
        "ada",
    )


async def test_an_address_that_is_not_verified_counts_for_nothing(provider: Provider) -> None:
    client = client_of("RS256")
    visited = await visit(provider, client, "unverified-eve@venue.example")
    found = await finish(provider, client, visited.flow, visited.answer)
    assert found.subject == "unverified-eve@venue.example"
    assert found.email is None


async def test_a_refusal_is_told(provider: Provider) -> None:
    client = client_of("RS256")
    visited = await visit(provider, client, consent=False)
    with pytest.raises(ProviderRefused, match="access_denied"):
        await finish(provider, client, visited.flow, visited.answer)


async def test_a_code_works_once(provider: Provider) -> None:
    client = client_of("RS256")
    visited = await visit(provider, client)
    await finish(provider, client, visited.flow, visited.answer)
    with pytest.raises(ProviderRefused, match="invalid_grant"):
        await finish(provider, client, visited.flow, visited.answer)


async def test_a_code_is_worth_nothing_in_another_browser(provider: Provider) -> None:
    client = client_of("RS256")
    mine, theirs = await visit(provider, client), await visit(provider, client)
    with pytest.raises(ProviderRefused, match="invalid_grant"):
        await finish(provider, client, mine.flow, theirs.answer)


async def test_a_wrong_secret_is_told(provider: Provider) -> None:
    client = client_of("RS256")
    visited = await visit(provider, client)
    with pytest.raises(ProviderRefused, match="invalid_client"):
        await finish(provider, Client(client.id, "wrong"), visited.flow, visited.answer)


async def test_the_answer_of_another_provider_is_refused(provider: Provider) -> None:
    client = client_of("RS256")
    visited = await visit(provider, client)
    for answer in (
        visited.answer | {"iss": "https://evil.example"},
        {name: value for name, value in visited.answer.items() if name != "iss"},
    ):
        with pytest.raises(TokenRefused):
            await finish(provider, client, visited.flow, answer)


async def _token(provider: Provider, client: Client) -> tuple[str, str]:
    """Get a real ID token and the nonce that it is for."""
    visited = await visit(provider, client)
    metadata = await provider.metadata()
    form = {
        "grant_type": "authorization_code",
        "code": visited.answer["code"],
        "redirect_uri": CALLBACK,
        "code_verifier": visited.flow.verifier,
    }
    _, told = await provider.outward.post(metadata.token, form, (client.id, client.secret or ""))
    return str(told["id_token"]), visited.flow.nonce


async def test_an_id_token_is_believed_only_as_it_was_meant(provider: Provider) -> None:
    client = client_of("ES256")
    token, nonce = await _token(provider, client)
    assert (await believed(provider, client, nonce, token))["sub"] == "ada@venue.example"
    elsewhere = Provider("https://other.example", provider.outward)
    elsewhere.keys = provider.keys  # type: ignore[method-assign]
    wrong = {
        "nonce": believed(provider, client, "another", token),
        "audience": believed(provider, client_of("RS256"), nonce, token),
        "issuer": believed(elsewhere, client, nonce, token),
        "expired": believed(provider, client, nonce, token, time.time() + 2 * 3600),
        "not yet": believed(provider, client, nonce, token, time.time() - 2 * 3600),
        "signature": believed(provider, client, nonce, token[:-8] + "AAAAAAAA"),
        "no signature": believed(provider, client, nonce, _unsigned(token)),
        "no token": believed(provider, client, nonce, None),
    }
    for name, attempt in wrong.items():
        with pytest.raises(TokenRefused):
            await attempt
            pytest.fail(f"{name} was believed")


def _unsigned(token: str) -> str:
    head = urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).rstrip(b"=").decode()
    return f"{head}.{token.split('.')[1]}."


async def test_clocks_may_differ_a_little(provider: Provider) -> None:
    client = client_of("EdDSA")
    token, nonce = await _token(provider, client)
    assert await believed(provider, client, nonce, token, time.time() - 30)


async def test_a_provider_may_exchange_its_keys(provider: Provider, issuer: str) -> None:
    client = client_of("RS256")
    before, nonce = await _token(provider, client)
    assert await believed(provider, client, nonce, before)
    async with httpx.AsyncClient(trust_env=False, verify=False) as operator:
        assert (await operator.post(f"{issuer}/rotate")).is_success
    visited = await visit(provider, client)
    assert await finish(provider, client, visited.flow, visited.answer)
    with pytest.raises(TokenRefused):
        await believed(provider, client, nonce, before)


async def test_made_up_tokens_make_nobody_ask_for_keys_again(issuer: str) -> None:
    outward = Outward(private=True)
    patient = Provider(issuer, outward)
    await patient.keys()
    assert await patient.newer_keys() is None
    await outward.close()


async def test_what_is_no_provider_is_told_apart(issuer: str) -> None:
    outward = Outward(private=True)
    with pytest.raises(ProviderMisconfigured, match="calls itself"):
        await Provider(f"{issuer}/", outward).metadata()
    with pytest.raises(ProviderMisconfigured, match="404"):
        await Provider(f"{issuer}/nothing", outward).metadata()
    with pytest.raises(ProviderUnreachable):
        await Provider("http://127.0.0.1:9", outward).metadata()
    await outward.close()


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1",
        "https://localhost",
        "https://[::1]",
        "https://10.1.2.3",
        "https://169.254.169.254/latest",
        "https://168.63.129.16",
        "https://[::ffff:127.0.0.1]",
        "https://2130706433",
        "http://accounts.example.com",
        "https://user:password@accounts.example.com",
        "file:///etc/passwd",
        "gopher://accounts.example.com",
        "",
    ],
)
async def test_nothing_inside_is_asked(url: str) -> None:
    outward = Outward()
    with pytest.raises(ProviderMisconfigured):
        await Provider(url, outward).metadata()
    await outward.close()


async def test_not_even_private_installations_ask_a_metadata_service() -> None:
    outward = Outward(private=True)
    for url in ("http://169.254.169.254", "http://100.100.100.200", "http://[fd00:ec2::254]"):
        with pytest.raises(ProviderMisconfigured):
            await Provider(url, outward).metadata()
    await outward.close()


# What the browser keeps.


def _flow(until: int) -> Flow:
    return Flow(UUID(int=1), "state", "nonce", "verifier", CALLBACK, "/", until)


def test_a_flow_is_read_back_only_whole_in_time_and_with_its_state() -> None:
    flow = _flow(int(time.time()) + 60)
    cookie = flow.write(mac)
    assert Flow.read(cookie, "state", mac) == flow
    stale = _flow(int(time.time()) - 1).write(mac)
    said, _, signature = cookie.partition(".")
    for broken, state in (
        (cookie, "another"),
        (cookie, ""),
        (stale, "state"),
        (f"{said[:-4]}AAAA.{signature}", "state"),
        (f"{said}.", "state"),
        ("", "state"),
        ("é.é", "state"),
    ):
        with pytest.raises(FlowUnknown):
            Flow.read(broken, state, mac)


@given(st.text(max_size=80))
def test_nobody_is_led_to_another_site(wanted: str) -> None:
    for text in (wanted, f"/{wanted}", f"//{wanted}", f"/\\{wanted}", f"https://{wanted}"):
        path = own_path(text)
        assert path.startswith("/")
        assert not path.startswith(("//", "/\\"))
        assert "\\" not in path
        assert httpx.URL("https://hone.example.com").join(path).host == "hone.example.com"


@pytest.mark.parametrize("path", ["/", "/routes/assistant?tab=versions#top", "/a//b"])
def test_a_path_of_ours_is_kept(path: str) -> None:
    assert own_path(path) == path
