"""One sign-in on its way: to the provider with the browser, and back with a code.

Authorization code with PKCE (RFC 7636), a state that is bound to the browser by a signed cookie, and
a nonce that binds the ID token to both. A code that was caught elsewhere is worth nothing.
"""

import base64
import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

import msgspec

from hone.identity.openid import tokens
from hone.identity.openid.errors import FlowUnknown, ProviderRefused, TokenRefused
from hone.identity.openid.provider import Client, Metadata, Provider
from hone.identity.openid.tokens import Claims, Subject

FLOW_SECONDS: Final = 600
_LONGEST_PATH: Final = 512
_PATH = re.compile(r"/(?!/)[!-\[\]-~]*")
_ERROR = re.compile(r"[a-z_]{1,64}")

Mac = Callable[[str], bytes]
"""Signs a text so that only we can have done it."""


class Flow(msgspec.Struct, array_like=True, frozen=True):
    """What a browser keeps while it is away."""

    provider: UUID
    state: str
    nonce: str
    verifier: str
    callback: str
    path: str
    """Where to go afterwards, in our own dashboard."""
    until: int
    """Unix seconds."""

    def write(self, mac: Mac) -> str:
        """Write it as a cookie's value."""
        said = base64.urlsafe_b64encode(msgspec.msgpack.encode(self)).decode()
        return f"{said}.{_signature(said, mac)}"

    @classmethod
    def read(cls, cookie: str, state: str, mac: Mac) -> "Flow":
        """Read a cookie that belongs to a state; raise `FlowUnknown`."""
        said, _, signature = cookie.partition(".")
        if not hmac.compare_digest(_signature(said, mac).encode(), signature.encode()):
            raise FlowUnknown
        flow = msgspec.msgpack.decode(base64.urlsafe_b64decode(said), type=cls)
        same = hmac.compare_digest(flow.state.encode(), state.encode())
        if not same or flow.until < time.time():
            raise FlowUnknown
        return flow


def _signature(said: str, mac: Mac) -> str:
    return base64.urlsafe_b64encode(mac(f"openid {said}")).decode()


def own_path(wanted: str | None) -> str:
    """Return a path of ours to go to; whatever could lead elsewhere leads to the start."""
    text = wanted or ""
    return text if len(text) <= _LONGEST_PATH and _PATH.fullmatch(text) else "/"


async def begin(
    provider: Provider,
    client: Client,
    scopes: str,
    provider_id: UUID,
    callback: str,
    path: str | None,
) -> tuple[str, Flow]:
    """Return where to send the browser, and what it keeps."""
    metadata = await provider.metadata()
    flow = Flow(
        provider_id,
        secrets.token_urlsafe(32),
        secrets.token_urlsafe(32),
        secrets.token_urlsafe(48),
        callback,
        own_path(path),
        int(time.time()) + FLOW_SECONDS,
    )
    challenge = hashlib.sha256(flow.verifier.encode()).digest()
    asked = urlencode(
        {
            "response_type": "code",
            "client_id": client.id,
            "redirect_uri": callback,
            "scope": scopes,
            "state": flow.state,
            "nonce": flow.nonce,
            "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
    )
    joint = "&" if "?" in metadata.authorization else "?"
    return f"{metadata.authorization}{joint}{asked}", flow


async def finish(
    provider: Provider, client: Client, flow: Flow, answer: Mapping[str, str]
) -> Subject:
    """Turn what a browser comes back with into somebody."""
    metadata = await provider.metadata()
    _same_issuer(metadata, provider.issuer, answer)
    if "error" in answer:
        error = answer["error"] if _ERROR.fullmatch(answer["error"]) else "unknown"
        raise ProviderRefused(f"The identity provider did not sign you in: {error}.")
    told = await _exchange(provider, metadata, client, flow, answer.get("code", ""))
    claims = await tokens.believed(provider, client, flow.nonce, told.get("id_token"))
    access = told.get("access_token")
    if "email" not in claims and metadata.userinfo is not None and isinstance(access, str):
        more = await provider.outward.get(metadata.userinfo, access)
        if more.get("sub") != claims["sub"]:
            raise TokenRefused("The identity provider tells of somebody else.")
        claims = {**more, **claims}
    return tokens.subject(provider.issuer, claims)


def _same_issuer(metadata: Metadata, issuer: str, answer: Mapping[str, str]) -> None:
    """Refuse an answer of another provider, mixed up on purpose (RFC 9207)."""
    said = answer.get("iss")
    if (said is None and metadata.tells_issuer) or said not in {None, issuer}:
        raise TokenRefused("The answer is not from the provider that was asked.")


async def _exchange(
    provider: Provider, metadata: Metadata, client: Client, flow: Flow, code: str
) -> Claims:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": flow.callback,
        "code_verifier": flow.verifier,
    }
    auth = None
    if client.secret is None:
        form["client_id"] = client.id
    elif metadata.by_post:
        form |= {"client_id": client.id, "client_secret": client.secret}
    else:
        auth = (client.id, client.secret)
    status, told = await provider.outward.post(metadata.token, form, auth)
    if status != 200:
        error = str(told.get("error", ""))
        said = error if _ERROR.fullmatch(error) else str(status)
        raise ProviderRefused(f"The identity provider did not take the code: {said}.")
    return told
