"""What Hone's own processes show each other: whose call this is, signed.

The key is derived from the master key, so that every server and every predictor of an installation has
it and nobody else. Nothing of Hone is imported here: predictors read badges too.
"""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Final
from uuid import UUID

USE: Final = b"hone predictor"
"""What the key of badges is derived for."""


def issue(secret: bytes, organization_id: UUID) -> str:
    """Write the badge of an organization."""
    return f"{organization_id.hex}.{_signature(secret, organization_id)}"


def read(badge: str, known: Sequence[bytes]) -> UUID | None:
    """Read whose badge this is; None where no key that is known signed it."""
    head, _, signature = badge.partition(".")
    try:
        organization_id = UUID(head)
    except ValueError:
        return None
    given = signature.encode()
    for secret in known:
        if hmac.compare_digest(_signature(secret, organization_id).encode(), given):
            return organization_id
    return None


def _signature(secret: bytes, organization_id: UUID) -> str:
    return hmac.new(secret, organization_id.bytes, hashlib.sha256).hexdigest()
