"""Texts of several calls in one go: nothing waits while the model is idle, and together while it works."""

import asyncio
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Final

from hone_trainer.artifact import Model, Prediction

MOST: Final = 32
"""Texts in one go: a few milliseconds, so that a long call does not hold up a short one."""


class Full(Exception):
    """Too many texts wait for this model."""


@dataclass(slots=True)
class _Part:
    texts: Sequence[str]
    top: int
    done: asyncio.Future[list[Prediction]]


class Batcher:
    """Asks one model, one batch after the other."""

    def __init__(self, model: Model, executor: Executor, limit: int) -> None:
        self._model = model
        self._executor = executor
        self._limit = limit
        self._parts: deque[_Part] = deque()
        self._waiting = 0
        self._busy = False

    async def predict(self, texts: Sequence[str], top: int) -> list[Prediction]:
        """Ask the model; raise `Full` where too much waits already."""
        if self._waiting and self._waiting + len(texts) > self._limit:
            raise Full
        loop = asyncio.get_running_loop()
        parts = [
            _Part(texts[start : start + MOST], top, loop.create_future())
            for start in range(0, len(texts), MOST)
        ]
        self._parts.extend(parts)
        self._waiting += len(texts)
        if not self._busy:
            self._go_on()
        try:
            found = [await each.done for each in parts]
        except BaseException:
            for each in parts:
                each.done.cancel()
            raise
        return [each for part in found for each in part]

    def _go_on(self) -> None:
        """Take what waits, up to one batch."""
        batch: list[_Part] = []
        size = 0
        while self._parts and (not batch or size + len(self._parts[0].texts) <= MOST):
            part = self._parts.popleft()
            self._waiting -= len(part.texts)
            if not part.done.cancelled():
                batch.append(part)
                size += len(part.texts)
        self._busy = bool(batch)
        if batch:
            loop = asyncio.get_running_loop()
            asked = loop.run_in_executor(self._executor, self._ask, batch)
            asked.add_done_callback(lambda done: self._answer(batch, done))

    def _ask(self, batch: Sequence[_Part]) -> list[Prediction]:
        texts = [text for part in batch for text in part.texts]
        return self._model.predict(texts, max(part.top for part in batch))

    def _answer(self, batch: Sequence[_Part], asked: asyncio.Future[list[Prediction]]) -> None:
        failed = asked.exception()
        start = 0
        for part in batch:
            end = start + len(part.texts)
            if part.done.cancelled():
                pass
            elif failed is not None:
                part.done.set_exception(failed)
            else:
                part.done.set_result(asked.result()[start:end])
            start = end
        self._go_on()
