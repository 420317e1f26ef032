"""Measure how experiments and releases decide: false alarms, power, how soon a bad release goes back.

    python bench/release.py [--quick] [--only experiments|releases|rollback]

Everything that is drawn is drawn from a fixed seed, so the figures are the same on every machine; only
the time of an assignment and the live rollback depend on it. `make bench-release` writes
`bench/results/release.md` and `.json`; it never fails because a figure is low.
"""

import argparse
import json
import os
import platform
import statistics as middle
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import release_live
import release_trials as trials
from release_splits import Balance, independence, spread, takes
from results import Bar

from hone.experiments import statistics
from hone.experiments.statistics import Kind, Method

RESULTS = Path(__file__).parent / "results"
SEED = 7
NOTES = {
    "experiments": [
        f"- All but times is drawn from the seed {SEED}: the same on every machine.",
        "- An experiment lasts 14 days; what may be looked at once is looked at on the last day.",
        "- A share of 2,000 experiments is known to about one point either way, one of 500 to two or three.",
    ],
    "releases": [
        f"- Drawn from the seed {SEED}: the same on every machine.",
        "- A release goes to a tenth of the units; its guardrail (2 points, 5 %) is judged after every 25 that met it.",
    ],
    "rollback": [
        "- One `hone up` with its own PostgreSQL; load, providers and Hone share the cores.",
    ],
}
NOTE = {
    Method.FIXED: "fixed, looked at once, at the end",
    Method.SEQUENTIAL: "sequential (Lan and DeMets), looked at daily",
    Method.ALWAYS_VALID: "always valid, looked at daily",
}


def false_alarms(experiments: int) -> Iterator[Bar]:
    """Two arms that are the same, for 14 days, with a look each day."""
    for name, (kind, draw, level) in trials.KINDS.items():
        tally = trials.compared(experiments, kind, draw, level, level, 250, SEED)
        for method in Method:
            yield share(
                f"False alarms of {experiments:,} A/A experiments, {name}: {NOTE[method]}",
                tally.rate(method),
                most=0.06,
            )
        yield share(
            f"The same, {name}: always valid, looked at after every 25 units of an arm",
            trials.watched(experiments, kind, draw, level, SEED + 6),
            most=0.06,
        )
        beside = f"False alarms of a fixed test that is looked at daily, as it must not be, {name}"
        yield Bar(beside, f"{tally.rate('peeked'):.1%}", "", None)


def share(what: str, value: float, *, most: float = 1.0, least: float = 0.0) -> Bar:
    """Hold a share against a bar."""
    bar = f"≤ {most:.0%}" if most < 1 else f"≥ {least:.0%}"
    return Bar(what, f"{value:.1%}", bar, least <= value <= most)


def power(experiments: int) -> Iterator[Bar]:
    """70 % resolved against 73 %, 20,000 units for each arm in 14 days."""
    daily = 20_000 // trials.DAYS
    tally = trials.compared(
        experiments, Kind.PROPORTION, trials.resolved, 0.70, 0.73, daily, SEED + 1
    )
    for method in Method:
        days = tally.found[method]
        when = f", on day {middle.median(days):.0f} (median)" if days else ""
        bar = share(
            f"70 → 73 % found with 20,000 units per arm: {NOTE[method]}",
            tally.rate(method),
            least=0.9,
        )
        yield Bar(bar.what, bar.figure + when, bar.bar, bar.met)
    # The plan must keep its promise, no more and no less.
    for method in Method:
        units = statistics.units_needed(
            statistics.Baseline.proportion(0.7),
            0.03,
            power=0.8,
            kind="proportion",
            method=method,
            looks=trials.DAYS,
        )
        planned = trials.compared(
            experiments,
            Kind.PROPORTION,
            trials.resolved,
            0.70,
            0.73,
            -(-units // trials.DAYS),
            SEED + 2,
        )
        found = planned.rate(method)
        yield Bar(
            f"Power with the {units:,} units per arm that are planned for 80 %: {NOTE[method]}",
            f"{found:.1%}",
            "≥ 77 %",
            found >= 0.77,
        )


def rollbacks(runs: int) -> Iterator[Bar]:
    """A release whose share of resolved conversations falls from 70 to 60 %, and one that is the same."""
    bad = trials.released(runs, 0.70, 0.60, 1500, SEED + 3)
    met = [each for each in bad.met if each is not None]
    found = share(
        f"A drop to 60 % is rolled back before 1,500 units met it, {runs} runs",
        bad.within(1501),
        least=0.95,
    )
    when = f", after {middle.median(met):,.0f} units (median)"
    yield Bar(found.what, found.figure + when, found.bar, found.met)
    same = trials.released(runs, 0.70, 0.70, 1500, SEED + 4)
    yield share(
        f"A release that is the same is rolled back in 1,500 units, {runs} runs",
        same.within(1501),
        most=0.05,
    )
    yield share(
        f"A ramp of the same (10, 25, 50 %) while calls get harder is rolled back, {runs} runs",
        trials.ramped(runs, 0.0, SEED + 8),
        most=0.05,
    )
    pooled = trials.ramped(runs, 0.0, SEED + 8, pooled=True)
    yield Bar("The same by sums over all steps, as it must not be", f"{pooled:.1%}", "", None)
    yield share(
        f"A ramp of one that is 10 points worse is rolled back, {runs} runs",
        trials.ramped(runs, 0.1, SEED + 9),
        least=0.95,
    )
    edge = trials.released(runs, 0.70, 0.68, 1500, SEED + 5)
    yield share(
        f"One that is just as much worse as is put up with (2 points), {runs} runs",
        edge.within(1501),
        most=0.05,
    )
    none = trials.released(runs, 0.70, 0.70, 1500, SEED + 7, margin=0.0)
    yield share(
        f"One that is the same, where nothing is put up with (0 points), {runs} runs",
        none.within(1501),
        most=0.05,
    )
    watched = trials.released(runs, 0.70, 0.70, 100, SEED + 10, margin=0.0, each=1)
    yield share(
        f"The same, judged after each of its first 100 units, {runs} runs",
        watched.within(101),
        most=0.05,
    )
    back = trials.talkative(0.70, 0.70, runs, SEED + 11)
    yield share(
        f"The same, of units that come back and differ among each other, {runs} runs",
        sum([each is not None for each in back]) / runs,
        most=0.05,
    )
    for level in (0.0, 0.2, 0.4):
        bad = trials.released(runs // 5, 0.70, level, 1500, SEED + 12, each=1)
        units = [each for each in bad.met if each is not None]
        yield Bar(
            f"Units that meet one whose share of resolved falls from 70 to {level:.0%}",
            f"{middle.median(units):.0f} (median), {max(units)} at most; {len(units)} of {len(bad.met)} rolled back",
            "",
            None,
        )
    for part in (1.0, 0.5, 0.1):
        found = [trials.failing(part, 1500, SEED + 6 + run) for run in range(runs // 5)]
        units = [each for each in found if each is not None]
        yield Bar(
            f"Units that meet a candidate whose calls fail ({part:.0%}; the live version's: 1 %)",
            f"{middle.median(units):.0f} (median), {max(units)} at most; {len(units)} of {len(found)} rolled back",
            "",
            None,
        )
    same = [trials.failing(0.01, 300, SEED + 6 + run) for run in range(runs)]
    yield share(
        f"One whose calls fail as rarely is rolled back in 300 units, {runs} runs",
        sum(each is not None for each in same) / runs,
        most=0.05,
    )


def assignments(units: int, pairs: int, seconds: float) -> Iterator[Bar]:
    """Who meets which arm: in balance, independent across splits, and quick."""
    found: Balance = spread(units)
    yield Bar(
        f"Balance of {units:,} units over two arms",
        f"off by {found.off:.3%}",
        "≤ 0.2 %",
        found.off <= 0.002,
    )
    least = independence(units // 20, pairs)
    bar = 0.01 / pairs
    yield Bar(
        f"χ² of independence over {pairs} pairs of splits, least p",
        f"{least:.5f}",
        f"≥ {bar:.5f} (1 % after Bonferroni)",
        least >= bar,
    )
    took = takes(seconds)
    yield Bar("One assignment, median", f"{took * 1e6:.2f} µs", "< 5 µs", took < 5e-6)


def measured(part: str, scale: int) -> Iterator[Bar]:
    """Measure one part; a scale of 10 measures a tenth of it."""
    if part == "experiments":
        yield from false_alarms(2000 // scale)
        yield from power(500 // scale)
        yield from assignments(1_000_000 // scale, 100 // scale, 1.0 / scale)
    elif part == "releases":
        yield from rollbacks(500 // scale)
    else:
        yield from release_live.measured()


def keep(part: str, rows: list[Bar], load: float, took: float) -> None:
    """Put one part's figures in the place of its last ones, and write both files again."""
    page, data = RESULTS / "release.md", RESULTS / "release.json"
    kept: dict[str, Any] = json.loads(data.read_text("utf-8")) if data.exists() else {}
    kept[part] = {
        "when": f"{datetime.now(UTC):%Y-%m-%d}",
        "cores": os.cpu_count(),
        "python": sys.version.split()[0],
        "system": platform.platform(terse=True),
        "load_before": round(load, 1),
        "load_after": round(os.getloadavg()[0], 1),
        "seconds": round(took),
        "bars": [asdict(each) for each in rows],
    }
    RESULTS.mkdir(exist_ok=True)
    data.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
    page.write_text("\n".join(lines(kept)) + "\n", "utf-8")


def lines(kept: dict[str, Any]) -> list[str]:
    """Write the page."""
    made = [
        "# How experiments and releases decide",
        "",
        "`make bench-release` makes this page.",
    ]
    for part in (each for each in NOTES if each in kept):
        told = kept[part]
        rows = [Bar(**each) for each in told["bars"]]
        made += [
            "",
            f"## {part.capitalize()}",
            "",
            f"{told['when']}, {told['cores']} cores, Python {told['python']}; load average"
            f" {told['load_before']} before, {told['load_after']} after.",
            "",
            *table([each for each in rows if each.met is not None]),
            *(f"- {each.what}: {each.figure}." for each in rows if each.met is None),
            *NOTES[part],
        ]
    return made


def table(rows: list[Bar]) -> list[str]:
    """Write what was held against a bar."""
    if not rows:
        return []
    return [
        "| what | figure | bar | |",
        "|---|---|---|---|",
        *(each.row() for each in rows),
        "",
    ]


def main() -> None:
    """Measure, and write what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="a tenth of what is drawn, kept nowhere"
    )
    parser.add_argument("--only", choices=list(NOTES), help="one part; the others stay as they are")
    asked = parser.parse_args()
    for part in [asked.only] if asked.only else list(NOTES):
        load, began = os.getloadavg()[0], time.perf_counter()
        rows: list[Bar] = []
        for bar in measured(part, 10 if asked.quick else 1):
            rows.append(bar)
            sys.stderr.write(bar.row() + "\n")
        if not asked.quick:
            keep(part, rows, load, time.perf_counter() - began)


if __name__ == "__main__":
    main()
