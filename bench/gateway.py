"""Measure the gateway beside its peers: throughput, added latency, streams, memory, and the log.

Everything shares the machine: load, providers that answer at once, and every gateway in its turn,
in interleaved rounds of which the report gives medians. Hone runs with all that it has, its durable
log and its database included; the peers log nothing. Run it with `make bench-gateway`; it writes
`bench/results/gateway.md` and `.json` and never fails because a figure is low. `--quick` is a smoke
of a minute and writes to `bench/out`; `--soak` adds a million calls and looks at the memory.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from load import (
    Call,
    Fault,
    Streams,
    first_tokens,
    hold,
    paced,
    run,
    wait_answered,
    wrk,
)
from peers import PEERS, Mocks, PeerMissing, Running, start
from results import Cell, Found, write
from spine import KEY, Hone, cpu_seconds, free_port, mock_provider, quantile, settle
from upstream import EVENTS

HERE = Path(__file__).parent
CONNECTIONS = 64
RATE = 1000

CONFIG = """
providers:
  - {{name: whole, kind: compatible, base_url: "{whole}", api_key: none}}
  - {{name: streams, kind: compatible, base_url: "{streams}", api_key: none}}
models:
  - {{name: bench, provider: whole, upstream: bench, price: {{input: 2.5, output: 10}}}}
  - {{name: flowing, provider: streams, upstream: flowing, price: {{input: 2.5, output: 10}}}}
  - {{name: slow, provider: streams, upstream: slow, price: {{input: 2.5, output: 10}}}}
"""


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    rounds: int
    seconds: int
    """Of one cell."""
    first_tokens: int
    streams: int
    sustained: int
    """Seconds of the load after which the drain must not be far behind."""


FULL = Size(rounds=5, seconds=3, first_tokens=200, streams=2000, sustained=25)
QUICK = Size(rounds=1, seconds=1, first_tokens=20, streams=200, sustained=2)


@dataclass
class Ours:
    """Hone, called as its peers are."""

    hone: Hone
    name: str = "Hone"

    def call(self, kind: str) -> Call:
        """Say how it is called."""
        headers = {"authorization": f"Bearer {KEY}"}
        return Call(self.hone.port, "/v1/chat/completions", kind, headers)

    def family(self) -> list[psutil.Process]:
        """List every process of it."""
        return self.hone.family()

    def stop(self) -> None:
        """End it."""
        self.hone.stop()


@dataclass
class Straight:
    """No gateway: the providers themselves."""

    mocks: Mocks
    name: str = "straight"

    def call(self, kind: str) -> Call:
        """Say how they are called."""
        port = self.mocks.whole if kind == "bench" else self.mocks.streams
        return Call(port, "/v1/chat/completions", kind)

    def family(self) -> list[psutil.Process]:
        """Tell of no process."""
        return []

    def stop(self) -> None:
        """Leave it to whoever started them."""


Gateway = Ours | Straight | Running


@dataclass
class House:
    """What stands: the gateways, and why others do not."""

    gateways: list[Gateway] = field(default_factory=list[Gateway])
    missing: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def ours(self) -> Ours:
        """Hone."""
        return next(each for each in self.gateways if isinstance(each, Ours))


@contextmanager
def providers(folder: Path) -> Iterator[Mocks]:
    """Run both providers."""
    port = free_port()
    process = subprocess.Popen([sys.executable, str(HERE / "upstream.py"), str(port)])
    try:
        with mock_provider(folder) as whole:
            yield Mocks(whole, port)
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def standing(folder: Path, mocks: Mocks) -> Iterator[House]:
    """Start every gateway that can be had, Hone first."""
    config = folder / "hone.yaml"
    text = CONFIG.format(whole=mocks.base("bench"), streams=mocks.base("slow"))
    config.write_text(text, "utf-8")
    hone = Hone(folder / "data", config)
    house = House([Straight(mocks), Ours(hone)])
    try:
        hone.start()
        for peer in PEERS:
            say(f"starting {peer.name} {peer.version}")
            try:
                house.gateways.append(start(peer, folder / peer.name.lower(), mocks))
            except PeerMissing as error:
                house.missing[peer.name] = str(error)
                say(f"  {error}")
        yield house
    finally:
        for each in house.gateways:
            each.stop()


def say(what: str) -> None:
    """Tell whoever waits."""
    print(what, flush=True)


def whole_round(house: House, found: Found, size: Size, turn: int) -> None:
    """Measure each gateway once, beginning with another one each time."""
    at = turn % len(house.gateways)
    for gateway in house.gateways[at:] + house.gateways[:at]:
        call, cell = gateway.call("bench"), found.cell(gateway.name)
        if isinstance(gateway, Ours):
            note_throughput(cell, ours_under_load(gateway, found, size.seconds))
        else:
            note_throughput(cell, wrk(call, CONNECTIONS, size.seconds))
        with noted(cell):
            # What wrk left behind is still being worked on by the slow ones.
            wait_answered(call, 30)
            alone = wrk(call, 1, max(1, size.seconds // 2))
            if alone["requests"]:
                cell.one_ms.append(alone["p50_us"] / 1000)
            # Who does not reach the rate would only queue.
            if cell.rates[-1] > 1.2 * RATE:
                taken = run(paced(call, RATE, size.seconds))
                cell.paced_p50_ms.append(quantile(taken, 0.5))
                cell.paced_p99_ms.append(quantile(taken, 0.99))
            taken = run(first_tokens(gateway.call("flowing"), size.first_tokens))
            cell.first_token_ms.append(quantile(taken, 0.5))
        say(f"  {gateway.name}: {told(cell)}")
        if isinstance(gateway, Ours):
            settle(gateway.hone)


@contextmanager
def noted(cell: Cell) -> Iterator[None]:
    """Keep what goes wrong with a gateway, and go on."""
    try:
        yield
    except* Fault as group:
        cell.faults.append(str(group.exceptions[0]))


def told(cell: Cell) -> str:
    """Say what the last round found."""
    lasts = {
        "req/s": cell.rates,
        "ms at one connection": cell.one_ms,
        "ms p99 when paced": cell.paced_p99_ms,
        "ms to the first token": cell.first_token_ms,
    }
    return ", ".join(
        f"{values[-1]:,.2f} {unit}" for unit, values in lasts.items() if values
    )


def note_throughput(cell: Cell, told: dict[str, float]) -> None:
    """Keep what wrk tells."""
    cell.rates.append(told["rate"])
    cell.load_p50_ms.append(told["p50_us"] / 1000)
    cell.load_p99_ms.append(told["p99_us"] / 1000)
    cell.errors += int(told["errors"])


def ours_under_load(gateway: Ours, found: Found, seconds: int) -> dict[str, float]:
    """Load Hone, and look whether all of it is in the database, how soon, and what it costs."""
    hone = gateway.hone
    settle(hone)
    before, spent = hone.stored(), cpu_seconds(hone)
    told = wrk(gateway.call("bench"), CONNECTIONS, seconds)
    stored = hone.stored() - before
    found.backlog_seconds.append(max(0.0, told["requests"] - stored) / told["rate"])
    settle(hone)
    stored = hone.stored() - before
    found.answered += int(told["requests"])
    found.stored += stored
    # wrk hangs up on what is under way at its end; that is stored too, and was not counted.
    found.unaccounted += max(0, int(told["requests"]) - stored)
    found.unaccounted += max(0, stored - int(told["requests"]) - CONNECTIONS)
    for name, total in cpu_seconds(hone).items():
        cost = 1e6 * (total - spent.get(name, 0.0)) / stored
        found.cpu_us.setdefault(name, []).append(cost)
    return told


def hold_streams(house: House, found: Found, size: Size) -> None:
    """Hold many streams through each gateway."""
    for gateway in house.gateways:
        told: Streams = run(hold(gateway.call("slow"), size.streams, EVENTS - 2))
        found.cell(gateway.name).streams = told
        say(
            f"  {gateway.name}: {told.whole} of {told.asked} whole, {told.most} at once"
        )
        if isinstance(gateway, Ours):
            settle(gateway.hone)


def weigh(house: House, found: Found) -> None:
    """Note the memory of every process, after all that load."""
    for gateway in house.gateways:
        found.cell(gateway.name).memory_mb = [
            (each.name(), each.memory_info().rss / 1e6) for each in gateway.family()
        ]


def soak(house: House, found: Found, calls: int) -> None:
    """Send a million calls and see what the servers grow by."""
    ours = house.ours
    before = {each.pid: each.memory_info().rss for each in ours.family()}
    sent, began = 0, time.monotonic()
    while sent < calls:
        sent += int(wrk(ours.call("bench"), CONNECTIONS, 20)["requests"])
        say(f"  {sent:,} calls in {time.monotonic() - began:.0f} s")
    settle(ours.hone, 600)
    for each in ours.family():
        if each.pid in before:
            grown = (each.memory_info().rss - before[each.pid]) / 1e6
            found.growth_mb.append((each.name(), before[each.pid] / 1e6, grown))
    found.soaked = sent


def main() -> None:
    """Run everything and write the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a smoke of a minute")
    parser.add_argument("--soak", action="store_true", help="add a million calls")
    parser.add_argument(
        "--calls", type=int, default=1_000_000, help="how many calls --soak sends"
    )
    asked = parser.parse_args()
    # Whatever ends this, what it started is ended too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
    size = QUICK if asked.quick else FULL
    with tempfile.TemporaryDirectory(prefix="hone-bench-", dir="/var/tmp") as scratch:
        folder = Path(scratch)
        folder.chmod(0o755)
        with providers(folder) as mocks, standing(folder, mocks) as house:
            found = Found(missing=house.missing, load_before=os.getloadavg()[0])
            for turn in range(size.rounds):
                say(f"round {turn + 1} of {size.rounds}")
                whole_round(house, found, size, turn)
            say(f"a load of {size.sustained} s")
            ours_under_load(house.ours, found, size.sustained)
            say(f"{size.streams} streams")
            hold_streams(house, found, size)
            weigh(house, found)
            if asked.soak:
                say(f"{asked.calls:,} calls")
                soak(house, found, asked.calls)
    target = HERE / ("out" if asked.quick else "results")
    for path in write(found, size.rounds, size.seconds, target):
        say(f"wrote {path}")


if __name__ == "__main__":
    main()
