"""Measure the spine on this machine: start, memory, throughput with the log on, added latency.

Every figure is taken in one run beside its floor: the same load sent straight to the mock provider
(nginx). Load generator, mock, gateway, drain and database share the machine's cores. Run it with
`make bench`; it writes `bench/out/report.md` and never fails because a figure is low.
"""

import asyncio
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
import psycopg

HERE = Path(__file__).parent
ROOT = HERE.parent
HONE = [str(ROOT / ".venv" / "bin" / "hone")]
KEY = "hone_bench_admin_key_00000000000000000000000"
SECONDS = int(os.environ.get("BENCH_SECONDS", "15"))
CONNECTIONS = 64
RATE = 500

ANSWER = {
    "id": "chatcmpl-bench",
    "object": "chat.completion",
    "created": 1_700_000_000,
    "model": "bench",
    "choices": [
        {
            "index": 0,
            "message": {
                "role": "assistant",
                "content": "The garden room seats 120. " * 16,
            },
            "finish_reason": "stop",
        }
    ],
    "usage": {"prompt_tokens": 240, "completion_tokens": 110, "total_tokens": 350},
}
NGINX = """
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.err;
events {{ worker_connections 4096; }}
http {{
    access_log off; keepalive_requests 100000000; client_max_body_size 64m;
    client_body_buffer_size 64k; client_body_temp_path {folder}; proxy_temp_path {folder};
    fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};
    server {{
        listen 127.0.0.1:{port};
        location / {{ default_type application/json; return 200 '{answer}'; }}
    }}
}}
"""
CONFIG = """
providers: [{{name: mock, kind: compatible, base_url: "http://127.0.0.1:{port}/v1", api_key: none}}]
models: [{{name: bench, provider: mock, upstream: bench, price: {{input: 2.5, output: 10}}}}]
"""


@dataclass
class Report:
    """Lines of the report, printed as they come."""

    rows: list[tuple[str, str, str, str]] = field(default_factory=list[tuple[str, str, str, str]])

    def add(self, what: str, figure: str, bar: str, *, met: bool | None = None) -> None:
        """Note one figure beside its bar."""
        verdict = {True: "met", False: "MISSED", None: ""}[met]
        self.rows.append((what, figure, bar, verdict))
        print(f"  {what}: {figure}  (bar: {bar or 'none'}) {verdict}", flush=True)

    def write(self, path: Path) -> None:
        """Write Markdown."""
        cpu = f"{psutil.cpu_count()} cores, Python {sys.version.split()[0]}"
        lines = [
            f"# The spine, measured ({cpu})",
            "",
            "| what | figure | bar | |",
            "|---|---|---|---|",
        ]
        lines += [f"| {' | '.join(row)} |" for row in self.rows]
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def free_port() -> int:
    """Find a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def mock_provider(folder: Path) -> Iterator[int]:
    """Run nginx as a provider that answers at once."""
    port = free_port()
    conf = folder / "nginx.conf"
    conf.write_text(NGINX.format(folder=folder, port=port, answer=json.dumps(ANSWER)), "utf-8")
    process = subprocess.Popen([shutil.which("nginx") or "/usr/sbin/nginx", "-c", str(conf)])
    try:
        wait_ready(f"http://127.0.0.1:{port}/")
        yield port
    finally:
        process.terminate()
        process.wait(10)


@dataclass
class Hone:
    """One `hone up` on a data directory."""

    data: Path
    config: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> float:
        """Start and return the seconds until it is ready."""
        began = time.monotonic()
        command = [*HONE, "up", "--port", str(self.port), "--data-dir", str(self.data)]
        env = {**os.environ, "HONE_BOOTSTRAP__ADMIN_KEY": KEY}
        with (self.data.parent / "hone.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--config", str(self.config)],
                env=env,
                stdout=log,
                stderr=log,
            )
        wait_ready(f"{self.url}/readyz")
        return time.monotonic() - began

    def stop(self) -> None:
        """End it cleanly."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)

    def family(self) -> list[psutil.Process]:
        """List every process of it."""
        assert self.process is not None
        root = psutil.Process(self.process.pid)
        return [root, *root.children(recursive=True)]

    def stored(self) -> int:
        """Count the operations in the database."""
        credentials = json.loads((self.data / "postgres" / "credentials.json").read_text("utf-8"))
        with psycopg.connect(
            host=str(self.data / "postgres" / "socket"),
            dbname="hone",
            user="hone_owner",
            password=credentials["hone_owner"],
        ) as connection:
            row = connection.execute("SELECT count(*) FROM operations").fetchone()
        assert row is not None
        return int(row[0])


@contextmanager
def house(*options: str, **told: str) -> Iterator[tuple[str, int]]:
    """Run a Hone in a folder of its own; tell its address and the id of its process."""
    with tempfile.TemporaryDirectory(prefix="hone-bench-") as folder:
        # PostgreSQL refuses to run as root, so its user must be able to enter.
        Path(folder).chmod(0o755)
        port = free_port()
        command = [*HONE, "up", "--port", str(port), "--data-dir", f"{folder}/data", *options]
        env = {**os.environ, "HONE_BOOTSTRAP__ADMIN_KEY": KEY, **told}
        with (Path(folder) / "hone.log").open("wb") as log:
            process = subprocess.Popen(command, env=env, stdout=log, stderr=log)
        try:
            url = f"http://127.0.0.1:{port}"
            wait_ready(f"{url}/readyz", 180)
            yield url, process.pid
        finally:
            process.terminate()
            process.wait(60)


def wait_ready(url: str, within: float = 60.0) -> None:
    """Wait until a GET is answered with 200."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            if httpx.get(url, timeout=2).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.02)
    raise SystemExit(f"{url} is not ready")


def wrk(url: str, seconds: int) -> dict[str, float]:
    """Run wrk and return what it found."""
    command = [
        *(
            "wrk",
            "-t1",
            f"-c{CONNECTIONS}",
            f"-d{seconds}s",
            "-s",
            str(HERE / "post.lua"),
        ),
        f"{url}/v1/chat/completions",
    ]
    done = subprocess.run(
        command,
        env={**os.environ, "BENCH_KEY": KEY},
        capture_output=True,
        text=True,
        check=True,
    )
    line = next(each for each in done.stdout.splitlines() if each.startswith("RESULT "))
    found = json.loads(line.removeprefix("RESULT "))
    return {**found, "rate": found["requests"] / (found["duration_us"] / 1e6)}


async def paced(url: str, seconds: float) -> list[float]:
    """Send RATE calls a second, evenly, over kept connections; return latencies in ms."""
    host, port = url.removeprefix("http://").split(":")
    body = json.dumps(
        {
            "model": "bench",
            "messages": [{"role": "user", "content": "Is June 12 free? " * 60}],
        }
    )
    request = (
        f"POST /v1/chat/completions HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {KEY}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n{body}"
    ).encode()
    idle: asyncio.LifoQueue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.LifoQueue()
    for _ in range(16):
        idle.put_nowait(await asyncio.open_connection(host, int(port)))
    latencies: list[float] = []

    async def call() -> None:
        began = time.perf_counter()
        reader, writer = await idle.get()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        latencies.append((time.perf_counter() - began) * 1000)
        idle.put_nowait((reader, writer))

    async with asyncio.TaskGroup() as group:
        start = time.perf_counter()
        for number in range(int(RATE * seconds)):
            delay = start + number / RATE - time.perf_counter()
            if delay > 0:
                await asyncio.sleep(delay)
            group.create_task(call())
    while not idle.empty():
        idle.get_nowait()[1].close()
    return latencies


def quantile(values: list[float], share: float) -> float:
    """Return a percentile."""
    return statistics.quantiles(values, n=1000)[int(share * 1000) - 1]


def memory(report: Report, hone: Hone) -> None:
    """Add up the proportional memory of all processes at rest."""
    pss = {each.name(): 0.0 for each in hone.family()}
    for each in hone.family():
        pss[each.name()] += each.memory_full_info().pss / 1e6
    total = sum(pss.values())
    parts = ", ".join(f"{name} {size:.0f}" for name, size in sorted(pss.items()))
    report.add("idle memory (PSS)", f"{total:.0f} MB ({parts})", "< 500 MB", met=total < 500)


def throughput(report: Report, hone: Hone, floor_url: str) -> None:
    """Load gateway and floor in turn, and see whether the drain keeps up."""
    wrk(hone.url, 3)
    floor = wrk(floor_url, 5)
    settle(hone)
    before, spent = hone.stored(), cpu_seconds(hone)
    found = wrk(hone.url, SECONDS)
    ended = time.monotonic()
    stored_at_end = hone.stored() - before
    settle(hone)
    caught_up = time.monotonic() - ended
    stored = hone.stored() - before
    rate = found["rate"]
    report.add("floor: the mock alone, wrk -c64", f"{floor['rate']:,.0f} req/s", "")
    report.add(
        f"gateway with keys and log, wrk -c64, {SECONDS} s",
        f"{rate:,.0f} req/s ({rate / floor['rate']:.2f} of the floor), p50 {found['p50_us'] / 1e3:.2f} ms,"
        f" p99 {found['p99_us'] / 1e3:.2f} ms, {found['errors']:.0f} errors",
        ">= 7,000 req/s",
        met=rate >= 7000 and not found["errors"],
    )
    costs = {name: total - spent.get(name, 0.0) for name, total in cpu_seconds(hone).items()}
    parts = ", ".join(f"{name} {1e6 * cost / stored:.0f}" for name, cost in sorted(costs.items()))
    total = 1e6 * sum(costs.values()) / stored
    report.add("core time of one call, all of Hone", f"{total:.0f} µs ({parts})", "")
    report.add(
        "drain under that load",
        f"{stored_at_end / found['requests']:.1%} in the database at the end, all after {caught_up:.1f} s",
        "keeps up",
        met=stored_at_end / found["requests"] > 0.95,
    )
    report.add(
        "calls answered and stored",
        f"{found['requests']:,.0f} answered, {stored:,} stored (wrk drops up to {CONNECTIONS} at its end)",
        "all",
        met=0 <= stored - found["requests"] <= CONNECTIONS,
    )


def cpu_seconds(hone: Hone) -> dict[str, float]:
    """Add up the core time of the processes by name."""
    spent: dict[str, float] = {}
    for each in hone.family():
        try:
            times, name = each.cpu_times(), each.name().rstrip(" 0123456789")
        except psutil.NoSuchProcess:
            continue
        spent[name] = spent.get(name, 0.0) + times.user + times.system
    return spent


def settle(hone: Hone, within: float = 120.0) -> None:
    """Wait until the drain has nothing left."""
    deadline, last = time.monotonic() + within, -1
    while time.monotonic() < deadline and last != (now := hone.stored()):
        last = now
        time.sleep(0.5)


def latency(report: Report, hone: Hone, floor_url: str) -> None:
    """Compare a paced load on the floor and on the gateway, in turns."""
    asyncio.run(paced(hone.url, 2))
    floor: list[float] = []
    through: list[float] = []
    for _ in range(3):
        floor += asyncio.run(paced(floor_url, 4))
        through += asyncio.run(paced(hone.url, 4))
    for share, bar in ((0.5, 0.5), (0.99, 10.0)):
        low, high = quantile(floor, share), quantile(through, share)
        report.add(
            f"added latency p{share * 100:.0f} at {RATE} req/s",
            f"{high - low:.2f} ms ({high:.2f} through, {low:.2f} straight)",
            f"< {bar} ms",
            met=high - low < bar,
        )


def main() -> None:
    """Run everything and write the report."""
    report = Report()
    with tempfile.TemporaryDirectory(prefix="hone-bench-") as scratch:
        folder = Path(scratch)
        folder.chmod(0o755)
        with mock_provider(folder) as port:
            config = folder / "hone.yaml"
            config.write_text(CONFIG.format(port=port), "utf-8")
            hone = Hone(folder / "data", config)
            try:
                report.add("first start", f"{hone.start():.2f} s", "")
                hone.stop()
                again = hone.start()
                report.add("restart to ready", f"{again:.2f} s", "< 5 s", met=again < 5)
                time.sleep(3)
                memory(report, hone)
                latency(report, hone, f"http://127.0.0.1:{port}")
                throughput(report, hone, f"http://127.0.0.1:{port}")
            finally:
                hone.stop()
    report.write(HERE / "out" / "report.md")
    print(f"wrote {HERE / 'out' / 'report.md'}")


if __name__ == "__main__":
    main()
