"""Releases: one version of a model on its way to the traffic of a name, by a plan, and back at any moment.

A release is a row that says where it is and a timeline of how it came there. `machine` decides what comes
next from what is known, and every move is one transaction, so that it goes on wherever it was stopped. What
the gateway is told of it is `splits`; what is live stays the history's to say (`hone.versions`).
"""

from hone.releases.meters import meter
from hone.releases.schemas import ReleasePlan, ReleaseRead, ReleaseStart, ReleaseSummary
from hone.releases.service.acting import act
from hone.releases.service.asking import ask, roll_back
from hone.releases.service.reading import get, page, split_now, state_of
from hone.releases.service.starting import preview, start
from hone.releases.splitting import splits
from hone.releases.ticking import INTERVAL, tick

__all__ = [
    "INTERVAL",
    "ReleasePlan",
    "ReleaseRead",
    "ReleaseStart",
    "ReleaseSummary",
    "act",
    "ask",
    "get",
    "meter",
    "page",
    "preview",
    "roll_back",
    "split_now",
    "splits",
    "start",
    "state_of",
    "tick",
]
