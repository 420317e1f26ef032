"""The headers that make browsers careful. They stand on every answer, whatever it is an answer to.

They are one piece of bytes, put behind each head as it is written: as headers of the application,
uvicorn would look through every one of them again for every answer.
"""

from typing import Final

STRICT_TRANSPORT: Final = (b"strict-transport-security", b"max-age=31536000")
"""For answers over https only: a browser that has seen it comes back that way for a year."""

_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        # CSP 3: 'self' is also the WebSocket of the same host.
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_UNUSED = ("camera", "geolocation", "microphone", "payment", "usb")
SAFE: Final[tuple[tuple[bytes, bytes], ...]] = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", ", ".join(f"{each}=()" for each in _UNUSED).encode()),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


def lines(*, https: bool) -> bytes:
    """Write them as they stand in a head."""
    told = (*SAFE, STRICT_TRANSPORT) if https else SAFE
    return b"".join(b"%b: %b\r\n" % header for header in told)
