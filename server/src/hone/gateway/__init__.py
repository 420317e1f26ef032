"""The hot path: from a client's request to a provider's answer, without the database.

It is told what it needs by a `Snapshot` and tells what happened in frames of the spool.
"""

from hone.gateway.admission import Limits
from hone.gateway.browser import (
    ACCESS_COOKIE,
    CSRF_COOKIE,
    REFRESH_COOKIE,
    Visitor,
    cookie_name,
    read_cookie,
    require_own_page,
    require_same_origin,
    session_holder,
    signed_in,
)
from hone.gateway.contents import Content, ContentUnreadable
from hone.gateway.contents import pack as pack_content
from hone.gateway.contents import unpack as unpack_content
from hone.gateway.description import describe
from hone.gateway.errors import CsrfFailed, IdempotencyUnavailable, SessionEnded
from hone.gateway.idempotency import Claim, Idempotency, Outcome, Replay
from hone.gateway.limits import Limit, LimitBook, Measure, Subject, Window, bounds
from hone.gateway.meters import AVAILABILITY
from hone.gateway.parsing import AUTO
from hone.gateway.pipeline import Gateway
from hone.gateway.quota import HOLDER_SECONDS, Asking, Granting, Quota
from hone.gateway.record import Attempt, Frame, Opened, Settled, Status
from hone.gateway.retelling import RETOLD, retell
from hone.gateway.routes import create_gateway_app
from hone.gateway.snapshot import (
    EXPLORATION,
    ContentMode,
    Current,
    DataKey,
    Deadlines,
    Factors,
    Organization,
    Policy,
    Principal,
    Route,
    Snapshot,
    Weighted,
)
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
    "AVAILABILITY",
    "CSRF_COOKIE",
    "EXPLORATION",
    "HOLDER_SECONDS",
    "REFRESH_COOKIE",
    "RETOLD",
    "START",
    "Asking",
    "Attempt",
    "Claim",
    "Content",
    "ContentMode",
    "ContentUnreadable",
    "CsrfFailed",
    "Current",
    "Damaged",
    "DataKey",
    "Deadlines",
    "Factors",
    "Frame",
    "Gateway",
    "Granting",
    "Idempotency",
    "IdempotencyUnavailable",
    "Lane",
    "Lanes",
    "Limit",
    "LimitBook",
    "Limits",
    "Measure",
    "Opened",
    "Organization",
    "Outcome",
    "Pending",
    "Policy",
    "Position",
    "Principal",
    "Quota",
    "Replay",
    "Route",
    "SessionEnded",
    "Settled",
    "Snapshot",
    "Spool",
    "SpoolStats",
    "Status",
    "Subject",
    "Visitor",
    "Weighted",
    "Window",
    "bounds",
    "content_answer",
    "cookie_name",
    "create_gateway_app",
    "describe",
    "pack_content",
    "read_cookie",
    "redact_spool",
    "require_own_page",
    "require_same_origin",
    "retell",
    "session_holder",
    "signed_in",
    "unpack_content",
]
