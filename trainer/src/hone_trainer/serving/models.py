"""The models that are served: loaded aside, then switched; dropped when nothing asks for them any more."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Iterable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from hone_trainer import artifact
from hone_trainer.errors import ArtifactDamaged
from hone_trainer.serving.batches import Batcher

log = logging.getLogger(__name__)

Name = tuple[str, str]
"""An organization, by the hex of its id, and what its clients call a model."""


GRACE: Final = 1.5
"""Seconds that a name which is not known yet is waited for."""


class NotLive(Exception):
    """Nothing is live under this name."""


class NotLoaded(Exception):
    """The files of this model cannot be read."""


@dataclass(frozen=True, slots=True)
class Release:
    """One version that is live."""

    organization: str
    name: str
    version: str
    id: str
    folder: Path
    size: int

    @property
    def key(self) -> Name:
        """Return who may call it, and how."""
        return self.organization, self.name


@dataclass(frozen=True, slots=True)
class Lacking:
    """A version that is live, and whose files are not here."""

    version: str
    id: str
    why: str


@dataclass(slots=True)
class Loaded:
    """A version in memory. Whoever predicts with it holds it, whatever is switched meanwhile."""

    release: Release
    task: str
    batcher: Batcher
    used: float = field(default_factory=time.monotonic)


@dataclass(slots=True)
class _Slot:
    release: Release
    loaded: Loaded | None = None
    loading: asyncio.Task[Loaded] | None = None


class Models:
    """What is served, by organization and name."""

    def __init__(self, executor: Executor, memory: int, queue: int) -> None:
        self._executor = executor
        self.memory = memory
        self.queue = queue
        self._slots: dict[Name, _Slot] = {}
        self._told = asyncio.Event()
        self.failed: dict[str, str] = {}
        """Versions that cannot be loaded, and why; what was live before them still answers."""
        self.lacking: dict[Name, Lacking] = {}
        """Versions that are not here; what was live before them still answers."""

    @property
    def held(self) -> int:
        """Return the bytes of the files of what is in memory; under two names it is there once."""
        there = [each.loaded.release for each in self._slots.values() if each.loaded]
        return sum({each.id: each.size for each in there}.values())

    @property
    def names(self) -> int:
        """Return how many names are served."""
        return len(self._slots)

    @property
    def loaded(self) -> int:
        """Return how many of them are in memory."""
        return sum(each.loaded is not None for each in self._slots.values())

    def states(self, organization: str) -> list[dict[str, str | None]]:
        """Tell of each name of an organization what is to answer, what is in memory, and why not both are one."""
        keys = {**dict.fromkeys(self._slots), **dict.fromkeys(self.lacking)}
        return [self._state(key) for key in keys if key[0] == organization]

    def _state(self, key: Name) -> dict[str, str | None]:
        slot, lacking = self._slots.get(key), self.lacking.get(key)
        wanted = lacking or (slot and slot.release)
        assert wanted is not None
        return {
            "name": key[1],
            "id": wanted.id,
            "version": wanted.version,
            "loaded": slot.loaded.release.version if slot and slot.loaded else None,
            "why": lacking.why if lacking else self.failed.get(wanted.id),
        }

    @property
    def troubles(self) -> dict[str, str]:
        """Return the versions that are live and cannot be loaded, and why."""
        return self.failed | {each.id: each.why for each in self.lacking.values()}

    def knows(self, key: Name) -> bool:
        """Tell whether anything is to be served under a name; nobody waits for the answer."""
        return key in self._slots

    async def apply(self, releases: Iterable[Release]) -> None:
        """Serve these and nothing else; return when all are switched that can be."""
        wanted = {each.key: each for each in releases}
        told, self._told = self._told, asyncio.Event()
        for key in self._slots.keys() - wanted.keys():
            self._drop(self._slots.pop(key))
        self.failed = {}
        for key, release in wanted.items():
            if key not in self._slots:
                self._slots[key] = _Slot(release)
        told.set()
        for key, release in wanted.items():
            slot = self._slots[key]
            if slot.release.id != release.id:
                slot.release = release
                if slot.loading is not None:
                    slot.loading.cancel()
                    slot.loading = None
            if slot.loaded is None or slot.loaded.release.id != release.id:
                await self._switch(slot)

    async def take(self, key: Name) -> Loaded:
        """Return the version that is live; raise `NotLive` or `NotLoaded`."""
        if key not in self._slots and (lacking := self.lacking.get(key)):
            raise NotLoaded(lacking.why)
        slot = self._slots.get(key) or await self._wait(key)
        if slot.loaded is None and (why := self.failed.get(slot.release.id)):
            raise NotLoaded(why)
        loaded = slot.loaded or await self._load(slot)
        loaded.used = time.monotonic()
        return loaded

    async def _wait(self, key: Name) -> _Slot:
        """Wait a moment for what may just have been promoted: the gateway hears of it first."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                while key not in self._slots:
                    await self._told.wait()
        if key not in self._slots:
            raise NotLive
        return self._slots[key]

    async def _switch(self, slot: _Slot) -> None:
        try:
            await self._load(slot)
        except NotLoaded as error:
            self.failed[slot.release.id] = str(error)
            log.error("%s %s cannot be loaded: %s", *slot.release.key, error)

    async def _load(self, slot: _Slot) -> Loaded:
        """Load what a name is to serve, once for all who wait for it, and switch to it."""
        if slot.loading is None:
            slot.loading = asyncio.ensure_future(self._read(slot.release))
        loading = slot.loading
        try:
            # Whoever gives up waiting does not stop what others wait for.
            loaded = await asyncio.shield(loading)
        finally:
            if slot.loading is loading and loading.done():
                slot.loading = None
        if slot.release is loaded.release:
            slot.loaded = loaded
            self._make_room(slot)
        return loaded

    async def _read(self, release: Release) -> Loaded:
        other = self._under_another_name(release)
        if other is not None:
            return Loaded(release, other.task, other.batcher)
        loop = asyncio.get_running_loop()
        try:
            model = await loop.run_in_executor(None, artifact.load, release.folder)
        except (ArtifactDamaged, OSError, ValueError, KeyError, ImportError) as error:
            raise NotLoaded(str(error) or type(error).__name__) from error
        batcher = Batcher(model, self._executor, self.queue)
        return Loaded(release, model.task, batcher)

    def _under_another_name(self, release: Release) -> Loaded | None:
        """Find a version that is in memory already: a candidate that is promoted, or one that is gone back to."""
        held = (each.loaded for each in self._slots.values() if each.loaded is not None)
        return next((each for each in held if each.release.id == release.id), None)

    def _make_room(self, kept: _Slot) -> None:
        """Let go of what was asked least recently; it is loaded again when somebody asks."""
        others = [each for each in self._slots.values() if each is not kept and each.loaded]
        for slot in sorted(others, key=lambda each: each.loaded.used if each.loaded else 0.0):
            if self.held <= self.memory:
                return
            slot.loaded = None

    @staticmethod
    def _drop(slot: _Slot) -> None:
        slot.loaded = None
        if slot.loading is not None:
            slot.loading.cancel()
