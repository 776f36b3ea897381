# One line a job. Set-up is part of every job: tools/setup.py installs what is missing and is silent when nothing is.

PYTHON3 ?= python3
SETUP := $(PYTHON3) tools/setup.py
PYTHON := .venv/bin/python
COMPILE := $(PYTHON) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make requirements"

.DEFAULT_GOAL := help
.PHONY: help run test lint bench gallery prove package locale requirements dev

help: ## this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1|/' | while IFS='|' read -r job text; do printf '%-20s %s\n' "$$job" "$$text"; done

run: ## open the demo shop (without a screen: make it, export lists and pictures into build/run)
	@$(SETUP) run

test: lint ## all checks and tests, without a screen
	@QT_QPA_PLATFORM=offscreen $(PYTHON) -m pytest -n auto

lint: dev ## ruff, mypy --strict and the import contracts
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy
	@.venv/bin/lint-imports

bench: dev ## ratios of search, import and scoring on a big shop
	@QT_QPA_PLATFORM=offscreen $(PYTHON) -m tests.bench

gallery: dev ## pictures of every page into build/gallery
	@QT_QPA_PLATFORM=offscreen $(PYTHON) -m shopcrm --home build/demo gallery build/gallery

prove: dev ## the long versions of the promises
	@SHOPCRM_PROVE=1 QT_QPA_PLATFORM=offscreen $(PYTHON) -m pytest tests/prove tests/collect

package: dev ## a program folder in dist/ that needs no Python, built and tried
	@$(PYTHON) -m PyInstaller --noconfirm --log-level WARN build.spec
	@SHOPCRM_PACKAGE=dist/ShopCRM QT_QPA_PLATFORM=offscreen $(PYTHON) -m pytest -s tests/package

locale: dev ## collect the texts of the code into the catalogues and compile them
	@$(PYTHON) tools/catalogues.py

requirements: dev ## pin the dependencies anew, with hashes and without addresses
	@$(COMPILE) --group build -o requirements-build.txt
	@$(COMPILE) pyproject.toml -o requirements.txt
	@$(COMPILE) pyproject.toml --group dev -o requirements-dev.txt

dev:
	@$(SETUP) dev
