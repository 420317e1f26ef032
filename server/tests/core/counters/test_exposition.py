"""The page that Prometheus scrapes, read back by a strict reader."""

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from hone.core.counters import Counters, render
from tests.core.counters.exposition_format import parse

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
NUMBER = st.floats(min_value=0, max_value=1e12)
BOUNDS = (0.25, 1.0, 10.0)


def test_a_page_reads_as_the_format_says(tmp_path: Path) -> None:
    counters = Counters(tmp_path, "a")
    counters.counter("calls_total", "Calls\nof \\ models.", {"model": 'a"b\\c\nd'}).add(3)
    counters.gauge("up", "Whether it is up.").set(float("inf"))
    counters.histogram("wait_seconds", "Waits.", {"model": "m"}, (0.5, 2.0)).observe(1)
    assert render(tmp_path) == (
        "# HELP calls_total Calls\\nof \\\\ models.\n"
        "# TYPE calls_total counter\n"
        'calls_total{model="a\\"b\\\\c\\nd"} 3.0\n'
        "# HELP up Whether it is up.\n"
        "# TYPE up gauge\n"
        "up +Inf\n"
        "# HELP wait_seconds Waits.\n"
        "# TYPE wait_seconds histogram\n"
        'wait_seconds_bucket{model="m",le="0.5"} 0.0\n'
        'wait_seconds_bucket{model="m",le="2.0"} 1.0\n'
        'wait_seconds_bucket{model="m",le="+Inf"} 1.0\n'
        'wait_seconds_sum{model="m"} 1.0\n'
        'wait_seconds_count{model="m"} 1.0\n'
    )


def test_nothing_counted_is_an_empty_page(tmp_path: Path) -> None:
    assert render(tmp_path / "absent") == ""


def test_values_from_requests_are_made_short_and_encodable(tmp_path: Path) -> None:
    counters = Counters(tmp_path, "a")
    counters.counter("calls_total", "Calls.", {"model": "x" * 10_000}).add(1)
    counters.counter("calls_total", "Calls.", {"model": "\ud800"}).add(1)
    page = parse(render(tmp_path).encode().decode())
    assert page["calls_total"].value(model="x" * 200) == 1.0
    assert page["calls_total"].value(model="?") == 1.0


@given(
    about=TEXT,
    counts=st.dictionaries(st.tuples(TEXT, TEXT), NUMBER, max_size=6),
    waits=st.dictionaries(TEXT, st.lists(NUMBER, max_size=5), max_size=3),
)
def test_what_is_rendered_parses_back(
    about: str, counts: dict[tuple[str, str], float], waits: dict[str, list[float]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        counters = Counters(Path(folder), "a")
        for (model, user), amount in counts.items():
            counters.counter("calls_total", about, {"model": model, "user": user}).add(amount)
        for model, seconds in waits.items():
            histogram = counters.histogram("wait_seconds", about, {"model": model}, BOUNDS)
            for each in seconds:
                histogram.observe(each)
        page = parse(render(Path(folder)))
    for (model, user), amount in counts.items():
        assert page["calls_total"].help == about
        assert page["calls_total"].value(model=model, user=user) == amount
    for model, seconds in waits.items():
        family = page["wait_seconds"]
        assert family.value("wait_seconds_count", model=model) == len(seconds)
        assert family.value("wait_seconds_sum", model=model) == sum(seconds)
        for bound in BOUNDS:
            below = sum(each <= bound for each in seconds)
            assert family.value("wait_seconds_bucket", model=model, le=str(bound)) == below
