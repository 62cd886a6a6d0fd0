# `make check` is what CI runs. `make help` lists the targets.
.PHONY: help check format lint types contracts schema sdl workbench test pins

RUN = uv run

help:
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

check: lint types contracts sdl schema workbench ## everything that CI demands, but for the tests

format: ## write the code as ruff formats it
	$(RUN) ruff format .
	$(RUN) ruff check --fix .
	$(RUN) python hatch_build.py run format

lint: ## the code as ruff demands it
	$(RUN) ruff format --check .
	$(RUN) ruff check .

types: ## mypy, strict
	$(RUN) mypy

contracts: ## the import contracts of docs/architecture.md
	$(RUN) lint-imports

sdl: ## app/api/schema.graphql is what the code declares
	$(RUN) sayso schema --check app/api/schema.graphql

schema: ## migrations, models and migrations/schema.sql describe one schema
	$(RUN) pytest -q tests/migrations/test_schema.py

workbench: ## the researchers' page: its types, lint, unit tests, and that it can be built
	$(RUN) python hatch_build.py demand
	$(RUN) python hatch_build.py run check

test: ## the whole suite on all cores, against real PostgreSQLs that it starts itself
	$(RUN) pytest

pins: ## print the exact versions of the whole tree, for pyproject.toml
	@uv export --no-hashes --no-header --no-annotate --no-emit-project | sed -E 's/ ;.*//; s/.*/    "&",/'
