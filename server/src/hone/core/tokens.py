"""Signed tokens: who a browser is, without a query and without a stored secret.

Keys are derived from the master keys (HKDF, RFC 5869), one for each use, so that a token of one use
is none of another. The first master key signs, every one is accepted; rotating it signs nobody out.
"""

import base64
import binascii
import hmac
import struct
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_ALGORITHM: Final = "HS256"
_LONGEST: Final = 2048
_ACCESS, _REFRESH, _CSRF, _DIGEST = (
    f"hone {use}".encode() for use in ("access token", "refresh token", "csrf token", "digest")
)
_NAMES = struct.Struct(">16s16sI")


@dataclass(frozen=True, slots=True)
class Access:
    """What an access token says."""

    person_id: UUID
    organization_id: UUID
    session_id: UUID
    expires_at: float
    """Unix seconds."""


@dataclass(frozen=True, slots=True)
class Refresh:
    """What a refresh token says."""

    organization_id: UUID
    session_id: UUID
    generation: int


@lru_cache(maxsize=64)
def derived(secret: bytes, use: bytes) -> bytes:
    """Derive the key of one use from a master key."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=use).derive(secret)


@lru_cache(maxsize=4096)
def _signed(token: str, key: bytes) -> Access:
    """Read what a key has signed.

    A page sends its token with every request, so what it says is kept. What is not ours raises, and
    is not kept, so that nobody can push the others out with it.
    """
    claims = jwt.decode(token, key, [_ALGORITHM], {"require": ["exp", "sub"]})
    person, organization, session = (UUID(str(claims[name])) for name in ("sub", "org", "sid"))
    return Access(person, organization, session, float(claims["exp"]))


class Tokens:
    """Signs and reads tokens."""

    __slots__ = ("_secrets",)

    def __init__(self, secrets: Callable[[], Sequence[bytes]]) -> None:
        self._secrets = secrets

    def access(self, said: Access) -> str:
        """Sign an access token (a JWT, RFC 7519)."""
        claims = {
            "sub": said.person_id.hex,
            "org": said.organization_id.hex,
            "sid": said.session_id.hex,
            "exp": int(said.expires_at),
        }
        return jwt.encode(claims, self._signing(_ACCESS), _ALGORITHM)

    def read_access(self, token: str) -> Access | None:
        """Read an access token; None where it is not ours or its time is over."""
        if len(token) > _LONGEST:
            return None
        for key in self._accepted(_ACCESS):
            try:
                said = _signed(token, key)
            except (jwt.InvalidTokenError, KeyError, ValueError):
                continue
            return said if said.expires_at > time.time() else None
        return None

    def refresh(self, said: Refresh) -> str:
        """Sign a refresh token."""
        names = _NAMES.pack(said.organization_id.bytes, said.session_id.bytes, said.generation)
        return _written(names + _mac(self._signing(_REFRESH), names))

    def read_refresh(self, token: str) -> Refresh | None:
        """Read a refresh token; None where it is not ours."""
        raw = _read(token)
        if len(raw) != _NAMES.size + 32:
            return None
        names, mac = raw[: _NAMES.size], raw[_NAMES.size :]
        if not any(hmac.compare_digest(_mac(key, names), mac) for key in self._accepted(_REFRESH)):
            return None
        organization, session, generation = _NAMES.unpack(names)
        return Refresh(UUID(bytes=organization), UUID(bytes=session), generation)

    def csrf(self, session_id: UUID) -> str:
        """Make the token that a session's own pages send with each write."""
        return _written(_mac(self._signing(_CSRF), session_id.bytes))

    def is_csrf(self, session_id: UUID, token: str) -> bool:
        """Tell whether a token was made for a session."""
        mac = _read(token)
        keys = self._accepted(_CSRF)
        return any(hmac.compare_digest(_mac(key, session_id.bytes), mac) for key in keys)

    def digest(self, text: str) -> bytes:
        """Stand in for what must not be stored; whoever has the database alone cannot guess it."""
        return _mac(self._signing(_DIGEST), text.encode())

    def _signing(self, use: bytes) -> bytes:
        return derived(self._secrets()[0], use)

    def _accepted(self, use: bytes) -> list[bytes]:
        return [derived(secret, use) for secret in self._secrets()]


def _mac(key: bytes, said: bytes) -> bytes:
    return hmac.digest(key, said, "sha256")


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _read(token: str) -> bytes:
    """Read base64; nothing where it is none."""
    try:
        return base64.b64decode(
            token[:_LONGEST].encode("ascii") + b"=" * (-len(token) % 4), b"-_", validate=True
        )
    except (binascii.Error, UnicodeEncodeError):
        return b""
