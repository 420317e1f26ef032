"""People come, go and change in real browsers: what `people.e2e.ts` and `roles.e2e.ts` walk through."""

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


@pytest.mark.parametrize("story", ["people", "roles"])
def test_people_come_go_and_change(house: House, story: str) -> None:
    node = subprocess.run(
        [REPOSITORY / "scripts" / "setup", "node"], capture_output=True, text=True, check=True
    ).stdout.strip()
    done = subprocess.run(
        ["npx", "vitest", "run", "--config", "e2e/vitest.config.ts", f"{story}.e2e"],
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
