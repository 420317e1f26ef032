"""Error messages that read alike are one pattern: pure.

What differs between two sightings of one error is left out: numbers, ids, addresses, what is quoted.
The rest is the template. The same idea as Drain's masking (He et al., ICWS 2017); its tree of lengths and
prefixes is not needed where a code already parts the messages.
"""

import hashlib
import re
from typing import Final

MOST: Final = 300
_NAMED: Final = 8
"""So many words of a message are in its name."""
_NAMES: Final = {
    "upstream_error": "Provider failed",
    "upstream_refused": "Credential refused",
    "upstream_quota_spent": "Quota spent",
    "upstream_model_not_found": "Model unknown to the provider",
    "rate_limited": "Rate limit",
    "upstream_unreachable": "Provider not reached",
    "upstream_timeout": "Provider too slow",
    "upstream_stalled": "Answer stalled",
    "upstream_cut": "Connection cut",
    "upstream_stream_cut": "Stream cut",
    "upstream_malformed": "Answer unreadable",
    "upstream_rejected": "Request rejected",
    "context_length_exceeded": "Prompt too long",
    "content_filter": "Content refused",
    "no_target_available": "No target available",
    "interrupted": "Process died",
    "reported_error": "Reported failure",
}
_MASKS: Final = (
    (re.compile(r"https?://\S+"), "<url>"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "<address>"),
    (
        re.compile(
            r"\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b", re.IGNORECASE
        ),
        "<id>",
    ),
    (re.compile(r"\b(?:[a-z]+[_-])?(?=[a-z_-]*\d)[a-z0-9_-]{16,}\b", re.IGNORECASE), "<id>"),
    (re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b"), "<host>"),
    (re.compile(r"\"[^\"]*\"|'[^']*'|`[^`]*`|“[^”]*”"), "<text>"),
    (re.compile(r"\d+(?:[.,:]\d+)*"), "<number>"),
    (re.compile(r"\s+"), " "),
)


def template(message: str) -> str:
    """Write a message without what differs between its sightings."""
    told = message[: 4 * MOST]
    for pattern, mask in _MASKS:
        told = pattern.sub(mask, told)
    return told.strip()[:MOST]


def name(code: str, written: str) -> str:
    """Name a pattern as people speak of it: what failed, and how its message begins."""
    what = _NAMES.get(code) or code.replace("_", " ").capitalize() or "Failure"
    words = written.split(" ")
    said = " ".join(words[:_NAMED]).rstrip(".,:;") + ("…" if len(words) > _NAMED else "")
    return f"{what}: {said}" if said else what


def digest(code: str, written: str) -> bytes:
    """Tell the same pattern again."""
    return hashlib.sha256(f"{code}\n{written}".encode("utf-8", "replace")).digest()
