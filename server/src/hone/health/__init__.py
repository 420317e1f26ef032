"""Health: how providers and their models are, told by every server process together.

Each process keeps its own circuit breakers; `Beacon` says in the database which of them are open, and
`circuits` reads what all processes say. What attempts came to is read from the log.
"""

from hone.health.beacon import Beacon
from hone.health.repository import circuits
from hone.health.schemas import AttemptFigures, CircuitRead, HealthRead, HealthWindow
from hone.health.service import read
from hone.health.states import Circuit, CircuitState

__all__ = [
    "AttemptFigures",
    "Beacon",
    "Circuit",
    "CircuitRead",
    "CircuitState",
    "HealthRead",
    "HealthWindow",
    "circuits",
    "read",
]
