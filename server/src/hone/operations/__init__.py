"""Operations: the durable record of every model call, and what is asked of it.

`ingest` stores what the drain brings from the spool, `log` a call that was made elsewhere. Pages and
live figures read sums of one minute; contents lie apart, sealed by organization and month.
"""

from hone.operations.costs.export import export as costs_file
from hone.operations.costs.schemas import CostExport, CostQuery, CostReport
from hone.operations.costs.service import report as costs_report
from hone.operations.errors import NoSuchOperation
from hone.operations.exchanges import Said, said
from hone.operations.figures import FAILED, Cell, Sums, by_model, total
from hone.operations.filters import Filters
from hone.operations.ingest import Batch, Damaged, Landed, Place, ingest
from hone.operations.invoices import Used, read_invoice
from hone.operations.invoices import columns as invoice_columns
from hone.operations.jobs import drop_month, keep_partitions, months_before
from hone.operations.live import PulseState, pulse
from hone.operations.marks import Mark, mark_spool, spool_mark
from hone.operations.models import Operation
from hone.operations.prompts import Asked, answered, asked_before, asked_in, usual_output
from hone.operations.reconciling import Compared, Reconciliation, reconcile
from hone.operations.repository import cells
from hone.operations.rerating import Rerating, Walk, rerate
from hone.operations.rerating import Sums as CostSums
from hone.operations.service import access, log
from hone.operations.steps import StepSum, steps
from hone.operations.walk import newest

__all__ = [
    "FAILED",
    "Asked",
    "Batch",
    "Cell",
    "Compared",
    "CostExport",
    "CostQuery",
    "CostReport",
    "CostSums",
    "Damaged",
    "Filters",
    "Landed",
    "Mark",
    "NoSuchOperation",
    "Operation",
    "Place",
    "PulseState",
    "Reconciliation",
    "Rerating",
    "Said",
    "StepSum",
    "Sums",
    "Used",
    "Walk",
    "access",
    "answered",
    "asked_before",
    "asked_in",
    "by_model",
    "cells",
    "costs_file",
    "costs_report",
    "drop_month",
    "ingest",
    "invoice_columns",
    "keep_partitions",
    "log",
    "mark_spool",
    "months_before",
    "newest",
    "pulse",
    "read_invoice",
    "reconcile",
    "rerate",
    "said",
    "spool_mark",
    "steps",
    "total",
    "usual_output",
]
