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
    ExperimentRead,
    ExperimentStop,
)
from hone.experiments.schemas.pairs import (
    ABTestRead,
    ABTestWrite,
)
from hone.experiments.schemas.results import (
    ExperimentResults,
)
from hone.experiments.service.editing import access, page
from hone.experiments.service.pairs import create as start_ab_test
from hone.experiments.service.results import results
from hone.experiments.service.running import decide, stop

__all__ = [
    "ABTestRead",
    "ABTestWrite",
    "ExperimentDecide",
    "ExperimentRead",
    "ExperimentResults",
    "ExperimentStop",
    "NameSplitAlready",
    "access",
    "arms_of",
    "claim",
    "decide",
    "keep",
    "meter",
    "page",
    "release_claim",
    "results",
    "salt",
    "splits",
    "start_ab_test",
    "statistics",
    "stop",
    "sums",
]
