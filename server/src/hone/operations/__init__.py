"""Operations: the durable record of every model call, and what is asked of it.

`ingest` stores what the drain brings from the spool, `log` a call that was made elsewhere. Pages and
live figures read sums of one minute; contents lie apart, sealed by organization and month.
"""

from hone.operations.filters import Filters
from hone.operations.ingest import Batch, Damaged, Landed, Place, ingest
from hone.operations.invoices import Used, read_invoice
from hone.operations.invoices import columns as invoice_columns
from hone.operations.jobs import drop_month, keep_partitions, months_before
from hone.operations.live import PulseState, pulse
from hone.operations.marks import Mark, mark_spool, spool_mark
from hone.operations.models import Operation
from hone.operations.reconciling import Compared, Reconciliation, reconcile
from hone.operations.rerating import Rerating, Walk, rerate
from hone.operations.rerating import Sums as CostSums
from hone.operations.service import access, log

__all__ = [
    "Batch",
    "Compared",
    "CostSums",
    "Damaged",
    "Filters",
    "Landed",
    "Mark",
    "Operation",
    "Place",
    "PulseState",
    "Reconciliation",
    "Rerating",
    "Used",
    "Walk",
    "access",
    "drop_month",
    "ingest",
    "invoice_columns",
    "keep_partitions",
    "log",
    "mark_spool",
    "months_before",
    "pulse",
    "read_invoice",
    "reconcile",
    "rerate",
    "spool_mark",
]
