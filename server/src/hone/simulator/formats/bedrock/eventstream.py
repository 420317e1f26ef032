"""Amazon's event stream: messages with headers, each with two checksums.

    total length (4) · headers' length (4) · CRC-32 of these (4) · headers · payload · CRC-32 (4)

A header is its name's length (1), its name, 7 for a string, the string's length (2), the string.
https://smithy.io/2.0/aws/amazon-eventstream.html
"""

import struct
from collections.abc import Sequence
from zlib import crc32

CONTENT_TYPE = b"application/vnd.amazon.eventstream"
STRING = 7

Names = Sequence[tuple[str, str]]


def message(headers: Names, payload: bytes) -> bytes:
    """Frame a payload."""
    packed = b"".join(_header(name, value) for name, value in headers)
    prelude = struct.pack(">II", len(packed) + len(payload) + 16, len(packed))
    framed = b"%b%b%b%b" % (prelude, struct.pack(">I", crc32(prelude)), packed, payload)
    return framed + struct.pack(">I", crc32(framed))


def event(kind: str, payload: bytes) -> bytes:
    """Frame an event."""
    names = (
        (":event-type", kind),
        (":content-type", "application/json"),
        (":message-type", "event"),
    )
    return message(names, payload)


def exception(kind: str, payload: bytes) -> bytes:
    """Frame an error in the middle of a stream."""
    names = (
        (":exception-type", kind),
        (":content-type", "application/json"),
        (":message-type", "exception"),
    )
    return message(names, payload)


def _header(name: str, value: str) -> bytes:
    label, text = name.encode(), value.encode()
    return struct.pack(">B", len(label)) + label + struct.pack(">BH", STRING, len(text)) + text
