"""What a run's folder says so far: whole lines behind an offset, and the log's bytes.

A line without its end is not there yet; one that is no JSON of ours is passed over.
"""

import math
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

import msgspec

from hone.core import clock

T = TypeVar("T")
METRICS, EVENTS, TRIALS, LOG = "metrics", "events", "trials", "log"
FILES: Final = {
    METRICS: "metrics.jsonl",
    EVENTS: "events.jsonl",
    TRIALS: "trials.jsonl",
    LOG: "log.txt",
}
_MOST: Final = 1 << 20
"""Bytes of one file that are read at a time."""
_LONGEST_WORDS: Final = 2000


class Metric(msgspec.Struct, frozen=True):
    """One measured value."""

    name: str
    value: float
    at: str = ""
    step: int = 0
    epoch: float | None = None
    split: str | None = None

    @property
    def fits(self) -> bool:
        """Tell whether it is a number that can be kept."""
        return math.isfinite(self.value) and abs(self.step) < 2**62 and len(self.name) < 200


class Event(msgspec.Struct, frozen=True):
    """Something that was said."""

    kind: str
    message: str
    at: str = ""
    done: float | None = None

    @property
    def words(self) -> str:
        """Return what was said, as much as is kept."""
        return self.message.replace("\x00", "")[:_LONGEST_WORDS]


class Trial(msgspec.Struct, frozen=True):
    """How a trial of a search stands."""

    number: int
    state: Literal["running", "complete", "pruned", "failed"]
    params: dict[str, Any]
    at: str = ""
    value: float | None = None
    figures: dict[str, Any] = {}
    seconds: float = 0.0
    error: str | None = None


@dataclass(slots=True)
class News:
    """What was not known before, and up to where the files are read with it."""

    metrics: list[Metric] = field(default_factory=list[Metric])
    events: list[Event] = field(default_factory=list[Event])
    trials: list[Trial] = field(default_factory=list[Trial])
    log: bytes = b""
    offsets: dict[str, int] = field(default_factory=dict[str, int])
    more: bool = False
    """There is more than is read at a time."""

    def __bool__(self) -> bool:
        return bool(self.metrics or self.events or self.trials or self.log)


def read(folder: Path, offsets: dict[str, int]) -> News:
    """Read what lies behind the offsets."""
    news = News(offsets=dict(offsets))
    for line in _lines(folder, METRICS, news):
        metric = _decoded(line, Metric)
        if metric is not None and metric.fits:
            news.metrics.append(metric)
    for line in _lines(folder, EVENTS, news):
        event = _decoded(line, Event)
        if event is not None:
            news.events.append(event)
    for line in _lines(folder, TRIALS, news):
        trial = _decoded(line, Trial)
        if trial is not None:
            news.trials.append(trial)
    news.log = _piece(folder, LOG, news)
    news.offsets[LOG] = news.offsets.get(LOG, 0) + len(news.log)
    return news


def moment(text: str) -> datetime:
    """Read when something was; now, where it does not say."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return clock.now()
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _lines(folder: Path, name: str, news: News) -> list[bytes]:
    piece = _piece(folder, name, news)
    whole = piece.rfind(b"\n") + 1
    if not whole and len(piece) == _MOST:
        # A line that long is none of ours.
        whole = len(piece)
    news.offsets[name] = news.offsets.get(name, 0) + whole
    return [line for line in piece[:whole].split(b"\n") if line]


def _piece(folder: Path, name: str, news: News) -> bytes:
    try:
        with (folder / FILES[name]).open("rb") as file:
            file.seek(news.offsets.get(name, 0))
            piece = file.read(_MOST)
    except FileNotFoundError:
        return b""
    news.more = news.more or len(piece) == _MOST
    return piece


def _decoded(line: bytes, kind: type[T]) -> T | None:
    try:
        return msgspec.json.decode(line, type=kind)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None
