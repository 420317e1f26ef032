"""A process that fills a small disk: `python -m tests.gateway.spool.filling DIRECTORY`."""

import sys
import time
from pathlib import Path

from hone.gateway.spool import Reservation, Spool, SpoolFull
from tests.gateway.spool.samples import only, read_all, settled


def main() -> None:
    directory = Path(sys.argv[1])
    ballast = directory / "ballast"
    ballast.write_bytes(bytes(256 << 10))
    spool = Spool(directory / "spool", segment_bytes=64 << 10)
    held: list[Reservation] = []
    refused = None
    while refused is None and len(held) < 10_000:
        try:
            held.append(spool.reserve(1500))
        except SpoolFull as error:
            refused = error
    assert refused is not None
    assert spool.stats().refusal == "spool_full"
    for number, reservation in enumerate(held):
        spool.append(settled(number))
        spool.release(reservation)
    ballast.unlink()
    deadline = time.monotonic() + 5
    while True:
        try:
            spool.reserve(1500)
            break
        except SpoolFull:
            assert time.monotonic() < deadline
            time.sleep(0.01)
    spool.append(settled(len(held)))
    assert spool.stats().refusal is None
    spool.close()
    found = read_all(only(directory / "spool"))
    assert found == [settled(number) for number in range(len(held) + 1)]
    print(f"{len(held)} held, then {refused.code}")


if __name__ == "__main__":
    main()
