"""Document 1, modules 7 to 10: SDKs, performance, analytics, certification."""

from tests.requirements.checks import (
    call,
    every,
    file,
    hears,
    index,
    metric,
    offers,
    partitions,
    select,
    told,
)
from tests.requirements.documents import multi_model_calls as calls
from tests.requirements.documents.ai_model_management import feature
from tests.requirements.ledger import (
    Block,
    awaits,
    block,
    context,
    prose,
    replaced,
    works,
)

GATEWAY = 4
OVERVIEW = "/api/ai/overview?window=24h"
WATCHED = {"items": [{"kind": str, "state": str, "words": str}]}
"""Every organization has monitors of what is promised here."""

SDK = (
    block(
        21,
        "1eabea923e92",
        "JavaScript: installation",
        awaits(None, "install", "sdk", "npm install", file("sdks/typescript")),
    ),
    block(
        22,
        "d16a49ccc0b6",
        "JavaScript: basic usage",
        works(
            "request",
            "sdk",
            "client.query, as a request",
            calls.query("Explain quantum computing", "gpt-4", 500),
            "`POST /v1/chat/completions`; any OpenAI client",
        ),
        awaits(None, "client", "sdk", "AIMultiModelClient", file("sdks/typescript")),
    ),
    block(
        23,
        "c65c2c84184b",
        "JavaScript: advanced features",
        works(
            "stream",
            "sdk",
            "client.stream, as a request",
            calls.stream("Write a story about AI", "claude-3.5-sonnet"),
        ),
        works(
            "status",
            "live",
            "client.on('modelStatusChange')",
            hears(
                "model_status",
                "modelStatusChange",
                {"data": {"models": [{"model": str, "available": bool}]}},
            ),
            "on `/ws`, channel `model_status`",
        ),
        works(
            "batch",
            "sdk",
            "client.batch without a model, as requests",
            every(
                calls.query("Translate to Spanish: Hello world", None),
                calls.query("Summarize: Long text here...", None),
            ),
            "without `model` Hone chooses among all models",
        ),
    ),
    block(
        24,
        "2ec20d700469",
        "Python: installation",
        awaits(None, "install", "sdk", "pip install", file("sdks/python")),
    ),
    block(
        25,
        "2ad47176bfd7",
        "Python: basic usage",
        works(
            "request",
            "sdk",
            "client.query, as a request",
            calls.query("Explain machine learning", "claude-3.5-sonnet", 500),
        ),
        awaits(None, "client", "sdk", "AIMultiModelClient", file("sdks/python")),
    ),
    block(
        26,
        "8f03b6a4145b",
        "Python: advanced features",
        works(
            "stream",
            "sdk",
            "client.stream, as a request",
            calls.stream("Write a poem about technology", "gpt-4"),
        ),
        works(
            "websocket",
            "live",
            "subscribe to model_metrics",
            hears("model_metrics", "model_metrics", {"data": {"requestsPerSecond": float}}),
        ),
    ),
)

PERFORMANCE = (
    block(
        27,
        "3d2986116d43",
        "Caching",
        awaits(
            GATEWAY,
            "cache",
            "configuration",
            "Answers are cached for 1 hour",
            call("POST", "/api/routes", calls.CACHED, status=201, missing="422"),
        ),
    ),
    block(
        28,
        "c34b13a82324",
        "Intelligent routing",
        replaced(
            "score",
            "configuration",
            "selectOptimalModel",
            calls.route("intelligent", "optimal"),
            "the policy `intelligent`; for availability there are circuit breakers",
        ),
    ),
    block(
        29,
        "67d88ea3b8a7",
        "Database optimization",
        replaced(
            "model-created",
            "ddl",
            "idx_ai_requests_model_created",
            index("operation_minutes", "btree", "organization_id", "minute", "model"),
            "sums by minute and model: the key of `operation_minutes`",
        ),
        replaced(
            "user-status",
            "ddl",
            "idx_ai_requests_user_status",
            index("operations", "btree", "organization_id", "user_id", "created_at"),
            "`operations_user`",
        ),
        replaced(
            "partition",
            "ddl",
            "ai_requests_2024_01",
            partitions("operations"),
            "months of `operations`, made ahead by Hone",
        ),
    ),
    prose(
        "Key metrics",
        *(
            works(slug, "figure", name, call("GET", OVERVIEW, shape={"totals": {each: float}}))
            for slug, name, each in (
                ("throughput", "Requests per second", "requestsPerSecond"),
                ("p50", "P50", "p50Ms"),
                ("p95", "P95", "p95Ms"),
                ("p99", "P99", "p99Ms"),
                ("errors", "Error rate", "errorRate"),
                ("cost", "Cost", "costUsd"),
            )
        ),
        feature(None, "resources", "CPU, memory, disk", metric("process_resident_memory_bytes")),
    ),
    prose(
        "Performance targets",
        works(
            "p95", "figure", "Under 2 seconds (P95)", told(calls.quick), "50 calls to the simulator"
        ),
        works(
            "errors",
            "figure",
            "Under 0.1 % errors, watched",
            call("GET", "/api/monitors", shape=WATCHED),
        ),
        replaced(
            "throughput",
            "figure",
            "Over 1,000 requests a second",
            file("bench/spine.py", "req/s"),
            "measured by `make bench`",
        ),
        works(
            "cost",
            "figure",
            "Under $0.10 a request, watched",
            call("GET", "/api/monitors", shape=WATCHED),
        ),
        works(
            "availability",
            "figure",
            "99.99 % availability, watched",
            call("GET", "/api/monitors", shape=WATCHED),
        ),
    ),
)

INSIGHT = (
    block(
        30,
        "3f578496c378",
        "Business metrics",
        works("revenue", "sql", "calculateRevenue", select(calls.REVENUE, "2026-01-01", least=1)),
        works("engagement", "sql", "getUserEngagement", select(calls.ENGAGEMENT, least=1)),
    ),
    block(
        31,
        "a756efb36d0d",
        "Real-time analytics",
        awaits(
            None,
            "stream",
            "live",
            "analytics_update every 5 seconds",
            hears(
                "analytics", "analytics_update", {"data": {"activeUsers": int}, "timestamp": str}
            ),
        ),
        works(
            "figures",
            "live",
            "Requests per second, latency, cost per hour, mix of models",
            hears(
                "model_metrics",
                "model_metrics",
                {
                    "data": {
                        "requestsPerSecond": float,
                        "latency": dict,
                        "costPerHourUsd": float,
                        "modelDistribution": [{"model": str}],
                    }
                },
            ),
            "in the messages of `model_metrics`",
        ),
    ),
    block(
        32,
        "81fc4dd48474",
        "Automated reports",
        awaits(
            None,
            "daily",
            "feature",
            "generate_daily_report, sent by e-mail or Slack",
            offers("GET /api/reports"),
        ),
        works(
            "figures",
            "request",
            "Requests, cost, response time, error rate, models of a day",
            call(
                "GET",
                OVERVIEW,
                shape={"totals": {"requests": int, "costUsd": float}, "models": [{"model": str}]},
            ),
            "`GET /api/ai/overview?window=24h`",
        ),
    ),
)

ACADEMY: tuple[Block, ...] = (
    prose(
        "Certification",
        *(
            feature(None, slug, name, call("GET", path))
            for slug, name, path in (
                ("modules", "Ten modules", "/api/academy/modules"),
                ("workshop", "Four exercises", "/api/academy/labs"),
                ("bronze", "Bronze: modules 1 to 4", "/api/academy/schemes"),
                ("silver", "Silver: modules 1 to 8", "/api/academy/schemes"),
                ("gold", "Gold: all modules and a project", "/api/academy/schemes"),
                ("choice", "40 questions, 60 % to pass", "/api/academy/questions"),
                ("practical", "Practical tasks, 80 % to pass", "/api/academy/labs"),
                ("review", "Review of code", "/api/academy/labs"),
                ("scenarios", "Scenarios", "/api/academy/labs"),
                ("productive", "Productive in under 2 weeks", "/api/academy/statistics"),
                ("passed", "90 % pass within 3 attempts", "/api/academy/statistics"),
                ("tickets", "Half the basic questions", "/api/academy/statistics"),
                ("resolution", "40 % faster resolution", "/api/academy/statistics"),
            )
        ),
    ),
    prose(
        "Resources",
        works("reference", "page", "API reference", call("GET", "/openapi.json"), "`/docs`"),
        works("guides", "page", "Deployment and troubleshooting", file("docs/index.md"), "`docs/`"),
        context("support", "page", "Chat, mail, videos, status page", "places of one company"),
    ),
)
