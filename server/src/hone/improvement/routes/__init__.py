"""HTTP routes of improvement."""

from hone.core import http
from hone.improvement.routes import continuous, policies, turns

router = http.gather((policies.router, turns.router, continuous.router))

__all__ = ["router"]
