"""Measure the list of operations over a long history: pages, every filter, pairs, and what they cost.

Fills an embedded PostgreSQL with `BENCH_OPERATIONS` rows (10 million) over three months and asks
through HTTP. Each search is asked right after the database was started anew, then again. Run it
with `make bench-operations`; it writes `bench/out/operations.md` and never fails because a figure
is low. `BENCH_DATA` names a data directory to keep and use again.
"""

import itertools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg
from spine import HONE, KEY, free_port, wait_ready

OUT = Path(__file__).parent / "out" / "operations.md"
ROWS = int(os.environ.get("BENCH_OPERATIONS", "10_000_000"))
DAYS = 90
CHUNK = 100_000
PAGE_BAR_MS, FILTER_BAR_MS = 300.0, 500.0

FILL = """
INSERT INTO operations (organization_id, id, created_at, kind, source, status, http_status,
    error_code, route, model, provider, upstream, key_id, user_id, conversation_id, stream,
    input_tokens, output_tokens, cost, latency_ms, ttft_ms, overhead_ms, attempts, candidates)
SELECT CASE WHEN a < 0.95 THEN %(org)s::uuid ELSE %(other)s::uuid END,
    (lpad(to_hex(ms), 12, '0') || '7' || substr(h, 1, 3) || '8' || substr(h, 4, 15))::uuid,
    to_timestamp(ms / 1000.0),
    CASE WHEN b < 0.9 THEN 'chat' WHEN b < 0.999 THEN 'embeddings' ELSE 'classification' END,
    'gateway', status, CASE status WHEN 'success' THEN 200 ELSE 502 END, error,
    (ARRAY['assistant', 'search', 'summaries', 'triage'])[1 + floor(4 * d * d)::int], model,
    'main', model || '-2026', ('01980000-0000-7000-8000-' || lpad(floor(20 * d)::text, 12, '0'))::uuid,
    CASE WHEN d < 0.8 THEN 'u-' || floor(50000 * c * c * c)::int END,
    CASE WHEN d < 0.6 THEN 'c-' || floor(2000000 * random())::int END, b < 0.7,
    (200 + 800 * c)::int, (50 + 400 * b)::int, (1e8 * exp(6 * c * c))::bigint,
    120 * exp(3 * b * b), 60 + 200 * d, 0.25,
    jsonb_build_array(jsonb_build_object('number', 1, 'model', model, 'provider', 'main',
        'upstream', model || '-2026', 'status', 200, 'startedMs', 0.4, 'durationMs', 400,
        'inputTokens', 240, 'outputTokens', 110, 'cost', 600000000)),
    '[{"model": "large", "propensity": 0.75}, {"model": "small", "propensity": 0.25}]'
FROM (
    SELECT *, CASE WHEN error IS NULL THEN 'success' ELSE 'error' END AS status FROM (
        SELECT *,
            CASE WHEN n %% 100003 = 7 THEN 'rare' WHEN c < 0.5 THEN 'large' WHEN c < 0.8 THEN 'small'
                WHEN c < 0.95 THEN 'embedder' ELSE 'old' END AS model,
            CASE WHEN n %% 200003 = 9 THEN 'content_filter' WHEN e < 0.015 THEN 'upstream_timeout'
                WHEN e < 0.02 THEN 'rate_limited' END AS error
        FROM (
            SELECT n, (%(start)s + n::float8 * %(step)s)::bigint AS ms, md5(random()::text) AS h,
                random() AS a, random() AS b, random() AS c, random() AS d, random() AS e
            FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
        ) AS dice
    ) AS thrown
) AS made
"""
MINUTES = """
INSERT INTO {table}
SELECT organization_id, date_bin('{step}', created_at, 'epoch'), model, coalesce(route, ''), status,
    count(*), sum(input_tokens), sum(output_tokens), sum(cost),
    array_fill(1::bigint, ARRAY[48]), array_fill(1::bigint, ARRAY[40])
FROM operations WHERE created_at > now() - interval '4 days' GROUP BY 1, 2, 3, 4, 5
"""

ALONE: dict[str, list[dict[str, str]]] = {
    "model": [{"model": "large"}, {"model": "rare"}, {"model": "absent"}],
    "status": [{"status": "success"}, {"status": "error"}, {"status": "interrupted"}],
    "kind": [{"kind": "chat"}, {"kind": "classification"}, {"kind": "absent"}],
    "route": [{"route": "assistant"}, {"route": "triage"}, {"route": "absent"}],
    "user": [{"user": "u-0"}, {"user": "u-40000"}, {"user": "absent"}],
    "conversation": [{"conversation": "c-77"}, {"conversation": "absent"}],
    "errorCode": [{"errorCode": "upstream_timeout"}, {"errorCode": "content_filter"}, {"errorCode": "no"}],
    "key": [{"key": "key_01980000000070008000000000000003"}, {"key": "key_01980000000070008000000000000099"}],
    "minCost": [{"minCost": "0.001"}, {"minCost": "0.0403"}, {"minCost": "9000"}],
    "minLatency": [{"minLatency": "200"}, {"minLatency": "2409"}, {"minLatency": "999999"}],
    "q": [{"q": "larg"}, {"q": "u-4000"}, {"q": "nowhere at all"}],
    "time": [{}],
}  # fmt: skip

COSTS: list[dict[str, str]] = [
    {"by": "model", "step": "day"},
    {"by": "model", "step": "hour", "from": (datetime.now(UTC) - timedelta(days=7)).isoformat()},
    {"by": "key", "step": "day", "zone": "Europe/Berlin"},
    {"by": "key", "step": "day", "zone": "Asia/Kolkata"},
    {"by": "team", "step": "month", "model": "large"},
]
"""By what sums are kept of."""


@dataclass
class Report:
    """What was asked, how long it took, and how it went."""

    lines: list[str] = field(default_factory=list[str])
    worst: dict[str, float] = field(default_factory=dict[str, float])

    def add(
        self, what: str, cold_ms: float, warm_ms: float, bar_ms: float, note: str
    ) -> None:
        """Note one search beside its bar."""
        verdict = "met" if max(cold_ms, warm_ms) <= bar_ms else "MISSED"
        line = f"| {what} | {cold_ms:.0f} | {warm_ms:.0f} | {bar_ms:.0f} | {verdict} | {note} |"
        self.lines.append(line)
        print(line, flush=True)


class House:
    """One `hone up`, its database, and a client."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.http = httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}",
            headers={"authorization": f"Bearer {KEY}"},
            timeout=60,
        )

    def start(self) -> None:
        """Start and wait until it is ready."""
        command = [*HONE, "up", "--port", str(self.port), "--data-dir", str(self.data)]
        env = {**os.environ, "HONE_BOOTSTRAP__ADMIN_KEY": KEY}
        with (self.data.parent / f"{self.data.name}.log").open("ab") as log:
            self.process = subprocess.Popen(command, env=env, stdout=log, stderr=log)
        wait_ready(f"http://127.0.0.1:{self.port}/readyz", 120)

    def stop(self) -> None:
        """End it cleanly."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(120)

    def connect(self) -> psycopg.Connection:
        """Connect as the owner."""
        credentials = json.loads(
            (self.data / "postgres" / "credentials.json").read_text("utf-8")
        )
        return psycopg.connect(
            host=str(self.data / "postgres" / "socket"),
            dbname="hone",
            user="hone_owner",
            password=credentials["hone_owner"],
            autocommit=True,
        )

    def ask(self, path: str, query: dict[str, str]) -> tuple[float, dict[str, object]]:
        """Ask once; tell the milliseconds and the answer."""
        began = time.perf_counter()
        answer = self.http.get(path, params=query)
        took = (time.perf_counter() - began) * 1000
        answer.raise_for_status()
        return took, answer.json()


def fill(house: House) -> None:
    """Write the history, month by month, oldest first."""
    with house.connect() as connection:
        there = connection.execute("SELECT count(*) FROM operations").fetchone()
        if there is not None and there[0] >= ROWS:
            return
        organization = connection.execute("SELECT id FROM organizations").fetchone()
        assert organization is not None
        now = datetime.now(UTC)
        start = now - timedelta(days=DAYS)
        months = {
            (start + timedelta(days=day)).strftime("%Y-%m-01")
            for day in range(DAYS + 1)
        }
        for month in sorted(months):
            add_month(connection, month)
        parameters = {
            "org": organization[0],
            "other": uuid4(),
            "start": int(start.timestamp() * 1000),
            "step": DAYS * 86_400_000 / ROWS,
        }
        began = time.monotonic()
        for first in range(0, ROWS, CHUNK):
            last = min(first + CHUNK, ROWS) - 1
            connection.execute(FILL, {**parameters, "first": first, "last": last})
            print(
                f"\r{last + 1:,} rows in {time.monotonic() - began:.0f} s",
                end="",
                flush=True,
            )
        print()
        for table, step in (
            ("operation_minutes", "1 minute"),
            ("operation_quarters", "15 minutes"),
        ):
            connection.execute(MINUTES.format(table=table, step=step))  # pyright: ignore[reportArgumentType]
        connection.execute("ANALYZE operations")
        connection.execute("ANALYZE operation_facets")


def add_month(connection: psycopg.Connection, month: str) -> None:
    """Make the partitions of a month, where they are missing."""
    for parent in ("operations", "operation_contents"):
        child = f"{parent}_{month[:4]}_{month[5:7]}"
        connection.execute(
            f"CREATE TABLE IF NOT EXISTS {child} PARTITION OF {parent}"  # pyright: ignore[reportArgumentType]
            f" FOR VALUES FROM ('{month}') TO ('{month}'::date + interval '1 month')"
        )


def searches() -> list[dict[str, str]]:
    """List every filter alone, then every two of them, the first value of each with each other."""
    alone = [query for queries in ALONE.values() for query in queries]
    pairs = [
        {**one, **two}
        for left, right in itertools.combinations(ALONE, 2)
        for one, two in itertools.product(ALONE[left][:2], ALONE[right][:2])
        if one and two
    ]
    return [*alone, *pairs]


def note_of(answer: dict[str, object]) -> str:
    """Say what a page held."""
    items = answer["items"]
    assert isinstance(items, list)
    until = answer.get("searchedUntil")
    return f"{len(items)} rows" + (
        f", looked back to {str(until)[:10]}" if until else ""
    )


def measure(house: House, report: Report) -> None:
    """Ask everything."""
    path = "/api/ai/operations"
    week = {"from": (datetime.now(UTC) - timedelta(days=40)).isoformat(),
            "to": (datetime.now(UTC) - timedelta(days=33)).isoformat()}  # fmt: skip
    cold, answer = house.ask(path, {})
    report.add("first page", cold, house.ask(path, {})[0], PAGE_BAR_MS, note_of(answer))
    cursor = str(answer["next"])
    times: list[float] = []
    for _ in range(199):
        took, answer = house.ask(path, {"cursor": cursor})
        times.append(took)
        cursor = str(answer["next"])
    report.add(
        "200th page", times[-1], statistics.median(times), PAGE_BAR_MS, note_of(answer)
    )
    ALONE["time"] = [week]
    for query in searches():
        cold, answer = house.ask(path, query)
        warm, answer = house.ask(path, query)
        name = " and ".join(
            f"{key}={value}" for key, value in query.items() if key != "to"
        )
        report.add(name, cold, warm, FILTER_BAR_MS, note_of(answer))
    for window in ("15m", "1h", "6h", "24h"):
        cold, _ = house.ask("/api/ai/overview", {"window": window})
        warm, _ = house.ask("/api/ai/overview", {"window": window})
        report.add(f"overview of {window}", cold, warm, PAGE_BAR_MS, "")
    for query in COSTS:
        cold, _ = house.ask("/api/costs", query)
        warm, answer = house.ask("/api/costs", query)
        shown = answer["items"]
        assert isinstance(shown, list)
        name = " and ".join(f"{key}={value}" for key, value in query.items())
        report.add(f"costs, {name}", cold, warm, FILTER_BAR_MS, f"{len(shown)} values")


def write(report: Report, lines: Sequence[str]) -> None:
    """Write Markdown."""
    head = [f"# {ROWS:,} operations over {DAYS} days", "", *lines, ""]
    table = [
        "| search | cold, ms | warm, ms | bar, ms | | page |",
        "|---|---|---|---|---|---|",
    ]
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text("\n".join([*head, *table, *report.lines]) + "\n", encoding="utf-8")


def main() -> None:
    """Fill, start anew, ask, report."""
    kept = os.environ.get("BENCH_DATA")
    folder = (
        Path(kept)
        if kept
        else Path(tempfile.mkdtemp(prefix="hone-bench-", dir="/var/tmp"))
    )
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    house = House(folder / "data")
    report = Report()
    try:
        house.start()
        fill(house)
        house.stop()
        house.start()
        measure(house, report)
    finally:
        house.stop()
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)
    missed = sum("MISSED" in line for line in report.lines)
    write(
        report,
        [
            f"{len(report.lines)} figures, {missed} above their bar; {os.cpu_count()} cores, Python {sys.version.split()[0]}."
        ],
    )


if __name__ == "__main__":
    main()
