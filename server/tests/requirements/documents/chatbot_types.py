"""Document 3: the types that it prints, and the operation of our API that is each member's home."""

CONVERSATIONS = "GET /api/conversations/{conversation_id}"
QUALITY = "POST /api/analysis/conversation-quality"
PATTERNS = "GET /api/analysis/patterns"
IMPROVEMENTS = "GET /api/analysis/improvements"
JOURNEYS = "GET /api/analysis/journeys"
REVIEWS = "GET /api/reviews"
EXPERIMENTS = "POST /api/ai/ab-tests"
RESULTS = "GET /api/ai/ab-tests/{test_id}/results"
START = "POST /api/training/chatbot/start-training"
LEARN = "POST /api/training/continuous-learning"
ORCHESTRATE = "POST /api/training/orchestrate"
RUNS = "GET /api/training/runs"
SCHEDULES = "GET /api/training/schedules"
RESOURCES = "GET /api/training/resources"
MODELS = "GET /api/ai/models"
RELEASES = "GET /api/releases"
DATASETS = "GET /api/datasets"
IMPORTS = "POST /api/conversations/import"
FEEDBACK = "POST /api/ai/feedback"
METRICS = "GET /api/ai/metrics"
MONITORS = "GET /api/monitors"
REPORTS = "GET /api/reports"
ALERTS = "GET /api/ai/alerts"


def all_at(home: str, members: str) -> dict[str, str]:
    """Give members one home."""
    return dict.fromkeys(members.split(), home)


ANALYSIS_INTERFACE = {
    "conversationViewer": CONVERSATIONS,
    "analysisPanel": QUALITY,
    "annotationTools": REVIEWS,
    "performanceMetrics": METRICS,
    "improvementSuggestions": IMPROVEMENTS,
}
THREAD_VIEWER = {
    "messageFlow": CONVERSATIONS,
    "sentimentAnalysis": QUALITY,
    "intentRecognition": QUALITY,
    "entityExtraction": QUALITY,
    "userJourneyMap": JOURNEYS,
}
AB_INTERFACE = all_at(EXPERIMENTS, "testDesigner trafficSplitter") | {
    "resultsAnalyzer": RESULTS,
    "significanceCalculator": RESULTS,
    "deploymentManager": RELEASES,
}
AB_WIZARD = all_at(
    EXPERIMENTS, "hypothesisBuilder metricSelector audienceSegmenter durationPlanner powerAnalyzer"
)
TRAINING_API = {
    "initializeTraining": START,
    "processConversationData": DATASETS,
    "trainModel": START,
    "evaluateModel": MODELS,
    "deployModel": RELEASES,
}
ANALYSIS_ENGINE = {
    "analyzeConversationQuality": QUALITY,
    "extractConversationPatterns": PATTERNS,
    "identifyImprovementOpportunities": IMPROVEMENTS,
    "generateTrainingRecommendations": IMPROVEMENTS,
}
IMPROVEMENT_ENGINE = {
    "continuousLearning": LEARN,
    "performanceOptimization": ORCHESTRATE,
    "feedbackIntegration": FEEDBACK,
    "adaptiveRetraining": LEARN,
}
INTEGRATION_HUB = {
    "conversationSources": IMPORTS,
    "feedbackCollectors": FEEDBACK,
    "knowledgeBaseSyncr": "GET /api/datasets/{dataset}/knowledge",
    "expertAnnotations": REVIEWS,
    "qualityControllers": DATASETS,
}
CHAT_PLATFORMS = all_at(IMPORTS, "webChat whatsapp facebook slack teams telegram")
ANALYTICS = all_at(IMPORTS, "googleAnalytics mixpanel amplitude customAnalytics")
SUPPORT = all_at(IMPORTS, "zendesk intercom freshdesk customSupport")
ORCHESTRATOR = {
    "trainingScheduler": SCHEDULES,
    "resourceManager": RESOURCES,
    "modelVersioning": MODELS,
    "experimentTracking": RUNS,
    "deploymentAutomation": RELEASES,
}
SCHEDULER = {
    "scheduleTraining": ORCHESTRATE,
    "optimizeResourceUsage": RESOURCES,
    "prioritizeTrainingJobs": RUNS,
    "handleResourceContention": RUNS,
}
LEARNING = {
    "feedbackCollectors": FEEDBACK,
    "performanceMonitors": MONITORS,
    "improvementDetectors": MONITORS,
    "retrainingTriggers": LEARN,
}
EXPLICIT = all_at(FEEDBACK, "userRatings thumbsUpDown detailedReviews expertEvaluations")
IMPLICIT = all_at(
    "GET /api/ai/feedback/summary",
    "conversationLength taskCompletion userRetention escalationRates",
)
CONTEXTUAL = all_at(QUALITY, "conversationContext userIntent emotionalResponse businessOutcome")
DATA_PIPELINES = all_at(DATASETS, "ingestion preprocessing augmentation validation")
ML_INFRASTRUCTURE = {
    "trainingClusters": RESOURCES,
    "modelRegistry": MODELS,
    "experimentTracking": RUNS,
    "featureStore": DATASETS,
}
DEPLOYMENT_SYSTEMS = {
    "containerOrchestration": RESOURCES,
    "modelServing": RELEASES,
    "loadBalancing": "GET /api/routes",
    "monitoringIntegration": MONITORS,
}
EVENT_SYSTEM = {
    "trainingEvents": "GET /api/training/runs",
    "performanceEvents": MONITORS,
    "feedbackEvents": "GET /api/ai/feedback",
    "deploymentEvents": "GET /api/releases",
}
EVENT_PROCESSOR = {"processPerformanceDegradation": MONITORS, "processUserFeedbackBatch": LEARN}
DISTRIBUTED = all_at(
    RESOURCES,
    "computeClusterManager resourceScheduler distributedTrainingOrchestrator performanceOptimizer",
)
CLUSTERS = all_at(
    RESOURCES, "provisionCluster scaleCluster optimizeResourceAllocation monitorClusterHealth"
)
RESOURCE_SCHEDULER = all_at(
    RUNS, "scheduleTrainingJob optimizeBatchSize balanceGPUUtilization predictTrainingDuration"
)
OPTIMIZER = all_at(
    ORCHESTRATE,
    "optimizeDataLoading optimizeModelArchitecture optimizeHyperparameters optimizeTrainingStrategy",
)
MONITORING = {
    "realTimeMetrics": RUNS,
    "performanceAnalytics": METRICS,
    "resourceUtilization": RESOURCES,
    "costOptimization": RUNS,
}
REAL_TIME = {
    "trackTrainingProgress": RUNS,
    "monitorModelPerformance": METRICS,
    "alertOnAnomalies": ALERTS,
    "generatePerformanceReports": REPORTS,
}
PREPARATION = all_at(
    DATASETS, "conversationIngestion qualityFiltering dataAugmentation featureExtraction"
)
PERFORMANCE_MONITORING = {
    "collectTrainingMetrics": RUNS,
    "monitorModelAccuracy": METRICS,
    "trackResourceUtilization": RESOURCES,
    "generatePerformanceReport": REPORTS,
}
