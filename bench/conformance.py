"""Run the OpenAI SDK's own tests, unmodified, through Hone.

The tests come with the SDK's source distribution. Behind Hone stands Steady, a mock that answers from
OpenAI's specification and refuses what breaks it, so that both faces of the gateway are tested: what
the SDK sends must arrive, and what comes back must be what the SDK knows. Writes
`bench/results/conformance.md` and `.json`. `SPEC=` names the specification (openai/openai-openapi, MIT).
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import httpx
import psycopg
from spine import Hone, free_port, wait_ready

ROOT = Path(__file__).parents[1]
CACHE = ROOT / "bench" / ".peers" / "conformance"
RESULTS = ROOT / "bench" / "results"
SDK = "openai==3.52.0"
STEADY = "@stdy/cli@0.22.2"
NEEDS = [
    "pytest>=9",
    "pytest-asyncio",
    "pytest-xdist",
    "inline-snapshot",
    "rich",
    "trio",
    "Pillow",
]
MORE = ["numpy", "pandas", "botocore", "google-auth", "requests", "azure-identity"]
KEYS = ["My API Key", "My Admin API Key"]
"""What the tests send; they know no others."""
GROUPS = {
    "chat/completions": ["chat"],
    "completions": ["test_completions.py"],
    "embeddings": ["test_embeddings.py"],
    "models": ["test_models.py"],
    "moderations": ["test_moderations.py"],
    "responses": ["test_responses.py", "responses"],
    "files": ["test_files.py"],
    "batches": ["test_batches.py"],
    "fine_tuning": ["fine_tuning"],
}
BAR = 95.0
CONFIG = """
providers: [{{name: openai, kind: openai, base_url: "http://127.0.0.1:{port}", api_key: none}}]
models: [{{name: "*", provider: openai, upstream: "*"}}]
routes: [{{name: default, policy: weighted, targets: [{{model: "*", weight: 1}}]}}]
"""
ADD_KEY = """
INSERT INTO api_keys (id, organization_id, name, hint, digest, permissions, created_by, person_id)
SELECT gen_random_uuid(), organization_id, %s, 'test', %s, permissions, created_by, person_id
FROM api_keys ORDER BY created_at LIMIT 1
"""


@dataclass(frozen=True)
class Tools:
    """What was installed for the run."""

    tests: Path
    python: Path
    steady: Path


def install() -> Tools:
    """Put the SDK's tests, what they need, and the mock into a folder of their own."""
    CACHE.mkdir(parents=True, exist_ok=True)
    name = SDK.replace("==", "-")
    tests, python = CACHE / name, CACHE / "venv" / "bin" / "python"
    uv = shutil.which("uv") or str(ROOT / ".tools" / "uv" / "bin" / "uv")
    if not tests.exists():
        pip = (
            [sys.executable, "-m", "pip"] if _has_pip() else [uv, "tool", "run", "pip"]
        )
        subprocess.run(
            [
                *pip,
                "download",
                "-q",
                "--no-binary",
                ":all:",
                "--no-deps",
                "-d",
                CACHE,
                SDK,
            ],
            check=True,
        )
        with tarfile.open(CACHE / f"{name}.tar.gz") as archive:
            archive.extractall(CACHE, filter="data")
    if not python.exists():
        subprocess.run([uv, "venv", "-q", CACHE / "venv"], check=True)
        wanted = [f"{tests}[aiohttp]", *NEEDS, *MORE]
        subprocess.run(
            [uv, "pip", "install", "-q", "--python", python, *wanted], check=True
        )
    steady = CACHE / "node_modules" / ".bin" / "steady"
    if not steady.exists():
        subprocess.run(
            ["npm", "install", "--silent", "--prefix", CACHE, STEADY], check=True
        )
    return Tools(tests, python, steady)


def _has_pip() -> bool:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--version"], capture_output=True
    )
    return done.returncode == 0


def run_tests(tools: Tools, url: str, paths: list[str]) -> list[tuple[str, str]]:
    """Run some tests; return each one's name and outcome, and how a failure begins."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        subprocess.run(
            [
                *(
                    tools.python,
                    "-m",
                    "pytest",
                    "-q",
                    "-n",
                    "2",
                    "-p",
                    "no:cacheprovider",
                ),
                f"--junit-xml={report}",
                *(f"tests/api_resources/{path}" for path in paths),
            ],
            cwd=tools.tests,
            env={
                **os.environ,
                "TEST_API_BASE_URL": url,
                "DEFER_PYDANTIC_BUILD": "false",
            },
            stdout=subprocess.DEVNULL,
            check=False,
        )
        return [_outcome(case) for case in ElementTree.parse(report).iter("testcase")]


def _outcome(case: ElementTree.Element) -> tuple[str, str]:
    name = f"{case.get('classname', '').rpartition('.')[2]}::{case.get('name')}"
    for kind in ("failure", "error"):
        found = case.find(kind)
        if found is not None:
            return name, (found.get("message") or kind)[:300]
    return name, "skipped" if case.find("skipped") is not None else "passed"


def open_doors(hone: Hone) -> None:
    """Let the keys in that the tests send: Hone itself would make none so short."""
    credentials = json.loads(
        (hone.data / "postgres" / "credentials.json").read_text("utf-8")
    )
    with psycopg.connect(
        host=str(hone.data / "postgres" / "socket"),
        dbname="hone",
        user="hone_owner",
        password=credentials["hone_owner"],
    ) as connection:
        for key in KEYS:
            connection.execute(ADD_KEY, (key, hashlib.sha256(key.encode()).digest()))
    hone.stop()
    hone.start()
    answer = httpx.get(
        f"{hone.url}/v1/models", headers={"authorization": f"Bearer {KEYS[0]}"}
    )
    answer.raise_for_status()


def write(rows: list[tuple[str, Counter[str]]], failures: dict[str, str]) -> float:
    """Write the table; return the share of what passed."""
    total = sum((counts for _, counts in rows), Counter[str]())
    share = _share(total)
    lines = [
        "# The OpenAI SDK's own tests, through Hone",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, {SDK} (its `tests/api_resources`, unmodified), upstream {STEADY} on",
        "OpenAI's specification. `make conformance SPEC=openapi.yml` makes this page.",
        "",
        "| group | passed | failed | skipped by the SDK | |",
        "|---|---|---|---|---|",
    ]
    lines += [_line(name, counts) for name, counts in rows]
    lines += [_line("**all**", total), ""]
    verdict = "met" if share >= BAR else "MISSED"
    lines += [
        f"Bar: {BAR:.0f} % ({verdict}). LiteLLM 1.106.2 passed 56 % of such a run.",
        "",
    ]
    if failures:
        lines += [
            "What failed:",
            "",
            *(f"- `{n}`: {_plain(why)}" for n, why in failures.items()),
            "",
        ]
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "conformance.md").write_text("\n".join(lines), "utf-8")
    told = {
        "sdk": SDK,
        "mock": STEADY,
        "groups": {name: dict(counts) for name, counts in rows},
        "share": share,
    }
    (RESULTS / "conformance.json").write_text(
        json.dumps(told, indent=2) + "\n", "utf-8"
    )
    print("\n".join(lines))
    return share


def _share(counts: Counter[str]) -> float:
    ran = counts["passed"] + counts["failed"]
    return 100 * counts["passed"] / ran if ran else 0.0


def _line(name: str, counts: Counter[str]) -> str:
    told = f"{counts['passed']} | {counts['failed']} | {counts['skipped']}"
    return f"| {name} | {told} | {_share(counts):.1f} % |"


def _plain(why: str) -> str:
    return re.sub(r"\s+", " ", why)[:200]


def main() -> None:
    """Run every group, and leave nothing behind."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--spec", type=Path, required=True, help="OpenAI's openapi.yml")
    asked.add_argument("--only", help="one group")
    given = asked.parse_args()
    tools = install()
    place = Path(tempfile.mkdtemp(prefix="hone-bench-", dir="/var/tmp"))
    place.chmod(0o755)
    port = free_port()
    (place / "hone.yaml").write_text(CONFIG.format(port=port), "utf-8")
    brackets = [
        f"--validator-{where}-format=brackets"
        for where in ("query-array", "form-array", "query-object", "form-object")
    ]
    command = [
        tools.steady,
        "--host",
        "127.0.0.1",
        "-p",
        str(port),
        *brackets,
        "-q",
        given.spec,
    ]
    steady = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    hone = Hone(place / "data", place / "hone.yaml")
    try:
        wait_ready(f"http://127.0.0.1:{port}/_x-steady/health")
        hone.start()
        open_doors(hone)
        rows: list[tuple[str, Counter[str]]] = []
        failures: dict[str, str] = {}
        for name, paths in GROUPS.items():
            if given.only in {None, name}:
                found = run_tests(tools, f"{hone.url}/v1", paths)
                kinds = [
                    why if why in {"passed", "skipped"} else "failed"
                    for _, why in found
                ]
                rows.append((name, Counter(kinds)))
                print(f"{name}: {dict(rows[-1][1])}", flush=True)
                failures |= {
                    test: why for test, why in found if why not in {"passed", "skipped"}
                }
        if write(rows, failures) < BAR:
            raise SystemExit(1)
    finally:
        hone.stop()
        steady.terminate()
        steady.wait(20)
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main()
