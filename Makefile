# The two commands: `make run` and `make test`. Everything that they need is set up on the way, once.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
GRAPHIQL := fleet_api/graphql/graphiql
GRAPHIQL_BUILT := $(GRAPHIQL)/dist/built-from.txt

node_to_measure = $(BIN)/python -m benchmarks.node || { \
	echo "No Node 22 here: installing one into .venv …" >&2; \
	$(PIP) --require-hashes -r requirements-node.txt >&2; } || true

.PHONY: help run test check bench bench-live fault hostile schema release-schema migrate token graphiql lock clean
.DEFAULT_GOAL := help

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

run: .venv/run $(GRAPHIQL_BUILT) ## Set up, start the database, migrate, seed and serve; Ctrl-C stops it all
	@exec $(BIN)/fleet-api serve

test: .venv/dev $(GRAPHIQL_BUILT) ## Run the tests, which must cover 90 % of the code
	@$(BIN)/python -m pytest --cov --cov-report=term:skip-covered --cov-fail-under=90 $(ARGS)

check: .venv/dev ## Lint, types, layers, drift of schema and migrations, and whether frontends can build on the schema
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy -p fleet_api
	$(BIN)/lint-imports
	$(BIN)/fleet-api export-schema --check
	$(BIN)/fleet-api schema-changes
	$(BIN)/python -m tests.schema
	@# On a database of its own, which any account may reach: as root, PostgreSQL runs as nobody.
	@scratch=$$(mktemp -d) && chmod 755 "$$scratch" && trap 'rm -rf "$$scratch"' EXIT INT TERM && \
		echo "$(BIN)/fleet-api migrate --check" && \
		FLEET_DATABASE_URL= FLEET_DATA_DIR="$$scratch" $(BIN)/fleet-api migrate --check

bench: .venv/dev ## Measure beside the stack's limit, the tutorial way and PostGraphile (9 min): ARGS=--help
	@$(node_to_measure)
	@exec $(BIN)/python -m benchmarks.bench $(ARGS)

bench-live: .venv/dev ## Measure subscriptions beside the stack's limit and graphql-ws (8 min): ARGS=--help
	@$(node_to_measure)
	@exec $(BIN)/python -m benchmarks.live $(ARGS)

fault: .venv/dev ## Break what can break while events flow, and count what is lost, told twice or out of order (3 min)
	@exec $(BIN)/python -m benchmarks.fault $(ARGS)

hostile: .venv/dev ## Attack a server a thousand times in each of many ways, while a client in order asks on (3 min)
	@exec $(BIN)/python -m benchmarks.hostile $(ARGS)

schema: .venv/run ## Write schema.graphql
	@$(BIN)/fleet-api export-schema

release-schema: .venv/run ## Promise today's schema to clients: from now on, changes are compared with it
	@$(BIN)/fleet-api schema-changes --release

migrate: .venv/run ## Bring the database to the newest revision
	@$(BIN)/fleet-api migrate

token: .venv/run ## Print a token: make -s token ROLE=dispatcher PROVIDER=north [DRIVER=+47…] [TTL=seconds]
	@exec $(BIN)/fleet-api token $(if $(ROLE),--role '$(ROLE)',$(if $(DRIVER),--role driver)) \
		$(if $(PROVIDER),--provider '$(PROVIDER)') $(if $(DRIVER),--driver '$(DRIVER)') $(if $(TTL),--ttl '$(TTL)')

graphiql: $(GRAPHIQL_BUILT) ## Build the GraphiQL page

lock: ## Write the requirements*.txt anew from pyproject.toml; needs uv
	@command -v uv >/dev/null || { echo "make lock needs uv: $(PYTHON) -m pip install uv" >&2; exit 1; }
	@set -e; compile() { uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header "$$@"; }; \
		compile pyproject.toml --extra embedded --group build -o requirements.txt; \
		compile pyproject.toml --extra embedded --group build --group dev -c requirements.txt -o requirements-dev.txt; \
		compile pyproject.toml -c requirements.txt -o requirements-image.txt; \
		compile --group node -o requirements-node.txt

clean: ## Remove what was set up; the data in .fleet stays
	@rm -rf .venv $(GRAPHIQL)/dist $(GRAPHIQL)/node_modules benchmarks/servers/*/node_modules tests/*/node_modules \
		.coverage .hypothesis .*_cache
	@find . -name __pycache__ -prune -exec rm -rf {} +

# What follows talks on stderr, so that `make -s token` prints a token and nothing else, even the first time.

.venv/run: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed: make PYTHON=…")' >&2
	@echo "Setting up .venv (about 20 s, once) …" >&2
	@$(PYTHON) -m venv .venv >&2
	@$(PIP) --require-hashes -r requirements.txt >&2
	@$(PIP) --no-deps --no-build-isolation -e . >&2
	@$(BIN)/python -m compileall -q fleet_api >&2
	@touch $@

.venv/dev: .venv/run requirements-dev.txt
	@echo "Setting up what tests and checks need …" >&2
	@$(PIP) --require-hashes -r requirements-dev.txt >&2
	@touch $@

# Without Node, without a network, or when its build fails, the API is served all the same, and the next make tries anew.
$(GRAPHIQL_BUILT): .venv/run $(wildcard $(addprefix $(GRAPHIQL)/,package*.json vite.config.js index.html src/*.* src/examples/*))
	@$(BIN)/python -c 'import sys; from $(subst /,.,$(GRAPHIQL)).build import npm_of_machine; sys.exit(not npm_of_machine())' || { \
		echo "No Node that will do here: installing one into .venv …" >&2; \
		$(PIP) --require-hashes -r requirements-node.txt >&2; } || true
	@$(BIN)/python -m $(subst /,.,$(GRAPHIQL)).build >&2 && if [ -f $@ ]; then touch $@; fi || true
