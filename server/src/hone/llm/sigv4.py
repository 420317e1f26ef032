"""Amazon's signature of a request (IAM User Guide, "Signature Version 4"). Pure: the time is given."""

import hashlib
import hmac
import time
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import quote

ALGORITHM: Final = "AWS4-HMAC-SHA256"
_UNRESERVED: Final = "-_.~"


class Keys(NamedTuple):
    """What signs a request."""

    access_key: str
    secret: str
    token: str = ""
    """Of a session; empty for keys that last."""


class Scope(NamedTuple):
    """Where a signature is good."""

    region: str
    service: str


def moment(seconds: float) -> str:
    """Write a time as `x-amz-date` has it."""
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(seconds))


@lru_cache(maxsize=4096)
def canonical_path(path: str) -> str:
    """Encode a path as it is sent once more, as every service but S3 wants it."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in {"", "."}:
            parts.append(quote(part, safe=_UNRESERVED))
    end = "/" if parts and path.endswith("/") else ""
    return f"/{'/'.join(parts)}{end}"


def authorization(
    request: tuple[str, str],
    headers: Sequence[tuple[str, str]],
    body: bytes,
    keys: Keys,
    scope: Scope,
) -> str:
    """Sign a method and a path that has no query.

    The headers are those that the signature covers: in lower case, by name, and `x-amz-date` among
    them.
    """
    names = ";".join([name for name, _ in headers])
    lines = "".join([f"{name}:{' '.join(value.split())}\n" for name, value in headers])
    digest = hashlib.sha256(body).hexdigest()
    canonical = f"{request[0]}\n{canonical_path(request[1])}\n\n{lines}\n{names}\n{digest}"
    sent = next(value for name, value in headers if name == "x-amz-date")
    place = f"{sent[:8]}/{scope.region}/{scope.service}/aws4_request"
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    text = f"{ALGORITHM}\n{sent}\n{place}\n{hashed}"
    proof = hmac.digest(_key(keys.secret, place), text.encode(), "sha256").hex()
    return (
        f"{ALGORITHM} Credential={keys.access_key}/{place}, SignedHeaders={names}, "
        f"Signature={proof}"
    )


@lru_cache(maxsize=256)
def _key(secret: str, place: str) -> bytes:
    """Derive the key of a day, a region and a service."""
    key = f"AWS4{secret}".encode()
    for part in place.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
