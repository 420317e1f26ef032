"""Frames for the tests; a frame's number tells everything that is in it."""

from pathlib import Path

from hone.gateway.record import Attempt, Frame, Opened, Settled
from hone.gateway.spool import START, Damaged, Lane, Lanes, Position

KEY = bytes(range(16))


def name(number: int) -> bytes:
    return number.to_bytes(16, "big")


def number(frame: Frame) -> int:
    return int.from_bytes(frame.id, "big")


def opened(numbered: int, attempt: int = 1) -> Opened:
    return Opened(
        id=name(numbered),
        organization_id=KEY,
        key_id=KEY,
        number=attempt,
        endpoint="chat",
        route="assistant",
        route_id=None,
        model="gpt-4o",
        provider="openai",
        upstream="gpt-4o-2024-11-20",
        model_id=KEY,
        price_id=KEY,
        input_price=2_500_000,
        output_price=10_000_000,
        estimated_input_tokens=500,
        stream=True,
        user="guest-7",
        conversation=None,
        metadata=b'{"table":4}',
    )


def settled(numbered: int, content: int = 1024) -> Settled:
    attempt = Attempt(
        model="gpt-4o",
        provider="openai",
        upstream="gpt-4o-2024-11-20",
        model_id=KEY,
        price_id=KEY,
        status=200,
        error=None,
        started_ms=0.2,
        duration_ms=301.5,
        ttft_ms=120.25,
        input_tokens=500,
        output_tokens=200,
        cached_tokens=0,
        reasoning_tokens=0,
        estimated=False,
        cost=3_250_000_000,
    )
    return Settled(
        id=name(numbered),
        organization_id=KEY,
        key_id=KEY,
        endpoint="chat",
        route="assistant",
        route_id=None,
        status=0,
        http_status=200,
        error=None,
        finish_reason="stop",
        stream=True,
        user="guest-7",
        conversation=None,
        metadata=None,
        latency_ms=302.5,
        ttft_ms=120.25,
        overhead_ms=0.5,
        candidates=[("gpt-4o", 0.4), ("claude-sonnet", 0.6)],
        attempts=[attempt],
        content_key=KEY,
        content=bytes((numbered + i) % 256 for i in range(256)) * (content // 256)
        + bytes(content % 256),
    )


def varied(numbered: int) -> Frame:
    """A frame of a kind and size that follow from its number: 150 bytes to 20 KB."""
    if numbered % 3 == 1:
        return opened(numbered)
    return settled(numbered, numbered * 7919 % 300 if numbered % 11 else numbered * 613 % 20_000)


def only(directory: Path) -> Lane:
    (lane,) = Lanes(directory).list()
    return lane


def read_all(lane: Lane, position: Position = START, limit: int = 1000) -> list[Frame | Damaged]:
    found: list[Frame | Damaged] = []
    while True:
        entries, position = lane.read(position, limit)
        found += [entry for _, entry in entries]
        if not entries:
            return found


def segment(lane: Lane, sequence: int = 1) -> Path:
    return lane.path / f"{sequence:08d}.seg"
