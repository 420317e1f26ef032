"""Between control plane and gateway: rows become a Snapshot, frames become operations.

Here the two speeds of the product meet, in two value types. Nothing else knows both.
"""

from hone.serving.drain import empty as empty_spool
from hone.serving.drain import run as run_drain
from hone.serving.health import DEGRADED, READY, UNAVAILABLE, Health
from hone.serving.hold import hold as hold_spool
from hone.serving.live import CHANNELS, Hub, Subscriber
from hone.serving.refresh import Refresher
from hone.serving.uses import Uses

__all__ = [
    "CHANNELS",
    "DEGRADED",
    "READY",
    "UNAVAILABLE",
    "Health",
    "Hub",
    "Refresher",
    "Subscriber",
    "Uses",
    "empty_spool",
    "hold_spool",
    "run_drain",
]
