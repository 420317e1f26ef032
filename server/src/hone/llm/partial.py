"""JSON that broke off, closed where it broke, so that what had come of it can be read."""

import re
from typing import Final

LONGEST: Final = 1 << 20
"""Of what is longer only the beginning is looked at."""

_TOKEN: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+("?)|[][{},:]', re.DOTALL)
"""A string, be it to the end of the text, or a mark between values."""
_OPEN: Final = {b"{": b"}", b"[": b"]"}
_TORN: Final = re.compile(rb"(?<!\\)((?:\\\\)*)\\(?:u[0-9a-fA-F]{0,3})?\Z")
"""An escape that lacks its end, behind escapes that have theirs."""


def closed(text: bytes) -> bytes:
    """Return the beginning of a JSON text as JSON: a string that broke off ends where it did.

    A member whose value has not begun, or is a number or a word that may go on, is left out.
    """
    text = text[:LONGEST]
    closers: list[bytes] = []
    safe, before = 0, b""
    for found in _TOKEN.finditer(text):
        token = found[0]
        if token.startswith(b'"') and not found[1]:
            value = before == b":" or (closers[-1:] == [b"]"] and before in {b"[", b","})
            return _joined(_torn(text, found.start()) if value else text[:safe], closers)
        if token in _OPEN:
            closers.append(_OPEN[token])
            safe = found.end()
        elif token == b",":
            safe = found.start()
        elif token in {b"}", b"]"}:
            if not closers or closers.pop() != token:
                return b""
            safe = found.end()
            if not closers:
                break
        before = token
    return _joined(text[:safe], closers)


def _joined(kept: bytes, closers: list[bytes]) -> bytes:
    return kept + b"".join(reversed(closers))


def _torn(text: bytes, start: int) -> bytes:
    """End a string that broke off, before an escape or a character that did."""
    written = _TORN.sub(rb"\1", text[start:])
    return text[:start] + written.decode("utf-8", "ignore").encode() + b'"'
