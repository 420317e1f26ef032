"""Routing policies: each a pure function that chooses among candidates.

A policy reads the candidates' state and changes nothing; the Router (`hone.gateway.routing`) charges
turns, and the attempts themselves tell each target's `Pace` and teach `adaptive`.
"""

from hone.gateway.policies import (
    adaptive,
    beliefs,
    eligibility,
    intelligent,
    learned,
    least_connections,
    response_time,
    round_robin,
    smooth,
    weighted,
)
from hone.gateway.policies.candidates import Candidate, Choice

__all__ = [
    "Candidate",
    "Choice",
    "adaptive",
    "beliefs",
    "eligibility",
    "intelligent",
    "learned",
    "least_connections",
    "response_time",
    "round_robin",
    "smooth",
    "weighted",
]
