# Two commands are enough: `make run` and `make test`. `make` alone lists the others.

PYTHON ?= python3
BIN := .venv/bin
CHECKED := app alembic requirements tests rxconfig.py

.DEFAULT_GOAL := help
.PHONY: help run test check bench pictures lock clean install-run install-dev browser

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

run: install-run ## the demonstration, on http://localhost:3000
	@exec $(BIN)/liane demo

test: check browser ## every check and every test, a browser included
	@$(BIN)/liane build
	@$(BIN)/python -m pytest --numprocesses=auto --maxprocesses=4 $(ARGS)

check: install-dev ## format, lint, types, layers, secrets
	@echo "→ format"
	@$(BIN)/ruff format --check --quiet $(CHECKED)
	@echo "→ lint"
	@$(BIN)/ruff check --quiet $(CHECKED)
	@echo "→ types"
	@$(BIN)/mypy --no-error-summary
	@echo "→ layers"
	@$(BIN)/lint-imports --no-logo
	@echo "→ secrets"
	@$(BIN)/python -m pytest --quiet --no-header tests/architecture/test_secrets.py

bench: install-dev ## measure, and print a table and its JSON
	@$(BIN)/python -m tests.bench $(ARGS)

pictures: browser ## take the pictures of the help centre again, from the running product
	@$(BIN)/liane build
	@$(BIN)/python -m tests.pictures

lock: install-dev ## solve the dependencies again (UPGRADE=1: to their newest versions)
	@$(BIN)/python requirements/lock.py $(if $(UPGRADE),--upgrade)

clean: ## remove what was built and installed; keeps data/
	@rm -rf .venv .web .states .mypy_cache .ruff_cache .pytest_cache .import_linter_cache \
		.hypothesis test-results build *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

install-run:
	@command -v $(PYTHON) >/dev/null || { \
		echo "Python est introuvable : installez Python 3.11 ou plus récent." >&2; exit 1; }
	@$(PYTHON) requirements/install.py run

install-dev:
	@command -v $(PYTHON) >/dev/null || { \
		echo "Python est introuvable : installez Python 3.11 ou plus récent." >&2; exit 1; }
	@$(PYTHON) requirements/install.py dev

browser: install-dev
	@$(BIN)/python -m tests.e2e.browser
