"""Counting, folding, and outliving the process that counts."""

import multiprocessing
import os
import resource
import signal
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hone.core.counters import METRICS, Counters, Metric, SlotTaken, clear, declare, render
from tests.core.counters.exposition_format import parse
from tests.core.facts import wait_for

SPAWN = multiprocessing.get_context("spawn")
BOUNDS = (0.1, 1.0)


def count(directory: Path, slot: str, additions: int) -> None:
    """Count in a process of its own, then wait to be killed."""
    counters = Counters(directory, slot)
    requests = counters.counter("requests_total", "Requests.", {"model": "a"})
    seconds = counters.histogram("answer_seconds", "Time.", {}, BOUNDS)
    for _ in range(additions):
        requests.add(1.0)
        seconds.observe(0.5)
    counters.gauge("open_requests", "Open.").set(7.0)
    counters.gauge("ready", "Done counting.").set(1.0)
    signal.pause()


def flicker(directory: Path) -> None:
    """Write two numbers in turn, that share no byte, until killed."""
    cell = Counters(directory, "flicker").gauge("flicker", "Changes.")
    while True:
        cell.set(ONE)
        cell.set(OTHER)


ONE = float.fromhex("0x1.1111111111111p+273")
OTHER = -float.fromhex("0x1.eeeeeeeeeeeeep-273")


@contextmanager
def largest_file(size: int) -> Generator[None]:
    """Let no file grow beyond a size, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_the_same_name_and_labels_are_the_same_cell(tmp_path: Path) -> None:
    counters = Counters(tmp_path, "a")
    one = counters.counter("requests_total", "Requests.", {"model": "m", "status": "200"})
    other = counters.counter("requests_total", "Requests.", {"status": "200", "model": "m"})
    assert one is other
    one.add(2.5)
    assert other.value == 2.5


def test_processes_are_summed(tmp_path: Path) -> None:
    for slot, amount in (("a", 1.0), ("b", 2.0)):
        counters = Counters(tmp_path, slot)
        counters.counter("requests_total", "Requests.", {"model": "m"}).add(amount)
        counters.gauge("open_requests", "Open.").add(amount)
        counters.histogram("answer_seconds", "Time.", {}, BOUNDS).observe(amount)
    page = parse(render(tmp_path))
    assert page["requests_total"].value(model="m") == 3.0
    assert page["open_requests"].value() == 3.0
    seconds = page["answer_seconds"]
    assert seconds.value("answer_seconds_bucket", le="1.0") == 1.0
    assert seconds.value("answer_seconds_bucket", le="+Inf") == 2.0
    assert seconds.value("answer_seconds_count") == 2.0
    assert seconds.value("answer_seconds_sum") == 3.0


def test_a_value_on_a_bound_is_below_it(tmp_path: Path) -> None:
    Counters(tmp_path, "a").histogram("answer_seconds", "Time.", {}, BOUNDS).observe(0.1)
    page = parse(render(tmp_path))
    assert page["answer_seconds"].value("answer_seconds_bucket", le="0.1") == 1.0


def test_the_least_of_several_processes_can_be_shown(tmp_path: Path) -> None:
    for slot, value in (("a", 1.0), ("b", 0.25)):
        Counters(tmp_path, slot).gauge("availability", "Share.", across="min").set(value)
    silent = Counters(tmp_path, "c")
    silent.gauge("availability", "Share.", across="min")
    assert parse(render(tmp_path))["availability"].value() == 0.25


def test_a_file_that_means_something_else_by_a_name_is_left_out(tmp_path: Path) -> None:
    Counters(tmp_path, "a").histogram("wait_seconds", "Waits.", {}, BOUNDS).observe(1.0)
    Counters(tmp_path, "b").histogram("wait_seconds", "Waits.", {}, (5.0,)).observe(1.0)
    assert parse(render(tmp_path))["wait_seconds"].value("wait_seconds_count") == 1.0


def test_counts_go_on_after_a_kill_and_gauges_start_at_zero(tmp_path: Path) -> None:
    expected = 0.0
    for _ in range(2):
        process = SPAWN.Process(target=count, args=(tmp_path, "server-0", 300))
        process.start()
        wait_for(lambda: parse(render(tmp_path)).get("ready"))
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        expected += 300.0
        page = parse(render(tmp_path))
        assert page["requests_total"].value(model="a") == expected
        assert page["answer_seconds"].value("answer_seconds_count") == expected
        # What is left says nothing on the present once the slot is taken again.
        again = Counters(tmp_path, "server-0")
        assert "ready" not in parse(render(tmp_path))
        again.gauge("open_requests", "Open.")
        assert parse(render(tmp_path))["open_requests"].value() == 0.0
        again.close()


def test_a_reader_never_sees_half_a_number(tmp_path: Path) -> None:
    process = SPAWN.Process(target=flicker, args=(tmp_path,))
    process.start()
    try:
        wait_for(lambda: parse(render(tmp_path)).get("flicker"))
        seen = {parse(render(tmp_path))["flicker"].value() for _ in range(2000)}
    finally:
        process.kill()
        process.join()
    assert seen <= {0.0, ONE, OTHER}


def test_cells_stay_valid_when_the_file_grows(tmp_path: Path) -> None:
    counters = Counters(tmp_path, "a", most_series=3000)
    first = counters.counter("requests_total", "Requests.", {"model": "0"})
    size = (tmp_path / "a.cells").stat().st_size
    for number in range(1, 3000):
        counters.counter("requests_total", "Requests.", {"model": str(number)}).add(number)
    assert (tmp_path / "a.cells").stat().st_size >= 4 * size
    first.add(0.5)
    page = parse(render(tmp_path))
    assert page["requests_total"].value(model="0") == 0.5
    assert page["requests_total"].value(model="2999") == 2999.0


def test_too_many_label_sets_fold_into_one(tmp_path: Path) -> None:
    counters = Counters(tmp_path, "a", most_series=10)
    for number in range(25):
        counters.counter("requests_total", "Requests.", {"model": str(number)}).add(1.0)
    page = parse(render(tmp_path))
    assert page["requests_total"].value(model="9") == 1.0
    assert page["requests_total"].value(model="other") == 15.0
    assert len(page["requests_total"].samples) == 11
    assert page["hone_metrics_folded_total"].value(metric="requests_total") == 15.0
    again = counters.counter("requests_total", "Requests.", {"model": "9"})
    assert again.value == 1.0


def test_a_slot_has_one_process(tmp_path: Path) -> None:
    held = Counters(tmp_path, "a")
    with pytest.raises(SlotTaken):
        Counters(tmp_path, "a")
    held.close()
    Counters(tmp_path, "a")


def test_a_full_disk_costs_counts_and_nothing_else(tmp_path: Path) -> None:
    counters = Counters(tmp_path, "a")
    size = (tmp_path / "a.cells").stat().st_size
    with largest_file(size):
        cells = [
            counters.counter("requests_total", "Requests.", {"model": str(number)})
            for number in range(900)
        ]
        for cell in cells:
            cell.add(1.0)
    assert all(cell.value == 1.0 for cell in cells)
    shown = parse(render(tmp_path))["requests_total"].samples
    assert 0 < len(shown) < 900


@pytest.mark.parametrize("damage", [b"", b"junk" * 9, b"HONECEL1" + b"\xff" * 64])
def test_a_damaged_file_is_begun_anew(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "a.cells").write_bytes(damage)
    assert render(tmp_path) == ""
    Counters(tmp_path, "a").counter("requests_total", "Requests.").add(1.0)
    assert parse(render(tmp_path))["requests_total"].value() == 1.0


def test_what_follows_a_damaged_entry_is_given_up(tmp_path: Path) -> None:
    counters = Counters(tmp_path, "a")
    counters.counter("first_total", "First.").add(1.0)
    counters.counter("second_total", "Second.").add(1.0)
    counters.close()
    path = tmp_path / "a.cells"
    path.write_bytes(path.read_bytes().replace(b"Second.", b"Sekund."))
    counters = Counters(tmp_path, "a")
    assert counters.counter("second_total", "Second.").value == 0.0
    assert set(parse(render(tmp_path))) == {"first_total", "second_total"}


def test_clearing_forgets_every_slot(tmp_path: Path) -> None:
    Counters(tmp_path, "a").counter("requests_total", "Requests.").add(1.0)
    clear(tmp_path)
    assert render(tmp_path) == ""


@pytest.mark.parametrize("name", ["", "requests", "9_total", "a-b_total", "a:b_total", "é_total"])
def test_a_counter_needs_a_name_that_prometheus_takes(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r"name|_total"):
        Counters(tmp_path, "a").counter(name, "Requests.")


@pytest.mark.parametrize("label", ["", "le", "__name", "a-b", "9"])
def test_a_label_needs_a_name_that_prometheus_takes(tmp_path: Path, label: str) -> None:
    with pytest.raises(ValueError, match="label name"):
        Counters(tmp_path, "a").counter("requests_total", "Requests.", {label: "x"})


@pytest.mark.parametrize("bounds", [(), (1.0, 0.5), (1.0, 1.0), (float("inf"),), (float("nan"),)])
def test_bounds_must_rise(tmp_path: Path, bounds: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="bounds"):
        Counters(tmp_path, "a").histogram("answer_seconds", "Time.", {}, bounds)


def test_a_name_has_one_meaning(tmp_path: Path) -> None:
    counters = Counters(tmp_path, "a")
    counters.histogram("answer_seconds", "Time.", {}, BOUNDS)
    with pytest.raises(ValueError, match="two meanings"):
        counters.gauge("answer_seconds", "Time.")
    with pytest.raises(ValueError, match="has the labels"):
        counters.histogram("answer_seconds", "Time.", {"model": "m"}, BOUNDS)
    with pytest.raises(ValueError, match="this ending"):
        counters.gauge("answer_seconds_count", "Answers.")


def test_a_declared_metric_is_listed_and_its_labels_are_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    metric = Metric("shipments_total", "counter", "Shipments.", ("port",))
    monkeypatch.setitem(METRICS, metric.name, metric)
    assert declare(metric) is metric
    counters = Counters(tmp_path, "a")
    counters.cell(metric, {"port": "Oslo"}).add(1.0)
    with pytest.raises(ValueError, match="has the labels"):
        counters.cell(metric, {"prot": "Oslo"})
    with pytest.raises(ValueError, match="is not a histogram"):
        counters.distribution(metric, {"port": "Oslo"})
    with pytest.raises(ValueError, match="is a histogram"):
        counters.cell(Metric("wait_seconds", "histogram", "Waits.", (), BOUNDS))
    with pytest.raises(ValueError, match="named twice"):
        declare(Metric("trips_total", "counter", "Trips.", ("port", "port")))
    with pytest.raises(ValueError, match="declared twice"):
        declare(Metric("shipments_total", "counter", "Shipments.", ("ship",)))
