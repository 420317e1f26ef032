"""Programs for Node that speak to Hone with a client and tell as JSON what they saw."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any, Final

SETUP: Final = Path(__file__).parents[3] / "scripts" / "setup"


def tell(folder: Path, script: str, *arguments: str) -> dict[str, Any]:
    """Run a script beside its installed packages, and return what it printed."""
    return json.loads(_run(_installed(folder), folder, "node", script, *arguments))


def _installed(folder: Path) -> str:
    """Install a folder's packages, if that is not done; return where Node's programs are."""
    found = subprocess.run([SETUP, "node"], capture_output=True, text=True, check=True)
    programs = found.stdout.strip()
    installed = folder / "node_modules" / ".package-lock.json"
    lock = folder / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        _run(programs, folder, "npm", "ci", "--silent", "--no-audit", "--no-fund")
    return programs


def _run(programs: str, folder: Path, name: str, *arguments: str) -> str:
    ended = subprocess.run(
        [f"{programs}/{name}", *arguments],
        cwd=folder,
        env={**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout
