"""Amazon Bedrock (API reference, "Amazon Bedrock Runtime"): Converse, and embeddings by InvokeModel.

The operator gives the address of a region, such as
`https://bedrock-runtime.eu-central-1.amazonaws.com`, and one of two credentials: a Bedrock API key,
which is sent as it is, or `ACCESS_KEY_ID:SECRET_ACCESS_KEY[:SESSION_TOKEN]`, which signs. The region
that a signature is for is read from the host; where the host is one's own and tells none, it stands
behind the access key: `ACCESS_KEY_ID@eu-central-1:SECRET_ACCESS_KEY`.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final
from urllib.parse import quote, urlsplit

import msgspec

from hone.llm import sigv4
from hone.llm.errors import Malformed, ProviderError, Refused, retry_after
from hone.llm.formats import converse, invoke
from hone.llm.formats.base import Body, Reply, Stream
from hone.llm.formats.converse import faults
from hone.llm.formats.converse.families import Family, family
from hone.llm.neutral import Request
from hone.llm.providers import translating
from hone.llm.providers.base import Header, Listing
from hone.llm.providers.translating import Translating
from hone.llm.sigv4 import Keys, Scope
from hone.llm.types import Call, Endpoint, Target

_SERVICE: Final = "bedrock"
_REGION: Final = r"[a-z]{2,5}(?:-[a-z]+)+-[0-9]{1,2}"
_HOST: Final = re.compile(rf"(?:^|\.)bedrock-runtime(?:-fips)?\.({_REGION})\.")
_KEYS: Final = re.compile(
    rf"(?P<access>[A-Za-z0-9]{{4,128}})(?:@(?P<region>{_REGION}))?"
    r":(?P<secret>[A-Za-z0-9/+=]{8,256})(?::(?P<token>[A-Za-z0-9/+=_-]{8,}))?"
)
_NOWHERE: Final = "/model/none/converse"
_TYPE: Final = ("content-type", "application/json")

_encode = msgspec.json.Encoder().encode
_text = msgspec.json.Decoder(str).decode


def flaw(base_url: str, credential: str) -> str | None:
    """Say what is wrong with the form of a credential; None: nothing."""
    if ":" not in credential:
        return None
    found = _KEYS.fullmatch(credential)
    if found is None:
        return (
            "A credential of Amazon's is ACCESS_KEY_ID:SECRET_ACCESS_KEY, with :SESSION_TOKEN behind "
            "it where there is one, or a Bedrock API key, which has no colon."
        )
    if found["region"] is None and _region(base_url) is None:
        return (
            "The base URL does not tell the region that signatures are for; write it behind the "
            "access key: ACCESS_KEY_ID@eu-central-1:SECRET_ACCESS_KEY."
        )
    return None


@dataclass(frozen=True, slots=True)
class Bedrock:
    """Everything is translated; credentials that sign never leave."""

    base_url: str = ""
    clock: Callable[[], float] = field(default=time.time, repr=False)
    """Seconds since 1970: signatures tell when they were made."""

    def call(self, endpoint: Endpoint, body: Body, target: Target, *, stream: bool) -> Call:
        """Send a translation, signed."""
        dropped: tuple[str, ...] = ()
        model = target.upstream
        if endpoint is Endpoint.EMBEDDINGS:
            written, action = invoke.write(model, body), "invoke"
        else:
            found = family(model)
            spoken = converse.spoken(found)
            written, asked, dropped = translating.request(endpoint, body, spoken)
            dropped += _lost(found, asked, written)
            action = "converse-stream" if stream else "converse"
        path = f"/model/{quote(model, safe='')}/{action}"
        content = _encode(written)
        headers, signed = self._headers(target.base_url, target.credential, path, content)
        url = f"{target.base_url.rstrip('/')}{path}"
        return Call(url, headers, content, target.addresses, dropped, signed=signed)

    def listing(self, base_url: str, credential: str) -> Listing:
        """Ask a model that does not exist for nothing: what refuses that tells of the credential.

        The list of models is at another host, for which other rights are needed.
        """
        content = b'{"messages":[]}'
        headers, signed = self._headers(base_url, credential, _NOWHERE, content)
        url = f"{base_url.rstrip('/')}{_NOWHERE}"
        return Listing(url, headers + signed, _NOWHERE, "", content)

    def models(self, body: bytes) -> list[str]:
        """Refuse whatever comes: no list is asked for."""
        raise Malformed

    def reply(self, endpoint: Endpoint, asked: Body, body: bytes) -> Reply:
        """Read an answer."""
        if endpoint is Endpoint.EMBEDDINGS:
            return invoke.reply(asked, body)
        return translating.reply(endpoint, asked, body, converse.spoken(model=_name(asked)))

    def stream(self, endpoint: Endpoint, asked: Body) -> Stream:
        """Translate a stream."""
        return Translating(endpoint, asked, converse.spoken(model=_name(asked)))

    def error(self, status: int, header: Header, body: bytes, target: Target) -> ProviderError:
        """Read a refusal."""
        name = (header(b"x-amzn-errortype") or b"").decode("latin-1")
        return faults.of_exception(name, body, status, retry_after(header), target)

    def _headers(
        self, base_url: str, credential: str, path: str, content: bytes
    ) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
        """Return the headers that are always the same, and those that are not."""
        if not credential:
            return (), ()
        if ":" not in credential:
            return (("authorization", f"Bearer {credential}"),), ()
        keys, scope, host, before = _signer(base_url, credential)
        kept = (("x-amz-security-token", keys.token),) if keys.token else ()
        date = ("x-amz-date", sigv4.moment(self.clock()))
        covered = (_TYPE, ("host", host), date, *kept)
        proof = sigv4.authorization(("POST", before + path), covered, content, keys, scope)
        return kept, (date, ("authorization", proof))


@lru_cache(maxsize=1024)
def _signer(base_url: str, credential: str) -> tuple[Keys, Scope, str, str]:
    """Take a credential and an address apart: keys, scope, host, and the path before every call's."""
    found = _KEYS.fullmatch(credential)
    region = (found and found["region"]) or _region(base_url)
    if found is None or region is None:
        raise Refused(flaw(base_url, credential))
    parts = urlsplit(base_url)
    keys = Keys(found["access"], found["secret"], found["token"] or "")
    return keys, Scope(region, _SERVICE), parts.netloc, parts.path.rstrip("/")


def _region(base_url: str) -> str | None:
    found = _HOST.search(urlsplit(base_url).hostname or "")
    return found and found[1]


def _lost(found: Family, asked: Request, written: dict[str, object]) -> tuple[str, ...]:
    """Tell what else of a request the model does not have; an answer without it is still one."""
    lost: tuple[str, ...] = ()
    if asked.budget is not None and not found.budgets:
        lost += ("thinking",)
    if asked.effort not in {None, "none"} and not found.efforts:
        lost += ("reasoning_effort",)
    if asked.user and "requestMetadata" not in written:
        lost += ("user",)
    if asked.parallel is False and asked.tools:
        lost += ("parallel_tool_calls",)
    return lost


def _name(asked: Body) -> str:
    """Return the name under which the client asked: Bedrock's answers have none."""
    try:
        return _text(asked.get("model", b'""'))
    except msgspec.MsgspecError:
        return ""
