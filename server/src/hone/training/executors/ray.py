"""The executor of a Ray cluster: each run is a job there, and its folder lies on a disk that both see.

Jobs are sent by Ray's REST API (https://docs.ray.io/en/latest/cluster/running-applications/job-submission/rest.html),
so nothing of Ray is installed here. On the cluster `hone_trainer.outpost` starts the trainer, says each second that
it lives and what it takes, and obeys `orders.json`: what a run tells comes by its folder, as it does on one machine.
"""

import asyncio
import contextlib
import json
import os
import shlex
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from hone.core import ids, interpreter
from hone.core.errors import Unavailable
from hone.core.settings import Settings
from hone.training.executors.interface import Limits, Process, Seen
from hone.training.folder import SPEC
from hone.training.outside import Outside, Silent
from hone.training.trail import FILES, LOG

ORDERS, USE, ENDED = "orders.json", "use.json", "ended.json"
_LOOK: Final = 0.2
"""Seconds between two looks at a folder."""
_ASK: Final = 2.0
"""Seconds between two questions to Ray."""
_SILENCE: Final = 30.0
"""Seconds without a sign of life after which a run is lost, if Ray does not say that it waits."""
_PARTING: Final = 10.0
"""Seconds that a job gets to obey before it is no longer waited for."""
_PATIENCE: Final = 5.0
"""Seconds until a head that did not answer is asked again."""
_LOST: Final = -9
_AGAIN: Final = 75
"""The trainer's own code for a run that is to go on."""
_OVER: Final = frozenset({"SUCCEEDED", "FAILED", "STOPPED"})
_JOBS: Final = "/api/jobs/"


class RayRefused(Unavailable):
    """The Ray cluster does not take the job."""

    code = "ray_refused"


@dataclass(frozen=True, slots=True)
class Ray:
    """A Ray cluster."""

    settings: Settings

    async def start(self, folder: Path, limits: Limits) -> Process:
        """Send a job that trains in a folder; a former one there ends when it sees the new orders."""
        training = self.settings.training
        assert training.ray_address is not None
        token = None if training.ray_token is None else training.ray_token.get_secret_value()
        outside = Outside(training.ray_address, token)
        name = f"hone-{ids.new().hex}"
        await asyncio.to_thread(_order, folder, name, "run")
        python = training.ray_python or str(interpreter.find(self.settings))
        command = [python, "-m", "hone_trainer.outpost", str(folder / SPEC), name]
        threads = str(max(round(limits.cpu), 1))
        variables = dict.fromkeys(
            ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), threads
        )
        job = {
            "submission_id": name,
            "entrypoint": shlex.join(command),
            "entrypoint_num_cpus": limits.cpu,
            "entrypoint_num_gpus": len(limits.gpus),
            "runtime_env": {
                "env_vars": variables | {"HONE_OUTPOST_FILE_BYTES": str(limits.file_bytes)}
            },
            "metadata": {"run": folder.name},
        }
        try:
            status, said = await outside.ask("POST", _JOBS, job)
        except Silent as error:
            await outside.close()
            await asyncio.to_thread(_say, folder, error.message)
            return Nowhere()
        if status != 200:
            await outside.close()
            raise RayRefused(f"Ray answers {status}: {_words(said)}")
        return Job(outside, folder, name)


@dataclass(slots=True)
class Nowhere:
    """A job that could not be sent, because no head answers: the run waits on, and nothing counts as lost."""

    _until: float = field(default_factory=lambda: time.monotonic() + _PATIENCE)

    async def seen(self, within: float) -> Seen:
        """Tell after a while that it is to be tried again."""
        left = self._until - time.monotonic()
        await asyncio.sleep(max(min(within, left), 0))
        return Seen(_AGAIN if left <= within else None, 0.0, 0)

    async def stop(self, *, gently: bool) -> None:
        """Wait no longer."""
        self._until = 0.0


@dataclass(slots=True)
class Job:
    """A run at work on a cluster."""

    outside: Outside
    folder: Path
    name: str
    _seen: Seen = field(default_factory=lambda: Seen(None, 0.0, 0))
    _beat: object = None
    _heard: float = field(default_factory=time.monotonic)
    """When there was a sign of life."""
    _asked: float = 0.0
    _over: float | None = None
    """When Ray said first that it is over, though it did not say itself."""

    async def seen(self, within: float) -> Seen:
        """Wait up to so many seconds for its end, and tell how it is."""
        until = time.monotonic() + within
        while True:
            await self._look()
            left = until - time.monotonic()
            if self._seen.code is not None or left <= 0:
                return self._seen
            await asyncio.sleep(min(_LOOK, left))

    async def _look(self) -> None:
        if self._seen.code is not None:
            return
        ended = await asyncio.to_thread(_read, self.folder / ENDED, self.name)
        use = await asyncio.to_thread(_read, self.folder / USE, self.name)
        if use is not None:
            if use.get("beat") != self._beat:
                self._beat, self._heard = use.get("beat"), time.monotonic()
            self._seen = Seen(None, float(use["cpuSeconds"]), int(use["memory"]))
        code = None if ended is None else int(ended["code"])
        if code is None and await self._is_lost():
            code = _LOST
        if code is not None:
            self._seen = Seen(code, self._seen.cpu_seconds, 0)
            await self.outside.close()

    async def _is_lost(self) -> bool:
        """Tell whether nobody works at it any more: Ray says so, or nobody says anything."""
        now = time.monotonic()
        if now - self._asked < _ASK:
            return False
        self._asked = now
        try:
            status, said = await self.outside.ask("GET", f"{_JOBS}{self.name}")
        except Silent:
            return now - self._heard > _SILENCE
        state = str(said.get("status"))
        if status == 200 and state not in _OVER:
            # It waits for room, or works.
            self._heard = now if state == "PENDING" else self._heard
            return now - self._heard > _SILENCE
        # What it wrote last may still be on its way through the shared disk.
        self._over = now if self._over is None else self._over
        return now - self._over > _ASK

    async def stop(self, *, gently: bool) -> None:
        """Ask it to leave a checkpoint and end, or end it."""
        if self._seen.code is not None:
            return
        await asyncio.to_thread(_order, self.folder, self.name, "stop" if gently else "kill")
        if gently:
            return
        with contextlib.suppress(Silent):
            await self.outside.ask("POST", f"{_JOBS}{self.name}/stop")
        until = time.monotonic() + _PARTING
        while self._seen.code is None and time.monotonic() < until:
            await self.seen(_LOOK)
        await self.outside.close()


def _order(folder: Path, name: str, order: str) -> None:
    """Say what is wanted of whoever works in a folder."""
    aside = folder / f"{ORDERS}.tmp"
    aside.write_text(json.dumps({"job": name, "order": order}), encoding="utf-8")
    os.replace(aside, folder / ORDERS)


def _say(folder: Path, words: str) -> None:
    """Add a line to a run's log."""
    with (folder / FILES[LOG]).open("a", encoding="utf-8") as log:
        log.write(f"{words}\n")


def _read(path: Path, name: str) -> dict[str, Any] | None:
    """Read what a job said; what another one said is nothing."""
    try:
        found: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return found if found.get("job") == name else None


def _words(said: dict[str, Any]) -> str:
    return str(said.get("text") or said)[:300]
