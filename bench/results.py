"""What `bench/gateway.py` found, and how it is written: one table for people, one file for programs."""

import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil
from load import Streams
from peers import NGINX, PEERS

STREAMS_BAR = 2000


@dataclass
class Cell:
    """All figures of one gateway; a list has one figure for each round."""

    rates: list[float] = field(default_factory=list[float])
    load_p50_ms: list[float] = field(default_factory=list[float])
    load_p99_ms: list[float] = field(default_factory=list[float])
    one_ms: list[float] = field(default_factory=list[float])
    paced_p50_ms: list[float] = field(default_factory=list[float])
    paced_p99_ms: list[float] = field(default_factory=list[float])
    first_token_ms: list[float] = field(default_factory=list[float])
    errors: int = 0
    faults: list[str] = field(default_factory=list[str])
    streams: Streams | None = None
    memory_mb: list[tuple[str, float]] = field(default_factory=list[tuple[str, float]])


@dataclass
class Found:
    """All that one run found."""

    missing: dict[str, str]
    load_before: float
    cells: dict[str, Cell] = field(default_factory=dict[str, Cell])
    backlog_seconds: list[float] = field(default_factory=list[float])
    answered: int = 0
    stored: int = 0
    unaccounted: int = 0
    cpu_us: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    soaked: int = 0
    growth_mb: list[tuple[str, float, float]] = field(
        default_factory=list[tuple[str, float, float]]
    )

    def cell(self, name: str) -> Cell:
        """Return the figures of one gateway."""
        return self.cells.setdefault(name, Cell())


@dataclass(frozen=True)
class Bar:
    """A figure that is asked for, beside what was found."""

    what: str
    figure: str
    bar: str
    met: bool | None
    """None: it could not be measured."""

    def row(self) -> str:
        """Write one line of a table."""
        verdict = {True: "met", False: "**MISSED**", None: "not measured"}[self.met]
        return f"| {self.what} | {self.figure} | {self.bar} | {verdict} |"


def middle(values: Sequence[float]) -> float | None:
    """Return the median; None of nothing."""
    return statistics.median(values) if values else None


def added(found: Found, name: str, figure: str) -> float | None:
    """Tell what a gateway adds to a provider called straight, the median over rounds."""
    through: list[float] = getattr(found.cell(name), figure)
    straight: list[float] = getattr(found.cell("straight"), figure)
    return middle([high - low for high, low in zip(through, straight, strict=False)])


def bars(found: Found) -> list[Bar]:
    """Hold the figures against what is asked for."""
    rate = middle(found.cell("Hone").rates) or 0.0
    return [
        *_beside(found, rate),
        _below("Added p50, one connection", added(found, "Hone", "one_ms"), 0.5, "ms"),
        _below(
            "Added p99 at 1,000 req/s", added(found, "Hone", "paced_p99_ms"), 5.0, "ms"
        ),
        _below(
            "Added time to first token, p50",
            added(found, "Hone", "first_token_ms"),
            0.5,
            "ms",
        ),
        _streams(found.cell("Hone").streams),
        _memory(found),
        *_growth(found),
        _below(
            "Backlog of the log at the end of a load",
            max(found.backlog_seconds),
            2.0,
            "s",
        ),
        Bar(
            "Calls answered and stored",
            f"{found.answered:,} answered, {found.stored:,} stored",
            "none lost, none twice",
            not found.unaccounted,
        ),
    ]


def _beside(found: Found, rate: float) -> Iterable[Bar]:
    for name, factor, bar in (
        ("TensorZero", 1.0, "≥ TensorZero"),
        ("LiteLLM", 20.0, "≥ 20 × LiteLLM"),
        ("nginx", 0.17, "≥ 17 % of nginx (aim 25 %)"),
    ):
        other = middle(found.cell(name).rates)
        share = None if other is None else rate / other
        if share is None:
            yield Bar(f"Throughput beside {name}", f"{rate:,.0f} req/s", bar, None)
            continue
        told = f"{share:.1%}" if name == "nginx" else f"{share:.2f} ×"
        yield Bar(
            f"Throughput beside {name}",
            f"{rate:,.0f} req/s: {told}",
            bar,
            share >= factor,
        )


def _below(what: str, figure: float | None, bar: float, unit: str) -> Bar:
    told = "none" if figure is None else f"{figure:.2f} {unit}"
    return Bar(
        what, told, f"≤ {bar:g} {unit}", None if figure is None else figure <= bar
    )


def _streams(told: Streams | None) -> Bar:
    if told is None:
        return Bar("Streams held", "none", f"{STREAMS_BAR:,}", None)
    figure = f"{told.whole:,} of {told.asked:,} whole, {told.most:,} at once"
    met = told.whole == told.asked if told.asked >= STREAMS_BAR else None
    return Bar("Streams held", figure, f"{STREAMS_BAR:,}, none cut", met)


def _memory(found: Found) -> Bar:
    ours = [
        size
        for name, size in found.cell("Hone").memory_mb
        if not name.startswith("postgres")
    ]
    figure = f"{max(ours):.0f} MB the largest of {len(ours)} processes"
    return Bar("Memory per process", figure, "≤ 150 MB", max(ours) <= 150)


def _growth(found: Found) -> Iterable[Bar]:
    servers = [each for each in found.growth_mb if not each[0].startswith("postgres")]
    if servers:
        name, before, grown = max(servers, key=lambda each: each[2])
        figure = f"{grown:+.1f} MB ({name}, {before:.0f} MB before)"
        flat = grown <= 0.02 * before + 2
        yield Bar(
            f"Growth over {found.soaked:,} calls", figure, "flat (≤ 2 % + 2 MB)", flat
        )


def table(found: Found) -> list[str]:
    """Write a line for each gateway."""
    lines = [
        "| gateway | req/s, 64 connections | of nginx | p50 / p99 there, ms | added p50, one"
        " connection, ms | added p99, 1,000 req/s, ms | added first token, ms | streams whole"
        " | memory, MB: largest / all |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    notes = {peer.name: f"{peer.name} {peer.version}" for peer in PEERS}
    floor = middle(found.cell("nginx").rates)
    for name, cell in sorted(
        found.cells.items(), key=lambda each: -(middle(each[1].rates) or 0)
    ):
        rate = middle(cell.rates)
        if rate is None:
            continue
        sizes = [size for _, size in cell.memory_mb]
        columns = [
            notes.get(name, name),
            f"{rate:,.0f}" + (f" ({cell.errors} errors)" if cell.errors else ""),
            "" if floor is None else f"{rate / floor:.1%}",
            f"{_told(middle(cell.load_p50_ms))} / {_told(middle(cell.load_p99_ms))}",
            _added(found, name, "one_ms"),
            _added(found, name, "paced_p99_ms", "below the rate"),
            _added(found, name, "first_token_ms"),
            ""
            if cell.streams is None
            else f"{cell.streams.whole:,} of {cell.streams.asked:,}",
            f"{max(sizes):.0f} / {sum(sizes):.0f}" if sizes else "",
        ]
        lines.append(f"| {' | '.join(columns)} |")
    lines += [
        f"| {name} | could not be had: {why} ||||||||"
        for name, why in found.missing.items()
    ]
    for name, cell in found.cells.items():
        lines += [
            f"| {name} | went wrong: {told} ||||||||"
            for told in dict.fromkeys(cell.faults)
        ]
    return lines


def _told(figure: float | None) -> str:
    return "" if figure is None else f"{figure:.2f}"


def _added(found: Found, name: str, figure: str, absent: str = "") -> str:
    values: list[float] = getattr(found.cell(name), figure)
    if name == "straight":
        through = middle(values)
        return absent if through is None else f"({through:.2f} in all)"
    told = added(found, name, figure)
    return absent if told is None else f"{told:.2f}"


def costs(found: Found) -> list[str]:
    """Write what one call costs, by process."""
    parts = [(name, middle(values) or 0.0) for name, values in found.cpu_us.items()]
    parts.sort(key=lambda each: -each[1])
    total = sum(cost for _, cost in parts)
    told = ", ".join(f"{name} {cost:.0f}" for name, cost in parts if cost >= 0.5)
    return [f"Core time of one call through Hone under load: {total:.0f} µs ({told})."]


def machine() -> dict[str, object]:
    """Describe where it ran."""
    model = platform.processor()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    nginx = subprocess.run(
        [NGINX, "-v"], capture_output=True, text=True, check=False
    ).stderr
    return {
        "cores": psutil.cpu_count(),
        "processor": model,
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "system": platform.platform(terse=True),
        "python": sys.version.split()[0],
        "nginx": nginx.strip().rpartition("/")[2],
        "peers": {peer.name: peer.version for peer in PEERS},
        "load_after": os.getloadavg()[0],
    }


def write(found: Found, rounds: int, seconds: int, folder: Path) -> list[Path]:
    """Write both files."""
    where, judged = machine(), bars(found)
    told = f"{where['cores']} cores, {where['processor']}, Python {where['python']}, nginx {where['nginx']}"
    lines = [
        "# The gateway beside its peers",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, {told}. {rounds} interleaved rounds of {seconds} s a cell,",
        f"medians. Load average before: {found.load_before:.1f}. Load, providers and gateways share",
        "the cores. `make bench-gateway` makes this page.",
        "",
        "| what | figure | bar | |",
        "|---|---|---|---|",
        *(each.row() for each in judged),
        "",
        *costs(found),
        "",
        *table(found),
        "",
        *(f"- {peer.name}: {peer.note}." for peer in PEERS),
        "- Hone: keys, routing, metering, contents sealed, the durable log, its drain and PostgreSQL;",
        "  2 server processes.",
        "- straight: the provider without a gateway; what a gateway adds is told against it.",
    ]
    folder.mkdir(exist_ok=True)
    page, data = folder / "gateway.md", folder / "gateway.json"
    page.write_text("\n".join(lines) + "\n", "utf-8")
    content = {
        "machine": where,
        "bars": [asdict(each) for each in judged],
        **asdict(found),
    }
    data.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
    return [page, data]
