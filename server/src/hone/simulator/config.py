"""How a simulator is set up."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path

from hone.simulator.behaviours import Behaviour
from hone.simulator.prices import DEFAULT_PRICE, Price


@dataclass(frozen=True, slots=True)
class SimulatorConfig:
    """Everything a simulator needs to know before it starts."""

    seed: int = 0
    """Answers depend on it, the model and the messages, and on nothing else."""
    api_keys: Set[str] = frozenset()
    """The keys that are accepted; empty accepts any, and none."""
    signing_keys: Mapping[str, str] = field(default_factory=dict[str, str])
    """Secrets by access key: requests to Bedrock must be signed with one of them."""
    prices: Mapping[str, Price] = field(default_factory=dict[str, Price])
    default_price: Price = DEFAULT_PRICE
    context_tokens: Mapping[str, int] = field(default_factory=dict[str, int])
    default_context_tokens: int = 128_000
    behaviours: Mapping[str, Behaviour] = field(default_factory=dict[str, Behaviour])
    """Scripts in force from the start, by model or `*`."""
    ledger_path: Path | None = None
    """A JSON Lines file that gets every row before its answer ends, and is read at start."""
    ledger_rows: int = 1_000_000
    """Rows kept in memory, about 0.5 kB each; the file keeps all."""
    silence_seconds: float = 600
    """The longest that a stall or a silence lasts."""
    body_bytes: int = 64 * 1024 * 1024
    """The largest request."""
