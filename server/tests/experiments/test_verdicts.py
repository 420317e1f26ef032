"""What an experiment says, in words that need no statistics."""

import pytest

from hone.experiments import statistics
from hone.experiments.statistics import Compared, Metric, Moments, Outcome, Role, Unit
from hone.experiments.statistics.wording import chance, figure, gap

RESOLVED = Metric("resolved", "conversations resolved")
LATENCY = Metric(
    "latency_ms", "time to answer", Unit.MILLISECONDS, statistics.Direction.DOWN, Role.GUARDRAIL
)


def resolved(arm: str, control: int, treatment: int, n: int = 10_000) -> Compared:
    effect = statistics.compare(
        Moments(n, control, control), Moments(n, treatment, treatment), kind="proportion"
    )
    return Compared(arm, RESOLVED, effect)


def slower(arm: str, by: float) -> Compared:
    """A thousand calls of 800 ms, give or take 200, and of so much more."""
    live = Moments(1000, 800e3, 1000 * (800.0**2 + 200.0**2))
    new = 800 + by
    candidate = Moments(1000, 1000 * new, 1000 * (new**2 + 200.0**2))
    harm = statistics.guardrail(live, candidate, 0.1, "down", kind="mean", relative=True)
    return Compared(arm, LATENCY, harm=harm)


def test_a_winner_is_told_with_both_shares_and_the_interval() -> None:
    told = statistics.verdict([resolved("treatment", 7000, 7300)])
    assert (told.state, told.arm) == (Outcome.WINNER, "treatment")
    assert told.words == (
        "treatment is better. Conversations resolved: 73.0 % with treatment, 70.0 % with control. "
        "That is 3.0 points more (95 %: 1.7 to 4.2 points), which is better. Without a difference, "
        "fewer than 1 in 1,000 such experiments would show one this large."
    )
    assert told.recommendation == "Give treatment all traffic."
    assert told.confidence is not None
    assert told.confidence > 0.999


def test_a_loser_keeps_the_control() -> None:
    told = statistics.verdict([resolved("treatment", 7300, 7000)], control="live")
    assert (told.state, told.recommendation) == (Outcome.LOSER, "Keep live.")


def test_an_open_experiment_says_how_far_it_is() -> None:
    told = statistics.verdict([resolved("treatment", 700, 710, 1000)], planned=5000, days_left=3.6)
    assert told.state is Outcome.NOT_ENOUGH
    assert told.words.startswith("Not enough yet: 1,000 units per arm of 5,000.")
    assert told.words.endswith("it may as well be chance.")
    assert told.recommendation == "Let it run: about 4 days more."
    assert statistics.verdict([]).state is Outcome.NOT_ENOUGH


def test_no_difference_after_the_planned_units_is_an_answer() -> None:
    told = statistics.verdict([resolved("treatment", 7000, 7010)], planned=10_000)
    assert told.state is Outcome.NO_DIFFERENCE


def test_an_arm_that_does_harm_cannot_win() -> None:
    told = statistics.verdict([resolved("treatment", 7000, 7300), slower("treatment", 160)])
    assert (told.state, told.arm) == (Outcome.GUARDRAIL_BROKEN, "treatment")
    assert told.words == (
        "treatment does harm. Time to answer: 960 ms with treatment, 800 ms with control. treatment is "
        "more than 80 ms worse, by at least 134 ms, and that is not chance."
    )
    both = [resolved("fast", 7000, 7300), resolved("slow", 7000, 7400), slower("slow", 160)]
    told = statistics.verdict(both)
    assert (told.state, told.arm) == (Outcome.WINNER, "fast")
    assert "Out of the race, for harm beyond a guardrail: slow." in told.words


def test_an_arm_that_does_harm_leaves_the_others_alone() -> None:
    both = [resolved("fast", 7000, 7010), resolved("slow", 7000, 7400), slower("slow", 160)]
    told = statistics.verdict(both)
    assert (told.state, told.arm) == (Outcome.GUARDRAIL_BROKEN, "slow")
    assert told.recommendation == "Take slow out. The other arms may go on."
    alone = statistics.verdict(both[1:])
    assert alone.recommendation == "Stop the experiment and keep control."


def test_after_the_last_look_nothing_new_is_decided() -> None:
    won = Moments(6000, 4200, 4200), Moments(6000, 4500, 4500)
    look = statistics.Look(10_000, (5000, 10_100, 12_000))
    late = statistics.compare(*won, kind="proportion", method="sequential", look=look)
    assert (late.low, late.significant) == (None, False)
    told = statistics.effect_words(RESOLVED, late, "treatment", "control")
    assert told.endswith("The looks of the plan are used up: what was decided stands.")
    with pytest.raises(ValueError, match="at least one unit"):
        statistics.Look(0)


def test_a_fixed_test_is_silent_before_its_end() -> None:
    won = Moments(6000, 4200, 4200), Moments(6000, 4500, 4500)
    early, late = (
        statistics.compare(*won, kind="proportion", look=statistics.Look(planned))
        for planned in (20_000, 12_000)
    )
    assert (early.significant, late.significant) == (False, True)
    told = statistics.verdict([Compared("treatment", RESOLVED, early)], planned=10_000)
    assert told.state is Outcome.NOT_ENOUGH
    assert told.words.endswith("from too few units to decide by.")


def test_a_broken_ratio_speaks_first() -> None:
    ratio = statistics.sample_ratio([6000, 5000], [0.5, 0.5])
    told = statistics.verdict([resolved("treatment", 7000, 7300)], ratio=ratio)
    assert told.state is Outcome.SAMPLE_RATIO_MISMATCH
    assert "cannot be trusted" in told.words


def test_arms_that_win_and_lose_are_left_to_people() -> None:
    rating = Metric("rating", "rating", Unit.NUMBER)
    worse = statistics.compare(
        Moments(10_000, 42_000.0, 10_000 * (4.2**2 + 1)),
        Moments(10_000, 41_000.0, 10_000 * (4.1**2 + 1)),
    )
    told = statistics.verdict(
        [resolved("treatment", 7000, 7300), Compared("treatment", rating, worse)]
    )
    assert told.state is Outcome.NOT_ENOUGH
    assert "disagree" in told.words


def test_a_guardrail_is_told_in_each_state() -> None:
    safe = statistics.harm_words(LATENCY, _harm(slower("new", 0)), "new", "live")
    assert safe.endswith("new is not more than 80 ms worse.")
    open_ = statistics.harm_words(LATENCY, _harm(slower("new", 75)), "new", "live")
    assert open_.endswith("It is not clear yet whether new is more than 80 ms worse.")
    few = statistics.guardrail(Moments(50, 40, 40), Moments(20, 15, 15), 0.02)
    told = statistics.harm_words(RESOLVED, few, "new", "live")
    assert "Too few units yet" in told
    none = statistics.guardrail(Moments(0, 0, 0), Moments(0, 0, 0), 0.02)
    assert statistics.harm_words(RESOLVED, none, "new", "live").startswith("Nothing is known")


def _harm(each: Compared) -> statistics.Harm:
    assert each.harm is not None
    return each.harm


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        (0.7312, Unit.SHARE, "73.1 %"),
        (0.0042, Unit.SHARE, "0.42 %"),
        (1234.5, Unit.MILLISECONDS, "1,234 ms"),
        (-3.21, Unit.MILLISECONDS, "\N{MINUS SIGN}3.21 ms"),
        (0.00123, Unit.DOLLARS, "$0.00123"),
        (-2.5, Unit.DOLLARS, "\N{MINUS SIGN}$2.5"),
        (4.27, Unit.NUMBER, "4.27"),
        (0.0, Unit.SHARE, "0.0 %"),
    ],
)
def test_figures_have_their_unit(value: float, unit: Unit, told: str) -> None:
    assert figure(value, unit) == told


def test_chances_are_told_as_counts() -> None:
    assert [chance(p) for p in (0.0001, 0.004, 0.031)] == [
        "fewer than 1 in 1,000",
        "about 4 in 1,000",
        "about 3 in 100",
    ]
    assert gap(0.031, Unit.SHARE) == "3.1 points"
