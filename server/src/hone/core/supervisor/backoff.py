"""How long to wait before something that died is started again."""

_SHORT_LIFE = 10.0
_FIRST_DELAY = 0.1
_LONGEST_DELAY = 5.0


class Backoff:
    """The delays of one process: doubled for each short life in a row, forgotten after a long one."""

    def __init__(self) -> None:
        self.short_lives = 0

    def after(self, lived: float) -> float:
        """Return the delay after a life of so many seconds."""
        if lived >= _SHORT_LIFE:
            self.short_lives = 0
            return _FIRST_DELAY
        self.short_lives += 1
        doublings = min(self.short_lives - 1, 10)
        return min(_FIRST_DELAY * 2**doublings, _LONGEST_DELAY)
