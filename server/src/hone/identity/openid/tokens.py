"""What an ID token says, if it may be believed (OpenID Connect Core 1.0, section 3.1.3.7)."""

import time
import warnings
from dataclasses import dataclass
from typing import Final, cast

from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import KeySet

from hone.identity.openid.errors import TokenRefused
from hone.identity.openid.provider import Client, Provider

ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")
"""Signatures that only the provider can make: never `none`, and no secret that both sides know."""
SKEW_SECONDS: Final = 60
_LONGEST: Final = 16_384

Claims = dict[str, object]


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody, as a provider knows them."""

    issuer: str
    subject: str
    email: str | None
    """Only if the provider has verified it."""
    name: str | None


async def believed(
    provider: Provider, client: Client, nonce: str, token: object, now: float | None = None
) -> Claims:
    """Return an ID token's claims, or raise `TokenRefused`."""
    if not isinstance(token, str) or len(token) > _LONGEST:
        raise TokenRefused("The identity provider sent no ID token.")
    try:
        claims = _read(token, await provider.keys())
    except (JoseError, ValueError):
        newer = await provider.newer_keys()
        if newer is None:
            raise TokenRefused("The ID token's signature cannot be checked.") from None
        try:
            claims = _read(token, newer)
        except (JoseError, ValueError) as error:
            raise TokenRefused("The ID token's signature cannot be checked.") from error
    _check(claims, provider.issuer, client.id, nonce, time.time() if now is None else now)
    return claims


def _read(token: str, keys: KeySet) -> Claims:
    with warnings.catch_warnings():
        # RFC 9864 gives EdDSA new names; providers use the old one.
        warnings.simplefilter("ignore", SecurityWarning)
        return cast("Claims", jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims)


def _check(claims: Claims, issuer: str, client: str, nonce: str, now: float) -> None:
    registry = jwt.JWTClaimsRegistry(
        now=int(now),
        leeway=SKEW_SECONDS,
        iss={"essential": True, "value": issuer},
        sub={"essential": True},
        aud={"essential": True, "value": client},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        registry.validate(claims)
    except (JoseError, TypeError, ValueError) as error:
        raise TokenRefused(f"The ID token cannot be believed: {error}.") from error
    audience, party = claims.get("aud"), claims.get("azp")
    if party is None and isinstance(audience, list) and len(cast("list[object]", audience)) > 1:
        raise TokenRefused("The ID token is for several clients and says not for which.")
    if party is not None and party != client:
        raise TokenRefused("The ID token was made for another client.")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise TokenRefused("The ID token names nobody.")


def subject(issuer: str, claims: Claims) -> Subject:
    """Take what we need of claims that are believed."""
    email, name = claims.get("email"), claims.get("name")
    verified = claims.get("email_verified") in {True, "true"}
    return Subject(
        issuer,
        str(claims["sub"]),
        email if isinstance(email, str) and verified else None,
        name if isinstance(name, str) and name.strip() else None,
    )
