"""A program of its own, run where `wandb` is: writes as JSON what a file of its client says.

Such a file has a head of seven bytes, and then blocks of 32 KiB of pieces: a checksum, a length, a kind, and the bytes.
"""

import json
import struct
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

HEAD, BLOCK = 7, 1 << 15
WHOLE, LAST = 1, 4


def pieces(data: bytes) -> Iterator[bytes]:
    """Yield the messages; one that is cut off is not there."""
    at, held = HEAD, b""
    while at + HEAD <= len(data):
        left = BLOCK - at % BLOCK
        if left < HEAD:
            at += left
            continue
        _, size, kind = struct.unpack("<IHB", data[at : at + HEAD])
        if kind == 0 or at + HEAD + size > len(data):
            return
        held += data[at + HEAD : at + HEAD + size]
        at += HEAD + size
        if kind in (WHOLE, LAST):
            yield held
            held = b""


def items(said: Any) -> dict[str, Any]:
    """Read names and values."""
    return {each.key or "/".join(each.nested_key): json.loads(each.value_json) for each in said}


def main() -> None:
    """Read the file that is named."""
    messages: Any = import_module("wandb.proto.wandb_internal_pb2")
    found: dict[str, Any] = {"run": {}, "config": {}, "history": [], "summary": {}, "ended": None}
    for piece in pieces(Path(sys.argv[1]).read_bytes()):
        record = messages.Record()
        record.ParseFromString(piece)
        kind = record.WhichOneof("record_type")
        if kind == "run":
            found["run"] = {"id": record.run.run_id, "project": record.run.project}
            found["config"] |= items(record.run.config.update)
        elif kind == "config":
            found["config"] |= items(record.config.update)
        elif kind == "history":
            found["history"].append(items(record.history.item))
        elif kind == "summary":
            found["summary"] |= items(record.summary.update)
        elif kind == "exit":
            found["ended"] = record.exit.exit_code
    print(json.dumps(found))


if __name__ == "__main__":
    main()
