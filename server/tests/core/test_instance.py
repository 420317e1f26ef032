"""The lock on a data directory."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from hone.core.instance import AlreadyRunning, InstanceLock
from tests.core.facts import wait_for

_HOLD = """\
import os, pathlib, sys, time
from hone.core.instance import InstanceLock
with InstanceLock(pathlib.Path(sys.argv[1])):
    if sys.argv[2] == "fork" and os.fork() > 0:
        os._exit(0)
    print(os.getpid(), flush=True)
    time.sleep(60)
"""


def _holder(data_dir: Path, how: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(data_dir), how], stdout=subprocess.PIPE, text=True
    )


def test_a_second_instance_is_told_who_holds_the_lock(data_dir: Path) -> None:
    with _holder(data_dir, "itself") as other:
        assert other.stdout
        other.stdout.readline()
        with pytest.raises(AlreadyRunning, match=rf"pid {other.pid}\) uses {data_dir}"):
            InstanceLock(data_dir).acquire(within=0.1)
        other.kill()
        other.wait()
        with InstanceLock(data_dir) as lock:
            assert lock.path.read_text(encoding="ascii").strip() == str(os.getpid())


def test_a_child_that_outlives_its_parent_still_holds_it(data_dir: Path) -> None:
    with _holder(data_dir, "fork") as other:
        assert other.stdout
        child = int(other.stdout.readline())
        wait_for(lambda: other.poll() is not None)
        with pytest.raises(AlreadyRunning):
            InstanceLock(data_dir).acquire(within=0)
        os.kill(child, 9)
        InstanceLock(data_dir).acquire(within=5)


def test_it_can_be_taken_again_after_release(data_dir: Path) -> None:
    lock = InstanceLock(data_dir)
    for _ in range(2):
        with lock:
            assert not os.get_inheritable(lock.fd)
    with pytest.raises(RuntimeError):
        _ = lock.fd


def test_a_new_data_directory_lets_others_through_only_when_root_made_it(data_dir: Path) -> None:
    with InstanceLock(data_dir):
        expected = 0o711 if os.geteuid() == 0 else 0o700
        assert stat.S_IMODE(data_dir.stat().st_mode) == expected
