"""Ways to train: each has a name, parameters in JSON Schema, and what it needs installed.

An engine is a module with `ENGINE: Engine`, `fit(run)` and `load(folder, manifest)`; its line below is all that
others know of it. A module is imported when it is asked for: what serves needs none of what trains.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Protocol, cast

from hone_trainer.artifact import Manifest, Model
from hone_trainer.errors import ArtifactDamaged, Refused
from hone_trainer.params import Schema, settle
from hone_trainer.run import Run

MODULES: Final[Mapping[str, str]] = {
    "linear": "hone_trainer.engines.linear",
    "entity": "hone_trainer.engines.entity",
    "response": "hone_trainer.engines.response",
    "provider": "hone_trainer.engines.provider",
    "sft": "hone_trainer.engines.sft",
    "dpo": "hone_trainer.engines.dpo",
    "intent": "hone_trainer.engines.intent",
}


@dataclass(frozen=True, slots=True)
class Engine:
    """What an engine says of itself."""

    name: str
    tasks: Sequence[str]
    words: str
    """What it is for, in one or two sentences."""
    params: Schema
    needs: Sequence[str] = ()
    """Modules that it imports beside the trainer's own."""
    install: str = ""
    """The command that installs them."""
    aliases: Mapping[str, str] = field(default_factory=dict[str, str])
    """Other names of parameters."""
    search: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Any])
    """What a search tries where nobody says: ranges by the paths of parameters."""
    objective: str = ""
    """The figure of validation examples that a search chooses by."""


class Trains(Protocol):
    """The module of an engine."""

    ENGINE: Engine

    def fit(self, run: Run) -> None:
        """Train: from the run's examples to its folder `model/`."""
        ...

    def load(self, folder: Path, manifest: Manifest) -> Model:
        """Read what it trained."""
        ...


def engine(name: str) -> Trains:
    """Return an engine by its name."""
    module = MODULES.get(name)
    if module is None:
        raise ArtifactDamaged(f"There is no engine {name!r}; there are {', '.join(MODULES)}.")
    return cast("Trains", import_module(module))


def missing(about: Engine) -> list[str]:
    """Return the modules that an engine needs and that are not installed."""
    return [name for name in about.needs if find_spec(name) is None]


def chosen(name: str, task: str, given: Mapping[str, Any]) -> Trains:
    """Return the engine that a run asks for, or say why it cannot be had."""
    if name not in MODULES:
        told = f"There is no engine {name!r}; there are {', '.join(MODULES)}."
        raise Refused("ENGINE_UNKNOWN", told, engines=list(MODULES))
    found = engine(name)
    about = found.ENGINE
    if task not in about.tasks:
        told = f"The engine {name} trains {' and '.join(about.tasks)}, not {task}."
        raise Refused("ENGINE_UNFIT", told, tasks=list(about.tasks))
    lacking = missing(about)
    if lacking and not given.get("encoder"):  # one that is given by its path needs no package
        told = f"The engine {name} needs {', '.join(lacking)}; install with `{about.install}`."
        raise Refused("ENGINE_MISSING", told, needs=lacking, install=about.install)
    return found


def settled(about: Engine, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return all parameters of a run, under the engine's own names."""
    renamed = {about.aliases.get(name, name): value for name, value in given.items()}
    return settle(about.params, renamed)


def catalogue() -> list[dict[str, Any]]:
    """Describe every engine."""
    found: list[dict[str, Any]] = []
    for name in MODULES:
        about = engine(name).ENGINE
        lacking = missing(about)
        found.append(
            {
                "name": name,
                "tasks": list(about.tasks),
                "words": about.words,
                "params": about.params,
                "defaults": settle(about.params, {}),
                "aliases": dict(about.aliases),
                "search": {path: dict(each) for path, each in about.search.items()},
                "objective": about.objective or None,
                "installed": not lacking,
                "missing": lacking,
                "install": about.install if lacking else None,
            }
        )
    return found
