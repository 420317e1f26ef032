"""Amazon's signature of a request, version 4.

https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, unquote_to_bytes

from hone.simulator.errors import Refused

ALGORITHM = "AWS4-HMAC-SHA256"
SERVICE = "bedrock"
UNRESERVED = "-_.~"
TOLERANCE = timedelta(minutes=5)
MOMENT = "%Y%m%dT%H%M%SZ"

_FIELDS = re.compile(
    r"Credential=([^/,\s]+)/(\d{8})/([^/,\s]+)/([^/,\s]+)/aws4_request\s*,\s*"
    r"SignedHeaders=([^,\s]+)\s*,\s*Signature=([0-9a-f]{64})"
)
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Request:
    """What is signed."""

    method: str
    path: bytes
    """As it was sent, still encoded."""
    query: bytes
    headers: Mapping[bytes, bytes]
    body: bytes


@dataclass(frozen=True, slots=True)
class Claim:
    """What a signature says of itself."""

    access_key: str
    date: str
    region: str
    service: str
    signed_headers: str
    signature: str


def verify(request: Request, authorization: str, secrets: Mapping[str, str], now: datetime) -> None:
    """Refuse a request that none of the access keys has signed."""
    claim = _claim(authorization)
    secret = secrets.get(claim.access_key)
    if secret is None:
        raise unknown()
    moment = request.headers.get(b"x-amz-date", b"").decode("latin-1")
    _check_scope(claim, moment, now)
    if not hmac.compare_digest(sign(request, claim, secret, moment), claim.signature):
        raise _invalid(
            "The request signature we calculated does not match the signature you provided. Check "
            "your AWS Secret Access Key and signing method. Consult the service documentation for "
            "details."
        )


def sign(request: Request, claim: Claim, secret: str, moment: str) -> str:
    """Return the signature that the request should have."""
    scope = f"{claim.date}/{claim.region}/{claim.service}/aws4_request"
    digest = hashlib.sha256(canonical(request, claim.signed_headers).encode()).hexdigest()
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = _hmac(key, part)
    return _hmac(key, f"{ALGORITHM}\n{moment}\n{scope}\n{digest}").hex()


def canonical(request: Request, signed_headers: str) -> str:
    """Write the request in the one way in which it is signed."""
    lines = [request.method, _path(request.path), _query(request.query)]
    for name in signed_headers.split(";"):
        value = request.headers.get(name.encode("latin-1"), b"").decode("latin-1")
        lines.append(f"{name}:{_SPACES.sub(' ', value.strip())}")
    lines += ["", signed_headers, hashlib.sha256(request.body).hexdigest()]
    return "\n".join(lines)


def unknown() -> Refused:
    """Return the answer to an access key that nobody knows."""
    return Refused(
        "The security token included in the request is invalid.",
        status=403,
        kind="UnrecognizedClientException",
    )


def _claim(authorization: str) -> Claim:
    scheme, _, fields = authorization.partition(" ")
    match = _FIELDS.fullmatch(fields.strip())
    if scheme != ALGORITHM or match is None:
        raise Refused(
            "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' "
            "parameters.",
            status=403,
            kind="IncompleteSignatureException",
        )
    return Claim(*match.groups())


def _check_scope(claim: Claim, moment: str, now: datetime) -> None:
    try:
        sent = datetime.strptime(moment, MOMENT).replace(tzinfo=UTC)
    except ValueError:
        raise Refused(
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
            status=403,
            kind="IncompleteSignatureException",
        ) from None
    signed = set(claim.signed_headers.split(";"))
    if not {"host", "x-amz-date"} <= signed:
        raise _invalid("'Host' and 'X-Amz-Date' must be 'SignedHeaders' in the AWS Authorization.")
    if claim.service != SERVICE:
        raise _invalid(f"Credential should be scoped to correct service: '{SERVICE}'.")
    if claim.date != moment[:8]:
        raise _invalid(
            f"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
            f"HTTP: '{claim.date}' != '{moment[:8]}', from '{moment}'."
        )
    if sent < now - TOLERANCE:
        raise _invalid(
            f"Signature expired: {moment} is now earlier than {now - TOLERANCE:{MOMENT}} "
            f"({now:{MOMENT}} - 5 min.)"
        )
    if sent > now + TOLERANCE:
        raise _invalid(
            f"Signature not yet current: {moment} is still later than {now + TOLERANCE:{MOMENT}} "
            f"({now:{MOMENT}} + 5 min.)"
        )


def _path(raw: bytes) -> str:
    """Encode the path as it was sent once more, without its dots and doubled slashes."""
    parts: list[str] = []
    for part in raw.decode("latin-1").split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in {"", "."}:
            parts.append(quote(part.encode("latin-1"), safe=UNRESERVED))
    end = "/" if parts and raw.endswith(b"/") else ""
    return f"/{'/'.join(parts)}{end}"


def _query(raw: bytes) -> str:
    pairs: list[tuple[str, str]] = []
    for field in raw.split(b"&") if raw else ():
        name, _, value = field.partition(b"=")
        pairs.append((_encoded(name), _encoded(value)))
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def _encoded(raw: bytes) -> str:
    return quote(unquote_to_bytes(raw), safe=UNRESERVED)


def _invalid(message: str) -> Refused:
    return Refused(message, status=403, kind="InvalidSignatureException")


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
