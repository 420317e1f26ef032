"""What was served and billed: one row for each request, in memory and in a file.

A row is written before the last byte of its answer leaves, with a single `write` to a file opened
for appending, so it survives the death of this process. Nothing is billed before the first token:
a request that was refused, cut or left before then has a row that bills 0.
"""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import msgspec


class Delivery(StrEnum):
    """How much of the answer the simulator sent."""

    FULL = "full"
    """All that it meant to send, also where that was an error or a broken body."""
    CUT = "cut"
    """A scripted fault ended the answer early."""
    CLIENT_GONE = "client_gone"
    """The caller closed the connection first."""


class Row(msgspec.Struct, frozen=True, gc=False, kw_only=True, rename="camel"):
    """One request."""

    sequence: int
    time: datetime
    """When the request came."""
    request_id: str
    """What the answer's header says: `x-request-id`, or the vendor's own name for it."""
    operation_id: str | None
    """The caller's `x-hone-operation-id` header."""
    caller_request_id: str | None
    """The caller's `x-request-id` header."""
    endpoint: str
    """Such as `chat.completions` or `anthropic.messages`."""
    model: str
    """The model, without the settings that its name carried."""
    stream: bool
    status: int
    """The HTTP status that was sent; 0 where no head was."""
    error: str | None
    """The code or type of the error that was sent."""
    delivery: Delivery
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    """Tokens generated and billed, reasoning included."""
    reasoning_tokens: int
    delivered_tokens: int
    """Visible tokens that were sent."""
    billed_picodollars: int
    written_tokens: int = 0
    """Prompt tokens written to the prompt cache."""
    written_hour_tokens: int = 0
    """Of those, the ones that are to stay there for an hour."""


class Totals(msgspec.Struct, rename="camel"):
    """Sums over some rows."""

    requests: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    written_tokens: int = 0
    completion_tokens: int = 0
    billed_picodollars: int = 0


class Ledger:
    """Every row, the newest `limit` of them in memory."""

    def __init__(self, path: Path | None, limit: int) -> None:
        self._rows: deque[Row] = deque(maxlen=limit)
        self._sequence = 0
        self._path = path
        self._file: int | None = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            self._reread(path)

    def next_sequence(self) -> int:
        """Return the number of the next row."""
        self._sequence += 1
        return self._sequence

    def add(self, row: Row) -> None:
        """Keep a row; when this returns it is in the file."""
        self._rows.append(row)
        if self._file is not None:
            os.write(self._file, _ENCODER.encode(row) + b"\n")

    def rows(
        self, since: int = 0, model: str | None = None, request_id: str | None = None
    ) -> Iterator[Row]:
        """Yield rows after number `since`, of one model, or with one of a request's three ids."""
        for row in self._rows:
            ids = (row.request_id, row.operation_id, row.caller_request_id)
            if (
                row.sequence > since
                and model in {None, row.model}
                and (request_id is None or request_id in ids)
            ):
                yield row

    def clear(self) -> None:
        """Forget every row, also in the file; numbers go on counting."""
        self._rows.clear()
        if self._file is not None:
            os.ftruncate(self._file, 0)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _reread(self, path: Path) -> None:
        last = b"\n"
        with path.open("rb") as lines:
            for last in lines:
                try:
                    row = _DECODER.decode(last)
                except (msgspec.DecodeError, UnicodeDecodeError):
                    continue
                self._rows.append(row)
                self._sequence = max(self._sequence, row.sequence)
        if self._file is not None and not last.endswith(b"\n"):
            os.write(self._file, b"\n")


def totals(rows: Iterable[Row]) -> Totals:
    """Add rows up."""
    sums = Totals()
    for row in rows:
        sums.requests += 1
        sums.prompt_tokens += row.prompt_tokens
        sums.cached_tokens += row.cached_tokens
        sums.written_tokens += row.written_tokens
        sums.completion_tokens += row.completion_tokens
        sums.billed_picodollars += row.billed_picodollars
    return sums


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Row)
