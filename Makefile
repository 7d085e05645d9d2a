# `make` lists what there is. Needs Python 3.11 or newer, pip and make; everything else goes into .venv,
# once: the files .venv/ready-* say for what it is ready, and only a change of what is required undoes that.

VENV := .venv
PY := $(VENV)/bin/python
# The lock is written for all Pythons at once; a pin taken out by hand sends pip searching for half an hour:
#   uv pip compile --universal --python-version 3.11.0 --all-extras --no-header --no-annotate \
#     --no-emit-index-url pyproject.toml -o constraints.txt
REQUIRED := pyproject.toml constraints.txt .ci/set_up.sh

# As many tests at a time as there are processors.
TOGETHER := -q -n auto --dist worksteal

FILE ?= scenarios/parler_2021.yaml
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run explore test test-slow test-browser check bench figures docs clean

help:  ## list what there is
	@echo "hostfall: a platform that lives on other people's services, and the day one of them stops serving it"
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-18s %s\n", $$1, $$2}'
	@echo
	@echo "  options go into ARGS:  make run ARGS=\"--replications 5000 --workers 2\""

run: $(VENV)/ready-run  ## set up once, then run FILE (scenarios/parler_2021.yaml)
	@$(PY) run_scenario.py $(FILE) $(ARGS)

test: $(VENV)/ready-test  ## set up once, then run the tests
	@$(PY) -m pytest $(TOGETHER) $(ARGS)

test-slow: $(VENV)/ready-test  ## the long tests, which `make test` leaves out
	@$(PY) -m pytest $(TOGETHER) -m slow $(ARGS)

test-browser: $(VENV)/ready-browser  ## the explorer and an exported page in a headless Chromium (needs one, or fetches it)
	@$(PY) -m pytest -q -m slow tests/integration/test_explorer_browser.py tests/integration/test_explorer_page.py \
	    tests/integration/test_export_page.py $(ARGS)

explore: $(VENV)/ready-web  ## move the inputs on a page of your own machine and watch what follows
	@$(PY) run_scenario.py explore $(FILE) $(ARGS)

check: $(VENV)/ready-dev  ## lint, types, import layers
	@$(PY) -m ruff check .
	@$(PY) $(VENV)/bin/lint-imports
	@$(PY) -m mypy

bench: $(VENV)/ready-test  ## how fast, as ratios that must hold
	@$(PY) -m benchmarks

docs: $(VENV)/ready-docs  ## the documents as a site, docs/_build/html/index.html, notebooks run
	@$(PY) -m sphinx -W --keep-going -q docs docs/_build/html
	@echo "$(CURDIR)/docs/_build/html/index.html"

figures: $(VENV)/ready-run  ## make again what README and docs take from the program: numbers, picture, fields
	@$(PY) docs/readme.py
	@$(PY) docs/cases.py
	@$(PY) docs/language.py
	@$(PY) docs/verification.py
	@$(PY) run_scenario.py schema --output docs/scenario.schema.json

clean:  ## remove the set-up and caches; results stay
	rm -rf $(VENV) docs/_build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/ready-run: $(REQUIRED)
	@sh .ci/set_up.sh
	@touch $@

$(VENV)/ready-web: $(REQUIRED)
	@sh .ci/set_up.sh web
	@touch $(VENV)/ready-run $@

# A Chromium of the system will do; without one, playwright looks for its own.
$(VENV)/ready-browser: $(VENV)/ready-test
	@sh .ci/set_up.sh browser
	@$(PY) -c "import sys; from tests.explorer_page import chromium; sys.exit(not chromium())" \
	    || $(PY) -m playwright install chromium
	@touch $@

$(VENV)/ready-docs: $(REQUIRED)
	@sh .ci/set_up.sh docs
	@touch $(VENV)/ready-run $@

$(VENV)/ready-test: $(REQUIRED)
	@sh .ci/set_up.sh test
	@touch $(VENV)/ready-run $(VENV)/ready-web $(VENV)/ready-docs $@

$(VENV)/ready-dev: $(REQUIRED)
	@sh .ci/set_up.sh dev
	@touch $(VENV)/ready-run $(VENV)/ready-web $(VENV)/ready-docs $(VENV)/ready-test $@
