"""Which operations of a lane are open: started and not settled."""

from collections.abc import Mapping, Sequence

from hone.gateway.record import Frame, Opened
from hone.gateway.spool.frames import Position


class Pending:
    """Follows the frames of one lane in order.

    A segment may be forgotten only when every operation opened in it is settled:
    until then its frames are the only trace of a call that a provider may bill.
    """

    def __init__(self) -> None:
        self._attempts: dict[bytes, list[Opened]] = {}
        # In the order of opening, so the first has the oldest segment.
        self._since: dict[bytes, int] = {}

    def follow(self, after: Position, frame: Frame) -> Sequence[Opened]:
        """Take the next frame and the position after it; return the attempts that it closes."""
        if isinstance(frame, Opened):
            self._since.setdefault(frame.id, after.segment)
            self._attempts.setdefault(frame.id, []).append(frame)
            return ()
        self._since.pop(frame.id, None)
        return self._attempts.pop(frame.id, ())

    @property
    def operations(self) -> Mapping[bytes, Sequence[Opened]]:
        """The open operations, each with all its attempts."""
        return self._attempts

    def oldest(self) -> int | None:
        """Name the oldest segment that an open operation needs."""
        return next(iter(self._since.values()), None)

    def keep_from(self, position: Position) -> int:
        """Name the oldest segment that a drain at this position still needs."""
        oldest = self.oldest()
        return position.segment if oldest is None else min(oldest, position.segment)
