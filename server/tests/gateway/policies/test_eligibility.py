"""Who can take a call at all."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.gateway.demand import Demand, read
from hone.gateway.parsing import parse
from hone.gateway.policies import eligibility
from hone.llm.types import Endpoint, Profile
from tests.gateway.policies.candidates import HELLO, demanded, profiled, profiles

ANYWHERE = frozenset[str]()
PICTURE: list[dict[str, Any]] = [
    {
        "role": "user",
        "content": [
            {"type": "text", "text": "What is this?"},
            {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "A" * 90_000}},
        ],
    }
]
SCHEMA = {"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "object"}}}
demands = st.builds(
    Demand,
    st.frozensets(st.sampled_from(["image", "tools", "json_schema", "embeddings"])),
    st.integers(0, 6000),
    st.none() | st.integers(0, 600),
)


@pytest.mark.parametrize(
    ("body", "needs"),
    [
        ({}, {"chat"}),
        ({"messages": PICTURE}, {"chat", "image"}),
        ({"tools": [{"type": "function", "function": {"name": "f"}}]}, {"chat", "tools"}),
        ({"tools": None}, {"chat"}),
        ({"response_format": SCHEMA}, {"chat", "json_schema"}),
        ({"response_format": {"type": "text"}}, {"chat"}),
        ({"reasoning_effort": "high"}, {"chat", "reasoning"}),
        ({"reasoning_effort": "none"}, {"chat"}),
        ({"messages": [{"role": "user", "content": 'Say "image_url" to me.'}]}, {"chat"}),
        (
            {
                "messages": [
                    {
                        "role": "user",
                        "content": [{"type": "input_audio", "input_audio": {"data": ""}}],
                    }
                ]
            },
            {"chat", "audio"},
        ),
    ],
)
def test_what_a_call_needs_is_read_from_it(body: dict[str, Any], needs: set[str]) -> None:
    assert demanded(**body).needs == needs


@pytest.mark.parametrize(
    ("endpoint", "body", "needs"),
    [
        (Endpoint.COMPLETIONS, {"prompt": "Once"}, {"completions"}),
        (Endpoint.MESSAGES, {"messages": HELLO}, {"chat"}),
        (
            Endpoint.MESSAGES,
            {
                "messages": [{"role": "user", "content": [{"type": "image"}]}],
                "thinking": {"type": "enabled", "budget_tokens": 1024},
                "tools": [{"name": "f"}],
            },
            {"chat", "image", "reasoning", "tools"},
        ),
        (Endpoint.RESPONSES, {"input": "Hello"}, {"chat"}),
        (
            Endpoint.RESPONSES,
            {
                "input": [{"role": "user", "content": [{"type": "input_file", "file_id": "f"}]}],
                "text": {"format": SCHEMA},
                "reasoning": {"effort": "low"},
            },
            {"chat", "file", "json_schema", "reasoning"},
        ),
    ],
)
def test_it_is_read_in_the_words_of_every_endpoint(
    endpoint: Endpoint, body: dict[str, Any], needs: set[str]
) -> None:
    found = read(parse(endpoint, msgspec.json.encode({**body, "max_tokens": 5}), {}))
    assert found.needs == needs
    assert found.output_tokens == 5


def test_an_embedding_needs_a_model_that_embeds() -> None:
    found = read(parse(Endpoint.EMBEDDINGS, b'{"model":"m","input":"hello"}', {}))
    assert found.needs == {"embeddings"}
    assert found.output_tokens == 0


@pytest.mark.parametrize(
    ("given", "most"),
    [
        ({"max_tokens": 7}, 7),
        ({"max_completion_tokens": 9, "max_tokens": 7}, 9),
        ({"max_tokens": "many"}, None),
        ({"max_tokens": -1}, 0),
        ({}, None),
    ],
)
def test_the_longest_answer_is_read(given: dict[str, Any], most: int | None) -> None:
    assert demanded(HELLO, **given).output_tokens == most


def test_a_picture_says_nothing_of_tokens() -> None:
    assert demanded(PICTURE).input_tokens == 0


@given(st.lists(profiles, min_size=1, max_size=6), demands, st.sampled_from([ANYWHERE, {"eu"}]))
def test_nobody_is_left_who_may_not_or_cannot(
    given: list[Profile], demand: Demand, regions: set[str]
) -> None:
    among, wanted = profiled(*given), frozenset(regions)
    found = eligibility.eligible(among, demand, wanted)
    for each in found:
        profile = each.target.profile
        assert not regions or profile.region in regions
        assert not demand.needs & profile.lacks
    able = [each for each in among if eligibility.allowed(each.target.profile, demand, wanted)]
    assert bool(found) == bool(able)
    if not found:
        lacks, here = eligibility.lacking(among, demand, wanted)
        assert bool(lacks) == here


def test_a_prompt_goes_where_it_fits_and_else_to_the_largest_window() -> None:
    among = profiled(Profile(1000), Profile(8000), Profile(4000))
    places = [
        [each.place for each in eligibility.eligible(among, Demand(input_tokens=size), ANYWHERE)]
        for size in (900, 2000, 5000, 50_000)
    ]
    assert places == [[0, 1, 2], [1, 2], [1], [1]]


def test_a_model_of_which_nothing_is_known_is_asked_but_not_where_a_region_is_wanted() -> None:
    among = profiled(Profile())
    demand = demanded(PICTURE, response_format=SCHEMA)
    assert eligibility.eligible(among, demand, ANYWHERE) == among
    assert eligibility.eligible(among, demand, frozenset({"eu"})) == []
