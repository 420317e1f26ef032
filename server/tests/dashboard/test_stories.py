"""The dashboard in real browsers, against a whole Hone: the stories of `web/e2e/*.e2e.ts`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures.house import ADMIN_EMAIL, ADMIN_KEY, ADMIN_PASSWORD, open_house

WEB = Path(__file__).parents[3] / "web"
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
STAGED = "states"
"""Has its answers staged and needs no house: `npm run states`."""
STORIES = sorted(
    name
    for each in (WEB / "e2e").glob("*.e2e.ts")
    if (name := each.name.removesuffix(".e2e.ts")) != STAGED
)

pytestmark = [
    pytest.mark.xdist_group("dashboard"),
    pytest.mark.timeout(300),
    pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's package chromium-headless-shell"),
]


def _tell(story: str) -> str:
    """Tell a story in a Hone of its own, which no other has changed; return what went wrong."""
    node = subprocess.run(
        [WEB.parent / "scripts" / "setup", "node"], capture_output=True, text=True, check=True
    ).stdout.strip()
    with open_house() as house:
        done = subprocess.run(
            [
                "npx",
                "vitest",
                "run",
                "--bail=1",
                "--config",
                "e2e/vitest.config.ts",
                f"{story}.e2e",
            ],
            cwd=WEB,
            env={
                **os.environ,
                "PATH": f"{node}:{os.environ['PATH']}",
                "HONE_URL": house.url,
                "HONE_KEY": ADMIN_KEY,
                "HONE_EMAIL": ADMIN_EMAIL,
                "HONE_PASSWORD": ADMIN_PASSWORD,
                "HONE_PYTHON": sys.executable,
                "HONE_DATA_DIR": str(house.data_dir),
                "CHROMIUM": str(CHROMIUM),
            },
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        if done.returncode == 0:
            return ""
        return done.stdout[-6000:] + done.stderr[-2000:] + house.log[-3000:]


@pytest.mark.parametrize("story", STORIES)
def test_a_story_goes_as_it_is_told(story: str) -> None:
    wrong = _tell(story)
    assert not wrong, wrong
