"""What needs no database: shares, evidence, burn rates, forecasts, calibration, templates, signatures."""

import math
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.monitoring import (
    burning,
    calibrating,
    forecasting,
    grading,
    rules,
    sending,
    sequential,
    templates,
)
from hone.monitoring.burning import Count
from hone.monitoring.errors import RuleWrong
from hone.monitoring.estimates import Estimate, percent, share
from hone.monitoring.grading import Measured
from hone.monitoring.schemas.monitors import MonitorRule

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998), table I, method 3 (Wilson).
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_a_share_has_the_published_interval(part: int, whole: int, low: float, high: float) -> None:
    found = share(part, whole)
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.9995, "99.95 %"), (0.5, "50.0 %"), (0.0001, "0.01 %"), (0.0, "0.0 %"), (0.123, "12.3 %")],
)
def test_a_share_reads_as_people_write_it(value: float, said: str) -> None:
    assert percent(value) == said


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=40))
def test_evidence_never_depends_on_minutes_without_calls(pairs: list[tuple[int, int]]) -> None:
    steps = [(n, min(n, bad)) for n, bad in pairs]
    with_gaps = [each for step in steps for each in (step, (0, 0))]
    found = sequential.against(steps, 0.05).log
    assert sequential.against(with_gaps, 0.05).log == pytest.approx(found)


def test_what_stays_within_its_bound_is_seldom_cried_about() -> None:
    chance, cries = random.Random(7), 0
    for _ in range(200):
        steps = [(10, sum(chance.random() < 0.05 for _ in range(10))) for _ in range(60)]
        # Somebody looks after every minute: each look is a chance to be wrong.
        cries += any(sequential.against(steps[:end], 0.05).enough for end in range(1, 61))
    assert cries == 0


def test_total_failure_is_seen_after_a_handful_of_calls() -> None:
    assert not sequential.against([(500, 0), (2, 2)], 0.0144).enough
    assert sequential.against([(500, 0), (6, 6)], 0.0144).enough
    late = sequential.against([(100, 0)] * 50 + [(8, 8)], 0.0144)
    assert late.enough
    assert late.began >= 49


def test_of_many_slices_the_weak_need_more() -> None:
    one = sequential.ONCE_A_YEAR + 0.1
    assert sequential.discoveries([one]) == [True]
    assert sequential.discoveries([one, *[0.0] * 9]) == [False] * 10
    strong = one + math.log(10)
    assert sequential.discoveries([strong, *[0.0] * 9]) == [True, *[False] * 9]
    assert sequential.discoveries([strong] * 3 + [0.0] * 7) == [True] * 3 + [False] * 7


def test_burn_rates_ring_as_the_workbook_says() -> None:
    minute = timedelta(minutes=1)
    steps = [(NOW - minute * each, Count(100, 2)) for each in range(60)]
    counts = {each: burning.within(steps, NOW, each) for each in burning.windows()}
    found = burning.burns(counts, 0.999)
    assert found[0].long_rate == pytest.approx(20)
    assert [each.rings() for each in found] == [True, True, True]
    calm = [(at, Count(100, 0 if NOW - at < minute * 6 else 2)) for at, _ in steps]
    counts = {each: burning.within(calm, NOW, each) for each in burning.windows()}
    assert not burning.burns(counts, 0.999)[0].rings(), "the short window is over it"
    few = {each: Count(20, 4) for each in burning.windows()}
    assert not any(each.rings() for each in burning.burns(few, 0.999)), "four calls ring nobody"
    assert burning.within([(NOW + minute, Count(5, 5))], NOW, minute) == Count()


def test_a_line_is_foretold_and_chance_is_not_called_a_trend() -> None:
    line = [(float(day), 10.0 + 2 * day) for day in range(14)]
    found = forecasting.forecast(line, 7)
    assert (found.trend, found.slope, found.value) == ("rising", 2.0, pytest.approx(50))
    # One wild day moves nothing.
    wild = [*line[:6], (6.0, 500.0), *line[7:]]
    assert forecasting.forecast(wild, 7).value == pytest.approx(50)
    assert forecasting.forecast(line[:4], 7).trend == "unknown"
    chance = random.Random(3)
    trends = [
        forecasting.forecast([(float(day), chance.gauss(0, 1)) for day in range(14)], 7).trend
        for _ in range(200)
    ]
    assert trends.count("steady") >= 180


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=60))
def test_calibration_never_falls_with_confidence(judged: list[tuple[float, bool]]) -> None:
    bins = calibrating.calibrate(judged)
    values = [each.right for each in bins]
    assert values == sorted(values)
    assert all(0 <= each <= 1 for each in values)


def test_accuracy_is_estimated_without_labels() -> None:
    chance = random.Random(5)
    # A model that says 0.9 and is right in 60 %, and says 0.3 and is right in 30 %.
    judged = [(0.92, chance.random() < 0.6) for _ in range(500)]
    judged += [(0.32, chance.random() < 0.3) for _ in range(500)]
    bins = calibrating.calibrate(judged)
    mostly_sure = calibrating.estimate(bins, {18: 900, 6: 100}, 1.96)
    assert mostly_sure.value == pytest.approx(0.57, abs=0.05)
    unsure = calibrating.estimate(bins, {18: 100, 6: 900}, 1.96)
    assert unsure.value == pytest.approx(0.33, abs=0.05)
    assert unsure.low is not None
    assert unsure.high is not None
    assert unsure.low < 0.33 < unsure.high


@pytest.mark.parametrize(
    ("message", "read"),
    [
        ("upstream 17 took too long", "upstream <number> took too long"),
        ("no route to 10.0.0.7:8080", "no route to <host>"),
        ('model "gpt-x" is not known', "model <text> is not known"),
        ("see https://a.example/b?c=1 for help", "see <url> for help"),
        ("request req_0199ab3c4d5e6f708192 failed", "request <id> failed"),
        ("ana@venue.example is barred", "<address> is barred"),
    ],
)
def test_errors_that_read_alike_have_one_template(message: str, read: str) -> None:
    assert templates.template(message) == read


def test_few_calls_make_a_model_neither_excellent_nor_bad() -> None:
    nothing = Estimate()
    assert grading.grade(Measured(nothing, nothing, nothing)).status == "unknown"
    assert grading.grade(Measured(share(0, 20), share(0, 20), nothing)).status == "good"
    assert grading.grade(Measured(share(1, 20), share(0, 20), nothing)).status == "degraded"
    many = Measured(share(0, 100_000), share(10, 100_000), share(980, 1000))
    assert grading.grade(many).status == "excellent"
    assert grading.grade(Measured(share(9000, 10_000), nothing, nothing)).status == "critical"
    wrong = grading.grade(Measured(share(0, 9000), share(0, 9000), share(900, 1000)))
    assert wrong.status == "degraded"
    assert "90.0 % of 1,000 judged answers were right" in wrong.words


def test_a_webhook_is_signed_as_the_specification_shows() -> None:
    # standardwebhooks.com, specification, "Signature scheme".
    secret = "whsec_plJ3nmyCDGBKInavdOK15jsl"
    body = b'{"event_type":"ping","data":{"success":true}}'
    at = datetime.fromtimestamp(1731705121, UTC)
    found = sending.signature(secret, "msg_loFOjxBNrRLzqYUf", at, body)
    assert found == "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0="


@pytest.mark.parametrize(
    ("kind", "rule", "told"),
    [
        ("metric", MonitorRule(), "Say which metric"),
        ("metric", MonitorRule(metric="error_rate"), "threshold"),
        ("metric", MonitorRule(metric="error_rate", threshold=5), "between 0 and 1"),
        ("metric", MonitorRule(metric="accuracy", threshold=0.9, comparison="above"), "below"),
        ("metric", MonitorRule(metric="error_rate", threshold=0.1, days=3), "no 'days'"),
        ("objective", MonitorRule(metric="errors", threshold=0.1), "no threshold"),
        ("objective", MonitorRule(metric="cost", target=0.9), "no target"),
    ],
    ids=lambda each: each if isinstance(each, str) else "rule",
)
def test_a_rule_that_does_not_fit_says_why(kind: str, rule: MonitorRule, told: str) -> None:
    with pytest.raises(RuleWrong, match=told):
        rules.settled(kind, rule)
