"""One system call for a head and the body behind it, where uvicorn makes two."""

import asyncio


class JoinedWrites:
    """A request's way to its connection: the head waits for the body, at most to the loop's next turn.

    A write to a socket costs about as much as everything else that uvicorn does for a request.
    `lines` are the headers that every answer has; they join here, at the end of the head.
    """

    __slots__ = ("_head", "_lines", "_loop", "_passing", "_transport")

    def __init__(
        self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop, lines: bytes
    ) -> None:
        self._transport = transport
        self._loop = loop
        self._lines = lines
        self._head: bytes | None = None
        self._passing = False

    def write(self, data: bytes) -> None:
        """Hold the first write, join the second to it, pass on the rest."""
        if self._passing:
            self._transport.write(data)
        elif self._head is None:
            if data.startswith(b"HTTP/1.1 100"):
                # Not the answer yet, and it must not wait.
                self._transport.write(data)
                return
            self._head = data[:-2] + self._lines + b"\r\n"
            self._loop.call_soon(self.flush)
        else:
            self._passing = True
            head, self._head = self._head, None
            self._transport.write(head + data)

    def flush(self) -> None:
        """Write what is held."""
        self._passing = True
        head, self._head = self._head, None
        if head is not None and not self._transport.is_closing():
            self._transport.write(head)

    def close(self) -> None:
        """Close the connection once everything is written."""
        self.flush()
        self._transport.close()

    def is_closing(self) -> bool:
        """Tell whether the connection is closed or closing."""
        return self._transport.is_closing()
