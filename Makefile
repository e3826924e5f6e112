# Every target sets up what it needs: Python 3.11+, git and make are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DISTS := core plugins/mrko plugins/dnevnik_ru plugins/gosuslugi plugins/example sandbox api
DEPLOYED := core plugins/mrko plugins/dnevnik_ru plugins/gosuslugi api
STAMP := $(VENV)/.ready

# What Python has compiled is kept: the targets start hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo serve sandbox chromium gost-engine services load test test-slow test-postgres test-crashes lint types audit fmt docs bench bench-table lock clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

setup: $(STAMP) ## make the virtual environment

$(STAMP): requirements.lock $(DISTS:%=%/pyproject.toml)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	@echo "Setting up in $(VENV), once; a minute or two…"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock || \
		{ echo "The packages could not be fetched: is there a network, or a package index in pip's settings?"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation $(DISTS:%=--editable ./%)
	@touch $@

demo: setup ## link two invented families and show their week
	@$(BIN)/diary demo

serve: setup ## run the gateway
	@$(BIN)/diary serve

sandbox: setup ## run the invented town
	@$(BIN)/diary sandbox

chromium:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
		echo "Installing Chromium for the browser tests…" && apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null; } || \
		echo "No Chromium, and no way to install it here: the browser tests will say so and be skipped."

gost-engine:
	@openssl engine -t gost 2>/dev/null | grep -q '\[ available \]' || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
		echo "Installing OpenSSL's GOST engine for the signature tests…" && apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends openssl libengine-gost-openssl >/dev/null; } || \
		echo "No GOST engine, and no way to install it here: the tests against OpenSSL will say so and be skipped."

services:
	@{ command -v redis-server && ls /usr/lib/postgresql/*/bin/postgres; } >/dev/null 2>&1 || { [ "$$(id -u)" = 0 ] && \
		command -v apt-get >/dev/null && echo "Installing PostgreSQL and Redis for the tests…" && apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql redis-server >/dev/null; } || \
		echo "No PostgreSQL or Redis, and no way to install them here: the tests on them will say so and be skipped."

load:
	@{ command -v wrk && command -v nginx; } >/dev/null 2>&1 || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
		echo "Installing wrk and nginx for the measurements…" && apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends wrk nginx-light >/dev/null; } || \
		echo "No wrk or nginx, and no way to install them here: what needs them is left out."

# Two workers more than there are cores: many tests wait for another process, or for a stuck one to be given up.
# Each is given a run of neighbours, which share what a module or a folder sets up.
WORKERS ?= $(shell expr $$(nproc 2>/dev/null || echo 2) + 2)
SPREAD = -n $(WORKERS) --dist worksteal

test: setup chromium gost-engine services ## run every test but the slow ones
	$(BIN)/pytest $(SPREAD) -m "not slow and not proof"

test-slow: setup chromium gost-engine services ## run the slow ones: more towns, doors and examples
	$(BIN)/pytest $(SPREAD) -m "(slow or hypothesis) and not proof" --hypothesis-profile=many

test-faults: setup ## break the diaries in every way at every route
	$(BIN)/pytest $(SPREAD) -m proof tests/api/faults

test-crashes: setup services ## kill the gateway 200 times under load
	$(BIN)/pytest -n 2 -m proof tests/api/test_kills.py tests/api/absences/test_crashes.py

test-postgres: setup services ## the tests of the API that are not slow, on PostgreSQL
	DIARY_TESTS_ON=postgresql $(BIN)/pytest $(SPREAD) -m "not slow and not proof" tests/api

.PHONY: test-faults test-flood soak
test-flood: setup ## ask ten times what a process can carry
	@mkdir -p .run
	DIARY_FLOOD_REPORT=.run/flood.json $(BIN)/pytest -s -m proof tests/api/test_flood.py

soak: setup ## half an hour of mixed traffic and faults: nothing may grow; MINUTES=5 for less
	@mkdir -p .run
	MINUTES=$(or $(MINUTES),30) DIARY_SOAK_REPORT=.run/soak.json $(BIN)/pytest -s -m proof tests/api/test_soak.py

lint: setup ## style, spelling, import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/codespell

types: setup ## static types, strict
	$(BIN)/pyright

audit: setup ## ask the advisory service about every pinned package
	@$(BIN)/python .ci/audit.py

fmt: setup ## put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: setup ## write the pages that come from the code
	$(BIN)/python -m diary_core.reference docs

bench: setup services load ## measure everything side by side, or one part: PART=cold
	@$(BIN)/python -m benchmarks $(PART)

bench-table: setup ## write the newest figures into benchmarks/README.md
	@$(BIN)/python -m benchmarks table

lock: setup ## pin every dependency anew
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--no-emit-package diary-core --group dev --all-extras $(DISTS:%=%/pyproject.toml) --output-file requirements.lock
	echo hatchling | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--no-emit-package diary-core --all-extras --constraint requirements.lock \
		$(DEPLOYED:%=%/pyproject.toml) - --output-file deploy/requirements.lock

clean: ## remove what the targets made
	rm -rf $(VENV) .venv-bench .run
