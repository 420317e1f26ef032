"""Improvement: what starts the next turn of the loop by itself, and takes it to its end.

A policy says of one model when it is to learn anew (triggers), what that may take (a budget) and who is
asked (approvals). A turn is one round: training, gates, release, comparison, until its version is live or
it is said why not. A turn is a state machine in its own row; what was decided is a line of its story.
"""

from hone.improvement.meters import meter
from hone.improvement.schemas.policies import (
    ImprovementPolicyRead,
    ImprovementPolicyWrite,
)
from hone.improvement.schemas.turns import (
    ImprovementRun,
    TurnApproval,
    TurnRead,
    TurnStory,
    TurnWhy,
)
from hone.improvement.service.policies import create, get
from hone.improvement.service.policies import page as policies
from hone.improvement.service.turns import TurnsQuery, approve, override, reject, run
from hone.improvement.service.turns import get as turn
from hone.improvement.service.turns import page as turns
from hone.improvement.ticking import tick

__all__ = [
    "ImprovementPolicyRead",
    "ImprovementPolicyWrite",
    "ImprovementRun",
    "TurnApproval",
    "TurnRead",
    "TurnStory",
    "TurnWhy",
    "TurnsQuery",
    "approve",
    "create",
    "get",
    "meter",
    "override",
    "policies",
    "reject",
    "run",
    "tick",
    "turn",
    "turns",
]
