"""Who has which arm: by the hash of a unit alone, in any number of processes."""

import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hone.core import ids
from hone.gateway import Arm, Route, Split, Unit, assign, digest, takes_part, unit_of
from hone.gateway.parsing import Ask, parse
from hone.gateway.splitting import prompted
from hone.llm.types import Endpoint
from tests.gateway.running import route, target

URL = "http://127.0.0.1:1/v1"
ROUTE: Route = route("mix", target("a", URL))
UNITS = [f"u:user-{number}" for number in range(2000)]
ID = ids.new()


def split(*shares: float, salt: str = "salt", coverage: float = 1.0) -> Split:
    arms = tuple(Arm(f"arm-{place}", ROUTE, share) for place, share in enumerate(shares))
    return Split(ID, "experiment", salt, Unit.USER, arms, coverage)


@given(st.lists(st.integers(0, 20), min_size=1, max_size=8).filter(any), st.uuids())
@settings(max_examples=40, deadline=None)
def test_every_arm_has_its_share(weights: list[int], salt: object) -> None:
    shares = [each / sum(weights) for each in weights]
    mine = split(*shares, salt=str(salt))
    found = Counter(assign(mine, unit) for unit in UNITS)
    for place, share in enumerate(shares):
        # Five standard deviations of a binomial share.
        allowed = 5 * (len(UNITS) * share * (1 - share)) ** 0.5
        assert abs(found[place] - share * len(UNITS)) <= allowed + 1e-9


@given(st.text(min_size=1, max_size=300), st.floats(0, 1), st.uuids())
def test_a_unit_keeps_its_arm(unit: str, share: float, salt: object) -> None:
    ours = [split(1 - share, share, salt=str(salt)) for _ in range(2)]
    assert assign(ours[0], unit) == assign(ours[1], unit)
    assert digest(ours[0], unit) == digest(ours[1], unit)
    assert -(2**63) <= digest(ours[0], unit) < 2**63


@given(st.floats(0, 1), st.floats(0, 1))
@settings(max_examples=40, deadline=None)
def test_a_ramp_moves_only_those_that_it_must(one: float, other: float) -> None:
    low, high = sorted((one, other))
    before, after = split(1 - low, low), split(1 - high, high)
    for unit in UNITS[:500]:
        assert not (assign(before, unit) == 1 and assign(after, unit) == 0)


@given(st.floats(0, 0.5), st.floats(0, 0.5), st.floats(0, 0.5))
@settings(max_examples=40, deadline=None)
def test_of_three_arms_a_ramp_takes_from_the_first_alone(
    kept: float, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    for place in (1, 2):
        shares = [[1 - kept - share, kept, kept] for share in (low, high)]
        for each, share in zip(shares, (low, high), strict=True):
            each[place] = share
        before, after = split(*shares[0]), split(*shares[1])
        for unit in UNITS[:200]:
            moved = assign(before, unit), assign(after, unit)
            assert moved[0] == moved[1] or moved == (0, place)


def test_two_splits_say_nothing_of_each_other() -> None:
    one, other = split(0.5, 0.5, salt="one"), split(0.5, 0.5, salt="other")
    both = Counter((assign(one, unit), assign(other, unit)) for unit in UNITS)
    expected = len(UNITS) / 4
    # Chi-square with 3 degrees of freedom: beyond 21.1 once in ten thousand.
    assert sum((count - expected) ** 2 / expected for count in both.values()) < 21.1


def test_taking_part_says_nothing_of_the_arm() -> None:
    some = split(0.5, 0.5, coverage=0.3)
    taking = [unit for unit in UNITS if takes_part(some, unit)]
    assert abs(len(taking) - 600) < 5 * (2000 * 0.3 * 0.7) ** 0.5
    treated = sum(assign(some, unit) for unit in taking)
    assert abs(treated - len(taking) / 2) < 5 * (len(taking) / 4) ** 0.5


@pytest.mark.parametrize(
    ("unit", "user", "conversation", "other", "expected"),
    [
        (Unit.USER, "anna", "talk", "key-user", "u:anna"),
        (Unit.USER, None, "talk", "key-user", "c:talk"),
        (Unit.USER, None, None, "key-user", "u:key-user"),
        (Unit.USER, None, None, None, None),
        (Unit.CONVERSATION, "anna", "talk", None, "c:talk"),
        (Unit.CONVERSATION, "anna", None, None, "u:anna"),
    ],
)
def test_what_stays_in_one_arm(
    unit: Unit, user: str | None, conversation: str | None, other: str | None, expected: str | None
) -> None:
    assert unit_of(unit, user, conversation, other) == expected


def asked(endpoint: Endpoint, body: dict[str, object]) -> Ask:
    return parse(endpoint, json.dumps({"model": "mix", **body}).encode(), {})


def test_a_prompt_stands_in_the_place_of_the_clients() -> None:
    said = {"role": "user", "content": "Is the barn free?"}
    for first in ([], [{"role": "system", "content": "Be short."}]):
        ask = prompted(asked(Endpoint.CHAT, {"messages": [*first, said]}), "Be warm.")
        messages = json.loads(bytes(ask.body["messages"]))
        assert messages == [{"role": "system", "content": "Be warm."}, said]
    ask = prompted(
        asked(Endpoint.MESSAGES, {"messages": [said], "system": "Be short."}), "Be warm."
    )
    assert json.loads(bytes(ask.body["system"])) == "Be warm."
    ask = prompted(asked(Endpoint.RESPONSES, {"input": "Is the barn free?"}), "Be warm.")
    assert json.loads(bytes(ask.body["instructions"])) == "Be warm."
    plain = asked(Endpoint.EMBEDDINGS, {"input": "barn"})
    assert prompted(plain, "Be warm.") is plain
