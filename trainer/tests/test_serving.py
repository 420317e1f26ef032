"""The predictor's parts: texts that wait are asked together, models are switched whole, memory is bounded."""

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from hone_trainer import artifact
from hone_trainer.artifact import Manifest, Prediction
from hone_trainer.errors import ArtifactDamaged
from hone_trainer.serving import models
from hone_trainer.serving.batches import MOST, Batcher, Full
from hone_trainer.serving.models import Models, NotLive, NotLoaded, Release


@dataclass
class Slow:
    """A model that answers when it is told to."""

    task: str = "intent"
    manifest: Manifest = field(default_factory=lambda: Manifest("intent", "slow"))
    go: threading.Event = field(default_factory=threading.Event)
    asked: list[int] = field(default_factory=list)

    def predict(self, inputs: Sequence[str], top: int = 3) -> list[Prediction]:
        del top
        self.go.wait(10)
        self.asked.append(len(inputs))
        return [Prediction(text) for text in inputs]


def test_nothing_waits_while_idle_and_what_waits_is_asked_together() -> None:
    async def run() -> None:
        model = Slow()
        with ThreadPoolExecutor(1) as executor:
            batcher = Batcher(model, executor, limit=64)
            first = asyncio.ensure_future(batcher.predict(["a"], 1))
            await asyncio.sleep(0)
            others = [asyncio.ensure_future(batcher.predict([f"{n}"], 1)) for n in range(10)]
            await asyncio.sleep(0)
            gone = asyncio.ensure_future(batcher.predict(["gone"], 1))
            await asyncio.sleep(0)
            gone.cancel()
            await asyncio.sleep(0)
            with pytest.raises(Full):
                await batcher.predict(["x"] * 64, 1)
            model.go.set()
            found = await asyncio.gather(first, *others)
        assert [each[0].label for each in found] == ["a", *map(str, range(10))]
        assert model.asked == [1, 10]

    asyncio.run(run())


def test_a_long_call_is_cut_so_that_a_short_one_comes_between() -> None:
    async def run() -> None:
        model = Slow()
        model.go.set()
        with ThreadPoolExecutor(1) as executor:
            batcher = Batcher(model, executor, limit=8)
            found = await batcher.predict([f"{n}" for n in range(3 * MOST + 1)], 1)
        assert [each.label for each in found] == [f"{n}" for n in range(3 * MOST + 1)]
        assert max(model.asked) == MOST

    asyncio.run(run())


def release(version: str, name: str = "m", size: int = 10) -> Release:
    return Release("org", name, version, f"{name} {version}", Path(version), size)


def test_models_are_switched_whole_and_the_least_asked_goes_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loads: list[str] = []

    def load(folder: Path) -> Slow:
        loads.append(folder.name)
        if folder.name == "bad":
            raise ArtifactDamaged("bad is not what the manifest says.")
        return Slow()

    monkeypatch.setattr(artifact, "load", load)
    monkeypatch.setattr(models, "GRACE", 0.05)

    async def run() -> None:
        with ThreadPoolExecutor(1) as executor:
            held = Models(executor, memory=25, queue=8)
            await held.apply([release("1")])
            one = await held.take(("org", "m"))
            await held.apply([release("bad")])
            assert held.failed == {"m bad": "bad is not what the manifest says."}
            assert await held.take(("org", "m")) is one
            await held.apply([release("2")])
            assert (await held.take(("org", "m"))).release.version == "2"
            with pytest.raises(NotLive):
                await held.take(("other", "m"))
            await held.apply([release("2"), release("3", "n"), release("4", "o")])
            assert held.held == 20
            assert (await held.take(("org", "m"))).release.version == "2"
            assert loads == ["1", "bad", "2", "3", "4", "2"]
            await held.apply([release("bad", "p")])
            with pytest.raises(NotLoaded):
                await held.take(("org", "p"))
            assert held.names == 1

    asyncio.run(run())


def test_what_has_just_been_promoted_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(artifact, "load", lambda _: Slow())

    async def run() -> None:
        with ThreadPoolExecutor(1) as executor:
            held = Models(executor, memory=25, queue=8)
            asked = asyncio.ensure_future(held.take(("org", "m")))
            await asyncio.sleep(0)
            await held.apply([release("1")])
            assert (await asked).release.version == "1"

    asyncio.run(run())


def test_what_is_in_memory_under_another_name_is_not_loaded_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loads: list[str] = []

    def load(folder: Path) -> Slow:
        loads.append(folder.name)
        return Slow()

    monkeypatch.setattr(artifact, "load", load)
    old, new = release("1"), release("2")

    def beside(other: Release) -> Release:
        return replace(other, name="m@canary")

    async def run() -> None:
        with ThreadPoolExecutor(1) as executor:
            held = Models(executor, memory=25, queue=8)
            await held.apply([old, beside(new)])
            # Promoted, with what was before in the candidate's place; and back.
            await held.apply([new, beside(old)])
            assert (await held.take(("org", "m"))).release is new
            await held.apply([old, beside(old)])
            assert (await held.take(("org", "m"))).release is old
            assert held.held == 10
        assert loads == ["1", "2", "1"]

    asyncio.run(run())
