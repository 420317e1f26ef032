"""The writer: order, room, refusals, failures."""

import contextlib
import os
import random
import resource
import shutil
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hone.gateway.record import Frame
from hone.gateway.spool import Damaged, Reservation, Spool, SpoolFull, SpoolUnwritable
from hone.gateway.spool.frames import HEAD, encode
from tests.core.facts import wait_for
from tests.gateway.spool.samples import only, opened, read_all, segment, settled


@contextlib.contextmanager
def limited(what: int, soft: int) -> Generator[None]:
    """Lower a limit of this process; the kernel then refuses for real."""
    before, hard = resource.getrlimit(what)
    resource.setrlimit(what, (soft, hard))
    try:
        yield
    finally:
        resource.setrlimit(what, (before, hard))


def admitted(spool: Spool, size: int = 100) -> bool:
    try:
        spool.release(spool.reserve(size))
    except (SpoolFull, SpoolUnwritable):
        return False
    return True


def test_a_new_lane_takes_frames_at_once(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "a" / "spool", segment_bytes=4096)
    reservation = spool.reserve(2000, count=2)
    spool.append(opened(1))
    spool.append(settled(1))
    assert spool.stats().reserved >= 2000
    spool.release(reservation)
    spool.release(reservation)
    stats = spool.stats()
    assert (stats.frames, stats.segments, stats.reserved, stats.refusal) == (2, 1, 0, None)
    assert stats.bytes == 32 + 2 * HEAD + len(encode(opened(1))) + len(encode(settled(1)))
    spool.close()
    assert spool.stats().bytes == stats.bytes


def test_a_frame_larger_than_a_segment_gets_its_own(tmp_path: Path) -> None:
    spool = Spool(tmp_path, segment_bytes=1024)
    written = [opened(1), settled(1, 50_000), opened(2), settled(2, 100), settled(3, 9000)]
    reservation = spool.reserve(sum(len(encode(frame)) for frame in written), count=5)
    for frame in written:
        spool.append(frame)
    spool.release(reservation)
    spool.close()
    assert read_all(only(tmp_path)) == written


def test_a_large_reservation_that_is_not_used_gives_its_file_back(tmp_path: Path) -> None:
    spool = Spool(tmp_path, segment_bytes=1024)
    assert spool.lane
    reservation = spool.reserve(1 << 20)
    assert max(file.stat().st_size for file in spool.lane.iterdir()) > 1 << 20
    spool.release(reservation)
    assert len(list(spool.lane.glob("spare-*"))) <= 2
    spool.close()


def test_closing_ends_the_lane_and_gives_back_what_was_made_ahead(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.append(settled(1))
    held = spool.reserve(40 << 20)
    spool.close()
    spool.close()
    spool.release(held)
    lane = only(tmp_path)
    assert sorted(os.listdir(lane.path)) == ["00000001.seg", "lane.lock"]
    assert segment(lane).stat().st_size < 2048
    with pytest.raises(SpoolUnwritable):
        spool.reserve(1)
    with pytest.raises(SpoolUnwritable):
        spool.append(settled(2))


def test_a_burst_of_large_calls_is_admitted_while_the_disk_has_room(tmp_path: Path) -> None:
    spool = Spool(tmp_path, segment_bytes=64 << 10)
    held = [spool.reserve(30 << 10) for _ in range(20)]
    assert spool.stats().free >= 0
    for reservation in held:
        spool.release(reservation)
    spool.close()


sizes = st.lists(st.integers(0, 6000), min_size=1, max_size=40)


@given(sizes, st.integers(300, 4000), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_whatever_was_admitted_finds_room_when_no_more_can_be_made(
    tmp_path_factory: pytest.TempPathFactory,
    contents: list[int],
    segment_bytes: int,
    chance: random.Random,
) -> None:
    directory = tmp_path_factory.mktemp("spool")
    spool = Spool(directory, segment_bytes=segment_bytes)
    calls = [(opened(i), settled(i, content)) for i, content in enumerate(contents)]
    held: list[Reservation] = []
    last = chance.randrange(len(calls))
    written: list[Frame] = []
    with contextlib.ExitStack() as stack:
        for i, call in enumerate(calls):
            if i == last:
                # No new file can be opened from here on.
                stack.enter_context(limited(resource.RLIMIT_NOFILE, 0))
            try:
                held.append(spool.reserve(sum(len(encode(frame)) for frame in call), count=2))
            except SpoolUnwritable:
                break
        queue = [[*call] for call in calls[: len(held)]]
        while any(queue):
            frames = chance.choice([frames for frames in queue if frames])
            written.append(frames.pop(0))
            spool.append(written[-1])
    for reservation in held:
        spool.release(reservation)
    assert spool.stats().reserved == 0
    spool.close()
    lane = only(directory)
    assert read_all(lane) == written
    lane.remove()


def test_a_full_disk_refuses_before_anything_starts_and_recovers_by_itself(tmp_path: Path) -> None:
    spool = Spool(tmp_path, segment_bytes=8192)
    with limited(resource.RLIMIT_FSIZE, 8191):
        held: list[Reservation] = []
        with pytest.raises(SpoolFull) as refused:
            held.extend(spool.reserve(1000) for _ in range(100))
        assert refused.value.status == 503
        assert refused.value.code == "spool_full"
        while admitted(spool, 1000):
            held.append(spool.reserve(1000))
        assert spool.stats().refusal == "spool_full"
        assert spool.stats().refused >= 1
        written = [settled(i, 600) for i in range(len(held))]
        for frame in written:
            spool.append(frame)
    wait_for(lambda: admitted(spool, 1000))
    assert spool.stats().refusal is None
    spool.close()
    assert read_all(only(tmp_path)) == written


def test_a_disk_that_is_full_at_the_start_refuses_until_it_has_room(tmp_path: Path) -> None:
    with limited(resource.RLIMIT_FSIZE, 100):
        spool = Spool(tmp_path, segment_bytes=8192)
        for _ in range(3):
            with pytest.raises(SpoolFull):
                spool.reserve(1)
        with pytest.raises(SpoolFull):
            spool.append(settled(1))
        assert spool.stats().refusal == "spool_full"
        assert spool.stats().refused == 3
    wait_for(lambda: admitted(spool))
    spool.append(settled(1))
    spool.close()
    assert read_all(only(tmp_path)) == [settled(1)]


def test_room_is_noticed_without_a_call(tmp_path: Path) -> None:
    spool = Spool(tmp_path, segment_bytes=8192)
    with limited(resource.RLIMIT_FSIZE, 8191):
        held = [spool.reserve(1000)]
        with pytest.raises(SpoolFull) as refused:
            held.extend(spool.reserve(1000) for _ in range(100))
        assert str(tmp_path) not in str(refused.value.body())
        before = spool.stats()
        assert spool.recheck().refusal == "spool_full"
        assert spool.stats().refused == before.refused
    wait_for(lambda: spool.recheck().refusal is None)
    assert spool.stats().reserved == before.reserved
    spool.close()


def test_a_small_disk_that_fills_up_loses_nothing(tmp_path: Path) -> None:
    mount = f"mount -t tmpfs -o size=1m none {tmp_path}"
    run = f"{sys.executable} -m tests.gateway.spool.filling {tmp_path}"
    user = [] if os.getuid() == 0 else ["--map-root-user"]
    if shutil.which("unshare") is None or _fails(["unshare", *user, "--mount", "sh", "-c", mount]):
        pytest.skip("this machine lets nobody mount a disk")
    done = subprocess.run(
        ["unshare", *user, "--mount", "sh", "-c", f"{mount} && exec {run}"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("held, then spool_full\n")


def _fails(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False, timeout=10).returncode != 0


def test_a_folder_that_cannot_be_written_refuses_until_it_can(tmp_path: Path) -> None:
    in_the_way = tmp_path / "spool"
    in_the_way.write_text("not a folder", encoding="ascii")
    spool = Spool(in_the_way)
    assert spool.lane is None
    with pytest.raises(SpoolUnwritable) as refused:
        spool.reserve(1)
    assert refused.value.status == 503
    assert spool.stats().refusal == "spool_unwritable"
    in_the_way.unlink()
    wait_for(lambda: admitted(spool))
    spool.append(opened(1))
    spool.close()
    assert read_all(only(in_the_way)) == [opened(1)]


def test_a_spool_that_never_started_can_be_closed(tmp_path: Path) -> None:
    (tmp_path / "spool").touch()
    Spool(tmp_path / "spool").close()


def test_a_folder_without_permission_refuses(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    if os.access(tmp_path, os.W_OK):
        pytest.skip("nothing is forbidden to root")
    spool = Spool(tmp_path)
    with pytest.raises(SpoolUnwritable):
        spool.reserve(1)
    tmp_path.chmod(0o700)
    spool.close()


def test_a_failed_append_says_so_and_the_next_segment_goes_on(tmp_path: Path) -> None:
    spool = Spool(tmp_path, segment_bytes=8192)
    spool.append(settled(1))
    with limited(resource.RLIMIT_FSIZE, 2048), pytest.raises(SpoolUnwritable):
        spool.append(settled(2))
    wait_for(lambda: admitted(spool))
    spool.append(settled(3))
    assert spool.stats().segments == 2
    spool.close()
    assert read_all(only(tmp_path)) == [settled(1), settled(3)]


def test_a_segment_that_cannot_be_begun_is_left_out(tmp_path: Path) -> None:
    spool = Spool(tmp_path, segment_bytes=2048)
    spool.append(settled(1))
    with limited(resource.RLIMIT_FSIZE, 0):
        with pytest.raises(SpoolFull):
            spool.append(settled(2))
        assert not admitted(spool, 1000)
    wait_for(lambda: admitted(spool, 1000))
    spool.append(settled(3))
    spool.close()
    found = read_all(only(tmp_path))
    assert [entry for entry in found if not isinstance(entry, Damaged)] == [settled(1), settled(3)]


def test_a_value_that_cannot_be_encoded_leaves_the_lane_whole(tmp_path: Path) -> None:
    spool = Spool(tmp_path, segment_bytes=8192)
    with pytest.raises(OverflowError):
        spool.append(msgspec.structs.replace(opened(1), input_price=1 << 70))
    spool.append(settled(1))
    spool.close()
    assert read_all(only(tmp_path)) == [settled(1)]


def test_the_spare_is_made_before_it_is_needed(tmp_path: Path) -> None:
    spool = Spool(tmp_path, segment_bytes=8192)
    assert spool.lane
    lane = spool.lane
    for number in range(20):
        spool.append(settled(number))
        wait_for(lambda: any(file.name.startswith("spare-") for file in lane.iterdir()))
    spool.close()
    assert not any(isinstance(entry, Damaged) for entry in read_all(only(tmp_path)))
