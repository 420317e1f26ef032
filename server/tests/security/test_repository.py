"""What the repository itself must not hold."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[3]


def _files() -> list[str]:
    """List what is committed, or would be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [each for each in listed.stdout.split("\0") if each and (ROOT / each).is_file()]


def test_no_file_holds_what_looks_like_a_credential() -> None:
    done = subprocess.run(
        [ROOT / "scripts" / "no-secrets", *_files()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_a_credential_would_be_found(tmp_path: Path) -> None:
    leaked = tmp_path / "settings.txt"
    leaked.write_text(f"api_key: {'sk-' + 'a' * 40}\n")
    done = subprocess.run([ROOT / "scripts" / "no-secrets", leaked], check=False)
    assert done.returncode == 1


def test_every_lock_pins_what_it_installs_to_a_hash() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        entries = (ROOT / name).read_text("utf-8").replace("\\\n", " ").splitlines()
        pinned = [each for each in entries if each and not each.startswith(("#", " "))]
        assert pinned
        assert [each for each in pinned if "==" not in each or "--hash=sha256:" not in each] == []
    for path in (each for each in _files() if each.endswith("package-lock.json")):
        text = (ROOT / path).read_text("utf-8")
        assert "http" not in "".join(line for line in text.splitlines() if '"resolved"' in line), (
            f"{path} names a host to install from"
        )
