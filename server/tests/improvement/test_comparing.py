"""What a comparison says, as a pure function of two arms' sums."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from hone.experiments.statistics import Look, Method, Moments, compare
from hone.improvement.comparing import broken, told
from hone.improvement.schemas.policies import ImprovementComparison, ImprovementRelease

WANTED = ImprovementComparison(least=20, hours=2)


def shares(right: int, count: int) -> Moments:
    return Moments(count, float(right), float(right))


def said(live: tuple[int, int], new: tuple[int, int], *, over: bool = False) -> tuple[str, str]:
    effect = compare(
        shares(*live),
        shares(*new),
        kind="mean",
        method=Method.ALWAYS_VALID,
        relative=False,
        look=Look(planned=80),
    )
    found = told(effect, WANTED, over=over)
    return found.state, found.words


def test_a_winner_a_loser_and_those_who_are_not_known_yet() -> None:
    state, words = said((30, 60), (57, 60))
    assert state == "winner"
    assert words.startswith(
        "The new version wins: the share of answers that nobody corrected is 95.0 % against 50.0 %,"
        " +45.0 points ("
    )
    assert words.endswith("of 60 and 60 users or conversations.")
    assert said((57, 60), (30, 60))[0] == "loser"
    assert said((30, 60), (33, 60))[0] == "not_enough"
    assert said((9, 10), (1, 10)) == (
        "not_enough",
        "Both versions are compared: 10 of 20 users or conversations.",
    )


def test_when_the_time_is_over_the_policy_says_what_happens() -> None:
    state, words = said((30, 60), (33, 60), over=True)
    assert state == "no_difference"
    assert words.startswith("After 2 hours none is better: ")
    assert words.endswith("It takes all of the traffic.")
    assert said((0, 0), (0, 0), over=True)[0] == "no_difference"


@given(st.integers(20, 400), st.integers(0, 400), st.integers(20, 400), st.integers(0, 400))
def test_who_wins_one_way_loses_the_other(n: int, right: int, m: int, other: int) -> None:
    one, two = (min(right, n), n), (min(other, m), m)
    swapped = {"winner": "loser", "loser": "winner"}
    there, back = said(one, two)[0], said(two, one)[0]
    assert back == swapped.get(there, there)


@dataclass(frozen=True)
class Figure:
    mean: float
    low: float | None
    high: float | None


def test_a_bar_is_broken_when_the_whole_interval_lies_beyond_it() -> None:
    wanted = ImprovementRelease(roll_back_when={"accuracy": 0.85, "latency_ms": 200})
    assert broken(wanted, {}) is None
    assert broken(wanted, {"accuracy": Figure(0.7, 0.6, 0.86)}) is None
    assert broken(wanted, {"accuracy": Figure(0.7, 0.6, 0.8)}) == (
        "Of the new version the share of answers that nobody corrected is 70.0 %, below 85.0 %."
    )
    assert broken(wanted, {"latency_ms": Figure(250, 190, 310)}) is None
    assert broken(wanted, {"latency_ms": Figure(250, 210, 290)}) == (
        "Of the new version the time to answer is 250 ms, above 200 ms."
    )
