"""Learned routing: from how good answers were to which model is asked.

Outcomes are told by people or observed in calls; a fit makes a routing model of them, by the trainer,
which is a program of its own; one routing model of an organization is active, and the gateway's policy
`intelligent` asks it. `in_force` is what `serving` compiles.
"""

from hone.routing.fitting import Place, carry_out
from hone.routing.jobs import FIT, end_lost, fit
from hone.routing.outcomes import forget, summary, tell
from hone.routing.schemas import (
    FitRead,
    Outcome,
    OutcomesRead,
    RoutingModelRead,
)
from hone.routing.service import (
    activate,
    begin,
    get,
    get_fit,
    in_force,
    newest,
    retire,
    undo,
)

__all__ = [
    "FIT",
    "FitRead",
    "Outcome",
    "OutcomesRead",
    "Place",
    "RoutingModelRead",
    "activate",
    "begin",
    "carry_out",
    "end_lost",
    "fit",
    "forget",
    "get",
    "get_fit",
    "in_force",
    "newest",
    "retire",
    "summary",
    "tell",
    "undo",
]
