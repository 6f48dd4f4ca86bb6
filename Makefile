# Everything a person types by hand. `make help` explains; what is already done is not done again (stamps below .venv).

SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
# Compiled modules stay beside the sources, whatever the shell says: each start without them takes seconds longer.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
DONE := $(VENV)/done
PYTHON_IN := $(VENV)/bin/python
# Wheels and hashes only: nothing is built from sources here, so nothing outside the locks is fetched or run.
PIP := $(PYTHON_IN) -m pip install --quiet --disable-pip-version-check --no-input --no-compile --only-binary :all: --require-hashes
UNINSTALL := $(PYTHON_IN) -m pip uninstall --quiet --disable-pip-version-check --yes
ASSETS := gewu/web/static/assets/manifest.json
MODULES := node_modules/.package-lock.json
PAGE_SOURCES := package.json package-lock.json $(shell find frontend -type f)
FONTS := $(addprefix gewu/core/documents/fonts/,NotoSansSC_400Regular.ttf NotoSansSC_600SemiBold.ttf)
TRANSLATIONS := $(shell find gewu -name '*.po')
NPM := PATH="$$(tools/find_node.sh):$$PATH" npm
HAVE_NODE := tools/find_node.sh >/dev/null || { echo "no recent Node here: putting one into $(VENV)"; $(PIP) -r requirements/node.txt; }
TYPES := $(NPM) run --silent types
# Tests wait for browsers and for programs they start: two more than there are processors keep these busy.
WORKERS ?= $$(($$(getconf _NPROCESSORS_ONLN) + 2))

.PHONY: help check install demo test handbook soak bench lighthouse lint lock messages

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

demo: install ## fill the folder data/ with the model town if it is empty, and serve it on http://127.0.0.1:8000
	@exec $(VENV)/bin/gewu --data data demo

test: $(DONE)/test install ## run all tests on SQLite, then those of the store on PostgreSQL
	@tools/ensure_services.sh
	$(TYPES)
	$(PYTHON_IN) -m pytest -q -n $(WORKERS) --dist worksteal
	GEWU_TEST_STORE=postgresql $(PYTHON_IN) -m pytest -q -n $(WORKERS) --dist worksteal

# What only builds the pages (240 MB) is removed when they are built, unless the tests are set up, which need it too.
install: check $(DONE)/core $(DONE)/package $(ASSETS) $(FONTS) $(DONE)/messages ## set up .venv, build the pages and the translations
	@[ -e $(DONE)/test ] || [ ! -e node_modules ] || { echo "removing what only builds the pages"; rm -rf node_modules; }
	@[ -e $(DONE)/test ] || [ ! -x $(VENV)/bin/node ] || $(UNINSTALL) -r requirements/node.txt

lint: $(DONE)/dev install ## style, types, translations
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(TYPES)
	$(PYTHON_IN) tools/messages.py check

bench: install ## measure the program against the machine's floor, with ratios
	$(VENV)/bin/gewu bench

handbook: $(DONE)/test install ## make the pictures of the handbook anew
	HANDBOOK_WRITE=1 $(PYTHON_IN) -m pytest -q tests/web/staff/test_handbook_in_browser.py

lighthouse: $(DONE)/test install ## Lighthouse over the main pages: accessibility 100, residents' performance at least 95
	@tools/ensure_services.sh
	PATH="$$(tools/find_node.sh):$$PATH" $(PYTHON_IN) -m tools.lighthouse

soak: $(DONE)/test install ## the long tests: power cuts, kill loops, fuzz, whole replays (hours)
	@tools/ensure_services.sh
	$(PYTHON_IN) -m pytest -q -n $(WORKERS) -m soak

messages: $(DONE)/dev install ## gather new strings from the sources, derive traditional characters, compile
	$(PYTHON_IN) tools/messages.py extract
	$(PYTHON_IN) tools/messages.py hant
	$(PYTHON_IN) tools/messages.py compile

lock: $(DONE)/dev install ## write all locks anew: requirements/*.txt and package-lock.json
	tools/lock.sh
	tools/lock_pages.sh

check:
	@tools/check_machine.sh

$(DONE)/venv: | check
	@[ -x $(PYTHON_IN) ] || "$$(tools/check_machine.sh python)" -m venv $(VENV)
	@mkdir -p $(DONE) && touch $@

$(DONE)/core: requirements/core.txt | $(DONE)/venv
	@echo "installing the locked packages"
	@$(PIP) -r requirements/core.txt
	@touch $@

$(DONE)/test: requirements/test.txt package-lock.json | $(DONE)/core
	@echo "installing what the tests need"
	@$(PIP) -r requirements/test.txt
	@$(HAVE_NODE)
	@$(NPM) ci --ignore-scripts --silent --no-audit --no-fund
	@touch $@

$(DONE)/dev: requirements/dev.txt | $(DONE)/test
	@$(PIP) -r requirements/dev.txt
	@touch $@

$(DONE)/package: pyproject.toml requirements/core.in requirements/build.txt | $(DONE)/core
	@$(PIP) -r requirements/build.txt
	@$(PYTHON_IN) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@$(UNINSTALL) -r requirements/build.txt
	@touch $@

# npm writes this file when it is done. Where it is missing (see install), that alone builds nothing anew.
.SECONDARY: $(MODULES)
$(MODULES): package-lock.json | $(DONE)/core
	@$(HAVE_NODE)
	@echo "fetching what the pages are built with"
	@$(NPM) ci --omit=dev --ignore-scripts --silent --no-audit --no-fund
	@touch $@

$(ASSETS): $(PAGE_SOURCES) | $(MODULES)
	@echo "building the pages"
	@$(NPM) run --silent build
	@$(PYTHON_IN) -m whitenoise.compress --quiet gewu/web/static/assets
	@touch $@

# Documents are set with one font, which comes as a package; only the two weights used are taken into the program.
$(FONTS): gewu/core/documents/fonts/%: | $(MODULES)
	@mkdir -p $(@D) && cp node_modules/@expo-google-fonts/noto-sans-sc/*/$* $@

$(DONE)/messages: tools/messages.py $(TRANSLATIONS) | $(DONE)/core
	@$(PYTHON_IN) tools/messages.py compile
	@touch $@
