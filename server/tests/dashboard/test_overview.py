"""The dashboard in a real browser, against a whole Hone: what `npm run e2e` walks through."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.fixtures.house import ADMIN_EMAIL, ADMIN_KEY, ADMIN_PASSWORD, House

REPOSITORY = Path(__file__).parents[3]
CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.xdist_group("dashboard"),
    pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's package chromium"),
]


def test_a_person_signs_in_and_sees_a_call_appear(house: House) -> None:
    node = subprocess.run(
        [REPOSITORY / "scripts" / "setup", "node"], capture_output=True, text=True, check=True
    ).stdout.strip()
    done = subprocess.run(
        ["npm", "run", "--silent", "e2e"],
        cwd=REPOSITORY / "web",
        env={
            **os.environ,
            "PATH": f"{node}:{os.environ['PATH']}",
            "HONE_URL": house.url,
            "HONE_KEY": ADMIN_KEY,
            "HONE_EMAIL": ADMIN_EMAIL,
            "HONE_PASSWORD": ADMIN_PASSWORD,
            "CHROMIUM": str(CHROMIUM),
        },
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
