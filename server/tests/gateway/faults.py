"""The sixteen faults that a gateway is tried with, and what is to become of each.

The list is that of failoverbench (methodology 0.1): S01 to S16. Each is a line in the simulator's
language, served by the first target of a route; the last one is well.
"""

import json
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hone.gateway import Deadlines, Settled
from hone.llm.types import Profile
from tests.gateway.running import KEY, Answer, House, house, route, target
from tests.simulator.running import Simulator

DEADLINES: Final = Deadlines(connect=0.5, first_token=0.5, stall=0.4, total=1.0)
ANSWER: Final = "tokens=60,pace=1"
QUESTION: Final = [{"role": "user", "content": "Is there parking, and may we bring our own wine?"}]

Errors = tuple[str | None, ...]
"""What became of each attempt; None is an answer."""


@dataclass(frozen=True)
class Fault:
    """One bad day of the first target."""

    name: str
    what: str
    script: str
    becomes: str
    """What Hone does, in words."""
    whole: Errors
    """Of an answer that is not streamed."""
    streamed: Errors
    spares: tuple[str, ...] = ("",)
    """What the other targets do."""
    unable: Errors | None = None
    """Of a stream where no target is known to take a prefill; None: the same."""


_NEXT = "the next target answers"
_ON = "the next target goes on within the same stream"
FAULTS: Final = (
    Fault(
        "S01",
        "429 with Retry-After",
        "status=429,retry=2,times=1",
        f"{_NEXT}; this one is left alone for as long as it asked",
        ("rate_limited", None),
        ("rate_limited", None),
    ),
    Fault(
        "S02",
        "429 that lasts",
        "status=429",
        _NEXT,
        ("rate_limited", None),
        ("rate_limited", None),
    ),
    Fault(
        "S03",
        "one 500",
        "status=500,times=1",
        _NEXT,
        ("upstream_error", None),
        ("upstream_error", None),
    ),
    Fault("S04", "503", "status=503", _NEXT, ("upstream_error", None), ("upstream_error", None)),
    Fault(
        "S05",
        "TCP reset",
        "fault=reset",
        _NEXT,
        ("upstream_unreachable", None),
        ("upstream_unreachable", None),
    ),
    Fault(
        "S06",
        "silence",
        "fault=silence",
        f"at the deadline {_NEXT}",
        ("upstream_timeout", None),
        ("upstream_timeout", None),
    ),
    Fault(
        "S07",
        "slow first token",
        "ttft=5000",
        f"at the deadline {_NEXT}",
        ("upstream_timeout", None),
        ("upstream_timeout", None),
    ),
    Fault(
        "S08",
        "stream cut at 40 of 60 tokens",
        "fault=cut,after=40",
        _ON,
        ("upstream_cut", None),
        ("upstream_stream_cut", None),
        unable=("upstream_stream_cut",),
    ),
    Fault(
        "S09",
        "stream stalls for 30 s",
        "fault=stall,stall=30000,after=40",
        f"at the deadline {_ON}",
        ("upstream_timeout", None),
        ("upstream_stalled", None),
        unable=("upstream_stalled",),
    ),
    Fault(
        "S10",
        "malformed chunk",
        "fault=malformed,after=40",
        _ON,
        ("upstream_malformed", None),
        ("upstream_malformed", None),
        unable=("upstream_malformed",),
    ),
    Fault(
        "S11",
        "no end marker",
        "fault=no_done",
        "an answer that has its finish reason is whole, and is ended",
        (None,),
        (None,),
    ),
    Fault(
        "S12",
        "context length",
        "fault=context_length",
        "the refusal is passed on",
        ("context_length_exceeded",),
        ("context_length_exceeded",),
    ),
    Fault(
        "S13",
        "content filter",
        "fault=content_filter",
        "the refusal is passed on, never routed around",
        ("content_filter",),
        ("content_filter",),
    ),
    Fault(
        "S14",
        "stream cut, prefill refused",
        "fault=cut,after=40",
        "another that takes a prefill goes on",
        ("upstream_cut", None),
        ("upstream_stream_cut", "upstream_rejected", None),
        spares=("prefill=0", ""),
        unable=("upstream_stream_cut",),
    ),
)
FLAPS: Final = "status=503,flap=1/60"
"""S15; S16 is what all of them cost."""


@dataclass(frozen=True)
class Side:
    """An endpoint, and a provider that speaks its format or another."""

    path: str
    kind: str

    def __str__(self) -> str:
        return f"{self.path} of {self.kind}"

    def send(self, home: House, *, stream: bool) -> Answer:
        """Ask the route `steady`."""
        asked = "input" if self.path == "responses" else "messages"
        body: dict[str, Any] = {"model": "steady", asked: QUESTION, "stream": stream}
        if self.path == "messages":
            body["max_tokens"] = 200
        elif stream:
            body["stream_options"] = {"include_usage": True}
        headers = {"authorization": f"Bearer {KEY}"}
        return home.http.post(f"/v1/{self.path}", json=body, headers=headers)


CHAT: Final = Side("chat/completions", "compatible")
MESSAGES: Final = Side("messages", "anthropic")
CHAT_ACROSS: Final = Side("chat/completions", "anthropic")
MESSAGES_ACROSS: Final = Side("messages", "compatible")


@dataclass(frozen=True)
class Seen:
    """What a client saw of one call."""

    status: int
    text: str
    finishes: int
    """How often it was told that the answer is complete."""
    error: str | None
    ids: frozenset[str]
    usage: dict[str, Any]
    seconds: float


def seen(answer: Answer, *, seconds: float = 0.0) -> Seen:
    """Read an answer of either format, streamed or not."""
    if "event-stream" not in answer.headers["content-type"]:
        told = answer.json()
        failed: dict[str, Any] = told.get("error") or {}
        error: str | None = failed.get("code")
        text, finish = _whole(told)
        ids = frozenset({told["id"]} if "id" in told else ())
        return Seen(answer.status_code, text, finish, error, ids, told.get("usage", {}), seconds)
    events: list[dict[str, Any]] = [
        json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: {")
    ]
    error = None
    parts, finishes, usage = list[str](), 0, dict[str, Any]()
    ids = set[str]()
    for told in events:
        failed = told.get("error") or {}
        error = error or failed.get("code")
        usage = told.get("usage") or usage
        ids |= {named for named in (told.get("id"), told.get("message", {}).get("id")) if named}
        delta: dict[str, Any] = told.get("delta") or {}
        parts.append(delta.get("text") or "")
        finishes += bool(delta.get("stop_reason"))
        for choice in told.get("choices", []):
            parts.append(choice["delta"].get("content") or "")
            finishes += bool(choice["finish_reason"])
    return Seen(answer.status_code, "".join(parts), finishes, error, frozenset(ids), usage, seconds)


def _whole(told: dict[str, Any]) -> tuple[str, int]:
    if "choices" in told:
        return told["choices"][0]["message"]["content"], 1
    if "content" in told:
        return told["content"][0]["text"], 1
    return "", 0


@contextmanager
def steady(
    directory: Path,
    provider: Simulator,
    kind: str,
    script: str,
    spares: tuple[str, ...] = ("",),
    *,
    prefill: bool = True,
) -> Generator[House]:
    """Run a gateway whose route `steady` has a target that fails and one that is well."""
    able = Profile(prefill=prefill)
    targets = [
        target(
            f"target-{place}",
            provider.api,
            upstream=",".join(filter(None, (f"m#{ANSWER}", does))),
            kind=kind,
            profile=able,
        )
        for place, does in enumerate((script, *spares), 1)
    ]
    models = route("steady", targets[0], fallbacks=targets[1:], deadlines=DEADLINES)
    with house(directory, models) as home:
        yield home


def attempt(
    directory: Path,
    provider: Simulator,
    fault: Fault,
    side: Side,
    *,
    stream: bool,
    prefill: bool = True,
) -> tuple[Seen, Settled]:
    """Make one call on a bad day; return what the client saw, and what the log has."""
    made = steady(directory, provider, side.kind, fault.script, fault.spares, prefill=prefill)
    with made as home:
        before = time.perf_counter()
        answer = side.send(home, stream=stream)
        found = seen(answer, seconds=time.perf_counter() - before)
        return found, home.one()


def right(provider: Simulator) -> str:
    """Return the answer that a model gives on a good day."""
    told = provider.http.post(
        "/v1/chat/completions", json={"model": f"m#{ANSWER}", "messages": QUESTION}
    )
    return told.json()["choices"][0]["message"]["content"]
