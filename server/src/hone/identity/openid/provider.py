"""One identity provider: what it says of itself, and the keys it signs with, both kept for a while.

OpenID Connect Discovery 1.0, sections 4.2 and 4.3; OpenID Connect Core 1.0, section 10.1.1.
"""

import time
from dataclasses import dataclass, field
from typing import Final, cast

from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from hone.identity.openid.errors import ProviderMisconfigured
from hone.identity.openid.outward import Json, Outward

_KEPT_SECONDS: Final = 3600.0
_AGAIN_SECONDS: Final = 10.0
"""How soon keys are read again for a token whose key is not among them: a provider has exchanged
its keys, or somebody sends tokens that he made up."""


@dataclass(frozen=True, slots=True)
class Client:
    """As whom we come to a provider."""

    id: str
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a provider says of itself."""

    authorization: str
    token: str
    userinfo: str | None
    keys: str
    by_post: bool
    """Its token endpoint takes the client's secret in the form only."""
    tells_issuer: bool
    """It names itself in each answer to the browser (RFC 9207)."""


class Provider:
    """A provider by its issuer."""

    def __init__(
        self, issuer: str, outward: Outward, *, again_seconds: float = _AGAIN_SECONDS
    ) -> None:
        self.issuer = issuer
        self.outward = outward
        self._again = again_seconds
        self._metadata: Metadata | None = None
        self._metadata_until = 0.0
        self._keys: KeySet | None = None
        self._keys_read = 0.0

    async def metadata(self) -> Metadata:
        """Return what the provider says of itself."""
        if self._metadata is None or time.monotonic() > self._metadata_until:
            self._metadata = await self._discover()
            self._metadata_until = time.monotonic() + _KEPT_SECONDS
        return self._metadata

    async def keys(self) -> KeySet:
        """Return the keys that it signs with."""
        if self._keys is None or time.monotonic() > self._keys_read + _KEPT_SECONDS:
            await self._read_keys()
        assert self._keys is not None
        return self._keys

    async def newer_keys(self) -> KeySet | None:
        """Read the keys again, unless that was done just now."""
        if time.monotonic() < self._keys_read + self._again:
            return None
        await self._read_keys()
        return self._keys

    async def _discover(self) -> Metadata:
        place = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
        said = await self.outward.get(place)
        if said.get("issuer") != self.issuer:
            raise ProviderMisconfigured(
                f"The provider calls itself {str(said.get('issuer'))[:200]!r},"
                f" which is not {self.issuer!r}."
            )
        userinfo = said.get("userinfo_endpoint")
        methods = _list(said.get("token_endpoint_auth_methods_supported"))
        return Metadata(
            authorization=self._endpoint(said, "authorization_endpoint"),
            token=self._endpoint(said, "token_endpoint"),
            userinfo=None if userinfo is None else self.outward.check(userinfo),
            keys=self._endpoint(said, "jwks_uri"),
            by_post=bool(methods) and "client_secret_basic" not in methods,
            tells_issuer=said.get("authorization_response_iss_parameter_supported") is True,
        )

    def _endpoint(self, said: Json, name: str) -> str:
        if name not in said:
            raise ProviderMisconfigured(f"The provider's configuration has no {name}.")
        return self.outward.check(said[name])

    async def _read_keys(self) -> None:
        said = await self.outward.get((await self.metadata()).keys)
        self._keys_read = time.monotonic()
        try:
            # One of a kind that we do not know is no reason to refuse the others.
            known = [each for each in _list(said.get("keys")) if _is_known(each)]
            self._keys = KeySet.import_key_set(cast("KeySetSerialization", {"keys": known}))
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise ProviderMisconfigured("The provider's keys cannot be read.") from error


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def _is_known(key: object) -> bool:
    if not isinstance(key, dict):
        return False
    said = cast("Json", key)
    return said.get("kty") in {"RSA", "EC", "OKP"} and said.get("use", "sig") == "sig"
