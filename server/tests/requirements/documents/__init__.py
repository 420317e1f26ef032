"""The five documents of requirements, in order."""

from tests.requirements.documents.ai_model_management import DOCUMENT as AI_MODEL_MANAGEMENT
from tests.requirements.documents.ai_training_system import DOCUMENT as AI_TRAINING_SYSTEM
from tests.requirements.documents.chatbot_training import DOCUMENT as CHATBOT_TRAINING
from tests.requirements.documents.multi_model import DOCUMENT as MULTI_MODEL
from tests.requirements.documents.training_and_certification import (
    DOCUMENT as TRAINING_AND_CERTIFICATION,
)

DOCUMENTS = (
    MULTI_MODEL,
    TRAINING_AND_CERTIFICATION,
    CHATBOT_TRAINING,
    AI_TRAINING_SYSTEM,
    AI_MODEL_MANAGEMENT,
)
