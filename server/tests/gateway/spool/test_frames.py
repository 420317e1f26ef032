"""Frames in a segment, whole and damaged."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hone.gateway.record import Attempt, Frame
from hone.gateway.spool import START, Damaged, Lane, Spool
from hone.gateway.spool.frames import HEAD, HEADER, Key, encode, head
from tests.gateway.spool.samples import number, only, opened, read_all, segment, settled

frames = st.lists(
    st.one_of(
        st.integers(0, 2**32).map(opened),
        st.builds(settled, st.integers(0, 2**32), st.integers(0, 3000)),
    ),
    max_size=30,
)


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


def _write(place: Path, given_frames: list[Frame], segment_bytes: int) -> Lane:
    shutil.rmtree(place / "spool", ignore_errors=True)
    spool = Spool(place / "spool", segment_bytes=segment_bytes)
    for frame in given_frames:
        spool.append(frame)
    spool.close()
    return only(place / "spool")


@given(frames, st.integers(100, 20_000), st.integers(1, 10))
@settings(max_examples=60, deadline=None)
def test_what_was_appended_is_read_in_order(
    place: Path, written: list[Frame], segment_bytes: int, limit: int
) -> None:
    lane = _write(place, written, segment_bytes)
    assert read_all(lane, limit=limit) == written
    lane.close()


@given(frames, st.data())
@settings(max_examples=150, deadline=None)
def test_damage_loses_only_the_frames_it_hits(
    place: Path, written: list[Frame], data: st.DataObject
) -> None:
    lane = _write(place, written, 256 << 10)
    entries, _ = lane.read(START)
    lane.close()
    ends = [after.offset for after, _ in entries]
    original = segment(lane).read_bytes()
    at = data.draw(st.integers(0, len(original) - 1), "at")
    if data.draw(st.booleans(), "cut"):
        image = original[:at]
    else:
        junk = data.draw(st.binary(min_size=1, max_size=200) | st.just(bytes(3000)), "junk")
        image = (original[:at] + junk + original[at + len(junk) :])[: len(original)]
    segment(lane).write_bytes(image)
    whole = [
        frame
        for frame, start, end in zip(written, [HEADER, *ends], ends, strict=False)
        if image[start:end] == original[start:end]
    ]
    found = read_all(only(place / "spool"))
    assert [entry for entry in found if not isinstance(entry, Damaged)] == whole


def test_a_damaged_version_costs_no_frame(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    assert spool.lane
    spool.append(settled(1))
    spool.close()
    (file,) = spool.lane.glob("*.seg")
    image = file.read_bytes()
    file.write_bytes(image[:8] + b"\0" + image[9:])
    entries = read_all(only(tmp_path / "spool"))
    assert [entry for entry in entries if not isinstance(entry, Damaged)] == [settled(1)]


@given(st.binary(max_size=5000))
@settings(max_examples=100, deadline=None)
def test_garbage_holds_no_frames(place: Path, garbage: bytes) -> None:
    lane = _write(place, [], 1024)
    segment(lane).write_bytes(garbage)
    found = read_all(lane)
    assert all(isinstance(entry, Damaged) for entry in found)
    lane.close()


def test_a_frame_hidden_in_a_payload_is_not_found_when_its_host_is_damaged(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    assert spool.lane
    spool.append(settled(1))
    inner = (spool.lane / "00000001.seg").read_bytes()[HEADER : HEADER + HEAD + 1300]
    spool.append(msgspec.structs.replace(settled(2), content=inner))
    spool.append(settled(3))
    spool.close()
    lane = only(tmp_path / "spool")
    entries, _ = lane.read()
    image = bytearray(segment(lane).read_bytes())
    host = entries[0][0].offset
    image[host + HEAD] ^= 1
    segment(lane).write_bytes(image)
    found = read_all(lane)
    assert [number(entry) for entry in found if not isinstance(entry, Damaged)] == [1, 3]


def test_a_payload_that_is_no_frame_is_given_back_raw(tmp_path: Path) -> None:
    lane = _write(tmp_path, [settled(1)], 4096)
    key = Key.of(lane.id, 1)
    payload = msgspec.msgpack.encode({"an": "older", "or": "newer program"})
    segment(lane).write_bytes(key.header + head(payload, HEADER, key) + payload)
    (found,) = read_all(lane)
    assert isinstance(found, Damaged)
    assert found.raw == payload
    assert "decoded" in found.reason


def test_text_that_is_not_utf_8_is_damage(tmp_path: Path) -> None:
    lane = _write(tmp_path, [], 4096)
    key = Key.of(lane.id, 1)
    payload = encode(opened(1)).replace(b"assistant", b"assist\xffnt")
    segment(lane).write_bytes(key.header + head(payload, HEADER, key) + payload)
    (found,) = read_all(lane)
    assert isinstance(found, Damaged)
    assert found.raw == payload


def test_an_attempt_of_an_older_program_is_read() -> None:
    (attempt,) = settled(1).attempts
    whole = msgspec.msgpack.decode(msgspec.msgpack.encode(attempt), type=list[Any])
    assert whole[-3:] == [0, 0, None]
    for newer in (1, 2, 3):
        older = msgspec.msgpack.encode(whole[:-newer])
        assert msgspec.msgpack.decode(older, type=Attempt) == attempt
