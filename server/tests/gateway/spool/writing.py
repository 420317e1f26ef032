"""A process that writes a lane: `python -m tests.gateway.spool.writing DIRECTORY COUNT`.

It prints the number of each frame, as eight bytes, when its append has returned.
"""

import itertools
import os
import sys
from pathlib import Path

from hone.gateway.spool import Spool
from tests.gateway.spool.samples import varied


def main() -> None:
    spool = Spool(Path(sys.argv[1]), segment_bytes=64 << 10)
    count = int(sys.argv[2])
    for number in range(count) if count else itertools.count():
        spool.append(varied(number))
        os.write(1, number.to_bytes(8, "big"))
    spool.close()


if __name__ == "__main__":
    main()
