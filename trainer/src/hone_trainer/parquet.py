"""Parquet files: `python -m hone_trainer.parquet read|write`, from standard input to standard output.

`read` writes each row as one line of JSON, `write` makes a file of such lines. What is wrong with a file
is said in the last line of standard error, and the exit code is 2.
"""

import json
import resource
import sys
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, Final

import pyarrow as pa
import pyarrow.parquet as pq

_MEMORY: Final = 4 << 30
"""Bytes of address space: a file that unpacks to more is refused, not read."""
_ROWS: Final = 2000
_AT_ONCE: Final = 50
"""Rows that are unpacked together: a small file may repeat one long cell in each."""
_MOST_ROWS: Final = 5_000_000
_LARGEST_CELL: Final = 1 << 20
_MOST_COLUMNS: Final = 500
_WRITTEN: Final = pa.schema(
    [
        ("id", pa.string()),
        ("dataset", pa.string()),
        ("input", pa.string()),
        ("output", pa.string()),
        ("source", pa.string()),
        ("status", pa.string()),
        ("quality", pa.float64()),
        ("weight", pa.float64()),
        ("split", pa.string()),
        ("user", pa.string()),
    ]
)


class FileUnfit(Exception):
    """This file cannot be read; the message says why."""


def read(source: BinaryIO, target: BinaryIO) -> None:
    """Write the rows of a Parquet file as JSON lines."""
    try:
        file = pq.ParquetFile(pa.BufferReader(source.read()))
        _require_fit(file)
        for batch in file.iter_batches(batch_size=_AT_ONCE, use_threads=False):
            target.writelines(_lines(batch))
    except (pa.ArrowException, OSError) as error:
        said = str(error).splitlines()[0][:200]
        raise FileUnfit(f"This is no Parquet file that can be read: {said}.") from error
    except MemoryError as error:
        raise FileUnfit("This file unpacks to more than there is memory for.") from error
    except RecursionError as error:
        raise FileUnfit("A cell of this file is nested too deep.") from error


def _require_fit(file: pq.ParquetFile) -> None:
    known = file.metadata
    if known.num_columns > _MOST_COLUMNS:
        raise FileUnfit(f"It has {known.num_columns} columns; {_MOST_COLUMNS} are allowed.")
    if known.num_rows > _MOST_ROWS:
        raise FileUnfit(f"It has {known.num_rows:,} rows; {_MOST_ROWS:,} are allowed.")
    for number in range(known.num_row_groups):
        unpacked = known.row_group(number).total_byte_size
        if unpacked > _MEMORY // 2:
            raise FileUnfit(f"A row group unpacks to {unpacked >> 20:,} MB.")


def _lines(batch: pa.RecordBatch) -> Iterator[bytes]:
    for place in range(batch.num_rows):
        (row,) = batch.slice(place, 1).to_pylist()
        line = json.dumps(_plain(row), ensure_ascii=False, default=str)
        yield line.encode("utf-8", "replace") + b"\n"


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return value[:_LARGEST_CELL].decode("utf-8", "replace")
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    # JSON has no NaN; what is no number is nothing.
    return None if isinstance(value, float) and value != value else value


def write(source: BinaryIO, target: BinaryIO) -> None:
    """Make a Parquet file of JSON lines; what is no text becomes JSON in its column."""
    with pq.ParquetWriter(_Forward(target), _WRITTEN, compression="zstd") as writer:
        rows: list[dict[str, Any]] = []
        for line in source:
            rows.append(_row(json.loads(line)))
            if len(rows) == _ROWS:
                writer.write_table(pa.Table.from_pylist(rows, _WRITTEN))
                rows = []
        writer.write_table(pa.Table.from_pylist(rows, _WRITTEN))


def _row(record: dict[str, Any]) -> dict[str, Any]:
    told = {name: record.get(name) for name in _WRITTEN.names}
    for name in ("input", "output"):
        if not isinstance(told[name], str | None):
            told[name] = json.dumps(told[name], ensure_ascii=False)
    return told


class _Forward:
    """A stream that can only go on, and tells how far it is."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self._place = 0
        self.closed = False

    def write(self, data: bytes) -> int:
        self._target.write(data)
        self._place += len(data)
        return len(data)

    def tell(self) -> int:
        return self._place

    def flush(self) -> None:
        self._target.flush()

    def close(self) -> None:
        self.flush()
        self.closed = True


def main(arguments: Sequence[str]) -> int:
    """Read or write, as the first argument says."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    work = {"read": read, "write": write}.get(arguments[0] if arguments else "")
    if work is None:
        sys.stderr.write("Say read or write.\n")
        return 2
    try:
        work(sys.stdin.buffer, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    except FileUnfit as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
