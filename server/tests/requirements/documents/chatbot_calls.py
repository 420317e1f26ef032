"""Document 3: the requests that it prints, as literal bodies and answers."""

MESSAGES = [{"role": "customer", "text": "Is the venue free in June?"}]
_ASKED = (
    ("availability", "Is the venue free in {month}?", "It is free from the 3rd of {month} on."),
    ("price", "What does a wedding in {month} cost?", "In {month} it is 4,000 dollars."),
)
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_TALKS = [
    (label, asked, answer, month)
    for month in _MONTHS
    for label, asked, answer in _ASKED
]  # fmt: skip
LOGS = [
    {
        "messages": [
            {"role": "customer", "text": asked.format(month=month)},
            {"role": "agent", "text": answer.format(month=month)},
        ]
    }
    for _, asked, answer, month in _TALKS
]
ANNOTATIONS = [
    {
        "conversation": number,
        "label": label,
        "entities": [
            {
                "start": asked.index("{month}"),
                "end": asked.index("{month}") + len(month),
                "label": "month",
            }
        ],
    }
    for number, (label, asked, _, month) in enumerate(_TALKS)
]
START_TRAINING = {
    "modelType": "intent_classification",
    "trainingData": {
        "conversationLogs": LOGS,
        "expertAnnotations": ANNOTATIONS,
        "feedbackData": [{"operationId": 123, "feedback": "negative"}],
        "domainKnowledge": {"pages": ["The venue holds 120 guests."]},
    },
    "hyperparameters": {
        "learningRate": 0.001,
        "batchSize": 32,
        "epochs": 3,
        "validationSplit": 0.2,
        "regularization": {"l2": 0.01},
    },
    "optimization": {
        "costFunction": "cross_entropy",
        "optimizer": "adam",
        "learningSchedule": {"warmupSteps": 10},
        "earlyStoppingCriteria": {"patience": 2},
    },
}
MODEL_TYPES = (
    "conversational_ai", "intent_classification", "entity_extraction", "response_generation",
)  # fmt: skip
COST_FUNCTIONS = ("cross_entropy", "focal_loss", "custom")
OPTIMIZERS = ("adam", "sgd", "rmsprop")
DEPTHS = ("basic", "comprehensive", "expert_level")
ASPECTS = (
    "intentRecognitionAccuracy", "responseRelevance", "conversationFlow", "userSatisfaction",
    "taskCompletion", "emotionalIntelligence",
)  # fmt: skip
QUALITY = {
    "conversationId": "conv_1",
    "analysisDepth": "comprehensive",
    "analysisAspects": dict.fromkeys(ASPECTS, True),
}
QUALITY_ANSWER = {
    "overallQualityScore": float,
    "aspectScores": {
        "intentRecognition": {"score": float, "confidence": float, "issues": list},
        "responseRelevance": {"score": float, "confidence": float, "improvements": list},
        "conversationFlow": {"score": float, "naturalness": float, "coherence": float},
        "userSatisfaction": {"score": float, "sentiment": float, "engagement": float},
    },
    "improvementAreas": list,
    "trainingRecommendations": list,
}
LEARNING = {
    "newConversationData": {
        "conversations": [{"messages": MESSAGES}],
        "userFeedback": [{"operationId": 123, "feedback": "negative"}],
        "performanceMetrics": [{"name": "accuracy", "value": 0.93}],
    },
    "learningStrategy": {
        "incrementalLearning": True,
        "onlineAdaptation": False,
        "expertGuidance": True,
        "automaticValidation": True,
    },
    "constraints": {
        "maxTrainingTime": 3600,
        "resourceLimits": {"memoryGB": 4},
        "qualityThresholds": {"accuracy": 0.9},
        "rollbackTriggers": {"accuracy": 0.85},
    },
}
PRIORITIES = ("low", "normal", "high", "critical")
ORCHESTRATE = {
    "trainingRequest": {
        "modelType": "intent_classification",
        "datasetId": "dataset_1",
        "priority": "normal",
        "resourceRequirements": {
            "gpuCount": 0,
            "memoryGB": 4,
            "diskSpaceGB": 1,
            "maxDurationHours": 1,
        },
    },
    "schedulingPreferences": {
        "preferredStartTime": "2026-12-01T00:00:00Z",
        "maxWaitTime": 3600,
        "costOptimization": True,
        "performanceOptimization": False,
    },
}
AUTOMATED = {
    "trainingName": "customer_support_chatbot_v3",
    "modelConfiguration": {
        "baseModel": "gpt-3.5-turbo",
        "customizationLevel": "comprehensive",
        "trainingObjectives": [
            "conversation_quality_improvement",
            "response_time_optimization",
            "user_satisfaction_enhancement",
        ],
    },
    "trainingData": {
        "conversationLogIds": ["log_abc123", "log_def456"],
        "expertAnnotationIds": ["annotation_xyz789"],
        "qualityThreshold": 0.8,
        "dateRange": {"from": "2024-01-01T00:00:00Z", "to": "2024-08-30T23:59:59Z"},
    },
    "trainingParameters": {
        "maxTrainingTime": 14400,
        "targetAccuracyImprovement": 0.15,
        "validationSplit": 0.2,
        "earlyStoppingPatience": 100,
    },
    "resourceConfiguration": {"maxGPUs": 8, "memoryLimitGB": 64, "priorityLevel": "high"},
}
INSUFFICIENT = {
    "error": {
        "code": "INSUFFICIENT_DATA",
        "details": {"required": int, "available": int, "suggestions": [str]},
    }
}
_NOTHING: dict[str, list[str]] = {
    "conversationLogs": [],
    "expertAnnotations": [],
    "feedbackData": [],
    "domainKnowledge": [],
}
NO_DATA = {**START_TRAINING, "trainingData": _NOTHING}
EXPERIMENT = {
    "name": "chatbot_response_optimization_v2",
    "hypothesis": "Improved training reduces average conversation length while maintaining satisfaction",
    "variants": {
        "control": {"modelVersion": "v1.0", "trafficAllocation": 0.5},
        "treatment": {"modelVersion": "v2.0", "trafficAllocation": 0.5},
    },
    "successMetrics": ["conversation_length", "user_satisfaction", "task_completion_rate"],
    "minimumSampleSize": 1000,
    "maxDurationDays": 14,
}
