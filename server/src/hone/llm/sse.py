"""Server-sent events (WHATWG HTML, section 9.2), split as they arrive; every byte is kept."""

import re
from typing import NamedTuple

LONGEST = 8 << 20
"""A provider that sends more than this without ending an event is not believed."""

_LINE = re.compile(rb"\r\n|\n|\r")
# Atomic groups: the two halves of one CRLF are not two line ends.
_END = re.compile(rb"(?>\r\n|\n|\r)(?>\r\n|\n|\r)")
_BOM = b"\xef\xbb\xbf"


class Event(NamedTuple):
    """One event, or comments between events."""

    raw: bytes
    """The bytes as received, with the blank line that ends them."""
    data: bytes | None
    """The `data` lines joined by newlines; None where there are none."""
    name: bytes | None = None
    """The `event` field."""


class TooLong(Exception):
    """An event does not end."""


class Splitter:
    """Cuts a stream of bytes into events, wherever the chunks end."""

    __slots__ = ("_limit", "_rest")

    def __init__(self, limit: int = LONGEST) -> None:
        self._limit = limit
        self._rest = b""

    def feed(self, chunk: bytes) -> list[Event]:
        """Return the events that this chunk completes; raise where they do not come to an end."""
        rest = self._rest
        if not rest and (event := _plain(chunk)) is not None:
            return [event]
        text = rest + chunk if rest else chunk
        events: list[Event] = []
        start, at = 0, max(len(rest) - 3, 0)
        while (end := _END.search(text, at)) is not None:
            at = end.end()
            events.append(parse(text[start:at]))
            start = at
        self._rest = text[start:] if start else text
        if len(self._rest) > self._limit and not events:
            raise TooLong
        return events

    def rest(self) -> bytes:
        """Return what came after the last complete event."""
        return self._rest


def parse(raw: bytes) -> Event:
    """Read the fields of one event."""
    plain = _plain(raw)
    if plain is not None:
        return plain
    name: bytes | None = None
    lines: list[bytes] = []
    for line in _LINE.split(raw.removeprefix(_BOM)):
        field, _, value = line.partition(b":")
        if field == b"data":
            lines.append(value.removeprefix(b" "))
        elif field == b"event":
            name = value.removeprefix(b" ")
    return Event(raw, b"\n".join(lines) if lines else None, name)


def _plain(raw: bytes) -> Event | None:
    """Read an event of one line of data, which nearly all are, without looking at it twice."""
    if not raw.startswith(b"data: "):
        return None
    end = raw.find(b"\n")
    if end == len(raw) - 2 and raw.endswith(b"\n\n") and b"\r" not in raw:
        return Event(raw, raw[6:-2])
    if end == len(raw) - 3 and raw.endswith(b"\r\n\r\n") and raw.find(b"\r") == end - 1:
        return Event(raw, raw[6:-4])
    return None
