"""Measure the dashboard in a real browser: its first page, and from a key to the next paint.

Starts a demo, so that there is something to show, and writes `bench/out/dashboard.md`.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from spine import HONE, free_port, wait_ready

ROOT = Path(__file__).parents[1]
OUT = ROOT / "bench" / "out" / "dashboard.md"


def main() -> None:
    """Run everything, and leave nothing behind."""
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text("# The dashboard in a browser\n\n", "utf-8")
    place = Path(tempfile.mkdtemp(prefix="hone-bench-", dir="/var/tmp"))
    place.chmod(0o755)
    port = free_port()
    command = [
        *HONE,
        "up",
        "--demo",
        "--port",
        str(port),
        "--data-dir",
        str(place / "data"),
    ]
    url = f"http://127.0.0.1:{port}"
    with (place / "hone.log").open("ab") as log:
        hone = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        wait_ready(f"{url}/readyz")
        key = (place / "data" / "demo-key").read_text("ascii")
        told = {**os.environ, "HONE_URL": url, "HONE_KEY": key, "BENCH_OUT": str(OUT)}
        # Measured in what people use; tests take the one without windows.
        told.setdefault("CHROMIUM", "/usr/bin/chromium")
        subprocess.run(
            ["npm", "run", "--silent", "bench"], cwd=ROOT / "web", env=told, check=True
        )
    finally:
        hone.terminate()
        hone.wait(60)
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main()
