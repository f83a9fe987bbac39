# A newcomer's commands: make demo, make browse, make test. Needs Python 3.11 or newer and make; installs into .venv.

PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
INSTALLED := .venv/installed
unexport PYTHONDONTWRITEBYTECODE # with it, every command started would compile all libraries anew

.PHONY: help demo browse test test-thorough replica quality lint types docs docs-check screenshots site bench lock clean
.DEFAULT_GOAL := help

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

$(INSTALLED): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; say which: make PYTHON=/path/to/python" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is older than Python 3.11" >&2; exit 1; }
	@echo "Installing into .venv (about a minute)"
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

demo: $(INSTALLED) ## crawl the bundled sample of both sites into demo.db and say what was archived
	@rm -rf demo.db demo.db-wal demo.db-shm demo.lock demo.files
	@$(BIN)/briefing demo --db demo.db

browse: $(INSTALLED) ## serve demo.db to a browser: the reading room, and Datasette beneath it
	@$(BIN)/briefing browse --db demo.db

test: $(INSTALLED) ## run the tests, nine minutes on two cores
	@$(BIN)/python -m pytest --numprocesses auto --dist loadfile -m "not thorough"

test-thorough: $(INSTALLED) ## run the tests that go through everything, and properties on many more examples
	@$(BIN)/python -m pytest --numprocesses auto --dist loadfile -m "thorough or hypothesis" --hypothesis-profile thorough

replica: $(INSTALLED) ## crawl the large replica of ../shared in its scenarios, or in SCENARIOS="small edits"
	@$(BIN)/python -m tests.replica.scenarios ../shared $(SCENARIOS)

quality: $(INSTALLED) ## score extraction on labelled texts, those of ../shared too where it is there
	@$(BIN)/python -m quality.gate $(wildcard ../shared)

lint: $(INSTALLED) ## check style and spelling
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/codespell

types: $(INSTALLED) ## check types
	@$(BIN)/mypy
	@$(BIN)/mypy docs quality

docs: $(INSTALLED) ## write the generated pages of docs/
	@$(BIN)/python -m docs.generate

docs-check: $(INSTALLED) ## check that the generated pages of docs/ are current
	@$(BIN)/python -m docs.generate --check

screenshots: $(INSTALLED) ## take the pictures of README and docs anew, in the system's Chromium
	@$(BIN)/python -m docs.screenshots

site: $(INSTALLED) ## build the documentation as a site, failing on a broken link
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict

bench: $(INSTALLED) ## measure speed and size
	@for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

# Renewing needs uv (https://docs.astral.sh/uv/); installing from the lock does not.
lock: ## renew requirements.lock to the newest versions
	uv pip compile pyproject.toml --group build --group dev --group docs --universal --python-version 3.11 --upgrade \
		--generate-hashes --no-annotate --no-emit-index-url --custom-compile-command "make lock" \
		--quiet --output-file requirements.lock

clean: ## remove .venv and the demo archive
	rm -rf .venv demo.db demo.db-wal demo.db-shm demo.lock demo.files
