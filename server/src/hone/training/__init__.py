"""Training: from a specification and a version of a data set to a new version of a model.

A run is a row that says what is wanted and how far it is. Workers take runs as machines have room,
each in a folder and a process of its own (`hone_trainer`), and read from the folder what was measured.
A run survives every process that works at it: another worker goes on from its last checkpoint.
"""

from hone.training.data import count_new
from hone.training.place import Place
from hone.training.runner import Runner
from hone.training.schemas.doors import (
    ConversationLog,
    ExpertAnnotation,
    ModelType,
    TrainingData,
)
from hone.training.schemas.job import Data, Limits, Resources, Task, TrainingJob
from hone.training.schemas.runs import RunRead
from hone.training.schemas.search import Search, SearchRange, TrialsRead
from hone.training.service.creating import Origin, create, estimate
from hone.training.service.doors import collect
from hone.training.service.retraining import again
from hone.training.service.runs import (
    RunsQuery,
    cancel,
    find,
    get,
    log,
    page,
    pause,
    resume,
    retry,
    warn,
)
from hone.training.service.trials import trials
from hone.training.service.watching import Watched, watch
from hone.training.ticking import tick
from hone.training.translating import NAMES as MODEL_NAMES

__all__ = [
    "MODEL_NAMES",
    "ConversationLog",
    "Data",
    "ExpertAnnotation",
    "Limits",
    "ModelType",
    "Origin",
    "Place",
    "Resources",
    "RunRead",
    "Runner",
    "RunsQuery",
    "Search",
    "SearchRange",
    "Task",
    "TrainingData",
    "TrainingJob",
    "TrialsRead",
    "Watched",
    "again",
    "cancel",
    "collect",
    "count_new",
    "create",
    "estimate",
    "find",
    "get",
    "log",
    "page",
    "pause",
    "resume",
    "retry",
    "tick",
    "trials",
    "warn",
    "watch",
]
