"""Who changed what: search, export and verify the events of an organization."""

from hone.audit.jobs import VERIFY, broken_chains, verify_all, verify_chain
from hone.audit.schemas import EventExport, EventQuery, EventRead
from hone.audit.service import export, search

__all__ = [
    "VERIFY",
    "EventExport",
    "EventQuery",
    "EventRead",
    "broken_chains",
    "export",
    "search",
    "verify_all",
    "verify_chain",
]
