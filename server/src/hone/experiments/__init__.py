"""Experiments: arms that share the calls of one name, who has which, and what came of it.

The gateway splits the calls and the log says which arm each met; sums by unit are written with it.
`statistics` tells differences from such sums; `claim` sees that a name is split by one thing only.
"""

from hone.experiments import statistics
from hone.experiments.claims import claim, release_claim
from hone.experiments.compiling import salt, splits
from hone.experiments.errors import NameSplitAlready
from hone.experiments.keeping import keep
from hone.experiments.measuring import arms as arms_of
from hone.experiments.measuring import sums
from hone.experiments.meters import meter
from hone.experiments.schemas.design import (
    ExperimentDecide,
    ExperimentPlan,
    ExperimentPlanAsk,
    ExperimentRead,
    ExperimentStop,
    ExperimentWrite,
)
from hone.experiments.schemas.pairs import (
    ABTestRead,
    ABTestWrite,
)
from hone.experiments.schemas.results import (
    ExperimentResults,
)
from hone.experiments.service.editing import access, create, page
from hone.experiments.service.handing import Proof, end_of_release, hand_over, prove
from hone.experiments.service.pairs import create as start_ab_test
from hone.experiments.service.results import plan, results
from hone.experiments.service.running import decide, pause, resume, start, stop

__all__ = [
    "ABTestRead",
    "ABTestWrite",
    "ExperimentDecide",
    "ExperimentPlan",
    "ExperimentPlanAsk",
    "ExperimentRead",
    "ExperimentResults",
    "ExperimentStop",
    "ExperimentWrite",
    "NameSplitAlready",
    "Proof",
    "access",
    "arms_of",
    "claim",
    "create",
    "decide",
    "end_of_release",
    "hand_over",
    "keep",
    "meter",
    "page",
    "pause",
    "plan",
    "prove",
    "release_claim",
    "results",
    "resume",
    "salt",
    "splits",
    "start",
    "start_ab_test",
    "statistics",
    "stop",
    "sums",
]
