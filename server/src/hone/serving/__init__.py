"""Between control plane and gateway: rows become a Snapshot, frames become operations.

Here the two speeds of the product meet, in two value types. Nothing else knows both.
"""

from hone.serving.drain import empty as empty_spool
from hone.serving.drain import run as run_drain
from hone.serving.following import Following
from hone.serving.health import DEGRADED, READY, UNAVAILABLE, Health
from hone.serving.hold import hold as hold_spool
from hone.serving.house import house_of
from hone.serving.live import CHANNELS, Hub, Subscriber
from hone.serving.predicting import run as run_predictor
from hone.serving.predictor import ServedModel, address_file, served_models
from hone.serving.quality import Shelf
from hone.serving.refresh import Refresher
from hone.serving.station import Station
from hone.serving.uses import Uses
from hone.serving.words import IDLE as PREDICTOR_IDLE
from hone.serving.words import MISSING as PREDICTOR_MISSING
from hone.serving.words import SILENT as PREDICTOR_SILENT
from hone.serving.words import summed as summed_up

__all__ = [
    "CHANNELS",
    "DEGRADED",
    "PREDICTOR_IDLE",
    "PREDICTOR_MISSING",
    "PREDICTOR_SILENT",
    "READY",
    "UNAVAILABLE",
    "Following",
    "Health",
    "Hub",
    "Refresher",
    "ServedModel",
    "Shelf",
    "Station",
    "Subscriber",
    "Uses",
    "address_file",
    "empty_spool",
    "hold_spool",
    "house_of",
    "run_drain",
    "run_predictor",
    "served_models",
    "summed_up",
]
