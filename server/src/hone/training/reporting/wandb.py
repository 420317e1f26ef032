"""Runs told to Weights & Biases, by its own client in an environment of its own (`wandb_bridge.py`).

The client knows its servers, and queues what they do not take; Hone's own processes load none of it. A value's number in
Hone is its step there, and W&B drops steps that it has: after a worker is lost, all is told again and counts once.
"""

import asyncio
import contextlib
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

import hone
from hone.core import ids
from hone.core.errors import Unavailable
from hone.core.settings import Settings
from hone.training import rendering
from hone.training.models import TrainingMetric, TrainingRun
from hone.training.reporting.tracker import Begun, Name, asked, best, key

_BRIDGE: Final = Path(__file__).with_name("wandb_bridge.py")
_FORBIDDEN: Final = re.compile(r"[/\\#?%:\x00-\x1f]+")
_LONGEST: Final = 128
_PATIENCE: Final = 60.0
_CODES: Final = {"succeeded": 0, "failed": 1, "cancelled": 255}
Json = dict[str, Any]


class WandbRefused(Unavailable):
    """Weights & Biases does not take what is told."""

    code = "wandb_refused"


class Wandb:
    """The client of one worker."""

    def __init__(self, python: Path, folder: Path, environment: Mapping[str, str]) -> None:
        self._python, self._folder, self._environment = python, folder, dict(environment)
        self._entity = environment.get("WANDB_ENTITY")
        self._process: asyncio.subprocess.Process | None = None
        self._open: set[str] = set()

    @classmethod
    def of(cls, settings: Settings) -> "Wandb":
        """Make what the settings ask for."""
        said = settings.training
        beside = Path(hone.__file__).parents[3] / ".venv-wandb" / "bin" / "python"
        folder = settings.data_dir / "training" / "wandb"
        told = {
            "WANDB_API_KEY": None if said.wandb_key is None else said.wandb_key.get_secret_value(),
            "WANDB_BASE_URL": said.wandb_url,
            "WANDB_ENTITY": said.wandb_entity,
            "WANDB_MODE": "offline" if said.wandb_offline else "online",
        }
        known = {name: value for name, value in told.items() if value is not None}
        return cls(said.wandb_python or beside, folder, known)

    @property
    def name(self) -> Name:
        """Return what reports call it."""
        return "wandb"

    @property
    def pid(self) -> int | None:
        """Return the client's process, while there is one."""
        return None if self._process is None else self._process.pid

    def knows(self, remote_id: str) -> bool:
        """Tell whether the client has the run open."""
        return remote_id in self._open and self._alive

    @property
    def _alive(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def begin(self, organization: str, row: TrainingRun) -> Begun:
        """Open the run there; one of its name goes on."""
        run_id = ids.public(rendering.RUN, row.id)
        said = await self._ask(
            {
                "do": "begin",
                "id": run_id,
                "project": _FORBIDDEN.sub("-", f"{organization}-{row.model}")[:_LONGEST],
                "kind": row.kind,
                "tags": [row.kind, row.engine],
                "config": {**asked(row), "specification": row.spec_hash},
            }
        )
        self._open.add(run_id)
        url = said.get("url")
        return Begun(run_id, None if url is None else str(url), fresh=True)

    async def tell(self, remote_id: str, measured: Sequence[TrainingMetric]) -> None:
        """Tell what was measured."""
        rows = [
            {"number": each.id, "key": key(each), "value": each.value, "step": each.step}
            for each in measured
        ]
        await self._ask({"do": "tell", "id": remote_id, "rows": rows})

    async def end(self, remote_id: str, row: TrainingRun) -> None:
        """Tell how it ended, what it was worth, and what a search found; wait until all is there."""
        figures = {f"final/{name}": float(value) for name, value in row.figures.items()}
        code = _CODES[row.state]
        said = {"do": "end", "id": remote_id, "summary": figures, "config": best(row)}
        await self._ask({**said, "code": code})
        self._open.discard(remote_id)

    async def close(self) -> None:
        """End the client."""
        process, self._process = self._process, None
        self._open.clear()
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()

    async def _ask(self, question: Json) -> Json:
        process = await self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            async with asyncio.timeout(_PATIENCE):
                process.stdin.write(msgspec.json.encode(question) + b"\n")
                await process.stdin.drain()
                line = await process.stdout.readline()
        except (TimeoutError, OSError) as error:
            await self.close()
            raise WandbRefused("The client of Weights & Biases does not answer.") from error
        try:
            said = msgspec.json.decode(line, type=Json)
        except msgspec.DecodeError as error:
            await self.close()
            raise WandbRefused("The client of Weights & Biases ended.") from error
        if said.get("error") is not None:
            raise WandbRefused(f"Weights & Biases: {str(said['error'])[:300]}")
        return said

    async def _started(self) -> asyncio.subprocess.Process:
        if self._process is not None and self._process.returncode is None:
            return self._process
        self._open.clear()
        await asyncio.to_thread(self._folder.mkdir, 0o700, parents=True, exist_ok=True)
        where = {"WANDB_DIR": str(self._folder), "HOME": str(self._folder)}
        quiet = {"WANDB_SILENT": "true", "WANDB_CONSOLE": "off", "WANDB_DISABLE_GIT": "true"}
        paths = {"PATH": os.defpath, "LANG": "C.UTF-8"}
        try:
            self._process = await asyncio.create_subprocess_exec(
                *(str(self._python), "-I", str(_BRIDGE)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env={**paths, **quiet, **self._environment, **where},
                cwd=self._folder,
                start_new_session=True,
            )
        except OSError as error:
            raise WandbRefused(
                f"{self._python} cannot be run: `scripts/setup wandb` installs the client of W&B."
            ) from error
        return self._process
