"""What a client was sent of a stream, kept for the log and for a second request."""

from typing import Final

LONGEST: Final = 8 << 20
"""Of a longer stream only the beginning is kept."""


class Kept:
    """Grows with a stream."""

    __slots__ = ("_parts", "size")

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.size = 0
        """Bytes that were sent, whether they are kept or not."""

    def add(self, sent: bytes, *, wanted: bool) -> None:
        """Take the next part."""
        self.size += len(sent)
        if wanted and self.size <= LONGEST:
            self._parts.append(sent)

    def whole(self) -> bytes:
        """Return what was kept."""
        return b"".join(self._parts)
