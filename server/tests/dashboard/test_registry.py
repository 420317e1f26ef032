"""A newcomer breaks a route and goes back, in a real browser: what `registry.e2e.ts` walks through."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.fixtures.house import ADMIN_KEY, House

REPOSITORY = Path(__file__).parents[3]
CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.xdist_group("dashboard"),
    pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's package chromium"),
]


def test_a_route_is_changed_broken_found_and_undone(house: House) -> None:
    node = subprocess.run(
        [REPOSITORY / "scripts" / "setup", "node"], capture_output=True, text=True, check=True
    ).stdout.strip()
    done = subprocess.run(
        ["npx", "vitest", "run", "--config", "e2e/vitest.config.ts", "registry.e2e"],
        cwd=REPOSITORY / "web",
        env={
            **os.environ,
            "PATH": f"{node}:{os.environ['PATH']}",
            "HONE_URL": house.url,
            "HONE_KEY": ADMIN_KEY,
            "CHROMIUM": str(CHROMIUM),
        },
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
