"""The reader: what it makes of lanes in every state."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from uuid import UUID
from zlib import crc32

import pytest

from hone.core import ids
from hone.gateway.record import Frame
from hone.gateway.spool import START, Damaged, Lane, LaneInUse, Lanes, Pending, Position, Spool
from hone.gateway.spool.frames import HEAD, HEADER, Key, encode, head
from tests.core.facts import wait_for
from tests.gateway.spool.samples import name, number, only, opened, read_all, segment, settled


def spool_of(directory: Path, frames: list[Frame], segment_bytes: int = 4096) -> Spool:
    spool = Spool(directory, segment_bytes=segment_bytes)
    for frame in frames:
        spool.append(frame)
    return spool


def dead(directory: Path, frames: list[Frame], segment_bytes: int = 4096) -> Lane:
    """A lane as a killed writer leaves it: no mark at its end, all files in place."""
    if directory.exists():
        shutil.rmtree(directory)
    source = directory.with_name(directory.name + "-living")
    spool = spool_of(source, frames, segment_bytes)
    shutil.copytree(source, directory)
    spool.close()
    shutil.rmtree(source)
    lane = only(directory)
    assert not lane.alive()
    return lane


def numbers(entries: list[Frame | Damaged]) -> list[int | str]:
    return ["damage" if isinstance(entry, Damaged) else number(entry) for entry in entries]


def test_no_directory_means_no_lanes(tmp_path: Path) -> None:
    lanes = Lanes(tmp_path / "nothing")
    assert lanes.list() == []
    assert lanes.size() == 0


def test_a_lane_lives_as_long_as_its_writer(tmp_path: Path) -> None:
    spool = spool_of(tmp_path, [opened(1)])
    lanes = Lanes(tmp_path)
    (lane,) = lanes.list()
    assert lane.alive()
    assert lanes.list() == [lane]
    entries, position = lane.read()
    assert [entry for _, entry in entries] == [opened(1)]
    assert not lane.finished(position)
    with pytest.raises(LaneInUse):
        lane.remove()
    spool.append(settled(1))
    assert not lane.finished(position)
    entries, position = lane.read(position)
    assert [entry for _, entry in entries] == [settled(1)]
    assert lane.read(position) == ([], position)
    spool.close()
    assert not lane.alive()
    assert not lane.finished(START)
    assert lane.finished(position)
    lane.remove()
    lane.remove()
    assert lanes.list() == []


def test_a_new_life_is_a_new_lane(tmp_path: Path) -> None:
    first = spool_of(tmp_path, [opened(1)])
    second = spool_of(tmp_path, [opened(2)])
    lanes = Lanes(tmp_path)
    found = {lane.path: read_all(lane) for lane in lanes.list()}
    assert found == {first.lane: [opened(1)], second.lane: [opened(2)]}
    wait_for(lambda: lanes.size() >= 4 * 4096)
    first.close()
    assert {lane.path: lane.alive() for lane in lanes.list()} == {
        first.lane: False,
        second.lane: True,
    }
    second.close()
    lanes.close()


def test_other_files_in_the_directory_are_no_lanes(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "readme").touch()
    (tmp_path / ids.new().hex).touch()
    assert Lanes(tmp_path).list() == []


def test_a_folder_that_its_writer_never_locked_is_swept_after_an_hour(tmp_path: Path) -> None:
    young = tmp_path / ids.new().hex
    old = tmp_path / ids.new(at_ms=1_700_000_000_000).hex
    for folder in (young, old):
        folder.mkdir()
        (folder / "lane.lock.new").touch()
    assert Lanes(tmp_path).list() == []
    assert young.exists()
    assert not old.exists()


def test_a_lane_without_frames_is_finished(tmp_path: Path) -> None:
    lane = dead(tmp_path / "spool", [])
    assert lane.finished(START)
    lane.remove()


def test_a_lane_that_another_drain_removed_is_finished(tmp_path: Path) -> None:
    lane = dead(tmp_path / "spool", [settled(1)])
    lanes = Lanes(tmp_path / "spool")
    (other,) = lanes.list()
    lane.remove()
    assert not other.alive()
    assert other.finished(START)
    assert lanes.list() == []


def test_removing_goes_on_where_it_was_interrupted(tmp_path: Path) -> None:
    lane = dead(tmp_path / "spool", [settled(i) for i in range(20)])
    position = START
    while (step := lane.read(position))[0]:
        position = step[1]
    position = step[1]
    while kept := lane.segments():
        segment(lane, kept[0]).unlink()
        again = only(tmp_path / "spool")
        assert again.finished(position)
        again.close()
    lane.remove()
    assert Lanes(tmp_path / "spool").list() == []


def test_the_unfinished_frame_of_a_dead_writer_is_the_end(tmp_path: Path) -> None:
    length = HEAD + 200
    for cut in (1, HEAD - 1, HEAD, HEAD + 1, length):
        lane = dead(tmp_path / "spool", [settled(1), settled(2)])
        (_, (end, _)), _ = lane.read()
        image = segment(lane).read_bytes()
        (start, _) = lane.read(START, 1)[0][0]
        torn = image[: start.offset + cut] + bytes(len(image) - start.offset - cut)
        assert end.offset > start.offset + cut
        segment(lane).write_bytes(torn)
        lane = only(tmp_path / "spool")
        assert read_all(lane) == [settled(1)]
        assert lane.finished(start)


def test_the_unfinished_frame_of_a_living_writer_is_waited_for(tmp_path: Path) -> None:
    spool = spool_of(tmp_path, [settled(1), settled(2)])
    lane = only(tmp_path)
    image = segment(lane).read_bytes()
    after, _ = lane.read(START, 1)[0][0]
    with segment(lane).open("r+b") as file:
        file.seek(after.offset + 500)
        file.write(bytes(len(image) - after.offset - 500))
        file.flush()
        assert read_all(lane) == [settled(1)]
        assert lane.read(after) == ([], after)
        assert not lane.finished(after)
        file.seek(0)
        file.write(image)
        file.flush()
        assert read_all(lane) == [settled(1), settled(2)]
    spool.close()


def test_damage_under_a_living_writer_is_passed_once_a_frame_follows(tmp_path: Path) -> None:
    spool = spool_of(tmp_path, [settled(1), settled(2)])
    lane = only(tmp_path)
    with segment(lane).open("r+b") as file:
        file.seek(HEADER + HEAD + 3)
        file.write(b"\xff\xff")
    found = read_all(lane)
    assert numbers(found) == ["damage", 2]
    assert isinstance(found[0], Damaged)
    assert found[0].position == Position(1, HEADER)
    assert len(found[0].raw) > 1024
    spool.close()


def test_a_hole_is_passed_once_the_writer_is_in_the_next_segment(tmp_path: Path) -> None:
    spool = spool_of(tmp_path, [settled(1), settled(2)])
    lane = only(tmp_path)
    with segment(lane).open("r+b") as file:
        file.seek(HEADER)
        file.write(bytes(1000))
    assert read_all(lane) == []
    for i in range(3, 6):
        spool.append(settled(i))
    assert numbers(read_all(lane)) == ["damage", 2, 3, 4, 5]
    spool.close()


def test_a_segment_that_lost_its_end_is_told(tmp_path: Path) -> None:
    lane = dead(tmp_path / "spool", [settled(i) for i in range(6)])
    image = segment(lane).read_bytes()
    segment(lane).write_bytes(image[:2000])
    assert numbers(read_all(lane)) == [0, "damage", 3, 4, 5]


def test_a_missing_segment_is_told_and_passed(tmp_path: Path) -> None:
    lane = dead(tmp_path / "spool", [settled(i) for i in range(9)])
    assert lane.segments() == [1, 2, 3]
    segment(lane, 2).unlink()
    assert numbers(read_all(lane)) == [0, 1, 2, "damage", 6, 7, 8]
    segment(lane, 3).unlink()
    assert numbers(read_all(only(tmp_path / "spool"))) == [0, 1, 2]


def test_a_wrong_header_is_told_and_the_frames_are_read(tmp_path: Path) -> None:
    lane = dead(tmp_path / "spool", [settled(1)])
    with segment(lane).open("r+b") as file:
        file.write(b"?")
    found = read_all(lane)
    assert numbers(found) == ["damage", 1]
    assert isinstance(found[0], Damaged)
    assert found[0].position == START


def test_a_newer_format_is_an_obstacle_and_never_skipped(tmp_path: Path) -> None:
    lane = dead(tmp_path / "spool", [settled(1)])
    ours = Key.of(lane.id, 1)
    header = ours.header[:8] + (2).to_bytes(4, "little") + ours.header[12:]
    # All that a segment holds is tied to its header, the version included.
    theirs = Key(1, header, crc32(header), crc32(header) | 1)
    payload = encode(settled(1))
    segment(lane).write_bytes(header + head(payload, HEADER, theirs) + payload)
    assert lane.read() == ([], START)
    assert lane.obstacle == "segment 1 has format version 2"
    assert not lane.finished(START)


def test_segments_of_another_lane_hold_nothing_here(tmp_path: Path) -> None:
    other = dead(tmp_path / "other", [settled(1)])
    lane = dead(tmp_path / "spool", [settled(2)])
    shutil.copy(segment(other), segment(lane, 2))
    # Damaged are the end that the first segment lacks and the header of the second.
    assert numbers(read_all(lane)) == [2, "damage", "damage"]


def test_reading_an_idle_lane_opens_nothing(tmp_path: Path) -> None:
    spool = spool_of(tmp_path, [settled(1)])
    lane = only(tmp_path)
    _, position = lane.read()
    before = _opened(tmp_path)
    for _ in range(100):
        assert lane.read(position)[0] == []
    assert _opened(tmp_path) == before
    spool.close()


def _opened(folder: Path) -> list[str]:
    """List what this process has open below a folder; elsewhere other threads open and close."""
    links = (each for each in Path("/proc/self/fd").iterdir() if each.is_symlink())
    targets = (os.readlink(each) for each in links if each.exists())
    ours = (target for target in targets if target.startswith(str(folder)))
    # A writer makes its next files on a thread of its own.
    return sorted(target for target in ours if not Path(target).name.startswith("spare-"))


def test_a_restarted_drain_learns_again_what_is_open(tmp_path: Path) -> None:
    spool = spool_of(tmp_path, [opened(1), opened(2), opened(2, attempt=2)], segment_bytes=2048)
    for i in range(10, 20):
        spool.append(opened(i))
        spool.append(settled(i))
    spool.append(settled(1))
    spool.append(settled(99))
    lane = only(tmp_path)
    position = START
    pending = Pending()
    while True:
        entries, position = lane.read(position, 3)
        if not entries:
            break
        for after, frame in entries:
            assert not isinstance(frame, Damaged)
            pending.follow(after, frame)
    assert pending.operations == {name(2): [opened(2), opened(2, attempt=2)]}
    assert pending.keep_from(position) == 1
    lane.forget_before(pending.keep_from(position))
    spool.append(opened(3))

    again = Pending()
    other = only(tmp_path)
    for after, frame in other.replay(position):
        again.follow(after, frame)
    assert again.operations == pending.operations
    spool.append(settled(2))
    entries, position = other.read(position)
    assert [entry for _, entry in entries] == [opened(3), settled(2)]
    again.follow(entries[0][0], opened(3))
    assert list(again.follow(entries[1][0], settled(2))) == [opened(2), opened(2, attempt=2)]
    assert again.oldest() == entries[0][0].segment
    other.forget_before(again.keep_from(position))
    assert other.segments()[0] == again.oldest()
    assert opened(3) in [frame for _, frame in other.replay()]
    spool.close()


def test_a_segment_is_needed_until_all_that_was_opened_in_it_is_closed() -> None:
    pending = Pending()
    assert pending.follow(Position(3, 100), opened(1)) == ()
    pending.follow(Position(4, 100), opened(1, attempt=2))
    pending.follow(Position(5, 100), opened(2))
    assert pending.oldest() == 3
    assert pending.keep_from(Position(6, 32)) == 3
    assert pending.follow(Position(6, 100), settled(1)) == [opened(1), opened(1, attempt=2)]
    assert pending.oldest() == 5
    assert pending.follow(Position(6, 200), settled(2)) == [opened(2)]
    assert pending.follow(Position(6, 300), settled(2)) == ()
    assert pending.oldest() is None
    assert pending.keep_from(Position(6, 300)) == 6


def test_another_process_sees_a_lane_live(tmp_path: Path) -> None:
    spool = spool_of(tmp_path, [opened(1)])
    script = (
        "import pathlib, sys; from hone.gateway.spool import Lanes;"
        "print([lane.alive() for lane in Lanes(pathlib.Path(sys.argv[1])).list()])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[True]\n"
    assert spool.lane
    assert UUID(spool.lane.name) == only(tmp_path).id
    spool.close()
