"""What a client was sent of a stream, kept for the log and for a second request."""

from typing import Final

LONGEST: Final = 8 << 20
"""Of a longer stream only the beginning is kept."""


class Kept:
    """Grows with a stream."""

    __slots__ = ("_parts", "continued", "size", "wanted")

    def __init__(self, *, wanted: bool) -> None:
        self.wanted = wanted
        """Somebody may ask for it."""
        self.continued = False
        """Another model may go on from it."""
        self._parts: list[bytes] = []
        self.size = 0
        """Bytes that were sent, whether they are kept or not."""

    def add(self, sent: bytes) -> None:
        """Take the next part."""
        self.size += len(sent)
        if self.wanted and self.size <= LONGEST:
            self._parts.append(sent)

    @property
    def complete(self) -> bool:
        """Tell whether all of it was kept, if it was wanted."""
        return self.size <= LONGEST

    def whole(self) -> bytes:
        """Return what was kept."""
        return b"".join(self._parts)
