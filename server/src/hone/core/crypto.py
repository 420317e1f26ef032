"""Sealing and hashing: AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce.

A sealed value is `version (1 byte) · key id (16) · nonce (12) · ciphertext and tag`. The caller's
`context` is authenticated with it, so that a value moved to another row does not open. A key seals
at most 2^32 values (the limit for random nonces); data keys change by organization and month.
Nothing here knows a database; where keys are kept is `hone.core.keyring`.
"""

import hashlib
import os
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hone.core.chance import Chance
from hone.core.errors import AppError

KEY_BYTES = 32
_VERSION = b"\x01"
_NONCE_BYTES = 12
_HEAD_BYTES = 1 + 16

_nonce = Chance(f"{_NONCE_BYTES}s")


class Unreadable(AppError):
    """This value cannot be opened: its key is gone, or it was altered."""

    code = "unreadable"


@lru_cache(maxsize=1024)
def _cipher(secret: bytes) -> AESGCM:
    return AESGCM(secret)


def new_secret() -> bytes:
    """Make a key of 32 random bytes."""
    return os.urandom(KEY_BYTES)


def seal(key_id: UUID, secret: bytes, plain: bytes, context: bytes = b"") -> bytes:
    """Encrypt and authenticate `plain` together with `context`."""
    (nonce,) = _nonce()
    head = _VERSION + key_id.bytes
    return head + nonce + _cipher(secret).encrypt(nonce, plain, head + context)


def key_of(sealed: bytes) -> UUID:
    """Read which key sealed this value."""
    if len(sealed) < _HEAD_BYTES or sealed[:1] != _VERSION:
        raise Unreadable
    return UUID(bytes=sealed[1:_HEAD_BYTES])


def unseal(secret: bytes, sealed: bytes, context: bytes = b"") -> bytes:
    """Decrypt what `seal` made; raise `Unreadable` for another key, context or content."""
    key_of(sealed)
    body = _HEAD_BYTES + _NONCE_BYTES
    nonce = sealed[_HEAD_BYTES:body]
    try:
        return _cipher(secret).decrypt(nonce, sealed[body:], sealed[:_HEAD_BYTES] + context)
    except (InvalidTag, ValueError) as error:
        raise Unreadable from error


def digest(token: str | bytes) -> bytes:
    """Hash an API key for look-up (SHA-256; keys are 256 random bits, so no slow hash is needed)."""
    return hashlib.sha256(token if isinstance(token, bytes) else token.encode()).digest()
