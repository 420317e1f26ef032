"""The hot path: from a client's request to a provider's answer, without the database.

It is told what it needs by a `Snapshot` and tells what happened in frames of the spool.
"""

from hone.gateway.admission import Limits
from hone.gateway.breaker import Breaker, Breakers
from hone.gateway.browser import (
    ACCESS_COOKIE,
    CSRF_COOKIE,
    REFRESH_COOKIE,
    Visitor,
    cookie_name,
    expected,
    read_cookie,
    require_own_page,
    require_same_origin,
    session_holder,
    signed_in,
)
from hone.gateway.contents import Content, ContentUnreadable
from hone.gateway.contents import context as content_context
from hone.gateway.contents import pack as pack_content
from hone.gateway.contents import unpack as unpack_content
from hone.gateway.demand import limited
from hone.gateway.description import describe
from hone.gateway.errors import CsrfFailed, IdempotencyUnavailable, SessionEnded
from hone.gateway.forwarding import DEFAULT as DEFAULT_ROUTE
from hone.gateway.idempotency import Claim, Idempotency, Outcome, Replay
from hone.gateway.inside import Answer, Errand, call, caller_of, run_shadows
from hone.gateway.limits import Limit, LimitBook, Measure, Subject, Window, bounds
from hone.gateway.parsing import AUTO, Ask
from hone.gateway.pipeline import Gateway
from hone.gateway.policies.eligibility import can_take
from hone.gateway.quality import ArtifactUnreadable, Predictor
from hone.gateway.quality import prompt as prompt_of
from hone.gateway.quality import read as read_prompt
from hone.gateway.quality import unpack as unpack_predictor
from hone.gateway.quota import HOLDER_SECONDS, Asking, Granting, Quota
from hone.gateway.record import Attempt, Exposure, Frame, Opened, Reason, Settled, Status
from hone.gateway.retelling import RETOLD, retell
from hone.gateway.routes import create_gateway_app
from hone.gateway.routing import Plan, Router
from hone.gateway.shadows import ARM as SHADOW
from hone.gateway.snapshot import (
    EXPLORATION,
    Arm,
    Caller,
    ContentMode,
    Current,
    DataKey,
    Deadlines,
    Factors,
    Learned,
    Organization,
    Policy,
    Principal,
    Route,
    Snapshot,
    Split,
    Unit,
    Weighted,
)
from hone.gateway.splitting import assign, digest, takes_part, unit_of
from hone.gateway.spool import (
    START,
    Damaged,
    Lane,
    Lanes,
    Pending,
    Position,
    Spool,
    SpoolStats,
)
from hone.gateway.spool import redact as redact_spool
from hone.gateway.transcript import answer as content_answer

__all__ = [
    "ACCESS_COOKIE",
    "AUTO",
    "CSRF_COOKIE",
    "DEFAULT_ROUTE",
    "EXPLORATION",
    "HOLDER_SECONDS",
    "REFRESH_COOKIE",
    "RETOLD",
    "SHADOW",
    "START",
    "Answer",
    "Arm",
    "ArtifactUnreadable",
    "Ask",
    "Asking",
    "Attempt",
    "Breaker",
    "Breakers",
    "Caller",
    "Claim",
    "Content",
    "ContentMode",
    "ContentUnreadable",
    "CsrfFailed",
    "Current",
    "Damaged",
    "DataKey",
    "Deadlines",
    "Errand",
    "Exposure",
    "Factors",
    "Frame",
    "Gateway",
    "Granting",
    "Idempotency",
    "IdempotencyUnavailable",
    "Lane",
    "Lanes",
    "Learned",
    "Limit",
    "LimitBook",
    "Limits",
    "Measure",
    "Opened",
    "Organization",
    "Outcome",
    "Pending",
    "Plan",
    "Policy",
    "Position",
    "Predictor",
    "Principal",
    "Quota",
    "Reason",
    "Replay",
    "Route",
    "Router",
    "SessionEnded",
    "Settled",
    "Snapshot",
    "Split",
    "Spool",
    "SpoolStats",
    "Status",
    "Subject",
    "Unit",
    "Visitor",
    "Weighted",
    "Window",
    "assign",
    "bounds",
    "call",
    "caller_of",
    "can_take",
    "content_answer",
    "content_context",
    "cookie_name",
    "create_gateway_app",
    "describe",
    "digest",
    "expected",
    "limited",
    "pack_content",
    "prompt_of",
    "read_cookie",
    "read_prompt",
    "redact_spool",
    "require_own_page",
    "require_same_origin",
    "retell",
    "run_shadows",
    "session_holder",
    "signed_in",
    "takes_part",
    "unit_of",
    "unpack_content",
    "unpack_predictor",
]
