"""Document 1: multi-model management."""

from tests.requirements.documents import multi_model_building as building
from tests.requirements.documents import multi_model_running as running
from tests.requirements.documents import multi_model_using as using
from tests.requirements.ledger import Document

DOCUMENT = Document(
    1,
    "Multi-model management",
    (
        *building.ARCHITECTURE,
        *building.MODELS,
        *running.OPERATIONS,
        *running.SECURITY,
        *running.TROUBLES,
        *using.SDK,
        *using.PERFORMANCE,
        *using.INSIGHT,
        *using.ACADEMY,
    ),
)
