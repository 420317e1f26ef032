"""A provider that answers, streams, stalls, fails and bills on command, in five vendors' formats.

It is the upstream of tests, labs, load tests and the demo: a real HTTP server with deterministic
answers, scripted behaviour (see `hone.simulator.behaviours`) and a ledger of its own, so that what
the gateway recorded can be compared with what the provider served and billed.

A format (`hone.simulator.formats`) reads a request into an `Ask`, writes an `Answer` and words an
error; behaviours, delivery and ledger know no format. Another one is a module and a row.
"""

from hone.simulator.application import create_simulator
from hone.simulator.behaviours import PRESETS, Behaviour, Fault, Limit
from hone.simulator.config import SimulatorConfig
from hone.simulator.ledger import Delivery, Row, Totals
from hone.simulator.prices import Price
from hone.simulator.server import run, serve

__all__ = [
    "PRESETS",
    "Behaviour",
    "Delivery",
    "Fault",
    "Limit",
    "Price",
    "Row",
    "SimulatorConfig",
    "Totals",
    "create_simulator",
    "run",
    "serve",
]
