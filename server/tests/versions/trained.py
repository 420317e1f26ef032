"""Small models that were really trained, registered in a running Hone as its worker does."""

import asyncio
import json
import subprocess
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from hone import identity, versions
from hone.core import interpreter
from hone.core.blobs import Blobs
from hone.core.db import Database
from hone.core.settings import Settings
from hone.identity import KeyCreate, Permission
from hone.versions import ModelVersion
from tests.fixtures.house import House

WORDS = {
    "card": ["card", "arrive", "post", "delivery", "waiting", "plastic"],
    "refund": ["refund", "money", "back", "merchant", "return", "shop"],
    "pin": ["pin", "code", "forgot", "blocked", "digits", "change"],
}
FILLER = ["please", "my", "the", "is", "when", "can", "help", "still"]
PIN = "i forgot the code of my card, the pin is blocked"


def rows(names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Make examples of three topics, under any names for them."""
    dice = Random(1)
    made: list[dict[str, Any]] = []
    for number in range(150):
        topic = sorted(WORDS)[number % 3]
        said = dice.choices(WORDS[topic], k=3) + dice.choices(FILLER, k=4)
        dice.shuffle(said)
        split = {0: "test", 1: "test", 2: "validation"}.get(number // 3 % 10, "train")
        text, label = " ".join(said), names.get(topic, topic)
        made.append({"id": f"ex_{number}", "input": text, "output": label, "split": split})
    return made


@cache
def train(**names: str) -> Path:
    """Train a classifier of three topics, once for each way to name them."""
    folder = Path(tempfile.mkdtemp(prefix="hone-trained-"))
    lines = "".join(json.dumps(row) + "\n" for row in rows(names))
    (folder / "data.jsonl").write_text(lines, "utf-8")
    spec = {"format": 1, "run": "trun_1", "task": "intent", "engine": "linear", "seed": 7}
    (folder / "spec.json").write_text(json.dumps(spec), "utf-8")
    python = interpreter.find(Settings())
    command = [str(python), "-m", "hone_trainer", str(folder / "spec.json")]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=250, check=False)
    assert ended.returncode == 0, ended.stderr
    return folder


def register(house: House, organization_id: UUID, folder: Path, name: str) -> ModelVersion:
    """Register what a run made in a Hone that runs."""

    async def keep() -> ModelVersion:
        database = Database.connect(house.postgres.app_url, pool_size=1)
        blobs = Blobs.open(Settings(data_dir=house.data_dir))
        try:
            async with database.transaction(organization_id) as session:
                made = versions.read_run(folder, organization_id, name)
                return await versions.register(session, blobs, made)
        finally:
            await database.aclose()

    return asyncio.run(keep())


def add_organization(house: House, name: str) -> tuple[UUID, str]:
    """Add an organization to a Hone that runs; return its id, and a key with every permission."""

    async def add() -> tuple[UUID, str]:
        database = Database.connect(house.postgres.app_url, pool_size=1)
        try:
            async with database.transaction() as session:
                made = await identity.create_organization(session, name)
                wanted = KeyCreate(name="all", permissions=list(Permission))
                actor = identity.system(made.id)
                return made.id, (await identity.create_key(session, actor, wanted)).key
        finally:
            await database.aclose()

    return asyncio.run(add())
