"""HTTP/1.1 by hand, for what no client library would send."""

import json
import select
import socket
from dataclasses import dataclass
from typing import Any

DEADLINE = 20.0


@dataclass
class Answer:
    """One answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def error(self) -> dict[str, Any]:
        """The error in the envelope."""
        assert self.headers["content-type"] == "application/json"
        content = json.loads(self.body)
        assert set(content) == {"error"}
        assert set(content["error"]) == {"message", "type", "code", "param"}
        return content["error"]


class Wire:
    """One connection."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address, timeout=DEADLINE)
        self._file = self.socket.makefile("rb")

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self.socket.close()

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.socket.sendall(data)

    def send_until_answered(self, data: bytes, times: int = 100_000) -> None:
        """Send the same bytes again and again, until something comes back."""
        for _ in range(times):
            readable, _, _ = select.select([self.socket], [], [], 0)
            if readable:
                return
            self.send(data)
        raise AssertionError("the server took everything")

    def drip(self, data: bytes, pause: float) -> int:
        """Send byte by byte until something comes back; return how many were sent."""
        for number in range(len(data)):
            readable, _, _ = select.select([self.socket], [], [], pause)
            if readable:
                return number
            self.send(data[number : number + 1])
        return len(data)

    def answer(self) -> Answer:
        """Read one answer."""
        status = int(self._file.readline().split()[1])
        headers: dict[str, str] = {}
        while (line := self._file.readline()) not in {b"\r\n", b""}:
            name, _, value = line.decode().partition(":")
            headers[name] = value.strip()
        if headers.get("transfer-encoding") == "chunked":
            return Answer(status, headers, self._chunks())
        return Answer(status, headers, self._file.read(int(headers.get("content-length", 0))))

    def get(self, path: str) -> Answer:
        """Ask without a body."""
        self.send(b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % path.encode())
        return self.answer()

    def rest(self) -> bytes:
        """Read until the server closes its side."""
        return self._file.read()

    def is_ended(self) -> bool:
        """Say whether the server has closed its side and left nothing unread."""
        return self.rest() == b""

    def _chunks(self) -> bytes:
        body = b""
        while size := int(self._file.readline(), 16):
            body += self._file.read(size)
            self._file.readline()
        self._file.readline()
        return body
