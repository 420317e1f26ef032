"""`python -m hone_trainer.serving FD`: serve on an inherited socket what standard input tells of.

Each line of input is the whole state: `{"revision", "secrets", "memory", "queue", "models", "lacking"}`. When all
models are loaded that can be, the line `{"revision", "failed"}` answers it. The end of input ends it.
"""

import asyncio
import json
import logging
import os
import signal
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from hone.core import asgi_server
from hone.core.settings import Settings
from hone_trainer.serving.app import Application
from hone_trainer.serving.models import Lacking, Models, Release

_LONGEST_LINE = 64 << 20


async def follow(application: Application) -> None:
    """Read states until there are no more."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=_LONGEST_LINE)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    executor = ThreadPoolExecutor(1, "predict")
    while line := await reader.readline():
        state: dict[str, Any] = json.loads(line)
        models = application.models or Models(executor, state["memory"], state["queue"])
        models.memory, models.queue = state["memory"], state["queue"]
        models.lacking = {
            (each["organization"], each["name"]): Lacking(each["version"], each["id"], each["why"])
            for each in state.get("lacking", ())
        }
        application.secrets = [bytes.fromhex(each) for each in state["secrets"]]
        # Calls may come from here on; who is called first is loaded first.
        applied = asyncio.ensure_future(models.apply(map(_release, state["models"])))
        application.serve(models)
        await applied
        answer = {"revision": state["revision"], "failed": models.failed}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    os.kill(os.getpid(), signal.SIGTERM)


def _release(told: dict[str, Any]) -> Release:
    return Release(
        told["organization"],
        told["name"],
        told["version"],
        told["id"],
        Path(told["folder"]),
        told["size"],
    )


def main() -> int:
    """Serve until SIGTERM."""
    logging.basicConfig(level=logging.INFO, format="predictor: %(levelname)s %(message)s")
    opened = socket.socket(fileno=int(sys.argv[1]))
    opened.setblocking(False)
    settings = Settings(data_dir=Path.cwd())
    return asgi_server.serve(Application(follow), opened, settings, on_ready=lambda: None)


if __name__ == "__main__":
    sys.exit(main())
