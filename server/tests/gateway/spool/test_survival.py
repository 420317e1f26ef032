"""Real processes: writers that are killed, readers that read meanwhile."""

import os
import random
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hone.gateway.record import Frame
from hone.gateway.spool import START, Damaged, Lane, Lanes
from tests.core.facts import wait_for
from tests.gateway.spool.samples import only, read_all, varied

ROUNDS = int(os.environ.get("HONE_TEST_ROUNDS", "5"))


def _writer(directory: Path, count: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.gateway.spool.writing", str(directory), str(count)],
        stdout=subprocess.PIPE,
        bufsize=0,
    )


def _reported(pipe_bytes: bytes) -> int:
    """How many appends had returned; the numbers must come without a gap."""
    numbers = [number for (number,) in struct.iter_unpack(">Q", pipe_bytes)]
    assert numbers == list(range(len(numbers)))
    return len(numbers)


@pytest.mark.rounds
@pytest.mark.parametrize("chance", range(ROUNDS))
def test_a_killed_writer_loses_no_frame_it_had_appended(tmp_path: Path, chance: int) -> None:
    after = random.Random(chance).randrange(1, 20_000)
    with _writer(tmp_path, 0) as writer:
        assert writer.stdout
        said = bytearray()
        while len(said) < 8 * after:
            more = writer.stdout.read(4096)
            assert more, "the writer ended by itself"
            said += more
        writer.kill()
        while more := writer.stdout.read(65536):
            said += more
    returned = _reported(bytes(said))
    lane = only(tmp_path)
    assert not lane.alive()
    found = read_all(lane)
    assert len(found) in {returned, returned + 1}
    assert found == [varied(number) for number in range(len(found))]
    lane.remove()
    assert list(tmp_path.iterdir()) == []


def _follow(directory: Path, lanes: Lanes) -> tuple[Lane, list[Frame]]:
    (lane,) = wait_for(lanes.list)
    position = START
    found: list[Frame] = []
    deadline = time.monotonic() + 60
    while not lane.finished(position):
        assert time.monotonic() < deadline
        entries, position = lane.read(position, 100)
        for _, entry in entries:
            assert not isinstance(entry, Damaged), entry
            found.append(entry)
        lane.forget_before(position.segment)
    return lane, found


def test_a_reader_beside_a_writer_sees_every_frame_once(tmp_path: Path) -> None:
    with _writer(tmp_path, 20_000) as writer:
        assert writer.stdout
        drained = subprocess.Popen(["cat"], stdin=writer.stdout, stdout=subprocess.DEVNULL)
        lanes = Lanes(tmp_path)
        lane, found = _follow(tmp_path, lanes)
        assert writer.wait(10) == 0
        drained.wait(10)
    assert found == [varied(number) for number in range(20_000)]
    lane.remove()
    assert lanes.list() == []
    lanes.close()


@pytest.mark.rounds
@pytest.mark.parametrize("chance", range(ROUNDS))
def test_a_reader_sees_a_writer_die(tmp_path: Path, chance: int) -> None:
    after = random.Random(-chance).randrange(1, 5000)
    with _writer(tmp_path, 0) as writer:
        assert writer.stdout
        drained = subprocess.Popen(
            ["sh", "-c", f"head -c {8 * after} > /dev/null; kill -9 {writer.pid}; cat > /dev/null"],
            stdin=writer.stdout,
        )
        lane, found = _follow(tmp_path, Lanes(tmp_path))
        writer.wait(10)
        drained.wait(10)
    assert len(found) >= after
    assert found == [varied(number) for number in range(len(found))]
    lane.remove()
