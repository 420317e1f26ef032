"""Datasets: named, versioned examples, and everything that makes them good.

Examples come from corrected answers, by the trail of events, from files and from people. What they say
lies sealed. They are scored, reviewed and checked; a version is what a dataset was at one moment, by the
hash of its content, and what models are trained on.
"""

from hone.datasets.erasing import erase_marked
from hone.datasets.jobs import handlers, keep_partitions
from hone.datasets.models import Dataset, Example, Version
from hone.datasets.schemas import (
    CheckBegin,
    DatasetCreate,
    DatasetRead,
    DatasetVersionRead,
    ExampleCreate,
    ExportQuery,
    Format,
    Freeze,
    Imported,
    Kind,
    KnowledgeCreate,
    KnowledgeRead,
    Source,
    Splits,
    Status,
)
from hone.datasets.service.checks import CHECK
from hone.datasets.service.checks import begin as begin_check
from hone.datasets.service.checks import cancel_running as cancel_running_check
from hone.datasets.service.collecting import collect
from hone.datasets.service.datasets import access, create, ensure, get, page, statistics
from hone.datasets.service.knowledge import add as add_knowledge
from hone.datasets.service.knowledge import page as knowledge_page
from hone.datasets.service.knowledge import remove as remove_knowledge
from hone.datasets.service.knowledge import sync as sync_knowledge
from hone.datasets.service.knowledge import upload as upload_knowledge
from hone.datasets.service.transfer import asked, take, written
from hone.datasets.service.versions import (
    Enough,
    Poured,
    dataset_of,
    enough,
    freeze,
    make,
    pour,
    reach,
    trained_on,
    version,
)

__all__ = [
    "CHECK",
    "CheckBegin",
    "Dataset",
    "DatasetCreate",
    "DatasetRead",
    "DatasetVersionRead",
    "Enough",
    "Example",
    "ExampleCreate",
    "ExportQuery",
    "Format",
    "Freeze",
    "Imported",
    "Kind",
    "KnowledgeCreate",
    "KnowledgeRead",
    "Poured",
    "Source",
    "Splits",
    "Status",
    "Version",
    "access",
    "add_knowledge",
    "asked",
    "begin_check",
    "cancel_running_check",
    "collect",
    "create",
    "dataset_of",
    "enough",
    "ensure",
    "erase_marked",
    "freeze",
    "get",
    "handlers",
    "keep_partitions",
    "knowledge_page",
    "make",
    "page",
    "pour",
    "reach",
    "remove_knowledge",
    "statistics",
    "sync_knowledge",
    "take",
    "trained_on",
    "upload_knowledge",
    "version",
    "written",
]
