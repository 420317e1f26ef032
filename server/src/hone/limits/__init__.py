"""Limits: how much of what a key, a person, a team, the organization, a route or a model may use.

Requests, tokens, calls at a time and money, by the minute, day or month; all that apply hold. Server
processes lease quota from `limit_windows`; what was used is summed up from operations, so it can be
made anew. `compiled` is what the gateway is told; `keep` frees what dead processes held and tells
of budgets that run low.
"""

from hone.limits.compile import compiled
from hone.limits.declare import Plan, apply, plan, read
from hone.limits.keeping import forget_old, keep, rebuild
from hone.limits.schemas import LimitRead
from hone.limits.service import page

__all__ = [
    "LimitRead",
    "Plan",
    "apply",
    "compiled",
    "forget_old",
    "keep",
    "page",
    "plan",
    "read",
    "rebuild",
]
