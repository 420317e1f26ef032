"""The spool: the durable log between the gateway and the database.

A gateway process writes one lane (`Spool`): room is reserved before a call starts, frames are
appended while it runs. A drain in another process reads all lanes (`Lanes`), follows what is open
(`Pending`), and deletes what is committed elsewhere.
"""

from hone.gateway.spool.errors import LaneInUse, SpoolFull, SpoolUnwritable
from hone.gateway.spool.frames import START, Damaged, Entry, Position
from hone.gateway.spool.lanes import Lane, Lanes
from hone.gateway.spool.pending import Pending
from hone.gateway.spool.redaction import redact
from hone.gateway.spool.writer import SEGMENT_BYTES, Reservation, Spool, SpoolStats

__all__ = [
    "SEGMENT_BYTES",
    "START",
    "Damaged",
    "Entry",
    "Lane",
    "LaneInUse",
    "Lanes",
    "Pending",
    "Position",
    "Reservation",
    "Spool",
    "SpoolFull",
    "SpoolStats",
    "SpoolUnwritable",
    "redact",
]
