"""The catalogue: what is known of vendors' models, as dated data that ships with the product.

The figures are facts that two public tables state; where they disagree, both are kept and the
entry is marked. `tools/build_catalogue.py` makes the file.
"""

from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from hone.llm.types import Capability, Modality

FILE = "catalogue.json"


class Source(msgspec.Struct, frozen=True, rename="camel"):
    """Where figures come from."""

    name: str
    version: str
    licence: str


class Figures(msgspec.Struct, frozen=True, rename="camel"):
    """What the second source states; prices in USD per million tokens."""

    id: str
    context: int | None
    input: str | None
    output: str | None


class Entry(msgspec.Struct, frozen=True, rename="camel"):
    """One vendor's model; prices in USD per million tokens, as decimal strings."""

    id: str
    """The vendor's own name for it."""
    family: str
    provider: str
    """A kind of provider, as in `hone.llm.providers`."""
    mode: str
    context: int | None
    max_output: int | None
    input: str | None
    output: str | None
    cached_input: str | None
    cache_write: str | None
    cache_write_hour: str | None
    confidence: Literal["agreed", "disputed", "single", "unpriced"]
    compared: Figures | None
    """What the second source says, where it has the model."""
    source: str | None
    """The page that the first source names."""
    retires: date | None
    tools: bool | None
    vision: bool | None
    reasoning: bool | None

    @property
    def lacks(self) -> frozenset[str]:
        """Return what it cannot do, by what the tables say: where they say nothing, it cannot.

        They say nothing of audio, files and JSON schemas for any model, so these stay open.
        """
        talks = self.mode in {"chat", "responses"}
        has = {
            Capability.CHAT.value: talks,
            Capability.COMPLETIONS.value: self.mode == "completion",
            Capability.EMBEDDINGS.value: self.mode == "embedding",
            Capability.TOOLS.value: self.tools,
            Capability.REASONING.value: self.reasoning,
            Modality.IMAGE.value: self.vision,
        }
        return frozenset(name for name, known in has.items() if not known)


class Catalogue(msgspec.Struct, frozen=True, rename="camel"):
    """The whole file."""

    as_of: date
    sources: tuple[Source, ...]
    models: tuple[Entry, ...]
    aliases: dict[str, str]
    """Dated names whose facts are those of an entry."""


@cache
def load() -> Catalogue:
    """Read the catalogue, once."""
    data = files("hone.registry").joinpath(FILE).read_bytes()
    return msgspec.json.decode(data, type=Catalogue)


@cache
def _by_id() -> dict[str, Entry]:
    return {entry.id: entry for entry in load().models}


def by_id(model: str) -> Entry | None:
    """Find an entry by its id or an alias."""
    return _by_id().get(load().aliases.get(model, model))


def find(kind: str, upstream: str) -> Entry | None:
    """Find the entry of a model as a kind of provider serves it."""
    entry = by_id(upstream)
    return entry if entry is not None and entry.provider == kind else None
