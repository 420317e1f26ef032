"""The ways to learn: what the trainer says of them, or, where it is not on this machine, what is known."""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import msgspec

from hone.core import interpreter
from hone.core.settings import Settings
from hone.training.schemas.runs import EngineRead

log = logging.getLogger(__name__)

_SECONDS: Final = 30.0
_KEPT: Final = 300.0
_MISSING_KEPT: Final = 10.0
INSTALL: Final = "scripts/setup trainer"
DEFAULTS: Final[Mapping[str, str]] = {
    "intent": "linear",
    "entity": "entity",
    "response": "response",
    "sft": "sft",
    "dpo": "dpo",
}
"""What a task is learned with where nobody says."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an engine without asking the trainer."""

    title: str
    tasks: tuple[str, ...]
    words: str
    install: str = INSTALL


KNOWN: Final[Mapping[str, Known]] = {
    "linear": Known(
        "Linear",
        ("intent",),
        "Words and parts of words in a linear model: seconds to train, under a millisecond to ask."
        " Right to begin with.",
    ),
    "intent": Known(
        "Encoder and linear",
        ("intent",),
        "A sentence encoder beside the linear features: better with few examples and with"
        " sentences worded in a new way; slower.",
        f"{INSTALL}; scripts/setup encoder",
    ),
    "entity": Known("Entities", ("entity",), "Marks names, dates and the like in a text."),
    "response": Known(
        "Answers",
        ("response",),
        "Finds the approved answer, names its sources, and says when it does not know.",
    ),
    "sft": Known(
        "Supervised fine-tuning",
        ("sft",),
        "A generative model learns to answer as in the examples; wants a GPU.",
        "scripts/setup tuning",
    ),
    "dpo": Known(
        "Preference tuning",
        ("dpo",),
        "A generative model learns which of two answers people prefer; wants a GPU.",
        "scripts/setup tuning",
    ),
    "provider": Known(
        "Tuning at a provider",
        ("sft", "dpo"),
        "A provider tunes one of its models with your examples, serves it, and bills for it.",
    ),
}


class _Told(msgspec.Struct):
    """What the trainer prints."""

    engines: list[dict[str, Any]]


@dataclass(slots=True)
class Catalogue:
    """What the trainer of this machine says, asked once in a while.

    Only the first who asks waits. Later, what is known is told at once and asked for anew beside it.
    """

    settings: Settings
    _found: Sequence[EngineRead] = ()
    _until: float = 0.0
    _asking: "asyncio.Future[None] | None" = None

    async def engines(self) -> Sequence[EngineRead]:
        """List every engine."""
        if time.monotonic() >= self._until and (self._asking is None or self._asking.done()):
            self._asking = asyncio.ensure_future(self._learn())
        if not self._found and self._asking is not None:
            await asyncio.shield(self._asking)
        return self._found

    async def _learn(self) -> None:
        told = await self._ask()
        if told or not self._found:
            self._found = merged(told)
        self._until = time.monotonic() + (_KEPT if told else _MISSING_KEPT)

    async def engine(self, name: str) -> EngineRead | None:
        """Find one engine."""
        return next((each for each in await self.engines() if each.name == name), None)

    async def _ask(self) -> Sequence[Mapping[str, Any]]:
        try:
            python = interpreter.find(self.settings)
        except interpreter.TrainerMissing:
            return ()
        process = await interpreter.start(python, ["-m", "hone_trainer.engines"], nice=0)
        try:
            async with asyncio.timeout(_SECONDS):
                said, complaint = await process.communicate()
        except TimeoutError:
            process.kill()
            await process.wait()
            log.warning("the trainer did not say in %.0f s which engines it has", _SECONDS)
            return ()
        return read(said) if process.returncode == 0 else _none(complaint)


def _none(complaint: bytes) -> Sequence[Mapping[str, Any]]:
    last = complaint.decode("utf-8", "replace").strip().rpartition("\n")[2]
    log.warning("the trainer does not say which engines it has: %s", last)
    return ()


def read(said: bytes) -> Sequence[Mapping[str, Any]]:
    """Read what the trainer prints: a list of engines, or an object that has it as `engines`."""
    try:
        found = msgspec.json.decode(said, type=_Told | list[dict[str, Any]])
    except msgspec.DecodeError:
        return ()
    listed = found.engines if isinstance(found, _Told) else found
    return [each for each in listed if isinstance(each.get("name"), str)]


def merged(told: Sequence[Mapping[str, Any]]) -> Sequence[EngineRead]:
    """Join what the trainer says with what is known, in the order of what is known."""
    by_name = {str(each["name"]): each for each in told}
    names = [*KNOWN, *(name for name in by_name if name not in KNOWN)]
    return [_one(name, by_name.get(name)) for name in names]


def _one(name: str, told: Mapping[str, Any] | None) -> EngineRead:
    known = KNOWN.get(name, Known(name, (), ""))
    said = told or {}
    installed = told is not None and bool(said.get("installed", True))
    schema = cast("dict[str, Any]", said.get("parameters") or said.get("params") or {})
    task = said.get("task")
    tasks = tuple(said.get("tasks") or ((task,) if task else known.tasks))
    return EngineRead(
        name=name,
        tasks=tasks,
        title=str(said.get("title") or known.title),
        words=str(said.get("words") or known.words),
        parameters=schema,
        defaults=said.get("defaults") or _defaults(schema),
        aliases=cast("dict[str, str]", said.get("aliases") or {}),
        installed=installed,
        install=None if installed else str(said.get("install") or known.install),
        search=cast("dict[str, Any]", said.get("search") or {}),
        objective=cast("str | None", said.get("objective")),
        default_for=[each for each, engine in DEFAULTS.items() if engine == name],
    )


def _defaults(schema: Mapping[str, Any]) -> dict[str, Any]:
    properties = cast("Mapping[str, Mapping[str, Any]]", schema.get("properties", {}))
    return {name: each["default"] for name, each in properties.items() if "default" in each}
