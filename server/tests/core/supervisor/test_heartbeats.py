"""What a sign of life tells of the process that gives it."""

import subprocess
import sys

SHARING = """
import os, signal, time
from hone.core.supervisor.heartbeats import waited

os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
other = os.fork()
if other == 0:
    end = time.monotonic() + 3
    while time.monotonic() < end:
        pass
    os._exit(0)
before, until = waited(), time.process_time() + 0.2
while time.process_time() < until:
    pass
os.kill(other, signal.SIGKILL)
print(waited() - before, waited(other), waited(2**30))
"""


def test_time_without_a_processor_is_told() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SHARING], check=True, capture_output=True, text=True, timeout=60
    )
    mine, _, nobody = (float(each) for each in done.stdout.split())
    assert mine > 0.05, "half of the time another process had it"
    assert nobody == 0
