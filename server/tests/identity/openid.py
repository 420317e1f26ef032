"""A real OpenID provider beside the tests, and a browser that signs in there."""

import os
import re
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx

FOLDER = Path(__file__).parent / "node"
SETUP = Path(__file__).parents[3] / "scripts" / "setup"
CALLBACK = "https://hone.example.com/api/identity/oidc/callback"
HERE = "http://hone.test/api/identity/oidc/callback"
SECRET = "a-secret-of-the-tests"


@contextmanager
def running_provider() -> Generator[str]:
    """Run the provider for a while; its packages are installed beside it."""
    found = subprocess.run([SETUP, "node"], capture_output=True, text=True, check=True)
    programs = found.stdout.strip()
    env = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}
    installed, lock = FOLDER / "node_modules" / ".package-lock.json", FOLDER / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        install = ["npm", "ci", "--silent", "--no-audit", "--no-fund"]
        subprocess.run(install, cwd=FOLDER, env=env, check=True, timeout=100)
    with subprocess.Popen(
        ["node", "provider.mjs", CALLBACK, HERE],
        cwd=FOLDER,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        yield next(line.strip() for line in process.stdout if line.startswith("http"))
        process.kill()


async def walk(issuer: str, url: str, who: str, *, consent: bool = True) -> dict[str, str]:
    """Sign in at the provider as a browser does; return what it sends back with the browser."""
    async with httpx.AsyncClient(verify=False, trust_env=False) as browser:
        answer = await browser.get(url)
        while True:
            place = answer.headers.get("location", "")
            if place.startswith((CALLBACK, HERE)):
                return dict(httpx.URL(place).params)
            if place:
                answer = await browser.get(httpx.URL(issuer).join(place))
                continue
            assert answer.status_code == 200, answer.text
            form = re.search(r'action="([^"]+)"', answer.text)
            assert form is not None
            if 'name="login"' in answer.text:
                said = {"prompt": "login", "login": who, "password": "any"}
                answer = await browser.post(form[1], data=said)
            elif consent:
                answer = await browser.post(form[1], data={"prompt": "consent"})
            else:
                answer = await browser.get(f"{answer.url!s}/abort")
