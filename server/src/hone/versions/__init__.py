"""Trained models: every version with its evidence, the gates before its release, and what was live when.

A training run registers a version, with its files in the storage and its card in a row. Gates judge it;
promoting puts it in force, rolling back goes to what was there before. All of this is one append-only
history, so what served a name at any moment, and why, is one query. `served` is what predictors keep.
"""

from hone.versions.folder import read_run
from hone.versions.gates import Rules, judge
from hone.versions.gates import read as read_gates
from hone.versions.models import ModelVersion
from hone.versions.predictor import Holding, Predictor, State
from hone.versions.repository import CANARY, by_ids, lock, served, served_of
from hone.versions.repository import by_id as find
from hone.versions.schemas import (
    Deprecate,
    GateOverride,
    GateVerdict,
    ModelAct,
    ModelVersionRead,
    Promote,
    ReleaseDone,
    Rollback,
)
from hone.versions.service.acting import VersionMissing, act
from hone.versions.service.reading import (
    access,
    compare,
    deprecated,
    get,
    get_version,
    gone_back_from,
    history,
    live,
    live_at,
    live_since,
    names_with,
    page,
    present,
    returnable,
    unreleased,
)
from hone.versions.service.registering import NewVersion, configure, register
from hone.versions.service.releasing import (
    admit,
    called,
    deprecate,
    promote,
    rollback,
    stage,
    unstage,
)
from hone.versions.storage import fetch, fetch_files

__all__ = [
    "CANARY",
    "Deprecate",
    "GateOverride",
    "GateVerdict",
    "Holding",
    "ModelAct",
    "ModelVersion",
    "ModelVersionRead",
    "NewVersion",
    "Predictor",
    "Promote",
    "ReleaseDone",
    "Rollback",
    "Rules",
    "State",
    "VersionMissing",
    "access",
    "act",
    "admit",
    "by_ids",
    "called",
    "compare",
    "configure",
    "deprecate",
    "deprecated",
    "fetch",
    "fetch_files",
    "find",
    "get",
    "get_version",
    "gone_back_from",
    "history",
    "judge",
    "live",
    "live_at",
    "live_since",
    "lock",
    "names_with",
    "page",
    "present",
    "promote",
    "read_gates",
    "read_run",
    "register",
    "returnable",
    "rollback",
    "served",
    "served_of",
    "stage",
    "unreleased",
    "unstage",
]
