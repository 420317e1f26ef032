"""Candidates, calls and what became of them, without a provider."""

from typing import Any

import msgspec
from hypothesis import strategies as st

from hone.gateway.breaker import Breaker
from hone.gateway.demand import Demand, read
from hone.gateway.parsing import Ask, parse
from hone.gateway.policies import Candidate
from hone.llm.types import Endpoint, Price, Profile
from tests.gateway.running import PRICE, target

URL = "http://127.0.0.1:1/v1"
HELLO: list[dict[str, Any]] = [{"role": "user", "content": "Hello"}]
weights = st.lists(st.integers(0, 20), min_size=1, max_size=6).filter(any)
profiles = st.builds(
    Profile,
    st.none() | st.integers(1, 5000),
    st.none() | st.integers(1, 500),
    st.frozensets(st.sampled_from(["image", "tools", "json_schema", "embeddings"])),
    st.sampled_from([None, "eu", "us"]),
    st.none() | st.floats(0, 1),
)


def candidates(
    *given: int, profile: Profile | None = None, price: Price | None = PRICE
) -> list[Candidate]:
    """Make candidates by their weights."""
    return [
        Candidate(
            target(str(place), URL, profile=profile, price=price), Breaker(), weight, place=place
        )
        for place, weight in enumerate(given)
    ]


def profiled(*given: Profile) -> list[Candidate]:
    """Make candidates by their profiles."""
    return [
        Candidate(target(str(place), URL, profile=profile), Breaker(), place=place)
        for place, profile in enumerate(given)
    ]


def answered(
    candidate: Candidate,
    seconds: float,
    now: float = 1.0,
    first: float | None = None,
    output_tokens: int = 100,
    *,
    well: bool | None = True,
) -> None:
    """Let a candidate answer once."""
    pace = candidate.breaker.pace
    pace.begin()
    pace.end(now, seconds, first, answered=well, output_tokens=output_tokens)


def asked(messages: list[dict[str, Any]] | None = None, **more: Any) -> Ask:
    """Read a chat request."""
    body = {"model": "mix", "messages": messages or HELLO, **more}
    return parse(Endpoint.CHAT, msgspec.json.encode(body), {})


def demanded(messages: list[dict[str, Any]] | None = None, **more: Any) -> Demand:
    """Read what a chat request needs."""
    return read(asked(messages, **more))
